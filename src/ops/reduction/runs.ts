// Runs, the common part of reductions, scans and sorting: the elements along some dimensions, contiguous in memory.

import { turn } from '../../cancellation';
import { copyStrided } from '../../kernels/elementwise';
import { toInt32 } from '../../kernels/int32';
import { type NumberArray, numel } from '../../kernels/strides';
import { allocate, type Dtype } from '../../tensor/dtype';
import { checkDims, type Shape } from '../../tensor/shape';
import { empty, fresh, packed, type Tensor } from '../../tensor/tensor';
import { type Dims, reducedShape } from './dims';

/** `count` runs of `length` neighbours in `data`, the first at `offset`. */
export interface Runs {
  readonly memory: NumberArray;
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

/** Returns the elements along `dims`, a run for each position in the other dimensions. */
export function runsOf(x: Tensor, dims: readonly number[]): Runs {
  const order = [...x.sizes.keys()].filter((d) => !dims.includes(d)).concat(dims);
  const moved = order.every((d, i) => d === i) ? packed(x) : packed(x.detach().permute(order));
  return {
    memory: moved.memory,
    offset: moved.offset,
    length: dims.reduce((n, d) => n * x.sizes[d], 1),
    count: numel(reducedShape(x.sizes, dims)),
  };
}

/**
 * Returns a number for each run along `dim` (several, or all): the common part of every reduction.
 * @throws {ValueError} if it overflows an int32 result.
 */
export function reduceRuns(
  op: string,
  x: Tensor,
  dim: Dims | null | undefined,
  keepdim: boolean | undefined,
  dtype: Dtype,
  reduce: (data: NumberArray, offset: number, length: number) => number,
): Tensor {
  const dims = checkDims(op, dim, x.ndim);
  const { memory: data, offset, length, count } = runsOf(x, dims);
  const shape = reducedShape(x.sizes, dims, keepdim);
  const y = allocate(dtype === 'int32' ? 'float64' : dtype, count);
  for (let i = 0; i < count; i++) {
    y[i] = reduce(data, offset + i * length, length);
    turn(4 * length);
  }
  return fresh(dtype === 'int32' ? toInt32(op, y as Float64Array) : y, shape, dtype);
}

/** Fills each result from position `to` on, from `n` neighbours of `xs` from `from` on. */
export type FillRun = (ys: readonly NumberArray[], to: number, xs: NumberArray, from: number, n: number) => void;

/** Returns for each run along dimension `d` a run of `length` elements in each result. */
export function mapRuns(x: Tensor, d: number, length: number, dtypes: readonly Dtype[], fill: FillRun): Tensor[] {
  return mapAllRuns(x, d, length, dtypes, (arrays, { memory: data, offset, length: n, count }) => {
    for (let i = 0; i < count; i++) {
      fill(arrays, i * length, data, offset + i * n, n);
      turn(4 * n);
    }
  });
}

/** As {@link mapRuns}, where `fill` fills the results of all runs at once, which are contiguous. */
export function mapAllRuns(
  x: Tensor,
  d: number,
  length: number,
  dtypes: readonly Dtype[],
  fill: (ys: readonly NumberArray[], runs: Runs) => void,
): Tensor[] {
  const runs = runsOf(x, x.ndim === 0 ? [] : [d]);
  const shape = x.sizes.map((size, i) => (i === d ? length : size));
  const rows: Shape = [...shape.filter((_, i) => i !== d), ...(x.ndim === 0 ? [] : [length])];
  const ys = dtypes.map((dtype) => empty(rows, dtype));
  fill(
    ys.map((y) => y.memory),
    runs,
  );
  return ys.map((y) => {
    // The position of a dimension of size 1 does not matter.
    if (d >= x.ndim - 1 || length === 1) return fresh(y.memory, shape, y.dtype);
    const out = empty(shape, y.dtype);
    copyStrided(rows, out.movedLast(d), y);
    return out;
  });
}
