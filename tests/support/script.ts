// A module of page/ as a script that a test runs in a page.
import path from 'node:path';
import { rolldown } from 'rolldown';
import { paths } from '../../kernel-setup/setup/paths.mjs';

/** The text of a script that makes the exports of a module, by its path below page/, those of a global. */
export async function scriptOf(module: string, global: string): Promise<string> {
  const made = await rolldown({ input: path.join(paths.pageSources, module) });
  try {
    const { output } = await made.generate({ format: 'iife', name: global });
    return output[0].code;
  } finally {
    await made.close();
  }
}
