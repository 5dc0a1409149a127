const near = (a, b, tolerance = 0.005) => Math.abs(a - b) <= tolerance;

/** A shuffle that is known, and another one in each call. */
const shuffler = () => {
  let calls = 0;
  return (n) => {
    calls++;
    return Array.from({ length: n }, (_, i) => (i * 3 + calls) % n);
  };
};
const x = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const y = x.map((value) => `row ${value}`);
const epochsOf = (deal, size = 4) => {
  const shuffle = shuffler();
  return [1, 2].map(() => Array.from(deal(x, y, size, shuffle)));
};
const featuresOf = (epoch) => epoch.flatMap(([features]) => features);
const sorted = (list) => [...list].sort((a, b) => a - b);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isPaired = ([features, labels]) =>
  same(
    labels,
    features?.map((value) => `row ${value}`),
  );

function* right(features, labels, size, shuffle) {
  const order = shuffle(features.length);
  for (let at = 0; at < order.length; at += size) {
    const batch = order.slice(at, at + size);
    yield [batch.map((i) => features[i]), batch.map((i) => labels[i])];
  }
}
function* dropped(features, labels, size, shuffle) {
  for (const batch of right(features, labels, size, shuffle)) if (batch[0].length === size) yield batch;
}
const inOrder = (features, labels, size) =>
  right(features, labels, size, (n) => Array.from({ length: n }, (_, i) => i));
function* mispaired(features, labels, size, shuffle) {
  const order = shuffle(features.length);
  for (let at = 0; at < order.length; at += size)
    yield [order.slice(at, at + size).map((i) => features[i]), labels.slice(at, at + size)];
}
function* withReplacement(features, labels, size, shuffle) {
  for (let at = 0; at < features.length; at += size) {
    const batch = shuffle(features.length).slice(0, Math.min(size, features.length - at));
    yield [batch.map((i) => features[i]), batch.map((i) => labels[i])];
  }
}
function* whole(features, labels, _, shuffle) {
  yield* right(features, labels, features.length, shuffle);
}

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'batch-for-updates': {
    isRight: (rows) => rows === 100,
    praise: '600 updates an epoch, so 60,000/600 = 100 rows.',
    mistakes: [
      [(rows) => rows === 10, 'That makes 6,000 updates in one epoch, and 60,000 in ten.'],
      [(rows) => rows === 600, 'That is the number of updates in an epoch.'],
      [(rows) => rows === 1000, 'Batches of 1,000 make 60 updates an epoch, and 600 in ten.'],
    ],
    otherwise: 'First the updates of one epoch, then the rows of one update.',
    tried: { right: [100], wrong: [10, 600, 1000, 6000] },
  },
  'recall-and-precision': {
    isRight: (answer) => Array.isArray(answer) && near(answer[0], 0.8) && near(answer[1], 80 / 85),
    praise: 'Of 100 shirts 80 are found. Of 85 answers “shirt” 80 are right.',
    mistakes: [
      [(answer) => near(answer?.[0], 80 / 85) && near(answer?.[1], 0.8), 'The other way round.'],
      [(answer) => near(answer?.[0], 80) || near(answer?.[1], 94), 'As shares, please, from 0 to 1.'],
      [(answer) => near(answer?.[0], 0.875), 'That is the accuracy, 175 of 200.'],
      [
        (answer) => near(answer?.[0], 0.8) && near(answer?.[1], 0.95),
        'Of the bags 95 of 100 are right. Precision of shirts asks: of the answers “shirt”?',
      ],
    ],
    otherwise: 'Recall: 80 of how many shirts? Precision: 80 of how many answers “shirt”?',
    tried: {
      right: [[0.8, 0.941]],
      wrong: [
        [0.941, 0.8],
        [80, 94],
        [0.875, 0.875],
        [0.8, 0.95],
        [0, 0],
      ],
    },
  },
  'write-a-loader': {
    probe: [x, y, 4, shuffler()],
    isRight: (deal) => {
      const [one, two] = epochsOf(deal);
      return (
        [one, two].every((epoch) => same(sorted(featuresOf(epoch)), x) && epoch.every(isPaired)) &&
        same(
          one.map(([features]) => features.length),
          [4, 4, 2],
        ) &&
        !same(one, two)
      );
    },
    praise: 'Every row once, labels beside their rows, another order in each epoch, and a short batch at the end.',
    mistakes: [
      [
        (deal) => epochsOf(deal)[0].length > 0 && !epochsOf(deal)[0].every(isPaired),
        'Features and labels do not belong together. Take both by the same row numbers.',
      ],
      [
        (deal) =>
          same(
            epochsOf(deal)[0].map(([features]) => features.length),
            [4, 4],
          ),
        'The last two rows are lost. A short batch is a batch.',
      ],
      [
        (deal) => new Set(featuresOf(epochsOf(deal)[0])).size < 10,
        'Some rows come twice, and others not at all: shuffle once an epoch.',
      ],
      [(deal) => epochsOf(deal)[0].some(([features]) => features.length > 4), 'A batch has at most `size` rows.'],
      [(deal) => same(...epochsOf(deal)), 'Both epochs have the same order. Use shuffle(n).'],
    ],
    otherwise: 'Shuffle the row numbers once, cut them into pieces of `size`, and yield features and labels of each.',
    tried: { right: [right], wrong: [dropped, inOrder, mispaired, withReplacement, whole] },
  },
};
