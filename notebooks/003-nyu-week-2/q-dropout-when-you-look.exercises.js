const near = (a, b, tolerance = 0.006) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'sure-of-itself': {
    isRight: (loss) => near(loss, 0.6025),
    praise: 'The nine right rows cost next to nothing, the wrong one costs six.',
    mistakes: [
      [(loss) => near(loss, 6.0025, 0.01), 'That is the one wrong row. Nine rows are right.'],
      [(loss) => near(loss, 0.0025, 0.001), 'That is a right row. One of ten is wrong.'],
      [(loss) => near(loss, 0.1, 1e-6), 'That is the share of wrong answers.'],
    ],
    otherwise: 'Nine times the loss of a right row plus once that of a wrong one, over ten.',
    tried: { right: [0.6, 0.6025], wrong: [6, 0.0025, 0.1, 1] },
  },
};
