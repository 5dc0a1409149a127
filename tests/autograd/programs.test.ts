// Random programs of operations, views and in-place changes: their gradients compared with finite differences.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arange, cat, hessian, hvp, jacobian, jvp, noGrad, type Tensor, vhp, vjp } from '../../src';
import { close, point, programs, run, START, slopes, unlessRefused, values, variablesOf } from '../support/programs';

test('gradients of random programs match finite differences, or an error names what was modified', () => {
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

test('second derivatives of random programs match finite differences of their gradients, and the products agree with them', () => {
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

test('Jacobians of random programs match finite differences; uᵀ(J v) = (uᵀ J) v', () => {
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
