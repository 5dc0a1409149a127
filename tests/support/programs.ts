// Random programs of operations, views and in-place changes on a matrix.
import fc from 'fast-check';
import { expect } from 'vitest';
import { AutogradError, arange, noGrad, type Tensor, tensor, where } from '../../src';

/** One step: what to do, with which variables, and a number for sizes and factors. */
export type Step = readonly [kind: number, first: number, second: number, number: number];

export const START = [0.313, -0.717, 1.129, 0.541, -0.237, 0.891];

const sameShape = (v: Tensor, w: Tensor) => v.shape.join() === w.shape.join();

/** Effect of each kind of step on `v` and `w`: a new variable, an in-place change, or nothing if it does not apply. */
const kinds: ((v: Tensor, w: Tensor, n: number) => Tensor | null)[] = [
  (v, _, n) => v.mul(0.5 + (n % 7) / 5),
  (v) => v.sin(),
  (v, w) => (sameShape(v, w) ? v.mul(w) : null),
  (v) => (v.ndim >= 2 ? v.transpose(0, 1) : null),
  (v, _, n) => (v.ndim >= 1 ? v.at(n % v.shape[0]) : null),
  (v, _, n) => (v.ndim >= 1 && v.shape[0] > 1 ? v.narrow(0, n % (v.shape[0] - 1), 2) : null),
  (v) => v.reshape(-1),
  (v) =>
    v.ndim >= 1
      ? v
          .unsqueeze(0)
          .expand(2, ...v.shape)
          .sum(0)
      : null,
  (v, _, n) => (v.ndim >= 1 ? v.unbind()[n % v.shape[0]] : null),
  (v, _, n) => (v.ndim >= 1 ? v.at([n % v.shape[0], 0]) : null),
  (v, w) => (sameShape(v, w) && v !== w ? nothing(v.add_(w)) : null),
  (v, w) => (sameShape(v, w) && v !== w ? nothing(v.mul_(w)) : null),
  (v, w) => (sameShape(v, w) && v !== w ? nothing(v.copy_(w.mul(0.5))) : null),
  (v, _, n) => nothing(v.mul_(0.5 + (n % 7) / 5)),
  (v, w, n) => (v.ndim >= 1 ? nothing(v.setAt(n % v.shape[0], w.sum().mul(0.1))) : null),
  (v, _, n) => (v.ndim >= 1 && v.shape[0] > 1 ? nothing(v.setAt([[0, 1].slice(n % 2)], (n + 0.37) / 1000)) : null),
  (v) => (v.ndim >= 1 ? nothing(v.setAt(v.detach().gt(0.4711), 0.25)) : null),
  (v) => nothing(v.tanh_()),
  (v, w, n) => (sameShape(v, w) && v !== w ? nothing(v.addcmul_(w, w.cos(), { value: (n % 7) / 10 })) : null),
  (v, w, n) => (sameShape(v, w) && v !== w ? nothing(v.lerp_(w, (n % 7) / 6)) : null),
  (v, w) => (sameShape(v, w) ? v.div(w.mul(w).add(1)) : null),
  (v) => (v.ndim >= 1 ? v.softmax(0) : null),
  (v) => (v.ndim >= 1 ? v.cumsum(-1) : null),
  (v, w) => (v.ndim === 2 && w.ndim === 2 && v.shape[1] === w.shape[0] ? v.matmul(w) : null),
  (v, w) => (sameShape(v, w) ? where(v.detach().gt(w.detach()), v, w.mul(2)) : null),
  (v, _, n) => (v.ndim >= 1 ? v.max(n % v.ndim).values : null),
];
const nothing = (_: Tensor) => null;

/** Runs a program on `x` and returns its variables. */
export function variablesOf(steps: readonly Step[], x: Tensor): Tensor[] {
  const variables = [x.mul(1)];
  for (const [kind, first, second, n] of steps) {
    const v = variables[first % variables.length];
    const made = kinds[kind](v, variables[second % variables.length], n);
    if (made !== null) variables.push(made);
  }
  return variables;
}

/** The sum of a variable, with a different weight for each element. */
export function weighted(v: Tensor, i: number): Tensor {
  const weights = arange(v.numel(), { dtype: 'float64' })
    .mul(0.37)
    .add(i + 1)
    .sin();
  return v.mul(weights.reshape(v.shape)).sum();
}

/** Runs a program on `x` and sums all variables. */
export const run = (steps: readonly Step[], x: Tensor): Tensor =>
  variablesOf(steps, x)
    .map(weighted)
    .reduce((a, b) => a.add(b));

export const values = (steps: readonly Step[], at: readonly number[]) => noGrad(() => run(steps, point(at)).item());

export const programs = (maxLength: number) =>
  fc.array(
    fc.tuple(fc.nat({ max: kinds.length - 1 }), fc.nat({ max: 999 }), fc.nat({ max: 999 }), fc.nat({ max: 999 })),
    { minLength: 3, maxLength },
  );

/** The result of `body`, or `null` if a saved value was overwritten: throwing is right, a gradient would be wrong. */
export function unlessRefused<T>(body: () => T): T | null {
  try {
    return body();
  } catch (error) {
    expect(error).toBeInstanceOf(AutogradError);
    expect((error as Error).message).toMatch(/modified in place/);
    return null;
  }
}

export const point = (at: readonly number[]) => tensor([at.slice(0, 3), at.slice(3)], { dtype: 'float64' });
export const close = (a: number, b: number, tolerance: number) =>
  expect(Math.abs(a - b)).toBeLessThan(tolerance * Math.max(1, Math.abs(b)));
/** Central differences of `f` at the starting point, one list for each coordinate. */
export const slopes = (f: (at: readonly number[]) => ArrayLike<number>, eps: number) =>
  START.map((v, i) => {
    const moved = (by: number) => f(START.map((u, k) => (k === i ? v + by : u)));
    const [above, below] = [moved(eps), moved(-eps)];
    return Array.from(above, (a, j) => (a - below[j]) / (2 * eps));
  });
