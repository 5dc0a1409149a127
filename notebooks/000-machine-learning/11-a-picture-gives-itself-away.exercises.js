const near = (a, b, share = 0.01) => Math.abs(a - b) <= share * b;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'ninety-nine': {
    isRight: (d) => near(d, 2165),
    praise: 'A picture of 47 by 47 pixels is enough.',
    mistakes: [
      [(d) => near(d, 46.5, 0.02), 'That is the root of d; square it.'],
      [(d) => near(d, 541), 'The line stands half-way: it is half of δ√d that must be 2.326.'],
      [(d) => near(d, 23.26, 0.02), 'Two things are missing: the half, and the square.'],
    ],
    otherwise: 'Solve ½ · 0.1 · √d = 2.326 for d.',
    tried: { right: [2165, 2164.1], wrong: [46.5, 541, 23.3, 99] },
  },
  forest: {
    isRight: ([endless, twenty]) => near(endless, 5) && near(twenty, 1 / 0.24),
    praise: 'Five, and more than four of them with the first twenty trees.',
    mistakes: [
      [(worth) => worth.length !== 2, 'Two numbers: for endlessly many trees, and for 20.'],
      [
        ([endless]) => near(endless, 0.2),
        'That is the variance that stays. Of how many independent trees is it the variance?',
      ],
      [
        ([endless, twenty]) => near(endless, 5) && near(twenty, 4),
        'A fifth of 20 is not it: the variance of the mean is 0.2 + 0.8/20.',
      ],
      [
        ([endless, twenty]) => near(endless, 5) && near(twenty, 0.24),
        'That is the variance of the mean of 20. Of how many independent trees is it the variance?',
      ],
      [([endless]) => endless === Number.POSITIVE_INFINITY, 'What they share does not cancel: there is an end.'],
    ],
    otherwise: 'The variance of the mean is 0.2 + 0.8/n. Of how many independent trees is it the variance?',
    tried: {
      right: [
        [5, 4.17],
        [5, 1 / 0.24],
      ],
      wrong: [[0.2, 0.24], [5, 4], [5, 0.24], [Number.POSITIVE_INFINITY, 20], [20, 5], [5]],
    },
  },
};
