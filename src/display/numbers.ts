import { turn } from '../cancellation';
import { checkDepth } from '../nested-values';

/** The part of a tensor that the display needs: its shape, and its elements as a number or nested arrays. */
export interface TensorLike {
  readonly shape: readonly number[];
  tolist(): unknown;
}

/** Several numbers: an array, a typed array, or a tensor. */
export type NumberList = ArrayLike<number> | TensorLike;

/** Rows of numbers: an array of rows, or a 2-D tensor. */
export type NumberMatrix = ArrayLike<ArrayLike<number>> | TensorLike;

/** A number, or a tensor with one element. */
export type Scalar = number | TensorLike;

/** Whether `value` is a tensor, recognised by its `shape` and `tolist`. */
export function isTensorLike(value: unknown): value is TensorLike {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, tolist } = value as Partial<TensorLike>;
  return Array.isArray(shape) && typeof tolist === 'function';
}

/** Converts tensors to numbers or nested arrays, and typed arrays to arrays; returns other values unchanged. */
export function toPlain(value: unknown, depth = 0): unknown {
  turn(4);
  checkDepth('', depth);
  if (isTensorLike(value)) return value.tolist();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as ArrayLike<number>);
  return Array.isArray(value) ? value.map((one) => toPlain(one, depth + 1)) : value;
}

/** Rounds to `digits` significant digits (default 4), so that JSON stays small: 0.123456 becomes 0.1235. */
export function roundTo(value: number, digits = 4): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}

/**
 * Formats a number with `digits` significant digits (default 4) and no trailing zeros: `2.145`, `3.1e-9`, `24200`.
 * Below 10⁻⁴ and from 10⁷ on it uses an exponent. The text does not depend on the locale.
 */
export function formatNumber(value: number, digits = 4): string {
  if (value === 0 || !Number.isFinite(value)) return String(value === 0 ? 0 : value);
  const rounded = roundTo(value, digits);
  const size = Math.abs(rounded);
  if (size < 1e-4 || size >= 1e7) return rounded.toExponential().replace('e+', 'e');
  return String(rounded);
}
