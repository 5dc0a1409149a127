const near = (a, b, by) => Math.abs(a - b) < by;
const isPair = (pair) => Array.isArray(pair) && pair.length === 2 && pair.every(Number.isFinite);
const is = (pair, a, b) => isPair(pair) && near(pair[0], a, 0.02) && near(pair[1], b, 0.02);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'two-rows': {
    isRight: (pair) => is(pair, -1, 1),
    praise: 'Both are 249 away from their mean, which is the spread. Any two different numbers give −1 and 1.',
    mistakes: [
      [(pair) => is(pair, 1, -1), 'Which of the two lies below the mean?'],
      [(pair) => is(pair, -249, 249), 'That is without its mean. Now divide by the spread.'],
      [(pair) => is(pair, 0, 1), 'That scales to the range from 0 to 1. Batch norm gives mean 0 and spread 1.'],
      [
        (pair) => is(pair, -Math.SQRT1_2, Math.SQRT1_2),
        'That divides by the root of the sum over n − 1; in a batch it is the mean, over n.',
      ],
    ],
    otherwise: 'A pair is asked for: (z − mean) / spread, for z = 2 and for z = 500.',
    tried: { right: [[-1, 1]], wrong: [[1, -1], [-249, 249], [0, 1], [-Math.SQRT1_2, Math.SQRT1_2], [2, 500], [3]] },
  },
  batches: {
    isRight: (count) => count === 44,
    praise: 'What is missing is 0.9 to the power of 44, just below a hundredth.',
    mistakes: [
      [(count) => count === 43, 'After 43 batches 1.08 % are still missing.'],
      [
        (count) => count === 10,
        'A tenth of what is *missing* comes each time, not a tenth of 5. After ten, a third is missing.',
      ],
      [(count) => count === 22, 'After 22 batches a tenth is missing.'],
      [(count) => count > 44 && count < 50, 'It is within 1 % a little earlier.'],
    ],
    otherwise: 'The least whole number k for which 0.9 to the power of k is at most 0.01.',
    tried: { right: [44], wrong: [43, 10, 22, 45, 100] },
  },
};
