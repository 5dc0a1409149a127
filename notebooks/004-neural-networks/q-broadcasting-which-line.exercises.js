/** The numbers of a tensor, or of a list as the tests of this file have them. */
const plain = (answer) => (typeof answer?.tolist === 'function' ? answer.tolist() : answer);
const near = (a, b) => Math.abs(a - b) < 1e-9;
const are = (answer, wanted) => {
  const list = [plain(answer)].flat(9);
  return list.length === wanted.length && list.every((v, i) => near(v, wanted[i]));
};

const matrices = [
  [
    [1, 2, 6],
    [4, 9, 5],
    [7, 1, 3],
  ],
  [
    [1, 2, 6, 3],
    [4, 9, 5, 8],
    [7, 1, 3, 2],
  ],
];
const mean = (list) => list.reduce((sum, v) => sum + v, 0) / list.length;
const lessRows = (matrix) => matrix.map((row) => row.map((v) => v - mean(row)));
const lessColumns = (matrix) => matrix.map((row) => row.map((v, j) => v - mean(matrix.map((other) => other[j]))));
const gives = (run, change) => {
  const answers = run();
  return matrices.every((matrix, i) => are(answers[i], change(matrix).flat()));
};
const messageOf = (run) => {
  try {
    run();
    return '';
  } catch (error) {
    return String(error);
  }
};
/** An answer to the second exercise that computes on lists. */
const answer = (change) => () => matrices.map(change);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  repair: {
    isRight: (residuals) => are(residuals, [-0.5, 0, 0.5, -1]),
    praise: 'Equal shapes: nothing is repeated, and every prediction meets its own target.',
    mistakes: [
      [(residuals) => [plain(residuals)].flat(9).length === 16, 'Still sixteen: one is a column and the other a list.'],
      [
        (residuals) => [plain(residuals)].flat(9).length === 1,
        'One number: a sum no longer knows which target belongs to which prediction.',
      ],
      [(residuals) => are(residuals, [0.5, 0, -0.5, 1]), 'That is target minus prediction.'],
    ],
    otherwise: 'Four numbers: 1 − 1.5, 2 − 2 and so on.',
    tried: {
      right: [
        [-0.5, 0, 0.5, -1],
        [[-0.5], [0], [0.5], [-1]],
      ],
      wrong: [Array(16).fill(0), -1, [0.5, 0, -0.5, 1], [1, 2, 3, 4]],
    },
  },
  centre: {
    probe: [],
    isRight: (run) => messageOf(run) === '' && gives(run, (matrix) => lessRows(lessColumns(matrix))),
    praise:
      'Now all rows and all columns have mean 0. The means of columns may be a list; the means of rows have to be a column.',
    mistakes: [
      [
        (run) => /broadcast/.test(messageOf(run)),
        'The means of rows are a list, (3), which is a row: it does not fit (3, 4). For the square matrix the line runs, and takes them from the columns.',
      ],
      [(run) => messageOf(run) !== '', 'It throws; call it on `square` and read what it says.'],
      [(run) => gives(run, lessColumns), 'The columns are done, the rows not yet.'],
      [(run) => gives(run, lessRows), 'The rows are done, the columns not yet.'],
      [
        (run) => gives(run, (matrix) => matrix.map((row) => row.map((v) => v - mean(matrix.flat())))),
        'That is one mean, of the whole matrix.',
      ],
    ],
    otherwise: 'First a mean for each column, then a mean for each row of what is left.',
    tried: {
      right: [answer((matrix) => lessRows(lessColumns(matrix)))],
      wrong: [
        () => {
          throw new Error('add: shapes [3, 4] and [3] do not broadcast');
        },
        () => {
          throw new Error('mean: there is no dimension 2');
        },
        answer(lessColumns),
        answer(lessRows),
        answer((matrix) => matrix.map((row) => row.map((v) => v - mean(matrix.flat())))),
        answer((matrix) => matrix),
      ],
    },
  },
};
