// int32 replaces PyTorch's int64, so overflow of a result is an error instead of wrapping around. Casts, shifts and
// bytes wrap around, as in PyTorch.

import { until } from '../cancellation';
import { ValueError } from '../errors';

export const INT32_MIN: number = -(2 ** 31);
export const INT32_MAX: number = 2 ** 31 - 1;

/** The error of a number that int32 cannot hold. */
export function outsideInt32(op: string, value: number): ValueError {
  return new ValueError(
    `${op}: ${value} does not fit into int32, which holds ${INT32_MIN} to ${INT32_MAX}; use float64, as x.to('float64') ` +
      'gives it',
  );
}

/** @throws {ValueError} for a number that overflows int32, or NaN. Fractions are truncated. */
export function checkInt32(op: string, value: number): void {
  if (!(value > INT32_MIN - 1 && value < INT32_MAX + 1)) throw outsideInt32(op, value);
}

/**
 * Checks a number to be stored in a dtype. Floats accept any number. Bytes also accept whole numbers from -255 on,
 * which wrap around, as in PyTorch. Fractions are truncated.
 * @throws {ValueError} if it does not fit.
 */
export function checkElement(op: string, dtype: string, value: number): void {
  if (dtype === 'int32') checkInt32(op, value);
  else if (dtype === 'uint8' && !(value <= 255 && (value >= 0 || (value >= -255 && Number.isInteger(value)))))
    throw new ValueError(`${op}: ${value} does not fit into uint8, which holds 0 to 255; use int32 or float32`);
}

/** The numbers as int32. @throws {ValueError} if one does not fit. */
export function toInt32(op: string, values: Float64Array): Int32Array {
  for (let i = 0; i < values.length; )
    for (const end = until(i, values.length); i < end; i++) checkInt32(op, values[i]);
  return new Int32Array(values);
}
