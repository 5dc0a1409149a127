// Reading and writing files: errors name the file and its faulty part.

import { downloaded, reasonOf } from '../data/files';
import { describe } from '../describe';
import { FormatError, GradlabError, ValueError } from '../errors';
import { type OpenFile, openFile, writeFile } from '../platform';

export type { OpenFile };

/** Wraps bytes as an open file. */
export const inMemory = (bytes: Uint8Array): OpenFile => ({
  size: bytes.length,
  read: (from, to) => bytes.subarray(from, to),
  close: () => {},
});

/** @throws {ValueError} unless it is bytes. */
export function requireBytes(op: string, bytes: unknown): asserts bytes is Uint8Array {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]')
    throw new ValueError(`${op}: needs the bytes of a file as a Uint8Array, got ${describe(bytes)}`);
}

function requireFile(op: string, file: unknown): asserts file is string {
  if (typeof file !== 'string' || file === '')
    throw new ValueError(`${op}: file is ${describe(file)}; it must be a path or an address`);
}

/** Opens a file, or downloads an address. @throws {GradlabError} if it does not exist. */
export async function open(op: string, file: string): Promise<OpenFile> {
  requireFile(op, file);
  if (/^https?:/.test(file)) return inMemory(await downloaded(op, file));
  let opened: OpenFile | undefined;
  try {
    opened = await openFile(file);
  } catch (cause) {
    throw new GradlabError(`${op}: ${file} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (opened === undefined)
    throw new GradlabError(`${op}: there is no file ${file}; a path begins at the folder of the notebook`);
  return opened;
}

/** Opens a file, reads, and closes it. */
export async function reading<T>(op: string, file: string, read: (opened: OpenFile) => T | Promise<T>): Promise<T> {
  const opened = await open(op, file);
  try {
    return await read(opened);
  } finally {
    opened.close();
  }
}

/** Reads the bytes from one offset to before another. @throws {FormatError} if the file ends earlier. */
export function part(where: string, { read, size }: OpenFile, from: number, to: number, what: string): Uint8Array {
  if (to > size)
    throw new FormatError(
      `${where}: the file ends after ${size} bytes, within ${what}, which would end at ${to}; it has been cut short or is damaged`,
    );
  try {
    return read(from, to);
  } catch (cause) {
    throw new GradlabError(`${where}: ${what} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Writes a file atomically. @throws {GradlabError} if that fails; the old file stays. */
export async function write(op: string, file: string, pieces: Iterable<Uint8Array>): Promise<void> {
  requireFile(op, file);
  if (/^https?:/.test(file)) throw new ValueError(`${op}: ${file} is an address; files are written to paths`);
  try {
    await writeFile(file, pieces);
  } catch (cause) {
    if (cause instanceof GradlabError) throw cause;
    throw new GradlabError(`${op}: ${file} cannot be written: ${reasonOf(cause)}; what was there before is unchanged`, {
      cause,
    });
  }
}
