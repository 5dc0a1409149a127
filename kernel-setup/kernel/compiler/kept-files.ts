// Files that the compiler reads, and its cache files.
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** ASCII, as in most sources, is read ten times as fast without decoding. */
export function readText(file: string): string {
  const bytes = fs.readFileSync(file);
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}

/** Changes when the file changes; empty if it does not exist. */
export function stampOf(file: string): string {
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    // ctime is set by the system: copies and archives restore mtime.
    return stat === undefined ? '' : `${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}`;
  } catch {
    return ''; // a part of the path is a file
  }
}

interface Kept<T> {
  /** The program that wrote it. */
  by: string;
  /** The files it was made of, with their stamps. */
  from: [file: string, stamp: string][];
  value: T;
}

const self = `${__filename} ${stampOf(__filename)}`;

/**
 * The result of `make`, cached in `folder`, if given, until one of the files that it reads changes.
 * @param name with the full path of its source: notebooks with different packages share the folder
 */
export function kept<T>(folder: string | undefined, name: string, make: (read: typeof readText) => T): T {
  const file = folder === undefined ? undefined : keptFile(folder, shortened(name));
  const before = file === undefined ? undefined : (unpack(file) as Kept<T> | undefined);
  if (before?.by === self && before.from.every(([one, stamp]) => stampOf(one) === stamp)) return before.value;
  const from: Kept<T>['from'] = [];
  const value = make((one) => {
    from.push([one, stampOf(one)]);
    return readText(one);
  });
  if (file !== undefined) write(file, serialize({ by: self, from, value } satisfies Kept<T>));
  return value;
}

const shortened = (name: string) =>
  `${path.basename(name)}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;

export const keptFile = (folder: string, name: string): string => path.join(folder, `${name}-${process.version}.v8`);

export function readIfThere(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

function unpack(file: string): unknown {
  try {
    return deserialize(fs.readFileSync(file));
  } catch {
    return undefined;
  }
}

/** Writes atomically by renaming. Failures are ignored: kernels then only start more slowly. */
export function write(file: string, data: Uint8Array): void {
  const unfinished = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(unfinished, data);
    fs.renameSync(unfinished, file);
  } catch {
    if (fs.existsSync(unfinished)) fs.rmSync(unfinished, { force: true });
  }
}
