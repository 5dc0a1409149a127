const are = (list, wanted) => list.length === 3 && list.every((one, i) => Math.abs(one - wanted[i]) < 1e-6);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'relu-straight-line': {
    isRight: (list) => are(list, [0, 2, 1]),
    praise: 'Each gate gives its own slope, twice. Two of the three are wrong for a straight line.',
    mistakes: [
      [(list) => list.length !== 3, 'Three numbers: relu, clamp, maximum.'],
      [
        (list) => are(list, [1, 1, 1]),
        'That is the slope of the line. Autograd does not see the line, it walks back through the gates.',
      ],
      [(list) => are(list, [0, 0, 0]), 'Mind the signs: the minus in front and the minus inside make a plus.'],
      [(list) => are(list, [0, 1, 0.5]), 'That is one gate. There are two, and both count.'],
    ],
    otherwise: 'For each formula: the slope of its gate at 0, times two.',
    tried: { right: [[0, 2, 1]], wrong: [[1], [1, 1, 1], [0, 0, 0], [0, 1, 0.5], [0, 2, 2]] },
  },
};
