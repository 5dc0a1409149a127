const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  overtaken: {
    isRight: (passes) => near(passes, 17, 0.01),
    praise: 'In eight orders of the rows it happens between 14 and 24 passes, for the dance has ups and downs.',
    mistakes: [
      [(passes) => near(passes, 16, 0.45), 'That is the number of factors. The first pass comes on top.'],
      [(passes) => near(passes, 16.6, 0.1), 'He stands still between two passes: the next whole one.'],
      [(passes) => near(passes, 18, 0.01), 'The first pass leaves 3.05; from there 15.6 more are needed.'],
      [(passes) => passes > 1000, 'Count passes, not gradients.'],
    ],
    otherwise: 'How often must 3.05 be multiplied by 0.7436 to get below 0.03?',
    tried: { right: [17], wrong: [16, 15.6, 16.6, 18, 3400, 5] },
  },
  'too-fast': {
    isRight: (share) => near(share, 0.972, 0.004),
    praise: 'All his steps together are shorter than two of the first.',
    mistakes: [
      [(share) => near(share, 0, 1e-9), 'That takes rates whose sum grows without end.'],
      [(share) => near(share, 0.028, 0.004), 'That is the share that has been covered.'],
      [(share) => near(share, 0.1645, 0.002), 'That is the sum of the rates. How much of the way is left after it?'],
      [(share) => near(share, 0.848, 0.004), 'A step of η leaves 1 − ηλ; λ is 0.17.'],
      [(share) => near(share, 0.983, 0.001), 'That is what the first step leaves.'],
    ],
    otherwise: 'Add the rates: 0.1 · 1.645. The logarithm of what is left is minus λ times that.',
    tried: { right: [0.97, 0.9724], wrong: [0, 0.028, 0.1645, 0.848, 0.983, 0.5] },
  },
};
