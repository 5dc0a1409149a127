const sets = [
  [1, 2, 3, 4, 10],
  [-3, 0, 0.5, 2],
  [5, 5.5, 7],
];

/** The place of a fine grid over the numbers, and a little beyond them, whose misses have the least loss in all; NaN if a loss is not finite. */
const bestGuess = (loss, values) => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const grid = Array.from({ length: 2201 }, (_, i) => low + ((i - 100) / 2000) * (high - low));
  const totals = grid.map((guess) => values.reduce((sum, value) => sum + loss(value - guess), 0));
  if (!totals.every(Number.isFinite)) return Number.NaN;
  return grid[totals.indexOf(Math.min(...totals))];
};

/** Whether the best guesses are `wanted(values)`, up to a hundredth of the range. */
const aims = (loss, wanted) =>
  sets.every((values) => {
    const range = Math.max(...values) - Math.min(...values);
    return Math.abs(bestGuess(loss, values) - wanted(values)) < 0.01 * range;
  });
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const halfway = (values) => (Math.min(...values) + Math.max(...values)) / 2;

const sorted = (list) => [...list].sort((a, b) => a - b);
const has = (list, wanted) =>
  list.length === wanted.length && sorted(list).every((z, i) => Math.abs(z - wanted[i]) < 1e-6);

const misses = [-7, -2, -1.5, -0.4, 0, 0.3, 1.5, 2, 6];
const huber = (e, d) => [
  Math.abs(e) <= d ? (e * e) / 2 : d * (Math.abs(e) - d / 2),
  Math.abs(e) <= d ? e : d * Math.sign(e),
];
const agrees = (answer, k, wanted, deltas = [1, 1.5, 3]) =>
  deltas.every((d) => misses.every((e) => Math.abs(answer(e, d)?.[k] - wanted(e, d)) < 1e-9));
const slopeOf = (e, d) => huber(e, d)[1];
const lossOf = (e, d) => huber(e, d)[0];

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  largest: {
    probe: [1],
    isRight: (loss) => aims(loss, (values) => Math.max(...values)),
    praise: 'From above it pulls so hard that all the others together do not hold it.',
    mistakes: [
      [
        (loss) => sets.some((values) => Number.isNaN(bestGuess(loss, values))),
        'For some miss that is no finite number, and sums of it cannot be compared.',
      ],
      [(loss) => aims(loss, (values) => Math.min(...values)), 'That finds the smallest: turn it round.'],
      [(loss) => aims(loss, mean), 'That is the mean: the pulls from both sides are equal at equal distance.'],
      [
        (loss) => aims(loss, halfway),
        'That is half-way between smallest and largest: the largest is heard, and the smallest as well.',
      ],
      [
        (loss) => sets.every((values) => bestGuess(loss, values) < Math.min(...values)),
        'The guess runs away downwards: misses in one direction are rewarded.',
      ],
      [
        (loss) => sets.every((values) => bestGuess(loss, values) > Math.max(...values)),
        'The guess runs away beyond the largest: misses in one direction cost nothing, or less.',
      ],
    ],
    otherwise: 'A positive miss, the measurement being above the guess, must cost much more than a negative one.',
    tried: {
      right: [(d) => (d > 0 ? 1000 * d : -d), (d) => (d > 0 ? 1e4 * d * d : d * d)],
      wrong: [
        (d) => (d > 0 ? d : -1000 * d),
        (d) => d * d,
        (d) => Math.abs(d) ** 60,
        (d) => -d,
        (d) => d,
        Math.abs,
        (d) => (d > 0 ? Infinity : -d),
      ],
    },
  },
  meet: {
    isRight: (list) => has(list, [0, 2.5, 5]),
    praise: 'Once on each of the three pieces of the median.',
    mistakes: [
      [(list) => has(list, [5]), 'One of them. The median is 3 only as long as z is 3 or more.'],
      [
        (list) => list.length > 0 && list.length < 3 && list.every((z) => [0, 2.5, 5].includes(z)),
        'So far right, and there are more.',
      ],
      [(list) => list.some((z) => [1, 2, 3, 4].includes(z)), 'Try it: put that z in, sort, and add up.'],
    ],
    otherwise: 'The mean is (10 + z)/5. Write down the median for z below 2, from 2 to 3, and above 3.',
    tried: {
      right: [
        [0, 2.5, 5],
        [5, 0, 2.5],
      ],
      wrong: [[5], [0, 5], [0, 2, 5], [7]],
    },
  },
  'huber-and-slope': {
    probe: [0.5, 1],
    isRight: (answer) => agrees(answer, 0, lossOf) && agrees(answer, 1, slopeOf),
    praise: 'Both pieces meet at δ with the same height and the same slope.',
    mistakes: [
      [
        (answer) => agrees(answer, 0, lossOf, [1]) && !agrees(answer, 0, lossOf),
        'That is right for δ = 1 alone. Try δ = 3.',
      ],
      [
        (answer) => agrees(answer, 0, (e, d) => (Math.abs(e) <= d ? (e * e) / 2 : d * Math.abs(e))),
        'It jumps at δ, from ½δ² to δ²: you forgot −½δ².',
      ],
      [(answer) => agrees(answer, 0, (e, d) => 2 * lossOf(e, d)), 'Twice as large: near 0 it is half a square.'],
      [
        (answer) => agrees(answer, 0, lossOf) && agrees(answer, 1, (e) => e),
        'The loss is right. Beyond δ its slope stays at ±δ.',
      ],
      [
        (answer) => agrees(answer, 0, lossOf) && agrees(answer, 1, (e, d) => Math.abs(slopeOf(e, d))),
        'The loss is right. Its slope falls on the left: it has the sign of the miss.',
      ],
      [(answer) => agrees(answer, 0, lossOf), 'The loss is right, its slope is not: e up to δ, then ±δ.'],
      [
        (answer) => agrees(answer, 1, slopeOf),
        'The slope is right, the loss is not: it must be 0 at 0 and have no jump.',
      ],
    ],
    otherwise: 'Up to δ: ½e² with the slope e. Beyond: δ(|e| − ½δ) with the slope ±δ.',
    tried: {
      right: [huber],
      wrong: [
        (e, d) => [Math.abs(e) <= d ? (e * e) / 2 : d * Math.abs(e), slopeOf(e, d)],
        (e, d) => [2 * lossOf(e, d), 2 * slopeOf(e, d)],
        (e, d) => [lossOf(e, d), e],
        (e, d) => [lossOf(e, d), Math.abs(slopeOf(e, d))],
        (e, d) => [lossOf(e, d), 0],
        (e, d) => [0, slopeOf(e, d)],
        (e, d) => [Math.abs(e) <= d ? (e * e) / 2 : Math.abs(e) - 0.5, slopeOf(e, d)],
        () => [0, 0],
      ],
    },
  },
};
