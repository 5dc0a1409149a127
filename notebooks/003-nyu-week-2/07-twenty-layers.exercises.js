const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'right-size': {
    isRight: (sd) => near(sd, 1 / 16, 1e-6),
    praise: '256 · (1/16)² = 1.',
    mistakes: [
      [(sd) => near(sd, 1 / 256, 1e-6), 'That is the variance; its root is asked for.'],
      [(sd) => near(sd, 1 / 8, 1e-6), 'That is for the 64 inputs of the first figure.'],
      [(sd) => near(sd, Math.SQRT2 / 16, 1e-3), 'With √2 it is right before a ReLU. Here nothing is switched off.'],
      [(sd) => near(sd, 16, 1e-6), 'That is how much too wide the sum is with weights of 1.'],
    ],
    otherwise: 'The variance of the sum is 256 times the square of it.',
    tried: { right: [1 / 16, 0.0625], wrong: [1 / 256, 1 / 8, 0.0884, 16, 1] },
  },
  'layers-left': {
    isRight: (layers) => near(layers, 90, 0.01),
    praise: 'A twentieth too small, and the hundredth layer hears next to nothing.',
    mistakes: [
      [
        (layers) => near(layers, 89.8, 0.15) || near(layers, 89, 0.01),
        'Layers are whole, and after 89 there is 1.04 %.',
      ],
      [(layers) => near(layers, 20, 0.01), 'That would be so if each took a twentieth of the first signal.'],
      [(layers) => near(layers, 45, 0.5), 'The variance is down to 1 % there, the signal to a tenth.'],
    ],
    otherwise: 'Multiply: 0.95, 0.9025, … Or divide two logarithms.',
    tried: { right: [90], wrong: [89.8, 89, 20, 45, 19] },
  },
};
