const near = (a, b, tolerance = 1e-9) => Math.abs(a - b) <= tolerance * Math.abs(b);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
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
