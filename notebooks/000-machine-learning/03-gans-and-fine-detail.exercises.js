const near = (a, b, tolerance = 1e-6) => Math.abs(a - b) <= tolerance;
const logits = [-800, -30, -2, 0, 3, 40];
/** log(1 + e^s), without overflow. */
const softplus = (s) => Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s)));
const meanOf = (list, see) => list.reduce((sum, s) => sum + see(s), 0) / list.length;
const fits = (loss, see, list = logits) => near(loss(list), meanOf(list, see), 1e-9);
const mild = [-2, 0, 3];
const right = (list) => meanOf(list, (s) => softplus(-s));
const bySigmoid = (list) => meanOf(list, (s) => -Math.log(1 / (1 + Math.exp(-s))));
const saturating = (list) => meanOf(list, (s) => -softplus(s));
const turned = (list) => meanOf(list, (s) => -softplus(-s));
const discriminators = (list) => meanOf(list, softplus);
const summed = (list) => list.length * right(list);
const overflows = (list) => meanOf(list, (s) => Math.log(1 + Math.exp(-s)));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'gan-best-discriminator': {
    isRight: (d) => near(d, 0.8),
    praise: 'Four of five samples there are real.',
    mistakes: [
      [(d) => near(d, 0.2), 'That is how likely it is made: q/(p + q).'],
      [(d) => near(d, 4), 'That is p/q. D lies between 0 and 1.'],
      [(d) => near(d, 1), 'One sample of five there is made. To be sure and wrong costs without limit.'],
      [(d) => near(d, 0.5), 'So it is where both are equally frequent.'],
    ],
    otherwise: 'p/(p + q), with p = 0.4 and q = 0.1.',
    tried: { right: [0.8], wrong: [0.2, 4, 1, 0.5, 0.3] },
  },
  'gan-slope-ratio': {
    isRight: (ratio) => ratio > 21_000 && ratio < 23_000,
    praise: 'e¹⁰, about 22,000.',
    mistakes: [
      [(ratio) => near(ratio, Math.exp(-10), 1e-5), 'That is the other way round.'],
      [(ratio) => near(ratio, 10), 'That is −s. The ratio is a power of e.'],
      [(ratio) => near(ratio, 1, 0.01), 'That is the slope of −log D. The other one is far smaller.'],
    ],
    otherwise: 'Divide 1 − D by D, with D = 1/(1 + e¹⁰).',
    tried: { right: [Math.exp(10), 22_026], wrong: [Math.exp(-10), 10, 1, 100] },
  },
  'gan-generator-loss': {
    probe: [[0]],
    isRight: (loss) => fits(loss, (s) => softplus(-s)),
    praise: 'softplus(−s), and no logarithm of a rounded 0.',
    mistakes: [
      [
        (loss) => fits(loss, (s) => softplus(-s), mild),
        'Right for mild logits. At s = −800 yours is not 800: a power of e overflows, or D is rounded to 0 before the logarithm.',
      ],
      [
        (loss) => fits(loss, (s) => -softplus(s), mild),
        'That is log(1 − D), which hands on a gradient of nearly 0 where the generator loses.',
      ],
      [(loss) => fits(loss, (s) => -softplus(-s), mild), 'The sign: that is log D, and it is to rise.'],
      [
        (loss) => fits(loss, softplus, mild),
        'That is −log(1 − D): lowering it, the generator would help the discriminator.',
      ],
      [
        (loss) => near(loss(mild), mild.length * meanOf(mild, (s) => softplus(-s)), 1e-9),
        'That is the sum. Take the mean, or the rate depends on the batch size.',
      ],
    ],
    otherwise: '−log σ(s) is softplus(−s) = max(−s, 0) + log(1 + e^−|s|). Take the mean.',
    tried: { right: [right], wrong: [bySigmoid, overflows, saturating, turned, discriminators, summed, () => 1] },
  },
};
