// Cancellation: where a long computation can be stopped. Loops that may take long call `turn` with what they have done since
// they last did; now and then it asks whoever runs the program, who may throw what ends the computation. It is an error like
// others: what throws it has changed nothing but what its documentation says, and it can be called again. Where there is nobody
// to ask, nothing happens.

import { soon } from './platform';

/** Where the function stands that is asked: it returns, or throws what the computation is to end with. */
const asked = Symbol.for('gradlab.turn');

/** Steps, of a few nanoseconds each, between two questions. */
export const stretch: number = 2 ** 20;

/** Steps that a call of somebody's function counts for. */
export const perCall: number = 2 ** 12;

/** What may be changed in tests: how many steps lie between two questions. */
export const pace: { stretch: number } = { stretch };

/** How many steps are left until the next question. In an array, for a variable would be a new object for each number. */
const left = new Float64Array([stretch]);

/** How many bodies of {@link whole} run. */
let wholes = 0;
let isWatched = false;

/** Says that about so many steps have been done: elements, or products of two numbers. */
export function turn(steps: number): void {
  left[0] -= steps;
  // Also if that is no number, or endless: nobody would ever be asked again.
  if (!(left[0] >= 0 && left[0] <= stretch)) ask();
}

/** Elements, of one step each, between two turns of a loop. */
const some = 2 ** 16;

const someOf = (steps: number) => Math.max(1, Math.floor(some / Math.max(steps, 1)));

/**
 * Up to where a loop over `n` elements, of `steps` each, goes on from `i` until the next turn:
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

/** Calls `part` for some of `n` elements, of `steps` each, after the others. */
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

/** Runs `body`, which is not stopped: what must not be done in part, such as the step of an optimizer. */
export function whole<T>(body: () => T): T {
  wholes++;
  watch();
  try {
    return body();
  } finally {
    wholes--;
  }
}

/** A debugger may end what runs without any `finally`; no body outlasts what it runs in. */
function watch(): void {
  if (isWatched) return;
  isWatched = true;
  soon(() => {
    isWatched = false;
    wholes = 0;
  });
}
