const near = (value, right) => Math.abs(value - right) < 1e-9;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'choose-lambda': {
    isRight: (lambda) => lambda >= 1e-4 && lambda <= 2e-2,
    praise: 'On 400 hidden places it misses the sine by 0.08 to 0.15 (squared, on average); without a penalty by 0.46.',
    mistakes: [
      [(lambda) => lambda === 0, 'On hidden places the error is 0.46: five times what it could be.'],
      [(lambda) => lambda > 0 && lambda < 1e-4, 'Still too free: on hidden places the error is more than 0.15.'],
      [(lambda) => lambda > 2e-2, 'Too stiff: at 0.1 the error on hidden places is 0.25, at 1 it is 0.41.'],
    ],
    otherwise: 'λ is a number from 0 on. Fit on `given`, and look at the error on `fresh`.',
    tried: { right: [1e-3, 1e-2, 3e-4], wrong: [0, 1e-6, 0.1, 10, -1] },
  },
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
