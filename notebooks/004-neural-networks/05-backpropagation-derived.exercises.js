const near = (list, right) =>
  Array.isArray(list) && list.length === right.length && right.every((v, k) => Math.abs(list[k] - v) < 0.0006);

// The layer of the cell: three samples, three inputs, two units.
const P = [
  [1, -1],
  [2, 0],
  [0.5, 1],
];
const I = [
  [1, 2, 0],
  [0, -1, 1],
  [3, 1, -2],
];
const W = [
  [1, 0],
  [2, -1],
  [1, 1],
];

const transposed = (a) => a[0].map((_, k) => a.map((row) => row[k]));
const times = (a, b) => a.map((row) => b[0].map((_, k) => row.reduce((sum, v, j) => sum + v * b[j][k], 0)));
const Z = times(I, W);
const gated = (gate, by = Z) => P.map((row, i) => row.map((p, k) => p * gate(by[i][k])));
const leakySlope = (z) => (z > 0 ? 1 : 0.01);
const F = gated(leakySlope);
const dW = (signal) => times(transposed(I), signal);
const below = (signal) => times(signal, transposed(W));
const by = (signal) => [dW(signal), below(signal)];

const plain = (t) => (typeof t?.tolist === 'function' ? t.tolist() : t);
const equal = (a, b) =>
  Array.isArray(a) &&
  a.length === b.length &&
  a.every(
    (row, i) => Array.isArray(row) && row.length === b[i].length && row.every((v, k) => Math.abs(v - b[i][k]) < 1e-6),
  );
/** Whether these two were given. */
const are =
  (first, second) =>
  ([a, b]) =>
    equal(plain(a), first) && equal(plain(b), second);
const scaled = (a, factor) => a.map((row) => row.map((v) => v * factor));

const are2 = (list, first, second) => list.length === 2 && list[0] === first && list[1] === second;

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'other-target': {
    isRight: (list) => near(list, [3 / 16, 1 / 8]),
    praise: 'P² is 1 in place of −1. The way back only multiplies and adds, so every gradient turns its sign.',
    mistakes: [
      [(list) => near(list, [-3 / 16, -1 / 8]), 'That is for the target 1. P² is 2(ŷ − y).'],
      [(list) => near(list, [3 / 4, 1 / 2]), 'That is I² times P². The slope of the sigmoid at 0 is missing.'],
      [(list) => near(list, [3 / 32, 1 / 16]), 'A square brings a 2.'],
      [(list) => near(list, [-3 / 32, 3 / 16]) || near(list, [3 / 32, -3 / 16]), 'That is F¹, one layer further back.'],
    ],
    otherwise: 'P² = 2(ŷ − y), F² = P² · ¼, and ∇W² is F² times the inputs ¾ and ½.',
    tried: {
      right: [
        [3 / 16, 1 / 8],
        [0.1875, 0.125],
      ],
      wrong: [[-3 / 16, -1 / 8], [3 / 4, 1 / 2], [3 / 32, 1 / 16], [3 / 32, -3 / 16], [1, 1], [0.1875]],
    },
  },
  'leaky-back': {
    isRight: are(...by(F)),
    praise: 'The slope comes before both products. With it this layer trains in any net.',
    mistakes: [
      [are(...by(P)), 'P went through as if there were no activation. F is P ⊙ g′(Z).'],
      [are(...by(gated((z) => (z > 0 ? 1 : 0)))), 'That is ReLU. Leaky ReLU has the slope 0.01 on the left.'],
      [are(...by(gated(leakySlope, P))), 'The slope is that at Z, not at P.'],
      [
        are(...by(gated((z) => (z > 0 ? z : 0.01 * z)))),
        'That multiplies by the output. The way back needs the slope.',
      ],
      [are(dW(F), below(P)), 'The layer below gets F Wᵀ, not P Wᵀ.'],
      [are(dW(P), below(F)), 'Your P for the layer below is right. ∇W is made of F, too.'],
      [are(...by(scaled(F, 1 / 3))), 'P has the 1/n already. Divide once.'],
      [([a]) => equal(plain(a), transposed(dW(F))), 'Your gradient is the transpose of what W needs.'],
    ],
    otherwise: 'First F = P ⊙ g′(Z). Then Iᵀ F and F Wᵀ.',
    tried: {
      right: [by(F)],
      wrong: [
        by(P),
        by(gated((z) => (z > 0 ? 1 : 0))),
        by(gated(leakySlope, P)),
        by(gated((z) => (z > 0 ? z : 0.01 * z))),
        [dW(F), below(P)],
        [dW(P), below(F)],
        by(scaled(F, 1 / 3)),
        [transposed(dW(F)), below(F)],
        by(scaled(F, 2)),
      ],
    },
  },
  'the-bill': {
    isRight: (list) => are2(list, 700, 1200),
    praise: 'Twice forward, without the first layer’s product for a layer below: there is none.',
    mistakes: [
      [(list) => are2(list, 700, 1400), 'Which layer would use the last product of the first layer?'],
      [(list) => are2(list, 1200, 700), 'These two are in the wrong order: forward first.'],
      [(list) => are2(list, 700, 1300), 'One product is left out, but it is the first layer’s, not the last one’s.'],
      [
        (list) => list.length === 2 && list[0] !== 700,
        'Forward: each weight multiplies once. How many weights are there?',
      ],
    ],
    otherwise: 'Two numbers: forward, and back. Two products for each layer, but one for the first.',
    tried: {
      right: [[700, 1200]],
      wrong: [[700, 1400], [1200, 700], [700, 1300], [800, 1200], [700, 700], [1200]],
    },
  },
};
