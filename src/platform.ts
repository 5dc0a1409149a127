// What the library needs of the machine that it runs on. This file alone imports Node's modules or uses Node's globals,
// so that a browser has but one file to replace.
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

// From the second start on, V8 takes what it made of the library's text from Node's compile cache (Node 22.8 and later): half
// the time of an import.
(process.getBuiltinModule('node:module') as { enableCompileCache?: () => void }).enableCompileCache?.();

/** Any value as text, as Node prints it. */
export const inspect: (value: unknown, options?: object) => string = inspectInNode;

/**
 * Runs `action` after so many milliseconds, even if the cell that asked for it has been interrupted by then; a script
 * does not wait for it at its end. Gives what takes it back.
 */
export function later(action: () => void, milliseconds: number): () => void {
  // The global timers of a cell do not outlive an interrupt.
  const timer = timers.setTimeout(action, milliseconds).unref();
  return () => clearTimeout(timer);
}

/** As {@link later}, as soon as what runs now is over. */
export function soon(action: () => void): () => void {
  const timer = timers.setImmediate(action);
  return () => clearImmediate(timer);
}

/**
 * Lets others have their turn, for so many milliseconds at least. Gives whether it goes on: not if the cell that asked for it has been
 * interrupted meanwhile.
 */
export function rest(milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    let goesOn = false;
    // Timers of a cell, unlike those of Node's module, do not outlive an interrupt; of one length, they come in their order.
    setTimeout(() => {
      goesOn = true;
    }, milliseconds);
    timers.setTimeout(() => resolve(goesOn), milliseconds);
  });
}

/** Where progress is written outside a notebook. */
export const terminal = {
  /** Whether a line can be written anew in place; `false` for a file or a pipe. */
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
 * All lists of claims, the nearest first: claims.json beside the notebook (its kernel starts in its folder) and in the folders
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

/** The path of a file beside the notebook, whether there is one or not. */
export const beside = (name: string, folder: string = process.cwd()): string => join(folder, name);

/** The files beside a notebook (its kernel starts in its folder) whose names end so, in alphabetical order. */
export function filesBeside(ending: string, folder: string = process.cwd()): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

/** What a CommonJS file exports, as it stands now, also in a folder whose package.json has ES modules. */
export function loadScript(file: string): unknown {
  const { compileFunction } = process.getBuiltinModule('node:vm');
  const module = { exports: {} as unknown };
  const run = compileFunction(readFileSync(file, 'utf8'), ['module', 'exports', 'require'], { filename: file });
  run(module, module.exports, createRequire(file));
  return module.exports;
}

/** The text of a file that {@link findClaims} or {@link filesBeside} has found. */
export function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

/** The folder of the package that this file belongs to: a build may stand some folders below it (`.gradlab/builds`). */
function packageFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return dirname(__dirname);
  }
}

/** The path of a file of that package. */
const inPackage = (...parts: string[]): string => join(packageFolder(), ...parts);

/** Where the two hundred pictures of Fashion-MNIST are that come with the package. */
export function samplePictures(): string {
  return inPackage('src', 'data', 'fashion-mnist', 'sample.idx.gz');
}

/** Where the handwritten digits are that come with the package. */
export function digitsFile(): string {
  return inPackage('src', 'data', 'digits', 'digits.idx.gz');
}

/** Where the files of a data set are looked for; what is downloaded goes into the first. */
export function dataFolders(name: string): string[] {
  return [inPackage('.gradlab', 'data', name), join('/usr/share/datasets', name)];
}

/** The path of a file in a folder. */
export function inFolder(folder: string, name: string): string {
  return join(folder, name);
}

/** How else to come by the files of a data set. @param files their names @param source where a reader finds them */
export function adviceOnData(name: string, _files: string, _source: string): string {
  return `on Debian \`apt install dataset-${name}\`; or name the folder that has the files, { root: '…' }`;
}

/** What a server answers: of a `Response`, whose type not every program has, what is used here. */
export interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What stands at an address; it fails when it stalls. */
export const fetched = (address: string): Promise<Answer> => fetchPatiently(address, 30_000);

/** What takes the bytes of an answer in, piece by piece. */
export type Receive = (answer: Answer) => Promise<Uint8Array>;

/** What a file holds; `undefined` if there is none. @param _receive used where it comes from a server, as in a page */
export async function readBytes(file: string, _receive?: Receive): Promise<Uint8Array | undefined> {
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** A file of which parts are read. */
export interface OpenFile {
  /** Its length in bytes when it was opened. */
  readonly size: number;
  /** The bytes from one position to before another. @throws if the file has become shorter. */
  read(from: number, to: number): Uint8Array;
  /** Lets go of the file, which happens by itself when nothing holds it any more. */
  close(): void;
}

const forgotten = new FinalizationRegistry(closeSync);

/** Opens a file to read parts of it; `undefined` if there is none. It stays what it is when another is put in its place. */
export async function openFile(file: string): Promise<OpenFile | undefined> {
  if (!existsSync(file)) return undefined;
  // To open a pipe would wait for its other end.
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

/** What one call of the system reads or writes. */
const mostAtOnce = 2 ** 30;

/** Writes a file and the folders it lies in, as {@link writeFile} does. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await writeFile(file, [bytes]);
}

let parts = 0;

/**
 * Writes a file, piece by piece. Whoever looks finds the whole file or what was there before, also after an interrupt, an error
 * of who makes the pieces, a full disk or a power cut.
 */
export async function writeFile(file: string, pieces: Iterable<Uint8Array>): Promise<void> {
  writeNow(file, pieces);
}

/**
 * As {@link writeFile}, with the folders that the file lies in: at once where files can be written so, as here; else, as in a page, it
 * gives what to wait for.
 */
export function writeAtOnce(file: string, pieces: Iterable<Uint8Array>): Promise<void> | undefined {
  mkdirSync(dirname(file), { recursive: true });
  writeNow(file, pieces);
  return undefined;
}

/** What a file holds, `undefined` if there is none; in a page, what to wait for. */
export function readAtOnce(file: string): Promise<Uint8Array | undefined> | Uint8Array | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}

/** Where files lie that nobody needs for long. */
export const temporaryFolder = (): string => process.getBuiltinModule('node:os').tmpdir();

/** Whether folders are made for files that lie in them. */
export const keepsFolders: boolean = true;

/** Whether files can be removed. */
export const removesFiles: boolean = true;

function writeNow(file: string, pieces: Iterable<Uint8Array>): void {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) throw new Error('what is there is not a file');
  // Where a link leads, not the link, is replaced.
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
  /** Adds bytes at the end, all or, if that fails, none. @param keep whether they are on the disk when this returns */
  append(bytes: Uint8Array, keep: boolean): void;
  /** Leaves so many bytes. */
  cut(size: number): void;
  close(): void;
}

/** Opens a file that grows, and makes it, with the folders that it lies in, where there is none. */
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

/** Makes a file with a text, whole at once, and says whether there was none before. */
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

/** A process: its machine, its number there, and when it began, as the system says it, for numbers are given again. */
export interface ProcessName {
  readonly host: string;
  readonly pid: number;
  readonly start: string;
}

let own: ProcessName | undefined;

/** The process that this runs in. */
export function thisProcess(): ProcessName {
  const host = process.getBuiltinModule('node:os').hostname();
  own ??= { host, pid: process.pid, start: startOf(process.pid) ?? '' };
  return own;
}

/** Whether a process still runs; one of another machine counts as running. */
export function isRunning({ host, pid, start }: ProcessName): boolean {
  return host !== thisProcess().host || startOf(pid) === start;
}

/** When a process began; `undefined` if there is none. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // Behind the program's name, which may have spaces and brackets itself: the state, and 19 numbers later the start.
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

/** Does nothing for so many milliseconds. */
export function pauseThread(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** A name that nobody else has. */
export function newName(): string {
  return process.getBuiltinModule('node:crypto').randomUUID();
}

/** Has the names in a folder on the disk, where the system can do that. */
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

/** What `deflate` has packed, without any header, piece by piece. @throws if it is damaged. */
export async function* inflateRaw(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const stream = process.getBuiltinModule('node:zlib').createInflateRaw({ chunkSize: 2 ** 16 });
  stream.end(bytes);
  yield* stream as AsyncIterable<Uint8Array>;
}

/** Packs by `deflate`, without any header. */
export async function deflateRaw(bytes: Uint8Array): Promise<Uint8Array> {
  return process.getBuiltinModule('node:zlib').deflateRawSync(bytes);
}

/** What gzip has packed. @throws if it is damaged. */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  return process.getBuiltinModule('node:zlib').gunzipSync(bytes);
}

/** The SHA-256 digest, in hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex');
}

/** What a variable of the environment says. */
export function environment(name: string): string | undefined {
  return process.env[name];
}

/**
 * Has the engine accept WebAssembly's relaxed SIMD, if it can do it but is not told so by itself (Node 20 and early
 * versions of 22). Gives whether it was asked.
 */
export function allowRelaxedSimd(): boolean {
  // Loaded here, since it loads Node's streams, which take milliseconds.
  process.getBuiltinModule('node:v8').setFlagsFromString('--experimental-wasm-relaxed-simd');
  return true;
}

/**
 * Has the system's allocator keep memory that the garbage collector has freed. Left to itself, glibc gives back arrays of
 * some hundred kilobytes when they are freed, and has the pages of the next ones brought in anew, which takes longer than most
 * work on them. Once something of up to 32 MB has been freed, it keeps what is smaller, up to 64 MB of it; so one array of that
 * size, whose pages nobody touches, is enough. Elsewhere this has no effect.
 */
export function keepFreedMemory(): void {
  // A call, because the bundler would leave out `new ArrayBuffer`.
  Buffer.allocUnsafeSlow(2 ** 25 - 2 ** 16);
}

let collectMinor: (() => void) | undefined;

/**
 * Has V8 look for garbage among what was made last, where it can be asked and gains by it. Gives how many bytes arrays hold, as
 * far as it has been counted.
 */
export function collectLatest(): number {
  collectMinor ??= minorCollection();
  collectMinor();
  return process.getBuiltinModule('node:v8').getHeapStatistics().external_memory;
}

function minorCollection(): () => void {
  // V8 11, that of Node 20, does so by itself, after each 32 MB.
  if (Number.parseInt(process.versions.v8 ?? '', 10) < 12) return () => {};
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  try {
    // V8 gives its function to contexts that are made while the flag is set.
    setFlagsFromString('--expose-gc');
    const collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as (options: object) => void;
    if (!('gc' in globalThis)) setFlagsFromString('--no-expose-gc');
    return () => collect({ type: 'minor' });
  } catch {
    // Bun has another engine, and not every version of Deno such flags.
    return () => {};
  }
}

/** How many threads can run at once. */
export function processors(): number {
  return process.getBuiltinModule('node:os').availableParallelism();
}

/**
 * Starts a thread that runs `program`, the text of a function, with a copy of `data`, in which memory that is shared stays
 * shared. The process does not wait for the thread at its end; `onEnd` is called if it ends before. Gives what ends it.
 */
export function startThread<T>(program: string, data: T, onEnd: () => void): () => void {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const thread = new Worker(`(${program})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: data,
    // Nothing that the process was started with concerns it.
    execArgv: [],
    env: {},
  });
  thread.unref();
  thread.on('error', onEnd);
  thread.on('exit', onEnd);
  return () => void thread.terminate();
}

/** A program of the package that runs beside this process. */
export interface Program {
  /** Sends it a line. */
  send(line: string): void;
  /** Ends it at once. */
  kill(): void;
}

/** How many letters of what a program says last on its error output are kept. */
const lastWords = 2000;

/**
 * Starts the package's program with a channel of lines beside its output, which is printed here. `end` is called once, with what
 * ended it, when all has been heard.
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
  // What ends a program ends its channel; that is told once, below.
  channel.on('error', () => {});
  child.on('error', (error) => end(`it could not be started: ${error.message}`));
  child.on('close', (code, signal) => {
    const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    end(`its process ${how}${said === '' ? '' : `: ${said.trim().split('\n').slice(-12).join('\n')}`}`);
  });
  return { send: (text) => channel.write(`${text}\n`), kill: () => void child.kill('SIGKILL') };
}

/** In a program that {@link startProgram} has started, who has started it; nothing else happens while it is heard. */
export const parent: { hear(): string | undefined; tell(line: string): void } = (() => {
  const chunk = new Uint8Array(2 ** 16);
  const decoder = new TextDecoder();
  let heard = '';
  return {
    /** The next line; `undefined` when none will come. */
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

/** Has this process end soon after the one that has started it, whatever it computes. */
export function endWithParent(): void {
  startThread(
    `({ parent }) => setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 250)`,
    { parent: process.ppid },
    () => {},
  );
}

/** The address of a module from which it can be imported: of a path, relative to the working directory, or an address. */
export function moduleAddress(module: string): string {
  if (module.startsWith('file:')) return module;
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  return pathToFileURL(resolve(module)).href;
}

/** A package that need not be installed; `undefined` if it is not. */
export function optionalPackage(name: string): unknown {
  for (const from of [packageFolder(), process.cwd()])
    try {
      return createRequire(join(from, 'package.json'))(name);
    } catch (error) {
      if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    }
  return undefined;
}
