const near = (a, b, share) => Number.isFinite(a) && Math.abs(a - b) < share * b;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'factor-per-layer': {
    isRight: (factor) => near(factor, 0.131, 0.06),
    praise:
      'The sixth root: six layers lie between two and eight. It is about half the slope of ¼, as weights of size ½ say.',
    mistakes: [
      [(factor) => near(factor, 5e-6, 0.1), 'That is what six layers do together. And one of them?'],
      [(factor) => near(factor, 0.2172, 0.03), 'From two layers to eight there are six more, not eight.'],
      [(factor) => near(factor, 7.6, 0.1), 'The other way round: the number gets smaller.'],
    ],
    otherwise: 'Six equal factors make 10⁻⁹ of 2 · 10⁻⁴.',
    tried: { right: [0.131, 0.125], wrong: [5e-6, 0.2172, 7.6, 0.5] },
  },
  'past-the-layer': {
    isRight: (left) => near(left, 0.8 ** 8, 0.02),
    praise: 'Each passes 1 − 0.2 = 0.8. Without shortcuts 0.2 to the power of 8 would be left, three in a million.',
    mistakes: [
      [(left) => near(left, 0.2 ** 8, 0.02), 'That is without shortcuts. With them it is 1 + f′ in each layer.'],
      [(left) => near(left, 1.2 ** 8, 0.02), 'The slope is −0.2.'],
      [(left) => near(left, 0.8, 0.02), 'That is one layer.'],
    ],
    otherwise: '1 + f′ in each layer, eight times.',
    tried: { right: [0.8 ** 8, 0.168], wrong: [0.2 ** 8, 1.2 ** 8, 0.8, 1] },
  },
};
