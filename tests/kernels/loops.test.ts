import { describe, expect, test } from 'vitest';
import { copyStrided, Kernel, type Operand } from '../../src/kernels/elementwise';
import { matmulRows } from '../../src/kernels/products/loops';
import { accumulate, argExtreme, vectorNorm } from '../../src/kernels/reduce';
import { softmaxRows } from '../../src/kernels/softmax';

const f64 = (...values: number[]) => Float64Array.from(values);
const operand = (data: Operand['memory'], stride: number[], offset = 0): Operand => ({
  memory: data,
  steps: stride,
  offset,
});
/** A 2 × 3 matrix stored by columns, from position 1. */
const columns = operand(f64(-1, 1, 4, 2, 5, 3, 6), [1, 2], 1);

describe('elementwise', () => {
  const square = new Kernel('x * x', ['x']);
  const minus = new Kernel('a - b', ['a', 'b']);

  test('one operand: contiguous with an offset, and strided', () => {
    const y = new Float64Array(2);
    square.loops('float64', 'float64').flat(2, y, f64(9, 9, 3, 4), 2);
    expect(Array.from(y)).toEqual([9, 16]);
    const m = new Float64Array(6);
    square.runStrided('float64', 'float64', [2, 3], m, [3, 1], [columns]);
    expect(Array.from(m)).toEqual([1, 4, 9, 16, 25, 36]);
  });

  test('two operands: flat, with a number, and strided', () => {
    const y = new Float64Array(3);
    const { flat, numbers } = minus.loops('float64', 'float64');
    flat(3, y, f64(0, 1, 2, 3), 1, f64(10, 20, 30), 0);
    expect(Array.from(y)).toEqual([-9, -18, -27]);
    numbers(3, y, f64(1, 2, 3), 0, 1);
    expect(Array.from(y)).toEqual([0, 1, 2]);
    const m = new Float64Array(6);
    minus.runStrided('float64', 'float64', [2, 3], m, [3, 1], [columns, operand(f64(10, 20), [1, 0])]);
    expect(Array.from(m)).toEqual([-9, -8, -7, -16, -15, -14]);
  });

  test('three operands and a parameter', () => {
    const kernel = new Kernel('a + value * b * c', ['a', 'b', 'c'], ['value']);
    const y = new Float64Array(2);
    const { flat, numbers } = kernel.loops('float64', 'float64');
    flat(2, y, f64(1, 2), 0, f64(3, 4), 0, f64(5, 6), 0, 10);
    expect(Array.from(y)).toEqual([151, 242]);
    numbers(2, y, f64(1, 2), 0, 3, 5, 10);
    expect(Array.from(y)).toEqual([151, 152]);
    const m = new Float64Array(6);
    const [one, two] = [operand(f64(1), [0, 0]), operand(f64(1, 2), [1, 0])];
    kernel.runStrided('float64', 'float64', [2, 3], m, [3, 1], [columns, one, two], 10);
    expect(Array.from(m)).toEqual([11, 12, 13, 24, 25, 26]);
  });

  test('an expression may call the functions of scalar.ts, and narrow', () => {
    const kernel = new Kernel('halfToEven(narrow(x))', ['x']);
    const y = new Float64Array(1);
    // Just above a half, to which float32 rounds it.
    kernel.loops('float64', 'float64').flat(1, y, f64(0.5 + 1e-12), 0);
    expect(y[0]).toBe(1);
    const z = new Float32Array(1);
    kernel.loops('float64>float32', 'float32').flat(1, z, f64(0.5 + 1e-12), 0);
    expect(z[0]).toBe(0);
  });

  test('results in bool are 0 and 1, results in float32 are rounded', () => {
    const y = new Uint8Array(3);
    new Kernel('x', ['x']).loops('float64>bool', 'bool').flat(3, y, f64(0, 0.5, -7), 0);
    expect(Array.from(y)).toEqual([0, 1, 1]);
    const r = new Float32Array(1);
    minus.loops('float64>float32', 'float32').flat(1, r, f64(0.3), 0, f64(0.1), 0);
    expect(r[0]).toBe(Math.fround(0.3 - 0.1));
  });
});

describe('copyStrided', () => {
  test('between layouts and dtypes', () => {
    const y = new Float32Array(6);
    copyStrided([2, 3], operand(y, [3, 1]), columns);
    expect(Array.from(y)).toEqual([1, 2, 3, 4, 5, 6]);
    const back = new Float64Array(7);
    copyStrided([2, 3], operand(back, [1, 2], 1), operand(y, [3, 1]));
    expect(Array.from(back)).toEqual([0, 1, 4, 2, 5, 3, 6]);
  });

  test('a block within a block, and an empty one', () => {
    const y = f64(0, 0, 0, 0);
    copyStrided([2], operand(y, [1], 1), operand(f64(7, 8, 9), [1], 1));
    expect(Array.from(y)).toEqual([0, 8, 9, 0]);
    copyStrided([0], operand(y, [1], 99), operand(y, [1], 99));
    expect(Array.from(y)).toEqual([0, 8, 9, 0]);
  });
});

describe('reductions', () => {
  test('accumulate adds to existing values', () => {
    const rows = f64(100, 200);
    accumulate([2, 3], columns, [1, 0], rows);
    expect(Array.from(rows)).toEqual([106, 215]);
    const cols = new Float64Array(3);
    accumulate([2, 3], columns, [0, 1], cols);
    expect(Array.from(cols)).toEqual([5, 7, 9]);
    const all = new Float64Array(1);
    accumulate([2, 3], columns, [0, 0], all);
    expect(all[0]).toBe(21);
  });

  test('argExtreme: first of equals, NaN first of all, any step', () => {
    expect(argExtreme(f64(1, 3, 3, 2), 0, 1, 4, 1)).toBe(1);
    expect(argExtreme(f64(2, 1, 1), 0, 1, 3, -1)).toBe(1);
    expect(argExtreme(f64(1, Number.NaN, 9, Number.NaN), 0, 1, 4, 1)).toBe(1);
    expect(argExtreme(f64(1, Number.NaN, -9), 0, 1, 3, -1)).toBe(1);
    expect(argExtreme(f64(Number.NaN, 5), 0, 1, 2, 1)).toBe(0);
    expect(argExtreme(f64(0, 5, 9, 1, 9, 7), 1, 2, 3, 1)).toBe(2);
    expect(argExtreme(f64(Number.NEGATIVE_INFINITY), 0, 1, 1, 1)).toBe(0);
  });
});

test.each([1, 63, 64, 67, 70, 2048, 2051, 5000])('norms of %i float32 numbers are those of float64', (n) => {
  const x = Float32Array.from({ length: n + 3 }, (_, i) => Math.sin(i * i) * 10 ** (i % 5));
  const exact = Float64Array.from(x);
  for (const p of [1, 2]) {
    const [got, want] = [x, exact].map((data) => vectorNorm(data, 3, n, p));
    expect(Math.abs(got - want)).toBeLessThan(1e-14 * want);
  }
  x[5] = Number.NaN;
  for (const p of [1, 2]) expect(vectorNorm(x, 3, n, p)).toBe(n < 3 ? vectorNorm(exact, 3, n, p) : Number.NaN);
});

test('a norm does not overflow in float32', () => {
  const x = new Float32Array(100).fill(-1e38);
  expect(vectorNorm(x, 0, 100, 1)).toBeCloseTo(100 * Math.fround(1e38), -25);
  expect(vectorNorm(x, 0, 100, 2) / 1e39).toBeCloseTo(1, 6);
});

test('matmulRows adds a product, for every remainder of the inner dimension modulo four', () => {
  for (let k = 0; k <= 9; k++) {
    const a = Float64Array.from({ length: 1 + 2 * k }, (_, i) => i);
    const b = Float64Array.from({ length: 2 + k * 3 }, (_, i) => i * i);
    const y = f64(-1, ...Array<number>(6).fill(1000));
    matmulRows(2, 3, k, a, 1, b, 2, y, 1);
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) {
        let sum = 1000;
        for (let p = 0; p < k; p++) sum += a[1 + i * k + p] * b[2 + p * 3 + j];
        expect(y[1 + i * 3 + j]).toBe(sum);
      }
    expect(y[0]).toBe(-1);
  }
});

test('softmax', () => {
  const x = f64(0, Math.log(3), 1000, 1000);
  const y = new Float64Array(4);
  softmaxRows(y, x, 1, 2, false);
  expect(y[0]).toBeCloseTo(0.25, 14);
  softmaxRows(y.subarray(2), x.subarray(2), 1, 2, false);
  expect(Array.from(y.subarray(2))).toEqual([0.5, 0.5]);
  softmaxRows(y, x, 1, 2, true);
  expect(y[1]).toBeCloseTo(Math.log(0.75), 14);
  softmaxRows(y.subarray(2), x.subarray(2), 1, 2, true);
  expect(Array.from(y.subarray(2))).toEqual([-Math.LN2, -Math.LN2]);
  softmaxRows(y, x, 1, 0, false);
  expect(y[1]).toBeCloseTo(Math.log(0.75), 14);
});
