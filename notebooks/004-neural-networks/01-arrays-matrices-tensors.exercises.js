const same = (list, wanted) =>
  Array.isArray(list) && list.length === wanted.length && list.every((v, i) => v === wanted[i]);

/** Pairs of shapes that no cell shows, one of them with a size of 0. */
const pairs = [
  [[3, 4], [4]],
  [[4], [3, 4]],
  [
    [3, 4],
    [3, 1],
  ],
  [
    [4, 1, 3],
    [2, 1],
  ],
  [[], [5]],
  [[3, 4], [3]],
  [
    [2, 3],
    [2, 4],
  ],
];
const empties = [
  [[2, 0], [1]],
  [[0], [1]],
];
const right = (a, b) => {
  const axes = Math.max(a.length, b.length);
  const at = (shape, k) => shape[k - axes + shape.length] ?? 1;
  const result = [];
  for (let k = 0; k < axes; k++) {
    const [p, q] = [at(a, k), at(b, k)];
    if (p !== q && p !== 1 && q !== 1) return null;
    result.push(p === 1 ? q : p);
  }
  return result;
};
/** The same from the left. */
const fromLeft = (a, b) => {
  const result = right([...a].reverse(), [...b].reverse());
  return result === null ? null : result.reverse();
};
const largest = (a, b) => {
  const axes = Math.max(a.length, b.length);
  const at = (shape, k) => shape[k - axes + shape.length] ?? 1;
  return Array.from({ length: axes }, (_, k) => Math.max(at(a, k), at(b, k)));
};
const larger = (a, b) => (right(a, b) === null ? null : largest(a, b));
const unpadded = (a, b) => (a.length === b.length ? right(a, b) : null);
const strict = (a, b) => {
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  return short.every((size, k) => size === long[k + long.length - short.length]) ? long : null;
};
const safely = (run) => {
  try {
    return run();
  } catch {
    return undefined;
  }
};
const agrees = (given, wanted, on) =>
  on.every(([a, b]) => {
    const [mine, yours] = [wanted(a, b), safely(() => given([...a], [...b]))];
    return mine === null ? yours === null : same(yours, mine);
  });

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'shape-of-sum': {
    isRight: (shape) => same(shape, [4, 2, 3]),
    praise: 'The missing size counts as 1, and both ones are repeated.',
    mistakes: [
      [(shape) => same(shape, [4, 1, 3]), 'The 1 in the middle meets a 2, and is repeated.'],
      [
        (shape) => same(shape, [4, 3]) || same(shape, [4, 2]),
        'The result has as many axes as the longer shape: three.',
      ],
      [(shape) => same(shape, [4, 2, 1]), 'The last sizes are 3 and 1: the 1 is repeated.'],
    ],
    otherwise: 'They fit. Write (2, 1) below (4, 1, 3), at the right, and fill it up to (1, 2, 1).',
    tried: {
      right: [[4, 2, 3]],
      wrong: [
        [4, 1, 3],
        [4, 3],
        [4, 2],
        [4, 2, 1],
        [8, 1, 3],
      ],
    },
  },
  'broadcast-shapes': {
    // Shapes that fit by every rule: null would count as nothing entered.
    probe: [
      [3, 4],
      [3, 4],
    ],
    isRight: (given) => agrees(given, right, pairs) && agrees(given, right, empties),
    praise: 'Right, also for a size of 0, which beside 1 gives 0.',
    mistakes: [
      [
        (given) => agrees(given, right, pairs),
        'Nearly: a size of 0 beside 1 gives 0, for 1 is repeated no time. The larger of the two is not the rule.',
      ],
      [(given) => agrees(given, fromLeft, pairs), 'That lines up at the left. Shapes are lined up at the right.'],
      [
        (given) => agrees(given, largest, pairs),
        'That takes the larger size, even if neither is 1: 3 and 4 do not fit, so give null.',
      ],
      [
        (given) => agrees(given, unpadded, pairs),
        'Shapes of different length fit, too: fill the shorter one up with 1 at its left.',
      ],
      [(given) => agrees(given, strict, pairs), 'Equal sizes are not all: a size of 1 fits any other.'],
    ],
    otherwise: 'Try (4, 1, 3) and (2, 1), which give (4, 2, 3), and (3, 4) and (3), which do not fit.',
    tried: {
      right: [right],
      wrong: [larger, fromLeft, largest, unpadded, strict, (a) => a],
    },
  },
};
