const near = (a, b, share = 1e-3) => Math.abs(a - b) <= share * Math.abs(b);

/** Order of the rows that the checks use: a shuffle that is known. */
const turned = (n) => Array.from({ length: n }, (_, i) => (i * 3 + 1) % n);
const right = (n, B, shuffle) => {
  const order = shuffle(n);
  return Array.from({ length: Math.ceil(n / B) }, (_, k) => order.slice(k * B, (k + 1) * B));
};
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const cases = [
  [10, 4],
  [8, 4],
  [7, 7],
  [5, 2],
  [4, 10],
];
const agrees = (given, wanted) => cases.every(([n, B]) => same(given(n, B, turned), wanted(n, B, turned)));
const flat = (batches) => (Array.isArray(batches) ? batches.flat() : []);
const dropped = (n, B, shuffle) => right(n, B, shuffle).filter((batch) => batch.length === B);
const unshuffled = (n, B) => right(n, B, (m) => Array.from({ length: m }, (_, i) => i));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'updates-of-64': {
    isRight: (updates) => updates === 160,
    praise: '⌈1,000/64⌉ is 16, and 10 epochs make 160.',
    mistakes: [
      [(updates) => updates === 150, 'That drops the last batch. It has 40 rows, and makes a step, too.'],
      [(updates) => near(updates, 156.25), 'An update is whole: the last batch is short, but it is one.'],
      [(updates) => updates === 157, 'Round up in each epoch, not once at the end.'],
      [(updates) => updates === 16, 'That is one epoch.'],
      [(updates) => updates === 10_000, 'That is single rows.'],
    ],
    otherwise: 'Batches in an epoch, rounded up, times epochs.',
    tried: { right: [160], wrong: [150, 156.25, 157, 16, 10_000, 64] },
  },
  'deal-batches': {
    probe: [10, 4, turned],
    isRight: (given) => agrees(given, right),
    praise: 'Each row once, in a new order each epoch, and the last batch may be short.',
    mistakes: [
      [(given) => agrees(given, dropped), 'The last rows are lost. A short batch is a batch.'],
      [(given) => agrees(given, unshuffled), 'The order is the same in each epoch. Use shuffle(n).'],
      [
        (given) => cases.some(([n, B]) => flat(given(n, B, turned)).length > n),
        'Some rows come twice, or do not exist: there are more places than rows.',
      ],
      [
        (given) =>
          cases.some(([n, B]) => given(n, B, turned).some((batch) => !Array.isArray(batch) || batch.length > B)),
        'Each batch is a list of at most B rows.',
      ],
    ],
    otherwise: 'Cut shuffle(n) into pieces of B; the last has what is left.',
    tried: {
      right: [right],
      wrong: [
        dropped,
        unshuffled,
        (n, B, shuffle) => [...right(n, B, shuffle), [0]],
        (n, _, shuffle) => [shuffle(n)],
        (n, B, shuffle) => right(n, B, shuffle).reverse(),
      ],
    },
  },
  'level-rate': {
    isRight: (answer) => Array.isArray(answer) && near(answer[0], 0.025) && near(answer[1], 0.0005),
    praise: 'A quarter of the rows: a quarter of the rate for SGD, half of it for Adam.',
    mistakes: [
      [
        (answer) => near(answer?.[0], 0.4),
        'The other way round: a smaller batch makes more steps, so each is shorter.',
      ],
      [
        (answer) => near(answer?.[0], 0.025) && near(answer?.[1], 0.00025),
        'Right for SGD. Adam divides by the gradient’s size, which has grown already: take the root.',
      ],
      [
        (answer) => near(answer?.[0], 0.05),
        'Half is the root of a quarter. That is Adam’s rule; SGD’s rate goes with the batch itself.',
      ],
    ],
    otherwise: 'Four steps of 8 rows together should go as far as one step of 32.',
    tried: {
      right: [[0.025, 0.0005]],
      wrong: [
        [0.4, 0.004],
        [0.025, 0.00025],
        [0.05, 0.0005],
        [1, 1],
      ],
    },
  },
};
