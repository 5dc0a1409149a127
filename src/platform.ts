// Functions of the host system. Only this file imports Node's modules or uses Node's globals, so that a browser replaces one
// file.
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
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import timers from 'node:timers';
import { inspect as inspectInNode } from 'node:util';
import { fetchPatiently } from './fetching';

// From the second start on, V8 loads the compiled library from Node's compile cache (Node 22.8 and later): half the time of an
// import.
(process.getBuiltinModule('node:module') as { enableCompileCache?: () => void }).enableCompileCache?.();

/** Any value as text, as Node prints it. */
export const inspect: (value: unknown, options?: object) => string = inspectInNode;

/**
 * Runs `action` after `milliseconds`, even if the cell that requested it was interrupted. A script does not wait for it
 * before it exits. Returns a cancel function.
 */
export function later(action: () => void, milliseconds: number): () => void {
  // An interrupt cancels timers that a cell made by the global functions.
  const timer = timers.setTimeout(action, milliseconds).unref();
  return () => clearTimeout(timer);
}

/** As {@link later}, as soon as the running code is over. */
export function soon(action: () => void): () => void {
  const timer = timers.setImmediate(action);
  return () => clearImmediate(timer);
}

/** Yields to the event loop for at least `milliseconds`. Resolves to `false` if the cell was interrupted meanwhile. */
export function rest(milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    let goesOn = false;
    // An interrupt cancels a cell's global timers, but not those of Node's module. Timers of one length fire in their order.
    setTimeout(() => {
      goesOn = true;
    }, milliseconds);
    timers.setTimeout(() => resolve(goesOn), milliseconds);
  });
}

/** Where progress is written outside a notebook. */
export const terminal = {
  /** Whether a line can be rewritten in place; `false` for a file or a pipe. */
  get isLive(): boolean {
    return process.stderr.isTTY === true;
  },
  get columns(): number {
    return process.stderr.columns;
  },
  write(text: string): void {
    process.stderr.write(text);
  },
};

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

/** Runs a CommonJS file again and returns its exports, also in a folder whose package.json declares ES modules. */
export function loadScript(file: string): unknown {
  const { compileFunction } = process.getBuiltinModule('node:vm');
  const module = { exports: {} as unknown };
  const run = compileFunction(readFileSync(file, 'utf8'), ['module', 'exports', 'require'], { filename: file });
  run(module, module.exports, createRequire(file));
  return module.exports;
}

/** Reads a file that {@link findClaims} or {@link filesBeside} found. */
export function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

/** Returns the folder of the package of this file: a build may be some folders below it (`.gradlab/builds`). */
function packageFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return dirname(__dirname);
  }
}

/** Returns the path of a file of this package. */
const inPackage = (...parts: string[]): string => join(packageFolder(), ...parts);

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

/** The part of a `Response` that is used here; its type is not declared in every program. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

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

let parts = 0;

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

/** Returns the system's folder for temporary files. */
export const temporaryFolder = (): string => process.getBuiltinModule('node:os').tmpdir();

/** Whether writing a file creates its folders. */
export const keepsFolders: boolean = true;

/** Whether files can be removed. */
export const removesFiles: boolean = true;

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

/** A process: machine, process id and start time as the system reports it, because ids are reused. */
export interface ProcessName {
  readonly host: string;
  readonly pid: number;
  readonly start: string;
}

let own: ProcessName | undefined;

/** Returns the name of this process. */
export function thisProcess(): ProcessName {
  const host = process.getBuiltinModule('node:os').hostname();
  own ??= { host, pid: process.pid, start: startOf(process.pid) ?? '' };
  return own;
}

/** Whether a process still runs; one of another machine counts as running. */
export function isRunning({ host, pid, start }: ProcessName): boolean {
  return host !== thisProcess().host || startOf(pid) === start;
}

/** Returns the start time of a process; `undefined` if it does not exist. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // After the program's name, which may contain spaces and brackets: the state, and 19 fields later the start time.
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    }
    process.kill(pid, 0);
    if (process.platform === 'win32') return 'running';
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'latin1' }).trim() || undefined;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM' ? 'running' : undefined;
  }
}

/** Blocks the thread for `milliseconds`. */
export function pauseThread(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Returns a unique name. */
export function newName(): string {
  return process.getBuiltinModule('node:crypto').randomUUID();
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

/** Decompresses raw `deflate` data piece by piece. @throws if it is damaged. */
export async function* inflateRaw(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const stream = process.getBuiltinModule('node:zlib').createInflateRaw({ chunkSize: 2 ** 16 });
  stream.end(bytes);
  yield* stream as AsyncIterable<Uint8Array>;
}

/** Compresses by raw `deflate`. */
export async function deflateRaw(bytes: Uint8Array): Promise<Uint8Array> {
  return process.getBuiltinModule('node:zlib').deflateRawSync(bytes);
}

/** Decompresses gzip data. @throws if it is damaged. */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  return process.getBuiltinModule('node:zlib').gunzipSync(bytes);
}

/** Returns the SHA-256 digest in hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex');
}

/** Returns an environment variable. */
export function environment(name: string): string | undefined {
  return process.env[name];
}

/**
 * Enables WebAssembly's relaxed SIMD where it is behind a flag (Node 20 and early versions of 22). Returns whether it tried.
 */
export function allowRelaxedSimd(): boolean {
  // Loaded here, since it loads Node's streams, which take milliseconds.
  process.getBuiltinModule('node:v8').setFlagsFromString('--experimental-wasm-relaxed-simd');
  return true;
}

/**
 * Makes the system's allocator keep freed memory. By default glibc returns arrays of some hundred kilobytes to the system, and
 * page faults of the next arrays take longer than most operations. After an allocation of up to 32 MB was freed, glibc keeps
 * smaller ones, up to 64 MB in all. One array whose pages are not touched is enough. On other systems this has no effect.
 */
export function keepFreedMemory(): void {
  // A call, because the bundler would leave out `new ArrayBuffer`.
  Buffer.allocUnsafeSlow(2 ** 25 - 2 ** 16);
}

/** Returns a buffer whose bytes are arbitrary: zeroing a megabyte takes longer than adding two. */
export function unsetBuffer(bytes: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(bytes).buffer;
}

let collectMinor: (() => void) | undefined;

/**
 * Runs a minor collection where V8 exposes one and gains by it. Returns the bytes held by arrays, as far as V8 has counted
 * them.
 */
export function collectLatest(): number {
  collectMinor ??= minorCollection();
  collectMinor();
  return process.getBuiltinModule('node:v8').getHeapStatistics().external_memory;
}

function minorCollection(): () => void {
  if (Number.parseInt(process.versions.v8 ?? '', 10) < 12) return () => {};
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  try {
    // V8 gives `gc` only to contexts made while the flag is set.
    setFlagsFromString('--expose-gc');
    const collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as (options: object) => void;
    if (!('gc' in globalThis)) setFlagsFromString('--no-expose-gc');
    return () => collect({ type: 'minor' });
  } catch {
    // Bun has another engine, and some versions of Deno lack such flags.
    return () => {};
  }
}

/** Returns the number of threads that can run at once. */
export function processors(): number {
  return process.getBuiltinModule('node:os').availableParallelism();
}

/**
 * Starts a thread that runs `program`, the text of a function, with a copy of `data`; shared memory stays shared. The process
 * exits without waiting for the thread. `onEnd` is called if the thread ends earlier. Returns a function that terminates it.
 */
export function startThread<T>(program: string, data: T, onEnd: () => void): () => void {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const thread = new Worker(`(${program})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: data,
    // The thread needs neither the flags nor the environment of the process.
    execArgv: [],
    env: {},
  });
  thread.unref();
  thread.on('error', onEnd);
  thread.on('exit', onEnd);
  return () => void thread.terminate();
}

/** A child process that runs a program of the package. */
export interface Program {
  /** Sends it a line. */
  send(line: string): void;
  /** Ends it at once. */
  kill(): void;
}

/** The number of characters kept from the end of the error output. */
const lastWords = 2000;

/**
 * Starts the package's program with a channel of lines; its output is printed here. `end` is called once with the reason, after
 * the last line of the channel.
 */
export function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { line, end }: { line(text: string): void; end(reason: string): void },
): Program {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(process.execPath, [inPackage('bin', 'gradlab.cjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let said = '';
  child.stdout?.on('data', (bytes: Uint8Array) => void process.stdout.write(bytes));
  child.stderr?.on('data', (bytes: Uint8Array) => {
    process.stderr.write(bytes);
    said = (said + bytes).slice(-lastWords);
  });
  const channel = child.stdio[3] as unknown as {
    setEncoding(encoding: string): void;
    on(event: string, listener: (text: string) => void): void;
    write(text: string): void;
  };
  let begun = '';
  channel.setEncoding('utf8');
  channel.on('data', (text) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop()!;
    for (const whole of lines) line(whole);
  });
  // A dying child also breaks its channel; the exit handler below reports it once.
  channel.on('error', () => {});
  child.on('error', (error) => end(`it could not be started: ${error.message}`));
  child.on('close', (code, signal) => {
    const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    end(`its process ${how}${said === '' ? '' : `: ${said.trim().split('\n').slice(-12).join('\n')}`}`);
  });
  return { send: (text) => channel.write(`${text}\n`), kill: () => void child.kill('SIGKILL') };
}

/** In a program started by {@link startProgram}, the channel to its parent. `hear` blocks the thread. */
export const parent: { hear(): string | undefined; tell(line: string): void } = (() => {
  const chunk = new Uint8Array(2 ** 16);
  const decoder = new TextDecoder();
  let heard = '';
  return {
    /** Returns the next line; `undefined` at the end of the channel. */
    hear() {
      let end = heard.indexOf('\n');
      for (; end < 0; end = heard.indexOf('\n')) {
        const count = readSync(3, chunk);
        if (count === 0) return undefined;
        heard += decoder.decode(chunk.subarray(0, count), { stream: true });
      }
      const line = heard.slice(0, end);
      heard = heard.slice(end + 1);
      return line;
    },
    tell(line) {
      const bytes = new TextEncoder().encode(`${line}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
    },
  };
})();

/** Ends this process soon after its parent has ended, even during a computation. */
export function endWithParent(): void {
  startThread(
    `({ parent }) => setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 250)`,
    { parent: process.ppid },
    () => {},
  );
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
