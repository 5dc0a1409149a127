// Fused multiply-add: a·b + c rounded once. PyTorch's binaries use it, so the last bit of many random numbers depends
// on it. JavaScript has no such operation.

const double = new Float64Array(1);
/** Little-endian, as every machine that Node runs on. */
const bits = new BigInt64Array(double.buffer);
const word = new Uint32Array(double.buffer);

/**
 * Returns the neighbour of a finite, non-zero `s` one unit in the last place away, in the direction of the sign of `e`.
 */
function towards(s: number, e: number): number {
  double[0] = s;
  bits[0] += s > 0 === e > 0 ? 1n : -1n;
  return double[0];
}

/** Whether the last bit of the significand is 0. */
function isEven(s: number): boolean {
  double[0] = s;
  return (word[0] & 1) === 0;
}

/** Returns the rounding error `e` of the sum `a + b = s + e`. */
function sumError(a: number, b: number, s: number): number {
  const rest = s - a;
  return a - (s - rest) + (b - rest);
}

/**
 * Rounds `s + e` to odd: kept if exact, otherwise the neighbour with an odd last bit. A later rounding to fewer bits
 * then equals a single rounding.
 */
function roundToOdd(s: number, e: number): number {
  return e !== 0 && isEven(s) ? towards(s, e) : s;
}

/** `a·b + c` for float32 numbers, rounded once to float32. */
export function fma32(a: number, b: number, c: number): number {
  // The product of two 24-bit significands is exact in 53 bits.
  const product = a * b;
  const sum = product + c;
  const rounded = Math.fround(sum);
  const rest = sum - rounded;
  const beyond = sum + rest;
  // Double rounding differs only at the midpoint of two float32 numbers; there the error decides.
  if (rest === 0 || Math.fround(beyond) !== beyond) return rounded;
  return Math.fround(roundToOdd(sum, sumError(product, c, sum)));
}

/** Upper half of the significand of a float64 (Veltkamp's splitting). */
function upperHalf(a: number): number {
  const t = 134217729 * a;
  return t - (t - a);
}

/** Returns the rounding error `e` of the product `a·b = p + e` (Dekker). */
function productError(a: number, b: number, p: number): number {
  const ah = upperHalf(a);
  const al = a - ah;
  const bh = upperHalf(b);
  const bl = b - bh;
  return al * bl - (p - ah * bh - al * bh - ah * bl);
}

/** `a·b + c` rounded once to float64 (Boldo and Melquiond), for numbers far from overflow and underflow. */
export function fma64(a: number, b: number, c: number): number {
  const uh = a * b;
  const ul = productError(a, b, uh);
  const th = c + ul;
  const tl = sumError(c, ul, th);
  const vh = uh + th;
  const vl = sumError(uh, th, vh);
  const low = tl + vl;
  return vh + roundToOdd(low, sumError(tl, vl, low));
}
