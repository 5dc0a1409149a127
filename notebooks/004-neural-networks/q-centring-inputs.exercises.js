const near = (a, b, tolerance = 1e-9) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'taken-off': {
    isRight: (number) => near(number, 2),
    praise: 'The mean. The sum of the curvatures is least there, and their product stays.',
    mistakes: [
      [
        (number) => near(number, 1),
        'The median. It leaves the days with a mean of 1, because of the one at 8; the curvatures are made of means.',
      ],
      [(number) => near(number, 4), 'The middle between the ends. It leaves a mean of −2.'],
      [(number) => near(number, 0), 'That takes nothing off.'],
    ],
    otherwise: 'The curvatures’ sum is mean (x − c)² + 1. For which c is it least?',
    tried: { right: [2], wrong: [1, 4, 0, 3] },
  },
  'both-signs': {
    isRight: (steps) => near(steps, 742),
    praise: 'Each row makes the step that it made before: the two signs cancel in error times x.',
    mistakes: [
      [
        (steps) => near(steps, 1),
        'The mean of x is near 0 now. But what counts is the mean of x · 1, and the 1 has turned as well.',
      ],
      [(steps) => near(steps, 371), 'No row is lost: the opposite row makes the same step.'],
    ],
    otherwise: 'Write down the step of one row, and of its opposite.',
    tried: { right: [742], wrong: [1, 371, 17] },
  },
};
