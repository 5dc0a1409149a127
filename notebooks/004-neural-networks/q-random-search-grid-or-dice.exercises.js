const near = (a, b, by = 0.005) => Math.abs(a - b) < by;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'even-throws': {
    isRight: (share) => near(share, 0.0999),
    praise: 'Nine throws in ten are spent between 0.1 and 1. By the logarithm it is one in four.',
    mistakes: [
      [(share) => near(share, 0.75), 'That is the share where the logarithm is thrown evenly: three of four decades.'],
      [(share) => near(share, 0.9), 'That is the share above 0.1.'],
      [(share) => near(share, 9.99), 'Per cent: give a number from 0 to 1.'],
    ],
    otherwise: 'The numbers from 0.0001 to 0.1 are how much of the length from 0.0001 to 1?',
    tried: { right: [0.0999, 0.1, 0.0999 / 0.9999], wrong: [0.75, 0.9, 9.99, 0.5] },
  },
  'how-many-throws': {
    isRight: (count) => count === 59,
    praise: 'log 0.05 / log 0.95 is 58.4. How many settings there are does not enter.',
    mistakes: [
      [(count) => count === 58, 'Nearly: with 58 it is 94.9 in 100.'],
      [
        (count) => count === 19 || count === 20,
        'On average one of twenty is among the best twentieth: but on average only. One run in three has none.',
      ],
      [(count) => near(count, 58.4, 0.05), 'Throws are whole.'],
    ],
    otherwise: 'All n throws miss with probability 0.95ⁿ. For which n is that below 0.05?',
    tried: { right: [59], wrong: [58, 20, 19, 58.4, 100] },
  },
};
