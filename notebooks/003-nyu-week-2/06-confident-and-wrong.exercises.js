const within = (steps, low, high) => steps >= low && steps <= high;

const letter = (line) => String(line).trim().toLowerCase();

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'from-fourteen': {
    isRight: (steps) => within(steps, 100_000, 150_000),
    praise: 'Two points are a factor of e² ≈ 7.4, as they were from 10 to 12.',
    mistakes: [
      [
        (steps) => within(steps, 30_000, 33_500),
        'That is a straight line through 10 and 12. But it was a factor that they differ by.',
      ],
      [(steps) => within(steps, 40_000, 50_000), 'A factor of e is one point; from 12 to 14 are two.'],
      [(steps) => steps < 16_972, 'From a larger gap it takes longer.'],
    ],
    otherwise: 'By what factor did the steps grow from 10 to 12? The next two points bring the same factor.',
    tried: { right: [125_000, 110_000], wrong: [31_632, 46_135, 12, 1e7] },
  },
  'which-line': {
    isRight: (line) => letter(line) === 'b',
    praise: 'It never forms the share: no exponential of 200, no logarithm of 0.',
    mistakes: [
      [(line) => letter(line) === 'a', 'The share is e⁻²⁰⁰, which float32 rounds to 0; then comes its logarithm.'],
      [(line) => letter(line) === 'c', 'The sigmoid of −200 rounds to 0; then comes its logarithm.'],
      [(line) => letter(line) === 'd', 'The formula is right, but float32 cannot hold e²⁰⁰ on the way.'],
    ],
    otherwise: 'One letter, a to d.',
    tried: { right: ['b', 'B'], wrong: ['a', 'c', 'd', 'e'] },
  },
};
