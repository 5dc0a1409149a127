import { describe } from '../describe';
import { DtypeError, ValueError } from '../errors';
import { orRefuse } from '../kernels/room';
import type { NumberArray } from '../kernels/strides';
import { expectArray, float32Zeros, float32Unset as unsetOf } from './memory';

/**
 * The element types. `float32` is the default. `int32` replaces PyTorch's `int64` (indices and counts), so integers reach
 * 2³¹ - 1.
 */
export type Dtype = 'float32' | 'float64' | 'int32' | 'uint8' | 'bool';

/** 32-bit floating point, the default (`torch.float32`). */
export const float32 = 'float32' as const;
/** 64-bit floating point (`torch.float64`). */
export const float64 = 'float64' as const;
/** 32-bit integers (`torch.int32`; also instead of `torch.int64`). */
export const int32 = 'int32' as const;
/** Bytes (`torch.uint8`). */
export const uint8 = 'uint8' as const;
/** Truth values (`torch.bool`). */
export const bool = 'bool' as const;

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

/** All dtypes, weakest first: promotion prefers floats to integers to bool. */
export const dtypes: readonly Dtype[] = ['bool', 'uint8', 'int32', 'float32', 'float64'];
const category: Record<Dtype, 0 | 1 | 2> = { bool: 0, uint8: 1, int32: 1, float32: 2, float64: 2 };

/** Whether a dtype can carry a gradient. @throws {DtypeError} if it is no dtype. */
export function isFloat(dtype: Dtype): boolean {
  if (dtype === 'float32' || dtype === 'float64') return true;
  checkDtype('isFloat', dtype);
  return false;
}

/**
 * Memory for `n` elements, filled with zeros.
 * @internal
 */
export function allocate(dtype: Dtype, n: number): NumberArray {
  return n > many ? large(dtype, n, zerosOf) : zerosOf(dtype, n);
}

function zerosOf(dtype: Dtype, n: number): NumberArray {
  // A chain of comparisons, commonest first, beats a table of constructors on small tensors.
  if (dtype === 'float32') return float32Zeros(n);
  expectArray(n, arrays[dtype].BYTES_PER_ELEMENT);
  return new arrays[dtype](n);
}

/** Element count above which an allocation may fail. */
const many = 2 ** 24;

/**
 * Returns what `make` allocates. `make` must not be a closure over the caller's arguments, or every call would create one.
 * @throws {ValueError} if there is not enough memory; the message has the size.
 */
function large(dtype: Dtype, n: number, make: (dtype: Dtype, n: number) => NumberArray): NumberArray {
  return orRefuse(() => make(dtype, n), `a ${dtype} tensor of ${n} elements`, n * arrays[dtype].BYTES_PER_ELEMENT);
}

/** Call before a long computation. @throws {ValueError} if there is no memory for `n` elements. @internal */
export function requireRoom(dtype: Dtype, n: number): void {
  if (n > many) large(dtype, n, made);
}

/** {@link allocateUnset} for float32. @internal */
export function float32Unset(n: number): Float32Array {
  return n > many ? (large('float32', n, (_, count) => unsetOf(count)) as Float32Array) : unsetOf(n);
}

/**
 * Uninitialised memory for `n` elements: the caller must overwrite all of them.
 * @internal
 */
export function allocateUnset(dtype: Dtype, n: number): NumberArray {
  return dtype === 'float32' ? float32Unset(n) : allocate(dtype, n);
}

const made = (dtype: Dtype, n: number): NumberArray => new arrays[dtype](n);

/**
 * An array of zeros with an `ArrayBuffer` of its own, to be returned to a program.
 * @internal
 */
export function arrayOf(dtype: Dtype, n: number): NumberArray {
  return n > many ? large(dtype, n, made) : made(dtype, n);
}

/**
 * The dtype of a typed array.
 * @throws {DtypeError} for arrays without a dtype, such as `BigInt64Array`.
 */
export function dtypeOfArray(array: ArrayBufferView): Dtype {
  // By name and not by instanceof: the array may come from another realm (a worker, a vm context).
  const name = Object.prototype.toString.call(array).slice(8, -1);
  for (const dtype of ['float32', 'float64', 'int32', 'uint8'] as const) if (arrays[dtype].name === name) return dtype;
  throw new DtypeError(
    `tensor: ${name} has no dtype here; use Float32Array, Float64Array, Int32Array or Uint8Array, or a plain array`,
  );
}

/** The dtypes of numbers that no dtype holds as they are. */
const nearest: Readonly<Record<string, Dtype>> = {
  Uint8ClampedArray: 'uint8',
  Int8Array: 'int32',
  Int16Array: 'int32',
  Uint16Array: 'int32',
  Uint32Array: 'int32',
  BigInt64Array: 'int32',
  BigUint64Array: 'int32',
  Float16Array: 'float32',
};

/**
 * The dtype of a copy of a typed array: its own, or the one that holds its numbers (of `Uint32Array` and `BigInt64Array` those that fit).
 * @throws {DtypeError} for a `DataView`.
 */
export function dtypeOfCopy(array: ArrayBufferView): Dtype {
  const name = Object.prototype.toString.call(array).slice(8, -1);
  if (name === 'DataView')
    throw new DtypeError(
      "tensor: a DataView does not say what its bytes are; give its buffer with a dtype, as in { dtype: 'float32' }",
    );
  return nearest[name] ?? dtypeOfArray(array);
}

/** The numbers in bytes, in the order of this machine's processor. @throws {ValueError} if they do not come out even. */
export function numbersIn(buffer: ArrayBufferLike, dtype: Dtype): NumberArray {
  const { BYTES_PER_ELEMENT: size } = arrays[dtype];
  if (buffer.byteLength % size !== 0)
    throw new ValueError(
      `tensor: ${buffer.byteLength} bytes are not a whole number of ${dtype} numbers, of ${size} bytes each`,
    );
  return new arrays[dtype](buffer as ArrayBuffer);
}

/** Names of devices in PyTorch. */
const device = /^(cpu|cuda|gpu|mps|xpu|webgpu)(:\d+)?$/;

/** @throws {ValueError} for the name of a device, where a dtype is meant. @internal */
export function refuseDevice(value: unknown): void {
  if (typeof value === 'string' && device.test(value))
    throw new ValueError(
      `to: there is no device to choose, got '${value}': all tensors are in the memory of the processor, which computes with them; ` +
        "leave the call out (to('float64') converts the dtype)",
    );
}

/**
 * @throws {DtypeError} if the value is not the name of a dtype.
 * @internal
 */
export function checkDtype(op: string, dtype: unknown): asserts dtype is Dtype {
  if (!dtypes.includes(dtype as Dtype))
    throw new DtypeError(`${op}: unknown dtype ${describe(dtype)}; use one of ${[...dtypes].reverse().join(', ')}`);
}

/** The dtype of a JavaScript value among tensors: a whole number counts as an integer, as Python's `int` does. */
function dtypeOfScalar(value: number | boolean): Dtype {
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int32' : 'float32';
}

/**
 * The dtype in which two dtypes meet (`torch.promote_types`): the stronger category wins, then the wider type.
 * @throws {DtypeError} if one of them is no dtype.
 */
export function promoteTypes(a: Dtype, b: Dtype): Dtype {
  const [i, j] = [dtypes.indexOf(a), dtypes.indexOf(b)];
  if (i < 0 || j < 0) checkDtype('promoteTypes', i < 0 ? a : b);
  return dtypes[Math.max(i, j)];
}

/** An operand of an elementwise operation: a tensor, a number or a boolean. */
type Participant = { readonly dtype: Dtype; readonly shape: readonly number[] } | number | boolean;

/** Tensors with dimensions are stronger than those of a single number, which are stronger than plain numbers. */
const strength = (x: Participant) => (typeof x !== 'object' ? 0 : x.shape.length === 0 ? 1 : 2);

/**
 * The dtype of an elementwise result (`torch.result_type`): tensors with dimensions decide; a 0-d tensor or a plain
 * number counts only if its category is stronger (a float beside integers, for example).
 * @internal
 */
export function resultType(a: Participant, b: Participant, c?: Participant): Dtype {
  // The commonest cases first: tensors of one dtype, and numbers beside a float.
  if (
    typeof a === 'object' &&
    b !== null &&
    c !== null &&
    (typeof b === 'object' ? a.dtype === b.dtype : isFloat(a.dtype)) &&
    (c === undefined || (typeof c === 'object' ? a.dtype === c.dtype : isFloat(a.dtype)))
  )
    return a.dtype;
  for (const x of [a, b, c] as unknown[])
    if (x === null || (typeof x === 'object' && !('dtype' in x)))
      throw new ValueError(`a tensor or a number is needed, got ${describe(x)}`);
  let result: Dtype | null = null;
  for (let rank = 2; rank >= 0; rank--) {
    let met: Dtype | null = null;
    for (const x of c === undefined ? [a, b] : [a, b, c]) {
      if (strength(x) !== rank) continue;
      const dtype = typeof x === 'object' ? x.dtype : dtypeOfScalar(x);
      met = met === null ? dtype : promoteTypes(met, dtype);
    }
    if (met !== null && (result === null || category[met] > category[result])) result = met;
  }
  return result!;
}
