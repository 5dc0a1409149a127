/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'one-free-input': {
    isRight: (count) => count === 4,
    praise: 'The nine go together, up or down, and the tenth with them or against them.',
    mistakes: [
      [
        (count) => count === 2,
        'The tenth input may have the other sign than the nine: then its weight goes against them.',
      ],
      [(count) => count === 3, 'Up or down for the nine, with or against them for the tenth: multiply.'],
      [(count) => count === 1024, 'Nine of the inputs are positive in each row: their weights cannot part.'],
    ],
    otherwise: 'Which signs are free? Each of them doubles the count.',
    tried: { right: [4], wrong: [2, 3, 1024, 20] },
  },
  'twenty-weights': {
    isRight: (count) => count === 40,
    praise: 'Twenty lines through zero: 40 sectors, of more than a million patterns.',
    mistakes: [
      [(count) => count === 20, 'That is the count for ten weights. Each line cuts two sectors.'],
      [(count) => count === 4, 'Two rows with two signs each: but the sizes of the blames count as well.'],
      [(count) => count === 2 ** 20, 'For that it takes twenty rows.'],
      [(count) => count === 21, 'So many parts have 20 cuts of a line, not of a circle.'],
    ],
    otherwise:
      'Each weight has a line in the plane of the two blames. Into how many sectors do twenty lines through zero cut it?',
    tried: { right: [40], wrong: [20, 4, 1048576, 21, 100] },
  },
};
