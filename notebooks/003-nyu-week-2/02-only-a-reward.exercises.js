const words = (answer) => (Array.isArray(answer) ? answer.map((word) => String(word).trim().toLowerCase()) : []);
const isPair = (answer, mean, variance) => words(answer).join(' ') === `${mean} ${variance}`;
const near = (b, value, tolerance = 0.015) => Math.abs(b - value) < tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'ten-more': {
    isRight: (answer) => isPair(answer, 'same', 'larger'),
    praise: 'A constant cancels on average, and only there: the variance is 84.4 in place of 1.6.',
    mistakes: [
      [
        (answer) => words(answer)[0] === 'larger',
        'Does the best lever become better by comparison, if all pay 10 more?',
      ],
      [
        (answer) => words(answer)[0] === 'smaller',
        'The chances add up to 1 whatever the scores are: what is the slope of 10 times 1?',
      ],
      [(answer) => isPair(answer, 'same', 'same'), 'The mean, yes. But now every pull is praised, by 10 to 13.'],
      [
        (answer) => isPair(answer, 'same', 'smaller'),
        'The mean, yes. But single guesses have grown: payments of 10 to 13 in place of 0 to 3.',
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
    isRight: (b) => near(b, 1.3347),
    praise: 'Where ∇ log π is long, a payment weighs more: 0.461 in place of 0.499.',
    mistakes: [
      [(b) => near(b, 1.5746), 'That is the average payment: usual, and near, but not the least.'],
      [(b) => near(b, 1), 'Levers are not pulled equally often, and their guesses are not equally long.'],
      [(b) => near(b, 3), 'Then the best lever teaches nothing, and the others are blamed by 2 and 3.'],
      [(b) => near(b, 0), 'That is no baseline.'],
    ],
    otherwise: 'Try `exact(b).variance` for b = 1, 1.5 and 2: the least lies at the vertex of a parabola.',
    tried: { right: [1.33, 1.3347, 1.34], wrong: [1.57, 1, 3, 0, 2] },
  },
};
