import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Kernel } from '../../src/kernels/elementwise';
import { adam, descend, descendWithMomentum, type FloatArray, rmsprop } from '../../src/kernels/optimizer-steps';
import { accumulate, argExtreme } from '../../src/kernels/reduce';
import * as scalar from '../../src/kernels/scalar';
import { logSumExpRows, softmaxGradients, softmaxRows } from '../../src/kernels/softmax';
import { most } from '../../src/kernels/staging';
import { Functions } from '../../src/kernels/wasm/float32-functions';
import { WideFunctions } from '../../src/kernels/wasm/float64-functions';
import { type Switches, setSwitches } from '../../src/kernels/wasm/runtime';
import { eachVariant } from '../support/kernels';

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** Every n-th float32 number, including NaN and infinities, and those next to zeros and to the bounds of exp. */
function samples(step: number): Float32Array {
  const found = [
    0,
    -0,
    1e-45,
    -1e-45,
    2 ** -126,
    -(2 ** -126),
    88.72283,
    88.72284,
    -87.33655,
    -103.97,
    -104,
    0.625,
    -0.625,
  ];
  for (let i = -(2 ** 31); i < 2 ** 31; i += step) {
    bits[0] = i;
    found.push(float[0]);
  }
  return Float32Array.from([...found, Infinity, -Infinity, Number.NaN]);
}

/** The distance of two numbers in units in the last place of the second, at least the smallest subnormal number. */
function ulps(y: number, exact: number): number {
  const rounded = Math.fround(exact);
  if (Object.is(y, rounded) || (Number.isNaN(y) && Number.isNaN(rounded))) return 0;
  if (!Number.isFinite(rounded) || !Number.isFinite(y)) {
    // At the overflow threshold both results may be right.
    return Math.abs(exact) > 3.4028234e38 && Math.abs(exact) < 3.4028236e38 ? 0 : Infinity;
  }
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(exact))), -126);
  return Math.abs(y - exact) / 2 ** (exponent - 23);
}

/** `Σ e^(x - max)` without one maximum. */
function restOf(row: readonly number[], max: number): number {
  const largest = row.indexOf(max);
  return row.reduce((sum, v, i) => (i === largest ? sum : sum + Math.exp(v - max)), 0);
}

/** Random numbers from 0 to 1, the same each time. */
const mulberry = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** Functions that are approximated, alone and in activations. */
const approximated = [
  ...['Math.exp(x)', 'Math.log(x)', 'Math.tanh(x)', 'sigmoid(x)', 'Math.expm1(x)', 'Math.log1p(x)', 'softplus(x)'],
  ...['x / (1 + Math.exp(-x))', 'x < 0 ? 1.5 * Math.expm1(x * 0.5) : x * 1.5', 'x * Math.tanh(softplus(x))'],
  '0 - softplus(-x)',
  ...['erf(x)', 'erfc(x)', 'erfc(x) * 2', 'x * erf(x)', 'phi(x)', 'x * phi(x)'],
  ...['Math.atan(x)', 'Math.atan2(x, 0.7)', 'Math.atan2(x, -3e-20)', 'Math.atan2(-1e30, x)', 'Math.atan2(x, 0 - 0)'],
  ...[-2, -0.5, 0, 0.3, 1, 1.7, 3, 7, Infinity, -Infinity, Number.NaN].map((b) => `power(x, ${b})`),
  'x * sigmoid(1.5957691216 * (x + 0.044715 * x * x * x))',
];

/** Helpers of functions, tested with these; softmax uses `quickExps`, `exps` and `shiftedExps`. */
const parts = [
  ...[
    'madd',
    'number',
    'integer',
    'keep',
    'polynomial',
    'sine',
    'powers',
    'quickExps',
    'exps',
    'shiftedExps',
    'scaledErfc',
    'erfSeries',
    'expNear',
    'expFar',
    'reduced',
  ],
];

test.each([WideFunctions, Functions])('every vector function is compared with float64: %o', (written) => {
  const compared = [...approximated, 'Math.sin(', 'Math.cos(', 'lgamma('].join(' ');
  const names = Object.getOwnPropertyNames(written.prototype).filter((name) => name !== 'constructor');
  expect(names.length).toBeGreaterThan(4);
  expect(names.filter((name) => !parts.includes(name) && !compared.includes(`${name}(`))).toEqual([]);
});

describe.each(eachVariant)('%s', (_, switches) => {
  let before: Switches;
  beforeEach(() => {
    before = setSwitches(switches);
  });
  afterEach(() => void setSwitches(before));

  test.each(approximated)('%s is within 2 units in the last place', (expression) => {
    const x = samples(40_009);
    const y = new Float32Array(x.length);
    new Kernel(expression, ['x']).loops('float32', 'float32').flat(x.length, y, x, 0);
    const exact = new Function(...Object.keys(scalar), `return (x) => ${expression}`)(...Object.values(scalar));
    for (let i = 0; i < x.length; i++) {
      const error = ulps(y[i], exact(x[i]));
      if (!(error < 2)) expect.fail(`of ${x[i]}: ${y[i]} and not ${exact(x[i])}, ${error} units away`);
      if (y[i] === 0 && exact(x[i]) === 0 && !Object.is(y[i], exact(x[i]))) expect.fail(`sign of zero at ${x[i]}`);
    }
  });

  test.each(['Math.sin(x)', 'Math.cos(x)', 'x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)'])(
    '%s is the nearest number, also for large angles',
    (expression) => {
      const { flat } = new Kernel(expression, ['x']).loops('float32', 'float32');
      const exact = new Function('x', `return ${expression}`);
      const quarters = Array.from({ length: 40_000 }, (_, n) => (n - 20_000) * (Math.PI / 2));
      const usual = [...samples(40_009), ...quarters].map(Math.fround).filter((v) => !(Math.abs(v) > 3e5));
      // With one beyond the kernel's range, all are computed by a loop.
      for (const x of [usual, [...usual, 2 ** 90], [...usual, Infinity]]) {
        const y = new Float32Array(x.length);
        flat(x.length, y, Float32Array.from(x), 0);
        for (let i = 0; i < x.length; i++) {
          const wanted = exact(x[i]);
          // For a tie, either.
          if (!(ulps(y[i], wanted) <= 0.50001)) expect.fail(`of ${x[i]}: ${y[i]} and not ${wanted}`);
          if (wanted === 0) expect(y[i]).toBe(wanted);
        }
      }
    },
  );

  test('lgamma is within 2 units in the last place, around its zeros and below 0, too', () => {
    const { flat } = new Kernel('lgamma(x)', ['x']).loops('float32', 'float32');
    const around = [0.5, 1, 1.5, 2, 2.5, 8].flatMap((middle) =>
      Array.from({ length: 2000 }, (_, i) => middle + Math.sign(i - 1000) * 2 ** (-Math.abs(i - 1000) / 40)),
    );
    const positive = [...samples(20_011), ...around].map(Math.fround).filter((v) => !(v <= 0));
    for (const x of [positive, [...positive, -0.3, -2, 0, -0, -Infinity]]) {
      const y = new Float32Array(x.length);
      flat(x.length, y, Float32Array.from(x), 0);
      for (let i = 0; i < x.length; i++) {
        const wanted = scalar.lgamma(x[i]);
        if (!(ulps(y[i], wanted) < 2)) expect.fail(`of ${x[i]}: ${y[i]} and not ${wanted}`);
      }
    }
  });

  test('atan2 of every combination of signs, zeros, infinities and NaN', () => {
    const some = [0, -0, 1, -1, 3e-41, -3e38, Infinity, -Infinity, Number.NaN, 0.3, -7];
    const [a, b] = [some.flatMap((v) => some.map(() => v)), some.flatMap(() => some)].map((v) => Float32Array.from(v));
    const y = new Float32Array(a.length);
    new Kernel('Math.atan2(a, b)', ['a', 'b']).loops('float32', 'float32').flat(y.length, y, a, 0, b, 0);
    for (let i = 0; i < y.length; i++) {
      const wanted = Math.atan2(a[i], b[i]);
      if (!(ulps(y[i], wanted) < 2)) expect.fail(`of ${a[i]} and ${b[i]}: ${y[i]} and not ${wanted}`);
      if (wanted === 0) expect(y[i]).toBe(Math.fround(wanted));
    }
  });

  test('lgamma is within 2 units in the last place, around its zeros and below 0, too', () => {
    const kernel = new Kernel('Math.cos(a) * b', ['a', 'b']);
    for (const large of [0, 2e6, Number.NaN]) {
      const a = Float32Array.from({ length: 3000 }, (_, i) => (i === 2500 ? large : i));
      const b = Float32Array.from({ length: 60 }, (_, i) => i);
      const y = new Float32Array(20 * 60);
      const operands = [
        { memory: a, offset: 7, steps: [140, 2] },
        { memory: b, offset: 0, steps: [0, 1] },
      ];
      kernel.runStrided('float32', 'float32', [20, 60], y, [60, 1], operands);
      for (let i = 0; i < y.length; i++) {
        const wanted = Math.cos(a[7 + 140 * Math.floor(i / 60) + 2 * (i % 60)]) * (i % 60);
        if (!(ulps(y[i], wanted) <= 0.50001)) expect.fail(`element ${i}: ${y[i]} and not ${wanted}`);
      }
    }
  });

  test.each(['Math.exp(x)', 'sigmoid(x)', 'Math.tanh(x)'])(
    '%s of a number does not depend on its neighbours',
    (expression) => {
      const { flat } = new Kernel(expression, ['x']).loops('float32', 'float32');
      const x = Float32Array.from({ length: 400 }, (_, i) => (i - 200) / 2.3).filter((v) => Math.abs(v) < 87);
      const alone = new Float32Array(x.length);
      flat(x.length, alone, x, 0);
      // ±100, ±∞, and several NaN bit patterns.
      for (const far of [
        0x42c80000, 0xc2c80000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7fffffff, 0xffffffff, 0x7f800001,
      ]) {
        const mixed = new Float32Array(2 * x.length);
        new Int32Array(mixed.buffer).fill(far);
        for (const [i, v] of x.entries()) mixed[2 * i] = v;
        const y = new Float32Array(mixed.length);
        flat(y.length, y, mixed, 0);
        expect(y.filter((_, i) => i % 2 === 0)).toEqual(alone);
        for (let i = 1; i < y.length; i += 2) expect(y[i]).toBe(Number.isNaN(mixed[1]) ? Number.NaN : y[1]);
      }
    },
  );

  test('any number of elements from any offset on, and nothing around them', () => {
    const { flat } = new Kernel('Math.exp(x)', ['x']).loops('float32', 'float32');
    for (const n of [0, 1, 15, 16, 17, 31, 33, most - 1, most, most + 1, 3 * most + 5]) {
      const x = Float32Array.from({ length: n + 7 }, (_, i) => Math.sin(i));
      const y = new Float32Array(n + 3).fill(7);
      flat(n, y, x, 5);
      for (let i = 0; i < n; i++) expect(ulps(y[i], Math.exp(x[i + 5]))).toBeLessThan(2);
      expect(Array.from(y.subarray(n))).toEqual([7, 7, 7]);
    }
  });

  test('softmax and its logarithm, rows of any length', () => {
    for (const n of [1, 2, 3, 4, 5, 7, 8, 10, 31, 64, 1000, 5001])
      for (const rows of [1, 2, 9]) {
        const x = Float32Array.from({ length: rows * n + 3 }, (_, i) => 8 * Math.sin(i * i));
        for (const log of [false, true]) {
          const y = new Float32Array(rows * n + 2).fill(7);
          softmaxRows(y.subarray(1), x.subarray(2), rows, n, log);
          expect([y[0], y[rows * n + 1]]).toEqual([7, 7]);
          for (let r = 0; r < rows; r++) {
            const row = Array.from(x.subarray(2 + r * n, 2 + (r + 1) * n));
            const max = Math.max(...row);
            const rest = restOf(row, max);
            row.forEach((v, j) => {
              const exact = log ? v - max - Math.log1p(rest) : Math.exp(v - max) / (1 + rest);
              expect(ulps(y[1 + r * n + j], exact)).toBeLessThan(2);
            });
          }
        }
      }
  });

  test('softmax, its logarithm and that of its sum, over the whole range of float32', () => {
    const random = mulberry(7);
    // From rows of nearly equal numbers to those dominated by the largest.
    for (const n of [2, 3, 10, 12, 13, 40, 300])
      for (const spread of [1e-6, 1e-3, 0.1, 1, 5, 20, 60, 100, 1e3, 1e30])
        for (const middle of [0, -0.7, 3, -80, 1e4, 1e30]) {
          const rows = 9;
          const x = Float32Array.from({ length: rows * n }, () => middle + spread * (2 * random() - 1));
          const [y, logs, sums] = [x.slice(), x.slice(), new Float32Array(rows)];
          softmaxRows(y, x, rows, n, false);
          softmaxRows(logs, x, rows, n, true);
          logSumExpRows(sums, x, rows, n);
          for (let r = 0; r < rows; r++) {
            const row = Array.from(x.subarray(r * n, (r + 1) * n));
            const max = Math.max(...row);
            const rest = restOf(row, max);
            const where = `${n} elements around ${middle} ± ${spread}`;
            expect(ulps(sums[r], max + Math.log1p(rest)), where).toBeLessThan(2);
            row.forEach((v, j) => {
              expect(ulps(y[r * n + j], Math.exp(v - max) / (1 + rest)), where).toBeLessThan(2);
              expect(ulps(logs[r * n + j], v - max - Math.log1p(rest)), where).toBeLessThan(2);
            });
          }
        }
  });

  test('softmax of rows in which two to four numbers dominate', () => {
    const random = mulberry(11);
    const [rows, n] = [4000, 13];
    for (const spread of [0.3, 2, 8, 30]) {
      const x = new Float32Array(rows * n).fill(-500);
      for (let r = 0; r < rows; r++) {
        const middle = 80 * random() - 40;
        for (let j = 0; j < 2 + (r % 3); j++) x[r * n + j] = middle + spread * (2 * random() - 1);
      }
      const y = x.slice();
      softmaxRows(y, x, rows, n, false);
      let worst = 0;
      for (let r = 0; r < rows; r++) {
        const row = Array.from(x.subarray(r * n, (r + 1) * n));
        const max = Math.max(...row);
        const rest = restOf(row, max);
        for (const [j, v] of row.entries()) worst = Math.max(worst, ulps(y[r * n + j], Math.exp(v - max) / (1 + rest)));
      }
      expect(worst, `± ${spread}`).toBeLessThan(2);
    }
  });

  test('log-sum-exp, rows of any length', () => {
    for (const n of [1, 2, 3, 4, 5, 7, 8, 10, 31, 64, 1000, 5001])
      for (const rows of [1, 2, 9, 700]) {
        const x = Float32Array.from({ length: rows * n + 3 }, (_, i) => 8 * Math.sin(i * i) + 1e4 * (i % 2));
        const y = new Float32Array(rows + 1).fill(7);
        logSumExpRows(y, x.subarray(2), rows, n);
        expect(y[rows]).toBe(7);
        for (let r = 0; r < rows; r++) {
          const row = x.subarray(2 + r * n, 2 + (r + 1) * n);
          const max = row.reduce((most, v) => Math.max(most, v), -Infinity);
          const exact = max + Math.log(row.reduce((sum, v) => sum + Math.exp(v - max), 0));
          expect(Math.abs(y[r] - exact)).toBeLessThan(2e-7 * Math.max(1, Math.abs(exact)));
        }
      }
  });

  test('log-sum-exp of NaN and infinities, each in its row', () => {
    const rows = [
      [1, Number.NaN, Infinity],
      [1, Infinity, 2],
      [-Infinity, -Infinity, -Infinity],
      [-Infinity, 0.5, -Infinity],
      [Infinity, -Infinity, 0],
      [3e38, -3e38, -3e38],
    ];
    const y = new Float32Array(6);
    logSumExpRows(y, Float32Array.from(rows.flat()), 6, 3);
    expect(Array.from(y)).toEqual([Number.NaN, Infinity, -Infinity, 0.5, Infinity, Math.fround(3e38)]);
    logSumExpRows(y, new Float32Array(0), 6, 0);
    expect(Array.from(y)).toEqual(Array(6).fill(-Infinity));
  });

  test('the first maximum and minimum, NaN before all', () => {
    for (const n of [64, 65, 67, 100, 1000, 8191, 8192, 8193, 8194, 8195, 20_000])
      for (const sign of [1, -1] as const)
        for (const at of [0, 1, 5, 63, n >> 1, n - 2, n - 1]) {
          const x = Float32Array.from({ length: n + 3 }, (_, i) => Math.sin(i * i));
          x[2 + at] = sign * 2;
          x[2 + n - 1] = sign * 2;
          x[1] = x[n + 2] = sign * 9;
          expect(argExtreme(x, 2, 1, n, sign)).toBe(at);
          x[2 + n - 3] = Number.NaN;
          expect(argExtreme(x, 2, 1, n, sign)).toBe(n - 3);
          x[2 + 3] = Number.NaN;
          expect(argExtreme(x, 2, 1, n, sign)).toBe(3);
        }
    const zeros = new Float32Array(100).fill(-1);
    zeros[70] = -0;
    zeros[80] = 0;
    expect(argExtreme(zeros, 0, 1, 100, 1)).toBe(70);
    expect(argExtreme(new Float32Array(100).fill(-Infinity), 0, 1, 100, 1)).toBe(0);
  });

  test('gradients of softmax and its logarithm, rows of any length', () => {
    for (const n of [1, 2, 3, 4, 5, 7, 10, 64, 1000, 5001])
      for (const rows of [1, 2, 9])
        for (const log of [false, true]) {
          const x = Float32Array.from({ length: rows * n }, (_, i) => 4 * Math.sin(i * i));
          const y = new Float32Array(rows * n + 1);
          softmaxRows(y.subarray(1), x, rows, n, log);
          const dy = Float32Array.from({ length: rows * n + 2 }, (_, i) => Math.cos(3 * i));
          const dx = new Float32Array(rows * n + 1).fill(7);
          softmaxGradients(dx, y.subarray(1), dy.subarray(2), rows, n, log);
          expect(dx[rows * n]).toBe(7);
          for (let r = 0; r < rows; r++) {
            const row = Array.from(y.subarray(1 + r * n, 1 + (r + 1) * n));
            const g = Array.from(dy.subarray(2 + r * n, 2 + (r + 1) * n));
            const total = row.reduce((sum, v, j) => sum + (log ? g[j] : g[j] * v), 0);
            row.forEach((v, j) => {
              const exact = log ? g[j] - Math.exp(v) * total : v * (g[j] - total);
              expect(Math.abs(dx[r * n + j] - exact)).toBeLessThan(log ? 3e-6 : 3e-7);
            });
          }
        }
  });

  test('softmax of NaN and infinities, each in its row', () => {
    const rows = [
      [1, Number.NaN, 2],
      [1, Infinity, 2],
      [-Infinity, -Infinity, -Infinity],
      [-Infinity, 0, 0],
      [3e38, -3e38, 3e38],
      [1, 1, 1],
    ];
    const x = Float32Array.from(rows.flat());
    const y = new Float32Array(x.length);
    softmaxRows(y, x, rows.length, 3, false);
    const [nan, third] = [Number.NaN, Math.fround(1 / 3)];
    expect(Array.from(y)).toEqual([...Array(9).fill(nan), 0, 0.5, 0.5, 0.5, 0, 0.5, third, third, third]);
  });

  test('softmax, its logarithm and sums of powers of NaN and infinities anywhere in long rows', () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
    for (const n of [13, 16, 37, 1000])
      for (const at of [0, 1, 6, 11, n - 2, n - 1]) {
        // Each between two rows without them.
        const x = new Float32Array(9 * n).fill(-1);
        for (const [r, special] of [nan, infinity, -infinity].entries()) x[(2 * r + 1) * n + at] = special;
        x.fill(-infinity, 7 * n, 8 * n);
        const [y, logs, sums] = [new Float32Array(9 * n), new Float32Array(9 * n), new Float32Array(9)];
        softmaxRows(y, x, 9, n, false);
        softmaxRows(logs, x, 9, n, true);
        logSumExpRows(sums, x, 9, n);
        const usual = Array(n).fill(1 / n);
        const without = Array.from({ length: n }, (_, j) => (j === at ? 0 : 1 / (n - 1)));
        const bad = Array(n).fill(nan);
        for (const [r, wanted] of [usual, bad, usual, bad, usual, without, usual, bad, usual].entries())
          for (const [j, p] of wanted.entries()) {
            const [given, log] = [y[r * n + j], logs[r * n + j]];
            if (p === 0 || Number.isNaN(p)) expect([given, log]).toEqual([p, Math.log(p)]);
            else {
              expect(Math.abs(given / p - 1)).toBeLessThan(1e-6);
              expect(Math.abs(log - Math.log(p))).toBeLessThan(4e-6);
            }
          }
        expect([sums[1], sums[3], sums[7]]).toEqual([nan, infinity, -infinity]);
        for (const r of [0, 2, 4, 6, 8]) expect(sums[r]).toBeCloseTo(Math.log(n) - 1, 5);
        expect(sums[5]).toBeCloseTo(Math.log(n - 1) - 1, 5);
      }
  });

  test('softmax, its logarithm and sums of powers of a row do not depend on its neighbours', () => {
    // Slightly larger numbers overflow if they are scaled as part of the row.
    const larger = Array.from({ length: 80 }, (_, i) => 20 + i / 2);
    for (const n of [5, 12, 13, 37, 66])
      for (const other of [Number.NaN, Infinity, -Infinity, 500, ...larger]) {
        const row = Array.from({ length: n }, (_, j) => 3 * Math.sin(j * j));
        const alike = Float32Array.from([...row, ...row, ...row, ...row, ...row, ...row]);
        const mixed = alike
          .slice()
          .fill(other, n, 2 * n)
          .fill(other, 4 * n, 5 * n);
        const all = [alike, mixed].map((x) => {
          const [y, logs, sums] = [new Float32Array(6 * n), new Float32Array(6 * n), new Float32Array(6)];
          softmaxRows(y, x, 6, n, false);
          softmaxRows(logs, x, 6, n, true);
          logSumExpRows(sums, x, 6, n);
          return [0, 2, 3, 5].map((r) =>
            [y, logs].map((a) => a.slice(r * n, (r + 1) * n)).concat(sums.slice(r, r + 1)),
          );
        });
        expect(all[1]).toEqual(all[0]);
      }
  });

  test('softmax of numbers far below the largest', () => {
    for (const n of [5, 12, 13, 66, 67])
      for (const [base, range] of [
        [0, 86.9],
        [0, 87.5],
        [0, 110],
        [-1000, 80],
        [3e38, 1e38],
      ]) {
        const x = Float32Array.from({ length: 3 * n }, (_, i) => base - ((i % n) * range) / (n - 1));
        const y = new Float32Array(3 * n);
        softmaxRows(y, x, 3, n, false);
        const powers = Array.from(x.subarray(0, n), (v) => Math.exp(v - x[0]));
        const total = powers.reduce((sum, v) => sum + v);
        for (const [i, given] of y.entries()) {
          const exact = powers[i % n] / total;
          expect(Math.abs(given - exact)).toBeLessThan(1e-6 * exact + 1e-44);
        }
      }
  });

  test('sums of rows, columns and blocks of any sizes and steps are those of float64', () => {
    const shapes = [
      [1, 64],
      [3, 65],
      [17, 100],
      [40, 63],
      [2, 9000],
      [5, 2048],
      [33, 127],
      [900, 8],
      [701, 10],
      [1, 300_001],
    ];
    for (const [rows, n] of shapes)
      for (const step of [n, n + 3]) {
        const data = Float32Array.from({ length: rows * step + 9 }, (_, i) => 1 + Math.sin(i * i));
        data.fill(Number.NaN, 0, 2);
        data.fill(Number.NaN, 2 + (rows - 1) * step + n);
        const x = { memory: data, offset: 2, steps: [step, 1] };
        const exact = { ...x, memory: Float64Array.from(data) };
        for (const toStride of [
          [1, 0],
          [0, 1],
          [0, 0],
        ]) {
          const totals = [x, exact].map((operand) => {
            const all = new Float64Array(Math.max(rows, n)).fill(1);
            accumulate([rows, n], operand, toStride, all);
            return all;
          });
          const worst = totals[1].reduce((most, v, i) => Math.max(most, Math.abs(totals[0][i] / v - 1)), 0);
          expect(worst).toBeLessThan(5e-7);
        }
      }
  });

  test('sums over the outer and inner dimensions of blocks', () => {
    const shape = [3, 5, 4, 70];
    const data = Float32Array.from({ length: 4200 }, (_, i) => Math.sin(i));
    const stride = [1400, 280, 70, 1];
    for (const toStride of [
      [0, 1, 0, 0],
      [0, 70, 0, 1],
      [350, 0, 0, 1],
      [70, 0, 0, 1],
      [280, 0, 70, 1],
    ]) {
      const totals = [data, Float64Array.from(data)].map((values) => {
        const all = new Float64Array(4200);
        accumulate(shape, { memory: values, offset: 0, steps: stride }, toStride, all);
        return all;
      });
      const worst = totals[1].reduce((most, v, i) => Math.max(most, Math.abs(totals[0][i] - v)), 0);
      // 10⁻⁸ of the sum of magnitudes of up to 840 elements.
      expect(worst).toBeLessThan(5e-6);
    }
  });

  const lengths = [64, 65, 2048, 5000];
  const arrays = (n: number, count: number) =>
    Array.from({ length: count }, (_, k) =>
      // The third and fourth operands are means of squares or gradients: not negative.
      Float32Array.from({ length: n }, (_, i) => (k > 1 ? 1 + Math.sin(i * k) : Math.sin(i * (k + 1)))),
    );
  const steps: [string, number, (xs: FloatArray[], decay: number) => void][] = [
    ['descend', 2, ([p, g], decay) => descend({ p, g }, { lr: 0.1, decay, sign: 1 })],
    [
      'momentum',
      3,
      ([p, g, v], decay) => {
        const numbers = { lr: 0.1, decay, sign: -1, keep: 0.9, take: 0.5, momentum: 0.9, nesterov: false };
        descendWithMomentum({ p, g, v }, numbers);
      },
    ],
    [
      'Nesterov',
      3,
      ([p, g, v], decay) => {
        const numbers = { lr: 0.1, decay, sign: 1, keep: 0.9, take: 1, momentum: 0.9, nesterov: true };
        descendWithMomentum({ p, g, v }, numbers);
      },
    ],
    [
      'RMSprop',
      3,
      ([p, g, s], decay) => {
        const numbers = { lr: 0.01, decay, sign: 1, keep: 0.99, take: 0.01, eps: 1e-8, momentum: 0 };
        rmsprop({ p, g, s, average: null, velocity: null }, numbers);
      },
    ],
    [
      'Adam',
      4,
      ([p, g, m, v], decay) => {
        const [rate, root, shrink] = [0.01, 0.3, 0.99];
        const [take1, keep2, take2] = [1 - 0.9, 0.999, 1 - 0.999];
        const numbers = { direct: 0, rate, root, shrink, decay, sign: 1, take1, keep2, take2, eps: 1e-8 };
        adam({ p, g, m, v, largest: null }, numbers);
      },
    ],
  ];

  test.each(steps)('a step of %s is that of float64, rounded', (_, count, run) => {
    for (const n of lengths)
      for (const decay of [0, 0.01]) {
        const xs = arrays(n, count);
        const exact = xs.map((x) => Float64Array.from(x));
        const gradient = xs[1].slice();
        run(xs, decay);
        run(exact, decay);
        expect(xs[1]).toEqual(gradient);
        xs.forEach((x, k) => {
          const errors = x.map((v, i) => Math.abs(v - exact[k][i]) / (1 + Math.abs(exact[k][i])));
          expect(errors.every((e) => e < 5e-7)).toBe(true);
        });
      }
  });

  test.each(steps)('a step of %s without decay leaves an infinite parameter infinite', (_, count, run) => {
    const xs = arrays(64, count);
    xs[0][3] = Infinity;
    run(xs, 0);
    expect(xs[0][3]).toBe(Infinity);
  });
});
