// Packages as they were when they were loaded. Node loads each file once: what has been installed since needs another process.
import fs from 'node:fs';
import path from 'node:path';

export class LoadedVersions {
  /** By the folder of the package; what has been told once is told no more. */
  private readonly known = new Map<string, string | undefined>();

  /** Says so, if another version of the package is there now than what was loaded. */
  check(id: string, native: NodeJS.Require): void {
    const [name] = /^(@[^/]+\/)?[^/]+/.exec(id) ?? [];
    const places = name === undefined ? [] : (native.resolve.paths(id) ?? []).map((place) => path.join(place, name));
    const folder = places.find((place) => fs.existsSync(path.join(place, 'package.json')));
    if (folder === undefined) return;
    const version = versionIn(folder);
    if (!this.known.has(folder)) {
      this.known.set(folder, version);
      return;
    }
    const loaded = this.known.get(folder);
    if (version === loaded) return;
    this.known.set(folder, version);
    process.stderr.write(
      `${name} ${loaded} is loaded, and ${version ?? 'another one'} is installed by now: restart the kernel to use it.\n`,
    );
  }
}

/** Of an installed package. */
export function versionIn(folder: string): string | undefined {
  try {
    return (JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}
