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
  rest: {
    isRight: ([x, y]) => near(x, 1 / 2, 1e-3) && near(y, 50 / 51, 1e-3),
    praise: 'Where slope and pull cancel. Steep directions give way less.',
    mistakes: [
      [([x, y]) => near(x, 1, 1e-3) && near(y, 1, 1e-3), 'There the slope is 0, and λw pulls on.'],
      [
        ([x, y]) => near(x, 1 / 2, 1e-3) && near(y, 1 / 2, 1e-3),
        'Across, the valley is 50 times as steep: there it gives way less.',
      ],
      [([x, y]) => near(x, 0, 1e-3) && near(y, 0, 1e-3), 'That is where λw alone would lead.'],
    ],
    otherwise: 'Set slope plus λw to 0, one weight at a time.',
    tried: {
      right: [[0.5, 50 / 51]],
      wrong: [
        [1, 1],
        [0.5, 0.5],
        [0, 0],
        [0.9, 0.99],
      ],
    },
  },
};
