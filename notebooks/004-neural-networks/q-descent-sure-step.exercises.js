const near = (a, b, tolerance = 1e-3) => Math.abs(a - b) <= tolerance * Math.abs(b);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'largest-bend': {
    isRight: (bend) => near(bend, 5.5),
    praise: 'Five from the wave and a half from the parabola, where both bend the same way.',
    mistakes: [
      [(bend) => near(bend, 5), 'That is the wave alone. The parabola adds ½ everywhere.'],
      [(bend) => near(bend, 4.5), 'There the parabola takes ½ off. Where does it add?'],
      [(bend) => near(bend, 1.5), 'Deriving sin 5w brings a factor of 5, twice.'],
    ],
    otherwise: 'The second derivative is −5 sin 5w + ½.',
    tried: { right: [5.5], wrong: [5, 4.5, 1.5, 3] },
  },
  'sure-rate': {
    isRight: (rate) => near(rate, 2 / 27, 0.01),
    praise: 'The bend is largest at the ends, 12 · 1.5² = 27.',
    mistakes: [
      [
        (rate) => near(rate, 1 / 27, 0.01),
        'That keeps the bowl above the curve. To be sure of going down, twice that is enough.',
      ],
      [(rate) => near(rate, 2 / 12, 0.01), 'The bend is 12w², and 12 only at w = 1.'],
      [(rate) => near(rate, 2 / 18, 0.01), 'The bend is 12w², with the square: 12 · 1.5².'],
    ],
    otherwise: '2/L, where L is the largest of 12w² between −1.5 and 1.5.',
    tried: { right: [2 / 27, 0.074], wrong: [1 / 27, 2 / 12, 2 / 18, 1] },
  },
};
