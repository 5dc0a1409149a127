// Reading and writing files, atomically where it matters.
import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Answer, fetchPatiently } from './fetching';

/** Downloads from an address; it rejects when it stalls. */
export const fetched = (address: string): Promise<Answer> => fetchPatiently(address, 30_000);

/** Receives the bytes of a response piece by piece. */
export type Receive = (answer: Answer) => Promise<Uint8Array>;

/** Reads a file; `undefined` if it does not exist. @param _receive used for a download, as in a page */
export async function readBytes(file: string, _receive?: Receive): Promise<Uint8Array | undefined> {
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** A file of which parts are read. */
export interface OpenFile {
  /** Its length in bytes when it was opened. */
  readonly size: number;
  /** The bytes from one position to before another. @throws if the file has become shorter. */
  read(from: number, to: number): Uint8Array;
  /** Releases the file; garbage collection does it otherwise. */
  close(): void;
}

const forgotten = new FinalizationRegistry(closeSync);

/** Opens a file for partial reads; `undefined` if it does not exist. The content stays the same if the file is replaced. */
export async function openFile(file: string): Promise<OpenFile | undefined> {
  if (!existsSync(file)) return undefined;
  // Opening a pipe would block until its other end opens.
  if (!statSync(file).isFile()) throw new Error('it is not a file');
  const descriptor = openSync(file, 'r');
  let isOpen = true;
  const opened: OpenFile = {
    size: fstatSync(descriptor).size,
    read(from, to) {
      if (!isOpen) throw new Error('it has been closed');
      const bytes = new Uint8Array(to - from);
      for (let at = 0, count = 0; at < bytes.length; at += count) {
        count = readSync(descriptor, bytes, at, Math.min(bytes.length - at, mostAtOnce), from + at);
        if (count === 0) throw new Error(`it has become shorter while it was read, ${from + at} bytes`);
      }
      return bytes;
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
      forgotten.unregister(opened);
    },
  };
  forgotten.register(opened, descriptor, opened);
  return opened;
}

/** Bytes that one system call reads or writes. */
const mostAtOnce = 2 ** 30;

/** Writes a file as {@link writeFile} does, and creates its folders. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await writeFile(file, [bytes]);
}

/**
 * Writes a file from pieces, atomically. Readers find the whole new file or the old one, also after an interrupt, an error of
 * the iterator, a full disk or a power cut.
 */
export async function writeFile(file: string, pieces: Iterable<Uint8Array>): Promise<void> {
  writeNow(file, pieces);
}

/**
 * As {@link writeFile}, with the folders: synchronously if the system can do it, as here. A page returns a promise.
 */
export function writeAtOnce(file: string, pieces: Iterable<Uint8Array>): Promise<void> | undefined {
  mkdirSync(dirname(file), { recursive: true });
  writeNow(file, pieces);
  return undefined;
}

/** Reads a file; `undefined` if it does not exist. A page returns a promise. */
export function readAtOnce(file: string): Promise<Uint8Array | undefined> | Uint8Array | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** Whether writing a file creates its folders. */
export const keepsFolders: boolean = true;

/** Whether files can be removed. */
export const removesFiles: boolean = true;

let parts = 0;

function writeNow(file: string, pieces: Iterable<Uint8Array>): void {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) throw new Error('what is there is not a file');
  // Replaces the target of a link, not the link.
  const target = before === undefined ? file : realpathSync(file);
  const part = `${target}.${process.pid}-${++parts}.part`;
  let descriptor: number | undefined = openSync(part, 'wx');
  try {
    if (before !== undefined) fchmodSync(descriptor, before.mode);
    for (const piece of pieces)
      for (let at = 0; at < piece.length; )
        at += writeSync(descriptor, piece, at, Math.min(piece.length - at, mostAtOnce));
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(part, target);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(part, { force: true });
  }
  keepName(dirname(target));
}

/** A file that grows at its end; others may write to it, too. */
export interface GrowingFile {
  /** Its length in bytes, now. */
  size(): number;
  /** The bytes from a position to the end. */
  readFrom(from: number): Uint8Array;
  /** Appends all bytes, or none if that fails. @param keep whether to flush them to the disk */
  append(bytes: Uint8Array, keep: boolean): void;
  /** Truncates the file to `size` bytes. */
  cut(size: number): void;
  close(): void;
}

/** Opens a growing file; creates it and its folders if needed. */
export function openGrowing(file: string): GrowingFile {
  const isNew = !existsSync(file);
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, 'a+');
  if (isNew) keepName(dirname(file));
  const size = () => fstatSync(descriptor).size;
  return {
    size,
    readFrom(from) {
      const bytes = new Uint8Array(Math.max(0, size() - from));
      let at = 0;
      for (let count = -1; count !== 0 && at < bytes.length; at += count)
        count = readSync(descriptor, bytes, at, bytes.length - at, from + at);
      return bytes.subarray(0, at);
    },
    append(bytes, keep) {
      const before = size();
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
        if (keep) fsyncSync(descriptor);
      } catch (error) {
        ftruncateSync(descriptor, before);
        throw error;
      }
    },
    cut: (size) => ftruncateSync(descriptor, size),
    close: () => closeSync(descriptor),
  };
}

/** Creates a file with a text atomically. Returns `false` if it existed before. */
export function createFile(file: string, text: string): boolean {
  const part = `${file}.${process.pid}-${++parts}.part`;
  const descriptor = openSync(part, 'wx');
  try {
    writeSync(descriptor, text);
    closeSync(descriptor);
    linkSync(part, file);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
}

/** Removes a file, if it is there. */
export function removeFile(file: string): void {
  rmSync(file, { force: true });
}

/** A text file; `undefined` if there is none. */
export function textIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Flushes a folder to the disk, so that renames in it are durable, where the system supports that. */
function keepName(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows and some network drives have no such call.
  }
}
