const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'thrown-share': {
    isRight: (share) => near(share, 1 / 6, 1e-3),
    praise: 'A quarter is thrown, and two of three throws are another label.',
    mistakes: [
      [(share) => near(share, 1 / 4, 1e-3), 'That many are thrown. Some of these get the label of the rule.'],
      [(share) => near(share, 1 / 12, 1e-3), 'These are thrown and get the label of the rule.'],
      [(share) => near(share, 2 / 3, 1e-2), 'That is among thrown labels. How many rows are thrown?'],
    ],
    otherwise: 'Multiply the share that is thrown by the chance that a throw differs.',
    tried: { right: [1 / 6, 0.1667], wrong: [0.25, 1 / 12, 2 / 3, 0.5] },
  },
  'leaning-net': {
    isRight: (loss) => near(loss, (Math.log(2) + 2 * Math.log(4)) / 3, 2e-3),
    praise: 'The mean of ln 2, ln 4 and ln 4. To lean costs: being undecided is 1.0986.',
    mistakes: [
      [
        (loss) => near(loss, 1 / 3, 4e-3),
        'That is the share of the true label, in the mean. The loss is a mean of logarithms.',
      ],
      [(loss) => near(loss, Math.log(3), 2e-3), 'That is the loss of a net that gives ⅓ to each. This one leans to 0.'],
      [
        (loss) => near(loss, 1.5 * Math.log(2), 2e-3),
        'You weighted with the shares of the net. The die throws each label a third of the time.',
      ],
      [(loss) => loss < 0, 'A share is below 1 and its logarithm negative; the loss has a minus before it.'],
      [
        (loss) => near(loss, 5 / 3, 4e-3),
        'That is in bits, with the logarithm to the base of 2. Here it is the natural one.',
      ],
    ],
    otherwise:
      'Each label comes a third of the time; take −ln of the share that it is given, and the mean of the three.',
    tried: { right: [1.1552, 1.155], wrong: [0.3333, 1.0986, 1.0397, -1.1552, 1.6667, 3] },
  },
};
