/** Steps of single rows at rate 1 from (0, 0) until a hundredth of the way to (1, −1) is left, at most 200. */
function steps(rows) {
  let w = [0, 0];
  for (let t = 0; t <= 200; t++) {
    if (Math.hypot(w[0] - 1, w[1] + 1) <= 0.01 * Math.SQRT2) return t;
    const [a, b] = rows[t % 2];
    const miss = a * w[0] + b * w[1] - (a - b);
    w = [w[0] - miss * a, w[1] - miss * b];
  }
  return Number.POSITIVE_INFINITY;
}
const isPair = (rows) => rows.length === 2 && rows.every((row) => row.length === 2);
const areLong = (rows) => rows.every(([a, b]) => Math.abs(Math.hypot(a, b) - 1) < 0.01);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'other-label': {
    isRight: (label) => label === 0,
    praise: 'The opposite of “yes, for x” is “no, for −x”.',
    mistakes: [
      [(label) => label === 1, 'With label 1 the slope would be (σ(−z) − 1)(−x) = σ(z) x: another step.'],
      [(label) => label === -1, 'Where labels are 1 and −1 it is; here they are 1 and 0.'],
    ],
    otherwise: 'Put −x into (σ(w · x) − y) x, and use σ(−z) = 1 − σ(z).',
    tried: { right: [0], wrong: [1, -1, 0.5] },
  },
  'both-signs-slow': {
    isRight: (rows) => isPair(rows) && areLong(rows) && rows.flat().some((x) => x < 0) && steps(rows) > 100,
    praise: 'Both signs, and as slow as any cone: the angle between the lines is what counts.',
    mistakes: [
      [(rows) => !isPair(rows), 'Two rows of two inputs, such as [[1, 0], [0, 1]].'],
      [(rows) => !areLong(rows), 'Both rows should have length 1: the squares of their inputs add up to 1.'],
      [(rows) => rows.flat().every((x) => x >= 0), 'No input is negative here.'],
      [(rows) => steps(rows) <= 4, 'These two are nearly at right angles: that is the fast case.'],
    ],
    otherwise: 'Still within 100 steps. Bring the two lines closer: an angle near 0° or near 180°.',
    tried: {
      right: [
        [
          [1, 0],
          [-0.98, 0.199],
        ],
      ],
      wrong: [
        [[1, 0]],
        [
          [2, 0],
          [-1, 0],
        ],
        [
          [1, 0],
          [0.98, 0.199],
        ],
        [
          [1, 0],
          [0, -1],
        ],
        [
          [1, 0],
          [-0.8, 0.6],
        ],
      ],
    },
  },
};
