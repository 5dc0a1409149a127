const near = (a, b, tolerance = 5e-3) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'least-for-yes': {
    isRight: (loss) => near(loss, Math.log(1 + 1 / Math.E), 1e-3),
    praise: 'σ(1) = 0.731: surer than that the loss never gets.',
    mistakes: [
      [
        (loss) => near(loss, Math.LN2, 1e-3),
        'That is what a label of 0 gets at best: the second sigmoid sees 0 there.',
      ],
      [(loss) => near(loss, 0.5514, 1e-3), 'That is the softmax of three classes. Here are two, and a sigmoid.'],
      [(loss) => loss === 0, 'It would be with one sigmoid. The second one sees 1 at most.'],
    ],
    otherwise: 'The second sigmoid makes 1/(1 + 1/e) of the 1. Its negative logarithm?',
    tried: { right: [0.3133, Math.log(1 + 1 / Math.E)], wrong: [Math.LN2, 0.5514, 0, 1] },
  },
  'left-to-fall': {
    isRight: (loss) => near(loss, Math.log(1000) - Math.log(1 + 999 / Math.E)),
    praise: 'The whole ruler is one unit long, and chance is near its upper end.',
    mistakes: [
      [(loss) => near(loss, Math.log(1000)), 'That is the loss by chance. How much of it is above the floor?'],
      [(loss) => near(loss, Math.log(1 + 999 / Math.E)), 'That is the floor itself.'],
    ],
    otherwise: 'The loss by chance is ln 1000, the floor ln(1 + 999/e).',
    tried: { right: [0.998], wrong: [Math.log(1000), 5.91, 2] },
  },
};
