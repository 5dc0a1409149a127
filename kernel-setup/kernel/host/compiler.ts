// The host's interface to the compiler, which runs in a thread. The thread is replaced after an interrupt or its death.
import type { FromCompiler, Method, ToCompiler } from '../compiler/serve';
import type { Compiler as Api, CellMemory } from '../compiler/types';
import type { LocalModule } from '../process-messages';
import { LostNames } from './lost-names';

/** A thread that runs the compiler. */
export interface CompilerThread {
  post(call: ToCompiler): void;
  /** Terminates it at once. */
  end(): void;
}

export interface CompilerThreadEvents {
  onMessage(message: FromCompiler): void;
  /** Called if it ends by itself. */
  onDeath(error: Error): void;
}

interface Call {
  message: ToCompiler;
  resolve(value: never): void;
  reject(error: unknown): void;
  /** Whether its answer is no longer needed. */
  dropped: boolean;
}

type Compiled = ReturnType<Api['compile']>;

/** A compilation was interrupted. */
export class CompileInterrupted extends Error {}

/** The compiler ran out of memory. */
export class CompilerOutOfMemory extends Error {
  constructor() {
    super('its memory ran out');
  }
}

/** The compiler could not be loaded. */
export class CompilerNotLoaded extends Error {
  /** @param repair what the user can do about it */
  constructor(
    message: string,
    cause?: Error,
    readonly repair?: string,
  ) {
    super(message, { cause });
  }
}

/**
 * Milliseconds that an interrupted compilation may continue before its thread is replaced. An ordinary cell takes less
 * time than starting a new compiler.
 */
const interruptTimeout = 300;
/** The id of calls whose result is not used. */
const unasked = 0;

export class Compiler {
  private thread: CompilerThread | undefined;
  private loaded = false;
  private count = 0;
  /** Unanswered calls in order. */
  private readonly calls = new Map<number, Call>();
  /** Earlier cells, to be replayed to a new thread. */
  private readonly cells: [CellMemory, (readonly string[] | undefined)?][] = [];
  /** Names lost with their process. */
  readonly lost = new LostNames();
  /** Local modules of cells that did not run: the compiler does not send them again. */
  private readonly modules = new Map<string, LocalModule>();

  /**
   * @param startThread starts a thread
   * @param repair what the user can do if the compiler does not load
   */
  constructor(
    private readonly startThread: (events: CompilerThreadEvents) => CompilerThread,
    private readonly repair?: string,
  ) {
    this.start();
  }

  /** Calls the compiler. Its errors reject. */
  ask<M extends Method>(method: M, ...args: Parameters<Api[M]>): Promise<ReturnType<Api[M]>> {
    return new Promise((resolve, reject) => {
      const message = { id: ++this.count, method, args } as ToCompiler;
      this.calls.set(message.id, { message, resolve, reject, dropped: false });
      if (this.thread === undefined) this.start();
      else this.thread.post(message);
    });
  }

  /** @throws {CompileInterrupted} */
  async compile(...cell: Parameters<Api['compile']>): Promise<Compiled> {
    const compiled = await this.ask('compile', ...cell);
    if (!compiled.ok) return compiled;
    const modules = new Map([...this.modules, ...compiled.modules.map((module) => [module.path, module] as const)]);
    this.modules.clear();
    return { ...compiled, modules: [...modules.values()] };
  }

  remember(...cell: Parameters<Api['remember']>): void {
    this.cells.push(cell);
    this.lost.found(cell[0]);
    this.thread?.post({ id: unasked, method: 'remember', args: cell });
  }

  /** Forgets all cells, when the process in which they ran is gone. @param why the reason */
  reset(why = 'it ended'): void {
    for (const [memory, reached] of this.cells) this.lost.add(memory, reached, why);
    this.cells.length = 0;
    this.modules.clear();
    this.thread?.post({ id: unasked, method: 'reset', args: [] });
  }

  /** Cancels the compilations in progress. */
  interrupt(): void {
    const interrupted = [...this.calls.values()].filter(({ message, dropped }) => isCompile(message) && !dropped);
    for (const call of interrupted) {
      call.dropped = true;
      call.reject(new CompileInterrupted());
    }
    if (interrupted.length > 0) this.endUnlessDone(interrupted);
  }

  /** Replaces the thread, unless it is still loading: a new one would only load later. */
  private endUnlessDone(interrupted: readonly Call[]): void {
    setTimeout(() => {
      if (!interrupted.some((call) => this.calls.get(call.message.id) === call)) return;
      if (this.loaded) this.restart();
      else this.endUnlessDone(interrupted);
    }, interruptTimeout);
  }

  private start(): void {
    this.loaded = false;
    const thread = this.startThread({
      onMessage: (message) => {
        if (this.thread === thread) this.receive(message);
      },
      onDeath: (error) => {
        if (this.thread === thread) this.threadDied(error);
      },
    });
    this.thread = thread;
    for (const args of this.cells) thread.post({ id: unasked, method: 'remember', args });
    for (const { message } of this.calls.values()) thread.post(message);
  }

  private restart(): void {
    this.thread?.end();
    for (const [id, { dropped }] of this.calls) if (dropped) this.calls.delete(id);
    this.start();
  }

  private receive(message: FromCompiler): void {
    if (message.type === 'loaded') {
      this.loaded = true;
      return;
    }
    const call = this.calls.get(message.id);
    this.calls.delete(message.id);
    if (message.type === 'thrown') {
      if (call === undefined) console.error(message.error);
      call?.reject(message.error);
    } else {
      if (call?.dropped) this.keepModules(message.value as Compiled);
      call?.resolve(message.value as never);
    }
  }

  private keepModules(compiled: Compiled): void {
    if (compiled.ok) for (const module of compiled.modules) this.modules.set(module.path, module);
  }

  /**
   * Rejects the call in progress, or all calls if the thread never started. Only a waiting call starts a new thread, so a
   * thread that always dies does not loop.
   */
  private threadDied(error: Error): void {
    const failed = [...this.calls].slice(0, this.loaded ? 1 : undefined);
    const reason = this.loaded ? error : new CompilerNotLoaded(error.message, error, this.repair);
    for (const [id, call] of failed) {
      this.calls.delete(id);
      call.reject(reason);
    }
    this.thread = undefined;
    if (this.calls.size > 0) this.start();
  }
}

const isCompile = ({ method }: ToCompiler) => method === 'compile';
