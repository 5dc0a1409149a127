const near = (a, b) => Math.abs(a - b) < 1e-6;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'rate-factor': {
    isRight: (factor) => near(factor, 16),
    praise: 'Four for the gradient, four for the longer weights.',
    mistakes: [
      [(factor) => near(factor, 4), 'That makes up for the gradient. The weights are four times as long as well.'],
      [(factor) => near(factor, 1 / 16), 'The other way round: they turn too slowly.'],
      [(factor) => near(factor, 1), 'Then they turn a sixteenth as fast.'],
      [(factor) => near(factor, 2), 'The root of four? Think of two effects, each of them a factor of four.'],
    ],
    otherwise: 'Angle ≈ rate · gradient / length. What have gradient and length become?',
    tried: { right: [16], wrong: [4, 0.0625, 1, 2, 8] },
  },
  pythagoras: {
    isRight: (length) => near(length, 5),
    praise: 'The root of 9 + 16.',
    mistakes: [
      [(length) => near(length, 7), 'Only if they pointed the same way. They are at a right angle.'],
      [(length) => near(length, 25), 'That is the square.'],
      [(length) => near(length, 3), 'That would be a turn on the spot. A straight step leads a little outwards.'],
      [(length) => near(length, 1), 'Towards the middle? The step is at a right angle.'],
    ],
    otherwise: 'The root of the sum of two squares.',
    tried: { right: [5], wrong: [7, 25, 3, 1, 4] },
  },
};
