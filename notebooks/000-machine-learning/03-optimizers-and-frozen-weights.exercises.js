const near = (value, right) => Math.abs(value - right) < 1e-9;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  braking: {
    isRight: (distance) => near(distance, 0.38),
    praise: 'Nineteen last steps, 0.02 each.',
    mistakes: [
      [(distance) => near(distance, 19), 'That is in last steps, and each of them is 0.02 long.'],
      [(distance) => near(distance, 0.4), 'That counts the last step itself as well: 1/(1 − μ).'],
      [(distance) => near(distance, 0.019), 'That is the next step alone. After it come others.'],
      [(distance) => near(distance, 0.18), 'That is the way with momentum 0.9.'],
    ],
    otherwise: '0.95 + 0.95² + 0.95³ + … times 0.02.',
    tried: { right: [0.38], wrong: [19, 0.4, 0.019, 0.18, 1] },
  },
  decays: {
    isRight: (w) => near(w, 1.9),
    praise: 'Zero gradient, and still it moves: the decay is added to it.',
    mistakes: [
      [(w) => near(w, 2), 'There it stays with null, or without decay.'],
      [(w) => near(w, 1.8), 'The rate is 0.5: only half of the decay is taken.'],
      [(w) => near(w, 2.1), 'Decay leads towards zero.'],
    ],
    otherwise: 'Put g = 0 and w = 2 into the rule.',
    tried: { right: [1.9], wrong: [2, 1.8, 2.1, 0] },
  },
};
