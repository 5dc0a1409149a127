import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tensor, ValueError } from '../../../src';
import { classic } from '../../../src/lab';

const { lasso, ridge } = classic;
const X = Array.from({ length: 12 }, (_, i) => [0, 1, 2, 3].map((j) => 2 * Math.sin(3 * i + 7 * j)));
const y = X.map((row, i) => Math.cos(5 * i) + row[0]! - 0.5 * row[2]!);
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const close = (got: number[], expected: number[]) =>
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 12);
  });

describe('ridge', () => {
  it("has scikit-learn's weights", () => {
    close(ridge(X, y, 0.1), [0.501848082699538, 0.209159330299427, -0.18647670144019, -0.490329741495953]);
    close(ridge(X, y, 0), [0.516142940567754, 0.220077545378641, -0.184309025385157, -0.497979524846016]);
    close(ridge(tensor(X, { dtype: 'float64' }), tensor(y, { dtype: 'float64' }), 0.1), ridge(X, y, 0.1));
  });

  it('makes the gradient of its loss zero', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), (lambda) => {
        const w = ridge(X, y, lambda);
        const rest = X.map((row, i) => dot(row, w) - y[i]!);
        for (let j = 0; j < 4; j++) {
          const pull = dot(
            X.map((row) => row[j]!),
            rest,
          );
          expect(Math.abs(pull / 12 + lambda * w[j]!)).toBeLessThan(1e-12);
        }
      }),
    );
  });
});

describe('lasso', () => {
  it("has scikit-learn's weights, and exact zeros", () => {
    close(lasso(X, y, 0.1), [0.576930515571483, 0, 0, -0.547865381686304]);
    close(lasso(X, y, 0.5), [0.35670319110054, 0, 0, -0.56578149895716]);
    expect(lasso(X, y, 0.1).slice(1, 3)).toEqual([0, 0]);
    const full = X.map((row, i) => row.map((value, j) => value + (i === j ? 1 : 0)));
    close(lasso(full, y, 0), ridge(full, y, 0));
    expect(lasso(X, y, 1e9)).toEqual([0, 0, 0, 0]);
  });

  it('balances the pull of the data and λ, and is weaker than λ at the zeros', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 3, noNaN: true }), (lambda) => {
        const w = lasso(X, y, lambda);
        const rest = X.map((row, i) => y[i]! - dot(row, w));
        for (let j = 0; j < 4; j++) {
          const column = X.map((row) => row[j]!);
          const pull = dot(column, rest) / 12;
          if (w[j] === 0) expect(Math.abs(pull)).toBeLessThanOrEqual(lambda + 1e-12);
          else expect(pull).toBeCloseTo(lambda * Math.sign(w[j]!), 11);
        }
      }),
    );
  });

  it('runs the given number of sweeps', () => {
    expect(
      lasso(
        [
          [1, 0.9],
          [0.9, 1],
        ],
        [1, 0],
        0.01,
        { steps: 1 },
      ),
    ).not.toEqual(
      lasso(
        [
          [1, 0.9],
          [0.9, 1],
        ],
        [1, 0],
        0.01,
      ),
    );
    expect(lasso([[1, 0]], [2], 0.5)).toEqual([1.5, 0]);
  });
});

it.each([
  ['ridge', ridge],
  ['lasso', lasso],
])('%s explains invalid arguments', (_, solve) => {
  expect(() => solve([[1], [2]], [1], 0)).toThrow('X has 2 rows, y has 1 numbers');
  expect(() => solve([[1], [2, 3]], [1, 2], 0)).toThrow('equally many finite numbers');
  expect(() => solve([], [], 0)).toThrow(ValueError);
  expect(() => solve([[1]], [Number.NaN], 0)).toThrow('finite');
  expect(() => solve([[1]], [1], -1)).toThrow('lambda must be 0 or more, got -1');
  expect(() => solve(null as never, null as never, 0)).toThrow(ValueError);
  expect(() => lasso([[1]], [1], 0, { steps: 0 })).toThrow('steps must be a whole number above 0, got 0');
});
