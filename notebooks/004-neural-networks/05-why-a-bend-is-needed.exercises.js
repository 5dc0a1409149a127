const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const step = ([u, v, b], [x, y]) => (u * x + v * y + b >= 0 ? 1 : 0);
/** What a unit says in the four corners, as a text of four digits. */
const says = (unit) => corners.map((corner) => step(unit, corner)).join('');
const answers = ([first, second, output]) =>
  corners.map((corner) => step(output, [step(first, corner), step(second, corner)])).join('');
const wrongs = (net) => [...answers(net)].filter((digit, i) => digit !== '0110'[i]).length;
const sizes = [1, 3, 8];
const follows = (f, rule) => sizes.every((k) => f(k) === rule(k));

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'xor-by-hand': {
    isRight: (net) => net.flat().every(Number.isFinite) && wrongs(net) === 0,
    praise: 'All four corners. Each hidden unit is one cut, and between them lies the strip where just one input is 1.',
    mistakes: [
      [(net) => !net.flat().every(Number.isFinite), 'Nine numbers are needed, three for each unit.'],
      [
        ([first, second]) => says(first) === says(second),
        'Both hidden units say the same in all corners: the output has one number to go by.',
      ],
      [
        (net) => net.slice(0, 2).some((unit) => /^(.)\1*$/.test(says(unit))),
        'One hidden unit says the same in all corners, so the other one is alone: one line.',
      ],
      [(net) => wrongs(net) === 1, 'Three of four: as many as one line gets. Which corner is still on the wrong side?'],
      [(net) => wrongs(net) === 4, 'Every corner is wrong: turn the output around.'],
    ],
    otherwise: 'Write down what each hidden unit says in the four corners, and then what the output makes of it.',
    tried: {
      right: [
        [
          [1, 1, -0.5],
          [1, 1, -1.5],
          [1, -1, -0.5],
        ],
        [
          [1, -1, -0.5],
          [-1, 1, -0.5],
          [1, 1, -0.5],
        ],
      ],
      wrong: [
        [
          [1, 1, -0.5],
          [1, 1, Number.NaN],
          [1, 1, -0.5],
        ],
        [
          [1, 1, -0.5],
          [2, 2, -1],
          [1, 1, -0.5],
        ],
        [
          [1, 1, -0.5],
          [1, 1, 5],
          [1, 1, -0.5],
        ],
        [
          [1, 1, -0.5],
          [1, 1, -1.5],
          [1, 0, -0.5],
        ],
        [
          [1, 1, -0.5],
          [1, 1, -1.5],
          [-1, 1, 0.5],
        ],
        [
          [1, 1, -0.5],
          [1, 0, -0.5],
          [0, 1, -0.5],
        ],
      ],
    },
  },
  pieces: {
    isRight: (f) => follows(f, (k) => k + 1),
    praise: 'One kink for each unit, and a line without a kink is one piece.',
    mistakes: [
      [
        (f) => follows(f, (k) => 2 ** k),
        'Each unit would have to double what the others drew. In one layer it only adds one kink.',
      ],
      [(f) => follows(f, (k) => k), 'And with no unit at all? A graph without kinks is one piece.'],
      [
        (f) => follows(f, (k) => 2 * k),
        'Two pieces belong to each unit alone, but when they are added up, neighbours share theirs.',
      ],
    ],
    otherwise: 'Draw it for one unit and for two.',
    probe: [3],
    tried: { right: [(k) => k + 1], wrong: [(k) => 2 ** k, (k) => k, (k) => 2 * k, (k) => k * k + 5] },
  },
};
