const near = (a, b, share = 1e-3) => Math.abs(a - b) <= share * Math.abs(b);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'option-for-penalty': {
    isRight: (decay) => near(decay, 0.06),
    praise: 'The option adds decay · w to the gradient, and the slope of 0.03 w² is 0.06 w.',
    mistakes: [
      [(decay) => near(decay, 0.03), 'The option adds decay · w to the gradient. What is the slope of 0.03 w²?'],
      [(decay) => near(decay, 0.015), 'The factor 2 goes the other way.'],
    ],
    otherwise: 'One number: what is added to the gradient must be the slope of the penalty.',
    tried: { right: [0.06], wrong: [0.03, 0.015, 0.0009] },
  },
  'largest-rate': {
    isRight: (lr) => near(lr, 2 / 32.125),
    praise: 'Beyond 2 over the curvature each step across the valley lands higher on the other wall.',
    mistakes: [
      [(lr) => near(lr, 1 / 16, 1e-4), 'Almost: that is 2/32. At (4, ¼) the curvature is a little more than 32.'],
      [
        (lr) => near(lr, 1 / 32.125),
        'With this rate one step reaches the bottom. How large may it be until it flies off?',
      ],
      [(lr) => near(lr, 0.5), 'That is for (1, 1), where the walls are gentle.'],
    ],
    otherwise: 'The curvature at (4, ¼) is 2(w₁² + w₂²), and the largest rate 2 over it.',
    tried: { right: [2 / 32.125, 0.06226], wrong: [1 / 16, 1 / 32.125, 0.5, 0.1] },
  },
};
