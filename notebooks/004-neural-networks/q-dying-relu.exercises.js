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

const near = (a, b) => Math.abs(a - b) < 0.006;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
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
        'A kink outside the data is half of it: the unit may be on where the data are, for all of them.',
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
  'spare-the-biases': {
    isRight: (kink) => near(kink, 3 / 0.81),
    praise: 'It moved outwards: the smaller the weight, the farther the place where it makes up for the bias.',
    mistakes: [
      [(kink) => near(kink, 3), 'There it was. That is so if the bias shrinks by the same factor.'],
      [(kink) => near(kink, 3 * 0.81), 'The wrong way: the kink is at −b/w, and w became smaller.'],
      [(kink) => near(kink, 3 / 0.9), 'That is after one step.'],
    ],
    otherwise: 'Two steps leave 0.81 of w, and all of b.',
    tried: { right: [3.7, 3 / 0.81], wrong: [3, 2.43, 3.33, 1] },
  },
};
