// The files that make.py wrote, intact and damaged.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

/** A file beside this one, by name. */
export const bytesOf = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, 'data', name)));

/**
 * Changes some bytes of a file, repeatedly.
 * @param read reads it and checks the result
 * @param isFine whether an error that it throws is one for damaged files
 */
export async function damage(
  whole: Uint8Array,
  read: (bytes: Uint8Array) => unknown,
  isFine: (error: unknown) => boolean,
  { mostChanges = 4, numRuns = 500 } = {},
): Promise<void> {
  const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: mostChanges });
  await fc.assert(
    fc.asyncProperty(changes, async (list) => {
      const bytes = whole.slice();
      for (const [place, byte] of list) bytes[place] = byte;
      try {
        await read(bytes);
      } catch (error) {
        if (!isFine(error)) throw error;
      }
    }),
    { numRuns },
  );
}
