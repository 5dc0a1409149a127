const isPair = (pair, [first, second]) => Array.isArray(pair) && pair[0] === first && pair[1] === second;

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'six-layers': {
    isRight: (pair) => isPair(pair, [37, 1409]),
    praise: 'The wide net has 38 times as many weights, most of them between its layers.',
    mistakes: [
      [(pair) => isPair(pair, [24, 1312]), 'Those are the weights without the biases.'],
      [(pair) => isPair(pair, [43, 1681]), 'Six layers have five steps between them, then comes the output.'],
      [(pair) => isPair(pair, [1409, 37]), 'The other way round: the layers of two first.'],
    ],
    otherwise: 'One step from the input, five between the layers, one to the output.',
    tried: {
      right: [[37, 1409]],
      wrong: [
        [24, 1312],
        [43, 1681],
        [1409, 37],
        [12, 96],
      ],
    },
  },
};
