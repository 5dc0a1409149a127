const near = (value, right) => Math.abs(value - right) < 1e-9;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'soft-threshold': {
    isRight: ([first, second]) => near(first, 0.5) && near(second, 0),
    praise: 'The first gives up 0.3; the second has less than 0.3 to give, and stops at zero.',
    mistakes: [
      [([, second]) => near(second, 0.1), '−0.2 + 0.3 = 0.1 is on the other side: it may not cross zero.'],
      [([, second]) => near(second, -0.5), 'The penalty pulls towards zero, from both sides.'],
      [([first]) => near(first, 0.8), 'A large weight gives up λ as well.'],
      [([first]) => near(first, 0.8 / 1.3), 'That is ridge: it divides. Lasso subtracts.'],
    ],
    otherwise: 'Move towards zero by λ, and no further than zero.',
    tried: {
      right: [[0.5, 0]],
      wrong: [
        [0.5, 0.1],
        [0.5, -0.5],
        [0.8, 0],
        [0.8 / 1.3, -0.2 / 1.3],
        [1, 1],
      ],
    },
  },
  'both-gone': {
    isRight: (lambda) => near(lambda, 1.8),
    praise: 'The larger one is the last to go.',
    mistakes: [
      [(lambda) => near(lambda, 0.3), 'There the smaller one goes; the other still has 1.5.'],
      [(lambda) => near(lambda, 2.1), 'Each gives up λ by itself; they do not share the price.'],
      [
        (lambda) => near(lambda, Math.hypot(1.8, 0.3)),
        'The distance of the goal would count for a disc, not for a diamond.',
      ],
    ],
    otherwise: 'Each weight is gone when λ is as large as its goal.',
    tried: { right: [1.8], wrong: [0.3, 2.1, Math.hypot(1.8, 0.3), 1] },
  },
};
