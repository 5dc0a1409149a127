// What reductions share: which dimensions, the shape that is left, and the way back.

import { gradMode } from '../../autograd/mode';
import { numel } from '../../kernels/strides';
import { type Dtype, isFloat } from '../../tensor/dtype';
import { checkDim, checkDims, type Shape } from '../../tensor/shape';
import { type Tensor, unset } from '../../tensor/tensor';
import type { Sample } from '../table/rule';

/** Option of every reduction. */
export interface KeepdimOption {
  /** Keep reduced dimensions with size 1; default `false`. */
  keepdim?: boolean;
}
/** Options of sums and means. */
export interface SumOptions extends KeepdimOption {
  /** Convert to this dtype before reducing. */
  dtype?: Dtype;
}
/** Extremes along a dimension. */
export interface ValuesIndices {
  /** The extreme values. */
  values: Tensor;
  /** Where they are along the dimension (`int32`). */
  indices: Tensor;
}
/** One dimension, several, or (left out) all. */
export type Dims = number | readonly number[];

/** The tensor in the dtype that the options ask for, without history if it is converted. */
export function inDtype(x: Tensor, options?: { dtype?: Dtype }): Tensor {
  return options?.dtype === undefined || options.dtype === x.dtype ? x : x.detach().to(options.dtype);
}

/** The dtype of sums and products: integers and bools give `int32`, unless the options ask for another. */
export function totalDtype(x: Tensor, options?: { dtype?: Dtype }): Dtype {
  return options?.dtype ?? (isFloat(x.dtype) ? x.dtype : 'int32');
}

/** Shape after reducing `dims` (sorted). */
export function reducedShape(shape: Shape, dims: readonly number[], keepdim = false): Shape {
  return keepdim ? shape.map((n, d) => (dims.includes(d) ? 1 : n)) : shape.filter((_, d) => !dims.includes(d));
}

export const shapeOver =
  (op: string): ((x: Shape, dim?: Dims | null, options?: KeepdimOption) => Shape) =>
  (x, dim, options) =>
    reducedShape(x, checkDims(op, dim, x.length), options?.keepdim);

/** The shape rule of what works along one dimension and changes no size. */
export const unchangedAlong =
  (op: string): ((x: Shape, dim: number) => Shape) =>
  (x, dim) => {
    checkDim(op, dim, x.length);
    return x;
  };

/** A gradient of a reduced tensor, stretched to the shape before the reduction. */
export function stretch(dy: Tensor, shape: Shape, dim: Dims | null | undefined, keepdim: boolean | undefined): Tensor {
  // A single number stretches as it is.
  if (dy.ndim === 0) return isFew(shape) && !gradMode.recording ? filled(dy, shape) : dy.expand(shape);
  const dims = checkDims('stretch', dim, shape.length);
  return (keepdim ? dy : dy.reshape(reducedShape(shape, dims, true))).expand(shape);
}

/** Whether so many elements cost no more than a view. */
const isFew = (shape: Shape) => numel(shape) < 16;

function filled({ memory: data, offset, dtype }: Tensor, shape: Shape): Tensor {
  const y = unset(shape, dtype);
  y.memory.fill(data[offset]);
  return y;
}

/** All, first, middle and last dimensions, several at once, kept and dropped; one number, nothing. */
export const reductionSamples: readonly Sample[] = [
  { inputs: [[2, 3]] },
  { inputs: [[2, 3, 2]], args: [1] },
  { inputs: [[2, 3]], args: [0, { keepdim: true }] },
  { inputs: [[2, 3, 2]], args: [[0, -1]] },
  { inputs: [[]] },
];

/** Reductions of nothing, for those that have a value for it. */
export const emptySamples: readonly Sample[] = [{ inputs: [[0]] }, { inputs: [[0, 2]], args: [0] }];
