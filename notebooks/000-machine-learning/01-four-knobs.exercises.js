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
  millimetres: {
    isRight: (factor) => near(factor, 1e6),
    praise: 'A thousand for the slope in the knob, and a thousand again for how that slope changes.',
    mistakes: [
      [(factor) => near(factor, 1000), 'The lever grew 1,000 times. It stands in the curvature twice.'],
      [
        (factor) => near(factor, 1e-3) || near(factor, 1e-6),
        'The numbers that come in became larger, and with them what the knob moves.',
      ],
      [(factor) => near(factor, 1), 'The knob now moves its curve 1,000 times as far for each unit of turn.'],
    ],
    otherwise: 'How many times as long is the lever, and what becomes of its square?',
    tried: { right: [1e6, 1000000], wrong: [1000, 1e-3, 1e-6, 1, 2000] },
  },
};
