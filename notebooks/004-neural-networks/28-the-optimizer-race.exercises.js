const near = (a, b, by) => Math.abs(a - b) <= by;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'best-rate': {
    isRight: (rate) => near(rate, 2 / 51, 2e-4),
    praise: 'Both distances shrink by 49/51 in each step; any other rate leaves one of them longer.',
    mistakes: [
      [
        (rate) => near(rate, 1 / 50, 2e-4),
        'That ends the steep distance in one step; the gentle one shrinks by 2 % a step.',
      ],
      [
        (rate) => near(rate, 2 / 50, 1e-4),
        'That is the cliff: the steep distance is thrown from side to side and stays as long.',
      ],
      [
        (rate) => near(rate, 1, 1e-3),
        'That suits the gentle direction alone; across, each step is 49 times the distance.',
      ],
    ],
    otherwise: 'Write down by what one step multiplies each distance, and make the two sizes equal.',
    tried: { right: [2 / 51, 0.0392], wrong: [1 / 50, 0.04, 1, 0.0316] },
  },
  cell: {
    isRight: (steps) => steps === 19,
    praise: 'The middle of 18 and 20. Up to three of eight starts may fail, and no cell shows it.',
    mistakes: [
      [(steps) => steps === 15, 'That is the middle of the five that arrive; the other three count as slowest.'],
      [(steps) => near(steps, 15.8, 0.01), 'That is the mean of the five that arrive.'],
      [(steps) => steps === Infinity, 'With a mean it would be so. A median looks at the middle alone.'],
      [(steps) => steps === 18 || steps === 20, 'Of eight there are two in the middle: take their mean.'],
    ],
    otherwise: 'Put 12, 14, 15, 18, 20 and three times ∞ in order, and look at the fourth and the fifth.',
    tried: { right: [19], wrong: [15, 15.8, Infinity, 18, 20, 12] },
  },
};
