const isPair = (pair, [first, second]) =>
  Array.isArray(pair) && pair.length === 2 && Math.abs(pair[0] - first) < 0.006 && Math.abs(pair[1] - second) < 0.006;

const letter = (line) => String(line).trim().toLowerCase();

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'shared-truth': {
    isRight: (pair) => isPair(pair, [-0.3, 0.3]),
    praise: 'Share less truth, whatever the truth is, as long as it adds up to 1.',
    mistakes: [
      [(pair) => isPair(pair, [0, 0]), 'That is the first pair: there the answer is the truth.'],
      [(pair) => isPair(pair, [0.3, -0.3]), 'The sign: the slope is share less truth. A descent goes against it.'],
      [(pair) => isPair(pair, [0.2, 0.8]), 'These are the shares. The truth is still to be subtracted.'],
      [
        (pair) => isPair(pair, [0.2, -0.2]) || isPair(pair, [-0.8, 0.8]),
        'That is for a truth of 0 or 1. Here it is a half for each.',
      ],
    ],
    otherwise: 'Two numbers. Work out the shares of 0 and ln 4 first: they are as 1 to 4.',
    tried: {
      right: [
        [-0.3, 0.3],
        [-0.3, 0.30001],
      ],
      wrong: [[0, 0], [0.3, -0.3], [0.2, 0.8], [-0.8, 0.8], [1]],
    },
  },
  dies: {
    isRight: (line) => letter(line) === 'b',
    praise: 'Its slope keeps the factor y(1 − y), and nothing cancels it.',
    mistakes: [
      [(line) => letter(line) === 'a', 'Its logarithm is steep just where the sigmoid is flat: the product is y − 1.'],
      [(line) => letter(line) === 'c', 'Work it out: log(1 + e⁻ˣ) is −log y in one piece.'],
      [(line) => letter(line) === 'd', 'There is no sigmoid in it: its slope is 2(x − 1).'],
    ],
    otherwise: 'One letter, a to d.',
    tried: { right: ['b', ' B'], wrong: ['a', 'c', 'd', 'e'] },
  },
};
