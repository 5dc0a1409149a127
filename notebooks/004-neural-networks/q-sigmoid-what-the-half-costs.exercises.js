const near = (a, b) => Math.abs(a - b) < 1e-3;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'minus-its-mean': {
    isRight: (offset) => near(offset, 1 / Math.sqrt(2 * Math.PI)),
    praise: 'That is 1/√(2π), the height of the normal density at 0.',
    mistakes: [
      [(offset) => near(offset, 0.5), 'That is the mean of its square, and the sigmoid of 0.'],
      [(offset) => near(offset, -1 / Math.sqrt(2 * Math.PI)), 'The sign: it is taken away.'],
      [
        (offset) => near(offset, Math.sqrt(2 / Math.PI)),
        'That is the mean of |z|: both halves of the normal density. ReLU passes one.',
      ],
    ],
    otherwise: 'The integral of z times the normal density, from 0 on, is the height of that density at 0.',
    tried: { right: [0.399, 0.3989], wrong: [0.5, -0.3989, 0.7979, 1] },
  },
  'another-bias': {
    isRight: (bias) => near(bias, -1.2),
    praise: 'The push is 0.4 times the sum of the weights.',
    mistakes: [
      [(bias) => near(bias, 1.2), 'The sign: the bias must take the push back.'],
      [(bias) => near(bias, -1.5), 'That is for σ units, whose outputs are ½ on average. These are 0.4.'],
    ],
    otherwise: 'Each weight brings 0.4 times itself, whatever the sample.',
    tried: { right: [-1.2], wrong: [1.2, -1.5, 0] },
  },
};
