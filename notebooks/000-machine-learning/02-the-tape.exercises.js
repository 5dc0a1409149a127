const same = (given, wanted) => given.length === wanted.length && given.every((v, i) => Math.abs(v - wanted[i]) < 1e-9);

const letter = (order) => String(order).trim().toLowerCase();

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'by-hand': {
    isRight: (g) => same(g, [1, 2, 2, 7]),
    praise: 'Two roads lead to a: 5 straight from the product, 2 by way of the sum.',
    mistakes: [
      [(g) => g.length !== 4, 'Four numbers, for y, v, b and a.'],
      [(g) => same(g, [1, 2, 2, 5]), 'To a there is a second road, through the sum.'],
      [(g) => same(g, [1, 2, 2, 2]), 'That is what reaches a through the sum; it is a factor of the product, too.'],
      [(g) => g[1] === 5, 'A product swaps: v receives the other factor.'],
      [(g) => g[0] !== 1, 'Moving y moves y by as much.'],
    ],
    otherwise: 'From the right: y, then v through the product, then b through the sum, and a by both roads.',
    tried: {
      right: [[1, 2, 2, 7]],
      wrong: [
        [1, 2],
        [1, 2, 2, 5],
        [1, 2, 2, 2],
        [1, 5, 5, 7],
        [10, 2, 2, 7],
        [1, 2, 3, 7],
      ],
    },
  },
  'which-order': {
    isRight: (order) => letter(order) === 'd',
    praise: 'Only there does backward find the sum of all earlier rounds.',
    mistakes: [
      [(order) => ['a', 'b'].includes(letter(order)), 'There grad is empty whenever backward begins.'],
      [
        (order) => letter(order) === 'c',
        'There grad is empty when backward begins; and when the step comes, alas, as well.',
      ],
    ],
    otherwise: 'One letter, a to d.',
    tried: { right: ['d', 'D'], wrong: ['a', 'b', 'c', 'x'] },
  },
};
