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
  critical: {
    isRight: (beta) => near(beta, (1 - Math.sqrt(0.4)) ** 2, 0.012),
    praise: '(1 − √0.4)² = 0.135. The walls are steep enough: little memory is needed.',
    mistakes: [
      [(beta) => near(beta, (1 - Math.sqrt(0.2)) ** 2, 0.012), 'λ is 2 here: what counts is η times λ.'],
      [(beta) => near(beta, 1 - Math.sqrt(0.4), 0.012), 'The square is missing.'],
      [(beta) => near(beta, 0.9, 1e-6), 'Count its swings.'],
      [(beta) => beta === 0, 'Without memory it creeps: 0.6 of the way is left after each step.'],
    ],
    otherwise: 'Where the two roots are the same: √β = 1 − √(ηλ).',
    tried: { right: [0.135, 0.14], wrong: [0.3056, 0.3675, 0.9, 0, 0.5] },
  },
};
