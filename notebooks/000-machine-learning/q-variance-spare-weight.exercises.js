const near = (value, right) => Math.abs(value - right) <= 1e-9 * Math.abs(right);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  budget: {
    isRight: (rows) => near(rows, 100_000),
    praise: 'A hundred rows for each weight.',
    mistakes: [
      [(rows) => near(rows, 1000), 'With as many rows as weights it picks up all of the noise.'],
      [(rows) => near(rows, 10_000), 'With ten rows for each weight it picks up a tenth.'],
      [(rows) => near(rows, 1e7), 'The miss itself, not its square, would then be a hundredth.'],
    ],
    otherwise: 'Solve 1,000 / n = 1 / 100.',
    tried: { right: [100000], wrong: [1000, 10000, 1e7, 5] },
  },
  'what-is-left': {
    isRight: (miss) => near(miss, 0.8),
    praise: 'What the weights catch is taken out: 1 − 20/100.',
    mistakes: [
      [(miss) => near(miss, 0.2), 'That is what is caught; asked is what is left.'],
      [(miss) => near(miss, 1.2), 'So it is on new points. Those it was fitted to lie closer.'],
      [(miss) => near(miss, 1), 'So it would be for a curve that follows nothing.'],
    ],
    otherwise: 'The noise is 1 per point; the curve follows a part of it.',
    tried: { right: [0.8], wrong: [0.2, 1.2, 1, 0.5] },
  },
};
