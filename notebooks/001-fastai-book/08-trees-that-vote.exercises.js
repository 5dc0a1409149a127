const isPair = (pair, [first, second]) =>
  Array.isArray(pair) && pair.length === 2 && Math.abs(pair[0] - first) < 0.006 && Math.abs(pair[1] - second) < 0.006;
const near = (value, expected) => Math.abs(value - expected) < 0.51;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'chess-board': {
    isRight: (pair) => isPair(pair, [0, 1]),
    praise:
      'The first cut helps nothing, and without it nobody gets to the second. A tree that looks one cut ahead is blind here.',
    mistakes: [
      [
        (pair) => isPair(pair, [0.5, 1]),
        'On either side of the middle there are as many ones as noughts. What is the mean there?',
      ],
      [
        (pair) => isPair(pair, [0, 0]),
        'The first cut is right. But look at each half again: one more cut parts it cleanly.',
      ],
      [(pair) => isPair(pair, [0.25, 0.25]), 'That is the variance itself. Asked is the share of it that goes away.'],
      [
        (pair) => isPair(pair, [1, 0]),
        'These are the shares in the wrong order, or what is left instead of what goes away.',
      ],
    ],
    otherwise: 'Two shares from 0 to 1. Draw the four squares, cut, and take the mean on either side.',
    tried: {
      right: [
        [0, 1],
        [0.0, 1.0],
      ],
      wrong: [[0.5, 1], [0, 0], [0.25, 0.25], [1, 0], [0.3, 0.2], [1]],
    },
  },
  'how-many': {
    isRight: (trees) => near(trees, 15),
    praise: 'The limit is 8; at 15 trees the law gives 8 + 12/15 = 8.8.',
    mistakes: [
      [
        (trees) => near(trees, 25),
        'You compared the whole σ²/B with a tenth of the limit. Only the share 1 − ρ of it is averaged away.',
      ],
      [(trees) => near(trees, 6), 'A tenth of σ² is 2; a tenth of the *limit* ρσ² is less.'],
      [(trees) => near(trees, 150), 'That is one per cent above the limit.'],
      [(trees) => near(trees, 100), 'With 100 trees it is 8.12, far closer than asked.'],
    ],
    otherwise: 'Set ρσ² + (1 − ρ)σ²/B equal to 1.1 ρσ² and solve for B.',
    tried: { right: [15, 15.2], wrong: [25, 6, 150, 100, 3] },
  },
};
