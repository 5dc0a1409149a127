const near = (a, b) => Math.abs(a - b) < 0.01 * Math.abs(b);

/** What a frozen parameter looks like after `freeze`: whether it wants gradients, and what it holds. */
function tried(freeze) {
  const parameter = sample();
  freeze(parameter);
  return parameter;
}

const sample = () => ({
  requiresGrad: true,
  grad: [1, 2],
  requiresGrad_(on = true) {
    this.requiresGrad = on;
    return this;
  },
});

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  anew: {
    isRight: (step) => near(step, 10),
    praise: 'g over the root of 0.01 g²: ten times η, and every step is as long as the first.',
    mistakes: [
      [(step) => near(step, 1), 'That is so once the average has caught up. Here it is empty at each step.'],
      [(step) => near(step, 100), 'The average of squares is divided by its root.'],
      [(step) => near(step, 0.1), 'The root stands below the line: a small average makes a long step.'],
    ],
    otherwise: 'Put v = 0.01 g² into g/√v.',
    tried: { right: [10], wrong: [1, 100, 0.1, 3] },
  },
  'so-that-it-holds': {
    isRight: (freeze) => tried(freeze).requiresGrad === false && tried(freeze).grad === null,
    praise: 'No new gradient and no old one: the optimizer passes it by.',
    mistakes: [
      [
        (freeze) => tried(freeze).requiresGrad === false && tried(freeze).grad !== null,
        'It gets no new gradient, but the old one is still there. Look at the first figure.',
      ],
      [
        (freeze) => tried(freeze).grad === null && tried(freeze).requiresGrad,
        'The old gradient is gone; the next backward brings a new one.',
      ],
    ],
    otherwise: 'Two lines: requiresGrad and grad.',
    probe: [sample()],
    tried: {
      right: [
        (p) => {
          p.requiresGrad = false;
          p.grad = null;
          return p;
        },
        (p) => {
          p.grad = null;
          return p.requiresGrad_(false);
        },
      ],
      wrong: [
        (p) => {
          p.requiresGrad = false;
          return p;
        },
        (p) => {
          p.grad = null;
          return p;
        },
        (p) => p,
      ],
    },
  },
};
