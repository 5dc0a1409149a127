const gradient = ([w1, w2]) => [20 * w1 + 8 * w2 - 28, 8 * w1 + 4 * w2 - 12];
const cosine = (a, b) => (a[0] * b[0] + a[1] * b[1]) / (Math.hypot(...a) * Math.hypot(...b));
const home = ([w1, w2]) => [1 - w1, 1 - w2];
const isPair = (p) => Array.isArray(p) && p.length === 2 && p.every(Number.isFinite);
const isFar = (p) => Math.hypot(...home(p)) > 2.9;
const isStraight = (p) => Math.abs(cosine(home(p), gradient(p))) > 0.997;
const swapped = ([w1, w2]) => [w2, w1];

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'straight-home': {
    isRight: (starts) =>
      starts.length === 2 &&
      starts.every((p) => isPair(p) && isFar(p) && isStraight(p)) &&
      Math.abs(cosine(home(starts[0]), home(starts[1]))) < 0.05,
    praise: 'On an axis of the bowl the gradient is a multiple of the way home.',
    mistakes: [
      [(starts) => starts.length !== 2 || !starts.every(isPair), 'Two places are asked for, each as [w₁, w₂].'],
      [(starts) => !starts.every(isFar), 'At least one of them is less than 3 away from (1, 1).'],
      [
        (starts) => starts.every((p) => !isStraight(p) && isStraight(swapped(p))),
        'The two numbers are swapped: w₁ comes first, and the map has w₂ to the right.',
      ],
      [
        (starts) => starts.some(([w1, w2]) => w1 === 1 || w2 === 1),
        'That is on an axis of the map. The bowl is turned: its own axes are neither level nor upright.',
      ],
      [
        (starts) => starts.every(isStraight),
        'Both lead straight home, but along the same axis. The other axis is at a right angle to it.',
      ],
    ],
    otherwise:
      'From at least one of them the steepest way misses home. Compare it with the places at 0° and 90° of the first figure.',
    tried: {
      right: [
        [
          [3.77, 2.15],
          [-0.15, 3.77],
        ],
        [
          [-1.77, -0.15],
          [2.15, -1.77],
        ],
      ],
      wrong: [
        [
          [2.15, 3.77],
          [3.77, -0.15],
        ],
        [[3.77, 2.15]],
        [
          [1.5, 1.2],
          [-0.15, 3.77],
        ],
        [
          [5, 1],
          [1, 5],
        ],
        [
          [3.77, 2.15],
          [-1.77, -0.15],
        ],
        [
          [2, 5],
          [0, -3],
        ],
      ],
    },
  },
};
