// Triggers minor garbage collections. V8 of Node 22 and later waits for 64 MB of arrays and then runs a full collection, which
// takes milliseconds. By then the freed memory has left the processor's caches. Where large arrays come and go, a minor
// collection of the latest ones takes a tenth of a millisecond.

import { collectLatest } from '../platform';

/** Smaller arrays are not counted. */
const least = 2 ** 18;
/** Limits of the bytes allocated between two collections; the upper one applies where most arrays survive. */
const between = { least: 2 ** 23, most: 2 ** 26 };

let made = 0;
let wanted = between.least;
/** Bytes of all arrays after the last collection; infinite before the first. */
let held = Number.POSITIVE_INFINITY;

/** Call before allocating an array of `bytes`. */
export function expectBytes(bytes: number): void {
  if (bytes < least) return;
  made += bytes;
  if (made > wanted) collect();
}

function collect(): void {
  const now = collectLatest();
  // V8 promotes what survives two collections and frees it much later. Where arrays survive, collect less often.
  const staysAlive = now - held > made / 2;
  wanted = staysAlive ? Math.min(2 * wanted, between.most) : Math.max(wanted / 2, between.least);
  held = now;
  made = 0;
}
