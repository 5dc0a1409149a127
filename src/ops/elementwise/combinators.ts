import { gradMode } from '../../autograd/mode';
import { noTensor } from '../../describe';
import { ValueError } from '../../errors';
import { Kernel, type Operand } from '../../kernels/elementwise';
import { jointStride, strideLike } from '../../kernels/layout';
import { contiguousStride, numel } from '../../kernels/strides';
import { zerosLike } from '../../tensor/creation';
import { allocateUnset, type Dtype, float32Unset, isFloat, resultType } from '../../tensor/dtype';
import { type Layout, layoutOf } from '../../tensor/layout';

import { broadcastShapes, broadcastStride, type Shape, sameShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { requireFloat, requireNumber } from '../table/arguments';
import type { Rule, Saved } from '../table/rule';
import type { Sample } from '../table/samples';

/** The dtype of an elementwise function's result: the operands' common dtype, a float or bool. */
export type ResultKind = 'same' | 'float' | 'bool';

function resultOf(common: Dtype, kind: ResultKind): Dtype {
  if (kind === 'bool') return 'bool';
  return kind === 'float' && !isFloat(common) ? 'float32' : common;
}

/** Rounds as the conversion to an element does. */
const rounded = (value: number, dtype: Dtype) => (dtype === 'float32' ? Math.fround(value) : value);

const fitting = (value: number | undefined, dtype: Dtype) => (value === undefined ? value : rounded(value, dtype));

/** Rounds a number to an element's dtype, so that it gives the same result as a tensor with it. Bytes wrap around. */
export const asElement = (value: number, dtype: Dtype): number =>
  dtype === 'uint8' ? value & 255 : rounded(value, dtype);

/** Shapes for the numeric checks of one input: a matrix, three dimensions, a scalar, an empty tensor. */
const unarySamples = ['3x4', '2x3x2', '()', '0x2'];

/** Returns the samples of one input, each with these arguments. */
export const samplesWith = (...args: readonly unknown[]): readonly Sample[] =>
  unarySamples.map((inputs) => ({ inputs, args }));

/** Shapes for the numeric checks of two inputs: equal, broadcast from either side and in the middle, numbers, empty. */
export const binarySamples: readonly string[] = [
  '2x3 2x3',
  '2x3 3',
  '3 2x1',
  '2x1x3 4x1',
  '() 2x2',
  '2x2 ()',
  '2x3 #1.5',
  '0x3 3',
];

/** The samples of {@link binarySamples} without numbers, for functions that take two tensors. */
const tensorPairs = binarySamples.filter((sample) => !sample.includes('#'));

/** Shapes for the numeric checks of three inputs. */
export const ternarySamples: readonly string[] = ['2x3 2x3 2x3', '2x3 3 2x1', '3 2x1 ()', '() () ()', '0x3 3 ()'];

/** The parts of a rule that an elementwise function determines: shape of the result, forward, and samples. */
interface Forms<Shapes extends readonly Shape[], Operands extends readonly unknown[]> {
  readonly shape: (...shapes: Shapes) => Shape;
  readonly forward: (...operands: Operands) => Tensor;
  readonly samples: readonly Sample[];
  readonly batch: 'elementwise';
}
export type Unary = Forms<[x: Shape], [x: Tensor, p?: number, q?: number, r?: number]>;
type Binary<Second> = Forms<[a: Shape, b: Shape], [a: Tensor, b: Second, p?: number, q?: number, r?: number]>;

/**
 * Returns forward and shape of a function of one element, given as a JavaScript expression in `x` and in numeric
 * parameters, which follow the tensor. `name` appears in errors.
 */
export function elementwise(
  name: string,
  expression: string,
  kind: ResultKind = 'float',
  parameters: readonly string[] = [],
): Unary {
  const kernel = new Kernel(expression, ['x'], parameters, name);
  return {
    shape: (x: Shape): Shape => x,
    forward: (x: Tensor, p?: number, q?: number, r?: number): Tensor =>
      mapped(kernel, x, resultOf(x.dtype, kind), p, q, r),
    samples: unarySamples,
    batch: 'elementwise',
  };
}

/** Applies a kernel to every element; returns a tensor of this dtype. */
export function mapped(kernel: Kernel, x: Tensor, dtype: Dtype, p?: number, q?: number, r?: number): Tensor {
  const y = allocateUnset(dtype, x.numel());
  const key = x.dtype === dtype ? dtype : `${x.dtype}>${dtype}`;
  const [u, v, w] = kernel.parameters.length === 0 ? NONE : parametersOf(kernel, [p, q, r], dtype);
  if (x.layout.isDense) {
    kernel.loops(key, dtype).flat(y.length, y, x.memory, x.offset, u, v, w);
    return new Tensor(y, x.layout, 0, dtype);
  }
  const stride = jointStride(x.sizes, [x.steps]);
  kernel.runStrided(key, dtype, x.sizes, y, stride, [x], u, v, w);
  return new Tensor(y, layoutOf(x.sizes, stride), 0, dtype);
}

const NONE: readonly number[] = [];

/** Returns the numeric parameters of a kernel. @throws {ValueError} unless they are numbers. */
function parametersOf(kernel: Kernel, given: readonly unknown[], dtype: Dtype): number[] {
  return kernel.parameters.map((name, i) => {
    const value = given[i];
    requireNumber(kernel.op ?? 'the operation', name, value);
    return rounded(value, dtype);
  });
}

/** The derivative of a function of one element: the gradient in LaTeX, the saved tensors, the rule. */
export interface Derivative {
  readonly x: string;
  readonly saves: readonly ('x' | 'y')[];
  readonly vjp: (dy: Tensor, n: Saved<[Tensor], 'x'>) => Tensor;
}

/**
 * Returns a vector-Jacobian product computed in one pass over the elements: an expression in the gradient `a`, in `b`,
 * which is the saved tensor selected by `of`, and in the operation's arguments. If the backward pass is recorded,
 * tensor operations compute it instead.
 */
export function inOnePass<N extends { readonly args: readonly unknown[] }>(
  expression: string,
  of: (n: N) => Tensor,
  recorded: (dy: Tensor, n: N) => Tensor,
  parameters: readonly string[] = [],
): (dy: Tensor, n: N) => Tensor {
  const { forward } = pairing('backward', expression, 'same', parameters);
  return (dy, n) => {
    if (gradMode.recording) return recorded(dy, n);
    const [p, q, r] = n.args as (number | undefined)[];
    return forward(dy, of(n), p, q, r);
  };
}

/** Returns the same function with a check of its tensor, such as `requireFloat`. */
export function checked<F extends { forward: (x: Tensor, ...rest: never[]) => Tensor }>(
  name: string,
  check: (op: string, x: Tensor) => void,
  forms: F,
): F {
  const forward = forms.forward as (...args: unknown[]) => Tensor;
  return {
    ...forms,
    forward: (x: Tensor, p: unknown, q: unknown, r: unknown) => {
      check(name, x);
      return forward(x, p, q, r);
    },
  };
}

/** The derivative of a step function; 0 even if the incoming gradient is infinite. */
export const zeroDerivative: Derivative = { x: '0', saves: [], vjp: (dy) => zerosLike(dy) };

/**
 * Returns the complete rule of a function of one element without arguments: PyTorch's name, the formula, the JavaScript
 * expression and the derivative. It has an in-place variant.
 */
export function pointwise(
  torchName: string,
  math: string,
  expression: string,
  { x, saves, vjp }: Derivative,
  { kind, domain }: { kind?: ResultKind; domain?: readonly [number, number] } = {},
): Rule<[Tensor], Tensor> {
  return {
    torch: { name: torchName, params: ['input'] as const },
    math,
    vjpMath: { x },
    saves,
    ...elementwise(torchName, expression, kind),
    jvp: 'diagonal',
    vjp: { x: vjp },
    inPlace: true,
    domain,
  };
}

/**
 * Returns forward and shape of a function of two elements, given as a JavaScript expression in `a` and `b` and in
 * numeric parameters, which follow the tensors; operands broadcast.
 */
export function broadcasting(
  name: string,
  expression: string,
  kind: ResultKind = 'same',
  parameters: readonly string[] = [],
): Binary<Tensor | number> & {
  /** Computes the result of a tensor and a number in place, for a dense tensor from its memory's beginning. */
  readonly overwrite: (a: Tensor, b: number) => boolean;
} {
  const kernel = new Kernel(expression, ['a', 'b'], parameters, name);
  const takesElements = parameters.length > 0 && kind !== 'bool';
  const keepsFloats = kind !== 'bool';
  return {
    shape: (a: Shape, b: Shape): Shape => broadcastShapes(name, a, b),
    forward: (a: Tensor, b: Tensor | number, p?: number, q?: number, r?: number): Tensor => {
      if (takesElements) {
        // Rounded to the dtype, because a bound is compared with rounded elements.
        const dtype = resultOf(resultType(a, b), kind);
        p = fitting(p, dtype);
        q = fitting(q, dtype);
        r = fitting(r, dtype);
      }
      if (typeof b === 'number') return withNumber(a, b, p, q, r);
      if (b instanceof Tensor) return tensors(a, b, p, q, r);
      // The types exclude a boolean; it counts as in PyTorch.
      if (typeof b === 'boolean') return withNumber(a, b, p, q, r);
      throw new ValueError(`${name}: the second operand must be a tensor or a number, got ${noTensor(b)}`);
    },
    samples: binarySamples,
    batch: 'elementwise',
    overwrite: (a: Tensor, b: number): boolean => {
      if (a.dtype !== 'float32' || a.offset !== 0) return false;
      const n = countDense(a);
      if (n >= 0) kernel.float32Loops().numbers(n, a.memory, a.memory, 0, b);
      return n >= 0;
    },
  };

  /** Returns the dtype that a number is rounded to. In comparisons and quotients of integers it is not rounded. */
  function operandOf(common: Dtype): Dtype {
    return kind === 'same' || isFloat(common) ? common : 'float64';
  }

  function withNumber(a: Tensor, b: number | boolean, p?: number, q?: number, r?: number): Tensor {
    // The most frequent case first.
    if (keepsFloats && typeof b === 'number' && a.dtype === 'float32') {
      const n = countDense(a);
      if (n < 0) return gapsWithNumber('float32,number>float32', 'float32', a, Math.fround(b), p, q, r);
      const y = float32Unset(n);
      kernel.float32Loops().numbers(n, y, a.memory, a.offset, b, p, q, r);
      return new Tensor(y, a.layout, 0, 'float32');
    }
    const common = resultType(a, b);
    const dtype = resultOf(common, kind);
    const value = asElement(Number(b), operandOf(common));
    const key = keyWithNumber(a.dtype, common, dtype);
    const n = countDense(a);
    if (n < 0) return gapsWithNumber(key, dtype, a, value, p, q, r);
    const y = allocateUnset(dtype, n);
    kernel.loops(key, dtype).numbers(n, y, a.memory, a.offset, value, p, q, r);
    return new Tensor(y, a.layout, 0, dtype);
  }

  /** Treats a one-element tensor as a number, also if it was expanded; `null` if neither operand is one. */
  function besideSingle(a: Tensor, b: Tensor, p?: number, q?: number, r?: number): Tensor | null {
    if (!kernel.isExact()) return null;
    if (a.layout.isRowMajor && isSingle(b.layout, a.layout)) return withNumber(a, b.memory[b.offset], p, q, r);
    if (!b.layout.isRowMajor || !isSingle(a.layout, b.layout)) return null;
    const n = b.layout.count;
    const y = float32Unset(n);
    kernel.afterNumber()(n, y, a.memory[a.offset], b.memory, b.offset, p, q, r);
    return new Tensor(y, b.layout, 0, 'float32');
  }

  /** Returns the key of the loop. With integers, a fraction counts as float32. */
  function keyWithNumber(dtype: Dtype, common: Dtype, result: Dtype): string {
    return `${dtype},${isFloat(common) && !isFloat(dtype) ? common : 'number'}>${result}`;
  }

  /**
   * As above for a tensor with gaps; a separate function, so that the most frequent case stays short for the compiler.
   */
  function gapsWithNumber(
    key: string,
    dtype: Dtype,
    a: Tensor,
    value: number,
    p?: number,
    q?: number,
    r?: number,
  ): Tensor {
    const y = allocateUnset(dtype, a.numel());
    const stride = jointStride(a.sizes, [a.steps]);
    kernel.runStrided(key, dtype, a.sizes, y, stride, [a, single(value, a.sizes)], p, q, r);
    return new Tensor(y, layoutOf(a.sizes, stride), 0, dtype);
  }

  function tensors(a: Tensor, b: Tensor, p?: number, q?: number, r?: number): Tensor {
    if (keepsFloats && a.dtype === 'float32' && b.dtype === 'float32') {
      if (liesAlike(a.layout, b.layout)) {
        const n = a.layout.count;
        const y = float32Unset(n);
        kernel.float32Loops().flat(n, y, a.memory, a.offset, b.memory, b.offset, p, q, r);
        return new Tensor(y, a.layout, 0, 'float32');
      }
      const y = besideSingle(a, b, p, q, r);
      if (y !== null) return y;
    }
    const same = a.dtype === b.dtype;
    const common = same ? a.dtype : resultType(a, b);
    const dtype = resultOf(common, kind);
    const key = same && a.dtype === dtype ? dtype : `${a.dtype},${b.dtype}>${dtype}`;
    if (liesAlike(a.layout, b.layout)) {
      const n = a.numel();
      const y = allocateUnset(dtype, n);
      kernel.loops(key, dtype).flat(n, y, a.memory, a.offset, b.memory, b.offset, p, q, r);
      return new Tensor(y, a.layout, 0, dtype);
    }
    const shape = broadcastShapes(name, a.sizes, b.sizes);
    const y = allocateUnset(dtype, numel(shape));
    const operands = [a, b].map((x) => stretched(x, shape, operandOf(common)));
    const stride = resultStride(shape, common, [a, b]);
    kernel.runStrided(key, dtype, shape, y, stride, operands, p, q, r);
    return new Tensor(y, layoutOf(shape, stride), 0, dtype);
  }
}

/** As {@link broadcasting} for functions whose second operand must be a tensor. */
export function pairing(
  name: string,
  expression: string,
  kind?: ResultKind,
  parameters?: readonly string[],
): Binary<Tensor> {
  const { shape, forward } = broadcasting(name, expression, kind, parameters);
  return {
    shape,
    forward: (a: Tensor, b: Tensor, p?: number, q?: number, r?: number): Tensor => {
      if (!(b instanceof Tensor))
        throw new ValueError(`${name}: the second operand must be a tensor, got ${noTensor(b)}; make one with full()`);
      return forward(a, b, p, q, r);
    },
    samples: tensorPairs,
    batch: 'elementwise',
  };
}

/** As {@link pairing} for functions with at least one float operand. */
export function floatPairing(name: string, expression: string): Binary<Tensor> {
  const forms = pairing(name, expression);
  return {
    ...forms,
    forward: (a: Tensor, b: Tensor): Tensor => {
      if (b instanceof Tensor && !isFloat(resultType(a, b))) requireFloat(name, a);
      return forms.forward(a, b);
    },
  };
}

/** Returns the name of the backward node, as PyTorch numbers it: 0 with a number, 1 with a tensor. */
export const numbered =
  (name: string) =>
  (n: { readonly isNumber: readonly boolean[] }): string =>
    `${name}Backward${n.isNumber[1] ? 0 : 1}`;

/**
 * Returns forward and shape of a function of three elements, `a`, `b` and `c`, tensors or numbers; see
 * {@link broadcasting}.
 */
export function blending(
  name: string,
  expression: string,
  parameters: readonly string[] = [],
): {
  shape: (a: Shape, b: Shape, c: Shape) => Shape;
  /** Computes a result of this dtype. */
  run: (dtype: Dtype, a: Tensor, b: Tensor | number, c: Tensor | number, p?: number) => Tensor;
  samples: readonly Sample[];
  batch: 'elementwise';
} {
  const kernel = new Kernel(expression, ['a', 'b', 'c'], parameters, name);
  const shapeOf = (a: Shape, b: Shape, c: Shape): Shape => broadcastShapes(name, broadcastShapes(name, a, b), c);
  const run = (dtype: Dtype, a: Tensor, b: Tensor | number, c: Tensor | number, p?: number): Tensor => {
    for (const x of [b, c])
      if (!(x instanceof Tensor) && typeof x !== 'number')
        throw new ValueError(`${name}: the operands must be tensors or numbers, got ${noTensor(x)}`);
    const kinds = [a, b, c].map((x) => (x instanceof Tensor ? x.dtype : 'number'));
    const key = kinds.every((kind) => kind === dtype) ? dtype : `${kinds}>${dtype}`;
    if (a.layout.isDense) {
      const n = a.numel();
      if (typeof b === 'number' && typeof c === 'number') {
        const y = allocateUnset(dtype, n);
        kernel.loops(key, dtype).numbers(n, y, a.memory, a.offset, asElement(b, dtype), asElement(c, dtype), p);
        return new Tensor(y, a.layout, 0, dtype);
      }
      if ([b, c].every((x) => x instanceof Tensor && liesAlike(a.layout, x.layout))) {
        const [second, third] = [b, c] as Tensor[];
        const y = allocateUnset(dtype, n);
        kernel
          .loops(key, dtype)
          .flat(n, y, a.memory, a.offset, second.memory, second.offset, third.memory, third.offset, p);
        return new Tensor(y, a.layout, 0, dtype);
      }
    }
    const [sa, sb, sc] = [a, b, c].map((x) => (x instanceof Tensor ? x.sizes : []));
    const shape = shapeOf(sa, sb, sc);
    const y = allocateUnset(dtype, numel(shape));
    const operands = [a, b, c].map((x) =>
      x instanceof Tensor ? stretched(x, shape, dtype) : single(asElement(x, dtype), shape),
    );
    const stride = resultStride(shape, dtype, [a, b, c]);
    kernel.runStrided(key, dtype, shape, y, stride, operands, p);
    return new Tensor(y, layoutOf(shape, stride), 0, dtype);
  };
  return { shape: shapeOf, run, samples: ternarySamples, batch: 'elementwise' };
}

/** Whether it has one element, possibly expanded to `shape`. */
function isSingle({ sizes, steps }: Layout, other: Layout): boolean {
  for (let d = 0; d < sizes.length; d++) if (steps[d] !== 0) return false;
  return sizes.length === 0 || sameShape(sizes, other.sizes);
}

/** Returns the number of elements of a dense tensor, otherwise -1. */
function countDense({ layout }: Tensor): number {
  return layout.isDense ? layout.count : -1;
}

/** Whether two tensors have the same shape and dense memory order, so that one loop can visit both. */
function liesAlike(a: Layout, b: Layout): boolean {
  if (a === b) return a.isDense;
  if (!sameShape(a.sizes, b.sizes)) return false;
  if (a.isContiguous) return b.isContiguous;
  return a.isDense && sameShape(a.steps, b.steps);
}

/** Returns the strides of a result of this shape, from operands of a common dtype; numbers do not count. */
function resultStride(shape: Shape, common: Dtype, operands: readonly (Tensor | number)[]): Shape {
  const strides: Shape[] = [];
  let rowMajor = true;
  for (const x of operands) {
    if (!(x instanceof Tensor)) continue;
    rowMajor &&= x.layout.isRowMajor;
    // A converted operand is copied without gaps.
    const own = x.dtype === common ? x.steps : strideLike(x.sizes, x.steps);
    strides.push(broadcastStride(x.sizes, own, shape));
  }
  return rowMajor ? contiguousStride(shape) : jointStride(shape, strides);
}

/** Expands a tensor to a shape that it broadcasts to. */
function stretched(x: Tensor, shape: Shape, common: Dtype): Operand {
  // Here the wider tensor is a scalar, whose dtype has lower priority.
  if ((x.dtype === 'float64' && common === 'float32') || (x.dtype === 'int32' && common === 'uint8'))
    return single(asElement(x.memory[x.offset], common), shape);
  return { memory: x.memory, steps: broadcastStride(x.sizes, x.steps, shape), offset: x.offset };
}

/** Returns a number as an operand. */
function single(value: number, shape: Shape): Operand {
  return { memory: Float64Array.of(value), steps: shape.map(() => 0), offset: 0 };
}
