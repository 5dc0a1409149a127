// Where files are: beside the notebook, in the package, in folders of data sets; and modules loaded from there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/**
 * Returns all lists of claims, the nearest first: claims.json beside the notebook (where its kernel starts) and in the folders
 * above, and notebooks/claims.json in each of these and in the package that this file belongs to.
 */
export function findClaims(from: string = process.cwd()): string[] {
  const tried: string[] = [];
  for (let folder = from; ; folder = dirname(folder)) {
    tried.push(join(folder, 'claims.json'), join(folder, 'notebooks', 'claims.json'));
    if (dirname(folder) === folder) break;
  }
  tried.push(inPackage('notebooks', 'claims.json'));
  return [...new Set(tried)].filter((file) => existsSync(file));
}

/** The path of a file in the notebook's folder; it need not exist. */
export const beside = (name: string, folder: string = process.cwd()): string => join(folder, name);

/** Returns the files with this ending in the notebook's folder (where its kernel starts), in alphabetical order. */
export function filesBeside(ending: string, folder: string = process.cwd()): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

/** Reads a file that {@link findClaims} or {@link filesBeside} found. */
export function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

/** Runs a CommonJS file again and returns its exports, also in a folder whose package.json declares ES modules. */
export function loadScript(file: string): unknown {
  const { compileFunction } = process.getBuiltinModule('node:vm');
  const module = { exports: {} as unknown };
  const run = compileFunction(readFileSync(file, 'utf8'), ['module', 'exports', 'require'], { filename: file });
  run(module, module.exports, createRequire(file));
  return module.exports;
}

/** Returns the folder of the package of this file: a build may be some folders below it (`.gradlab/builds`). */
function packageFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return dirname(__dirname);
  }
}

/** Returns the path of a file of this package. */
export const inPackage = (...parts: string[]): string => join(packageFolder(), ...parts);

/** Returns the path of the packaged sample of Fashion-MNIST: two hundred pictures. */
export function samplePictures(): string {
  return inPackage('src', 'data', 'fashion-mnist', 'sample.idx.gz');
}

/** Returns the path of the packaged handwritten digits. */
export function digitsFile(): string {
  return inPackage('src', 'data', 'digits', 'digits.idx.gz');
}

/** Returns the folders to search for the files of a data set; downloads go into the first. */
export function dataFolders(name: string): string[] {
  return [inPackage('.gradlab', 'data', name), join('/usr/share/datasets', name)];
}

/** Joins a folder and the name of a file. */
export function inFolder(folder: string, name: string): string {
  return join(folder, name);
}

/**
 * Returns advice on how to get the files of a data set. @param files their names @param source the address to download them
 * from
 */
export function adviceOnData(name: string, _files: string, _source: string): string {
  return `on Debian \`apt install dataset-${name}\`; or name the folder that has the files, { root: '…' }`;
}

/** Returns the address to import a module from: of a path relative to the working directory, or an address. */
export function moduleAddress(module: string): string {
  if (module.startsWith('file:')) return module;
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  return pathToFileURL(resolve(module)).href;
}

/** Loads an optional dependency; `undefined` if it is not installed. */
export function optionalPackage(name: string): unknown {
  for (const from of [packageFolder(), process.cwd()])
    try {
      return createRequire(join(from, 'package.json'))(name);
    } catch (error) {
      if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    }
  return undefined;
}
