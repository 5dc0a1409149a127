const words = (list) => [list].flat().map((word) => String(word).trim().toLowerCase());
const are = (list, ...wanted) => words(list).sort().join() === wanted.sort().join();
const same = (given, wanted) => given.length === wanted.length && given.every((v, i) => Math.abs(v - wanted[i]) < 0.01);

const [places, arriving] = [
  [-2, 0.5, 3],
  [1, 2, 5],
];
/** Whether a way back gives these numbers, for what arrives and an input. */
const gives = (wanted) => (back) => {
  const found = back(arriving, places);
  const expected = places.map((at, i) => wanted(arriving[i], at));
  return Array.isArray(found) && same(found, expected);
};
/** A way back for lists, from one for numbers. */
const each = (back) => (dy, x) => dy.map((one, i) => back(one, x[i]));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'autograd-output': {
    isRight: (list) => are(list, 'exp', 'tanh'),
    praise: 'Their slopes are y and 1 − y², cheap from what came out.',
    mistakes: [
      [(list) => are(list, 'exp'), 'Right, and there is one more: its slope is 1 − y².'],
      [(list) => are(list, 'tanh'), 'Right, and there is one more: it is its own slope.'],
      [
        (list) => words(list).includes('log'),
        'The slope of ln x is 1/x. From its output, x would have to be computed first.',
      ],
    ],
    otherwise: 'A list of "exp", "log" and "tanh", those that keep their output.',
    tried: {
      right: [
        ['exp', 'tanh'],
        [' Tanh', 'exp'],
      ],
      wrong: [['exp'], ['tanh'], ['exp', 'log', 'tanh'], ['log'], ['sin']],
    },
  },
  'autograd-cube': {
    probe: [arriving, places],
    isRight: gives((dy, x) => 3 * dy * x * x),
    praise: 'The slope 3x², from what is kept, times what arrives.',
    mistakes: [
      [gives((_, x) => 3 * x * x), 'That is the slope alone: dy is forgotten. It is right only where 1 arrives.'],
      [gives((dy, x) => 3 * dy * x), 'The exponent comes down by 1, from 3 to 2: 3x², not 3x.'],
      [gives((dy, x) => dy * x * x), 'The factor 3, the old exponent, is missing.'],
      [gives((dy, x) => dy * x ** 3), 'That is the way out. Its slope is 3x².'],
      [gives((dy, x) => dy + 3 * x * x), 'What arrives is multiplied, not added. Sums come where ways meet.'],
    ],
    otherwise: 'What arrives, dy, times the slope of x³ at x.',
    tried: {
      right: [each((dy, x) => 3 * dy * x ** 2)],
      wrong: [
        each((_, x) => 3 * x ** 2),
        each((dy, x) => 3 * dy * x),
        each((dy, x) => dy * x ** 2),
        each((dy, x) => dy * x ** 3),
        each((dy, x) => dy + 3 * x ** 2),
        each((dy) => dy),
      ],
    },
  },
  'autograd-millions': {
    isRight: (list) => same(list, [2, 1, 0, 0]),
    praise: 'Times needs both factors, the exponential its result; slopes that are the same everywhere need nothing.',
    mistakes: [
      [(list) => list.length !== 4, 'Four numbers, in millions.'],
      [(list) => list.some((v) => v >= 1000), 'In millions: a matrix of 1,000 by 1,000 counts as 1.'],
      [(list) => list[2] !== 0, 'What is the slope of a sum, whatever came in?'],
      [(list) => list[3] !== 0, 'The slope of 2a is 2. Does it need the numbers of A?'],
      [(list) => list[0] === 1, 'Both are marked, so both slopes are needed, and each is the other factor.'],
      [(list) => list[1] !== 1, 'The exponential is its own slope: it keeps one matrix.'],
    ],
    otherwise: 'A.mul(B) keeps what is needed for the slopes by both.',
    tried: {
      right: [[2, 1, 0, 0]],
      wrong: [
        [1],
        [2e6, 1e6, 0, 0],
        [2, 1, 2, 0],
        [2, 1, 0, 1],
        [1, 1, 0, 0],
        [2, 0, 0, 0],
        [2, 2, 0, 0],
        [3, 1, 0, 0],
      ],
    },
  },
};
