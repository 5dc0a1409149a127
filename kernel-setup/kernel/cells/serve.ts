// What the host asks of the cells, one request after the other, and how an interrupt ends it.
import type { ParentId, ToCells } from '../process-messages';
import { bundleOf } from './bundle';
import { send } from './channel';
import { onCompiled } from './compile';
import { reportOf } from './errors';
import type { Interrupts } from './interrupt';
import type { installJupyter } from './jupyter';
import { membersOf } from './live';
import { abandon, enterParent, KernelInterrupt, lastParent, nextTick } from './parent';
import type { RunMessage, Runner } from './run';
import { summaryOf } from './summary';

/** What the host waits for: a cell, or the handler of a comm message. */
interface Running {
  parentId: ParentId;
  /** Answers at once; what runs in a loop has been ended before. */
  interrupt(): void;
}

/** An error that nobody has caught. */
export function reportUncaught(thrown: unknown): void {
  // What an interrupt has ended may have had nobody waiting for it; the cell itself has been answered.
  if (!(thrown instanceof KernelInterrupt)) reportLate(lastParent(), thrown);
}

function reportLate(parentId: ParentId, thrown: unknown): void {
  send({ type: 'late-error', parentId, error: reportOf(thrown) });
}

export class CellServer {
  private running: Running | undefined;
  /** The last request that has begun. */
  private begun: ParentId = 0;
  /** A request that was interrupted on its way here, faster than it came. */
  private overtaken: ParentId = 0;

  constructor(
    private readonly runner: Runner,
    private readonly jupyter: ReturnType<typeof installJupyter>,
    /** Is told which request runs, and asked whether it has been interrupted. */
    private readonly interrupts: Pick<Interrupts, 'setRunning' | 'hasInterrupted'>,
  ) {}

  receive(message: ToCells): void {
    const { vars } = this.runner;
    if (message.type === 'run') this.runCell(message);
    else if (message.type === 'comm') this.handleComm(message);
    else if (message.type === 'compiled') onCompiled(message);
    else if (message.type === 'input-reply') this.jupyter.onInputReply(message.id, message.value);
    else if (message.type === 'summarize')
      send({ type: 'summary', id: message.id, text: summaryOf(vars, message.name) });
    else send({ type: 'members', id: message.id, members: membersOf(vars, message.of) });
  }

  /** Ends a request: what ran in a loop has been ended already, or waits for something. */
  interrupt(parentId: ParentId): void {
    if (this.running?.parentId === parentId) this.running.interrupt();
    else if (parentId > this.begun) this.overtaken = parentId;
  }

  /**
   * Runs `body` until it ends or an interrupt comes, and then answers. An interrupt may end any JavaScript, this as well:
   * so nothing waits for a promise between an interrupt and its answer, and until it is given, the next interrupt tries again.
   */
  private untilInterrupted<T>(
    parentId: ParentId,
    body: () => Promise<T>,
    onValue: (value: T) => void,
    onError: (error: unknown) => void,
  ): void {
    const answer = (give: () => void) => {
      if (this.running !== self) return;
      give();
      this.running = undefined;
      this.interrupts.setRunning(0);
    };
    const self: Running = {
      parentId,
      interrupt: () => {
        abandon();
        answer(() => onError(new KernelInterrupt()));
      },
    };
    /** What ends because its child process was ended has been interrupted, even if nothing has told it so. */
    const end = (give: () => void) => {
      if (this.interrupts.hasInterrupted(parentId)) self.interrupt();
      else answer(give);
    };
    this.running = self;
    this.interrupts.setRunning(parentId);
    this.begun = parentId;
    if (parentId === this.overtaken) {
      self.interrupt();
      return;
    }
    // In the queue of ticks, which an interrupt leaves whole: in Node's queues of immediates and timers it would leave
    // entries behind that are never taken out.
    nextTick(() => {
      body().then(
        (value) => end(() => onValue(value)),
        (error: unknown) => end(() => onError(error)),
      );
    });
  }

  private runCell(message: RunMessage): void {
    const { parentId, names, keep } = message;
    enterParent(parentId);
    this.jupyter.onRun(message);
    this.runner.take(message);
    const before = keep ? this.runner.snapshot(names) : new Map();
    this.untilInterrupted(
      parentId,
      async () => {
        const { value, hasValue } = await this.runner.run(message);
        if (!hasValue || value === undefined) return { reached: names };
        const result = await bundleOf(value);
        return { result, reached: keep ? [...names, ...this.runner.keepLast(value)] : names };
      },
      (done) => send({ type: 'done', parentId, ...done }),
      (error) => {
        const reached = keep ? this.runner.reached(names, before) : [];
        send({ type: 'done', parentId, error: reportOf(error), reached });
      },
    );
  }

  private handleComm(message: Extract<ToCells, { type: 'comm' }>): void {
    const { parentId } = message;
    enterParent(parentId);
    this.untilInterrupted(
      parentId,
      () => this.jupyter.onComm(message),
      ({ refused }) => send({ type: 'handled', parentId, refused }),
      (error) => {
        reportLate(parentId, error);
        send({ type: 'handled', parentId });
      },
    );
  }
}
