// The files that make.py wrote, whole and damaged.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

/** One of the files beside this, by its name. */
export const bytesOf = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, 'data', name)));

/**
 * Changes some bytes of a file, over and over.
 * @param read reads it and looks at what came out
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
