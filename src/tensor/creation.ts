import type { NdArray } from 'ndarray';
import { turn, until } from '../cancellation';
import { describe } from '../describe';
import { AutogradError, DtypeError, ValueError } from '../errors';
import { checkElement } from '../kernels/int32';
import { power, wholePower } from '../kernels/scalar';
import type { NumberArray } from '../kernels/strides';
import * as names from '../option-names';
import { checkOptions } from '../options';
import { fma32, fma64 } from '../random/fma';
import { refuseSurplus } from '../surplus';
import { Batched } from './batched';
import { allocate, checkDtype, type Dtype, dtypeOfArray, dtypeOfCopy, isFloat, numbersIn } from './dtype';
import { layoutOf } from './layout';
import { handOut } from './memory';
import { flattenNested, type NestedInput } from './nested';
import { checkShape, refuseTensor, type Shape } from './shape';
import { empty as blank, emptyLike as blankLike, fresh, Tensor } from './tensor';

/** Options of every function that makes a tensor. */
export interface CreationOptions {
  /** The dtype; the default is `float32` unless the function states another. */
  dtype?: Dtype;
  /** Whether `backward()` shall compute a gradient for the tensor; default `false`. */
  requiresGrad?: boolean;
}

/**
 * Ends every creation function: checks the options before the tensor is returned.
 * @internal
 */
export function finish(op: string, x: Tensor, options?: CreationOptions): Tensor {
  if (options?.requiresGrad) {
    checkCanRequireGrad(op, x.dtype);
    x.tracked = true;
  }
  return x;
}

/**
 * @throws {AutogradError} unless the dtype is a float.
 * @internal
 */
export function checkCanRequireGrad(op: string, dtype: Dtype): void {
  if (!isFloat(dtype))
    throw new AutogradError(
      `${op}: only float32 and float64 tensors can require a gradient, this one is ${dtype}; convert it with to('float32')`,
    );
}

function isNdArray(x: unknown): x is NdArray<NumberArray> {
  return typeof x === 'object' && x !== null && 'stride' in x && 'offset' in x && 'data' in x && !(x instanceof Tensor);
}

/**
 * A tensor of the given values (`torch.tensor`).
 *
 * Numbers become `float32` (JavaScript has one kind of number; write `{ dtype: 'int32' }` for integers), booleans
 * `bool`; a typed array keeps its own dtype, or gets the one that holds its numbers (`Uint8ClampedArray` `uint8`, other whole numbers
 * `int32`). The bytes of an `ArrayBuffer` are numbers of the dtype that must be given (`torch.frombuffer`). In a list, a tensor of one
 * number counts as that number, without its history. Values are copied, except those of a scijs `ndarray`, whose memory the tensor shares.
 *
 * @example
 * tensor([[1, 2], [3, 4]]).shape // [2, 2]
 * @throws {ShapeError} if rows differ in length; {@link DtypeError} if an entry is not a number or boolean;
 * {@link ValueError} if an integer dtype cannot hold it.
 */
export function tensor(
  values: NestedInput | NdArray<NumberArray> | ArrayBuffer | SharedArrayBuffer,
  options: CreationOptions = {},
): Tensor {
  if (options.dtype !== undefined) checkDtype('tensor', options.dtype);
  if (isNdArray(values)) {
    const dtype = dtypeOfArray(values.data);
    if (options.dtype !== undefined && options.dtype !== dtype)
      throw new ValueError(
        `tensor: the ndarray holds ${dtype} and is shared, not copied; convert with to('${options.dtype}')`,
      );
    handOut();
    return finish(
      'tensor',
      new Tensor(values.data, layoutOf(values.shape, values.stride), values.offset, dtype),
      options,
    );
  }
  if (values instanceof Tensor) throw new ValueError('tensor: the value is a tensor already; copy it with clone()');
  if (isBuffer(values)) {
    const { dtype } = options;
    if (dtype === undefined)
      throw new DtypeError(
        "tensor: an ArrayBuffer does not say what its bytes are; give a dtype, as in { dtype: 'float32' }",
      );
    return tensor(numbersIn(values, dtype), options);
  }
  if (ArrayBuffer.isView(values)) {
    const dtype = options.dtype ?? dtypeOfCopy(values);
    const numbers: ArrayLike<number> =
      values instanceof BigInt64Array || values instanceof BigUint64Array ? Array.from(values, Number) : values;
    const data = allocate(dtype, numbers.length);
    fill('tensor', data, dtype, numbers);
    return finish('tensor', fresh(data, [numbers.length], dtype), options);
  }
  const { shape, flat, dtype: natural } = flattenNested('tensor', values);
  const dtype = options.dtype ?? natural;
  const data = allocate(dtype, flat.length);
  fill('tensor', data, dtype, flat);
  return finish('tensor', fresh(data, shape, dtype), options);
}

function isBuffer(x: unknown): x is ArrayBuffer | SharedArrayBuffer {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(x));
}

function fill(op: string, data: NumberArray, dtype: Dtype, values: ArrayLike<number>): void {
  const isBool = dtype === 'bool';
  for (let i = 0; i < values.length; )
    for (const end = until(i, values.length, 2); i < end; i++) {
      const value = values[i];
      checkElement(op, dtype, value);
      data[i] = isBool ? Number(value !== 0) : value;
    }
}

/** A tensor of zeros (`torch.zeros`). @throws {ShapeError} if a size is negative or fractional. */
export function zeros(size: Shape | number, options: CreationOptions = {}): Tensor {
  refuseTensor('zeros', size);
  return filled('zeros', size, 0, options);
}

/** A tensor of ones (`torch.ones`). @throws {ShapeError} if a size is negative or fractional. */
export function ones(size: Shape | number, options: CreationOptions = {}): Tensor {
  refuseTensor('ones', size);
  return filled('ones', size, 1, options);
}

/**
 * A tensor whose elements are still to be written (`torch.empty`); here they are zeros.
 * @throws {ShapeError} if a size is negative or fractional.
 */
export function empty(size: Shape | number, options: CreationOptions = {}): Tensor {
  refuseTensor('empty', size);
  return filled('empty', size, 0, options);
}

/**
 * A tensor whose every element is `fillValue` (`torch.full`); `float32`, or `bool` for a truth value.
 * @throws {ShapeError} if a size is negative or fractional; {@link ValueError} if an integer dtype cannot hold the value.
 */
export function full(size: Shape | number, fillValue: number | boolean, options: CreationOptions = {}): Tensor {
  refuseTensor('full', size);
  return filled('full', size, fillValue, options);
}

function filled(op: string, size: Shape | number | Tensor, value: number | boolean, options: CreationOptions): Tensor {
  const sizes = typeof size === 'number' ? [size] : size instanceof Tensor ? size.sizes : size;
  checkShape(op, sizes);
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new ValueError(`${op}: the value must be a number or a truth value, got ${describe(value)}`);
  const dtype = options.dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32');
  checkDtype(op, dtype);
  checkElement(op, dtype, Number(value));
  const x = size instanceof Tensor ? blankLike(size, dtype) : blank([...sizes], dtype);
  if (!Object.is(Number(value), 0)) x.memory.fill(dtype === 'bool' ? Number(value !== 0) : Number(value));
  return finish(op, x, options);
}

function filledLike(op: string, input: Tensor, value: number | boolean, options: CreationOptions): Tensor {
  if (!(input instanceof Tensor))
    throw new ValueError(`${op}: the input must be a tensor; ${op.slice(0, -4)}() takes sizes`);
  if (input instanceof Batched) return new Batched(filledLike(op, input.physical, value, options), input.level);
  return filled(op, input, value, { dtype: input.dtype, ...options });
}

/** Zeros with the shape of `input`, and its dtype unless one is given (`torch.zeros_like`). */
export function zerosLike(input: Tensor, options: CreationOptions = {}): Tensor {
  return filledLike('zerosLike', input, 0, options);
}

/** Ones with the shape of `input`, and its dtype unless one is given (`torch.ones_like`). */
export function onesLike(input: Tensor, options: CreationOptions = {}): Tensor {
  return filledLike('onesLike', input, 1, options);
}

/** {@link empty} with the shape of `input`, and its dtype unless one is given (`torch.empty_like`). */
export function emptyLike(input: Tensor, options: CreationOptions = {}): Tensor {
  return filledLike('emptyLike', input, 0, options);
}

/** `fillValue` everywhere, with the shape of `input`, and its dtype unless one is given (`torch.full_like`). */
export function fullLike(input: Tensor, fillValue: number | boolean, options: CreationOptions = {}): Tensor {
  return filledLike('fullLike', input, fillValue, options);
}

/**
 * `start, start + step, …` below `end` (`torch.arange`): ⌈(end - start) / step⌉ values, `int32` if all three are
 * whole numbers, else `float32`. `arange(end)` starts at 0. With the dtype `int32` fractions are left out of all three.
 * @throws {ValueError} if `step` is 0 or leads away from `end`, or an integer dtype cannot hold a value.
 */
export function arange(end: number, options?: CreationOptions): Tensor;
export function arange(start: number, end: number, options?: CreationOptions): Tensor;
export function arange(start: number, end: number, step: number, options?: CreationOptions): Tensor;
export function arange(...args: (number | CreationOptions | undefined)[]): Tensor {
  if (args.length > 4) refuseSurplus('arange', args, 4);
  // A truth value counts as 0 or 1, as Python's does.
  const numbers = args.filter((a) => typeof a === 'number' || typeof a === 'boolean').map(Number);
  const options = optionsAmong('arange', args, 1) ?? {};
  const given = [...(numbers.length === 1 ? [0, numbers[0]] : [numbers[0], numbers[1]]), numbers[2] ?? 1];
  const dtype = options.dtype ?? (given.every(Number.isInteger) ? 'int32' : 'float32');
  const [start, end, step] = dtype === 'int32' ? given.map(Math.trunc) : given;
  if (![start, end, step].every(Number.isFinite) || step === 0 || (end - start) * step < 0)
    throw new ValueError(
      `arange: no way from ${start} to ${end} in steps of ${step}; step must be finite, not 0, and lead towards the end`,
    );
  checkDtype('arange', dtype);
  const count = Math.ceil((end - start) / step);
  if (count > 0)
    for (const value of [start, start + (count - 1) * step]) checkElement('arange', dtype, Math.trunc(value));
  const x = blank([count], dtype);
  const { memory: data } = x;
  for (let i = 0; i < count; ) for (const end = until(i, count); i < end; i++) data[i] = start + i * step;
  return finish('arange', x, options);
}

/**
 * Returns the options after numeric arguments, of which the first `least` are required.
 * @throws {ValueError} for an argument that is neither a number nor options.
 */
function optionsAmong(op: string, args: readonly unknown[], least: number): CreationOptions | undefined {
  const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'boolean';
  const first = args.findIndex((value, i) => (i < least ? !isNumber(value) : value !== undefined && !isNumber(value)));
  if (first >= 0 && (first < least || args.slice(first + 1).some((value) => value !== undefined)))
    throw new ValueError(`${op}: takes numbers and then options, got ${describe(args[first])} in place ${first + 1}`);
  const options = first < 0 ? undefined : (args[first] as CreationOptions);
  checkOptions(op, options, names.CreationOptions);
  return options;
}

/** One end of a range. @throws {ValueError} unless it is one number. */
function endpoint(op: string, end: number | Tensor): number {
  if (typeof end === 'number') return end;
  if (end instanceof Tensor && end.ndim === 0) return end.item();
  throw new ValueError(`${op}: start and end must be numbers, or tensors of one number without dimensions`);
}

/**
 * `steps` evenly spaced values, counted from the nearer end, so that both ends are exact; between whole ends for integers.
 * Each is rounded once, as in PyTorch: in integers the last bit decides about the place before the point.
 */
function spaced(from: number, to: number, steps: number, dtype: Dtype): Float64Array {
  if (steps === 1) return Float64Array.of(from);
  const [round, fma] = dtype === 'float32' ? [Math.fround, fma32] : [(v: number) => v, fma64];
  const [start, end] = isFloat(dtype) ? [round(from), round(to)] : [Math.trunc(from), Math.trunc(to)];
  const step = round(round(end - start) / (steps - 1));
  const half = Math.floor(steps / 2);
  // Close to overflow the fused form has no number.
  const along = (i: number, at: number) => {
    turn(16);
    const v = fma(step, i, at);
    return Number.isNaN(v) ? at + step * i : v;
  };
  const values = new Float64Array(steps);
  for (let i = 0; i < steps; i++) values[i] = i < half ? along(i, start) : along(i + 1 - steps, end);
  return values;
}

/** An empty tensor for `steps` values. @throws {ValueError} if there is no such number. */
function forSteps(op: string, steps: number, dtype: Dtype = 'float32'): Tensor {
  if (!Number.isInteger(steps) || steps < 0)
    throw new ValueError(`${op}: steps is ${describe(steps)}; it must be a whole number, 0 or more`);
  checkDtype(op, dtype);
  return blank([steps], dtype);
}

/**
 * `steps` evenly spaced values from `start` to `end`, both included (`torch.linspace`).
 * @throws {ValueError} if `steps` is negative or fractional, an end is not one number, or an integer dtype cannot hold a
 * value.
 */
export function linspace(
  start: number | Tensor,
  end: number | Tensor,
  steps: number,
  options: CreationOptions = {},
): Tensor {
  const x = forSteps('linspace', steps, options.dtype);
  const ends = [endpoint('linspace', start), endpoint('linspace', end)];
  for (const value of ends) checkElement('linspace', x.dtype, value);
  // As in PyTorch, the way leads between bytes.
  const [from, to] = x.dtype === 'uint8' ? Uint8Array.from(ends) : ends;
  fill('linspace', x.memory, x.dtype, spaced(from, to, steps, x.dtype));
  return finish('linspace', x, options);
}

/** Options of {@link logspace}. */
export interface LogspaceOptions extends CreationOptions {
  /** The base of the powers; default 10. */
  base?: number;
}

/**
 * `steps` powers of `base` with evenly spaced exponents from `start` to `end`, both included (`torch.logspace`).
 * @throws {ValueError} if `steps` is negative or fractional, an end is not one number, or an integer dtype cannot hold a
 * value.
 */
export function logspace(
  start: number | Tensor,
  end: number | Tensor,
  steps: number,
  options: LogspaceOptions = {},
): Tensor {
  const x = forSteps('logspace', steps, options.dtype);
  const { base = 10 } = options;
  const exponents = spaced(endpoint('logspace', start), endpoint('logspace', end), steps, x.dtype);
  const powerOf = isFloat(x.dtype) || !Number.isInteger(base) ? power : wholePower;
  fill(
    'logspace',
    x.memory,
    x.dtype,
    exponents.map((exponent) => {
      turn(16);
      return (Number.isInteger(exponent) ? powerOf : power)(base, exponent);
    }),
  );
  return finish('logspace', x, options);
}

/** The `n × m` matrix with ones on the diagonal and zeros elsewhere (`torch.eye`); `m` is `n` by default. */
export function eye(n: number, options?: CreationOptions): Tensor;
export function eye(n: number, m: number | undefined, options?: CreationOptions): Tensor;
export function eye(n: number, ...rest: (number | CreationOptions | undefined)[]): Tensor {
  if (arguments.length > 3) refuseSurplus('eye', arguments, 3);
  const m = typeof rest[0] === 'number' ? rest[0] : n;
  const options = optionsAmong('eye', rest, 0) ?? {};
  checkShape('eye', [n, m]);
  const dtype = options.dtype ?? 'float32';
  checkDtype('eye', dtype);
  const x = blank([n, m], dtype);
  const { memory } = x;
  for (let i = 0; i < Math.min(n, m); i++) memory[i * m + i] = 1;
  return finish('eye', x, options);
}

/** Options of {@link trilIndices} and {@link triuIndices}. */
export interface TriangleOptions {
  /** The diagonal with which the triangle ends: 0 (default) the main one, above it from 1 on, below it from -1 on. */
  offset?: number;
}

function triangle(op: string, row: number, col: number, { offset = 0 }: TriangleOptions, isLower: boolean): Tensor {
  checkShape(op, [row, col]);
  if (!Number.isInteger(offset))
    throw new ValueError(`${op}: offset is ${describe(offset)}; it must be a whole number`);
  const rows: number[] = [];
  const columns: number[] = [];
  for (let i = 0; i < row; i++)
    for (let j = isLower ? 0 : Math.max(0, i + offset); j < (isLower ? Math.min(col, i + offset + 1) : col); j++) {
      turn(4);
      rows.push(i);
      columns.push(j);
    }
  return fresh(Int32Array.from([...rows, ...columns]), [2, rows.length], 'int32');
}

/**
 * The positions in the lower triangle of a `row × col` matrix (`torch.tril_indices`): row numbers and column numbers
 * `[2, count]`, in row-major order, `int32`.
 * @example
 * trilIndices(3, 3).tolist() // [[0, 1, 1, 2, 2, 2], [0, 0, 1, 0, 1, 2]]
 * @throws {ShapeError} if a size is negative or fractional; {@link ValueError} for a fractional offset.
 */
export function trilIndices(row: number, col: number, options: TriangleOptions = {}): Tensor {
  return triangle('trilIndices', row, col, options, true);
}

/**
 * The positions in the upper triangle of a `row × col` matrix (`torch.triu_indices`): row numbers and column numbers
 * `[2, count]`, in row-major order, `int32`.
 * @example
 * triuIndices(2, 3).tolist() // [[0, 0, 0, 1, 1], [0, 1, 2, 1, 2]]
 * @throws {ShapeError} if a size is negative or fractional; {@link ValueError} for a fractional offset.
 */
export function triuIndices(row: number, col: number, options: TriangleOptions = {}): Tensor {
  return triangle('triuIndices', row, col, options, false);
}
