// Random programs of operations, views and changes in place: their gradients against differences of their values.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AutogradError, arange, noGrad, type Tensor, tensor } from '../../src';

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
  (v, _, n) => (v.ndim >= 1 && v.shape[0] > 1 ? nothing(v.setAt([[0, 1].slice(n % 2)], n / 1000)) : null),
  (v) => nothing(v.setAt(v.detach().gt(0.4711), 0.25)),
];
const nothing = (_: Tensor) => null;

/** Runs a program on `x` and sums all variables, each element with a weight of its own. */
function run(steps: readonly Step[], x: Tensor): Tensor {
  const variables = [x.mul(1)];
  for (const [kind, first, second, n] of steps) {
    const v = variables[first % variables.length];
    if (v.ndim === 0 && kind === 16) continue;
    const made = kinds[kind](v, variables[second % variables.length], n);
    if (made !== null) variables.push(made);
  }
  return variables
    .map((v, i) => {
      const weights = arange(v.numel(), { dtype: 'float64' })
        .mul(0.37)
        .add(i + 1)
        .sin();
      return v.mul(weights.reshape(v.shape)).sum();
    })
    .reduce((a, b) => a.add(b));
}

const values = (steps: readonly Step[], at: readonly number[]) =>
  noGrad(() => run(steps, tensor([...at], { dtype: 'float64' }).reshape(2, 3)).item());

test('gradients of random programs are the slopes of their values, or an error says what was modified', () => {
  let checked = 0;
  let refused = 0;
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.nat({ max: kinds.length - 1 }), fc.nat({ max: 999 }), fc.nat({ max: 999 }), fc.nat({ max: 999 })),
        { minLength: 3, maxLength: 16 },
      ),
      (steps) => {
        const x = tensor([START.slice(0, 3), START.slice(3)], { dtype: 'float64', requiresGrad: true });
        const y = run(steps, x);
        expect(y.item()).toBeCloseTo(values(steps, START), 9);
        try {
          y.backward();
        } catch (error) {
          // A saved value was overwritten: refusing is right, a gradient would be wrong.
          expect(error).toBeInstanceOf(AutogradError);
          expect((error as Error).message).toContain('modified in place');
          refused++;
          return;
        }
        checked++;
        const found = x.grad!.reshape(-1).toArray();
        START.forEach((v, i) => {
          const moved = (by: number) =>
            values(
              steps,
              START.map((u, k) => (k === i ? v + by : u)),
            );
          const slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
          expect(Math.abs(found[i] - slope)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
        });
      },
    ),
    { seed: 11, numRuns: 600 },
  );
  expect(checked).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(50);
});
