const same = (given, wanted) => given.length === wanted.length && given.every((v, i) => Math.abs(v - wanted[i]) < 1e-9);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'gradients-by-hand': {
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
  division: {
    isRight: (factors) => same(factors(3, 2), [0.5, -0.75]) && same(factors(-1, 4), [0.25, 0.0625]),
    praise: 'With this line your tape divides.',
    mistakes: [
      [(factors) => factors(3, 2).length !== 2, 'Two numbers: the factor for p, then the factor for q.'],
      [(factors) => same(factors(3, 2), [0.5, 0.75]), 'More of q makes the quotient smaller: a sign is missing.'],
      [(factors) => same(factors(3, 2), [0.5, -0.25]), 'That is the slope of 1/q; the quotient is p times that.'],
      [(factors) => same(factors(3, 2), [-0.75, 0.5]), 'The two are the other way round: first p, then q.'],
      [(factors) => same(factors(3, 2), [2, 3]), 'Those are the factors of a product.'],
    ],
    otherwise: 'Think of p times 1/q: a product swaps, and 1/q has the slope −1/q².',
    probe: [3, 2],
    tried: {
      right: [(p, q) => [1 / q, -p / q ** 2]],
      wrong: [
        (p, q) => [p / q],
        (p, q) => [1 / q, p / q ** 2],
        (_, q) => [1 / q, -1 / q ** 2],
        (p, q) => [-p / q ** 2, 1 / q],
        (p, q) => [q, p],
        () => [1, 1],
      ],
    },
  },
};
