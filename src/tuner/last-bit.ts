// Sums, exponentials and logarithms exact to the last bit, as in NumPy with a good C library. Two choices that an
// estimator finds equally good differ by rounding; that difference determines the next suggestion.

/** A number as the sum of two, the second below the last digit of the first. */
type Double2 = readonly [high: number, low: number];

/** `a + b` without an error (Knuth). */
function sum2(a: number, b: number): Double2 {
  const high = a + b;
  const part = high - a;
  return [high, a - (high - part) + (b - part)];
}

/** `a · b` without an error (Dekker). */
function product2(a: number, b: number): Double2 {
  const split = (x: number): Double2 => {
    const large = 134217729 * x;
    const high = large - (large - x);
    return [high, x - high];
  };
  const high = a * b;
  const [a1, a2] = split(a);
  const [b1, b2] = split(b);
  return [high, a1 * b1 - high + a1 * b2 + a2 * b1 + a2 * b2];
}

const times = ([a, a2]: Double2, [b, b2]: Double2): Double2 => {
  const [high, low] = product2(a, b);
  return sum2(high, low + a * b2 + a2 * b);
};

const over = ([a, a2]: Double2, n: number): Double2 => {
  const quotient = a / n;
  const [high, low] = product2(quotient, n);
  return sum2(quotient, (a - high - low + a2) / n);
};

const plus = ([a, a2]: Double2, b: number): Double2 => {
  const [high, low] = sum2(b, a);
  return sum2(high, low + a2);
};

const LN2: Double2 = [Math.LN2, 2.3190468138462996e-17];

/** `e^x` to thirty digits, divided by a power of two, `2^k`. */
function exp2(x: number): readonly [value: Double2, k: number] {
  const k = Math.round(x / Math.LN2);
  const [high, low] = product2(-k, LN2[0]);
  const [rest, error] = sum2(x, high);
  const r = sum2(rest, error + low - k * LN2[1]);
  // Taylor's series, |r| ≤ ln 2 / 2.
  let value: Double2 = [1, 0];
  for (let i = 27; i >= 1; i--) value = plus(over(times(value, r), i), 1);
  return [value, k];
}

/** `e^x`, the nearest double. */
export function exp(x: number): number {
  if (x === 0) return 1;
  if (!(Math.abs(x) < 700)) return Math.exp(x);
  const [[high, low], k] = exp2(x);
  return (high + low) * 2 ** k;
}

/** Returns `ln x`, the nearest double: one correction by `x e^(-y) - 1` for an approximation `y`. */
export function log(x: number): number {
  const y = Math.log(x);
  if (!(x > 1e-300) || !(x < 1e300) || x === 1) return y;
  const [value, k] = exp2(-y);
  const [high, low] = times(value, [x * 2 ** k, 0]);
  return y + (high - 1 + low);
}

/** Sums in NumPy's order: in eight lanes, and from 128 numbers on by halves. */
export function sum(numbers: readonly number[], from = 0, to: number = numbers.length): number {
  const count = to - from;
  if (count > 128) {
    const half = count >> 1;
    const middle = from + half - (half % 8);
    return sum(numbers, from, middle) + sum(numbers, middle, to);
  }
  let total = 0;
  let i = from;
  if (count >= 8) {
    const lanes = numbers.slice(from, from + 8);
    for (i += 8; i + 8 <= to; i += 8) for (let lane = 0; lane < 8; lane++) lanes[lane]! += numbers[i + lane]!;
    const [a, b, c, d, e, f, g, h] = lanes as [number, number, number, number, number, number, number, number];
    total = a + b + (c + d) + (e + f + (g + h));
  }
  for (; i < to; i++) total += numbers[i]!;
  return total;
}
