// Shared by all families of WebAssembly kernels: engine features, instances, and scratch memory. Tensors are in
// ordinary arrays, where the garbage collector finds them; operands are copied into this memory for one call, and
// results out of it.

import { allowRelaxedSimd, environment } from '../../platform';
import { Module } from './assembler';
import { f32x4 } from './instructions';

/** The part of the global `WebAssembly` that we use; TypeScript declares it for browsers only. */
export interface WebAssemblyGlobal {
  readonly Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  validate(bytes: Uint8Array): boolean;
}
declare const WebAssembly: WebAssemblyGlobal | undefined;

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Set by `GRADLAB_WASM=0` and `GRADLAB_FMA=0` in the environment, by `useDeterministicAlgorithms`, and in tests. */
export interface Switches {
  /** Use WebAssembly; else plain loops. */
  wasm: boolean;
  /** Use fused multiply-add if the engine has it, which is nearly twice as fast. */
  fma: boolean;
  /** Results do not depend on the processor. */
  deterministic: boolean;
}

export const switches: Readonly<Switches> = {
  wasm: environment('GRADLAB_WASM') !== '0',
  fma: environment('GRADLAB_FMA') !== '0',
  deterministic: false,
};

const families = new Set<Family<unknown>>();

/** Changes switches for all later computations; returns the old ones. */
export function setSwitches(changes: Partial<Switches>): Switches {
  const before = { ...switches };
  Object.assign(switches, changes);
  for (const family of families) family.forget();
  return before;
}

let relaxed: boolean | undefined;

/** Whether fused multiply-add compiles. Some versions of Node need a flag for it. */
function hasFma(): boolean {
  if (relaxed === undefined) {
    const probe = new Module();
    probe.define('probe', { x: 'v128' }, (f, { x }) => f.set(x, f32x4.fma(x, x, x)));
    const bytes = probe.bytes();
    // The flag is set only if the feature is missing: an engine that no longer knows the flag prints an error.
    relaxed = WebAssembly!.validate(bytes) || (allowRelaxedSimd() && WebAssembly!.validate(bytes));
  }
  return relaxed;
}

/** The sizes for which kernels of a family are used. */
export interface Limits {
  /** Minimum elements for which copying to this memory and back pays. */
  readonly worthwhile: number;
  /** Maximum row length; longer rows would occupy too much of this memory. */
  readonly longest?: number;
}

/** Kernels that are written, compiled and instantiated together on first use. */
export class Family<Exports> {
  private exports: Exports | null | undefined;

  constructor(
    private readonly write: (fma: boolean) => Module,
    private readonly limits: Limits = { worthwhile: 0 },
  ) {
    families.add(this);
  }

  /** Returns the kernels for this many float32 elements, in rows of `row`; `null` if loops should compute them. */
  suited(x: ArrayBufferView, elements: number, row = 0): Exports | null {
    const { worthwhile, longest = Number.POSITIVE_INFINITY } = this.limits;
    return elements >= worthwhile && row <= longest && x instanceof Float32Array ? this.kernels : null;
  }

  /** The kernels; `null` if WebAssembly is not available or switched off. */
  get kernels(): Exports | null {
    if (this.exports === undefined) this.exports = this.instantiate();
    return this.exports;
  }

  private instantiate(): Exports | null {
    if (!switches.wasm || typeof WebAssembly !== 'object') return null;
    return newInstance(this.bytes(), scratch) as Exports;
  }

  /** The module's bytes, for {@link scratch}, or for memory shared by threads with up to this many pages. */
  bytes(sharedPages?: number): Uint8Array {
    return this.write(switches.fma && !switches.deterministic && hasFma()).bytes(sharedPages);
  }

  /** Drops the kernels; the next use compiles them again. */
  forget(): void {
    this.exports = undefined;
  }
}

const PAGE = 65536;
/** Memory grows by at least this much, because growing replaces all views of it. */
const GROWTH = 16 * PAGE;

/** Instantiates a module on a memory; returns its exports. */
export function newInstance(bytes: Uint8Array, { wasm }: Memory): unknown {
  return new WebAssembly!.Instance(new WebAssembly!.Module(bytes), { env: { memory: wasm } }).exports;
}

/**
 * Memory of kernels, as typed arrays. Kernels use the first {@link reservedBytes} themselves.
 * @param start first address for operands
 * @param sharedPages maximum pages, if threads share it
 */
export class Memory {
  private made: WasmMemory | null = null;
  f32: Float32Array = new Float32Array(0);
  f64: Float64Array = new Float64Array(0);
  i32: Int32Array = new Int32Array(0);
  u8: Uint8Array = new Uint8Array(0);
  private last = this.f32;

  constructor(
    readonly start: number,
    readonly sharedPages?: number,
  ) {}

  get wasm(): WasmMemory {
    if (this.made === null) {
      const { sharedPages } = this;
      const limits = sharedPages === undefined ? {} : { maximum: sharedPages, shared: true };
      this.made = new WebAssembly!.Memory({ initial: GROWTH / PAGE, ...limits });
      this.renew(this.made);
    }
    return this.made;
  }

  /**
   * Grows the memory to this many bytes; returns whether that succeeded. Growing replaces the arrays, so read them
   * afterwards.
   */
  reserve(bytes: number): boolean {
    if (bytes <= this.f32.byteLength) return true;
    const { wasm, sharedPages } = this;
    if (bytes > (sharedPages ?? Number.POSITIVE_INFINITY) * PAGE) return false;
    const missing = bytes - wasm.buffer.byteLength;
    if (missing > 0) wasm.grow(Math.ceil(missing / GROWTH) * (GROWTH / PAGE));
    // Even if there was enough: an interrupt may have cancelled the caller right after it grew the memory.
    this.renew(wasm);
    return true;
  }

  /** Returns `n` elements at an address. The last array is reused if it matches, since creating one takes 40 ns. */
  part(at: number, n: number): Float32Array {
    const { last } = this;
    if (last.length !== n || last.byteOffset !== at) this.last = this.f32.subarray(at / 4, at / 4 + n);
    return this.last;
  }

  /** The field that {@link reserve} checks is set last. */
  private renew({ buffer }: WasmMemory): void {
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.last = new Float32Array(buffer, 0, 0);
    this.f32 = new Float32Array(buffer);
  }
}

/** Address and size of the table in normal-distribution.ts; before it are zeros and the kernels' scratch values. */
export const tableAt = 512;
export const tableBytes: number = 32320;
/** Bytes at the beginning of a memory that kernels use themselves. */
export const reservedBytes: number = tableAt + tableBytes;

/** The memory of all families. */
export const scratch: Memory = new Memory(reservedBytes);

/** Returns the size of an operand of `bytes` with padding: kernels read and write up to four vectors beyond its end. */
export function padded(bytes: number): number {
  return (bytes + 127) & -64;
}
