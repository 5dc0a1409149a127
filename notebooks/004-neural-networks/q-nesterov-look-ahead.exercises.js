const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** The largest rates that momentum and Nesterov stand, for λ = 1. */
const most = (beta) => ({ momentum: 2 * (1 + beta), nesterov: (2 * (1 + beta)) / (1 + 2 * beta) });

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'only-nesterov': {
    isRight: ([beta, eta]) => beta > 0 && beta < 1 && eta > most(beta).nesterov && eta < most(beta).momentum,
    praise: 'The brake is 1 − η, below −0.3: it kicks back harder than the push.',
    mistakes: [
      [([beta]) => beta === 0, 'Without memory they are the same method.'],
      [([beta]) => beta >= 1 || beta < 0, 'A share that is kept lies between 0 and 1.'],
      [([beta, eta]) => eta >= most(beta).momentum, 'There both fly off.'],
      [([beta, eta]) => eta > 0 && eta <= most(beta).nesterov, 'There both arrive: a larger rate.'],
    ],
    otherwise: 'Two numbers, β and η: between 2(1 + β)/(1 + 2β) and 2(1 + β).',
    tried: {
      right: [
        [0.9, 1.5],
        [0.5, 2],
      ],
      wrong: [
        [0, 2.5],
        [1.2, 1],
        [0.9, 4],
        [0.9, 1],
        [0.5, -1],
      ],
    },
  },
  factor: {
    isRight: (factor) => near(factor, 1, 1e-9),
    praise: 'For small steps it makes no difference where one asks.',
    mistakes: [
      [(factor) => near(factor, 0, 1e-9), 'That is full braking, as at ηλ = 1.'],
      [(factor) => near(factor, 0.9, 1e-9), 'That is a usual β; asked is what it is multiplied by.'],
    ],
    otherwise: 'The factor is 1 − ηλ.',
    tried: { right: [1], wrong: [0, 0.9, 0.5] },
  },
};
