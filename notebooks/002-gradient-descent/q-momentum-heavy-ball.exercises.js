const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'terminal-speed': {
    isRight: (steps) => near(steps, 10, 1e-6),
    praise: '1 / (1 − γ): the memory of ten steps.',
    mistakes: [
      [(steps) => near(steps, 0.9, 1e-6), 'That is the share that is kept. Each step adds a push of 1 to it.'],
      [(steps) => near(steps, 1.9, 1e-6), 'That is the second step. It goes on growing.'],
      [
        (steps) => steps === Number.POSITIVE_INFINITY,
        'It loses a tenth of its speed at each step, and gains 1: that balances somewhere.',
      ],
    ],
    otherwise: 'In the end the speed before and after a step are the same: v = 0.9 v + 1.',
    tried: { right: [10], wrong: [0.9, 1.9, Number.POSITIVE_INFINITY, 9] },
  },
  'best-memory': {
    isRight: (share) => near(share, 0.81, 0.005),
    praise: 'There the flat direction begins to swing: γ = (1 − √(ηλ))².',
    mistakes: [
      [
        (share) => near(share, 0, 1e-9),
        'That is where the steep direction begins to swing. The flat one still creeps.',
      ],
      [(share) => near(share, 0.9, 0.005), 'That is 1 − √(ηλ). Square it.'],
      [(share) => near(share, 0.99, 0.005), 'That is 1 − ηλ, the factor without memory.'],
      [(share) => share > 0.81, 'It swings with that, but fades by √γ: less memory would be faster.'],
    ],
    otherwise: 'The flat direction has ηλ = 0.01. It swings from γ = (1 − √(ηλ))² on.',
    tried: { right: [0.81], wrong: [0, 0.9, 0.99, 0.95, 0.5] },
  },
};
