const squash = (x) => 1 / (1 + Math.exp(-x));

/** The average over z from N(0, 1), by a plain sum. */
function mean(f) {
  let sum = 0;
  for (let z = -8; z <= 8; z += 0.01) sum += 0.01 * f(z) * Math.exp((-z * z) / 2);
  return sum / Math.sqrt(2 * Math.PI);
}

/** What eight layers of sigmoids leave of a gradient. */
function left(gain) {
  let [signal, gradient] = [1, 1];
  for (let layer = 0; layer < 8; layer++) {
    const size = gain * signal;
    gradient *= gain * Math.sqrt(mean((z) => (squash(size * z) * (1 - squash(size * z))) ** 2));
    signal = Math.sqrt(mean((z) => squash(size * z) ** 2));
  }
  return gradient;
}

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'nothing-lost': {
    isRight: (gain) => gain > 0 && Math.abs(left(gain) - 1) < 0.1,
    praise: 'Weights ten times the usual: the slope ¼ alone would ask for four.',
    mistakes: [
      [
        (gain) => Math.abs(gain - 4) < 0.3,
        'Four times a quarter is one, but only a few inputs are near 0, where the slope is ¼. A fiftieth is left.',
      ],
      [(gain) => gain > 0 && gain < 12 && left(gain) < 1, 'Too small: part of the gradient is lost.'],
      [(gain) => gain > 0 && left(gain) > 1, 'Too large: the gradient grows.'],
    ],
    otherwise: 'Give a number above 0.',
    tried: { right: [10.6, 10.5], wrong: [4, 1, 8, 16, -1] },
  },
  leak: {
    isRight: (gain) => Math.abs(gain - Math.sqrt(1.6)) < 0.006,
    praise: 'Positive inputs pass ½ of the mean square, negative ones ½ · ¼.',
    mistakes: [
      [
        (gain) => Math.abs(gain - Math.SQRT2) < 0.01,
        'That is for the ReLU without a leak. The leak passes something, too.',
      ],
      [
        (gain) => Math.abs(gain - Math.sqrt(4 / 3)) < 0.01,
        'Squares count: negative inputs pass (½)² of their square, and not ½.',
      ],
      [(gain) => Math.abs(gain - 1.6) < 0.01, 'That is g². Take its root.'],
    ],
    otherwise: 'g² times what passes of the square must be 1.',
    tried: { right: [1.265, 1.26], wrong: [Math.SQRT2, Math.sqrt(4 / 3), 1.6, 1] },
  },
};
