import fs from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LibraryBuild } from '../library-build';
import { adviceOnMissing } from '../missing-module';
import { kept, readText, stampOf } from './kept-files';
import type { Platform } from './platform';
import { stoppableLoops } from './stoppable-loops';

/** Where gradlab's declarations are: a link leads there from node_modules. */
const published = () => path.join(path.dirname(fs.realpathSync(require.resolve('gradlab/package.json'))), 'dist');

/** Whether cells mean another gradlab than the kernel's, which their folder has. */
function hasAnother(ours: string): boolean {
  try {
    // Not by this file's own `require`: to that a package is always in reach which it is a part of.
    const found = createRequire(path.join(process.cwd(), 'cell.js')).resolve('gradlab');
    return !found.startsWith(ours + path.sep);
  } catch {
    return false; // gradlab is there in any folder: the kernel is a part of it
  }
}

/** A cell may import tslab's interface, which has a place in cells (cells/modules/tslab.ts), where that is installed. */
function tslabTypes(): Record<string, string[]> {
  try {
    return { tslab: [path.dirname(require.resolve('tslab/package.json'))] };
  } catch {
    return {};
  }
}

/**
 * @param cache the folder for what makes the next start faster
 * @param build the gradlab that cells see, if it is not the one that is published
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
