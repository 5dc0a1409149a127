/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  period: {
    isRight: (steps) => steps === 6,
    praise: 'Six: e goes 1, 0, −1, −1, 0, 1, 1. It neither fades nor grows.',
    mistakes: [
      [(steps) => steps === 3, 'After three steps it is as far out, but on the other side.'],
      [(steps) => steps === 5, 'At step 5 e is 1, but v is −1.'],
      [(steps) => steps === 4, 'Four steps are the period for ηλ = 2. Here ηλ = 1.'],
      [(steps) => steps === 2, 'After two steps it is at −1, as far out on the other side.'],
    ],
    otherwise: 'A whole number of steps: go on by hand until e is 1 and v is 0 again.',
    tried: { right: [6], wrong: [3, 4, 5, 2, 12] },
  },
  'every-tenth': {
    isRight: (distance) => distance === 55,
    praise: '1 + 2 + … + 10. With momentum 0.9 it would be 41, with the line 10.',
    mistakes: [
      [
        (distance) => distance === 10,
        'That is the loop that clears at every step. Here the second step has the first one in it.',
      ],
      [(distance) => distance === 45, 'That is 1 + 2 + … + 9. The tenth step is 10.'],
      [(distance) => distance === 100, 'That would be ten steps of ten. The first one is 1.'],
      [(distance) => distance === -55, 'How far, not which way: 55.'],
    ],
    otherwise: 'The k-th step is k times η. Add the ten of them.',
    tried: { right: [55], wrong: [10, 45, 100, 50, -55] },
  },
};
