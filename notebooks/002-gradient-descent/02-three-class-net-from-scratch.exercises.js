const near = (a, b, tolerance = 1e-3) => Math.abs(a - b) <= tolerance;
const list = (given, right) =>
  Array.isArray(given) && given.length === right.length && right.every((v, k) => near(given[k], v));

// The layer of the cell.
const x = [
  [1, -1, 0.5],
  [0, 2, 1],
];
const W = [
  [0.5, -1],
  [1, 0.2],
  [-0.5, 0.4],
];
const back = [
  [1, 0.5],
  [-1, 2],
];
const transposed = (a) => a[0].map((_, k) => a.map((row) => row[k]));
const times = (a, b) => a.map((row) => b[0].map((_, k) => row.reduce((sum, v, j) => sum + v * b[j][k], 0)));
const a = times(x, W).map((row) => row.map(Math.tanh));
const errors = (slope) => back.map((row, i) => row.map((v, k) => v * slope(a[i][k])));
const products = (d, e = d) => [times(transposed(x), d), times(e, transposed(W))];
const right = errors((v) => 1 - v * v);
const z = times(x, W);

const plain = (t) => (typeof t?.tolist === 'function' ? t.tolist() : t);
const equal = (one, other) =>
  Array.isArray(one) && one.length === other.length && one.every((row, i) => Array.isArray(row) && list(row, other[i]));
const are =
  ([first, second]) =>
  (given) =>
    Array.isArray(given) && equal(plain(given[0]), first) && equal(plain(given[1]), second);
const halved = (m) => m.map((row) => row.map((v) => v / 2));
const atSums = back.map((row, i) => row.map((v, k) => v * (1 - z[i][k] ** 2)));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'biases-everywhere': {
    isRight: (count) => count === 412,
    praise: 'Each unit of the two hidden layers gets one more: 13 and 8.',
    mistakes: [
      [(count) => count === 391, 'That has biases in the last layer alone, as on this page.'],
      [(count) => count === 388, 'That is the net without any bias.'],
      [(count) => count === 415, 'The last layer’s three are in the 391 already.'],
      [(count) => count === 432 || count === 435, 'The inputs are no units, they have no biases.'],
      [
        (count) => count === 394,
        'Three more are those of the last layer, which are there. The hidden layers lack 13 and 8.',
      ],
    ],
    otherwise: 'Add a bias for each of the 13 and the 8 hidden units.',
    tried: { right: [412], wrong: [391, 388, 415, 432, 394, 400] },
  },
  'first-error': {
    isRight: (given) => list(given, [1 / 3, -2 / 3, 1 / 3]),
    praise: 'Probability minus truth, and the sum is 0.',
    mistakes: [
      [(given) => list(given, [-1 / 3, 2 / 3, -1 / 3]), 'The other way round: the slope is probability minus truth.'],
      [
        (given) => list(given, [1 / 3, 1 / 3, 1 / 3]),
        'These are the probabilities. Subtract 1 from that of the true class.',
      ],
      [(given) => list(given, [-2 / 3, 1 / 3, 1 / 3]), 'Class 1 is the second: classes are counted from 0.'],
      [(given) => list(given, [0, -1, 0]), 'That is minus the truth. The probabilities are missing.'],
    ],
    otherwise: 'Equal scores give equal probabilities. Subtract the truth, (0, 1, 0).',
    tried: {
      right: [[1 / 3, -2 / 3, 1 / 3]],
      wrong: [
        [-1 / 3, 2 / 3, -1 / 3],
        [1 / 3, 1 / 3, 1 / 3],
        [-2 / 3, 1 / 3, 1 / 3],
        [0, -1, 0],
        [1, 2, 3],
      ],
    },
  },
  'write-tanh-back': {
    isRight: are(products(right)),
    praise: 'The slope comes before both products. Swap it, and the layer has another activation.',
    mistakes: [
      [are(products(back)), 'The slope of tanh is missing: δ = back ⊙ (1 − a²).'],
      [are(products(atSums)), 'That is 1 − z². The slope of tanh is 1 − a², with what the layer gave out.'],
      [are(products(errors((v) => v * (1 - v)))), 'That is the slope of the sigmoid. For tanh it is 1 − a².'],
      [are(products(right, back)), 'Your slope by W is right. What goes to x passes the activation, too.'],
      [are(products(halved(right))), 'back has the 1/n already. Divide once, in the loss.'],
      [are([...products(right)].reverse()), 'Both are right. Give the slope by W first.'],
      [
        (given) => Array.isArray(given) && equal(plain(given[0]), transposed(products(right)[0])),
        'Your first is the transpose: the slope by W has the shape of W.',
      ],
    ],
    otherwise: 'First δ = back ⊙ (1 − a²), then xᵀδ and δWᵀ.',
    tried: {
      right: [products(right)],
      wrong: [
        products(back),
        products(atSums),
        products(errors((v) => v * (1 - v))),
        products(right, back),
        products(halved(right)),
        [...products(right)].reverse(),
        [transposed(products(right)[0]), products(right)[1]],
      ],
    },
  },
};
