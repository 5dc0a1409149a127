const near = (a, b, tolerance = 1e-9) => Math.abs(a - b) <= tolerance * Math.abs(b);

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  millimetres: {
    isRight: (factor) => near(factor, 1e6),
    praise: 'A thousand for the slope in the weight, and a thousand again for how that slope changes.',
    mistakes: [
      [(factor) => near(factor, 1000), 'That is the slope of the curve in the weight. The curvature has it twice.'],
      [
        (factor) => near(factor, 1e-3) || near(factor, 1e-6),
        'The numbers became larger, and with them what the weight moves.',
      ],
      [(factor) => near(factor, 1), 'The same change of the weight now moves the result 1,000 times as far.'],
    ],
    otherwise: 'How many times as far does the result move, and what becomes of its square?',
    tried: { right: [1e6, 1000000], wrong: [1000, 1e-3, 1e-6, 1, 2000] },
  },
  'flattest-axis': {
    isRight: (steps) => near(steps, 1494.4, 0.01),
    praise: 'About 4.6 κ steps: a hundredth of the way takes so long along the flattest axis.',
    mistakes: [
      [(steps) => near(steps, 325, 0.01), 'After κ steps a third is left: (1 − 1/κ)^κ is about 1/e.'],
      [
        (steps) => near(steps, 650, 0.01) || near(steps, 649, 0.01),
        'That is with the decimal logarithm of 0.01. Take the natural one, −4.6.',
      ],
      [(steps) => near(steps, 32500, 0.01), 'A step leaves the share 1 − 1/κ, so what is left shrinks as a power.'],
    ],
    otherwise: 'Solve (1 − 1/325)ᵗ = 0.01 for t.',
    tried: { right: [1494, 1495, 1500], wrong: [325, 650, 32500, 100] },
  },
};
