// The truncated normal distribution, in standard units, for Optuna's TPE: all probabilities as logarithms, so that
// tails keep their digits. Formulas follow Optuna 5.0 (`samplers/_tpe/_truncnorm.py`), because suggestions must be
// equal.
import { erf, erfc, logAddExp } from '../kernels/scalar';

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/** `Φ(x)`, without cancellation in the lower tail. */
function probability(x: number): number {
  const z = x / Math.SQRT2;
  if (z < -Math.SQRT1_2) return 0.5 * erfc(-z);
  return z < Math.SQRT1_2 ? 0.5 + 0.5 * erf(z) : 1 - 0.5 * erfc(z);
}

/** `ln Φ(x)`; below -20 by the asymptotic series `φ(x)/|x| · (1 - 1/x² + 3/x⁴ - …)`. */
export function logProbability(x: number): number {
  if (x > 6) return -probability(-x);
  if (x > -20) return Math.log(probability(x));
  let before = 0;
  let sum = 1;
  for (let i = 1, term = 1; Math.abs(sum - before) > Number.EPSILON; i++) {
    before = sum;
    term *= -(2 * i - 1) / x ** 2;
    sum += term;
  }
  return -0.5 * x ** 2 - Math.log(-x) - LOG_SQRT_2PI + Math.log(sum);
}

/** `ln (Φ(b) - Φ(a))` for `a ≤ b`. */
export function logMass(a: number, b: number): number {
  // By symmetry in the lower tail, which keeps the digits.
  if (a > 0) return logMass(-b, -a);
  if (b > 0) return Math.log1p(-(0.5 + 0.5 * erf(a / Math.SQRT2)) - (0.5 + 0.5 * erf(-b / Math.SQRT2)));
  const upper = logProbability(b);
  return upper + Math.log1p(-Math.exp(logProbability(a) - upper));
}

/** `x` for which `ln Φ(x) = y`, by Newton's method from an asymptotic or a logistic guess. */
function inverse(y: number): number {
  // Close to 0, where x is large, the other tail has more digits.
  const isFlipped = y > -1e-2;
  const z = isFlipped ? Math.log(-Math.expm1(y)) : y;
  let x = z < -5 ? -Math.sqrt(-2 * (z + LOG_SQRT_2PI)) : (-Math.sqrt(3) / Math.PI) * Math.log(Math.expm1(-z));
  for (let step = 0; step < 100; step++) {
    const now = logProbability(x);
    const change = (now - z) * Math.exp(now + 0.5 * x ** 2 + LOG_SQRT_2PI);
    x -= change;
    if (Math.abs(change) < 1e-8 * Math.abs(x)) break;
  }
  return isFlipped ? -x : x;
}

/** The quantile `q` of the normal distribution between `a` and `b`; `mass` is its {@link logMass}. */
export function quantile(q: number, a: number, b: number, mass: number): number {
  if (q === 0) return a;
  if (a < 0) return inverse(logAddExp(logProbability(a), Math.log(q) + mass));
  return -inverse(logAddExp(logProbability(-b), Math.log1p(-q) + mass));
}

/** `ln φ(x)`. */
export const logDensity = (x: number): number => -(x ** 2) / 2 - LOG_SQRT_2PI;
