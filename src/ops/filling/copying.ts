import { until } from '../../cancellation';
import { noTensor } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { copyStrided, Kernel } from '../../kernels/elementwise';
import { checkElement } from '../../kernels/int32';
import { contiguousStride } from '../../kernels/strides';
import { zerosLike } from '../../tensor/creation';
import { checkDtype, type Dtype, isFloat, refuseDevice } from '../../tensor/dtype';
import { apart } from '../../tensor/memory';
import { broadcastShapes, broadcastStride, formatShape, type Shape, sameShape } from '../../tensor/shape';
import { arranged, Tensor, unset } from '../../tensor/tensor';
import { elementwise, mapped } from '../elementwise/combinators';
import { requireNumber } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import { checkHolds, checkWritable } from '../table/inplace';

declare module '../../tensor/tensor' {
  interface Tensor extends Memory, MemoryForms {}
}

/** Copies and conversions. */
export interface Memory {
  /**
   * A copy in separate memory, with history (`torch.clone`). It is dense, with the dimensions in the same memory order.
   */
  clone(): Tensor;
  /** A dense copy with these strides. @internal */
  arranged(stride: Shape): Tensor;
  /** Conversion to another dtype, always a copy. @internal */
  converted(dtype: Dtype): Tensor;
  /** The elements of `source`, broadcast to this tensor's shape, in this tensor's dtype. @internal */
  copy(source: Tensor | number): Tensor;
  /**
   * Overwrites the elements with those of `source`, which broadcasts (`torch.Tensor.copy_`).
   * @throws {ShapeError} if `source` does not broadcast to this shape; {@link ValueError} if it is a number that an integer
   *   dtype cannot hold.
   */
  copy_(source: Tensor | number): Tensor;
}

/**
 * Returns the shape of the target.
 * @throws {ShapeError} if `source` does not broadcast to it.
 * @internal
 */
export function checkFits(op: string, target: Shape, source: Shape): Shape {
  if (!sameShape(broadcastShapes(op, target, source), target))
    throw new ShapeError(
      `${op}: a source of shape ${formatShape(source)} does not fit into a tensor of shape ${formatShape(target)}`,
    );
  return target;
}

const convert = new Kernel('x', ['x']);
// NaN counts as true.
const truth = new Kernel('x !== 0', ['x']);

const copied = elementwise('clone', 'x', 'same');

defineOps<Memory>({
  clone: {
    torch: { name: 'clone', params: ['input'] },
    math: 'y = x',
    vjpMath: { x: '\\bar y' },
    saves: [],
    ...copied,
    // Programs keep copies, often thousands of small ones.
    forward: (x) => {
      const y = copied.forward(x);
      return new Tensor(apart(y.memory), y.layout, 0, y.dtype);
    },
    jvp: 'linear',
    batch: 'elementwise',
    vjp: { x: (dy) => dy },
  },
  arranged: {
    torch: { name: 'clone', params: ['input', 'stride'] },
    math: 'y = x',
    vjpMath: { x: '\\bar y' },
    saves: [],
    shape: (x) => x,
    forward: (x, stride) => {
      const y = arranged(x, stride);
      return y === x ? x.detach().clone() : y;
    },
    jvp: 'linear',
    batch: (c) => c.run(c.physical(0), [c.tensor(0).numel(), ...(c.args[1] as readonly number[])]),
    vjp: { x: (dy) => dy },
    gradFn: 'CloneBackward0',
    samples: [
      { inputs: '3x4', args: [[1, 3]] },
      { inputs: '2x3x2', args: [[2, 4, 1]] },
      { inputs: '()', args: [[]] },
      { inputs: '0x2', args: [[2, 1]] },
    ],
  },
  converted: {
    torch: { name: 'to', params: ['input', 'dtype'] },
    math: 'y = x',
    vjpMath: { x: '\\bar y' },
    saves: [],
    shape: (x) => x,
    forward: (x, dtype) => mapped(dtype === 'bool' ? truth : convert, x, dtype),
    jvp: 'linear',
    batch: 'elementwise',
    vjp: { x: (dy) => dy },
    gradFn: 'ToCopyBackward0',
    samples: [
      { inputs: '2x3', args: ['float64'] },
      { inputs: '()', args: ['float64'] },
    ],
  },
  copy: {
    torch: { name: 'copy', params: ['input', 'src'] },
    math: 'y = b',
    vjpMath: { a: '0', b: '\\bar y' },
    saves: [],
    shape: (a, b) => checkFits('copy_', a, b),
    forward: (a, source) => {
      const y = unset(a.sizes, a.dtype);
      if (!(source instanceof Tensor)) {
        if (typeof source !== 'number')
          throw new ValueError(`copy_: the source must be a tensor or a number, got ${noTensor(source)}`);
        checkElement('copy_', a.dtype, source);
        y.memory.fill(a.dtype === 'bool' ? Number(source !== 0) : source);
        return y;
      }
      checkFits('copy_', a.sizes, source.sizes);
      const from = source.dtype === a.dtype ? source : source.detach().to(a.dtype);
      copyStrided(a.sizes, y, {
        memory: from.memory,
        steps: broadcastStride(from.sizes, from.steps, a.sizes),
        offset: from.offset,
      });
      return y;
    },
    jvp: 'diagonal',
    batch: (c) => {
      const [x, source] = c.args as [Tensor, Tensor | number];
      return c.run(c.spread(x), source instanceof Tensor ? c.aligned(source, x.ndim) : source);
    },
    vjp: { a: (dy) => zerosLike(dy), b: (dy) => dy },
    inPlace: true,
    gradFn: 'CopyBackwards',
    samples: ['2x3 3', '2x3 2x3', '2 #1.5', '() ()', '0 0'],
  },
});

/** Implements the in-place variant `op` of a composite operation: writes `y` to the memory of `x`. @internal */
export function overwrite(op: string, x: Tensor, y: Tensor): Tensor {
  checkWritable(op, x, [y]);
  checkHolds(op, x, y);
  return x.copy_(y);
}

/** Conversions and fills by other operations. */
export interface MemoryForms {
  /**
   * Conversion to another dtype; the tensor itself if it has that dtype (`torch.Tensor.to`).
   * @throws {DtypeError} for an unknown dtype.
   * @throws {DtypeError} if there is no such dtype.
   */
  to(dtype: Dtype): Tensor;
  /** `to('float32')` (`torch.Tensor.float`). */
  float(): Tensor;
  /** `to('float64')` (`torch.Tensor.double`). */
  double(): Tensor;
  /** `to('int32')` (`torch.Tensor.int`). */
  int(): Tensor;
  /** `to('int32')`, the widest integer dtype here (`torch.Tensor.long`). */
  long(): Tensor;
  /** `to('bool')` (`torch.Tensor.bool`). */
  bool(): Tensor;
  /**
   * Returns the tensor itself if its elements are in row-major order without gaps, else such a copy
   * (`torch.Tensor.contiguous`).
   */
  contiguous(): Tensor;
  /**
   * Overwrites every element with `value`, a number or a tensor of one (`torch.Tensor.fill_`).
   * @throws {ValueError} if an integer dtype cannot hold it; {@link ShapeError} for a tensor with dimensions.
   */
  fill_(value: number | Tensor): Tensor;
  /** Overwrites every element with 0 (`torch.Tensor.zero_`). */
  zero_(): Tensor;
  /** Whether the tensor is a float and can carry a gradient (`torch.Tensor.is_floating_point`). */
  isFloatingPoint(): boolean;
  /** Whether shape and every element are equal (`torch.equal`); NaN equals nothing. */
  equal(other: Tensor): boolean;
}

defineComposites<MemoryForms>({
  to(dtype) {
    refuseDevice(dtype);
    checkDtype('to', dtype);
    return dtype === this.dtype ? this : this.converted(dtype);
  },
  float() {
    return this.to('float32');
  },
  double() {
    return this.to('float64');
  },
  int() {
    return this.to('int32');
  },
  long() {
    return this.to('int32');
  },
  bool() {
    return this.to('bool');
  },
  contiguous() {
    return this.isContiguous() ? this : this.arranged(contiguousStride(this.sizes));
  },
  fill_(value) {
    if (value instanceof Tensor) {
      if (value.ndim === 0) return this.copy_(value);
      throw new ShapeError(
        `fill_: needs a single number, got a tensor of shape ${formatShape(value.sizes)}; use copy_()`,
      );
    }
    // A boolean counts as 0 or 1; but the string '1' must not be converted.
    if (typeof value !== 'boolean') requireNumber('fill_', 'value', value);
    const number = Number(value);
    checkElement('fill_', this.dtype, number);
    return this.copy_(number);
  },
  zero_() {
    return this.copy_(0);
  },
  isFloatingPoint() {
    return isFloat(this.dtype);
  },
  equal(other) {
    if (!sameShape(this.sizes, other.sizes)) return false;
    const [ours, theirs] = [this.toArray(), other.toArray()];
    let isSame = true;
    for (let i = 0; i < ours.length && isSame; )
      for (const end = until(i, ours.length); i < end && isSame; i++) isSame = ours[i] === theirs[i];
    return isSame;
  },
});
