const near = (a, b, by = 1e-6) => Math.abs(a - b) < by;

/** Use with kept numbers, on lists of rows of one unit: what the checks compare with. */
const right = (z, kept, scale, shift, eps = 1e-5) =>
  z.map((one) => (scale * (one - kept.mean)) / Math.sqrt(kept.variance + eps) + shift);
const meanOf = (z) => z.reduce((sum, one) => sum + one, 0) / z.length;
const ofBatch = (z) => ({ mean: meanOf(z), variance: meanOf(z.map((one) => (one - meanOf(z)) ** 2)) });
const cases = [
  [[3], { mean: 1, variance: 4 }, 1, 0],
  [[1, 2, 6], { mean: -2, variance: 0.25 }, 2, 1],
  [[0, 5], { mean: 0.5, variance: 9 }, -1, 3],
];
const same = (a, b) =>
  Array.isArray(a) && a.length === b.length && a.every((one, i) => near(one, b[i], 1e-4 * (1 + Math.abs(b[i]))));
const agrees = (given, wanted) => cases.every((one) => same(given(...one), wanted(...one)));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'tenfold-weights': {
    isRight: (factor) => near(factor, 0.1),
    praise: 'The same change of the loss needs ten times the way.',
    mistakes: [
      [
        (factor) => near(factor, 10),
        'The loss did not change, and the weights are longer: the hill is wider, not steeper.',
      ],
      [
        (factor) => near(factor, 1),
        'The outputs stay. But the same relative change of the weights is now ten times as far.',
      ],
      [(factor) => near(factor, 0.01), 'That is how much less the direction turns. The gradient itself?'],
    ],
    otherwise: 'Differentiate L(aW) = L(W) by W, with a = 10.',
    tried: { right: [0.1], wrong: [10, 1, 0.01, 5] },
  },
  'norm-in-use': {
    probe: [[1, 2], { mean: 1, variance: 4 }, 1, 0],
    isRight: (given) => agrees(given, right),
    praise: 'No mean of the batch in it, so one row gets one answer.',
    mistakes: [
      [
        (given) => agrees(given, (z, _, scale, shift) => right(z, ofBatch(z), scale, shift)),
        'This is training mode: it takes mean and variance of the batch. Use what was kept.',
      ],
      [
        (given) =>
          agrees(given, (z, kept, scale, shift) => right(z, { ...kept, variance: kept.variance ** 2 }, scale, shift)),
        'What is kept is the variance. Divide by its root.',
      ],
      [(given) => agrees(given, (z, kept) => right(z, kept, 1, 0)), 'Scale and shift are missing.'],
      [
        (given) =>
          agrees(given, (z, kept, scale, shift) =>
            z.map((one) => (scale * one + shift - kept.mean) / Math.sqrt(kept.variance + 1e-5)),
          ),
        'Standardize first, then scale and shift: before the mean is subtracted they do nothing useful.',
      ],
    ],
    otherwise:
      'For each z: subtract the kept mean, divide by the root of kept variance plus ε, times scale, plus shift.',
    tried: {
      right: [right],
      wrong: [
        (z, _, scale, shift) => right(z, ofBatch(z), scale, shift),
        (z, kept, scale, shift) => right(z, { ...kept, variance: kept.variance ** 2 }, scale, shift),
        (z, kept) => right(z, kept, 1, 0),
        (z, kept, scale, shift) => z.map((one) => (scale * one + shift - kept.mean) / Math.sqrt(kept.variance + 1e-5)),
        (z) => z,
      ],
    },
  },
  'trained-and-kept': {
    isRight: (pair) => Array.isArray(pair) && pair[0] === 2112 && pair[1] === 64,
    praise: '64 · 32 weights and 32 each of γ and β are trained; 32 means and 32 variances are kept.',
    mistakes: [
      [
        (pair) => Array.isArray(pair) && pair[0] === 2144,
        'That counts biases. This linear layer has none, β does their work.',
      ],
      [(pair) => Array.isArray(pair) && pair[0] === 2048, 'γ and β are trained, too.'],
      [(pair) => Array.isArray(pair) && pair[0] === 2176, 'Kept numbers are not trained: no gradient reaches them.'],
      [
        (pair) => Array.isArray(pair) && pair[0] === 2112,
        'The first is right. For each unit a mean and a variance are kept.',
      ],
    ],
    otherwise: 'Weights, γ and β are trained; for each unit a mean and a variance are kept.',
    tried: {
      right: [[2112, 64]],
      wrong: [
        [2144, 64],
        [2048, 64],
        [2176, 0],
        [2112, 32],
        [1, 1],
      ],
    },
  },
};
