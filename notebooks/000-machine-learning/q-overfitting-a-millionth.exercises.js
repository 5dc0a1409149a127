const near = (value, right) => Math.abs(value - right) < 1e-9;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'a-tenth': {
    isRight: (lambda) => near(lambda, 0.18),
    praise: 'Nine times the curvature: one part of ten is left.',
    mistakes: [
      [(lambda) => near(lambda, 0.2), 'Ten times the curvature keeps one part of eleven.'],
      [(lambda) => near(lambda, 0.002), 'A tenth of the curvature keeps ten parts of eleven.'],
      [(lambda) => near(lambda, 0.02), 'As large as the curvature: that keeps a half.'],
    ],
    otherwise: 'Solve 0.02 / (0.02 + λ) = 0.1.',
    tried: { right: [0.18], wrong: [0.2, 0.002, 0.02, 1] },
  },
};
