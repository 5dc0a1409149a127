const near = (value, right) => Math.abs(value - right) < 1e-9;
const same = (given, wanted) => given.length === wanted.length && given.every((v, i) => near(v, wanted[i]));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'next-step': {
    isRight: (steps) => same(steps, [0.9, 0.09]),
    praise: 'Inside coasts, outside brakes: ten times.',
    mistakes: [
      [(steps) => same(steps, [0.09, 0.9]), 'The other way round: outside multiplies by the rate of today.'],
      [(steps) => same(steps, [0.9, 0.1]), 'Outside, too, keeps only nine tenths of its sum.'],
      [(steps) => same(steps, [0.9, 0.9]), 'That would be right if the rate stood still.'],
    ],
    otherwise: 'No slope: inside keeps 0.9 of the step; outside keeps 0.9 of the sum, times the new rate.',
    tried: {
      right: [[0.9, 0.09]],
      wrong: [
        [0.09, 0.9],
        [0.9, 0.1],
        [0.9, 0.9],
        [1, 1],
      ],
    },
  },
  'mend-the-sum': {
    isRight: (times) => near(times, 10),
    praise: 'Then rate times sum, the speed, is what it was.',
    mistakes: [
      [(times) => near(times, 0.1), 'The rate is already smaller; this would brake a second time.'],
      [(times) => near(times, 9) || near(times, 0.9), 'γ has nothing to do with it.'],
      [(times) => near(times, 1), 'Then it brakes, which is what it does by itself.'],
    ],
    otherwise: 'The old rate times the old sum is to be the new rate times the new sum.',
    tried: { right: [10], wrong: [0.1, 9, 0.9, 1, 3] },
  },
};
