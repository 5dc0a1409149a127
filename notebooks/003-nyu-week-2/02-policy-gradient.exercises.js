const words = (answer) => (Array.isArray(answer) ? answer.map((word) => String(word).trim().toLowerCase()) : []);
const isPair = (answer, mean, variance) => words(answer).join(' ') === `${mean} ${variance}`;
const near = (a, b, tolerance = 1e-6) => Math.abs(a - b) <= tolerance;

const softmax = (scores) => {
  const all = scores.map((score) => Math.exp(score));
  const sum = all.reduce((a, b) => a + b);
  return all.map((one) => one / sum);
};
/** By differences. */
const slopes = (scores, action) =>
  scores.map((_, i) => {
    const logAt = (by) => Math.log(softmax(scores.map((score, k) => (k === i ? score + by : score)))[action]);
    return (logAt(1e-5) - logAt(-1e-5)) / 2e-5;
  });
const cases = [
  [[0, 0, 0], 2],
  [[0.5, 0.2, -0.4], 0],
  [[1, -1], 1],
];
const always = (slope, rule) => cases.every(([scores, a]) => rule(slope(scores, a), scores, a));
const isNear = (some, others) =>
  Array.isArray(some) && some.length === others.length && some.every((one, i) => near(one, others[i], 1e-6));

const right = (scores, action) => softmax(scores).map((chance, i) => (i === action ? 1 : 0) - chance);
const ofChance = (scores, action) => {
  const chances = softmax(scores);
  return chances.map((chance, i) => chances[action] * ((i === action ? 1 : 0) - chance));
};
const spread = (scores, action) =>
  softmax(scores).map((chance, i) => (i === action ? 1 - chance : chance * (1 - chance)));
const turned = (scores, action) => right(scores, action).map((one) => -one);
const others = (scores, action) => right(scores, action).map((one, i) => (i === action ? one : 0));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'ten-more': {
    isRight: (answer) => isPair(answer, 'same', 'larger'),
    praise: 'A constant cancels on average, but now every pull is praised by 10 or more.',
    mistakes: [
      [(answer) => words(answer)[0] === 'larger', 'Does C become better by comparison, if all pay 10 more?'],
      [
        (answer) => words(answer)[0] === 'smaller',
        'The chances add up to 1 whatever the scores are: what is the slope of 10 times 1?',
      ],
      [(answer) => isPair(answer, 'same', 'same'), 'The mean, yes. But now every pull is praised, by 10 to 13.'],
      [
        (answer) => isPair(answer, 'same', 'smaller'),
        'The mean, yes. But single pushes have grown: payments of 10 to 13 in place of 0 to 3.',
      ],
    ],
    otherwise: 'Two words in a list, such as ["smaller", "larger"].',
    tried: {
      right: [
        ['same', 'larger'],
        ['Same', 'Larger '],
      ],
      wrong: [['larger', 'larger'], ['smaller', 'same'], ['same', 'same'], ['same', 'smaller'], ['same'], 'same'],
    },
  },
  'best-baseline': {
    isRight: (b) => near(b, 5, 0.005),
    praise: 'Then both pushes are (−0.8, 0.8): no noise is left. With two levers the best baseline swaps the chances.',
    mistakes: [
      [
        (b) => near(b, 2, 0.005),
        'That is the mean payment. Weigh each payment by the squared length of its slope as well.',
      ],
      [(b) => near(b, 3.5, 0.005), 'Levers are not pulled equally often, and their slopes are not equally long.'],
      [(b) => near(b, 5.7059, 0.005), 'You weighed by the squared lengths alone. How often is each lever pulled?'],
    ],
    otherwise: 'The slopes of log π are (0.2, −0.2) for A and (−0.8, 0.8) for B. Use the formula of section 2.',
    tried: { right: [5], wrong: [2, 3.5, 5.7059, 1] },
  },
  'write-log-slope': {
    probe: [[0, 0], 0],
    isRight: (slope) => always(slope, (got, scores, a) => isNear(got, slopes(scores, a))),
    praise: 'One less the chance for the action itself, and minus the chance for each other one.',
    mistakes: [
      [
        (slope) => always(slope, (got, scores, a) => isNear(got, spread(scores, a))),
        'For the other actions you have π(1 − π). Their score enters log π only through the sum: −π.',
      ],
      [
        (slope) => always(slope, (got, scores, a) => isNear(got, ofChance(scores, a))),
        'That is the slope of the chance. The slope of its logarithm is that, divided by the chance.',
      ],
      [
        (slope) => always(slope, (got, scores, a) => isNear(got, turned(scores, a))),
        'The sign is turned: a higher score of the action makes it likelier.',
      ],
      [
        (slope) => always(slope, (got, scores, a) => isNear(got, others(scores, a))),
        'The other scores count as well: when one of them grows, the action’s chance falls.',
      ],
    ],
    otherwise:
      'log π of the action is its score, less the log of the sum of all exponentials. Differentiate by each score.',
    tried: { right: [right], wrong: [spread, ofChance, turned, others, (scores) => scores.map(() => 0)] },
  },
};
