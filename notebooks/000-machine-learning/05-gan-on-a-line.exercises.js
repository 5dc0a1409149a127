const near = (a, b, by) => Math.abs(a - b) <= by;
const fits = (f, g) => [0.02, 0.2, 0.5, 0.9].every((d) => near(f(d), g(d), 1e-9 * Math.abs(g(d))));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  strongest: {
    isRight: (m) => near(m, 1.2156, 0.02),
    praise: 'A little more than one width: there the critic says 0.32, and still hesitates.',
    mistakes: [
      [
        (m) => near(m, 1.64, 0.05),
        'That is where the whole crowd gets most, on average. The question is about its middle.',
      ],
      [(m) => near(m, 0, 0.01), 'Where nothing differs the critic has nothing to say: D is ½ everywhere.'],
      [(m) => m >= 2, 'Look at the first row of arrows there.'],
    ],
    otherwise: 'Compute m · σ(−m²/2) for a few m.',
    tried: { right: [1.22, 1.2156], wrong: [1.64, 0, 8, 1] },
  },
  ratio: {
    isRight: (f) => fits(f, (d) => d / (1 - d)),
    praise: 'And with D = σ(s) that is e^s.',
    probe: [0.2],
    mistakes: [
      [(f) => fits(f, (d) => d), 'That is the slope of log(1 − D) alone.'],
      [(f) => fits(f, (d) => (1 - d) / d), 'Upside down: the first of the two goes on top.'],
      [(f) => fits(f, (d) => -d / (1 - d)), 'Both slopes have the same sign.'],
      [(f) => fits(f, (d) => d * (1 - d)), 'That is the slope of σ itself. Divide the two, do not multiply.'],
    ],
    otherwise: 'Divide −D by the other slope.',
    tried: {
      right: [(d) => d / (1 - d)],
      wrong: [(d) => d, (d) => (1 - d) / d, (d) => -d / (1 - d), (d) => d * (1 - d), () => 1],
    },
  },
};
