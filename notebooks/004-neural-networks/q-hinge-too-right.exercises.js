/** Fifty scores with signs, on both sides of the kink but not on it. */
const places = Array.from({ length: 50 }, (_, i) => [((i * 37) % 50) / 8 - 3.03, i % 2 ? 1 : -1]);

const agrees = (slope, rule) => places.every(([f, y]) => Math.abs(slope(f, y) - rule(f, y)) < 1e-9);

/** A rule that is 0 where the margin is kept. */
const gated = (rule) => (f, y) => (y * f < 1 ? rule(f, y) : 0);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'squared-hinge': {
    isRight: (slope) =>
      agrees(
        slope,
        gated((f, y) => -2 * y * (1 - y * f)),
      ),
    praise: 'No jump at the kink: the push fades as the point comes to its margin.',
    mistakes: [
      [
        (slope) => agrees(slope, (f, y) => -2 * y * (1 - y * f)),
        'And where the margin is kept, yf > 1? There the loss is flat.',
      ],
      [
        (slope) =>
          agrees(
            slope,
            gated((_, y) => -2 * y),
          ) || agrees(slope, (_, y) => -2 * y),
        'The bracket itself is missing: the outer derivative is twice the bracket.',
      ],
      [
        (slope) =>
          agrees(
            slope,
            gated((f, y) => 2 * y * (1 - y * f)),
          ),
        'The sign: a larger yf costs less.',
      ],
      [
        (slope) =>
          agrees(
            slope,
            gated((f, y) => -2 * (1 - y * f)),
          ),
        'The inner derivative is −y, not −1.',
      ],
    ],
    otherwise: 'Where yf < 1: twice the bracket, times the derivative of the bracket by f. Elsewhere 0.',
    probe: [0.3, 1],
    tried: {
      right: [(f, y) => -2 * y * Math.max(0, 1 - y * f)],
      wrong: [
        (f, y) => -2 * y * (1 - y * f),
        (f, y) => (y * f < 1 ? -2 * y : 0),
        (f, y) => (y * f < 1 ? 2 * y * (1 - y * f) : 0),
        (f, y) => (y * f < 1 ? -2 * (1 - y * f) : 0),
        (f) => f,
      ],
    },
  },
};
