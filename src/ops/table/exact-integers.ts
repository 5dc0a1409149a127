// Exact computations on integers: they run in float64, which represents all integers up to 2⁵³, and throw if the result
// overflows int32.

import { ValueError } from '../../errors';
import { toInt32 } from '../../kernels/int32';
import { resultType } from '../../tensor/dtype';
import { fresh, type Tensor } from '../../tensor/tensor';

const EXACT = 2 ** 53;

/** Converts integers in float64 to int32. @throws {ValueError} if one overflows. */
export function asInt32(op: string, y: Tensor): Tensor {
  return fresh(toInt32(op, y.toArray() as Float64Array), y.sizes, 'int32');
}

/** @throws {ValueError} if float64 may have rounded one of the integers. */
export function requireExact(op: string, y: Tensor): Tensor {
  for (const v of y.toArray()) if (!(Math.abs(v) <= EXACT)) throw tooLarge(op, v);
  return y;
}

/** @throws {ValueError} if sums of `terms` numbers might not be exact in float64. */
export function requireExactSums(op: string, terms: number, x: Tensor): void {
  if (terms * 2 ** 31 > EXACT && terms * largest(x) > EXACT) throw tooLarge(op, terms * largest(x));
}

const tooLarge = (op: string, value: number) =>
  new ValueError(
    `${op}: ${value} on the way to the result is beyond the exact whole numbers; use float64, as x.to('float64') gives it`,
  );

function largest(x: Tensor): number {
  let most = 0;
  for (const v of x.toArray()) most = Math.max(most, Math.abs(v));
  return most;
}

/** Splits integers into `2¹⁶·high + low`. */
function halves(x: Tensor): [high: Tensor, low: Tensor] {
  const values = x.toArray();
  const part = (of: (v: number) => number) => fresh(Float64Array.from(values, of), x.sizes, 'float64');
  return [part((v) => v >> 16), part((v) => v & 0xffff)];
}

/**
 * Computes a linear function of integers, each result a sum of up to `terms` of them, as int32; `compute` computes it
 * in float64. Sums that might not be exact are computed from the halves of the numbers.
 * @throws {ValueError} if the result overflows int32.
 */
export function linear(op: string, x: Tensor, terms: number, compute: (x: Tensor) => Tensor): Tensor {
  if (terms * 2 ** 31 <= EXACT || terms * largest(x) <= EXACT) return asInt32(op, compute(x));
  const [high, low] = halves(x).map(compute);
  return asInt32(op, high.mul(2 ** 16).add(low));
}

/**
 * Computes a function of two tensors that is linear in each, such as a matrix product. int32 is computed in float64,
 * where each element of the result is a sum of up to `terms` products; see {@link linear}.
 * @throws {ValueError} if the result overflows int32.
 */
export function bilinear(
  op: string,
  a: Tensor,
  b: Tensor,
  terms: number,
  compute: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  return resultType(a, b) === 'int32' ? asInt32(op, exactProduct(op, a, b, terms, compute)) : compute(a, b);
}

/** Implements {@link bilinear} for integers, in float64: exact up to 2⁵³, rounded once beyond. */
export function exactProduct(
  op: string,
  a: Tensor,
  b: Tensor,
  terms: number,
  compute: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  if (terms * largest(a) * largest(b) <= EXACT) return compute(a.to('float64'), b.to('float64'));
  // Sums of more products of halves may be inexact.
  if (terms > 2 ** 21) throw tooLarge(op, terms * largest(a) * largest(b));
  const [highA, lowA] = halves(a);
  const [highB, lowB] = halves(b);
  const mixed = compute(highA, lowB).add(compute(lowA, highB));
  return compute(highA, highB)
    .mul(2 ** 16)
    .add(mixed)
    .mul(2 ** 16)
    .add(compute(lowA, lowB));
}

/**
 * Computes a function of tensors, int32 in float64, if `bound` guarantees that its sums and products are exact;
 * otherwise in int32, step by step.
 * @throws {ValueError} if the result, or in int32 a step, overflows.
 */
export function inWholeNumbers(
  op: string,
  xs: readonly Tensor[],
  bound: (largest: readonly number[]) => number,
  compute: (...xs: Tensor[]) => Tensor,
): Tensor {
  const whole =
    xs.some((x) => x.dtype === 'int32') &&
    xs.every((x) => x.dtype === 'int32' || x.dtype === 'uint8' || x.dtype === 'bool');
  if (!whole || !(bound(xs.map(largest)) <= EXACT)) return compute(...xs);
  return asInt32(op, compute(...xs.map((x) => x.to('float64'))));
}
