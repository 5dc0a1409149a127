const isPair = (pair, [first, second]) =>
  Array.isArray(pair) && pair.length === 2 && Math.abs(pair[0] - first) < 1e-6 && Math.abs(pair[1] - second) < 1e-6;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'thousand-pieces': {
    isRight: (pair) => isPair(pair, [61, 3073]),
    praise: 'Ten folds, or 1,024 neurons side by side: fifty times as many weights.',
    mistakes: [
      [
        (pair) => isPair(pair, [20, 1024]) || isPair(pair, [20, 1023]),
        'That counts neurons. Each of them has more than one weight.',
      ],
      [(pair) => isPair(pair, [3073, 61]), 'The other way round: the deep net first.'],
      [
        (pair) => isPair(pair, [61, 3070]),
        'One neuron for each kink draws 1,024 pieces, but not this saw: its first slope would be a multiple of the change at a kink, which is twice the slope. One more neuron is needed.',
      ],
      [
        (pair) => Array.isArray(pair) && pair[0] === 61,
        'The layers are right. In one layer: as many neurons as pieces, three weights for each, and one offset at the end.',
      ],
      [
        (pair) => Array.isArray(pair) && pair[1] === 3073,
        'The single layer is right. For the others: the first has 4, the output 3, and each in between two neurons with two weights and an offset each.',
      ],
    ],
    otherwise: 'Two whole numbers, offsets counted as weights. How many folds make 1,024 pieces?',
    tried: {
      right: [[61, 3073]],
      wrong: [
        [20, 1023],
        [20, 1024],
        [3073, 61],
        [61, 3070],
        [61, 3072],
        [67, 3073],
        [1024, 1024],
      ],
    },
  },
  'moved-tip': {
    isRight: (pair) => isPair(pair, [0.6, 1.2]),
    praise: 'The second neuron wakes up later, and until then the first one climbs at slope 2.',
    mistakes: [
      [(pair) => isPair(pair, [0.4, 0.8]), 'The sign: relu(x − 0.6) wakes up where x is larger than 0.6.'],
      [(pair) => isPair(pair, [0.6, 1]), 'The place is right. But nothing tells the first neuron to stop at 1.'],
      [(pair) => isPair(pair, [0.5, 1]), 'That is where it was.'],
    ],
    otherwise: 'Two numbers, place and height. The slope is 2 until the second neuron wakes up.',
    tried: { right: [[0.6, 1.2]], wrong: [[0.4, 0.8], [0.6, 1], [0.5, 1], [0.55, 1.1], [1]] },
  },
};
