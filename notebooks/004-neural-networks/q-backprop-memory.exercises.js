const are = (list, first, second) => list.length === 2 && list[0] === first && list[1] === second;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'at-the-turn': {
    isRight: (numbers) => numbers === 3040,
    praise: 'And the net has only 700 weights: what waits is more than what is learnt.',
    mistakes: [
      [(numbers) => numbers === 95, 'That is one sample. There are 32.'],
      [
        (numbers) => numbers === 32 * 55,
        'Each unit once? Inner layers are the output of one and the input of another.',
      ],
      [(numbers) => numbers === 32 * 50, 'Those are the inputs alone. The slopes wait as well.'],
      [(numbers) => numbers === 32 * 45, 'Those are the slopes alone. The inputs wait as well.'],
      [(numbers) => numbers === 32 * 700, 'Weights do not wait for each sample: what is kept are inputs and slopes.'],
    ],
    otherwise: 'A layer keeps n · in numbers of its input and n · out slopes. Three layers.',
    tried: { right: [3040], wrong: [95, 32 * 55, 32 * 50, 32 * 45, 32 * 700, 100] },
  },
  'hundred-layers': {
    isRight: (list) => list.length === 2 && list[0] >= 8 && list[0] <= 13 && list[1] === 20,
    praise: 'Marks and outputs in equal number: that is where the sum is least.',
    mistakes: [
      [(list) => are(list, 10, 10), 'The distance is right. Marks and outputs are both held.'],
      [(list) => are(list, 50, 52) || are(list, 2, 52), 'Half is not the least. Try a k between.'],
      [(list) => are(list, 5, 29) || are(list, 10, 29), 'That is for input and slopes: L/k + 2k − 1.'],
      [(list) => are(list, 20, 10), 'These two are in the wrong order.'],
      [
        (list) => list.length === 2 && list[0] > 0 && list[1] === 100 / list[0] + list[0],
        'The peak is right for that k. Another k has a lower one.',
      ],
    ],
    otherwise: 'At k there are 100/k marks and k outputs. Where is their sum least?',
    tried: {
      right: [
        [10, 20],
        [8, 20],
      ],
      wrong: [[10, 10], [50, 52], [5, 29], [20, 10], [20, 25], [10]],
    },
  },
};
