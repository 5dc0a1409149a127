import { resample, type SparseMatrix, sparse, transposedMatrix } from '../../kernels/resampling';
import { numel } from '../../kernels/strides';
import { tensor } from '../../tensor/creation';
import type { Shape } from '../../tensor/shape';
import { type Tensor, unset, valuesOf } from '../../tensor/tensor';
import { defineFunctions } from '../table/define';

/** A matrix for each of the last dimensions, and PyTorch's name of the backward node. */
export interface ResamplePlan {
  readonly matrices: readonly SparseMatrix[];
  /**
   * Divisors of the sums along each of these dimensions. A mean of windows by rounded weights would be inexact even if
   * it is a whole number.
   */
  readonly divisors?: readonly Float64Array[];
  readonly gradFn: string;
}

/** Fixed linear maps along the last dimensions: averages of windows, interpolation. */
export interface Resampling {
  /** Multiplies each of the last dimensions by its matrix. @internal */
  resample(x: Tensor, plan: ResamplePlan): Tensor;
}

const resampledShape = (x: Shape, { matrices }: ResamplePlan): Shape => [
  ...x.slice(0, x.length - matrices.length),
  ...matrices.map(({ rows }) => rows),
];

function divided(sums: Tensor, { divisors }: ResamplePlan): Tensor {
  if (divisors === undefined) return sums;
  const along = divisors.map((list, d) => {
    const [first = 1] = list;
    return list.every((n) => n === first)
      ? first
      : tensor(list, { dtype: 'float64' })
          .to(sums.dtype)
          .reshape([-1, ...divisors.slice(d + 1).map(() => 1)]);
  });
  return sums.div(along.reduce((product, by) => (typeof by === 'number' ? times(product, by) : by.mul(product))));
}

const times = (a: Tensor | number, b: number) => (typeof a === 'number' ? a * b : a.mul(b));

/** @internal */
export const resampling: Resampling = defineFunctions<Resampling>({
  resample: {
    torch: { name: 'resample', params: ['input'], options: ['matrices'] },
    math: 'y_{ij} = \\textstyle\\sum_{kl} A_{ik} B_{jl}\\, x_{kl}',
    vjpMath: { x: '\\textstyle\\sum_{ij} A_{ik} B_{jl}\\, \\bar y_{ij}' },
    saves: [],
    shape: resampledShape,
    forward: (x, plan) => {
      const y = unset(resampledShape(x.sizes, plan), x.dtype);
      const cases = numel(x.sizes.slice(0, x.ndim - plan.matrices.length));
      resample(valuesOf(x), cases, plan.matrices, y.memory);
      return divided(y, plan);
    },
    jvp: 'linear',
    batch: 'trailing',
    vjp: {
      x: (dy, { args: [plan] }) => {
        const { matrices, gradFn } = plan;
        return resampling.resample(divided(dy, plan), { matrices: matrices.map(transposedMatrix), gradFn });
      },
    },
    gradFn: ({ args: [{ gradFn }] }) => gradFn,
    savesInPytorch: ({ args: [{ gradFn }] }) => gradFn.includes('AvgPool'),
    samples: [
      { inputs: '2x3', args: [plan(2)] },
      { inputs: '3x3', args: [plan(2, 4)] },
      { inputs: '1x2x3x3', args: [plan(4, 1)] },
      { inputs: '0x2x3', args: [plan(5)] },
      { inputs: '3x3', args: [{ ...plan(2, 4), divisors: [Float64Array.of(2, 3), Float64Array.of(5, 5, 5, 5)] }] },
    ],
  },
});

/** Returns a plan from 3 elements to the given numbers. */
function plan(...rows: number[]): ResamplePlan {
  const matrices = rows.map((count) =>
    sparse(count, 3, (i) => [
      [i % 3, 0.5 + i],
      [(i + 1) % 3, -0.25],
    ]),
  );
  return { matrices, gradFn: 'ResampleBackward0' };
}
