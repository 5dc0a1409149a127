// What many test files need and is expensive to make: made once in a run of the tests, by whichever needs it first.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { replaceFolder } from '../../kernel-setup/setup/files.mjs';
import { withLock } from '../../kernel-setup/setup/lock.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    runFolder: string;
  }
}

/** Before all tests, by vitest.config.mts: the folder of this run, which goes with it. */
export function setup({ provide }: TestProject): () => void {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-run-')));
  provide('runFolder', folder);
  return () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Copies a folder that is made once in a run; nobody changes what the others get.
 * @param name of what is made
 * @param make fills an empty folder, without blocking this process
 */
export async function copyOnceMade(name: string, make: (folder: string) => Promise<void>, to: string): Promise<void> {
  const made = path.join(inject('runFolder'), name);
  await withLock(`${made}.lock`, async () => {
    if (!fs.existsSync(made)) await replaceFolder(made, make);
  });
  await fs.promises.cp(made, to, { recursive: true });
}
