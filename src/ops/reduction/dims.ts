// Common parts of reductions: dimensions, shape of the result, and expansion of gradients.

import { gradMode } from '../../autograd/mode';
import { numel } from '../../kernels/strides';
import { type Dtype, isFloat } from '../../tensor/dtype';
import { checkDim, checkDims, type Shape } from '../../tensor/shape';
import { type Tensor, unset } from '../../tensor/tensor';
import type { Sample } from '../table/samples';

/** Option of every reduction. */
export interface KeepdimOption {
  /** Keep reduced dimensions with size 1; default `false`. */
  keepdim?: boolean;
}
/** Options of sums and means. */
export interface SumOptions {
  /** Keep reduced dimensions with size 1; default `false`. */
  keepdim?: boolean;
  /** Convert to this dtype before reducing. */
  dtype?: Dtype;
}
/** Extremes along a dimension. */
export interface ValuesIndices {
  /** The extreme values. */
  values: Tensor;
  /** Their positions along the dimension (`int32`). */
  indices: Tensor;
}
/** One dimension, several, or (omitted) all. */
export type Dims = number | readonly number[];

/** Converts to the dtype of the options, without history if it differs. */
export function inDtype(x: Tensor, options?: { dtype?: Dtype }): Tensor {
  return options?.dtype === undefined || options.dtype === x.dtype ? x : x.detach().to(options.dtype);
}

/** Returns the dtype of sums and products: `int32` for integers and bools, unless the options have another. */
export function totalDtype(x: Tensor, options?: { dtype?: Dtype }): Dtype {
  return options?.dtype ?? (isFloat(x.dtype) ? x.dtype : 'int32');
}

/** Returns the shape after reducing `dims` (sorted). */
export function reducedShape(shape: Shape, dims: readonly number[], keepdim = false): Shape {
  return keepdim ? shape.map((n, d) => (dims.includes(d) ? 1 : n)) : shape.filter((_, d) => !dims.includes(d));
}

export const shapeOver =
  (op: string): ((x: Shape, dim?: Dims | null, options?: KeepdimOption) => Shape) =>
  (x, dim, options) =>
    reducedShape(x, checkDims(op, dim, x.length), options?.keepdim);

/** Returns the shape rule of operations along one dimension that do not change the shape. */
export const unchangedAlong =
  (op: string): ((x: Shape, dim: number) => Shape) =>
  (x, dim) => {
    checkDim(op, dim, x.length);
    return x;
  };

/** Expands the gradient of a reduced tensor to the shape before the reduction. */
export function stretch(dy: Tensor, shape: Shape, dim: Dims | null | undefined, keepdim: boolean | undefined): Tensor {
  // A scalar expands without a reshape.
  if (dy.ndim === 0) return isFew(shape) && !gradMode.recording ? filled(dy, shape) : dy.expand(shape);
  const dims = checkDims('stretch', dim, shape.length);
  return (keepdim ? dy : dy.reshape(reducedShape(shape, dims, true))).expand(shape);
}

/** Whether so few elements are as cheap as a view. */
const isFew = (shape: Shape) => numel(shape) < 16;

function filled({ memory: data, offset, dtype }: Tensor, shape: Shape): Tensor {
  const y = unset(shape, dtype);
  y.memory.fill(data[offset]);
  return y;
}

/** All, first, middle and last dimensions, several at once, kept and dropped; a scalar, an empty tensor. */
export const reductionSamples: readonly Sample[] = [
  '2x3',
  { inputs: '2x3x2', args: [1] },
  { inputs: '2x3', args: [0, { keepdim: true }] },
  { inputs: '2x3x2', args: [[0, -1]] },
  '()',
];

/** Empty reductions, for operations that define their value. */
export const emptySamples: readonly Sample[] = ['0', { inputs: '0x2', args: [0] }];
