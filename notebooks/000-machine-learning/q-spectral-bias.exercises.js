const near = (a, b) => Math.abs(a - b) <= 0.01 * b;
const same = (given, wanted) => given.length === wanted.length && given.every((v, i) => v === wanted[i]);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'two-weights': {
    isRight: (ratio) => near(ratio, 1),
    praise: 'Each wave has a weight of its own, and the two movements are equally large.',
    mistakes: [
      [(ratio) => near(ratio, 8), 'sin 8x swings eight times as often, but its mean square is that of sin x.'],
      [(ratio) => near(ratio, 64), 'No slope by x is in it: the movement of b is sin 8x, not its slope.'],
      [(ratio) => ratio > 50, 'That is a net, whose weights share all waves. Here each wave has one.'],
    ],
    otherwise: 'Take the mean of sin kx times the movement of its weight, for k = 1 and k = 8.',
    tried: { right: [1], wrong: [8, 64, 127, 0] },
  },
  'three-waves': {
    isRight: (order) => same(order, [1, 4, 8]),
    praise: 'The slow one first, though it is the lowest.',
    mistakes: [
      [(order) => same(order, [8, 4, 1]), 'The fast one is the highest; but it has further to come.'],
      [(order) => new Set(order).size !== 3, 'Three numbers: 1, 4 and 8 in some order.'],
    ],
    otherwise: 'Which came last in the first figure, the slow one or the fast?',
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
