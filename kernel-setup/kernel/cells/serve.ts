// Requests of the host to the cells, and their interruption.
import type { ErrorReport, ParentId, ToCells } from '../process-messages';
import { send } from './channel';
import { onCompiled } from './compile';
import { bundleOf } from './display/bundle';
import { lookUp, membersOf } from './display/live';
import { summaryOf } from './display/summary';
import { membersOfListed, shownVariable, variablesOf } from './display/variables';
import { reportOf } from './errors/errors';
import { forgetEarlier, forgetErrorsOf, sendLate, takeEarlier, takeUncaught } from './errors/uncaught';
import { cleanedUp, hasCleanup } from './interrupt/cleanup';
import type { Interrupts } from './interrupt/interrupt';
import type { installJupyter } from './jupyter';
import { beginTests, endTests } from './node/node-tests';
import { cancelRunning, enterParent, KernelInterrupt, leaveParent, nextTick, resetPoll } from './parent/parent';
import type { RunMessage, Runner } from './run';

/** A request that the host waits for: a cell or a comm handler. */
interface Running {
  /**
   * Answers at once, or after cleanup. Loops have already been stopped.
   * @param interrupt its number; another interrupt during cleanup answers at once
   */
  interrupt(interrupt: ParentId): void;
}

/** Wraps the report of an uncaught error of a cell. */
class Uncaught {
  constructor(readonly report: ErrorReport) {}
}

export class CellServer {
  /** Unanswered requests in order: a cell and, beside one that awaits, comm handlers. */
  private readonly running = new Map<ParentId, Running>();
  private begun: ParentId = 0;
  /** Names of cells, such as `Cell [3]`, by request. */
  private readonly files = new Map<ParentId, string>();
  /** Requests up to this number were interrupted before they arrived. */
  private overtaken: ParentId = 0;
  /** Requests from this number on came after an interrupt that is still to be delivered; `by` is its number once known. */
  private spared: { from: ParentId; by?: ParentId } | undefined;

  constructor(
    private readonly runner: Runner,
    private readonly jupyter: ReturnType<typeof installJupyter>,
    /** Is set to the running request, and returns its interrupt. */
    private readonly interrupts: Pick<Interrupts, 'setRunning' | 'latest' | 'clear'>,
  ) {}

  receive(message: ToCells): void {
    const { vars } = this.runner;
    if (message.type === 'run') this.runCell(message);
    else if (message.type === 'comm') this.handleComm(message);
    else if (message.type === 'compiled') onCompiled(message);
    else if (message.type === 'input-reply') this.jupyter.onInputReply(message.id, message.value);
    else if (message.type === 'summarize')
      send({ type: 'summary', id: message.id, text: summaryOf(lookUp(vars, message.of)) });
    else if (message.type === 'list-members')
      send({ type: 'members', id: message.id, members: membersOf(vars, message.of) });
    else if (message.type === 'list-variables') {
      const variables = message.of === undefined ? variablesOf(vars) : membersOfListed(message.of);
      send({ type: 'variables', id: message.id, variables });
    } else void shownVariable(vars, message.name).then((shown) => send({ type: 'shown', id: message.id, ...shown }));
  }

  /** Cancels the requests up to a number. Their loops have been stopped, or they await something. */
  interrupt(parentId: ParentId): void {
    if (this.spared !== undefined) {
      this.spared.by ??= parentId;
      if (this.spared.by !== parentId) this.spared = undefined;
    }
    this.overtaken = Math.max(this.overtaken, parentId);
    this.cancel(Math.min(parentId, (this.spared?.from ?? Number.POSITIVE_INFINITY) - 1), parentId);
  }

  private cancel(parentId: ParentId, interrupt: ParentId): void {
    resetPoll();
    const cancelled = [...this.running].filter(([id]) => id <= parentId);
    if (cancelled.length > 0) cancelRunning(interrupt);
    for (const [, one] of cancelled) one.interrupt(interrupt);
    this.interrupts.clear();
  }

  /**
   * Runs `body` until it ends or is interrupted, then answers. An interrupt may terminate any JavaScript, including this.
   * So nothing awaits a promise between an interrupt and its answer, except cleanup. If the answer is lost, the next
   * interrupt tries again.
   */
  private untilInterrupted<T>(
    parentId: ParentId,
    body: () => Promise<T>,
    onValue: (value: T) => void,
    onError: (error: unknown) => void,
  ): Running {
    const answer = (give: () => void) => {
      if (this.running.get(parentId) !== self) return;
      give();
      this.running.delete(parentId);
      leaveParent(parentId);
      this.tellRunning();
    };
    /** The interrupt whose cleanup runs; 0 if none. */
    let cleaningUp: ParentId = 0;
    const answerInterrupted = () => answer(() => onError(new KernelInterrupt()));
    const self: Running = {
      interrupt: (interrupt) => {
        const hasMore = hasCleanup(parentId);
        if (cleaningUp === 0 && hasMore) {
          cleaningUp = interrupt;
          send({ type: 'cleaning-up', parentId });
          void cleanedUp(parentId).then(answerInterrupted);
        } else if (cleaningUp !== interrupt || !hasMore) answerInterrupted();
      },
    };
    /** A request that ended because its child process was killed counts as interrupted. */
    const end = (give: () => void) => {
      const interrupt = this.interrupts.latest();
      if (parentId <= interrupt) {
        cancelRunning(interrupt);
        self.interrupt(interrupt);
      } else if (cleaningUp === 0) answer(give);
    };
    const latest = this.interrupts.latest();
    if (latest !== 0) {
      this.spared = { from: parentId };
      this.cancel(parentId, latest);
    }
    this.begun = parentId;
    this.running.set(parentId, self);
    this.tellRunning();
    // In the tick queue, which survives an interrupt. In Node's queues of immediates and timers, an interrupt would leave
    // entries that are never removed.
    nextTick(() => {
      if (this.running.get(parentId) !== self) return;
      enterParent(parentId);
      body().then(
        (value) => end(() => onValue(value)),
        (error: unknown) => end(() => onError(error)),
      );
    });
    return self;
  }

  private tellRunning(): void {
    const [first = 0] = this.running.keys();
    this.interrupts.setRunning(first, this.begun);
  }

  private runCell(message: RunMessage): void {
    const { parentId, names, keep } = message;
    this.runner.take(message);
    const before = keep ? this.runner.snapshot(names) : new Map();
    const isOvertaken = parentId <= Math.max(this.overtaken, this.interrupts.latest());
    const cell = this.untilInterrupted(
      parentId,
      async () => {
        this.jupyter.onRun(message);
        this.failByEarlier(message);
        beginTests();
        const { value, hasValue } = await this.runner.run(message);
        await endTests();
        const isShown = hasValue && value !== undefined;
        const result = isShown ? await bundleOf(value) : undefined;
        const uncaught = await takeUncaught(parentId);
        if (uncaught !== undefined) throw new Uncaught(uncaught);
        if (!isShown) return { reached: names };
        return { result, reached: keep ? [...names, ...this.runner.keepLast(value)] : names };
      },
      (done) => send({ type: 'done', parentId, ...done }),
      (error) => {
        const reached = keep ? this.runner.reached(names, before) : [];
        forgetErrorsOf(parentId);
        send({ type: 'done', parentId, error: error instanceof Uncaught ? error.report : reportOf(error), reached });
      },
    );
    if (isOvertaken) cell.interrupt(this.overtaken);
  }

  /** In runs without a front end, an uncaught error of an earlier cell fails the next one before it begins. */
  private failByEarlier({ parentId, file, allowStdin, unattended }: RunMessage): void {
    this.files.set(parentId, file);
    if (allowStdin) forgetEarlier();
    const earlier = unattended ? takeEarlier((id) => this.files.get(id)) : undefined;
    if (earlier !== undefined) throw new Uncaught(earlier);
  }

  /**
   * A comm message that arrives after its interrupt is still handled, because its state, such as a slider's value, is
   * valid.
   */
  private handleComm(message: Extract<ToCells, { type: 'comm' }>): void {
    const { parentId } = message;
    this.untilInterrupted(
      parentId,
      () => this.jupyter.onComm(message),
      ({ refused }) => send({ type: 'handled', parentId, refused }),
      (error) => {
        sendLate(parentId, reportOf(error));
        send({ type: 'handled', parentId });
      },
    );
  }
}
