const near = (a, b, tolerance = 1e-6) => Math.abs(a - b) <= tolerance;
const mean = (all) => all.reduce((a, b) => a + b) / all.length;
const spread = (all, n = all.length) => Math.sqrt(all.reduce((sum, v) => sum + (v - mean(all)) ** 2, 0) / n);
const alike = (a, b) => Array.isArray(a) && a.length === b.length && a.every((v, i) => near(v, b[i], 1e-9));
/** Training and test values. */
const cases = [
  [
    [1, 3, 5, 7],
    [4, 10],
  ],
  [
    [-2, 0, 8],
    [2, 2, 14],
  ],
];
const right = (train, test) => test.map((v) => (v - mean(train)) / (spread(train) || 1));
const ownMean = (_, test) => right(test, test);
const together = (train, test) => right([...train, ...test], test);
const variance = (train, test) => test.map((v) => (v - mean(train)) / (spread(train) ** 2 || 1));
const centred = (train, test) => test.map((v) => v - mean(train));
const scaled = (train, test) => test.map((v) => v / (spread(train) || 1));
const minusOne = (train, test) => test.map((v) => (v - mean(train)) / spread(train, train.length - 1));
const unguarded = (train, test) => test.map((v) => (v - mean(train)) / spread(train));
const changedTrain = (train) => right(train, train);
const like = (f, other) => cases.every(([train, test]) => alike(f(train, test), other(train, test)));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'right-size': {
    isRight: (sd) => near(sd, 1 / 16),
    praise: '256 · (1/16)² = 1.',
    mistakes: [
      [(sd) => near(sd, 1 / 256), 'That is the variance. The standard deviation is its root.'],
      [(sd) => near(sd, Math.SQRT2 / 16, 1e-3), 'With √2 it is right before a ReLU. Here nothing is switched off.'],
      [(sd) => near(sd, 16), 'So much too large would the sum be with weights of 1.'],
    ],
    otherwise: 'The variance of the sum is 256 times the square of it.',
    tried: { right: [1 / 16, 0.0625], wrong: [1 / 256, 0.0884, 16, 1] },
  },
  'write-normalize': {
    probe: [
      [1, 3],
      [2, 4],
    ],
    isRight: (f) => like(f, right) && alike(f([5, 5], [7]), [2]),
    praise: 'Both numbers come from the training rows, also for rows that come later.',
    mistakes: [
      [(f) => like(f, right), 'Right, but an input that never varies has spread 0. Divide by 1 there.'],
      [
        (f) => like(f, ownMean),
        'You took the test rows’ own mean and spread. The weights have learned the training rows’ scale.',
      ],
      [(f) => like(f, together), 'You took mean and spread of all rows together. Test rows must not take part.'],
      [(f) => like(f, changedTrain), 'You changed the training values. Give the test values.'],
      [(f) => like(f, variance), 'You divided by the variance. Divide by its root.'],
      [(f) => like(f, centred), 'The mean is subtracted. Now divide by the spread.'],
      [(f) => like(f, scaled), 'You divide, but do not subtract the mean first.'],
      [(f) => like(f, minusOne), 'Here the variance is divided by n, not by n − 1.'],
    ],
    otherwise: 'Subtract the mean of train, then divide by the spread of train.',
    tried: {
      right: [right],
      wrong: [unguarded, ownMean, together, changedTrain, variance, centred, scaled, minusOne, (_, test) => test],
    },
  },
  'layers-left': {
    isRight: (layers) => near(layers, 90, 0.01),
    praise: 'A twentieth less in each layer, and after ninety next to nothing is left.',
    mistakes: [
      [
        (layers) => near(layers, 89.8, 0.15) || near(layers, 89, 0.01),
        'Layers are whole, and after 89 there is 1.04 %.',
      ],
      [(layers) => near(layers, 20, 0.01), 'So it would be if each took a twentieth of the first signal.'],
      [(layers) => near(layers, 45, 0.5), 'There the variance is down to 1 %, but the signal to a tenth.'],
    ],
    otherwise: 'Multiply: 0.95, 0.9025, … Or divide two logarithms.',
    tried: { right: [90], wrong: [89.8, 89, 20, 45, 19] },
  },
};
