const near = (a, b, by = 1e-3) => Math.abs(a - b) < by;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'dead-in-one': {
    isRight: (alpha) => near(alpha, 5),
    praise: 'ηα is ½ there, and the factor 0.',
    mistakes: [
      [
        (alpha) => near(alpha, 10),
        'Then ηα = 1, and the factor is −1: the weight flips for ever. The penalty has a square, its slope a 2.',
      ],
      [(alpha) => near(alpha, 0.5), 'That is ηα. Here η is 0.1.'],
      [(alpha) => near(alpha, 0.05), 'That is η/2. The product of η and α is to be ½.'],
    ],
    otherwise: 'Set the factor 1 − 2ηα to 0.',
    tried: { right: [5], wrong: [10, 0.5, 0.05, 1] },
  },
  'spread-of-dropped': {
    isRight: (deviation) => near(deviation, 5),
    praise: 'So between 45 and 55 in two draws of three.',
    mistakes: [
      [(deviation) => near(deviation, 25), 'That is the variance. The standard deviation is its root.'],
      [(deviation) => near(deviation, 50), 'That is the mean, and half of 100. How far from it are single draws?'],
      [
        (deviation) => near(deviation, 0.5),
        'That is for one coin. For a hundred the variances add up, not the deviations.',
      ],
      [
        (deviation) => near(deviation, 0),
        'Each input is thrown on its own: the number does vary. Look at the histogram.',
      ],
      [(deviation) => near(deviation, 10), 'That is the root of 100. Each coin has the variance ¼.'],
    ],
    otherwise: 'The root of 100 · p (1 − p).',
    tried: { right: [5], wrong: [25, 50, 0.5, 0, 10, 7] },
  },
};
