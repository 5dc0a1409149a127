// JavaScript's engine and its host: timers, terminal, memory, compression, flags.
import timers from 'node:timers';
import { inspect as inspectInNode } from 'node:util';

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
