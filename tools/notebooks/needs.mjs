// What a notebook needs beyond the project. Without it the notebook runs with less data, so that its claims and outputs
// are not judged.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { entryOf, readMap } from './map.mjs';

/** The allowed values of `needs` in map.json, and functions that throw if the data is missing. */
const NEEDS = {
  'fashion-mnist': async () => {
    const { data } = createRequire(import.meta.url)(path.join(paths.dist, 'index.js'));
    for (const split of ['train', 'test']) await data.fashionMnist({ split, limit: 1 });
  },
};

/** Why a notebook lacks what it needs; undefined if it does not. */
export async function lackOf(root, name, needs = NEEDS) {
  if (!existsSync(path.join(root, 'map.json'))) return undefined;
  const need = entryOf(readMap(root), name)?.needs;
  try {
    await needs[need]?.();
    return undefined;
  } catch (error) {
    return `claims and outputs not judged without ${need}: ${error.message}`;
  }
}
