const near = (a, b, tolerance = 1e-6) => Math.abs(a - b) <= tolerance;

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'small-layers': {
    isRight: (chance) => near(chance, 0.25),
    praise: 'Each of the two units agrees with probability ½.',
    mistakes: [
      [(chance) => near(chance, 0.5), 'That is one unit. There are two, and both must agree.'],
      [
        (chance) => near(chance, 1 / 16),
        'So likely is one certain pattern in both rows. There are four patterns that they may share.',
      ],
    ],
    otherwise: 'How likely is it that one unit is the same in both rows?',
    tried: { right: [0.25], wrong: [0.5, 0.0625, 0.75] },
  },
  'scaled-twice': {
    isRight: (factor) => near(factor, 0.512),
    praise: 'Each layer is too quiet by 0.8.',
    mistakes: [
      [(factor) => near(factor, 0.8), 'So it would be for one layer.'],
      [(factor) => near(factor, 0.008), 'That is 0.2³. The layers were multiplied by 1 − p.'],
      [
        (factor) => near(factor, 1 / 0.512, 1e-3),
        'That is how much louder it should be. By which factor is it too small?',
      ],
    ],
    otherwise: 'What does one layer make of its sum, when it is multiplied by 1 − p?',
    tried: { right: [0.512], wrong: [0.8, 0.008, 1.953125, 0.5] },
  },
};
