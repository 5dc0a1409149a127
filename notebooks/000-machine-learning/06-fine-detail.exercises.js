const near = (a, b, share = 0.01) => Math.abs(a - b) <= share * b;
const same = (given, wanted) => given.length === wanted.length && given.every((v, i) => v === wanted[i]);

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
  'three-waves': {
    isRight: (order) => same(order, [1, 4, 8]),
    praise: 'The slow one first, though all are equally high.',
    mistakes: [
      [(order) => same(order, [8, 4, 1]), 'The fast one is steepest in x; but the net learns in its weights.'],
      [(order) => new Set(order).size !== 3, 'Three numbers: 1, 4 and 8 in some order.'],
    ],
    otherwise: 'What was learned last in the first figure, the slow or the fast?',
    tried: {
      right: [[1, 4, 8]],
      wrong: [
        [8, 4, 1],
        [1, 1, 1],
        [4, 1, 8],
      ],
    },
  },
};
