const near = (a, b) => Math.abs(a - b) <= 0.005;
const isPair = (list) => Array.isArray(list) && list.length === 2 && list.every(Number.isFinite);

/** The signs that the slope of the first weight has on the way, at the rate 0.5/1.6; slopes below a billionth have none. */
const signsOf = ([first, second]) => {
  let [a, b] = [first, second];
  const signs = new Set();
  for (let step = 0; step < 200; step++) {
    const slopes = [a + 0.6 * b, 0.6 * a + b];
    if (Math.abs(slopes[0]) > 1e-9) signs.add(Math.sign(slopes[0]));
    [a, b] = [a - (0.5 / 1.6) * slopes[0], b - (0.5 / 1.6) * slopes[1]];
  }
  return signs;
};

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'bowl-of-three': {
    isRight: (rates) => isPair(rates) && near(rates[0], 1 / 3) && near(rates[1], 2 / 3),
    praise: 'Between 1/L and 2/L a walk leaps to and fro, and arrives all the same.',
    mistakes: [
      [(rates) => !isPair(rates), 'Two rates: the first for one sign, the second for arriving.'],
      [(rates) => near(rates[0], 2 / 3) && near(rates[1], 1 / 3), 'The other way round.'],
      [(rates) => near(rates[0], 1 / 3), 'The first is right. The walk arrives while the factor 1 − 3η lies above −1.'],
      [
        (rates) => near(rates[1], 2 / 3),
        'The second is right. The sign is kept while the factor 1 − 3η is not negative.',
      ],
      [(rates) => near(rates[0], 1 / 6) || near(rates[0], 2 / 9), 'The slope of 3/2 w² is 3w, and the bend 3.'],
    ],
    otherwise: 'One sign while 1 − 3η is not negative; it arrives while the factor lies between −1 and 1.',
    tried: {
      right: [[1 / 3, 2 / 3]],
      wrong: [[1 / 3], [2 / 3, 1 / 3], [1 / 3, 1], [0.5, 2 / 3], [1 / 6, 1 / 3], [1, 2]],
    },
  },
  'turning-round': {
    isRight: (start) => isPair(start) && signsOf(start).size === 2,
    praise: 'A quiet rate, no leap, and both signs: with two weights the floor that one sees moves with the other.',
    mistakes: [
      [(start) => !isPair(start), 'A start has two numbers.'],
      [(start) => start[0] === 0 && start[1] === 0, 'That is the goal: nothing moves.'],
      [
        (start) => Math.abs(start[0] - start[1]) < 1e-9 || Math.abs(start[0] + start[1]) < 1e-9,
        'That lies on an axis of the bowl, where the walk goes straight home, as with one weight.',
      ],
      [
        (start) => start[0] * start[1] > 0,
        'From there the first weight goes home without turning. Let the second begin farther out.',
      ],
    ],
    otherwise:
      'Its slope keeps one sign. The sum of the slopes and their difference should have different signs, and the sum be larger.',
    tried: {
      right: [
        [0.7, -1.3],
        [-0.7, 1.3],
      ],
      wrong: [[1], [0, 0], [1, 1], [1, -1], [1, 0.5], [1, -0.2]],
    },
  },
};
