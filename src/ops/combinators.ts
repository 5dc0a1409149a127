import { DtypeError, ValueError } from '../errors';
import { BinaryKernel, type Operand, UnaryKernel } from '../kernels/elementwise';
import { numel } from '../kernels/strides';
import { allocate, type Dtype, isFloat, resultType } from '../tensor/dtype';
import { broadcastShapes, broadcastStride, type Shape, sameShape } from '../tensor/shape';
import { fresh, Tensor } from '../tensor/tensor';
import type { Sample } from './rule';

/** What an elementwise function gives for its operands' common dtype. */
export type ResultKind = 'same' | 'float' | 'bool';

function resultOf(common: Dtype, kind: ResultKind): Dtype {
  if (kind === 'bool') return 'bool';
  return kind === 'float' && !isFloat(common) ? 'float32' : common;
}

/** Shapes for the numeric checks of one input: a matrix, three dimensions, a single number, nothing. */
export const unarySamples: readonly Sample[] = [[3, 4], [2, 3, 2], [], [0, 2]].map((shape) => ({ inputs: [shape] }));

/** Shapes for the numeric checks of two inputs: equal, broadcast from either side and in the middle, numbers, nothing. */
export const binarySamples: readonly Sample[] = (
  [
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3]],
    [[3], [2, 1]],
    [
      [2, 1, 3],
      [4, 1],
    ],
    [[], [2, 2]],
    [[2, 2], []],
    [[2, 3], 1.5],
    [[0, 3], [3]],
  ] as (Shape | number)[][]
).map((inputs) => ({ inputs }));

/** Forward and shape of a function of one element, given as a JavaScript expression in `x`. */
export function elementwise(expression: string, kind: ResultKind = 'float') {
  const kernel = new UnaryKernel(expression);
  return {
    shape: (x: Shape): Shape => x,
    forward: (x: Tensor): Tensor => {
      const dtype = resultOf(x.dtype, kind);
      const y = allocate(dtype, x.numel());
      kernel.run(x.dtype === dtype ? dtype : `${x.dtype}>${dtype}`, dtype === 'bool', x.shape, y, x);
      return x.isContiguous() ? new Tensor(y, x.shape, x.stride, 0, dtype) : fresh(y, x.shape, dtype);
    },
    samples: unarySamples,
  };
}

/** Forward and shape of a function of two elements, given as a JavaScript expression in `a` and `b`; broadcasts. */
export function broadcasting(name: string, expression: string, kind: ResultKind = 'same') {
  const kernel = new BinaryKernel(expression);
  return {
    shape: (a: Shape, b: Shape): Shape => broadcastShapes(name, a, b),
    forward: (a: Tensor, b: Tensor | number): Tensor => {
      if (b instanceof Tensor) return tensors(a, b);
      if (typeof b === 'number') return withNumber(a, b);
      throw new ValueError(`${name}: the second operand must be a tensor or a number, got ${describe(b)}`);
    },
    samples: binarySamples,
  };

  function withNumber(a: Tensor, b: number): Tensor {
    const common = resultType(a, b);
    const dtype = resultOf(common, kind);
    // Rounded as an element would be, so that a number and a tensor holding it give the same result.
    const value = common === 'float32' ? Math.fround(b) : b;
    if (!a.isContiguous())
      return strided(
        a,
        { data: Float64Array.of(value), stride: [], offset: 0 },
        [],
        a.shape,
        `${a.dtype},number`,
        dtype,
      );
    const n = a.numel();
    const y = allocate(dtype, n);
    kernel.runScalar(
      a.dtype === 'float32' && dtype === 'float32' ? dtype : `${a.dtype},number>${dtype}`,
      dtype === 'bool',
      n,
      y,
      a,
      value,
    );
    return new Tensor(y, a.shape, a.stride, 0, dtype);
  }

  function tensors(a: Tensor, b: Tensor): Tensor {
    const same = a.dtype === b.dtype;
    const dtype = resultOf(same ? a.dtype : resultType(a, b), kind);
    if (sameShape(a.shape, b.shape) && a.isContiguous() && b.isContiguous()) {
      const n = a.numel();
      const y = allocate(dtype, n);
      const key = same && a.dtype === dtype ? dtype : `${a.dtype},${b.dtype}>${dtype}`;
      kernel.runFlat(key, dtype === 'bool', n, y, a, b);
      return new Tensor(y, a.shape, a.stride, 0, dtype);
    }
    return strided(
      a,
      b,
      b.shape,
      broadcastShapes(name, a.shape, b.shape),
      same ? a.dtype : `${a.dtype},${b.dtype}`,
      dtype,
    );
  }

  function strided(a: Tensor, b: Operand, bShape: Shape, shape: Shape, from: string, dtype: Dtype): Tensor {
    const y = allocate(dtype, numel(shape));
    const key = from === dtype ? dtype : `${from}>${dtype}`;
    const left = { data: a.data, stride: broadcastStride(a.shape, a.stride, shape), offset: a.offset };
    const right = { data: b.data, stride: broadcastStride(bShape, b.stride, shape), offset: b.offset };
    kernel.runStrided(key, dtype === 'bool', shape, y, left, right);
    return fresh(y, shape, dtype);
  }
}

/** What a value is, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Tensor) return `a ${value.dtype} tensor of shape [${value.shape.join(', ')}]`;
  if (Array.isArray(value)) return 'an array (make it a tensor with tensor(…))';
  return typeof value === 'object' ? 'an object' : `${typeof value} ${JSON.stringify(value)}`;
}

/** @throws {DtypeError} unless the tensor is a float. */
export function requireFloat(op: string, x: Tensor): void {
  if (!isFloat(x.dtype))
    throw new DtypeError(`${op}: needs a float32 or float64 tensor, got ${x.dtype}; convert it with to('float32')`);
}
