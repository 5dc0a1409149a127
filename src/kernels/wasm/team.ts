// Threads that share a task: independent parts in shared memory. Each thread takes the next part when it has finished
// one, so a late thread leaves work to the others. The calling thread takes part, and can finish without them.
//
// All coordination is by numbers in that memory, and none of it needs to be undone. A caller that is cancelled in the
// middle of a task leaves parts that the others may continue. The next caller closes that task, and waits for the parts
// in progress before it writes anything. Parts read and write only this memory.

import { stretch, turn } from '../../cancellation';
import { startThread } from '../../platform';
import { type Family, Memory, newInstance, type WasmMemory, type WebAssemblyGlobal } from './runtime';

declare const WebAssembly: WebAssemblyGlobal;

/** Maximum threads of a team, including the caller. */
export const mostThreads = 64;

/** Positions of the numbers, in `int32`, after the reserved bytes of the kernels. */
const cell = {
  /** The task number; idle threads sleep until it changes. */
  task: 128,
  /** The parts not yet taken; negative after a thread found none. */
  left: 129,
  /** 1 if a thread failed to compute a part. */
  failed: 130,
  /** The number of the task's module. */
  module: 131,
  /** The number of modules, and the address and length of each. */
  modules: 132,
  module0: 133,
  /** The state of each thread, each in its own cache line. */
  states: 256,
  /** Each part: its first step and number of steps, its first turn and number of turns, its scratch memory. */
  parts: 2048,
  partCells: 8,
  /**
   * Each step: the index of the function among the module's exports, the number of arguments, the arguments, and their
   * increments per turn and per scratch memory.
   */
  steps: 32768,
} as const;
const lineCells = 16;
/** The maximum numbers of parts in a task, and of modules. */
const mostParts = 128;
const mostModules = 60;
/** Byte addresses from which modules, steps and operands are stored. */
const firstModule = 4 * (cell.parts + mostParts * cell.partCells);
const firstOperand = 2 ** 19;
/** Address space into which the memory may grow; a larger task runs without threads. */
const pages = 4096;

const state = { starting: 0, idle: 1, busy: 2 } as const;

/** Milliseconds one part may take before its thread counts as lost. */
const patience = 2000;
/** Milliseconds the caller sleeps before it polls for a cancellation. */
const nap = 20;
/** A task pays if it takes less than this share of the time in which the caller alone would have computed its parts. */
const worthwhile = 0.8;
/** Maximum tasks that the caller computes alone after one that did not pay. */
const longestPause = 64;

/** A call of a kernel, and the increments of its arguments per turn and per scratch memory. */
export interface Step {
  readonly name: string;
  readonly args: readonly number[];
  readonly perTurn?: readonly number[];
  readonly perRoom?: readonly number[];
}

/** Work that a thread does without interruption: steps, once for each turn from `first` on. */
export interface Part {
  readonly steps: readonly Step[];
  readonly first: number;
  readonly turns: number;
  /** The number of its scratch memory. */
  readonly room: number;
}

/**
 * Returns the steps of work that is the same in every turn and scratch memory except for addresses, which increase
 * linearly. They are derived from three calls of `compute`.
 */
export function stepsOf<Exports>(compute: (kernels: Exports, turn: number, room: number) => void): Step[] {
  const [steps, later, elsewhere] = [
    [0, 0],
    [1, 0],
    [0, 1],
  ].map(([turn, room]) => {
    const calls: { name: string; args: number[] }[] = [];
    const note =
      (_: object, name: string) =>
      (...args: number[]) =>
        void calls.push({ name, args });
    compute(new Proxy({}, { get: note }) as Exports, turn, room);
    return calls;
  });
  return steps.map(({ name, args }, i) => ({
    name,
    args,
    perTurn: later[i].args.map((v, j) => v - args[j]),
    perRoom: elsewhere[i].args.map((v, j) => v - args[j]),
  }));
}

interface Post {
  readonly memory: WasmMemory;
  readonly own: number;
  readonly at: typeof cell;
  readonly state: typeof state;
}

type Kernel = (...args: number[]) => void;

// A thread's code is sent as text, so it may not use outer variables.

/**
 * Takes parts of a task until none is left; returns how many. The task's kernels are looked up when a part is taken,
 * not before.
 */
function work(
  cells: Int32Array,
  kernelsOf: (module: number) => readonly Kernel[],
  at: typeof cell,
  afterStep: () => void,
): number {
  let taken = 0;
  for (let i = Atomics.sub(cells, at.left, 1) - 1; i >= 0; i = Atomics.sub(cells, at.left, 1) - 1) {
    const kernels = kernelsOf(cells[at.module]);
    taken++;
    const part = at.parts + i * at.partCells;
    const [steps, count, first, turns, room] = cells.subarray(part, part + 5);
    for (let turn = first; turn < first + turns; turn++)
      for (let step = 0, p = steps; step < count; step++) {
        const n = cells[p + 1];
        const args = new Array<number>(n);
        for (let j = 0, q = p + 2; j < n; j++, q++) args[j] = cells[q] + turn * cells[q + n] + room * cells[q + 2 * n];
        kernels[cells[p]](...args);
        afterStep();
        p += 2 + 3 * n;
      }
  }
  return taken;
}

/** Waits for tasks, and computes them. */
function serve({ memory, own, at, state }: Post, worker: typeof work): void {
  const cells = new Int32Array(memory.buffer);
  const bytes = new Uint8Array(memory.buffer);
  const modules: Kernel[][] = [];
  const load = () => {
    while (modules.length < Atomics.load(cells, at.modules)) {
      const [from, length] = cells.subarray(at.module0 + 2 * modules.length);
      const module = new WebAssembly.Module(bytes.slice(from, from + length));
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      modules.push(Object.values(exports as Record<string, Kernel>));
    }
    return modules;
  };
  for (;;) {
    const seen = Atomics.load(cells, at.task);
    try {
      // Load before taking a part, so that others do not wait for it.
      load();
      // First busy, then a part: a caller that has closed a task and sees no busy thread knows that none has a part.
      Atomics.store(cells, own, state.busy);
      worker(
        cells,
        (number) => load()[number],
        at,
        () => {},
      );
    } catch {
      Atomics.store(cells, at.failed, 1);
    }
    Atomics.store(cells, own, state.idle);
    Atomics.notify(cells, own);
    Atomics.wait(cells, at.task, seen);
  }
}

/** A family's kernels in the memory of a team. */
interface Shared {
  readonly number: number;
  readonly kernels: Readonly<Record<string, Kernel>>;
}

export class Team {
  /** Operands and results of tasks, from its `start` on; the caller may use it while {@link isFree}. */
  readonly memory: Memory = new Memory(firstOperand, pages);
  private readonly cells = new Int32Array(this.memory.wasm.buffer);
  private readonly bytes = new Uint8Array(this.memory.wasm.buffer);
  private readonly states: readonly number[];
  private readonly ends: readonly (() => void)[];
  private readonly modules = new Map<object, Shared>();
  private nextModule = firstModule;
  /** Whether the team can no longer be used. */
  isLost = false;
  /**
   * When the last task began and ended, and the time in which the caller alone would have computed its parts, in
   * milliseconds.
   */
  private began = 0;
  private ended = 0;
  private alone = 0;
  /** Multiplications per element, of the last task, and of the last that did not pay. */
  private gain = 0;
  private tooSmall = 0;
  /** How many similar tasks run without threads, and how many the next time. */
  private pausing = 0;
  private pause = 1;

  private constructor(
    readonly threads: number,
    start: typeof startThread,
  ) {
    this.states = Array.from({ length: threads - 1 }, (_, i) => cell.states + i * lineCells);
    const memory = this.memory.wasm;
    this.ends = this.states.map((own) =>
      start<Post>(`(post) => (${serve})(post, ${work})`, { memory, own, at: cell, state }, () => {
        this.isLost = true;
      }),
    );
  }

  /** Starts all threads except the caller's; `null` if threads or shared memory are not available. */
  static start(threads: number, start: typeof startThread = startThread): Team | null {
    if (typeof SharedArrayBuffer !== 'function') return null;
    try {
      return new Team(threads, start);
    } catch {
      return null;
    }
  }

  end(): void {
    this.isLost = true;
    for (const end of this.ends) end();
  }

  /**
   * Whether a task with this many multiplications per element can start: a thread has started, and none works on parts
   * left by an interrupt. A thread lost in the middle of a task may write at any time, so its team can no longer be
   * used.
   */
  isFree(gain: number): boolean {
    if (this.isLost || !this.states.some((own) => Atomics.load(this.cells, own) !== state.starting)) return false;
    this.judge();
    if (this.pausing > 0 && gain <= this.tooSmall) {
      this.pausing--;
      return false;
    }
    Atomics.store(this.cells, cell.left, 0);
    if (!this.waitForAll()) return false;
    this.gain = gain;
    this.began = this.ended = performance.now();
    this.alone = 0;
    return true;
  }

  /**
   * Updates whether the last task paid. The cost of copying depends on the machine, above all on whether processors
   * share a cache. On a busy machine a thread may hold a part while it waits for a processor, and the caller waits for
   * it.
   */
  private judge(): void {
    const { began, ended } = this;
    if (ended === began) return;
    this.began = ended;
    if (ended - began > worthwhile * this.alone) {
      this.tooSmall = this.gain;
      this.pausing = this.pause;
      this.pause = Math.min(2 * this.pause, longestPause);
    } else this.pause = 1;
  }

  /**
   * Runs all parts of a task with the kernels of one family. Returns `false`, with undefined results, if the memory is
   * too small or a thread fails: the caller then computes alone.
   */
  run(family: Family<unknown>, parts: readonly Part[]): boolean {
    const { cells } = this;
    const shared = this.shared(family);
    if (shared === null || !this.write(shared, parts)) return false;
    Atomics.store(cells, cell.module, shared.number);
    Atomics.store(cells, cell.left, parts.length);
    Atomics.add(cells, cell.task, 1);
    Atomics.notify(cells, cell.task);
    const began = performance.now();
    const taken = this.work(shared);
    const done = performance.now();
    if (!this.waitForAll()) return false;
    this.ended = performance.now();
    this.alone += ((done - began) * parts.length) / taken;
    if (Atomics.load(cells, cell.failed) === 0) return true;
    this.end();
    return false;
  }

  private work({ kernels }: Shared): number {
    const list = Object.values(kernels);
    return work(
      this.cells,
      () => list,
      cell,
      () => turn(stretch / 16),
    );
  }

  /** Writes the parts and their steps; returns whether they fit. */
  private write({ kernels }: Shared, parts: readonly Part[]): boolean {
    const { cells } = this;
    const places = new Map(Object.keys(kernels).map((name, i) => [name, i]));
    const written = new Map<Part['steps'], number>();
    if (parts.length > mostParts) return false;
    let end: number = cell.steps;
    for (const [i, { steps, first, turns, room }] of parts.entries()) {
      let at = written.get(steps);
      if (at === undefined) {
        at = end;
        end += steps.reduce((sum, { args }) => sum + 2 + 3 * args.length, 0);
        if (end > firstOperand / 4) return false;
        written.set(steps, at);
        let to = at;
        for (const { name, args, perTurn, perRoom } of steps) {
          const none = args.map(() => 0);
          cells.set([places.get(name)!, args.length, ...args, ...(perTurn ?? none), ...(perRoom ?? none)], to);
          to += 2 + 3 * args.length;
        }
      }
      cells.set([at, steps.length, first, turns, room], cell.parts + i * cell.partCells);
    }
    return true;
  }

  /**
   * A family's kernels in the memory of the team, for the caller only; `null` if there is no space for more modules.
   */
  kernels<Exports>(family: Family<Exports>): Exports | null {
    return (this.shared(family)?.kernels ?? null) as Exports | null;
  }

  /** Waits until no thread is computing a part; ends the team if one takes too long. */
  private waitForAll(): boolean {
    for (const own of this.states) {
      const last = performance.now() + patience;
      while (Atomics.load(this.cells, own) === state.busy) {
        const rest = last - performance.now();
        if (rest <= 0) {
          this.end();
          return false;
        }
        if (maySleep) {
          Atomics.wait(this.cells, own, state.busy, Math.min(rest, nap));
          turn(stretch);
        }
      }
    }
    return true;
  }

  private shared(family: Family<unknown>): Shared | null {
    const key = family.kernels as object;
    const known = this.modules.get(key);
    if (known !== undefined) return known;
    const bytes = family.bytes(pages);
    const at = this.nextModule;
    const number = Atomics.load(this.cells, cell.modules);
    if (number === mostModules || at + bytes.length > 4 * cell.steps) return null;
    // An interrupt may come after each step, so half-done changes must be harmless.
    this.nextModule += bytes.length;
    this.bytes.set(bytes, at);
    this.cells.set([at, bytes.length], cell.module0 + 2 * number);
    const shared = { number, kernels: newInstance(bytes, this.memory) as Record<string, Kernel> };
    Atomics.store(this.cells, cell.modules, number + 1);
    this.modules.set(key, shared);
    return shared;
  }
}

/** The main thread of a browser page may not sleep; it polls instead. */
const maySleep = (() => {
  try {
    // A value that differs from the stored one, so that it does not wait.
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1) === 'not-equal';
  } catch {
    return false;
  }
})();
