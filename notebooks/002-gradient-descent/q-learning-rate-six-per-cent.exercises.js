const near = (a, b, tolerance = 1e-6) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'one-step': {
    isRight: (lr) => near(lr, 1 / 4),
    praise: 'One step is enough where 1 − ηλ is 0, and a round bowl has only one λ.',
    mistakes: [
      [(lr) => near(lr, 1 / 2), 'That is the limit, 2/λ: there you jump from side to side for ever.'],
      [(lr) => lr > 1 / 2, 'That is beyond the limit, 2/λ.'],
      [(lr) => lr <= 0, 'A rate is above 0.'],
    ],
    otherwise: 'That rate leaves the share |1 − 4η| of the distance; which one leaves nothing?',
    tried: { right: [0.25], wrong: [0.5, 0.6, -1, 0.02] },
  },
  'flatter-floor': {
    isRight: (steps) => near(steps, 1174, 6),
    praise: 'Ten times flatter costs ten times the steps.',
    mistakes: [
      [
        (steps) => near(steps, 118, 3),
        'The rate can hardly grow, for λmax has not changed. So along the floor each step does less.',
      ],
      [(steps) => near(steps, 11740, 100), 'A floor ten times flatter costs ten times the steps, not a hundred times.'],
      [(steps) => near(steps, 1200, 30), 'Nearly: count with the new rate, 2/(λmin + λmax), and not with 1/12.'],
    ],
    otherwise: 'A step leaves the share 1 − ηλ of the floor’s distance; how often until a thousandth is left?',
    tried: { right: [1174, 1173.2], wrong: [118, 11740, 1196, 60] },
  },
};
