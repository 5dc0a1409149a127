const near = (a, b, by) => Math.abs(a - b) <= by;
const like = (name, wanted) => typeof name === 'string' && name.trim().toLowerCase() === wanted;

/** Where a racer is after each of fifty steps down ½ (w₁² + 50 w₂²). */
const walk = (racer) => {
  const w = new Float64Array([3, 1.2]);
  const move = racer(0.03);
  return Array.from({ length: 50 }, () => {
    move(w, new Float64Array([w[0], 50 * w[1]]));
    return [...w];
  });
};
const both = (w, change) => {
  for (const i of [0, 1]) w[i] -= change(i);
};
/** RMSprop, with what is put into the bucket, how it is read, and how many buckets there are. */
const made =
  ({ put = (g) => g * g, keep = 0.9, add = 0.1, isShared = false } = {}) =>
  (rate) => {
    const V = [0, 0];
    return (w, g) => {
      for (const i of [0, 1]) V[i] = keep * V[i] + add * put(g[i]);
      both(w, (i) => (rate * g[i]) / (Math.sqrt(isShared ? V[0] + V[1] : V[i]) + 1e-8));
    };
  };
const agrees = (racer, other) => {
  const [one, two] = [walk(racer), walk(other)];
  return one.every((place, t) => place.every((value, i) => near(value, two[t][i], 1e-4)));
};
const isBroken = (racer) => walk(racer).some((place) => place.some(Number.isNaN));

/** @type {Record<string, import('gradlab/lab').Exercise>} */
module.exports = {
  'who-is-who': {
    isRight: ({ A, B, C }) => like(A, 'adagrad') && like(B, 'rmsprop') && like(C, 'adam'),
    praise: 'A bucket that only fills, one that begins nearly empty, and one that knows how full it is.',
    mistakes: [
      [({ A }) => like(A, 'adam'), 'A falls for ever, as 1/√t: that is a sum, not an average.'],
      [
        ({ A, B, C }) => [A, B, C].some((name) => like(name, 'gd')),
        'GD would take the rate times the gradient, 0.3, in each step.',
      ],
      [({ A }) => like(A, 'rmsprop'), 'RMSprop’s steps settle at the rate. A’s go on shrinking past it.'],
      [({ B }) => like(B, 'adam'), 'B begins too long, for its average begins at 0. Adam divides that out.'],
    ],
    otherwise: 'Each is one of GD, AdaGrad, RMSprop and Adam.',
    tried: {
      right: [
        { A: 'AdaGrad', B: 'RMSprop', C: 'Adam' },
        { A: 'adagrad', B: 'rmsprop', C: 'adam' },
      ],
      wrong: [
        { A: 'Adam', B: 'RMSprop', C: 'AdaGrad' },
        { A: 'AdaGrad', B: 'GD', C: 'Adam' },
        { A: 'AdaGrad', B: 'Adam', C: 'RMSprop' },
        { A: 'RMSprop', B: 'AdaGrad', C: 'Adam' },
      ],
    },
  },
  'write-rmsprop': {
    isRight: (racer) => agrees(racer, made()),
    praise: 'Fifty steps agree with optim.RMSprop. Now run it in the race below.',
    mistakes: [
      [
        (racer) => agrees(racer, made({ isShared: true })),
        'One V for both weights gives one rate for all: that is GD with a brake. Keep a V for each.',
      ],
      [
        (racer) => agrees(racer, made({ put: (g) => g })) || isBroken(racer),
        'Without the square V can be negative, and its root is no number.',
      ],
      [
        (racer) => agrees(racer, made({ keep: 0, add: 1 })),
        'The root of the newest g² alone is |g|, so only the sign is left. Keep 0.9 of V.',
      ],
      [(racer) => agrees(racer, made({ keep: 1, add: 1 })), 'That is AdaGrad: the bucket does not leak.'],
      [
        (racer) => agrees(racer, (rate) => (w, g) => both(w, (i) => rate * g[i])),
        'That is GD. Divide by the root of V.',
      ],
    ],
    otherwise: 'V = 0.9 V + 0.1 g² for each weight, then w −= rate · g / (√V + 10⁻⁸).',
    tried: {
      right: [made()],
      wrong: [
        made({ isShared: true }),
        made({ put: (g) => g }),
        made({ keep: 0, add: 1 }),
        made({ keep: 1, add: 1 }),
        (rate) => (w, g) => both(w, (i) => rate * g[i]),
        () => () => {},
      ],
    },
  },
  'until-full': {
    isRight: (t) => Math.ceil(t) === Math.ceil(Math.log(0.01) / Math.log(0.999)),
    praise: 'ln 0.01 / ln 0.999. In the first thousands of steps the correction matters.',
    mistakes: [
      [(t) => near(t, 1000, 1), 'After 1/(1 − β) steps 37 % are still missing.'],
      [(t) => near(t, 459, 1.5) || near(t, 458.2, 1), 'That is β = 0.99.'],
      [(t) => near(t, 44, 1), 'That is β = 0.9.'],
      [(t) => near(t, 2302, 1.5), 'Then a tenth is still missing.'],
      [(t) => near(t, 4602, 0.9), 'One step too early: a hair more than one per cent is missing.'],
    ],
    otherwise: 'Solve 0.999 to the power of t = 0.01.',
    tried: { right: [4603, 4602.9], wrong: [1000, 459, 44, 2302, 4602] },
  },
};
