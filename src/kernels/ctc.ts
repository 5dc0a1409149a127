import { turn } from '../cancellation';
import type { NumberArray } from './strides';

/** One sequence of a batch: the offset of its log probabilities, and its number of steps. */
export interface CtcSequence {
  readonly at: number;
  readonly steps: number;
  /** The classes to be read, without blanks. */
  readonly target: readonly number[];
}

const NEVER = Number.NEGATIVE_INFINITY;

function logSum(a: number, b: number, c = NEVER): number {
  const top = Math.max(a, b, c);
  return top === NEVER ? NEVER : top + Math.log(Math.exp(a - top) + Math.exp(b - top) + Math.exp(c - top));
}

/**
 * Negative log probability that a sequence reads as its target (Graves et al. 2006); repeated classes merge and blanks
 * are dropped. `x` has log probabilities of `classes`, `stride` apart between steps.
 *
 * Writes the derivative to `g`, at the positions of `x`. It is taken with respect to the scores whose log-softmax is
 * `x`: `e^x` minus the share of the paths through that class.
 */
export function ctc(
  x: NumberArray,
  { at, steps, target }: CtcSequence,
  classes: number,
  stride: number,
  blank: number,
  g: NumberArray,
): number {
  if (steps === 0) return target.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  // Between any two classes, before and after them, there may be blanks.
  const labels = [blank, ...target.flatMap((c) => [c, blank])];
  const n = labels.length;
  /** Whether a path may go to label `s` from the one two before it, skipping a blank. */
  const skips = labels.map((c, s) => s > 1 && c !== blank && c !== labels[s - 2]);
  const of = (t: number, s: number) => x[at + t * stride + labels[s]];

  // Log probabilities of all beginnings that have reached label s at step t, and of all endings from there.
  const forth = Array.from({ length: steps }, () => new Float64Array(n).fill(NEVER));
  const back = Array.from({ length: steps }, () => new Float64Array(n).fill(NEVER));
  for (let s = 0; s < Math.min(2, n); s++) forth[0][s] = of(0, s);
  for (let t = 1; t < steps; t++) {
    const before = forth[t - 1];
    for (let s = 0; s < n; s++)
      forth[t][s] = logSum(before[s], s > 0 ? before[s - 1] : NEVER, skips[s] ? before[s - 2] : NEVER) + of(t, s);
    turn(16 * n);
  }
  const last = steps - 1;
  for (let s = Math.max(0, n - 2); s < n; s++) back[last][s] = of(last, s);
  for (let t = last - 1; t >= 0; t--) {
    const after = back[t + 1];
    for (let s = 0; s < n; s++) {
      const skipped = s + 2 < n && skips[s + 2] ? after[s + 2] : NEVER;
      back[t][s] = logSum(after[s], s + 1 < n ? after[s + 1] : NEVER, skipped) + of(t, s);
    }
    turn(16 * n);
  }

  const likelihood = logSum(forth[last][n - 1], n > 1 ? forth[last][n - 2] : NEVER);
  for (let t = 0; t < steps; t++) {
    const from = at + t * stride;
    for (let c = 0; c < classes; c++) g[from + c] = Math.exp(x[from + c]);
    for (let s = 0; s < n; s++) g[from + labels[s]] -= Math.exp(forth[t][s] + back[t][s] - of(t, s) - likelihood);
    turn(8 * (classes + n));
  }
  return -likelihood;
}
