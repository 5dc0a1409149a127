const letter = (line) => String(line).trim().toLowerCase();

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  mirror: {
    isRight: (line) => letter(line) === 'b',
    praise: 'The diagonal is mirrored: each kind becomes the other.',
    mistakes: [
      [(line) => letter(line) === 'a', 'That changes the sign of both sums of a wheel, and they are squared.'],
      [(line) => letter(line) === 'c', 'All of the picture gets brighter, and the diagonal stays where it is.'],
    ],
    otherwise: 'One letter, a to c.',
    tried: { right: ['b', ' B'], wrong: ['a', 'c', 'd'] },
  },
  window: {
    isRight: (samples) => samples === 32,
    praise: 'Between what the window blurs and how far the pitch moves meanwhile.',
    mistakes: [
      [
        (samples) => samples === 128,
        'Its pitch would be the sharpest, if the pitch stood still. It runs through all of it meanwhile.',
      ],
      [(samples) => samples === 64, 'In 64 samples the pitch moves by 0.2: the line gets broad.'],
      [(samples) => samples === 8 || samples === 16, 'So short a window hardly tells one pitch from the next.'],
    ],
    otherwise: 'One of 8, 16, 32, 64 and 128. Where are 2/w and 0.4 w/128 about equal?',
    tried: { right: [32], wrong: [128, 64, 8, 16, 25] },
  },
};
