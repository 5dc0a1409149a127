const isPair = (pair, [first, second]) =>
  Array.isArray(pair) && pair.length === 2 && Math.abs(pair[0] - first) < 1e-6 && Math.abs(pair[1] - second) < 1e-6;

/** Nets on which a count is tried: one hidden layer, several, none. */
const shapes = [
  [784, 100, 10],
  [1, 2, 2, 2, 1],
  [3, 5],
  [64, 64, 64, 64, 10],
];
const sum = (sizes, of) => sizes.slice(1).reduce((total, to, i) => total + of(sizes[i], to), 0);
const countsOf = (sizes) => ({
  weights: sum(sizes, (from, to) => (from + 1) * to),
  work: sum(sizes, (from, to) => from * to),
});
const all = (count, fits) => shapes.every((sizes) => fits(count(sizes) ?? {}, sizes));
const isRight = (count) =>
  all(count, ({ weights, work }, sizes) => weights === countsOf(sizes).weights && work === countsOf(sizes).work);
const sameForBoth = (of) => (sizes) => ({ weights: sum(sizes, of), work: sum(sizes, of) });
const noBiases = sameForBoth((from, to) => from * to);
const biasesInWork = sameForBoth((from, to) => (from + 1) * to);
const oneBias = (sizes) => ({ weights: countsOf(sizes).work + sizes.length - 1, work: countsOf(sizes).work });
const biasPerInput = (sizes) => ({ weights: sum(sizes, (from, to) => from * (to + 1)), work: countsOf(sizes).work });

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'thousand-pieces': {
    isRight: (pair) => isPair(pair, [61, 3073]),
    praise: 'Ten folds, or 1,024 units side by side: fifty times as many weights.',
    mistakes: [
      [
        (pair) => isPair(pair, [20, 1024]) || isPair(pair, [20, 1023]),
        'That counts units. Each of them has more than one weight.',
      ],
      [(pair) => isPair(pair, [3073, 61]), 'The other way round: the deep net first.'],
      [
        (pair) => isPair(pair, [61, 3070]),
        'One unit for each bend draws 1,024 pieces, but not this saw: its first slope would be a multiple of the change at a bend, which is twice the slope. One more unit is needed.',
      ],
      [
        (pair) => Array.isArray(pair) && pair[0] === 61,
        'The folding layers are right. In one layer: as many units as pieces, three weights for each, and one bias at the end.',
      ],
      [
        (pair) => Array.isArray(pair) && pair[1] === 3073,
        'The single layer is right. For the others: the first has 4 weights, the output 3, and each in between 6.',
      ],
    ],
    otherwise: 'Two whole numbers, biases counted as weights. How many folds make 1,024 pieces?',
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
  'count-net': {
    probe: [[1, 2, 1]],
    isRight,
    praise: 'A weight for each pair of neighbours, a bias for each unit, and one multiplication for each weight.',
    mistakes: [
      [
        (count) => all(count, ({ weights }, sizes) => weights === noBiases(sizes).weights),
        'Your weights have no biases: each unit has one beside its weights.',
      ],
      [
        (count) =>
          all(
            count,
            ({ weights, work }, sizes) => weights === countsOf(sizes).weights && work === biasesInWork(sizes).work,
          ),
        'A bias is added, not multiplied: it does not count as work.',
      ],
      [
        (count) => all(count, ({ weights }, sizes) => weights === oneBias(sizes).weights),
        'You have one bias for each layer. Each unit has its own.',
      ],
      [
        (count) => all(count, ({ weights }, sizes) => weights === biasPerInput(sizes).weights),
        'You have a bias for each input of a layer. It belongs to each output.',
      ],
    ],
    otherwise:
      'From a layer of a to one of b: a · b weights and b biases, and a · b multiplications. Add up the layers.',
    tried: {
      right: [countsOf],
      wrong: [noBiases, biasesInWork, oneBias, biasPerInput, () => ({ weights: 1, work: 1 })],
    },
  },
  'moved-tip': {
    isRight: (pair) => isPair(pair, [0.6, 1.2]),
    praise: 'The second unit becomes active later, and until then the first one climbs at slope 2.',
    mistakes: [
      [(pair) => isPair(pair, [0.4, 0.8]), 'The sign: relu(x − 0.6) is active where x is larger than 0.6.'],
      [(pair) => isPair(pair, [0.6, 1]), 'The place is right. But nothing stops the first unit at 1.'],
      [(pair) => isPair(pair, [0.5, 1]), 'That is where it was.'],
    ],
    otherwise: 'Two numbers, place and height. The slope is 2 until the second unit becomes active.',
    tried: { right: [[0.6, 1.2]], wrong: [[0.4, 0.8], [0.6, 1], [0.5, 1], [0.55, 1.1], [1]] },
  },
};
