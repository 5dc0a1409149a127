const near = (a, b, by) => Math.abs(a - b) < by;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'gap-of-three': {
    isRight: (epsilon) => near(epsilon, 10 / (9 + Math.exp(3)), 0.002),
    praise: 'And the right class still has a share of 0.69.',
    mistakes: [
      [
        (epsilon) => near(epsilon, 1 / (1 + Math.exp(3)), 0.002),
        'That is 1 − σ(3), for two classes; here are nine wrong ones.',
      ],
      [(epsilon) => near(epsilon, 2 / (1 + Math.exp(3)), 0.002), 'That is ε for two classes. Here are ten.'],
      [
        (epsilon) => near(epsilon, 9 / (9 + Math.exp(3)), 0.002),
        'That is how much the right share is below 1. But of ε a tenth comes back to the right class.',
      ],
      [
        (epsilon) => near(epsilon, 10 / (10 + Math.exp(3)), 0.002),
        'Almost: e³ is 1 + K(1 − ε)/ε, and the 1 is missing.',
      ],
    ],
    otherwise: 'Set ln(1 + 10(1 − ε)/ε) equal to 3 and solve for ε.',
    tried: { right: [0.3438, 0.344], wrong: [0.0474, 0.0949, 0.3094, 0.3324, 0.1, 3] },
  },
  million: {
    isRight: (gap) => near(gap, Math.log(1e7), 0.03),
    praise: 'Two decades more than 10,000 steps, 2.3 each.',
    mistakes: [
      [
        (gap) => near(gap, Math.log(1e6), 0.03),
        'That is ln of the steps alone, or one decade more than 10,000. Ten classes, two decades.',
      ],
      [(gap) => near(gap, 7, 0.05), 'That is the logarithm to base ten.'],
      [
        (gap) => near(gap, 1151, 20),
        'A hundred times the steps are not a hundred times the gap: look at the straight line.',
      ],
    ],
    otherwise: 'Each tenfold number of steps adds ln 10.',
    tried: { right: [16.118, 16.11], wrong: [13.8, 7, 1151, 12] },
  },
};
