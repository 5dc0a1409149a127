const near = (a, b, tolerance = 0.005) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'flat-beyond': {
    isRight: (x) => near(Math.abs(x), Math.acosh(10)),
    praise: 'arcosh 10. The sigmoid needs 4.585 for that.',
    mistakes: [
      [(x) => near(Math.abs(x), 4.585), 'That is the sigmoid’s. tanh′(x) = 4σ′(2x).'],
      [(x) => near(Math.abs(x), 2.2925), 'Half of the sigmoid’s place: but tanh is four times as steep there, 0.04.'],
      [(x) => near(Math.abs(x), Math.atanh(0.99)), 'There tanh itself is 0.99. Its slope is 1 − tanh².'],
    ],
    otherwise: '1/cosh² x = 0.01, so cosh x = 10.',
    tried: { right: [2.993, Math.acosh(10)], wrong: [4.585, 2.2925, Math.atanh(0.99), 1] },
  },
  'steady-scale': {
    isRight: (s) => near(s, 4, 0.01),
    praise: 'Four times a quarter is one, as long as the sums stay near 0.',
    mistakes: [
      [(s) => near(s, 1, 0.01), 'That is right for tanh, whose slope is 1 in the middle.'],
      [(s) => near(s, 0.25, 0.01), 'Then the factor is a sixteenth.'],
      [(s) => near(s, 2, 0.01), 'The root is taken of mean squares already: s times ¼ is to be 1.'],
    ],
    otherwise: 's times ¼ is to be 1.',
    tried: { right: [4], wrong: [1, 0.25, 2, 10] },
  },
};
