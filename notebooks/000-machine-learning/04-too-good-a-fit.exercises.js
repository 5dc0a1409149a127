const near = (value, right) => Math.abs(value - right) < 1e-9;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'choose-lambda': {
    isRight: (lambda) => lambda >= 2e-4 && lambda <= 2e-2,
    praise: 'On 400 hidden places it misses the sine by 0.08 to 0.15 (squared, on average); without a penalty by 0.46.',
    mistakes: [
      [(lambda) => lambda === 0, 'On hidden places the error is 0.46: five times what it could be.'],
      [(lambda) => lambda > 0 && lambda < 2e-4, 'Still too free: on hidden places the error is 0.12 or more.'],
      [(lambda) => lambda > 2e-2, 'Too stiff: at 0.1 the error on hidden places is 0.25, at 1 it is 0.41.'],
    ],
    otherwise: 'λ is a number from 0 on. Fit on `given`, and look at the error on `fresh`.',
    tried: { right: [1e-3, 1e-2, 3e-4], wrong: [0, 1e-6, 0.1, 10, -1] },
  },
  'soft-threshold': {
    isRight: ([first, second]) => near(first, 0.5) && near(second, 0),
    praise: 'The first gives up 0.3; the second has less than 0.3 to give, and stops at zero.',
    mistakes: [
      [([, second]) => near(second, 0.1), '−0.2 + 0.3 = 0.1 is on the other side: it may not cross zero.'],
      [([, second]) => near(second, -0.5), 'The penalty pulls towards zero, from both sides.'],
      [([first]) => near(first, 0.8), 'A large weight gives up λ as well.'],
      [([first]) => near(first, 0.8 / 1.3), 'That is ridge: it divides. Lasso subtracts.'],
    ],
    otherwise: 'Move towards zero by λ, and no further than zero.',
    tried: {
      right: [[0.5, 0]],
      wrong: [
        [0.5, 0.1],
        [0.5, -0.5],
        [0.8, 0],
        [0.8 / 1.3, -0.2 / 1.3],
        [1, 1],
      ],
    },
  },
};
