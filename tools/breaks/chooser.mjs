/**
 * Chooses pseudo-randomly by seed: mulberry32.
 * @param {number} seed
 * @returns {{ <T>(list: readonly T[]): T, share: () => number }}
 */
export function chooser(seed) {
  let state = seed >>> 0;
  const share = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return Object.assign((list) => list[Math.floor(share() * list.length)], { share });
}
