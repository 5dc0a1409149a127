const near = (a, b, by) => Math.abs(a - b) <= by;
const like = (name, wanted) => typeof name === 'string' && name.trim().toLowerCase() === wanted;

/** @type {Record<string, import('gradlab').Exercise>} */
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
