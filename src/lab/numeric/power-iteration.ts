import { perCall, turn } from '../../cancellation';
import { ValueError } from '../../errors';

/** Options of {@link powerIteration}. */
export interface PowerIterationOptions {
  /** Maximum number of multiplications. Default: 10 000. */
  steps?: number;
  /** The iteration ends when the eigenvalue changes by no more than this fraction. Default: 1e-15. */
  tolerance?: number;
}

/** An eigenvalue with its eigenvector of length 1. */
export interface Eigenpair {
  value: number;
  vector: number[];
}

/**
 * The eigenvalue of largest size of a symmetric matrix, and its eigenvector, from matrix-vector products only: repeats
 * v ← A v / ‖A v‖, with λ = vᵀ A v. `apply` multiplies a vector of `n` numbers by the matrix; a curvature can be
 * multiplied without being written out, by the difference of two gradients.
 *
 * @example
 * numeric.powerIteration(([a, b]) => [20 * a! + 8 * b!, 8 * a! + 4 * b!], 2).value // 23.3137084…
 * @throws {ValueError} if `n` is not a whole number above 0 or `apply` gives another number of values or ones that
 *   are not finite.
 */
export function powerIteration(
  apply: (v: number[]) => readonly number[],
  n: number,
  options: PowerIterationOptions = {},
): Eigenpair {
  const { steps = 10_000, tolerance = 1e-15 } = options;
  if (!Number.isInteger(n) || n < 1) throw new ValueError(`powerIteration: n must be a whole number above 0, got ${n}`);
  // Not a multiple of common eigenvectors, so that it is not orthogonal to the largest one.
  let vector = unit(Array.from({ length: n }, (_, i) => 1 + (((i + 1) * Math.SQRT2) % 1)));
  let value = Number.NaN;
  for (let step = 0; step < steps; step++) {
    turn(perCall);
    const image = apply([...vector]);
    if (image.length !== n || !image.every(Number.isFinite)) {
      throw new ValueError(`powerIteration: apply must return ${n} finite numbers, got [${[...image].join(', ')}]`);
    }
    const next = image.reduce((sum, part, i) => sum + part * vector[i]!, 0);
    if (image.every((part) => part === 0)) return { value: 0, vector };
    const settled = Math.abs(next - value) <= tolerance * Math.abs(next);
    value = next;
    vector = unit(image);
    if (settled) break;
  }
  return { value, vector };
}

function unit(v: readonly number[]): number[] {
  const length = Math.hypot(...v);
  return v.map((part) => part / length);
}
