const near = (a, b, tolerance = 1e-6) => Math.abs(a - b) <= tolerance;

/** Numbers from 0 to 1 that are the same each time: a linear congruence. */
const numbers = () => {
  let state = 1;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const rows = Array.from({ length: 400 }, () => [1, 1, 1, 1, 1]);
const flat = (h) => (Array.isArray(h) ? h.flat() : []);
const train = (layer, p) => layer(rows, p, true, numbers());
const share = (list, fits) => list.filter(fits).length / list.length;
const silentShare = (layer, p) => share(flat(train(layer, p)), (unit) => unit === 0);
const meanOf = (layer, p) => flat(train(layer, p)).reduce((a, b) => a + b, 0) / 2000;
const inUse = [
  [1, -2],
  [3, 0.5],
];

const right = (h, p, training, random) =>
  training ? h.map((row) => row.map((unit) => (random() >= p ? unit / (1 - p) : 0))) : h;
const undivided = (h, p, training, random) =>
  training ? h.map((row) => row.map((unit) => (random() >= p ? unit : 0))) : h;
const shared = (h, p, training, random) => {
  const speaks = h[0].map(() => random() >= p);
  return training ? h.map((row) => row.map((unit, j) => (speaks[j] ? unit / (1 - p) : 0))) : h;
};
const wholeRows = (h, p, training, random) =>
  training
    ? h.map((row) => {
        const speaks = random() >= p;
        return row.map((unit) => (speaks ? unit / (1 - p) : 0));
      })
    : h;
const turned = (h, p, training, random) =>
  training ? h.map((row) => row.map((unit) => (random() < p ? unit / p : 0))) : h;
const never = (h, p, _, random) => right(h, p, true, random);
const quiet = (h, p, training, random) =>
  training ? right(h, p, true, random) : h.map((row) => row.map((unit) => unit * (1 - p)));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'scaled-twice': {
    isRight: (factor) => near(factor, 0.512),
    praise: 'Each layer multiplies by 0.8, though training had scaled already.',
    mistakes: [
      [(factor) => near(factor, 0.8), 'That is one layer of three.'],
      [(factor) => near(factor, 0.008), 'That is 0.2³. The layers were multiplied by 1 − p.'],
      [(factor) => near(factor, 1 / 0.512, 1e-3), 'That would repair it. The output is too small, by which factor?'],
      [(factor) => near(factor, 1), 'It would be 1 if only one of the two had scaled. Here both did.'],
    ],
    otherwise: 'Each layer multiplies once by 1 − p. There are three.',
    tried: { right: [0.512], wrong: [0.8, 0.008, 1.953125, 1, 0.5] },
  },
  'write-dropout': {
    probe: [[[1, 1]], 0.5, true, numbers()],
    isRight: (layer) =>
      same(layer(inUse, 0.3, false, numbers()), inUse) &&
      [0.2, 0.5].every(
        (p) =>
          near(silentShare(layer, p), p, 0.06) &&
          near(meanOf(layer, p), 1, 0.1) &&
          flat(train(layer, p)).every((unit) => unit === 0 || near(unit, 1 / (1 - p))),
      ) &&
      new Set(train(layer, 0.5).map(String)).size > 20,
    praise: 'A draw for each unit of each row, one division, and nothing to do in use.',
    mistakes: [
      [
        (layer) =>
          same(
            layer(inUse, 0.3, false, numbers()),
            inUse.map((row) => row.map((unit) => unit * 0.7)),
          ),
        'You multiply in use and divide in training. Once is enough: in use return h as it is.',
      ],
      [
        (layer) => !same(layer(inUse, 0.3, false, numbers()), inUse),
        'In use nothing is silenced: if training is false, return h as it is.',
      ],
      [
        (layer) => near(silentShare(layer, 0.2), 0.8, 0.06),
        'Here a unit speaks with probability p. It should be silent with p.',
      ],
      [
        (layer) =>
          new Set(train(layer, 0.5).map(String)).size <= 2 &&
          train(layer, 0.5).flat().includes(0) &&
          same(train(layer, 0.5)[0], train(layer, 0.5)[1]) &&
          same(train(layer, 0.5)[0], train(layer, 0.5)[2]),
        'All rows share your mask. Draw for each unit of each row.',
      ],
      [
        (layer) => new Set(train(layer, 0.5).map(String)).size <= 2,
        'Your rows are silenced as a whole. Draw for each unit.',
      ],
      [
        (layer) => near(meanOf(layer, 0.5), 0.5, 0.06),
        'Those that speak must be divided by 1 − p. Else your net will be too loud in use.',
      ],
    ],
    otherwise: 'A unit speaks if random() >= p, divided by 1 − p; else it is 0. In use return h.',
    tried: {
      right: [right],
      wrong: [undivided, shared, wholeRows, turned, never, quiet, (h) => h],
    },
  },
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
};
