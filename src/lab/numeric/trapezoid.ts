import { perCall, turn } from '../../cancellation';
import { ValueError } from '../../errors';

/** Options of {@link trapezoid}. */
export interface TrapezoidOptions {
  /** The number of equal strips. Default: 1000. */
  steps?: number;
}

/**
 * The integral of `f` from `a` to `b` by the trapezoidal rule: h (f(a)/2 + f(a + h) + … + f(b)/2) with h = (b - a) /
 * steps. The error decreases as h²; much faster if `f` and its derivatives vanish at both ends, as for a normal
 * density. With `b` below `a` the sign changes.
 *
 * @example
 * numeric.trapezoid((x) => x * x, 0, 3).toFixed(4) // '9.0000'
 * @throws {ValueError} if an end is not finite, `steps` is not a whole number above 0, or `f` gives a value that is
 *   not finite.
 */
export function trapezoid(f: (x: number) => number, a: number, b: number, options: TrapezoidOptions = {}): number {
  const { steps = 1000 } = options;
  if (!(Number.isFinite(a) && Number.isFinite(b))) {
    throw new ValueError(`trapezoid: both ends must be finite, got ${a} and ${b}`);
  }
  if (!Number.isInteger(steps) || steps < 1) {
    throw new ValueError(`trapezoid: steps must be a whole number above 0, got ${steps}`);
  }
  const h = (b - a) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const x = i === steps ? b : a + i * h;
    turn(perCall);
    const value = f(x);
    if (!Number.isFinite(value)) {
      throw new ValueError(`trapezoid: f is ${value} at ${x}; integrate where it is finite, or leave that place out`);
    }
    sum += i === 0 || i === steps ? value / 2 : value;
  }
  return h * sum;
}
