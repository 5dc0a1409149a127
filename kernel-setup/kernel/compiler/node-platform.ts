import fs from 'node:fs';
import Module, { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import type { LibraryBuild } from '../library-build';
import { adviceOnMissing } from '../missing-module';
import { kept, readText, stampOf } from './kept-files';
import type { Platform } from './platform';
import { stoppableLoops } from './stoppable-loops';

const fork = '@tslab/typescript-for-tslab';

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
  typeOptions({ typeRoots = [] }) {
    const nodeTypes = path.dirname(path.dirname(require.resolve('@types/node/package.json')));
    // tslab's own are of an older Node.
    const roots = [...typeRoots.filter((root) => !/[\\/]tslab[\\/]/.test(root)), nodeTypes];
    return {
      types: ['node'],
      typeRoots: roots,
      paths: hasAnother(ours) ? undefined : { gradlab: [library], 'gradlab/*': [`${library}*`] },
    };
  },
  rewriters: [stoppableLoops],
  name: `Node ${process.versions.node}`,
  hasModule: (name) => builtinModules.includes(name),
  adviceOnMissing,
  converterOn(compiler) {
    const converterFile = require.resolve('tslab/dist/converter');
    delete require.cache[converterFile];
    standIn(fork, compiler);
    // Two dozen files, of which the converter wants one function.
    standIn('semver', { major: (version: string) => Number(/\d+/.exec(version)) });
    const { createConverter } = require(converterFile) as typeof import('tslab/dist/converter');
    return createConverter({ isJS: false, isBrowser: false });
  },
});

/** Gives tslab's converter something else in the place of a package. */
function standIn(name: string, exports: unknown): void {
  const id = require.resolve(name, { paths: [path.dirname(require.resolve('tslab/package.json'))] });
  require.cache[id] = Object.assign(new Module(id), { filename: id, loaded: true, exports }) as NodeJS.Module;
}
