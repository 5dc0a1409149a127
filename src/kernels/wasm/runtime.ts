// What every family of WebAssembly kernels needs: what the engine can do, instances, and memory to compute in. Tensors
// live in ordinary arrays, where the garbage collector finds them; operands are copied into this memory for the time of
// one call, and results out of it.

import { allowRelaxedSimd, environment } from '../../platform';
import { Module } from './assembler';
import { f32x4 } from './instructions';

/** What we use of the global of that name, which TypeScript declares for browsers only. */
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
  /** Multiply and add in one rounding where the engine can, which is nearly twice as fast. */
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

/** Changes switches, for all that is computed from now on; returns the old ones. */
export function setSwitches(changes: Partial<Switches>): Switches {
  const before = { ...switches };
  Object.assign(switches, changes);
  for (const family of families) family.forget();
  return before;
}

let relaxed: boolean | undefined;

/** Whether fused multiply-add compiles. Some versions of Node have it only when they are asked to. */
function hasFma(): boolean {
  if (relaxed === undefined) {
    const probe = new Module();
    probe.define('probe', { x: 'v128' }, (f, { x }) => f.set(x, f32x4.fma(x, x, x)));
    const bytes = probe.bytes();
    // Asked for only where it is missing: an engine that no longer knows the flag prints an error.
    relaxed = WebAssembly!.validate(bytes) || (allowRelaxedSimd() && WebAssembly!.validate(bytes));
  }
  return relaxed;
}

/** What the kernels of a family are for. */
export interface Limits {
  /** Elements from which the copies into this memory and back are worth their while. */
  readonly worthwhile: number;
  /** Elements of a row above which it would occupy too much of this memory. */
  readonly longest?: number;
}

/** Kernels that are written, compiled and instantiated together when one of them is first needed. */
export class Family<Exports> {
  private exports: Exports | null | undefined;

  constructor(
    private readonly write: (fma: boolean) => Module,
    private readonly limits: Limits = { worthwhile: 0 },
  ) {
    families.add(this);
  }

  /** The kernels for so many float32 elements in such an array, in rows of `row`; `null` where loops compute them. */
  suited(x: ArrayBufferView, elements: number, row = 0): Exports | null {
    const { worthwhile, longest = Number.POSITIVE_INFINITY } = this.limits;
    return elements >= worthwhile && row <= longest && x instanceof Float32Array ? this.kernels : null;
  }

  /** The kernels; `null` where there is no WebAssembly or it is switched off. */
  get kernels(): Exports | null {
    if (this.exports === undefined) this.exports = this.instantiate();
    return this.exports;
  }

  private instantiate(): Exports | null {
    if (!switches.wasm || typeof WebAssembly !== 'object') return null;
    return newInstance(this.bytes(), scratch) as Exports;
  }

  /** The module, for {@link scratch} or for a memory that threads share and that may have so many pages. */
  bytes(sharedPages?: number): Uint8Array {
    return this.write(switches.fma && !switches.deterministic && hasFma()).bytes(sharedPages);
  }

  /** Makes the next use write the kernels again. */
  forget(): void {
    this.exports = undefined;
  }
}

const PAGE = 65536;
/** Memory grows by this at least: growing renews all views of it. */
const GROWTH = 16 * PAGE;

/** The functions of a module, on a memory. */
export function newInstance(bytes: Uint8Array, { wasm }: Memory): unknown {
  return new WebAssembly!.Instance(new WebAssembly!.Module(bytes), { env: { memory: wasm } }).exports;
}

/**
 * Memory of kernels, as arrays of elements. Kernels expect the first {@link reservedBytes} for themselves.
 * @param start where operands may begin
 * @param sharedPages how many pages there may be, if threads share it
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
   * Makes room for so many bytes; gives whether there is. Growing renews the arrays: take them afterwards.
   */
  reserve(bytes: number): boolean {
    if (bytes <= this.f32.byteLength) return true;
    const { wasm, sharedPages } = this;
    if (bytes > (sharedPages ?? Number.POSITIVE_INFINITY) * PAGE) return false;
    const missing = bytes - wasm.buffer.byteLength;
    if (missing > 0) wasm.grow(Math.ceil(missing / GROWTH) * (GROWTH / PAGE));
    // Even if there was enough: whoever made it grow may have been interrupted right then.
    this.renew(wasm);
    return true;
  }

  /** So many elements at an address: the array of the last time, where that is the same, since making one takes 40 ns. */
  part(at: number, n: number): Float32Array {
    const { last } = this;
    if (last.length !== n || last.byteOffset !== at) this.last = this.f32.subarray(at / 4, at / 4 + n);
    return this.last;
  }

  /** What {@link reserve} looks at comes last. */
  private renew({ buffer }: WasmMemory): void {
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.last = new Float32Array(buffer, 0, 0);
    this.f32 = new Float32Array(buffer);
  }
}

/** Bytes at the beginning of a memory that hold zeros, and what kernels keep for a moment. */
export const reservedBytes = 512;

/** The memory of all families. */
export const scratch: Memory = new Memory(reservedBytes);

/** What an operand of so many bytes occupies: kernels read and write up to four vectors beyond its end. */
export function padded(bytes: number): number {
  return (bytes + 127) & -64;
}
