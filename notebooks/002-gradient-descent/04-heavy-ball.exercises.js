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
    isRight: (share) => near(share, 0.785, 0.0101),
    praise: 'There the floor neither creeps nor swings: γ = (1 − √(ηλ))².',
    mistakes: [
      [(share) => share >= 0.95, 'More memory is not more speed: the ball cannot stop.'],
      [(share) => near(share, 0.5, 1e-6), 'That is the best γ for η = 1/8. Each rate has its own.'],
      [(share) => near(share, 0.9, 1e-6), 'A usual choice; after 200 steps 0.8 is more than nine decades better.'],
    ],
    otherwise: 'Try some with after(γ): between 0.7 and 0.9 the loss falls by ten decades and rises again.',
    tried: { right: [0.78, 0.779, 0.79], wrong: [0.99, 0.5, 0.9, 0.3] },
  },
};
