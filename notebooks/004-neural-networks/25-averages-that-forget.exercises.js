const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'window-50': {
    isRight: (beta) => near(beta, 0.98, 1e-6),
    praise: '1 / (1 − 0.98) = 50: the newest value counts a fiftieth.',
    mistakes: [
      [(beta) => near(beta, 0.5, 1e-6), 'That is a memory of two values.'],
      [(beta) => near(beta, 50 / 51, 1e-6), 'Nearly the same: with 50/51 the lag is 50, and the window 51.'],
      [(beta) => near(beta, 0.02, 1e-6), 'That is the share of the newest value; β is what is left for the past.'],
      [(beta) => beta >= 1, 'With β = 1 nothing is forgotten.'],
    ],
    otherwise: 'The newest value counts 1 − β; an average over 50 would count it a fiftieth.',
    tried: { right: [0.98], wrong: [0.5, 50 / 51, 0.02, 1, 0.9] },
  },
  'half-life': {
    isRight: (beta) => near(beta, 0.5 ** (1 / 20), 0.0006),
    praise: 'β = 0.966: its average looks back 28 steps, and half of its speed is gone after 20.',
    mistakes: [
      [
        (beta) => near(beta, 0.95, 1e-6),
        'There the newest value counts a twentieth; half is gone after 13.5 steps already.',
      ],
      [(beta) => near(beta, 0.5, 1e-6), 'There half is gone after a single step.'],
      [
        (beta) => near(beta, 1 - 0.5 ** (1 / 20), 0.0006),
        'That is the share that is lost in each step; β is what is kept.',
      ],
      [(beta) => beta >= 1, 'With β = 1 nothing is forgotten.'],
    ],
    otherwise: 'β to the power of 20 is one half.',
    tried: { right: [0.5 ** (1 / 20), 0.966], wrong: [0.95, 0.5, 0.0341, 1, 0.9] },
  },
};
