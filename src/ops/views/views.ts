import { ShapeError } from '../../errors';
import { numel } from '../../kernels/strides';
import { checkDim, formatShape } from '../../tensor/shape';
import { type Tensor, viewWith } from '../../tensor/tensor';
import { defineOps, viewing } from '../table/define';
import type { BatchedCall, Sizes } from '../table/rule';
import { expanded, inferShape, permuted, squeezed, transposed, unsqueezed, viewGeometry } from './geometry';

declare module '../../tensor/tensor' {
  interface Tensor extends Views {}
}

/** Views, which share memory with the tensor. */
export interface Views {
  /**
   * The same elements in another shape, sharing memory; one size may be -1 (`torch.Tensor.view`).
   * @throws {ShapeError} if the counts differ, or the strides do not allow it (then use `reshape`).
   */
  view(...size: Sizes): Tensor;
  /**
   * Dimensions in another order: dimension `i` of the result is `dims[i]` of the tensor (`torch.permute`).
   * @throws {IndexError} if `dims` is not a permutation of the dimensions.
   */
  permute(...dims: Sizes): Tensor;
  /** Swaps two dimensions (`torch.transpose`). @throws {IndexError} for an unknown dimension. */
  transpose(dim0: number, dim1: number): Tensor;
  /**
   * Expands dimensions of size 1 to the shape `size` without copying; -1 keeps a size (`torch.Tensor.expand`).
   * @throws {ShapeError} if a size is neither 1 nor the requested one.
   */
  expand(...size: Sizes): Tensor;
  /** Drops the dimension `dim` (or several, or all) if its size is 1 (`torch.squeeze`). */
  squeeze(dim?: number | readonly number[]): Tensor;
  /** Inserts a dimension of size 1 before `dim` (`torch.unsqueeze`). @throws {IndexError} if it is out of range. */
  unsqueeze(dim: number): Tensor;
}

const reshapedInEach = (c: BatchedCall) => c.physical(0).view([c.size, ...c.shape()]);

defineOps<Views>({
  view: {
    torch: { name: 'view', params: ['input', 'size'] },
    math: 'y_{\\pi(i)} = x_i',
    vjpMath: { x: '\\bar y \\text{ in the shape of } x' },
    saves: [],
    shape: (x, shape) => inferShape('view', numel(x), shape),
    forward: (x, shape) => {
      const g = viewGeometry(x, shape);
      if (g === null)
        throw new ShapeError(
          `view: shape ${formatShape(x.sizes)} with strides ${formatShape(x.steps)} cannot be seen as ` +
            `${formatShape(shape)} without copying; use reshape()`,
        );
      return viewWith(x, g);
    },
    // A tangent may have another memory layout.
    jvp: ([t], n) => t!.reshape(n.outShape),
    batch: reshapedInEach,
    vjp: { x: (dy, { shape }) => dy.reshape(shape) },
    isView: true,
    variadic: true,
    samples: [
      { inputs: '2x3', args: [[3, 2]] },
      { inputs: '2x3x2', args: [[-1, 2]] },
      { inputs: '()', args: [[1, 1]] },
      { inputs: '0x3', args: [[3, 0]] },
    ],
  },
  permute: {
    torch: { name: 'permute', params: ['input', 'dims'] },
    math: 'y_{i_{\\pi(1)} i_{\\pi(2)} \\dots} = x_{i_1 i_2 \\dots}',
    vjpMath: { x: '\\pi^{-1}(\\bar y)' },
    saves: [],
    ...viewing(permuted),
    jvp: 'linear',
    batch: (c) => {
      c.shape();
      return c.run(c.physical(0), [0, ...(c.args[1] as readonly number[]).map((d) => c.dim(d))]);
    },
    vjp: {
      x: (dy, { shape, args: [dims] }) => {
        const order = dims.map((d) => checkDim('permute', d, shape.length));
        return dy.permute(order.map((_, d) => order.indexOf(d)));
      },
    },
    variadic: true,
    samples: [
      { inputs: '2x3x4', args: [[2, 0, 1]] },
      { inputs: '()', args: [[]] },
      { inputs: '0x2', args: [[-1, 0]] },
    ],
  },
  transpose: {
    torch: { name: 'transpose', params: ['input', 'dim0', 'dim1'] },
    math: 'y = x^{\\top}',
    vjpMath: { x: '\\bar y^{\\top}' },
    saves: [],
    ...viewing(transposed),
    jvp: 'linear',
    batch: (c) => {
      c.shape();
      const [x, a, b] = c.args as [Tensor, number, number];
      return x.ndim === 0 ? c.physical(0).view([c.size]) : c.run(c.physical(0), c.dim(a), c.dim(b));
    },
    vjp: { x: (dy, { args: [i, j] }) => dy.transpose(i, j) },
    samples: [
      { inputs: '2x3', args: [0, 1] },
      { inputs: '2x3x4', args: [0, -1] },
      { inputs: '0x2', args: [0, 1] },
    ],
  },
  expand: {
    torch: { name: 'expand', params: ['input', 'size'] },
    math: 'y_{ij} = x_{1j}',
    vjpMath: { x: '\\textstyle\\sum_{\\text{copies}} \\bar y' },
    saves: [],
    ...viewing(expanded),
    jvp: 'linear',
    batch: (c) => {
      const shape = c.shape();
      return c.run(c.aligned(c.tensor(0), shape.length), [c.size, ...shape]);
    },
    vjp: { x: (dy, { shape }) => dy.sumToSize(shape) },
    variadic: true,
    samples: [
      { inputs: '1x3', args: [[2, 3]] },
      { inputs: '2x1x2', args: [[3, 2, 3, -1]] },
      { inputs: '()', args: [[2]] },
      { inputs: '1x0', args: [[2, 0]] },
    ],
  },
  squeeze: {
    torch: { name: 'squeeze', params: ['input', 'dim'] },
    math: 'y = x \\text{ without dimensions of size } 1',
    vjpMath: { x: '\\bar y \\text{ in the shape of } x' },
    saves: [],
    ...viewing(squeezed),
    jvp: 'linear',
    batch: reshapedInEach,
    vjp: { x: (dy, { shape }) => dy.reshape(shape) },
    gradFn: ({ args: [dim] }) => `SqueezeBackward${dim === undefined ? 0 : typeof dim === 'number' ? 1 : 2}`,
    samples: ['1x3x1', { inputs: '2x1x3', args: [1] }, { inputs: '2x3', args: [0] }, '()'],
  },
  unsqueeze: {
    torch: { name: 'unsqueeze', params: ['input', 'dim'] },
    math: 'y = x \\text{ with a dimension of size } 1',
    vjpMath: { x: '\\bar y \\text{ in the shape of } x' },
    saves: [],
    ...viewing(unsqueezed),
    jvp: 'linear',
    batch: reshapedInEach,
    vjp: { x: (dy, { shape }) => dy.reshape(shape) },
    samples: [
      { inputs: '2x3', args: [1] },
      { inputs: '()', args: [0] },
      { inputs: '2x0', args: [-1] },
    ],
  },
});
