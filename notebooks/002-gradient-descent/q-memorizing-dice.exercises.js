const near = (a, b, tolerance) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'by-heart': {
    isRight: (rows) => rows >= 200 && rows < 220,
    praise: 'About half a row for each weight. More can be learned in part, as the 500 above.',
    mistakes: [
      [(rows) => near(rows, 391, 9), 'One row for each weight would be fair, but the net does not manage that many.'],
      [(rows) => rows >= 220, 'Try it with all three seeds: some rows are missed.'],
      [(rows) => rows < 200, 'It can do more: try 50 rows more, with all three seeds.'],
    ],
    otherwise: 'A number of rows, please.',
    tried: { right: [200, 210], wrong: [391, 250, 500, 150] },
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
