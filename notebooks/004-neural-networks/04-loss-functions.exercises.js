const near = (a, b) => Math.abs(a - b) < 0.006;

/** Scores and labels that no cell shows; the last one overflows if the largest is not taken off. */
const rows = [
  [[Math.log(2), 0, 0], 1],
  [[3, -1, 0.5, 2], 0],
  [[0, 0], 1],
];
const large = [
  [[1000, 0, 0], 0],
  [[1000, 0, 0], 1],
  [[-1000, -1001], 0],
];
const right = (scores, label) => {
  const top = Math.max(...scores);
  return top + Math.log(scores.reduce((sum, z) => sum + Math.exp(z - top), 0)) - scores[label];
};
const agrees = (given, wanted, on) =>
  on.every(([scores, label]) => Math.abs(given(scores, label) - wanted(scores, label)) < 1e-6);
const naive = (scores, label) => -Math.log(Math.exp(scores[label]) / scores.reduce((sum, z) => sum + Math.exp(z), 0));

const wanted = ['huber', 'ce', 'bce', 'bce', 'mse', 'ce'];
const differ = (list, at, other) =>
  list.length === 6 && list.every((one, i) => (at.includes(i) ? one === other : one === wanted[i]));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'best-of-both': {
    isRight: (m) => Math.abs(m - 5 / 6) < 0.004,
    praise: 'Between the median, 0, and the mean, 1: 6m − 5 = 0.',
    mistakes: [
      [(m) => near(m, 1), 'That is the mean, best for squares alone. The absolute parts pull as well.'],
      [(m) => near(m, 0), 'That is the median, best for the absolute loss alone.'],
      [(m) => near(m, 3 / 2), 'The two at 0 lie below the answer: their absolute slopes are +1 each, not −1.'],
      [(m) => near(m, 1 / 2), 'The one at 3 lies above the answer: its absolute slope is −1.'],
      [(m) => near(m, 2 / 3), 'A square has the slope 2r, not r.'],
    ],
    otherwise: 'For 0 < m < 3 the slopes are 1 + 2m, twice, and −1 + 2(m − 3).',
    tried: { right: [5 / 6, 0.833], wrong: [1, 0, 3 / 2, 1 / 2, 2 / 3, 2] },
  },
  'row-loss': {
    probe: [[1, 2], 0],
    isRight: (given) => agrees(given, right, rows) && agrees(given, right, large),
    praise: 'Right, and it survives any scores: libraries do the same.',
    mistakes: [
      [
        (given) => agrees(given, right, rows) && !agrees(given, right, large),
        'Right for small scores. exp(1000) overflows: take the largest score off first.',
      ],
      [(given) => agrees(given, (z, t) => -right(z, t), rows), 'The sign: the logarithm of a probability is negative.'],
      [
        (given) => agrees(given, (z, t) => right(z, t) / z.length, rows),
        'That divides by the number of classes. The mean goes over rows, and this is one.',
      ],
      [
        (given) => agrees(given, (z, t) => Math.exp(-right(z, t)), rows),
        'That is the probability. The loss is −ln of it.',
      ],
      [(given) => agrees(given, (z, t) => 1 - Math.exp(-right(z, t)), rows), 'That is 1 − p. The loss is −ln p.'],
      [
        (given) => agrees(given, (z, t) => (1 - Math.exp(-right(z, t))) ** 2, rows),
        'That is squared error on the probability.',
      ],
    ],
    otherwise: 'For scores (ln 2, 0, 0) and class 1 it must be ln 4.',
    tried: {
      right: [right],
      wrong: [
        naive,
        (z, t) => -right(z, t),
        (z, t) => right(z, t) / z.length,
        (z, t) => Math.exp(-right(z, t)),
        (z, t) => 1 - Math.exp(-right(z, t)),
        (z, t) => (1 - Math.exp(-right(z, t))) ** 2,
        (z, t) => -z[t],
      ],
    },
  },
  'six-tasks': {
    isRight: (list) => differ(list, [], ''),
    praise: 'Yes. The tags are several yes or no, and probabilities are targets for cross entropy.',
    mistakes: [
      [(list) => differ(list, [3], 'ce'), 'A photo may have several tags. Softmax would make them compete.'],
      [(list) => differ(list, [0], 'mse'), 'Some heights are typed wrongly. Squares let them pull hardest.'],
      [(list) => differ(list, [5], 'mse'), 'Cross entropy takes probabilities as targets, too.'],
      [(list) => differ(list, [4], 'huber'), 'It would do. But every row is trusted, and squares use all of it.'],
      [(list) => list.length !== 6, 'Six tasks, six words.'],
    ],
    otherwise: 'Numbers: mse or huber. One of many, or shares of them: ce. Yes or no, for each: bce.',
    tried: {
      right: [wanted],
      wrong: [
        ['huber', 'ce', 'bce', 'ce', 'mse', 'ce'],
        ['mse', 'ce', 'bce', 'bce', 'mse', 'ce'],
        ['huber', 'ce', 'bce', 'bce', 'mse', 'mse'],
        ['huber', 'ce', 'bce', 'bce', 'huber', 'ce'],
        ['ce'],
        ['mse', 'mse', 'mse', 'mse', 'mse', 'mse'],
      ],
    },
  },
};
