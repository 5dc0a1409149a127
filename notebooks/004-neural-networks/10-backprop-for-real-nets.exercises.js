// The hidden net: three outputs of one sample.
const p = [0.2, 0.5, 0.3];
const y = [0, 0, 1];
const dot = (a, b) => a.reduce((sum, v, k) => sum + v * b[k], 0);
const near = (list, right) =>
  Array.isArray(list) && list.length === right.length && right.every((v, k) => Math.abs(list[k] - v) < 1e-9);

const slopes = (p, y) => p.map((v, k) => 2 * (v - y[k]));
const byTable = (P, p) => p.map((v, k) => v * (P[k] - dot(P, p)));
const right = (p, y) => byTable(slopes(p, y), p);
const diagonal = (p, y) => slopes(p, y).map((v, k) => v * p[k] * (1 - p[k]));
const collapsed = (p, y) => p.map((v, k) => v - y[k]);
const halved = (p, y) => right(p, y).map((v) => v / 2);
const turned = (p, y) => right(p, y).map((v) => -v);
const gives = (other) => (f) => near(f(p, y), other(p, y));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'softmax-squares': {
    isRight: gives(right),
    praise:
      'Each output hears by how much it is blamed more than the average. Where p is near 0 or 1 it is silent, right or wrong.',
    mistakes: [
      [gives(diagonal), 'The table has more than a diagonal: each logit moves all outputs.'],
      [gives(collapsed), 'It collapses into p − y for cross-entropy only. Put the squares’ P into the formula.'],
      [gives(slopes), 'That is P. The gate, here a table, makes F of it.'],
      [gives(halved), 'A square brings a 2.'],
      [gives(turned), 'The sign: P is 2(p − y), not 2(y − p).'],
    ],
    otherwise: 'P is 2(p − y), and F = p (P − Σ P p), number by number.',
    probe: [p, y],
    tried: {
      right: [
        right,
        (p, y) =>
          p.map((v, j) =>
            dot(
              slopes(p, y),
              p.map((u, i) => u * (Number(i === j) - v)),
            ),
          ),
      ],
      wrong: [diagonal, collapsed, slopes, halved, turned, (p) => p],
    },
  },
  'bias-before-norm': {
    isRight: (list) => near(list, [0, 0]),
    praise: 'The mean takes every shift away: the cost does not depend on b, and the columns of F add up to 0.',
    mistakes: [
      [
        (list) => near(list, [2.5, 3]),
        'Those are the column sums of P, the gradient of batch norm’s own shift. What does F add up to in front of a mean?',
      ],
      [(list) => near(list, [0.625, 0.75]), 'Those are means of P. What becomes of a shift when a mean is taken away?'],
    ],
    otherwise: 'Add 1 to a column, and take its mean away. What is left of the 1?',
    tried: {
      right: [
        [0, 0],
        [-0, 0],
      ],
      wrong: [[2.5, 3], [0.625, 0.75], [1, 1], [0]],
    },
  },
};
