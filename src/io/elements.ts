// Binary form of a tensor's elements in files: the kinds that NumPy's and safetensors' files have in common.

import { turn } from '../cancellation';
import { DtypeError } from '../errors';
import type { NumberArray } from '../kernels/strides';
import { allocateUnset, type Dtype } from '../tensor/dtype';
import type { Shape } from '../tensor/shape';
import { fresh, packed, type Tensor } from '../tensor/tensor';

/** A kind of elements in a file. */
export interface Kind {
  /** NumPy's and PyTorch's name. */
  readonly name: string;
  /** Bytes of an element. */
  readonly bytes: 1 | 2 | 4 | 8;
  /** The dtype of the tensor. */
  readonly dtype: Dtype;
  /** Reads the element at an offset of a view. Absent if memory and file have the same bytes. */
  readonly at?: (view: DataView, place: number, isLittle: boolean) => number;
  /** Whether `at` may return numbers beyond the range of `dtype`. */
  readonly isWide?: boolean;
}

const kind = (name: string, bytes: Kind['bytes'], dtype: Dtype, at?: Kind['at'], isWide = false): Kind => ({
  name,
  bytes,
  dtype,
  at,
  isWide,
});

/** Reads 64 bits as a number; the upper half has the sign, if any. */
const long =
  (upper: 'getInt32' | 'getUint32'): Kind['at'] =>
  (view, i, isLittle) =>
    view[upper](isLittle ? i + 4 : i, isLittle) * 2 ** 32 + view.getUint32(isLittle ? i : i + 4, isLittle);

type KindName = Dtype | 'float16' | 'bfloat16' | 'int64' | 'int16' | 'int8' | 'uint64' | 'uint32' | 'uint16';
/** All readable kinds. */
export const kinds: Readonly<Record<KindName, Kind>> = {
  float64: kind('float64', 8, 'float64'),
  float32: kind('float32', 4, 'float32'),
  float16: kind('float16', 2, 'float32', (view, i, isLittle) => half(view.getUint16(i, isLittle))),
  bfloat16: kind('bfloat16', 2, 'float32', (view, i, isLittle) => wide(view.getUint16(i, isLittle))),
  int64: kind('int64', 8, 'int32', long('getInt32'), true),
  int32: kind('int32', 4, 'int32'),
  int16: kind('int16', 2, 'int32', (view, i, isLittle) => view.getInt16(i, isLittle)),
  int8: kind('int8', 1, 'int32', (view, i) => view.getInt8(i)),
  uint64: kind('uint64', 8, 'int32', long('getUint32'), true),
  uint32: kind('uint32', 4, 'int32', (view, i, isLittle) => view.getUint32(i, isLittle), true),
  uint16: kind('uint16', 2, 'int32', (view, i, isLittle) => view.getUint16(i, isLittle)),
  uint8: kind('uint8', 1, 'uint8'),
  // Any value but 0 counts as true, as in NumPy.
  bool: kind('bool', 1, 'bool', (view, i) => (view.getUint8(i) === 0 ? 0 : 1)),
};

/** Returns the kind in which a tensor's elements are written. */
export const kindOf = (dtype: Dtype): Kind => kinds[dtype];

/** Decodes a float16: sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** Decodes a bfloat16: the first half of a float32. */
function wide(bits: number): number {
  floatBits[0] = bits << 16;
  return float[0];
}

const bytesOf = (array: NumberArray): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** The form of the numbers in a file. */
export interface Layout {
  readonly kind: Kind;
  readonly isLittle: boolean;
  readonly shape: Shape;
}

/**
 * Returns the tensor of the numbers in `bytes`, whose length fits the shape.
 * @param where the beginning of error messages @param wanted float64 for whole numbers beyond 2³¹ - 1
 * @throws {DtypeError} for a whole number that the dtype cannot hold.
 */
export function decode(where: string, layout: Layout, bytes: Uint8Array, wanted?: 'float64'): Tensor {
  const { kind, shape } = layout;
  const dtype = kind.isWide && wanted !== undefined ? wanted : kind.dtype;
  const x = fresh(numbersIn(where, layout, bytes, dtype), shape, dtype);
  return wanted === undefined ? x : x.to(wanted);
}

function numbersIn(where: string, { kind, isLittle }: Layout, bytes: Uint8Array, dtype: Dtype): NumberArray {
  const count = bytes.length / kind.bytes;
  const out = allocateUnset(dtype, count);
  turn(count);
  if (kind.at === undefined) {
    const raw = bytesOf(out);
    raw.set(bytes);
    if (!isLittle) reverse(raw, kind.bytes);
    return out;
  }
  const { at, bytes: size } = kind;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) out[i] = at(view, i * size, isLittle);
  if (kind.isWide) checkWide(where, kind, view, isLittle, dtype, count);
  return out;
}

/** @throws {DtypeError} unless all whole numbers are within the dtype. */
function checkWide(where: string, kind: Kind, view: DataView, isLittle: boolean, dtype: Dtype, count: number): void {
  for (let i = 0; i < count; i++) {
    const value = kind.at!(view, i * kind.bytes, isLittle);
    if (dtype === 'int32' ? value === (value | 0) : Math.abs(value) <= Number.MAX_SAFE_INTEGER) continue;
    throw new DtypeError(
      dtype === 'int32'
        ? `${where}: element ${i} of its ${kind.name} is ${value}, and int32 goes from -2³¹ to 2³¹ - 1; read it with { dtype: 'float64' }`
        : `${where}: element ${i} of its ${kind.name} is about ${value}, and float64 has whole numbers exactly up to 2⁵³ only`,
    );
  }
}

/** Reverses the bytes of each element. */
function reverse(bytes: Uint8Array, size: number): void {
  for (let first = 0; first < bytes.length; first += size)
    for (let i = first, j = first + size - 1; i < j; i++, j--) {
      const byte = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = byte;
    }
}

/** Returns the elements in row-major order as little-endian bytes: a view of the memory if possible, else a copy. */
export function encode(x: Tensor): Uint8Array {
  const { memory: data, offset } = packed(x);
  const from = data.byteOffset + offset * data.BYTES_PER_ELEMENT;
  return new Uint8Array(data.buffer, from, x.numel() * data.BYTES_PER_ELEMENT);
}
