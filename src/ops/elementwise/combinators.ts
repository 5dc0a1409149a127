import { gradMode } from '../../autograd/mode';
import { ValueError } from '../../errors';
import { Kernel, type Operand } from '../../kernels/elementwise';
import { jointStride, strideLike } from '../../kernels/layout';
import { contiguousStride, numel } from '../../kernels/strides';
import { zerosLike } from '../../tensor/creation';
import { allocateUnset, type Dtype, float32Unset, isFloat, resultType } from '../../tensor/dtype';
import { type Layout, layoutOf } from '../../tensor/layout';

import { broadcastShapes, broadcastStride, type Shape, sameShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import { noTensor, requireFloat, requireNumber } from '../table/arguments';
import type { Rule, Sample, Saved } from '../table/rule';

/** What an elementwise function gives for its operands' common dtype. */
export type ResultKind = 'same' | 'float' | 'bool';

function resultOf(common: Dtype, kind: ResultKind): Dtype {
  if (kind === 'bool') return 'bool';
  return kind === 'float' && !isFloat(common) ? 'float32' : common;
}

/** Rounded as an element would be. */
const rounded = (value: number, dtype: Dtype) => (dtype === 'float32' ? Math.fround(value) : value);

const fitting = (value: number | undefined, dtype: Dtype) => (value === undefined ? value : rounded(value, dtype));

/** What an operand counts as: a number and a tensor holding it give the same result. Of a byte too long, the rest counts. */
export const asElement = (value: number, dtype: Dtype): number =>
  dtype === 'uint8' ? value & 255 : rounded(value, dtype);

/** Shapes for the numeric checks of one input: a matrix, three dimensions, a single number, nothing. */
const unarySamples: readonly Sample[] = [[3, 4], [2, 3, 2], [], [0, 2]].map((shape) => ({ inputs: [shape] }));

/** The samples of one input, each with these arguments. */
export const samplesWith = (...args: readonly unknown[]): readonly Sample[] =>
  unarySamples.map((sample) => ({ ...sample, args }));

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

/** The same without numbers, for functions that take two tensors. */
const tensorPairs: readonly Sample[] = binarySamples.filter(({ inputs }) => typeof inputs[1] !== 'number');

/** Shapes for the numeric checks of three inputs. */
export const ternarySamples: readonly Sample[] = (
  [
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3], [2, 1]],
    [[3], [2, 1], []],
    [[], [], []],
    [[0, 3], [3], []],
  ] as Shape[][]
).map((inputs) => ({ inputs }));

/** What a rule needs of a function of elements: the shape of its result, the function itself, and samples of its inputs. */
interface Forms<Shapes extends readonly Shape[], Operands extends readonly unknown[]> {
  readonly shape: (...shapes: Shapes) => Shape;
  readonly forward: (...operands: Operands) => Tensor;
  readonly samples: readonly Sample[];
}
export type Unary = Forms<[x: Shape], [x: Tensor, p?: number, q?: number, r?: number]>;
type Binary<Second> = Forms<[a: Shape, b: Shape], [a: Tensor, b: Second, p?: number, q?: number, r?: number]>;

/**
 * Forward and shape of a function of one element, given as a JavaScript expression in `x` and in numeric parameters,
 * which follow the tensor. Errors call it `name`.
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
  };
}

/** The kernel's function of every element, as a tensor of this dtype. */
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

/** What a kernel is given beside its elements. @throws {ValueError} unless these are numbers. */
function parametersOf(kernel: Kernel, given: readonly unknown[], dtype: Dtype): number[] {
  return kernel.parameters.map((name, i) => {
    const value = given[i];
    requireNumber(kernel.op ?? 'the operation', name, value);
    return rounded(value, dtype);
  });
}

/** How a function of one element is differentiated: its gradient in LaTeX, what that reads, the rule. */
export interface Derivative {
  readonly x: string;
  readonly saves: readonly ('x' | 'y')[];
  readonly vjp: (dy: Tensor, n: Saved<[Tensor], 'x'>) => Tensor;
}

/**
 * A vector-Jacobian product in one pass over the elements: an expression in the gradient `a`, in `b`, which is `of` what is
 * saved, and in the operation's arguments. Where the pass is recorded, its tensor operations compute it.
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

/** The same for tensors that pass a check, such as `requireFloat`. */
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

/** The derivative of a step function, also where the gradient that arrives is infinite. */
export const zeroDerivative: Derivative = { x: '0', saves: [], vjp: (dy) => zerosLike(dy) };

/**
 * The whole rule of a function of one element without arguments: PyTorch's name, the formula, the JavaScript expression
 * and the derivative. There is an in-place twin.
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
 * Forward and shape of a function of two elements, given as a JavaScript expression in `a` and `b` and in numeric
 * parameters, which follow the tensors; broadcasts.
 */
export function broadcasting(
  name: string,
  expression: string,
  kind: ResultKind = 'same',
  parameters: readonly string[] = [],
): Binary<Tensor | number> & {
  /** Puts the result of a tensor that lies without gaps from its memory's beginning, and a number, in its place. */
  readonly overwrite: (a: Tensor, b: number) => boolean;
} {
  const kernel = new Kernel(expression, ['a', 'b'], parameters, name);
  const takesElements = parameters.length > 0 && kind !== 'bool';
  const keepsFloats = kind !== 'bool';
  return {
    shape: (a: Shape, b: Shape): Shape => broadcastShapes(name, a, b),
    forward: (a: Tensor, b: Tensor | number, p?: number, q?: number, r?: number): Tensor => {
      if (takesElements) {
        // As an element would be: a bound counts for the elements that it is rounded to.
        const dtype = resultOf(resultType(a, b), kind);
        p = fitting(p, dtype);
        q = fitting(q, dtype);
        r = fitting(r, dtype);
      }
      if (typeof b === 'number') return withNumber(a, b, p, q, r);
      if (b instanceof Tensor) return tensors(a, b, p, q, r);
      // The types do not offer a boolean; it counts as PyTorch's.
      if (typeof b === 'boolean') return withNumber(a, b, p, q, r);
      throw new ValueError(`${name}: the second operand must be a tensor or a number, got ${noTensor(b)}`);
    },
    samples: binarySamples,
    overwrite: (a: Tensor, b: number): boolean => {
      if (a.dtype !== 'float32' || a.offset !== 0) return false;
      const n = countDense(a);
      if (n >= 0) kernel.float32Loops().numbers(n, a.memory, a.memory, 0, b);
      return n >= 0;
    },
  };

  /** What a number is made to fit. In comparisons and quotients of integers it counts as it is. */
  function operandOf(common: Dtype): Dtype {
    return kind === 'same' || isFloat(common) ? common : 'float64';
  }

  function withNumber(a: Tensor, b: number | boolean, p?: number, q?: number, r?: number): Tensor {
    // The commonest case first, and short.
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

  /** A single number beside many counts as a plain one, also where it has been stretched; `null` if there is none. */
  function besideSingle(a: Tensor, b: Tensor, p?: number, q?: number, r?: number): Tensor | null {
    if (!kernel.isExact()) return null;
    if (a.layout.isRowMajor && isSingle(b.layout, a.layout)) return withNumber(a, b.memory[b.offset], p, q, r);
    if (!b.layout.isRowMajor || !isSingle(a.layout, b.layout)) return null;
    const n = b.layout.count;
    const y = float32Unset(n);
    kernel.afterNumber()(n, y, a.memory[a.offset], b.memory, b.offset, p, q, r);
    return new Tensor(y, b.layout, 0, 'float32');
  }

  /** Which of the loops. Beside integers a fraction counts as float32. */
  function keyWithNumber(dtype: Dtype, common: Dtype, result: Dtype): string {
    return `${dtype},${isFloat(common) && !isFloat(dtype) ? common : 'number'}>${result}`;
  }

  /** The same for a tensor with gaps; apart, so that the commonest case stays short for the compiler. */
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

/** The same for functions whose second operand must be a tensor. */
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
  };
}

/** The same for functions that need a float among their operands. */
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

/** Name of the backward node of a function that PyTorch has in a form for numbers (0) and one for tensors (1). */
export const numbered =
  (name: string) =>
  (n: { readonly isNumber: readonly boolean[] }): string =>
    `${name}Backward${n.isNumber[1] ? 0 : 1}`;

/** Forward and shape of a function of three elements, `a`, `b` and `c`, tensors or numbers; see {@link broadcasting}. */
export function blending(
  name: string,
  expression: string,
  parameters: readonly string[] = [],
): {
  shape: (a: Shape, b: Shape, c: Shape) => Shape;
  /** The function with a result of this dtype. */
  run: (dtype: Dtype, a: Tensor, b: Tensor | number, c: Tensor | number, p?: number) => Tensor;
  samples: readonly Sample[];
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
  return { shape: shapeOf, run, samples: ternarySamples };
}

/** Whether it is a single number, or one that has been stretched to `shape`. */
function isSingle({ sizes, steps }: Layout, other: Layout): boolean {
  for (let d = 0; d < sizes.length; d++) if (steps[d] !== 0) return false;
  return sizes.length === 0 || sameShape(sizes, other.sizes);
}

/** How many elements there are, if memory has no gap among them; otherwise -1. */
function countDense({ layout }: Tensor): number {
  return layout.isDense ? layout.count : -1;
}

/** Whether two tensors have one shape and lie in memory alike, without gaps: a loop walks both from one end to the other. */
function liesAlike(a: Layout, b: Layout): boolean {
  if (a === b) return a.isDense;
  if (!sameShape(a.sizes, b.sizes)) return false;
  if (a.isContiguous) return b.isContiguous;
  return a.isDense && sameShape(a.steps, b.steps);
}

/** The strides of a result of this shape, computed from operands of a common dtype; a number has no say in them. */
function resultStride(shape: Shape, common: Dtype, operands: readonly (Tensor | number)[]): Shape {
  const strides: Shape[] = [];
  let rowMajor = true;
  for (const x of operands) {
    if (!(x instanceof Tensor)) continue;
    rowMajor &&= x.layout.isRowMajor;
    // What is converted first is copied without gaps.
    const own = x.dtype === common ? x.steps : strideLike(x.sizes, x.steps);
    strides.push(broadcastStride(x.sizes, own, shape));
  }
  return rowMajor ? contiguousStride(shape) : jointStride(shape, strides);
}

/** A tensor seen in a shape that it broadcasts to. */
function stretched(x: Tensor, shape: Shape, common: Dtype): Operand {
  // A wider tensor beside one whose dtype counts is a single number.
  if ((x.dtype === 'float64' && common === 'float32') || (x.dtype === 'int32' && common === 'uint8'))
    return single(asElement(x.memory[x.offset], common), shape);
  return { memory: x.memory, steps: broadcastStride(x.sizes, x.steps, shape), offset: x.offset };
}

/** A number as an operand. */
function single(value: number, shape: Shape): Operand {
  return { memory: Float64Array.of(value), steps: shape.map(() => 0), offset: 0 };
}
