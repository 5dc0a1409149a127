// Threads that share a task: parts that do not depend on each other, on one memory that all see. Each takes the next part
// when it is done with one, so that a thread that is late, or has no processor, leaves the work to the others; the thread
// that asks takes part, and needs none of them to get through.
//
// All agreement is by numbers in that memory, and none of it must be undone: a caller that is stopped in the middle of a
// task (an interrupt) leaves parts that the others may go on with, and the next caller closes that task, and waits for
// what is in hand, before it writes anything. What parts read and write is no memory but this one.

import { stretch, turn } from '../../cancellation';
import { startThread } from '../../platform';
import { type Family, Memory, newInstance, type WasmMemory, type WebAssemblyGlobal } from './runtime';

declare const WebAssembly: WebAssemblyGlobal;

/** The most threads of a team, with the one that asks. */
export const mostThreads = 64;

/** Where the numbers stand, counted in `int32`, behind what kernels reserve. */
const cell = {
  /** Numbers the tasks: threads that have nothing to do sleep until it changes. */
  task: 128,
  /** How many parts nobody has taken yet; below zero where somebody asked in vain. */
  left: 129,
  /** 1 when a thread could not compute what it had taken. */
  failed: 130,
  /** The number of the module that the task needs. */
  module: 131,
  /** How many modules there are, and the address and length of each. */
  modules: 132,
  module0: 133,
  /** The state of each thread, in a line of the cache of its own. */
  states: 256,
  /** Each part: where its steps are and how many, its first turn and how many, its room. */
  parts: 2048,
  partCells: 8,
  /**
   * Each step: the function's place among the exports of the module, how many arguments it has, the arguments, what is added
   * to each in every turn, and what for every room.
   */
  steps: 32768,
} as const;
const lineCells = 16;
/** The most parts of a task, and modules. */
const mostParts = 128;
const mostModules = 60;
/** Bytes from here on hold modules, up to the steps, up to the operands. */
const firstModule = 4 * (cell.parts + mostParts * cell.partCells);
const firstOperand = 2 ** 19;
/** Address space that the memory may grow into; a larger task is done without it. */
const pages = 4096;

const state = { starting: 0, idle: 1, busy: 2 } as const;

/** How long, in milliseconds, one part may take before the thread that has taken it counts as lost. */
const patience = 2000;
/** How long the caller sleeps, in milliseconds, before it looks whether it is to be stopped. */
const nap = 20;
/** A task pays if it takes less than this part of the time that the caller alone would have taken for its parts. */
const worthwhile = 0.8;
/** The most tasks that the caller does alone after one that did not pay. */
const longestPause = 64;

/** A call of a kernel, and what is added to its arguments in every turn, and for every room. */
export interface Step {
  readonly name: string;
  readonly args: readonly number[];
  readonly perTurn?: readonly number[];
  readonly perRoom?: readonly number[];
}

/** What one thread does without interruption: steps, once for each turn from `first` on. */
export interface Part {
  readonly steps: readonly Step[];
  readonly first: number;
  readonly turns: number;
  /** Where it has memory of its own. */
  readonly room: number;
}

/**
 * The steps of work that is the same in every turn and room but for addresses, which turns and rooms move by as much each
 * time: read from three calls of `compute`.
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

// What a thread runs travels as text: nothing in it may come from outside.

/**
 * Takes parts of a task until there are none; gives how many. Which kernels the task needs is known when a part is taken, not
 * before.
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

/** Waits for tasks, and works. */
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
      // Before it takes a part, for others need not wait so long.
      load();
      // Busy first, and then a part: whoever has closed a task and sees nobody busy knows that nobody is.
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
  /** Where operands and results of tasks are, from its `start` on; for the caller while {@link isFree}. */
  readonly memory: Memory = new Memory(firstOperand, pages);
  private readonly cells = new Int32Array(this.memory.wasm.buffer);
  private readonly bytes = new Uint8Array(this.memory.wasm.buffer);
  private readonly states: readonly number[];
  private readonly ends: readonly (() => void)[];
  private readonly modules = new Map<object, Shared>();
  private nextModule = firstModule;
  /** Whether it is of no use any more. */
  isLost = false;
  /** When the last task began and ended, and how long the caller alone would have taken for its parts, in milliseconds. */
  private began = 0;
  private ended = 0;
  private alone = 0;
  /** Multiplications for each element, of the last task, and of the last that did not pay. */
  private gain = 0;
  private tooSmall = 0;
  /** How many tasks that are no better are done without the others, and how many the next time. */
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

  /** Starts all threads but the caller's; `null` where there are none, or no memory that they could share. */
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
   * Whether a task with so many multiplications for each element can be given now: some thread has started, and none works on what an interrupt has left. One that was
   * lost in the middle of a task may write to the memory at any time, so that the team is of no use any more.
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
   * Whether the last task has paid. What it cost to copy depends on the machine, above all on whether processors have a
   * cache in common; and where they are taken, a thread may wait for one with a part in hand, and the caller with it.
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
   * Does all parts of a task with the kernels of one family. Gives `false`, and what results are there is undefined, if there
   * is no room for so much, or a thread fails: the caller then computes alone.
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

  /** Writes the parts and their steps; gives whether there is room for them. */
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

  /** A family's kernels in the memory of the team, for the caller alone; `null` where there is no room for more of them. */
  kernels<Exports>(family: Family<Exports>): Exports | null {
    return (this.shared(family)?.kernels ?? null) as Exports | null;
  }

  /** Waits until no thread has a part in hand; ends the team if one keeps it too long. */
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
    // An interrupt may come after each step: what it leaves half done is not used.
    this.nextModule += bytes.length;
    this.bytes.set(bytes, at);
    this.cells.set([at, bytes.length], cell.module0 + 2 * number);
    const shared = { number, kernels: newInstance(bytes, this.memory) as Record<string, Kernel> };
    Atomics.store(this.cells, cell.modules, number + 1);
    this.modules.set(key, shared);
    return shared;
  }
}

/** A page of a browser may not sleep in its main thread, and asks again and again. */
const maySleep = (() => {
  try {
    // Another number than what stands there, so that it does not wait.
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1) === 'not-equal';
  } catch {
    return false;
  }
})();
