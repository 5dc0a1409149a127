const is = (answer, wanted) =>
  Array.isArray(answer) &&
  answer.length === wanted.length &&
  wanted.every((value, i) => Math.abs(answer[i] - value) < 1e-9);

/** Rows and labels ±1 that no cell shows: one kind with a line, one without. */
const sets = [
  [
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    [-1, -1, -1, 1],
    4,
  ],
  [
    [
      [2, 1],
      [1, 2],
      [-1, 3],
      [-2, -1],
      [3, -2],
    ],
    [1, -1, -1, 1, 1],
    3,
  ],
  [
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    [-1, 1, 1, -1],
    5,
  ],
];
/** The rule with labels ±1; a variant changes when it pushes (`wrong`) or with what (`push`, `bias`). */
const rule =
  ({ wrong = (y, f) => y !== (f >= 0 ? 1 : -1), push = (y) => y, bias = push } = {}) =>
  (rows, labels, passes) => {
    let [w1, w2, b] = [0, 0, 0];
    for (let pass = 0; pass < passes; pass++)
      for (const [i, [x1, x2]] of rows.entries()) {
        const f = w1 * x1 + w2 * x2 + b;
        if (!wrong(labels[i], f)) continue;
        const [p, q] = [push(labels[i], f), bias(labels[i], f)];
        [w1, w2, b] = [w1 + p * x1, w2 + p * x2, b + q];
      }
    return [w1, w2, b];
  };
const variants = {
  always: rule({ wrong: () => true }),
  noBias: rule({ bias: () => 0 }),
  twice: rule({ push: (y) => 2 * y }),
  minus: rule({ push: (y) => -y }),
  onlyBelow: rule({ wrong: (y, f) => y * f < 0 }),
  zeroOrOne: rule({ wrong: (y, f) => y !== (f >= 0 ? 1 : 0), push: (y, f) => y - (f >= 0 ? 1 : 0) }),
};
const agrees = (given, wanted) => sets.every((set) => is(given(...set), wanted(...set)));

const eight = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1, (n >> 1) & 1, (n >> 2) & 1]);
const says = ([w1, w2, w3, b], [p, q, r]) => (w1 * p + w2 * q + w3 * r + b >= 0 ? 1 : 0);
const tells = (unit, least) =>
  eight.every((corner) => says(unit, corner) === Number(corner[0] + corner[1] + corner[2] >= least));
const isUnit = (unit) => Array.isArray(unit) && unit.length === 4 && unit.every(Number.isFinite);

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'one-push': {
    isRight: (unit) => is(unit, [-1, 1, -1]),
    praise: 'The sum was 2 and is −4 now: lower by 2² + 1² + 1.',
    mistakes: [
      [(unit) => is(unit, [-1, 1, 0]), 'The weights are right. The bias is pushed as well: its input is always 1.'],
      [(unit) => is(unit, [3, -1, 1]), 'That adds the point. The truth is 0 and the sum too high, so e = −1.'],
      [(unit) => is(unit, [1, 0, 0]), 'The sum is 2, so the unit says 1, and the truth is 0: it does push.'],
      [(unit) => is(unit, [-1, 1, 1]), 'e = −1 for the bias, too.'],
    ],
    otherwise: 'The sum is 1 · 2 + 0 · (−1) + 0 = 2. What does the unit say, and what is e?',
    tried: {
      right: [[-1, 1, -1]],
      wrong: [
        [-1, 1, 0],
        [3, -1, 1],
        [1, 0, 0],
        [-1, 1, 1],
        [0, 0, 0],
      ],
    },
  },
  'learn-signs': {
    probe: [[[1, 1]], [1], 1],
    isRight: (given) => agrees(given, rule()),
    praise: 'Right. With labels 0 and 1 and half the rate, y − S would make the same steps.',
    mistakes: [
      [(given) => agrees(given, variants.always), 'It pushes for every point. Right ones must not push.'],
      [(given) => agrees(given, variants.noBias), 'The bias stays 0. It is a weight whose input is always 1.'],
      [
        (given) => agrees(given, variants.twice),
        'Twice the step: y − S is ±2 here. From 0 that only doubles all three numbers, so no answer changes. Take y itself.',
      ],
      [(given) => agrees(given, variants.minus), 'The sign: that moves away from the right answer.'],
      [
        (given) => agrees(given, variants.onlyBelow),
        'It never moves: at the start every sum is 0, where the unit says 1. Points with label −1 are wrong there.',
      ],
      [(given) => agrees(given, variants.zeroOrOne), 'Below the border the answer is still 0 there. It has to be −1.'],
    ],
    otherwise: 'Go point by point: the sum, the answer 1 or −1, and a push by y and y x only if the answer is not y.',
    tried: { right: [rule()], wrong: [...Object.values(variants), () => [0, 1, 0]] },
  },
  'two-of-three': {
    isRight: (unit) => isUnit(unit) && tells(unit, 2),
    praise: 'A vote: each input adds one, and the bias says how many it takes.',
    mistakes: [
      [(unit) => !isUnit(unit), 'Four numbers are needed: three weights and the bias.'],
      [(unit) => tells(unit, 3), 'That is AND of all three. The bias is too low.'],
      [(unit) => tells(unit, 1), 'That is OR: one input is enough. The bias is too high.'],
      [(unit) => tells(unit, 0), 'It always says 1.'],
    ],
    otherwise: 'Try the corners (1, 1, 0) and (1, 0, 0): the first sum must be 0 or more, the second below 0.',
    tried: {
      right: [
        [1, 1, 1, -1.5],
        [2, 2, 2, -4],
      ],
      wrong: [
        [1, 1, 1],
        [1, 1, 1, -3],
        [1, 1, 1, -1],
        [1, 1, 1, 0],
        [1, 0, 0, -1],
      ],
    },
  },
};
