// Detects packages that changed after they were loaded. Node loads each file once, so a newly installed version, or a rebuilt
// linked package, needs a new process. The compiler reads the files on disk, so it may know names that the loaded module
// lacks; an error explains this.
import fs from 'node:fs';
import path from 'node:path';
import { importedFile } from './resolve';

interface Loaded {
  name: string;
  version: string | undefined;
  /** Stamps of the loaded files, as far as known. */
  files: Map<string, string>;
  /** The real folder of a linked package. */
  real: string;
  told?: string;
}

/** Maximum number of files checked in a linked package. */
const mostFiles = 500;
/** Up to this number, each changed package is named with its change. */
const fewChanges = 3;

export class LoadedVersions {
  /** By package folder. */
  private readonly known = new Map<string, Loaded>();

  /** Records a loaded package. */
  add(id: string, native: NodeJS.Require): void {
    const folder = folderOf(id, native);
    if (folder === undefined) return;
    const loaded = this.known.get(folder) ?? loadedFrom(folder, nameIn(id)!);
    this.known.set(folder, loaded);
    const entry = entryOf(id, native);
    if (entry === undefined || loaded.files.has(entry)) return;
    // The build output of a linked package is beside its entry. For others, the version is enough.
    const isLinked = !loaded.real.includes(`${path.sep}node_modules${path.sep}`);
    for (const file of [entry, ...(isLinked ? scriptsIn(path.dirname(entry)) : [])])
      if (!loaded.files.has(file)) loaded.files.set(file, stampOf(file));
  }

  /** A message about a package that has changed on disk, if it has. */
  changeOf(id: string, native: NodeJS.Require): string | undefined {
    const loaded = this.known.get(folderOf(id, native) ?? '');
    return loaded && changeOf(loaded);
  }

  /** A message about all packages that have changed. */
  change(): string | undefined {
    const changed = [...this.known.values()].filter((loaded) => changeOf(loaded) !== undefined);
    if (changed.length <= fewChanges) return changed.map(changeOf).join(' ') || undefined;
    const names = changed.slice(0, fewChanges).map(({ name }) => name);
    return `${names.join(', ')} and ${changed.length - fewChanges} more packages are loaded as they were before they changed: restart the kernel to use them as they are now.`;
  }

  /** Prints the message once for each changed package. */
  tell(): void {
    for (const loaded of this.known.values()) {
      const change = changeOf(loaded);
      if (change !== undefined && change !== loaded.told) process.stderr.write(`${change}\n`);
      loaded.told = change ?? loaded.told;
    }
  }
}

function changeOf({ name, version, files, real }: Loaded): string | undefined {
  if (!fs.existsSync(path.join(real, 'package.json'))) return undefined; // it may be being replaced
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
    return undefined; // a loaded file was deleted
  }
}

/** Scripts in a folder and below it that belong to the same package. */
function scriptsIn(folder: string, found: string[] = []): string[] {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (found.length >= mostFiles) break;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) scriptsIn(file, found);
    else if (entry.isFile() && /(?<!\.d)\.[cm]?[jt]s$|\.json$|\.node$/.test(entry.name)) found.push(file);
  }
  return found;
}

/** Unchanged if the same version is installed again. */
function stampOf(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs}:${stat.size}`;
}

/** The version of an installed package. */
export function versionIn(folder: string): string | undefined {
  try {
    return (JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

/** Names that the engine reads from any module. */
const asked = new Set(['then', 'default', '__esModule', 'toJSON', 'constructor', 'prototype']);

/** A loaded module that throws when a cell reads a missing name that a newer version has. @param why the message */
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
