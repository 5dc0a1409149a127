import fs from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LibraryBuild } from '../library-build';
import { adviceOnMissing } from '../missing-module';
import { kept, readText, stampOf } from './kept-files';
import type { Platform } from './platform';
import { stoppableLoops } from './stoppable-loops';

/** The real folder of gradlab's declarations, which is linked from node_modules. */
const published = () => path.join(path.dirname(fs.realpathSync(require.resolve('gradlab/package.json'))), 'dist');

/** Whether the notebook's folder has another gradlab than the kernel's. */
function hasAnother(ours: string): boolean {
  try {
    // This file's own `require` would always find the package that it is part of.
    const found = createRequire(path.join(process.cwd(), 'cell.js')).resolve('gradlab');
    return !found.startsWith(ours + path.sep);
  } catch {
    return false; // not installed: cells use the kernel's
  }
}

/** tslab's types, if it is installed: cells may import its interface (cells/modules/tslab.ts). */
function tslabTypes(): Record<string, string[]> {
  try {
    return { tslab: [path.dirname(require.resolve('tslab/package.json'))] };
  } catch {
    return {};
  }
}

/**
 * @param cache folder of caches for faster starts
 * @param build the gradlab that cells see, if not the published one
 */
export const nodePlatform = (cache?: string, build?: LibraryBuild): Platform => {
  const ours = build?.published ?? published();
  const library = `${build?.folder ?? ours}/`.replaceAll('\\', '/');
  return platformWith(cache, ours, library);
};

const platformWith = (cache: string | undefined, ours: string, library: string): Platform => ({
  folder: process.cwd(),
  readText,
  kept: (name, make) => kept(cache, name, make),
  stampOf,
  namesIn(folder) {
    try {
      return fs.readdirSync(folder);
    } catch {
      return [];
    }
  },
  isOfPackage: (file) => file.includes('/node_modules/') || file.startsWith(library),
  typeOptions(roots) {
    const nodeTypes = path.dirname(path.dirname(require.resolve('@types/node/package.json')));
    const gradlab: Record<string, string[]> = hasAnother(ours)
      ? {}
      : { gradlab: [library], 'gradlab/*': [`${library}*`] };
    return { types: ['node'], typeRoots: [...roots, nodeTypes], paths: { ...gradlab, ...tslabTypes() } };
  },
  pathOf: (specifier) => (/^file:\/\//.test(specifier) ? fileURLToPath(specifier) : specifier),
  rewriters: [stoppableLoops],
  name: `Node ${process.versions.node}`,
  hasModule: (name) => builtinModules.includes(name),
  adviceOnMissing,
});
