const near = (a, b, tolerance = 1e-9) => Math.abs(a - b) <= tolerance * Math.abs(b);
const sum = (values) => values.reduce((total, value) => total + value, 0);
const [x, g] = [
  [1, -2, 0.5, 3],
  [0.5, 2, -4, 1],
];
const slopeOf = (term) => sum(x.map((here, i) => term(here, g[i])));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'fifth-knob': {
    isRight: (slope) =>
      near(
        slope(x, g),
        slopeOf((here, miss) => here ** 5 * miss),
      ),
    praise: 'Its lever is x⁵, and it reaches the loss through every point.',
    mistakes: [
      [
        (slope) =>
          near(
            slope(x, g),
            slopeOf((here, miss) => 5 * here ** 4 * miss),
          ),
        '5x⁴ is the slope of x⁵ in x. But it is the knob that moves, not x.',
      ],
      [
        (slope) => x.some((here, i) => near(slope(x, g), here ** 5 * g[i])),
        'That is the share of one point. A knob reaches the loss through all of them.',
      ],
      [
        (slope) => near(slope(x, g), sum(x.map((here) => here ** 5))),
        'Those are the levers alone; how wrong the curve is at each point is missing.',
      ],
    ],
    otherwise: 'For d it is the sum of g times x³. What takes the place of x³?',
    probe: [x, g],
    tried: {
      right: [(xs, gs) => sum(xs.map((here, i) => gs[i] * here ** 5))],
      wrong: [
        (xs, gs) => sum(xs.map((here, i) => gs[i] * 5 * here ** 4)),
        (xs, gs) => xs[0] ** 5 * gs[0],
        (xs) => sum(xs.map((here) => here ** 5)),
        () => 1,
      ],
    },
  },
  'mean-rate': {
    isRight: (rate) => near(rate, 0.0071159, 0.01),
    praise: 'The curvatures became 2,000 times smaller, and 2/λ so much larger.',
    mistakes: [
      [
        (rate) => near(rate, 3.558e-6, 0.02),
        'The loss became 2,000 times smaller, and with it its curvature; the limit is 2 over that.',
      ],
      [(rate) => near(rate, 1.779e-9, 0.02), 'The other way round: a flatter loss allows larger steps.'],
    ],
    otherwise: 'The limit is 2/λ. What becomes of λ when the loss is divided by 2,000?',
    tried: { right: [0.0071159, 0.00712], wrong: [3.56e-6, 1.78e-9, 1] },
  },
};
