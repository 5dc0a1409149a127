import { noGrad } from '../../../autograd';
import { cat } from '../../../ops/functions';
import { solve } from '../../../ops/linalg';
import { ones, tensor, zeros } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';

const double = { dtype: 'float64' } as const;
const withOne = (columns: Tensor) => cat([columns, ones([columns.shape[0]!, 1], double)], 1);

/**
 * Logistic regression on columns, by Newton's method. The weights, but not the intercept, have a penalty so small that
 * it matters only for separable classes, whose loss has no minimum. Returns a function that computes the log-odds of
 * other rows.
 */
export function readout(columns: Tensor, y: Tensor): (rows: Tensor) => Tensor {
  return noGrad(() => {
    const x = withOne(columns);
    const count = x.shape[1]!;
    const penalty = tensor(
      Array.from({ length: count }, (_, i) =>
        Array.from({ length: count }, (_, j) => (i === j && i < count - 1 ? 1e-3 : 0)),
      ),
      double,
    );
    let weights = zeros([count], double);
    for (let step = 0; step < 25; step++) {
      const p = x.matmul(weights).sigmoid();
      const slopes = x.t().matmul(p.sub(y)).add(penalty.matmul(weights));
      const bends = x.t().matmul(x.mul(p.mul(p.neg().add(1)).unsqueeze(1)));
      weights = weights.sub(solve(bends.add(penalty), slopes));
    }
    return (rows: Tensor) => noGrad(() => withOne(rows).matmul(weights));
  });
}

/** The fraction of rows whose log-odds have the sign of their class, 0 or 1. */
export function shareTold(odds: Tensor, y: Tensor): number {
  return odds.gt(0).to('float64').eq(y).to('float64').mean().item();
}
