// Special functions of one number, to full double precision.

const polynomial = (coefficients: readonly number[], x: number): number => {
  let value = 0;
  for (let i = 0; i < coefficients.length; i++) value = value * x + coefficients[i];
  return value;
};

// Rational Chebyshev approximations of the error function: W. J. Cody, Mathematics of Computation 23 (1969), 631-637.
// Highest power first. Below 1/2: erf x = x · P(x²) / Q(x²).
const smallP = [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694];
const smallQ = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
// From 0.46875 to 4: erfc x = e^(-x²) · P(x) / Q(x).
const middleP = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769,
  1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const middleQ = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
// Beyond 4: erfc x = e^(-x²) / x · (1/√π - z P(z) / Q(z)) with z = 1/x².
const largeP = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
];
const largeQ = [
  1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
];

/** `e^(-x²)`, with `x²` split so that its rounding does not reduce the accuracy. */
function gaussian(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse));
}

/** erfc of a number from 0.46875 on. */
function upperTail(x: number): number {
  if (x <= 4) return (gaussian(x) * polynomial(middleP, x)) / polynomial(middleQ, x);
  if (x > 27) return 0;
  const z = 1 / (x * x);
  return (gaussian(x) / x) * (1 / Math.sqrt(Math.PI) - (z * polynomial(largeP, z)) / polynomial(largeQ, z));
}

/** Error function `2/√π ∫₀ˣ e^(-t²) dt`. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return (x * polynomial(smallP, x * x)) / polynomial(smallQ, x * x);
  return x > 0 ? 1 - upperTail(size) : x < 0 ? upperTail(size) - 1 : x;
}

/** `1 - erf x`, without cancellation for large `x`. */
export function erfc(x: number): number {
  if (Math.abs(x) <= 0.46875) return 1 - erf(x);
  return x > 0 ? upperTail(x) : x < 0 ? 2 - upperTail(-x) : x;
}

/** Distribution function of the standard normal distribution: `(1 + erf(x/√2)) / 2`, without cancellation. */
export function phi(x: number): number {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/**
 * Inverse of {@link erf}: Winitzki's closed form to three digits, then Halley's method, which triples the correct
 * digits in each step. Near 1 the residual is computed from erfc, without cancellation.
 */
export function erfinv(x: number): number {
  const size = Math.abs(x);
  if (!(size < 1)) return size === 1 ? x * Number.POSITIVE_INFINITY : Number.NaN;
  if (size < 1e-9) return (x * Math.sqrt(Math.PI)) / 2;
  const a = 0.147;
  const ln = Math.log1p(-size * size);
  const half = 2 / (Math.PI * a) + ln / 2;
  let y = Math.sqrt(Math.sqrt(half * half - ln / a) - half);
  for (let step = 0; step < 3; step++) {
    const residual = size > 0.5 ? 1 - size - erfc(y) : erf(y) - size;
    const newton = (residual * Math.sqrt(Math.PI) * Math.exp(y * y)) / 2;
    y -= newton / (1 + y * newton);
  }
  return x < 0 ? -y : y;
}

/** Bernoulli numbers B₂, B₄, …, B₂₀. */
const bernoulli = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
];
/** From here on ten terms of the asymptotic series are exact to double precision. */
const FAR = 10;

/** `ln |Γ(x)|`: Stirling's series for large `x`, reached by `Γ(x + 1) = x Γ(x)`; the reflection formula below 1/2. */
export function lgamma(x: number): number {
  if (x === Number.POSITIVE_INFINITY || x === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (x <= 0 && Number.isInteger(x)) return Number.POSITIVE_INFINITY;
  if (x === 1 || x === 2) return 0;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
  let product = 1;
  let z = x;
  for (; z < FAR; z++) product *= z;
  let series = 0;
  for (let k = bernoulli.length; k >= 1; k--) series = series / (z * z) + bernoulli[k - 1] / (2 * k * (2 * k - 1));
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series / z - Math.log(product);
}

/** `sin(πx)`, exact at whole numbers. */
function sinPi(x: number): number {
  const rest = x - 2 * Math.floor(x / 2);
  return rest > 1 ? -Math.sin(Math.PI * (2 - rest)) : Math.sin(Math.PI * (rest > 0.5 ? 1 - rest : rest));
}

/** Derivative of {@link lgamma}; infinite at 0, NaN at negative whole numbers. */
export function digamma(x: number): number {
  if (x === 0) return Object.is(x, -0) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (x < 0) return Number.isInteger(x) ? Number.NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x % 1));
  let sum = 0;
  let z = x;
  for (; z < FAR; z++) sum += 1 / z;
  let series = 0;
  for (let k = bernoulli.length; k >= 1; k--) series = (series + bernoulli[k - 1] / (2 * k)) / (z * z);
  return Math.log(z) - 1 / (2 * z) - series - sum;
}

/**
 * The `n`-th derivative of {@link digamma}, `n ≥ 1`: `(-1)^(n+1) n! Σ_k 1/(x + k)^(n+1)`, with the sum's tail by the
 * formula of Euler and Maclaurin.
 */
export function polygamma(n: number, x: number): number {
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return (n % 2 === 1 ? 1 : -1) * factorial * zeta(n + 1, x);
}

/**
 * `Σ_k 1/(x + k)^s`. For negative `x`, terms are added until the argument is positive; far below 0, it is computed from
 * two sums with positive arguments.
 */
function zeta(s: number, x: number): number {
  if (x < -FAR) {
    const rest = x - Math.floor(x);
    return zeta(s, rest) + (s % 2 === 0 ? 1 : -1) * (zeta(s, 1 - rest) - zeta(s, 1 - x));
  }
  const n = s - 1;
  let z = x;
  let sum = 0;
  for (; z < FAR + n; z++) sum += z ** -s;
  let tail = z ** (1 - s) / n + z ** -s / 2;
  // B₂ₖ/(2k)! · s (s + 1) … (s + 2k - 2) / z^(s + 2k - 1)
  let factor = (s / 2) * z ** (-s - 1);
  for (let k = 1; k <= bernoulli.length; k++) {
    tail += bernoulli[k - 1] * factor;
    factor *= ((s + 2 * k - 1) * (s + 2 * k)) / ((2 * k + 1) * (2 * k + 2) * z * z);
  }
  return sum + tail;
}
