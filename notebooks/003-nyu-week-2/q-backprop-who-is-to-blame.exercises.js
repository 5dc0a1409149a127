const near = (a, b) => Math.abs(a - b) < 0.003;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'blame-twice-the-weight': {
    isRight: (x) => near(x, 0.1285),
    praise: 'Half as far: the best u = wx is the same for each weight.',
    mistakes: [
      [(x) => near(x, 0.514), 'The other way round: a larger weight makes the unit flat earlier.'],
      [(x) => near(x, 0.257), 'That is for w = 3. The unit with w = 6 is flat earlier.'],
      [(x) => near(x, 0.771), 'That is u = wx. And x?'],
    ],
    otherwise: 'With u = wx the blame is u (1 − tanh² u) / w: find x from the same u.',
    tried: { right: [0.1285, 0.129], wrong: [0.514, 0.257, 0.771, 1] },
  },
};
