// The functions of make.py, with their spaces, on which Optuna's suggestions are compared.
import { tuner } from '../../src';

const inUnit = () => tuner.float(0, 1);
const wide = () => tuner.float(-5, 5);
const acts = ['relu', 'tanh', 'sigmoid'] as const;
const costs = { relu: 0, tanh: 0.1, sigmoid: 0.4 };

const A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const P = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** A space and the value of its parameters. */
const pair = <P>(space: tuner.Space<P>, value: (params: P) => number) => ({
  space: space as tuner.Space<unknown> as tuner.Space,
  value: value as (params: unknown) => number,
});

export const functions = {
  sphere: pair(tuner.space({ x0: wide(), x1: wide(), x2: wide(), x3: wide(), x4: wide() }), (x) =>
    sum(Object.values(x).map((v) => v ** 2)),
  ),
  branin: pair(
    tuner.space({ x: tuner.float(-5, 10), y: tuner.float(0, 15) }),
    ({ x, y }) =>
      (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6) ** 2 +
      10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
      10,
  ),
  hartmann: pair(
    tuner.space({ x0: inUnit(), x1: inUnit(), x2: inUnit(), x3: inUnit(), x4: inUnit(), x5: inUnit() }),
    (params) => {
      const x = Object.values(params);
      return -sum(
        [1, 1.2, 3, 3.2].map((c, i) => c * Math.exp(-sum(x.map((v, j) => A[i]![j]! * (v - 1e-4 * P[i]![j]!) ** 2)))),
      );
    },
  ),
  mixed: pair(
    tuner.space({
      rate: tuner.float(1e-5, 1, { log: true }),
      width: tuner.int(4, 128),
      act: tuner.categorical(acts),
    }),
    ({ rate, width, act }) => (Math.log10(rate) + 2) ** 2 / 4 + ((width - 48) / 48) ** 2 + costs[act],
  ),
  conditional: pair(
    tuner.space({
      rate: tuner.float(1e-4, 1, { log: true }),
      optimizer: tuner.categorical(['sgd', 'adam']),
      momentum: tuner.when({ optimizer: 'sgd' }, tuner.float(0, 0.99)),
      beta: tuner.when({ optimizer: 'adam' }, tuner.float(0.9, 0.9999)),
      warmup: tuner.when({ optimizer: ['adam'] }, tuner.int(0, 5)),
    }),
    ({ rate, optimizer, momentum = 0, beta = 0, warmup = 0 }) =>
      optimizer === 'sgd'
        ? (Math.log10(rate) + 1) ** 2 + (momentum - 0.9) ** 2
        : (Math.log10(rate) + 3) ** 2 + Math.abs(beta - 0.999) + 0.1 * warmup,
  ),
  steps: pair(
    tuner.space({
      layers: tuner.int(1, 300, { log: true }),
      drop: tuner.float(0, 0.9, { step: 0.1 }),
      units: tuner.int(8, 512, { step: 8 }),
      size: tuner.categorical([16, 32, 64]),
      only: tuner.int(3, 3),
    }),
    ({ layers, drop, units, size }) =>
      Math.abs(Math.log(layers) - 2) + (drop - 0.3) ** 2 + Math.abs(units - 200) / 100 + Math.abs(size - 32) / 64,
  ),
};

export const samplers = {
  multivariate: tuner.tpe(),
  univariate: tuner.tpe({ multivariate: false }),
  group: tuner.tpe({ group: true }),
  spare: tuner.tpe({ startup: 4, candidates: 7, constantLiar: false }),
  random: tuner.random(),
};
