/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'what-it-costs': {
    isRight: (epochs) => epochs === 81,
    praise: 'Each rung costs 27, 18, 18, 18: as much as three trainings to the end.',
    mistakes: [
      [(epochs) => epochs === 108, 'That is what it costs when each run begins anew: 27 for each of four rungs.'],
      [(epochs) => epochs === 40, 'That is how many runs there are.'],
      [(epochs) => epochs === 729, 'That is what it costs to train all 27 to the end.'],
    ],
    otherwise: 'Nine go from 1 to 3: that is 2 each. And then?',
    tried: { right: [81], wrong: [108, 40, 729, 100] },
  },
  'second-bracket': {
    isRight: (beginners) => beginners === 22,
    praise: '⌈4 · 16/3⌉: rounded once, up, at the end.',
    mistakes: [
      [
        (beginners) => beginners === 16,
        'That is ⌊4/3⌋ · 16: rounded down before it is multiplied, as in the other table.',
      ],
      [(beginners) => beginners === 21, 'Nearly: 21⅓ is rounded up.'],
    ],
    otherwise: 'Put 4 for s_max + 1, 4 for η and 2 for s into the formula of section 4.',
    tried: { right: [22], wrong: [16, 21, 32] },
  },
};
