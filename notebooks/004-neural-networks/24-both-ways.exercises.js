const near = (a, b) => Math.abs(a - b) < 0.01;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  horn: {
    isRight: (factor) => near(factor, 5),
    praise: 'The root of 250/10: the widths between cancel.',
    mistakes: [
      [(factor) => near(factor, 25), 'That is the factor of its square. Take the root.'],
      [(factor) => near(factor, 0.2), 'That is a funnel. Here a unit has more listeners than inputs.'],
      [
        (factor) => near(factor, 1),
        'The signal keeps its size with 2/in. The blame does not, unless both ends are equally wide.',
      ],
    ],
    otherwise: 'Each layer multiplies the square by out/in. Write the product down, and cancel.',
    tried: { right: [5], wrong: [25, 0.2, 1, 3] },
  },
  'leaky-numerator': {
    isRight: (top) => near(top, 1.6),
    praise: 'Five eighths of the squares pass, and 1.6 makes up for it.',
    mistakes: [
      [(top) => near(top, 2), 'That is for a ReLU without a leak. A little more passes here.'],
      [(top) => near(top, 0.625), 'So much passes. The weights have to make up for it.'],
      [(top) => near(top, 4 / 3), 'Squares count: of the other half (½)² passes, not ½.'],
      [(top) => near(top, 1.265), 'That is the root, for the spread. The variance is asked for.'],
    ],
    otherwise: 'One over the part of the squares that passes.',
    tried: { right: [1.6], wrong: [2, 0.625, 1.333, 1.265, 1] },
  },
};
