// Packages as they were when they were loaded. Node loads each file once: what has been installed since, or built again in a linked
// package, needs another process. The compiler reads what is there now; so a name may be known that is not loaded, and that says so.
import fs from 'node:fs';
import path from 'node:path';
import { importedFile } from './resolve';

interface Loaded {
  name: string;
  version: string | undefined;
  /** The stamps of its files: those that were loaded, as far as they are known. */
  files: Map<string, string>;
  /** The folder in which its files are: a link leads there. */
  real: string;
  told?: string;
}

/** In a linked package so many files are looked at. */
const mostFiles = 500;
/** Up to this many packages are named each with its change. */
const fewChanges = 3;

export class LoadedVersions {
  /** By the folder of the package. */
  private readonly known = new Map<string, Loaded>();

  /** Takes note of a package that has been loaded. */
  add(id: string, native: NodeJS.Require): void {
    const folder = folderOf(id, native);
    if (folder === undefined) return;
    const loaded = this.known.get(folder) ?? loadedFrom(folder, nameIn(id)!);
    this.known.set(folder, loaded);
    const entry = entryOf(id, native);
    if (entry === undefined || loaded.files.has(entry)) return;
    // What a linked package is built into lies beside its entry; of another one the version tells.
    const isLinked = !loaded.real.includes(`${path.sep}node_modules${path.sep}`);
    for (const file of [entry, ...(isLinked ? scriptsIn(path.dirname(entry)) : [])])
      if (!loaded.files.has(file)) loaded.files.set(file, stampOf(file));
  }

  /** What to say of a package that is another one by now, if it is. */
  changeOf(id: string, native: NodeJS.Require): string | undefined {
    const loaded = this.known.get(folderOf(id, native) ?? '');
    return loaded && changeOf(loaded);
  }

  /** What to say of all that are other ones by now. */
  change(): string | undefined {
    const changed = [...this.known.values()].filter((loaded) => changeOf(loaded) !== undefined);
    if (changed.length <= fewChanges) return changed.map(changeOf).join(' ') || undefined;
    const names = changed.slice(0, fewChanges).map(({ name }) => name);
    return `${names.join(', ')} and ${changed.length - fewChanges} more packages are loaded as they were before they changed: restart the kernel to use them as they are now.`;
  }

  /** Says so once of each that has changed. */
  tell(): void {
    for (const loaded of this.known.values()) {
      const change = changeOf(loaded);
      if (change !== undefined && change !== loaded.told) process.stderr.write(`${change}\n`);
      loaded.told = change ?? loaded.told;
    }
  }
}

function changeOf({ name, version, files, real }: Loaded): string | undefined {
  if (!fs.existsSync(path.join(real, 'package.json'))) return undefined; // another one may be about to come
  const now = versionIn(real);
  if (now !== version)
    return `${name} ${version} is loaded, and ${now ?? 'another one'} is installed by now: restart the kernel to use it.`;
  const hasChanged = [...files].some(([file, stamp]) => stampOf(file) !== stamp);
  return hasChanged
    ? `${[name, version].filter(Boolean).join(' ')} is loaded as it was before its files changed: restart the kernel to use it as it is now.`
    : undefined;
}

const nameIn = (id: string): string | undefined => /^(@[^/]+\/)?[^/]+/.exec(id)?.[0];

function folderOf(id: string, native: NodeJS.Require): string | undefined {
  const name = nameIn(id);
  const places = name === undefined ? [] : (native.resolve.paths(id) ?? []).map((place) => path.join(place, name));
  return places.find((place) => fs.existsSync(path.join(place, 'package.json')));
}

const loadedFrom = (folder: string, name: string): Loaded => {
  const real = fs.realpathSync(folder);
  return { name, version: versionIn(folder), files: new Map(), real };
};

function entryOf(id: string, native: NodeJS.Require): string | undefined {
  try {
    return fs.realpathSync(importedFile(id, native.resolve.paths(id) ?? []) ?? native.resolve(id));
  } catch {
    return undefined; // it was loaded, and is gone
  }
}

/** The scripts in a folder and those below it, as far as they belong to the same package. */
function scriptsIn(folder: string, found: string[] = []): string[] {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (found.length >= mostFiles) break;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) scriptsIn(file, found);
    else if (entry.isFile() && /(?<!\.d)\.[cm]?[jt]s$|\.json$|\.node$/.test(entry.name)) found.push(file);
  }
  return found;
}

/** The same after the same version has been installed again. */
function stampOf(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs}:${stat.size}`;
}

/** Of an installed package. */
export function versionIn(folder: string): string | undefined {
  try {
    return (JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

/** What the engine asks of any module, and no cell names. */
const asked = new Set(['then', 'default', '__esModule', 'toJSON', 'constructor', 'prototype']);

/** A loaded module that fails where a name is read that it lacks, since a newer one has it. @param why what to say */
export function failingAtNewNames<T>(module: T, id: string, why: string): T {
  if (typeof module !== 'object' || module === null) return module;
  return new Proxy(module, {
    get(target, name) {
      if (typeof name === 'string' && !asked.has(name) && !(name in target))
        throw new TypeError(`What is loaded of '${id}' has no \`${name}\`. ${why}`);
      return Reflect.get(target, name) as unknown;
    },
  });
}
