const words = (list) => [list].flat().map((word) => String(word).trim().toLowerCase());
const are = (list, wanted) => words(list).join() === wanted;
const same = (given, wanted) => given.length === wanted.length && given.every((v, i) => Math.abs(v - wanted[i]) < 0.01);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'exp-or-log': {
    isRight: (list) => are(list, 'output,input'),
    praise: 'Each keeps what makes its slope cheap: the first is its own slope, the second has 1/x.',
    mistakes: [
      [(list) => words(list).length !== 2, 'Two words, for the exponential and for the logarithm.'],
      [(list) => are(list, 'input,input'), 'Right for the logarithm. What is the slope of the exponential?'],
      [
        (list) => are(list, 'output,output'),
        'Right for the exponential. From ln x, x would have to be computed first.',
      ],
      [(list) => are(list, 'input,output'), 'The other way round: write both slopes.'],
    ],
    otherwise: 'Two words, each "input" or "output".',
    tried: {
      right: [
        ['output', 'input'],
        ['Output', ' input'],
      ],
      wrong: [['output'], ['input', 'input'], ['output', 'output'], ['input', 'output'], ['x', 'y']],
    },
  },
  'free-memory': {
    isRight: (list) => same(list, [0, 0, 1, 2]),
    praise: 'Slopes that are 1 whatever goes in need nothing; one needs its result, one both factors.',
    mistakes: [
      [(list) => list.length !== 4, 'Four numbers, in millions.'],
      [(list) => list.every((v) => v >= 1000), 'In millions: a matrix of 1,000 by 1,000 counts as 1.'],
      [(list) => list[0] !== 0, 'The sum takes in a million numbers. Does its slope depend on one of them?'],
      [(list) => list[1] !== 0, 'What is the slope of a sum of two?'],
      [(list) => list[3] === 1, 'Both ask for a gradient here, so both slopes are needed.'],
      [(list) => list[2] !== 1, 'The exponential keeps one tensor.'],
    ],
    otherwise: 'The last one keeps what is needed for the slopes by both.',
    tried: {
      right: [[0, 0, 1, 2]],
      wrong: [[1], [1e6, 2e6, 1e6, 2e6], [1, 0, 1, 2], [0, 2, 1, 2], [0, 0, 1, 1], [0, 0, 2, 2], [0, 0, 1, 3]],
    },
  },
};
