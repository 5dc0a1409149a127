// Expensive things that many test files need, created once in a run by the first file that needs them.
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

/** Called before all tests by vitest.config.mts: creates the folder of this run, which is removed with it. */
export function setup({ provide }: TestProject): () => void {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-run-')));
  provide('runFolder', folder);
  return () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Copies a folder that is created once in a run; each caller gets its own copy.
 * @param name of the folder
 * @param make fills an empty folder, without blocking this process
 */
export async function copyOnceMade(name: string, make: (folder: string) => Promise<void>, to: string): Promise<void> {
  const made = path.join(inject('runFolder'), name);
  await withLock(`${made}.lock`, async () => {
    if (!fs.existsSync(made)) await replaceFolder(made, make);
  });
  await fs.promises.cp(made, to, { recursive: true });
}
