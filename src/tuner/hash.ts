/** MurmurHash3 of 32-bit words (Austin Appleby, 2011), a whole number below 2³². */
export function murmur(words: Iterable<number>, seed = 0): number {
  let hash = seed | 0;
  let bytes = 0;
  for (const word of words) {
    let k = Math.imul(word | 0, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    hash ^= k;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    bytes += 4;
  }
  hash ^= bytes;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Returns a hash of a text: sixteen hexadecimal digits. */
export function digest(text: string): string {
  const words = Array.from(text, (letter) => letter.codePointAt(0)!);
  return [1, 2].map((seed) => murmur(words, seed).toString(16).padStart(8, '0')).join('');
}

/** Returns the seed of a trial, a function of the study's seed and the trial's number. */
export const seedOf = (study: number, trial: number): number => murmur([study, trial]);
