// Euclidean lengths: `Math.hypot` is slow, and only needed if squares underflow or overflow.

/** Returns the length of `(x, z)`, by `Math.hypot` if squares underflow or overflow. */
export function hypotenuse(x: number, z: number): number {
  const square = x * x + z * z;
  return square > 1e-280 && square < 1e280 ? Math.sqrt(square) : Math.hypot(x, z);
}

/** The length of a part of an array. */
export function lengthOf(a: Float64Array, from: number, to: number): number {
  let square = 0;
  for (let i = from; i < to; i++) square += a[i] * a[i];
  if (square > 1e-280 && square < 1e280) return Math.sqrt(square);
  let length = 0;
  for (let i = from; i < to; i++) length = Math.hypot(length, a[i]);
  return length;
}
