// Random programs of operations, views and changes in place: their gradients against differences of their values.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AutogradError,
  arange,
  cat,
  hessian,
  hvp,
  jacobian,
  jvp,
  noGrad,
  type Tensor,
  tensor,
  vhp,
  vjp,
  where,
} from '../../src';

/** One step: what to do, with which variables, and a number for sizes and factors. */
type Step = readonly [kind: number, first: number, second: number, number: number];

const START = [0.313, -0.717, 1.129, 0.541, -0.237, 0.891];

const sameShape = (v: Tensor, w: Tensor) => v.shape.join() === w.shape.join();

/** What each kind of step does with `v` and `w`: a new variable, a change in place, or nothing where it does not fit. */
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

/** Runs a program on `x` and gives its variables. */
function variablesOf(steps: readonly Step[], x: Tensor): Tensor[] {
  const variables = [x.mul(1)];
  for (const [kind, first, second, n] of steps) {
    const v = variables[first % variables.length];
    const made = kinds[kind](v, variables[second % variables.length], n);
    if (made !== null) variables.push(made);
  }
  return variables;
}

/** Runs a program on `x` and sums all variables, each element with a weight of its own. */
function run(steps: readonly Step[], x: Tensor): Tensor {
  return variablesOf(steps, x)
    .map((v, i) => {
      const weights = arange(v.numel(), { dtype: 'float64' })
        .mul(0.37)
        .add(i + 1)
        .sin();
      return v.mul(weights.reshape(v.shape)).sum();
    })
    .reduce((a, b) => a.add(b));
}

const values = (steps: readonly Step[], at: readonly number[]) => noGrad(() => run(steps, point(at)).item());

const programs = (maxLength: number) =>
  fc.array(
    fc.tuple(fc.nat({ max: kinds.length - 1 }), fc.nat({ max: 999 }), fc.nat({ max: 999 }), fc.nat({ max: 999 })),
    { minLength: 3, maxLength },
  );

/** What `body` gives, or `null` if a saved value was overwritten: refusing is right, a gradient would be wrong. */
function unlessRefused<T>(body: () => T): T | null {
  try {
    return body();
  } catch (error) {
    expect(error).toBeInstanceOf(AutogradError);
    expect((error as Error).message).toMatch(/modified in place/);
    return null;
  }
}

const point = (at: readonly number[]) => tensor([at.slice(0, 3), at.slice(3)], { dtype: 'float64' });
const close = (a: number, b: number, tolerance: number) =>
  expect(Math.abs(a - b)).toBeLessThan(tolerance * Math.max(1, Math.abs(b)));
/** Central differences of `f` at the starting point, one list for each coordinate. */
const slopes = (f: (at: readonly number[]) => ArrayLike<number>, eps: number) =>
  START.map((v, i) => {
    const moved = (by: number) => f(START.map((u, k) => (k === i ? v + by : u)));
    const [above, below] = [moved(eps), moved(-eps)];
    return Array.from(above, (a, j) => (a - below[j]) / (2 * eps));
  });

test('gradients of random programs are the slopes of their values, or an error says what was modified', () => {
  let checked = 0;
  let refused = 0;
  fc.assert(
    fc.property(programs(16), (steps) => {
      const x = point(START).requiresGrad_();
      const gradient = unlessRefused(() => {
        const y = run(steps, x);
        expect(y.item()).toBeCloseTo(values(steps, START), 9);
        y.backward();
        return x.grad!.reshape(-1).toArray();
      });
      if (gradient === null) {
        refused++;
        return;
      }
      checked++;
      slopes((at) => [values(steps, at)], 1e-6).forEach(([slope], i) => {
        close(gradient[i], slope, 1e-5);
      });
    }),
    { seed: 11, numRuns: 600 },
  );
  expect(checked).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(50);
});

test('second derivatives of random programs are the slopes of their gradients, and the products agree with them', () => {
  let checked = 0;
  const v = point([0.7, -0.3, 1.1, 0.2, -0.9, 0.5]);
  fc.assert(
    fc.property(programs(10), (steps) => {
      const f = (x: Tensor) => run(steps, x);
      const H = unlessRefused(() => hessian(f, point(START)).reshape(6, 6));
      if (H === null) return;
      checked++;
      const gradientAt = (at: readonly number[]) => vjp(f, point(at))[1].reshape(-1).toArray();
      slopes(gradientAt, 1e-5).forEach((column, i) => {
        column.forEach((slope, j) => {
          close(H.at(j, i).item(), slope, 1e-4);
          close(H.at(i, j).item(), H.at(j, i).item(), 1e-9);
        });
      });
      const Hv = H.matmul(v.reshape(-1)).toArray();
      for (const product of [hvp, vhp])
        product(f, point(START), v)[1]
          .reshape(-1)
          .toArray()
          .forEach((g: number, i: number) => {
            close(g, Hv[i], 1e-9);
          });
    }),
    { seed: 12, numRuns: 200 },
  );
  expect(checked).toBeGreaterThan(60);
});

test('Jacobians of random programs are the slopes of their variables; uᵀ(J v) = (uᵀ J) v', () => {
  let checked = 0;
  const v = point([0.7, -0.3, 1.1, 0.2, -0.9, 0.5]);
  fc.assert(
    fc.property(programs(10), (steps) => {
      const f = (x: Tensor) => cat(variablesOf(steps, x).map((t) => t.reshape(-1)));
      const J = unlessRefused(() => jacobian(f, point(START)));
      if (J === null) return;
      checked++;
      const columns = J.reshape(J.shape[0], 6).t();
      slopes((at) => noGrad(() => f(point(at)).toArray()), 1e-6).forEach((column, i) => {
        column.forEach((slope, k) => {
          close(columns.at(i, k).item(), slope, 1e-5);
        });
      });
      const u = arange(J.shape[0], { dtype: 'float64' }).mul(0.37).add(1).sin();
      const [, uJ] = vjp(f, point(START), u);
      const [, Jv] = jvp(f, point(START), v);
      close(u.mul(Jv).sum().item(), uJ.mul(v).sum().item(), 1e-9);
      const Jv2 = columns.t().matmul(v.reshape(-1));
      Jv.toArray().forEach((d: number, k: number) => {
        close(d, Jv2.at(k).item(), 1e-9);
      });
    }),
    { seed: 13, numRuns: 200 },
  );
  expect(checked).toBeGreaterThan(60);
});
