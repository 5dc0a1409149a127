const near = (a, b) => Math.abs(a - b) < 0.01;

/** Counts and draws that no cell shows. */
const cases = [
  [300, 100, 0.5],
  [300, 100, 1],
  [10, 500, 0],
  [7, 7, 0.9],
];
const byBound = (bound) => (ins, outs, u) => (2 * u - 1) * bound(ins, outs);
const glorot = byBound((ins, outs) => Math.sqrt(6 / (ins + outs)));
const agrees = (given, wanted) => cases.every((one) => Math.abs(given(...one) - wanted(...one)) < 1e-9);
const half = byBound((ins, outs) => Math.sqrt(3 / (ins + outs)));
const spread = byBound((ins, outs) => Math.sqrt(2 / (ins + outs)));
const noRoot = byBound((ins, outs) => 6 / (ins + outs));
const oneSide = (ins, outs, u) => u * Math.sqrt(6 / (ins + outs));
const byIn = byBound((ins) => Math.sqrt(3 / ins));
const byInAlone = byBound((ins) => Math.sqrt(6 / ins));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'leaky-numerator': {
    isRight: (top) => near(top, 1.6),
    praise: 'Five eighths of the square pass, and 1.6 makes up for it.',
    mistakes: [
      [(top) => near(top, 2), 'That is for a ReLU without a leak. A little more passes here.'],
      [(top) => near(top, 0.625), 'So much passes. The weights have to make up for it.'],
      [(top) => near(top, 4 / 3), 'Squares count: of the other half (½)² passes, not ½.'],
      [(top) => near(top, 1.265), 'That is the root, for the spread. The variance is asked for.'],
    ],
    otherwise: 'One over the part of the square that passes.',
    tried: { right: [1.6], wrong: [2, 0.625, 1.333, 1.265, 1] },
  },
  'glorot-uniform': {
    probe: [3, 3, 0.5],
    isRight: (given) => agrees(given, glorot),
    praise: 'Right: uniform within ±√(6/(in + out)), as Keras starts a Dense layer.',
    mistakes: [
      [(given) => agrees(given, half), 'The variance of that is 1/(in + out), half of Glorot’s.'],
      [
        (given) => agrees(given, spread),
        'That is the spread of the weights, not the bound: a uniform number has the variance a²/3.',
      ],
      [(given) => agrees(given, noRoot), 'That is a², the bound’s square. Take the root.'],
      [(given) => agrees(given, oneSide), 'All of your weights are positive. Stretch u to [−a, a].'],
      [(given) => agrees(given, byIn), 'That keeps the signal alone: 1/in. Glorot’s rule counts the outputs, too.'],
      [(given) => agrees(given, byInAlone), 'That is He’s rule, 2/in, as a uniform one.'],
    ],
    otherwise: 'For in = out = 3 the bound is 1: u = 0 gives −1, u = ½ gives 0, u = 1 gives 1.',
    tried: { right: [glorot], wrong: [half, spread, noRoot, oneSide, byIn, byInAlone, () => 0] },
  },
  horn: {
    isRight: (factor) => Math.abs(factor - Math.sqrt(50)) < 0.05,
    praise: 'The root of 2 · 250/10: the widths between cancel, and one ReLU is missing.',
    mistakes: [
      [(factor) => near(factor, 50), 'That is the factor of its square. Take the root.'],
      [(factor) => near(factor, 5), 'Right if each matrix had a ReLU. Between three matrices there are two.'],
      [(factor) => near(factor, 1 / Math.sqrt(50)), 'That is a funnel. Here a layer has more outputs than inputs.'],
      [
        (factor) => near(factor, 1),
        'The signal keeps its size with 2/in. The gradient does not, unless both ends are equally wide.',
      ],
    ],
    otherwise:
      'Three matrices multiply the square by out · 2/in each, two ReLUs halve it. Write the product down, and cancel.',
    tried: { right: [Math.sqrt(50), 7.07], wrong: [50, 5, 0.141, 1, 3] },
  },
};
