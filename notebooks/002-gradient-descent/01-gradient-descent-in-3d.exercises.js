const near = (a, b, tolerance = 1e-6) => Math.abs(a - b) <= tolerance;
const isPair = (p) => Array.isArray(p) && p.length === 2;
const isAt = (a, b, by) => (p) => isPair(p) && near(p[0], a, by) && near(p[1], b, by);
const startsWith = (a) => (p) => isPair(p) && near(p[0], a);

/** The chapter's bowl, and one of three weights with its lowest place at (1, −2, 0.5). */
const twoWeights = ([w1, w2]) => [20 * w1 + 8 * w2 - 28, 8 * w1 + 4 * w2 - 12];
const threeWeights = ([a, b, c]) => [4 * (a - 1) + b + 2, 3 * (b + 2) + a - 1, 2 * c - 1];
const tasks = [
  { gradient: twoWeights, start: [5, 9], rate: 0.04, steps: 6 },
  { gradient: threeWeights, start: [3, -1, 4], rate: 0.1, steps: 5 },
];
const walk = ({ gradient, start, rate, steps }, step) => {
  const path = [[...start]];
  for (let i = 0; i < steps; i++) path.push(step(path[i], gradient, rate));
  return path;
};
const plain = (w, gradient, rate) => {
  const slopes = gradient(w);
  return w.map((one, i) => one - rate * slopes[i]);
};
const uphill = (w, gradient, rate) => plain(w, gradient, -rate);
const oneByOne = (w, gradient, rate) => {
  const next = [...w];
  for (let i = 0; i < next.length; i++) next[i] -= rate * gradient(next)[i];
  return next;
};
const same = (path, other) =>
  Array.isArray(path) &&
  path.length === other.length &&
  path.every((w, i) => w.length === other[i].length && w.every((one, k) => near(one, other[i][k], 1e-9)));
const run = (descend, { gradient, start, rate, steps }) => descend(gradient, [...start], rate, steps);
const follows =
  (step, cut = (path) => path) =>
  (descend) =>
    tasks.every((task) => same(run(descend, task), cut(walk(task, step))));
const keepsStart = (descend) =>
  tasks.every(({ gradient, start, rate, steps }) => {
    const given = [...start];
    descend(gradient, given, rate, steps);
    return given.every((one, i) => one === start[i]);
  });
/** A descend that makes its path in another way, to be tried. */
const likeThis =
  (step, cut = (path) => path) =>
  (gradient, start, rate, steps) =>
    cut(walk({ gradient, start, rate, steps }, step));
const inPlace = (gradient, start, rate, steps) => {
  const path = [[...start]];
  for (let i = 0; i < steps; i++) {
    const slopes = gradient(start);
    for (let k = 0; k < start.length; k++) start[k] -= rate * slopes[k];
    path.push([...start]);
  }
  return path;
};
const oneListForAll = (gradient, start, rate, steps) => {
  const at = [...start];
  const path = [at];
  for (let i = 0; i < steps; i++) {
    const slopes = gradient(at);
    for (let k = 0; k < at.length; k++) at[k] -= rate * slopes[k];
    path.push(at);
  }
  return path;
};
const isOneList = (descend) => {
  const path = run(descend, tasks[0]);
  return path.length > 2 && path.every((w) => w === path[0]);
};

/** @type {Record<string, import('gradlab').Exercise>} */
module.exports = {
  'one-step-by-hand': {
    isRight: isAt(1.4, 0.6),
    praise: 'The misses are 2 and 4, the slopes −28 and −12, and the step goes against them.',
    mistakes: [
      [isAt(-1.4, -0.6), 'That is uphill: the slopes are −28 and −12, and a step goes against them.'],
      [isAt(-28, -12), 'That is the gradient. The place after the step is (0, 0) less 0.05 times it.'],
      [isAt(28, 12), 'These are the slopes with the wrong sign: when a weight grows, the misses fall.'],
      [isAt(0.6, 0.6), 'The second miss changes by 3 when w₁ grows by 1: its share of that slope is −6r₂.'],
    ],
    otherwise: 'At (0, 0) the misses are 2 and 4. The slopes are −2r₁ − 6r₂ and −2r₁ − 2r₂.',
    tried: {
      right: [[1.4, 0.6]],
      wrong: [
        [-1.4, -0.6],
        [-28, -12],
        [28, 12],
        [0.6, 0.6],
        [1, 1],
      ],
    },
  },
  'choose-a-rate': {
    isRight: isAt(0.1, 1 / 11, 0.0006),
    praise: 'The curvatures are 20 and 2. The limit is 2/20, and 2/(20 + 2) makes both weights equally slow.',
    mistakes: [
      [startsWith(0.2), 'The second derivative of 10w² is 20, not 10.'],
      [startsWith(1), 'That is the limit of w₂ alone. Both weights must come home.'],
      [startsWith(0.05), 'From 1/λ on it overshoots, but the swings still shrink up to 2/λ.'],
      [isAt(0.1, 0.1), 'At the limit itself w₁ swings for ever. The best rate is a little below.'],
      [isAt(0.1, 0.05), 'That rate is best for w₁ alone: one step. Then w₂ loses only a tenth a step.'],
      [startsWith(0.1), 'The limit is right. The best rate makes both weights equally slow: 1 − 2η = −(1 − 20η).'],
    ],
    otherwise: 'The limit is 2/λ for the largest second derivative λ; the best rate is 2 over the sum of both.',
    tried: {
      right: [
        [0.1, 1 / 11],
        [0.1, 0.0909],
      ],
      wrong: [
        [0.2, 0.18],
        [1, 0.5],
        [0.05, 0.05],
        [0.1, 0.1],
        [0.1, 0.05],
        [0.1, 0.08],
        [3, 2],
      ],
    },
  },
  'write-descend': {
    probe: [twoWeights, [5, 9], 0.04, 2],
    isRight: (descend) => follows(plain)(descend) && keepsStart(descend),
    praise: 'That is gradient descent, for any number of weights.',
    mistakes: [
      [
        (descend) => follows(plain)(descend) && !keepsStart(descend),
        'The path is right, but the list of the caller has changed: make a new list for each place.',
      ],
      [isOneList, 'All places of the path are one list, which changed: put a new list into the path at each step.'],
      [follows(plain, (path) => path.slice(1)), 'The start belongs to the path: it has one place more than steps.'],
      [
        follows(plain, (path) => path.slice(0, -1)),
        'The last place is missing: the path has one place more than steps.',
      ],
      [follows(uphill), 'The sign: a step goes against the gradient.'],
      [
        follows(oneByOne),
        'Both slopes are read at the old place. Here the second is read where the first weight has moved.',
      ],
    ],
    otherwise: 'Each place is the one before, less the rate times the slopes there.',
    tried: {
      right: [likeThis(plain)],
      wrong: [
        inPlace,
        oneListForAll,
        likeThis(plain, (path) => path.slice(1)),
        likeThis(plain, (path) => path.slice(0, -1)),
        likeThis(uphill),
        likeThis(oneByOne),
        likeThis((w) => w),
        () => {
          throw new Error('not yet');
        },
      ],
    },
  },
};
