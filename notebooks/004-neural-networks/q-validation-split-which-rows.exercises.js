const near = (a, b, by) => Math.abs(a - b) <= by;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'twelve-large': {
    isRight: (share) => Math.floor(120 * (1 - share)) === 92,
    praise: 'The test then has 28 rows, all of them large, and says nothing of the other two sizes.',
    mistakes: [
      [(share) => !(share > 0 && share < 1), 'A share lies between 0 and 1.'],
      [(share) => near(share, 0.1, 1e-9), 'That holds out twelve large ones, and trains with 28.'],
      [(share) => near(share, 0.3, 0.005), 'That holds out 36 rows: four large ones are left.'],
      [(share) => share >= 1 / 3 - 0.005, 'With a third or more held out, no large fish is trained with.'],
      [(share) => share > 28 / 120, 'A little too much: fewer than twelve large ones are left.'],
    ],
    otherwise:
      'Too little: more than twelve large ones are left. 80 smaller fish and twelve large ones are 92 rows of 120.',
    tried: { right: [0.23, 28 / 120 - 1e-6, 0.226], wrong: [0, 1.5, 0.1, 0.3, 0.33, 0.5, 0.24, 0.2] },
  },
  'no-relatives': {
    isRight: (chance) => near(chance, 0.0038, 0.0003),
    praise:
      'One picture in 256, and a little fewer, since each that is held out leaves fewer places. All others have a relative in training.',
    mistakes: [
      [
        (chance) => near(chance, 0.316, 0.01),
        'That is ¾ four times over: the chance that all four others are trained with.',
      ],
      [
        (chance) => near(chance, 0.996, 0.002),
        'That is the chance that at least one of them is trained with. The other one is asked for.',
      ],
      [(chance) => near(chance, 0.25, 1e-9), 'That is the chance for one of the four others.'],
      [(chance) => near(chance, 0.25 ** 5, 2e-4), 'Four others, not five: the one that you drew is held out already.'],
      [(chance) => near(chance, 0.25 ** 3, 1e-3), 'Five pictures: four others, not three.'],
    ],
    otherwise: 'Each of the four others is held out with a chance of about a quarter, and all four must be: multiply.',
    tried: { right: [0.25 ** 4, 0.0038], wrong: [0.316, 0.996, 0.25, 0.25 ** 5, 0.25 ** 3, 0.5] },
  },
};
