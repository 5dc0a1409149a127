const isNear = (a, b) => Math.abs(a - b) < 1e-6;
const are = (list, expected) =>
  Array.isArray(list) && list.length === expected.length && list.every((v, i) => isNear(v, expected[i]));

const [sums, arriving] = [
  [-1.5, 0.3, 0.8],
  [2, -1, 0.5],
];
const slope = (s) => 1 - Math.tanh(s) ** 2;
/** Whether a way back gives these numbers, for a sum and what arrives. */
const gives = (wanted) => (back) =>
  are(
    back(sums, arriving),
    sums.map((s, i) => wanted(s, arriving[i])),
  );
/** A way back for lists, from one for numbers. */
const each = (back) => (list, blame) => list.map((s, i) => back(s, blame[i]));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'three-blames': {
    isRight: (list) => are(list, [-2, -6, 4]),
    praise: 'What came in, times the blame of where it went: twice.',
    mistakes: [
      [(list) => are(list, [2, 6, -4]), 'The signs: the miss is answer less truth, −3 − (−1).'],
      [(list) => are(list, [-4, -12, 8]), 'That is without the half: the slope of ½ miss² is the miss.'],
      [(list) => are(list, [-2, -6, -4]), 'On the way back to z the blame is multiplied by the weight −1.'],
      [(list) => are(list, [-2, -2, 2]), 'These are the blames of the sums. A weight multiplies by what came in, too.'],
      [(list) => are(list, [-2, -6, 6]), 'Into the weight 1.5 comes x, which is 2.'],
    ],
    otherwise: 'Three numbers. The answer is −3, so it misses by −2; go back from there, one block at a time.',
    tried: {
      right: [[-2, -6, 4]],
      wrong: [[2, 6, -4], [-4, -12, 8], [-2, -6, -4], [-2, -2, 2], [-2, -6, 6], [-2]],
    },
  },
  'used-twice': {
    isRight: (value) => isNear(value, 12),
    praise: 'Two roads, 6 each.',
    mistakes: [
      [(value) => isNear(value, 6), 'That is one road. w is in both layers, so its two gradients add up.'],
      [(value) => isNear(value, 36), 'Roads add; only the factors on one road multiply.'],
      [(value) => isNear(value, 18), 'y is w · w · x: the square gives 2 w, and x stays as it is.'],
    ],
    otherwise: 'Each use of w is a road: add what the two bring.',
    tried: { right: [12], wrong: [6, 36, 18, 1] },
  },
  'blocks-tanh': {
    probe: [sums, arriving],
    isRight: gives((s, blame) => blame * slope(s)),
    praise: 'What arrives, times 1 − out²: tanh keeps its output, and the slope follows from that.',
    mistakes: [
      [gives((s) => slope(s)), 'That is the slope alone. What arrives is forgotten: it is right only where 1 arrives.'],
      [
        gives((s, blame) => blame * slope(Math.tanh(s))),
        'That is the slope at z, as if tanh were taken twice. `out` is tanh s already: 1 − out².',
      ],
      [gives((s, blame) => blame * (1 - Math.tanh(s))), 'The square is missing: 1 − tanh² s.'],
      [gives((s, blame) => blame * Math.tanh(s)), 'That is the value of tanh. Blame is multiplied by its slope.'],
      [gives((s, blame) => blame + slope(s)), 'Blame is multiplied by the slope, not added to it.'],
      [gives((_, blame) => blame), 'That hands on what arrives, as if the slope were 1.'],
      [gives((s, blame) => -blame * slope(s)), 'The sign: `rsub(1)` is 1 less out², `sub(1)` is out² less 1.'],
    ],
    otherwise: 'What arrives, times the slope of tanh, number by number.',
    tried: {
      right: [each((s, blame) => blame * slope(s))],
      wrong: [
        each((s) => slope(s)),
        each((s, blame) => blame * slope(Math.tanh(s))),
        each((s, blame) => blame * (1 - Math.tanh(s))),
        each((s, blame) => blame * Math.tanh(s)),
        each((s, blame) => blame + slope(s)),
        each((_, blame) => blame),
        each((s, blame) => -blame * slope(s)),
        each(() => 0),
      ],
    },
  },
};
