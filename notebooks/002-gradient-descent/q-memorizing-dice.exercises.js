const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'thrown-share': {
    isRight: (share) => near(share, 1 / 6, 1e-3),
    praise: 'A quarter is random, and two of three random labels are another one.',
    mistakes: [
      [(share) => near(share, 1 / 4, 1e-3), 'That many are random. Some of these get the label of the rule.'],
      [(share) => near(share, 1 / 12, 1e-3), 'These are random and get the label of the rule.'],
      [(share) => near(share, 2 / 3, 1e-2), 'That is among random labels. How many rows have one?'],
    ],
    otherwise: 'Multiply the share that is random by the chance that a random label differs.',
    tried: { right: [1 / 6, 0.1667], wrong: [0.25, 1 / 12, 2 / 3, 0.5] },
  },
  'leaning-net': {
    isRight: (loss) => near(loss, (Math.log(2) + 2 * Math.log(4)) / 3, 2e-3),
    praise: 'The mean of ln 2, ln 4 and ln 4. A favourite costs: being undecided is 1.0986.',
    mistakes: [
      [
        (loss) => near(loss, 1 / 3, 4e-3),
        'That is the probability of the true label, in the mean. The loss is a mean of logarithms.',
      ],
      [
        (loss) => near(loss, Math.log(3), 2e-3),
        'That is the loss of a net that gives ⅓ to each. This one has a favourite, 0.',
      ],
      [
        (loss) => near(loss, 1.5 * Math.log(2), 2e-3),
        'You weighted with the probabilities of the net. Each label comes a third of the time.',
      ],
      [(loss) => loss < 0, 'A probability is below 1 and its logarithm negative; the loss has a minus before it.'],
      [
        (loss) => near(loss, 5 / 3, 4e-3),
        'That is in bits, with the logarithm to the base of 2. Here it is the natural one.',
      ],
    ],
    otherwise:
      'Each label comes a third of the time; take −ln of the probability that it is given, and the mean of the three.',
    tried: { right: [1.1552, 1.155], wrong: [0.3333, 1.0986, 1.0397, -1.1552, 1.6667, 3] },
  },
};
