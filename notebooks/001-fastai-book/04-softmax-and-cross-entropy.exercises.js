const isPair = (pair, [first, second]) =>
  Array.isArray(pair) && pair.length === 2 && Math.abs(pair[0] - first) < 0.006 && Math.abs(pair[1] - second) < 0.006;
const letter = (line) => String(line).trim().toLowerCase();

const [scores, targets] = [
  [-2, 0.3, 1.5],
  [0.2, 0.5, 3],
];
const places = scores.flatMap((x) => targets.map((t) => [x, t]));
const slope = (loss, x, t) => (loss(x + 1e-4, t) - loss(x - 1e-4, t)) / 2e-4;
/** Whether a loss has these slopes by the score, at nine places. */
const hasSlope = (loss, wanted) =>
  places.every(([x, t]) => Math.abs(slope(loss, x, t) - wanted(x, t)) < 1e-4 * (1 + Math.abs(wanted(x, t))));
const isLike = (loss, other) => places.every(([x, t]) => Math.abs(loss(x, t) - other(x, t)) < 1e-6);

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'shared-truth': {
    isRight: (pair) => isPair(pair, [-0.3, 0.3]),
    praise: 'Share − target, whatever the target is, as long as it adds up to 1.',
    mistakes: [
      [(pair) => isPair(pair, [0, 0]), 'That is the first target: there the shares are the target.'],
      [(pair) => isPair(pair, [0.3, -0.3]), 'The sign: the slope is share − target. A descent goes against it.'],
      [(pair) => isPair(pair, [0.2, 0.8]), 'These are the shares. The target is still to be subtracted.'],
      [
        (pair) => isPair(pair, [0.2, -0.2]) || isPair(pair, [-0.8, 0.8]),
        'That is for a target of 0 or 1. Here it is a half for each.',
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
      [(line) => letter(line) === 'c', 'Work it out: ln(1 + e⁻ˣ) is −ln y in one piece.'],
      [(line) => letter(line) === 'd', 'There is no sigmoid in it: its slope is 2(x − 1).'],
    ],
    otherwise: 'One letter, a to d.',
    tried: { right: ['b', ' B'], wrong: ['a', 'c', 'd', 'e'] },
  },
  'match-exp': {
    probe: [1, 2],
    isRight: (loss) => hasSlope(loss, (x, t) => Math.exp(x) - t),
    praise: 'It is the loss for counts, Poisson’s: PyTorch has it as PoissonNLLLoss.',
    mistakes: [
      [
        (loss) => isLike(loss, (x, t) => Math.exp(x) - t),
        'That is the slope. Which function of x has it? Integrate both terms.',
      ],
      [
        (loss) => hasSlope(loss, (x, t) => (Math.exp(x) - t) * Math.exp(x)),
        'Half a square is y − t by y. By x its slope still has the factor eˣ.',
      ],
      [
        (loss) => hasSlope(loss, (x, t) => 2 * (Math.exp(x) - t) * Math.exp(x)),
        'A square is 2(y − t) by y, not by x. By x its slope has the factor eˣ.',
      ],
      [
        (loss) => hasSlope(loss, (x, t) => t - Math.exp(x)),
        'The sign: this has the slope target − output, and a descent would climb.',
      ],
      [(loss) => hasSlope(loss, (x) => Math.exp(x)), 'The output is integrated. Target times score is missing.'],
      [
        (loss) => hasSlope(loss, (x, t) => Math.exp(x) - t * Math.exp(x)),
        'You subtract target times output. It is target times score.',
      ],
      [
        (loss) => isLike(loss, (x, t) => (Math.exp(x) - t) * x),
        'Its slope is eˣ − t + x·eˣ. eˣ is to be integrated, not multiplied by x.',
      ],
    ],
    otherwise: 'Integrate eˣ, then subtract the target times the score.',
    tried: {
      right: [(x, t) => Math.exp(x) - t * x, (x, t) => Math.exp(x) - t * x + t * Math.log(t) - t],
      wrong: [
        (x, t) => Math.exp(x) - t,
        (x, t) => (Math.exp(x) - t) ** 2 / 2,
        (x, t) => (Math.exp(x) - t) ** 2,
        (x, t) => t * x - Math.exp(x),
        (x) => Math.exp(x),
        (x, t) => Math.exp(x) * (1 - t),
        (x, t) => (Math.exp(x) - t) * x,
        (x) => x,
      ],
    },
  },
};
