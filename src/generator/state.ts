// The bytes in which PyTorch keeps the state of a generator, little-endian: the seed, the engine, the spare normal
// number. Saved there, they go on here, and the other way round.

import { ValueError } from '../errors';
import type { Mt19937 } from './mt19937';

/** Length of the state in bytes. */
const LENGTH = 5056;
const WORDS = 24;
const SPARE = 5024;
const HAS_SPARE = 5040;

/** The contents of a generator's state. */
export interface GeneratorState {
  seed: bigint;
  spareNormal: number | null;
}

/** Writes the state. */
export function encodeState(engine: Mt19937, { seed, spareNormal }: GeneratorState): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, seed, true);
  view.setInt32(8, engine.left, true);
  view.setInt32(12, 1, true);
  view.setUint32(16, engine.next, true);
  // Each word of the engine takes eight bytes, of which four stay zero.
  engine.state.forEach((word, j) => {
    view.setInt32(WORDS + 8 * j, word, true);
  });
  view.setFloat64(SPARE, spareNormal ?? 0, true);
  view.setInt32(HAS_SPARE, Number(spareNormal !== null), true);
  return bytes;
}

/**
 * Reads a state into the engine and returns the rest of it.
 * @throws {ValueError} if the bytes are not such a state; the engine is then as before.
 */
export function decodeState(engine: Mt19937, bytes: Uint8Array): GeneratorState {
  if (bytes.length !== LENGTH)
    throw new ValueError(`setState: a state has ${LENGTH} bytes, got ${bytes.length}; take one from getState()`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH);
  const left = view.getInt32(8, true);
  const seeded = view.getInt32(12, true);
  const next = view.getUint32(16, true);
  const words = engine.state.length;
  if (seeded !== 1 || left < 1 || left > words || next > words)
    throw new ValueError('setState: these bytes are not the state of a generator; take one from getState()');
  engine.left = left;
  engine.next = next;
  for (let j = 0; j < words; j++) engine.state[j] = view.getInt32(WORDS + 8 * j, true);
  return {
    seed: view.getBigUint64(0, true),
    spareNormal: view.getInt32(HAS_SPARE, true) === 0 ? null : view.getFloat64(SPARE, true),
  };
}
