const near = (a, b, tolerance = 1e-9) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'taken-off': {
    isRight: (number) => near(number, 2),
    praise: 'The mean. The sum of the curvatures is least there, and their product stays.',
    mistakes: [
      [
        (number) => near(number, 1),
        'The median. It leaves the days with a mean of 1, because of the one at 8; the bowl feels means.',
      ],
      [(number) => near(number, 4), 'The middle between the ends. It leaves a mean of −2.'],
      [(number) => near(number, 0), 'That takes nothing off.'],
    ],
    otherwise: 'The curvatures’ sum is mean (x − c)² + 1. For which c is it least?',
    tried: { right: [2], wrong: [1, 4, 0, 3] },
  },
  'two-units': {
    isRight: (ratio) => near(ratio, 1e6, 1e-6),
    praise: 'Curvatures 10⁶, 1 and 1: units count by their square.',
    mistakes: [
      [(ratio) => near(ratio, 1000), 'That is the ratio of the spreads. Curvatures are mean squares.'],
      [
        (ratio) => near(ratio, 1),
        'With equal units it would be. A millimetre is counted a thousand times where a metre is once.',
      ],
    ],
    otherwise: 'H is diagonal here: the two mean squares, and 1 for the intercept.',
    tried: { right: [1e6], wrong: [1000, 1, 2000] },
  },
};
