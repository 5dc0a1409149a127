// Files as the compiler reads them, and those that it keeps so that the next kernel starts faster.
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** Plain ASCII, as most sources are, is read ten times as fast when it is not decoded. */
export function readText(file: string): string {
  const bytes = fs.readFileSync(file);
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}

/** Differs when the file has changed; empty if there is none. */
export function stampOf(file: string): string {
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    // The second time is the system's: a copy, or an archive, sets the first one as it was.
    return stat === undefined ? '' : `${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}`;
  } catch {
    return ''; // a part of the path is a file
  }
}

interface Kept<T> {
  /** The program that has made it. */
  by: string;
  /** What it was made of: files and their stamps. */
  from: [file: string, stamp: string][];
  value: T;
}

const self = `${__filename} ${stampOf(__filename)}`;

/**
 * What `make` gives: kept in `folder`, if one is given, as long as the files are the same that it reads.
 * @param name with the whole path of what it is made of: notebooks with packages of their own share the folder
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

/** By way of another name: kernels that start meanwhile see nothing or all. Without it they only start more slowly. */
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
