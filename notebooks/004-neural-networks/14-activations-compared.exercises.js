/** ρ of a·tanh(bx): the root of the ratio of the mean squares of slope and value under a bell, where a cancels. */
function rho(b) {
  let [value, slope] = [0, 0];
  for (let z = -9.995; z < 10; z += 0.01) {
    const weight = Math.exp((-z * z) / 2);
    const t = Math.tanh(b * z);
    value += weight * t * t;
    slope += weight * (b * (1 - t * t)) ** 2;
  }
  return Math.sqrt(slope / value);
}

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'carry-gelu': {
    isRight: (gain) => gain >= 1.455 && gain <= 1.505,
    praise:
      'That holds for the median; of twelve nets some end at 0.3 and some at 5. It has no size that it returns to, so no gain is right for long.',
    mistakes: [
      [
        (gain) => Math.abs(gain - Math.SQRT2) < 0.02,
        'A little too small: the signal shrinks, a smaller signal sees a smaller slope, and it shrinks faster. After 20 layers 0.1 is left.',
      ],
      [(gain) => gain < 1.455, 'The signal dies out.'],
      [(gain) => gain > 1.505, 'The signal grows and does not stop.'],
    ],
    otherwise: 'Try numbers near 1.5.',
    tried: { right: [1.47, 1.5], wrong: [Math.SQRT2, 1, 1.7, 2] },
  },
  'straighter-tanh': {
    isRight: ([a, b]) => a !== 0 && b !== 0 && rho(b) < 1.01,
    praise: 'A small b uses only the middle of tanh, which is almost straight. Only a straight line reaches 1.',
    mistakes: [
      [
        ([a, b]) => Math.abs(a) < 1 && Math.abs(b) >= 0.5,
        'A small a changes nothing: it stands in both squares and cancels in ρ.',
      ],
      [([, b]) => Math.abs(b) > 1, 'A large b makes a step of it: ρ grows.'],
    ],
    otherwise: 'ρ of tanh is 1.085. What makes it straighter?',
    tried: {
      right: [
        [1, 0.3],
        [3, 0.1],
      ],
      wrong: [
        [0.1, 1],
        [1, 2],
        [1, 1],
      ],
    },
  },
};
