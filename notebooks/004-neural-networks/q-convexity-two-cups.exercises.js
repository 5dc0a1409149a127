const near = (a, b) => Math.abs(a - b) < 1e-6;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'largest-mixed': {
    isRight: (b) => near(Math.abs(b), 2),
    praise: 'ac − b² is the product of least and largest bend: at b = 2 the least one is 0.',
    mistakes: [
      [(b) => near(b, 4), 'That is ac. The square of b may be as large as that.'],
      [(b) => near(b, 2.5), 'The mean of the two cups. At b = 2.5 the product ac − b² is negative already.'],
      [(b) => near(b, 1), 'As large as the smaller cup is enough where both are equal. Here the other one helps.'],
    ],
    otherwise: 'Both eigenvalues are positive while ac − b² is.',
    tried: { right: [2, -2], wrong: [4, 2.5, 1, 3] },
  },
  'bowl-on-a-slope': {
    isRight: (w) => w.length === 2 && w[0] * w[1] >= 1 / 3 && w[0] * w[1] <= 1 && (w[0] * w[1] - 1) ** 2 > 0.2,
    praise: 'A bowl in its bend, and a slope all the same: its bottom is elsewhere.',
    mistakes: [
      [(w) => w.length !== 2, 'A place has two numbers, [w1, w2].'],
      [([a, b]) => (a * b - 1) ** 2 <= 0.2, 'The loss is not above 0.2 there: the product is too near to 1.'],
      [([a, b]) => a * b > 1, 'Beyond 1 some cut bends down again.'],
    ],
    otherwise: 'Some cut bends down there. The product has to be ⅓ at least.',
    tried: {
      right: [
        [0.6, 0.7],
        [2, 0.25],
      ],
      wrong: [
        [1, 1, 1],
        [1, 1],
        [2, 1],
        [0.5, 0.5],
      ],
    },
  },
};
