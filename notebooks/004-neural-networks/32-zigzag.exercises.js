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
const near = (a, b, by) => Math.abs(a - b) <= by;
/** The sine of the angle between the lines of two rows. */
const apart = ([[a, b], [c, d]]) => Math.abs(a * d - b * c) / (Math.hypot(a, b) * Math.hypot(c, d));
const isMixed = ([a, b]) => a * b < 0;
const isPair = (rows) => rows.length === 2 && rows.every((row) => row.length === 2);
const areLong = (rows) => rows.every(([a, b]) => Math.abs(Math.hypot(a, b) - 1) < 0.01);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'narrower-still': {
    isRight: (count) => count >= 9000 && count <= 16_000,
    praise: 'The formula says 11,500: ten times as narrow as 0.2, a hundred times as long.',
    mistakes: [
      [(count) => near(count, 230, 20), 'The spread counts squared.'],
      [
        (count) => near(count, 2500, 100),
        'That closes the way once, if each step closed the same part. A share of what is left is closed: ln 100 times as many.',
      ],
      [(count) => near(count, 11, 2) || near(count, 1151, 20), 'ln 100 is 4.6, and 0.02² is 0.0004.'],
    ],
    otherwise: 'ln 100 over rate times spread squared.',
    tried: { right: [11_513, 10_000], wrong: [230, 2500, 11.5, 1151, 500] },
  },
  'both-signs-slow': {
    isRight: (rows) =>
      isPair(rows) && areLong(rows) && rows.some(isMixed) && apart(rows) >= Math.sin(Math.PI / 36) && steps(rows) > 100,
    praise: 'Both signs, and as slow as any cone: the angle between the lines is what counts.',
    mistakes: [
      [(rows) => !isPair(rows), 'Two rows of two inputs, such as [[1, 0], [0, 1]].'],
      [(rows) => !areLong(rows), 'Both rows should have length 1: the squares of their inputs add up to 1.'],
      [(rows) => !rows.some(isMixed), 'Neither row has both signs in it.'],
      [
        (rows) => apart(rows) < Math.sin(Math.PI / 36),
        'Less than 5° apart, or nearly opposite: one line twice leads nowhere across.',
      ],
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
          [-0.6, 0.8],
          [0.6, -0.8],
        ],
        [
          [1, 0],
          [0, -1],
        ],
        [
          [0.8, 0.6],
          [0.6, -0.8],
        ],
        [
          [1, 0],
          [-0.8, 0.6],
        ],
      ],
    },
  },
};
