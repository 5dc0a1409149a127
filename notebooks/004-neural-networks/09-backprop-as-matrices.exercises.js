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
const gated = (gate) => P.map((row, i) => row.map((p, k) => p * gate(Z[i][k])));
const Z = times(I, W);
const dW = (F) => times(transposed(I), F);
const below = (F) => times(F, transposed(W));
const right = gated((z) => 2 * z);

const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b.map((row) => row.map((v) => v + 0)));
const plain = (t) => (typeof t?.tolist === 'function' ? t.tolist() : t);
/** Whether these two were given. */
const are =
  (first, second) =>
  ([a, b]) =>
    equal(plain(a), first) && equal(plain(b), second);
const by = (F) => [dW(F), below(F)];

const are2 = (list, first, second) => list.length === 2 && list[0] === first && list[1] === second;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'square-gate': {
    isRight: are(...by(right)),
    praise: 'The gate is 2Z, and it comes before both products.',
    mistakes: [
      [are(...by(P)), 'P went through as if there were no gate. What is the slope of a square?'],
      [are(...by(gated((z) => z * z))), 'That is the gate’s value. The way back needs its slope.'],
      [are(...by(gated((z) => z))), 'The slope of z² is not z.'],
      [are(dW(right), below(P)), 'P leaves the layer below its gate: it is made of F, not of the P that came in.'],
      [([a]) => equal(plain(a), transposed(dW(right))), 'Your gradient is the transpose of what W needs.'],
    ],
    otherwise: 'First F = P ⊙ g′(Z); then the two products of section 4.',
    tried: {
      right: [by(right)],
      wrong: [
        by(P),
        by(gated((z) => z * z)),
        by(gated((z) => z)),
        [dW(right), below(P)],
        [transposed(dW(right)), below(right)],
        by(gated((z) => 3 * z)),
      ],
    },
  },
  'the-bill': {
    isRight: (list) => are2(list, 700, 1200),
    praise: 'Twice forward, without the first layer’s product for those below it: there is nobody.',
    mistakes: [
      [(list) => are2(list, 700, 1400), 'Who would want the last product of the first layer?'],
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
