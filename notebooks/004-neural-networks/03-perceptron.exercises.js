/** Pushes of a perceptron from 0 over rows [x₁, x₂, truth], or undefined where it does not end. */
function pushes(rows) {
  let [w1, w2, b, count] = [0, 0, 0, 0];
  for (let pass = 0; pass < 20_000; pass++) {
    const before = count;
    for (const [x1, x2, truth] of rows) {
      const error = truth - (w1 * x1 + w2 * x2 + b >= 0 ? 1 : 0);
      if (error === 0) continue;
      [w1, w2, b, count] = [w1 + error * x1, w2 + error * x2, b + error, count + 1];
    }
    if (count === before) return count;
  }
  return undefined;
}

const is = (answer, ...wanted) =>
  Array.isArray(answer) && answer.length === 3 && wanted.every((value, i) => Math.abs(answer[i] - value) < 1e-9);
const isFour = (rows) =>
  Array.isArray(rows) &&
  rows.length === 4 &&
  rows.every((row) => Array.isArray(row) && row.length === 3 && row.every(Number.isFinite) && [0, 1].includes(row[2]));
const isFar = (rows) => rows.some(([x1, x2]) => Math.max(Math.abs(x1), Math.abs(x2)) > 10);

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'three-mistakes': {
    isRight: (answer) => is(answer, 1, 0, -1),
    praise: 'All three were mistakes, and each was judged by the weights of its moment.',
    mistakes: [
      [(answer) => is(answer, 1, 0, 0), 'The weights are right. But b is pushed as well: its input is always 1.'],
      [(answer) => is(answer, 2, 1, 1), 'That is the way with a minus: it adds a point of truth 0.'],
      [
        (answer) => is(answer, 3, 1, 0),
        'At the start the sum is 0 for every point, and at 0 the unit says 1: the first point is a mistake, too.',
      ],
      [(answer) => is(answer, -3, 2, -1), 'Two minuses: taking (−2, 1) away adds 2 to the first weight.'],
    ],
    otherwise: 'Take it point by point: the sum, S, e = truth − S, then the push of both weights and of b.',
    tried: {
      right: [[1, 0, -1]],
      wrong: [
        [1, 0, 0],
        [2, 1, 1],
        [3, 1, 0],
        [-3, 2, -1],
        [0, 0, 0],
      ],
    },
  },
  'hard-four': {
    isRight: (rows) => isFour(rows) && !isFar(rows) && pushes(rows) > 30,
    praise: 'R is large against γ: the border has hardly any room, and the weights must grow long to fit it.',
    mistakes: [
      [(rows) => !isFour(rows), 'Four rows of three numbers are needed: x₁, x₂ and the truth, 0 or 1.'],
      [
        (rows) => isFar(rows),
        'All coordinates are to be from −10 to 10. Points further out along the border would make it harder, but the gap can do it alone.',
      ],
      [
        (rows) => new Set(rows.map(([, , truth]) => truth)).size === 1,
        'With one class there is nothing to part: a unit that always says the same is right.',
      ],
      [
        (rows) => pushes(rows) === undefined,
        'These pushes do not end, or not soon: is there a line between the classes at all?',
      ],
    ],
    otherwise: 'It is done after 30 pushes or fewer. How little room can you leave for the border?',
    tried: {
      right: [
        [
          [1, 0, 0],
          [1, 0.1, 1],
          [2, 0, 0],
          [2, 0.1, 1],
        ],
        [
          [10, 0.2, 1],
          [10, -0.2, 0],
          [-10, 0.2, 1],
          [-10, -0.2, 0],
        ],
      ],
      wrong: [
        [[1, 2, 1]],
        [
          [100, 100, 1],
          [90, 100, 1],
          [-100, -100, 0],
          [-90, -100, 0],
        ],
        [
          [1, 0, 1],
          [2, 0, 1],
          [3, 0, 1],
          [4, 0, 1],
        ],
        [
          [0, 0, 0],
          [0, 1, 1],
          [1, 0, 1],
          [1, 1, 0],
        ],
        [
          [1, 1, 1],
          [2, 2, 1],
          [-1, -1, 0],
          [-2, -2, 0],
        ],
      ],
    },
  },
};
