// Functions of plain numbers that JavaScript lacks or defines otherwise than C. Generated loops call them by name.

export * from './special';

/** The nearest whole number; halves go to the even one. */
export function halfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** `⌊a / b⌋`, right also where the rounded quotient would be one too large, as that of 1 and 0.1. */
export function floorQuotient(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const whole = Math.round((a - rest) / b);
  return rest !== 0 && rest < 0 !== b < 0 ? whole - 1 : whole;
}

/** What is left of `a` after taking away `b` so often that the rest has the sign of `b`. */
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

/** The size of `a` with the sign of `b`; that of -0 counts. */
export function copySign(a: number, b: number): number {
  return b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a);
}

/** `ln(e^a + e^b)` without overflow. */
export function logAddExp(a: number, b: number): number {
  // Equal infinities have no difference.
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
