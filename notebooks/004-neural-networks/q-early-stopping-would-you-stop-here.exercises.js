const near = (a, b) => Math.abs(a - b) < 1e-9;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'epochs-trained': {
    isRight: (epochs) => near(epochs, 4),
    praise: 'Two without anything better than 0.7, and 0.6 is never seen.',
    mistakes: [
      [(epochs) => near(epochs, 2), 'After two it has 0.7, its best. Then it waits.'],
      [(epochs) => near(epochs, 3), 'One epoch without anything better: with a patience of 2 one more is allowed.'],
      [(epochs) => near(epochs, 7), 'That is where it would stop if it had come past the first hill.'],
      [(epochs) => near(epochs, 8), 'The end is never reached.'],
    ],
    otherwise: 'Count from 0.7 on: which epoch is the second that is no better?',
    tried: { right: [4], wrong: [2, 3, 7, 8, 5] },
  },
  'kept-loss': {
    isRight: (loss) => near(loss, 0.7),
    praise: '0.6 does not count as better, and the patience is over.',
    mistakes: [
      [(loss) => near(loss, 0.5), 'So it would be with δ = 0.'],
      [(loss) => near(loss, 0.6), '0.6 is 0.1 better than 0.7, and 0.15 are asked for.'],
    ],
    otherwise: 'The best that counted, when three epochs in a row had not.',
    tried: { right: [0.7], wrong: [0.5, 0.6, 0.9] },
  },
};
