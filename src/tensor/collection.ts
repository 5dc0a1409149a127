// When garbage is collected. V8 of Node 22 and later counts the bytes of arrays and waits for 64 MB of them, by which time it looks
// through all that is alive, for milliseconds, and the caches hold nothing of the memory that comes back. Where large arrays come
// and go, it is told to look among those that were made last, which takes a tenth of a millisecond.

import { collectLatest } from '../platform';

/** Bytes of an array that counts. */
const least = 2 ** 18;
/** Bytes made between two collections: at first and at best, and where most of them stay alive. */
const between = { least: 2 ** 23, most: 2 ** 26 };

let made = 0;
let wanted = between.least;
/** Bytes of all arrays at the last collection; there has been none yet. */
let held = Number.POSITIVE_INFINITY;

/** To be told of an array of so many bytes before it is made. */
export function expectBytes(bytes: number): void {
  if (bytes < least) return;
  made += bytes;
  if (made > wanted) collect();
}

function collect(): void {
  const now = collectLatest();
  // What stays alive through two collections is taken for old, and found dead much later: so leave that to V8.
  const staysAlive = now - held > made / 2;
  wanted = staysAlive ? Math.min(2 * wanted, between.most) : Math.max(wanted / 2, between.least);
  held = now;
  made = 0;
}
