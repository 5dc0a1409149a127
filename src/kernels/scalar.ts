// Functions of numbers that JavaScript lacks or defines differently from C. Generated loops call them by name.

export * from './special';

/** Rounds to the nearest integer, halves to even; a negative number that rounds to 0 gives -0. */
export function halfToEven(x: number): number {
  if (x < 0) return -halfToEven(-x);
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** `⌊a / b⌋`, correct also if the rounded quotient is one too large, as for 1 and 0.1. */
export function floorQuotient(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const cut = Math.round((a - rest) / b);
  const whole = rest !== 0 && rest < 0 !== b < 0 ? cut - 1 : cut;
  // A zero gets the sign of the quotient.
  return whole === 0 ? copySign(0, a / b) : whole;
}

/** Returns the remainder of `a / b` with the sign of `b`. */
export function remainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** `a^b` as in C: 1 to any power is 1, and (-1) to an infinite power too, where `Math.pow` gives NaN. */
export function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && (b === Number.POSITIVE_INFINITY || b === Number.NEGATIVE_INFINITY))) return 1;
  // biome-ignore lint/style/useExponentiationOperator: engines compile the function and the operator alike
  return Math.pow(a, b);
}

/**
 * {@link power} for an integer `b`, by multiplications: exact up to 2⁵³, and with the same digits on every engine. The
 * last digit of `**` depends on the engine's version, and long training amplifies the difference. Negative powers are
 * truncated to 0, except those of 1 and -1.
 */
export function wholePower(a: number, b: number): number {
  if (b < 0) return a === 1 || a === -1 ? wholePower(a, -b) : 0;
  let y = 1;
  let rest = b;
  for (let square = a; ; square *= square) {
    if (rest % 2 === 1) y *= square;
    rest = Math.floor(rest / 2);
    if (rest === 0) return y;
  }
}

/** {@link wholePower} of bytes; only the last 8 bits count. */
export function bytePower(a: number, b: number): number {
  let y = 1;
  let rest = b;
  for (let square = a; rest > 0; square = (square * square) & 255) {
    if (rest % 2 === 1) y = (y * square) & 255;
    rest = Math.floor(rest / 2);
  }
  return y;
}

/** `x` clamped to the bounds. `high` wins over `low`, a NaN among the three wins, and -0 within the bounds stays. */
export function bounded(x: number, low: number, high: number): number {
  const y = x < low || Number.isNaN(low) ? low : x;
  return y > high || Number.isNaN(high) ? high : y;
}

/** The magnitude of `a` with the sign of `b`, including that of -0. */
export function copySign(a: number, b: number): number {
  return b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a);
}

/** `ln(e^a + e^b)` without overflow. */
export function logAddExp(a: number, b: number): number {
  // Equal infinities have a difference of NaN.
  if (a === b) return a + Math.LN2;
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** `ln(x / (1 - x))`. */
export function logOdds(x: number): number {
  return Math.log(x / (1 - x));
}

/** `ln(1 + e^x)` without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Logistic function `1 / (1 + e^(-x))`. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
