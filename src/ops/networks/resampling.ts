import { resample, type SparseMatrix, sparse, transposedMatrix } from '../../kernels/resampling';
import { numel } from '../../kernels/strides';
import type { Shape } from '../../tensor/shape';
import { type Tensor, unset, valuesOf } from '../../tensor/tensor';
import { defineFunctions } from '../table/define';

/** A matrix for each of the last dimensions, and what PyTorch calls the backward node. */
export interface ResamplePlan {
  readonly matrices: readonly SparseMatrix[];
  readonly gradFn: string;
}

/** Sums with fixed weights along the last dimensions: averages of windows, interpolation. */
export interface Resampling {
  /** The product of each of the last dimensions with its matrix. @internal */
  resample(x: Tensor, plan: ResamplePlan): Tensor;
}

const resampledShape = (x: Shape, { matrices }: ResamplePlan): Shape => [
  ...x.slice(0, x.length - matrices.length),
  ...matrices.map(({ rows }) => rows),
];

/** @internal */
export const resampling: Resampling = defineFunctions<Resampling>({
  resample: {
    torch: { name: 'resample', params: ['input'], options: ['matrices'] },
    math: 'y_{ij} = \\textstyle\\sum_{kl} A_{ik} B_{jl}\\, x_{kl}',
    vjpMath: { x: '\\textstyle\\sum_{ij} A_{ik} B_{jl}\\, \\bar y_{ij}' },
    saves: [],
    shape: resampledShape,
    forward: (x, plan) => {
      const y = unset(resampledShape(x.shape, plan), x.dtype);
      const cases = numel(x.shape.slice(0, x.ndim - plan.matrices.length));
      resample(valuesOf(x), cases, plan.matrices, y.memory);
      return y;
    },
    jvp: 'linear',
    vjp: {
      x: (dy, { args: [{ matrices, gradFn }] }) =>
        resampling.resample(dy, { matrices: matrices.map(transposedMatrix), gradFn }),
    },
    gradFn: ({ args: [{ gradFn }] }) => gradFn,
    savesInPytorch: ({ args: [{ gradFn }] }) => gradFn.includes('AvgPool'),
    samples: [
      { inputs: [[2, 3]], args: [plan(2)] },
      { inputs: [[3, 3]], args: [plan(2, 4)] },
      { inputs: [[1, 2, 3, 3]], args: [plan(4, 1)] },
      { inputs: [[0, 2, 3]], args: [plan(5)] },
    ],
  },
});

/** From 3 elements to as many as given. */
function plan(...rows: number[]): ResamplePlan {
  const matrices = rows.map((count) =>
    sparse(count, 3, (i) => [
      [i % 3, 0.5 + i],
      [(i + 1) % 3, -0.25],
    ]),
  );
  return { matrices, gradFn: 'ResampleBackward0' };
}
