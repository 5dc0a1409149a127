// Cancellation: polling inside long computations. A long loop calls `turn` with the steps since its last call. At intervals
// `turn` calls the host program's callback, which may throw to cancel. Then an operation has changed only what its
// documentation says, and can be called again. Without a callback `turn` has no effect.

import { soon } from './platform';

/** Global symbol of the callback that is polled: it returns, or throws to cancel the computation. */
const asked = Symbol.for('gradlab.turn');

/** Steps, of a few nanoseconds each, between two polls. */
export const stretch: number = 2 ** 20;

/** Steps counted for a call of a user's function. */
export const perCall: number = 2 ** 12;

/** The steps between two polls, which tests change. */
export const pace: { stretch: number } = { stretch };

/** Steps until the next poll. In a typed array, because a variable would box each number. */
const left = new Float64Array([stretch]);

/** Nesting depth of {@link whole}. */
let wholes = 0;
let isWatched = false;

/** Counts steps, such as elements or multiplications, and polls when enough have passed. @throws to cancel */
export function turn(steps: number): void {
  left[0] -= steps;
  // Also if NaN or infinite, or polling would never resume.
  if (!(left[0] >= 0 && left[0] <= stretch)) ask();
}

/** Elements, of one step each, between two calls of `turn` in a loop. */
const some = 2 ** 16;

const someOf = (steps: number) => Math.max(1, Math.floor(some / Math.max(steps, 1)));

/**
 * Returns the end of the next stretch of a loop over `n` elements, of `steps` each, that starts at `i`:
 * `for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) …`
 */
export function until(i: number, n: number, steps = 1): number {
  // Most loops are short.
  const all = (n - i) * steps;
  if (all <= some) {
    turn(all);
    return n;
  }
  const end = Math.min(i + someOf(steps), n);
  turn((end - i) * steps);
  return end;
}

/** Calls `part` for consecutive ranges of `n` elements, of `steps` each, with a poll before each. */
export function inTurns(n: number, steps: number, part: (from: number, to: number) => void): void {
  for (let i = 0; i < n; ) {
    const to = until(i, n, steps);
    part(i, to);
    i = to;
  }
}

function ask(): void {
  left[0] = pace.stretch;
  if (wholes === 0) (globalThis as { [key: symbol]: (() => void) | undefined })[asked]?.();
}

/** Runs `body` without polls, for changes that must not be partial, such as an optimizer's step. */
export function whole<T>(body: () => T): T {
  wholes++;
  watch();
  try {
    return body();
  } finally {
    wholes--;
  }
}

/** A debugger may terminate code without running `finally`, so the depth is reset when the current task is over. */
function watch(): void {
  if (isWatched) return;
  isWatched = true;
  soon(() => {
    isWatched = false;
    wholes = 0;
  });
}
