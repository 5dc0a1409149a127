const near = (a, b, by = 1e-3) => Math.abs(a - b) <= by;
const are = (list, right) => list.length === 3 && right.every((value, i) => near(list[i], value, 1e-4));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'once-too-often': {
    isRight: (list) => are(list, [1 / 20, 1 / 20, 1 / 20]),
    praise: 'All by 1/20: the way back is linear, and all three hang on the same P³.',
    mistakes: [
      [(list) => are(list, [1, 1, 1 / 20]), 'Only the last? But P² and P¹ are made of P³: the way back is linear.'],
      [
        (list) => are(list, [1 / 8000, 1 / 400, 1 / 20]),
        'It is divided once, at the top, not again at every layer below.',
      ],
      [(list) => are(list, [20, 20, 20]), 'Divided, not multiplied.'],
      [
        (list) => are(list, [1 / 12, 1 / 12, 1 / 12]),
        'Twelve samples are those of the figures. Here there are twenty.',
      ],
    ],
    otherwise: 'Three factors, for ∇W¹, ∇W² and ∇W³. What does a linear way back do with a smaller P³?',
    tried: {
      right: [[1 / 20, 1 / 20, 1 / 20]],
      wrong: [[1, 1, 1 / 20], [1 / 8000, 1 / 400, 1 / 20], [20, 20, 20], [1 / 12, 1 / 12, 1 / 12], [1, 1, 1], [1 / 20]],
    },
  },
  'up-or-down': {
    isRight: (change) => near(change, 0.01, 1e-6),
    praise: 'Up: the layer with the minus has more to say than the other two together.',
    mistakes: [
      [(change) => near(change, -0.01, 1e-6), 'The size is right. A step goes against d: is it up or down?'],
      [(change) => near(change, -0.07, 1e-6), 'That is the right program. Layer 2 has a minus here.'],
      [(change) => near(change, 0.07, 1e-6), 'That would be a minus in all three layers, not in layer 2 alone.'],
      [
        (change) => near(change, -0.01 * (1 - 2 + Math.SQRT2), 1e-4),
        'Squares of lengths are what is given, and what is wanted: no root.',
      ],
      [(change) => near(change, 1, 1e-6) || near(change, -1, 1e-6), 'And the rate?'],
    ],
    otherwise: 'g·d is 1 − 4 + 2, for the minus turns the share of layer 2 round. Then times −η.',
    tried: {
      right: [0.01],
      wrong: [-0.01, -0.07, 0.07, -0.01 * (1 - 2 + Math.SQRT2), 1, -1, 0.5],
    },
  },
};
