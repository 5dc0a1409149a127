/** Weight and bias of the 24 units of section 1 before the first step. */
const units = [
  [-1.92, -0.548],
  [-0.153, 0.116],
  [0.446, 0.175],
  [-0.739, 0.364],
  [-0.837, 0.491],
  [-1.261, -0.545],
  [-0.632, 0.62],
  [-0.992, 0.261],
  [0.876, -0.608],
  [-2.103, -0.695],
  [1.927, -0.037],
  [0.592, 0.835],
  [0.486, 0.144],
  [-0.493, -0.038],
  [-1.71, 0.592],
  [-1.504, -0.264],
  [-0.166, -0.456],
  [-0.025, -0.917],
  [-0.344, 0.497],
  [-0.621, -0.316],
  [3.839, 0.076],
  [-2.069, -0.067],
  [0.616, 0.727],
  [-0.322, -0.918],
];

/** How many of them are on for none of 96 points that were changed. */
function silent(change) {
  const points = Array.from({ length: 96 }, (_, i) => change(-2 + (4 * i) / 95));
  return units.filter(([w, b]) => points.every((x) => w * x + b <= 0)).length;
}

const ends = (change) => {
  const points = Array.from({ length: 96 }, (_, i) => change(-2 + (4 * i) / 95));
  return [Math.min(...points), Math.max(...points)];
};

/** Units of another net, with the ends of its data. */
const others = [];
for (const low of [-2, 0.5, -7]) {
  for (const high of [low + 1, low + 4]) {
    for (const w of [-2, -0.3, 0.3, 2]) for (const b of [-3, -0.4, 0.4, 3]) others.push([w, b, low, high]);
  }
}
const truth = (w, b, low, high) => {
  let on = false;
  for (let i = 0; i <= 1000; i++) on ||= w * (low + ((high - low) * i) / 1000) + b > 0;
  return !on;
};
const agrees = (judge, rule) => others.every((one) => Boolean(judge(...one)) === rule(...one));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'silence-ten': {
    isRight: (change) => ends(change).every(Number.isFinite) && silent(change) >= 10,
    praise:
      'You moved the data away from where these units look. A shift to the right leaves behind those that look to the left, a shrinking to one point all that are off there.',
    mistakes: [
      [(change) => !ends(change).every(Number.isFinite), 'Not every x has a finite value.'],
      [
        (change) => ends(change)[0] < -2.2 && ends(change)[1] > 2.2,
        'Data that reach further to both sides are seen by more units: every kink near 0 stays inside.',
      ],
      [
        (change) => ends(change)[1] < 0,
        'The direction is wrong: most arrows point to the left, where these data are now.',
      ],
    ],
    otherwise: 'Too few are dead. Which way do most of the arrows point?',
    tried: {
      right: [(x) => x + 4, (x) => x / 100, (x) => x * x],
      wrong: [(x) => 3 * x, (x) => x, (x) => x - 4, (x) => 1 / (x - x), (x) => x + Math.sin(50 * x) / 10],
    },
  },
  'who-is-dead': {
    probe: [1, -0.5, -2, 2],
    isRight: (judge) => agrees(judge, truth),
    praise: 'A straight line is highest at an end, so two places are enough.',
    mistakes: [
      [
        (judge) => agrees(judge, (_w, b) => b < 0),
        'b is the value at 0. A unit with a negative bias may be on where the data are: where is its kink?',
      ],
      [
        (judge) => agrees(judge, (w, b, low, high) => -b / w < low || -b / w > high),
        'A kink outside the data is half of it: the unit may look inwards, and then it is on for all of them.',
      ],
      [(judge) => agrees(judge, (w, b, low, high) => !truth(w, b, low, high)), 'That is who is alive.'],
    ],
    otherwise: 'For some of the 96 units that were asked about, the answer is another.',
    tried: {
      right: [(w, b, low, high) => Math.max(w * low + b, w * high + b) <= 0],
      wrong: [
        (_w, b) => b < 0,
        (w, b, low, high) => -b / w < low || -b / w > high,
        (w, b, low, high) => Math.max(w * low + b, w * high + b) > 0,
        (w, b, _low, high) => w * high + b <= 0,
      ],
    },
  },
};
