import { turn, until } from '../cancellation';
import { describe } from '../describe';
import { DtypeError, ShapeError, ValueError } from '../errors';
import type { Dtype } from './dtype';
import { formatShape } from './shape';
import type { Tensor } from './tensor';

/** A number or truth value, or arrays of them nested to the same depth and length everywhere. */
export type NestedArray = number | boolean | NestedArray[];
/** Like {@link NestedArray}, for input. */
export type NestedInput = number | boolean | TypedNumbers | readonly (NestedInput | Tensor)[];

/** The typed arrays of numbers. */
export type TypedNumbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** NumPy's limit of dimensions. */
const mostDimensions = 64;

/** A safe limit: V8 aborts the process where a list grows beyond about twice this length. */
const mostInList = 2 ** 26;

/** @throws {ValueError} if a list of `n` entries is longer than JavaScript's may be. @internal */
export function requireListable(op: string, n: number): void {
  if (n > mostInList)
    throw new ValueError(
      `${op}: would give a list of ${n} entries, where ${mostInList} are the most; take a part of it first`,
    );
}

/** Nested arrays of the elements of a tensor. @throws {ValueError} if a row is too long for a list. @internal */
export function nest(x: Tensor): NestedArray {
  for (const n of x.sizes) requireListable('tolist', n);
  const { memory, dtype } = x;
  const read = (dim: number, at: number): NestedArray => {
    if (dim === x.sizes.length) return dtype === 'bool' ? memory[at] !== 0 : memory[at];
    const row: NestedArray[] = [];
    for (let i = 0; i < x.sizes[dim]; )
      for (const end = until(i, x.sizes[dim]); i < end; i++) row.push(read(dim + 1, at + i * x.steps[dim]));
    return row;
  };
  return read(0, x.offset);
}

/** Dtypes from the narrowest to the widest. */
const widths: readonly Dtype[] = ['bool', 'uint8', 'int32', 'float32', 'float64'];

/**
 * Shape, elements in row-major order, and natural dtype of nested arrays. A tensor of one number counts as that number, of its dtype.
 * @throws {ShapeError} if rows differ in length or depth; {@link DtypeError} if an element is not a number or boolean.
 * @internal
 */
export function flattenNested(op: string, values: NestedInput): { shape: number[]; flat: number[]; dtype: Dtype } {
  const shape: number[] = [];
  for (let v: unknown = values; isList(v); v = v[0]) {
    shape.push(v.length);
    if (v.length === 0) break;
    if (shape.length > mostDimensions)
      throw new ShapeError(`${op}: more than ${mostDimensions} lists in one another; is one of them in itself?`);
  }
  const flat: number[] = [];
  let width = 0;
  const visit = (v: unknown, depth: number, path: string) => {
    if (isList(v)) {
      if (depth >= shape.length || v.length !== shape[depth])
        throw new ShapeError(
          `${op}: rows differ in length or depth: ${path || 'the list'} has ${v.length} entries where ` +
            `${depth < shape.length ? shape[depth] : 'a number'} was expected, as in the first row`,
        );
      // A hole in a list is an error; `forEach` would skip it.
      for (let i = 0; i < v.length; i++) visit(v[i], depth + 1, `${path}[${i}]`);
      return;
    }
    if (depth !== shape.length)
      throw new ShapeError(`${op}: ${path} is a single value where a list of ${shape[depth]} was expected`);
    const isTensor = typeof v === 'object' && v !== null && 'tolist' in v;
    if (isTensor && (v as Tensor).numel() !== 1)
      throw new ShapeError(
        `${op}: ${path} is a tensor of shape ${formatShape((v as Tensor).sizes)}; a list may hold tensors of one number; ` +
          'join others with stack() or cat()',
      );
    if (typeof v === 'number' || typeof v === 'bigint') width = Math.max(width, widths.indexOf('float32'));
    else if (isTensor) width = Math.max(width, widths.indexOf((v as Tensor).dtype));
    else if (typeof v !== 'boolean')
      throw new DtypeError(`${op}: ${path || 'the value'} is ${describe(v)}, not a number or boolean`);
    flat.push(isTensor ? (v as Tensor).item() : Number(v));
    turn(16);
  };
  visit(values, 0, '');
  const dtype = flat.length > 0 ? widths[width] : 'float32';
  return { shape, flat, dtype };
}

function isList(v: unknown): v is readonly unknown[] {
  return Array.isArray(v) || (ArrayBuffer.isView(v) && !(v instanceof DataView));
}
