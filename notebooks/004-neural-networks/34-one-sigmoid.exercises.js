const near = (a, b, by) => Math.abs(a - b) <= by;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'no-loss': {
    isRight: (factor) => near(factor, 3.68, 0.12),
    praise: 'One over 0.27: as much as σ takes, a gives back.',
    mistakes: [
      [(factor) => near(factor, 0.27, 0.02), 'That is what σ leaves. By what do you multiply, so that all is left?'],
      [(factor) => near(factor, 4, 0.05), 'σ’s slope is ¼ at 0 alone, and a ReLU’s slopes are not all 1.'],
      [(factor) => near(factor, 2.83, 0.05), 'That suits small inputs, near 0. With He’s weights inputs have size √2.'],
    ],
    otherwise: 'The figure of section 1 tells what is left with He’s weights. What undoes it?',
    tried: { right: [3.7, 1 / 0.27], wrong: [0.27, 4, 2.83, 1] },
  },
  'bring-back': {
    isRight: (factor) => near(factor, Math.SQRT2 ** -7, 0.004),
    praise: 'Seven times √2 and this make 1: signal and gradient keep their size from the bottom to the top.',
    mistakes: [
      [(factor) => near(factor, Math.SQRT1_2, 0.01), 'That undoes one layer of seven.'],
      [(factor) => near(factor, 2 ** -7, 0.001), 'Each layer has √2 too much, not 2.'],
      [(factor) => near(factor, Math.SQRT2 ** 7, 0.1), 'That is by how much they are too large.'],
    ],
    otherwise: 'Seven layers multiply by √2 each.',
    tried: { right: [0.0884, Math.SQRT2 ** -7], wrong: [Math.SQRT1_2, 2 ** -7, Math.SQRT2 ** 7, 0.25] },
  },
};
