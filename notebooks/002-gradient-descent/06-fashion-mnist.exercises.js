const near = (a, b, tolerance = 1e-6) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  recall: {
    isRight: (share) => near(share, 0.6),
    praise: 'Of a hundred shirts sixty are found.',
    mistakes: [
      [
        (share) => near(share, 0.75),
        'That is along the column: of all that it calls shirts, three quarters are. It is the precision.',
      ],
      [(share) => near(share, 230 / 300, 1e-3), 'That is the accuracy, of all kinds together.'],
      [(share) => near(share, 60), 'As a share, please, from 0 to 1.'],
    ],
    otherwise: 'The row of the shirts says what became of the hundred shirts.',
    tried: { right: [0.6, 60 / 100], wrong: [0.75, 0.7667, 60, 0.1] },
  },
  weights: {
    isRight: (count) => near(count, 10407),
    praise: 'A tenth of the wide net, and nearly all of them in the first layer.',
    mistakes: [
      [(count) => near(count, 10376), 'Nearly: each unit also has a bias.'],
      [(count) => near(count, 109386), 'That is the wide net.'],
      [(count) => near(count, 784 * 13 * 8 * 10), 'Layers add their weights; they do not multiply them.'],
    ],
    otherwise: 'A layer from n to m units has n · m weights and m biases.',
    tried: { right: [10407], wrong: [10376, 109386, 815360, 100] },
  },
};
