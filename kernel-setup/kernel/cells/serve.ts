// What the host asks of the cells, one request after the other, and how an interrupt ends it.
import type { ErrorReport, ParentId, ToCells } from '../process-messages';
import { send } from './channel';
import { onCompiled } from './compile';
import { bundleOf } from './display/bundle';
import { membersOf } from './display/live';
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

/** What the host waits for: a cell, or the handler of a comm message. */
interface Running {
  /**
   * Answers, at once or when it has tidied up; what runs in a loop has been ended before.
   * @param interrupt the number of the interrupt: another one answers in any case
   */
  interrupt(interrupt: ParentId): void;
}

/** The report of an error that nothing in a cell caught. */
class Uncaught {
  constructor(readonly report: ErrorReport) {}
}

export class CellServer {
  /** What has not been answered, in the order in which it came: a cell, and beside one that awaits, handlers. */
  private readonly running = new Map<ParentId, Running>();
  private begun: ParentId = 0;
  /** What cells are called, such as `Cell [3]`, by their requests. */
  private readonly files = new Map<ParentId, string>();
  /** Up to which cells were interrupted on their way here, faster than they came. */
  private overtaken: ParentId = 0;
  /** From which request on an interrupt ends nothing, which was heard of before they came: as yet, or that of a number. */
  private spared: { from: ParentId; by?: ParentId } | undefined;

  constructor(
    private readonly runner: Runner,
    private readonly jupyter: ReturnType<typeof installJupyter>,
    /** Is told which request runs, and asked whether it has been interrupted. */
    private readonly interrupts: Pick<Interrupts, 'setRunning' | 'latest' | 'clear'>,
  ) {}

  receive(message: ToCells): void {
    const { vars } = this.runner;
    if (message.type === 'run') this.runCell(message);
    else if (message.type === 'comm') this.handleComm(message);
    else if (message.type === 'compiled') onCompiled(message);
    else if (message.type === 'input-reply') this.jupyter.onInputReply(message.id, message.value);
    else if (message.type === 'summarize')
      send({ type: 'summary', id: message.id, text: summaryOf(vars, message.name) });
    else if (message.type === 'list-members')
      send({ type: 'members', id: message.id, members: membersOf(vars, message.of) });
    else if (message.type === 'list-variables') {
      const variables = message.of === undefined ? variablesOf(vars) : membersOfListed(message.of);
      send({ type: 'variables', id: message.id, variables });
    } else void shownVariable(vars, message.name).then((shown) => send({ type: 'shown', id: message.id, ...shown }));
  }

  /** Ends the requests up to a number: what ran in a loop has been ended already, or waits for something. */
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
   * Runs `body` until it ends or an interrupt comes, and then answers. An interrupt may end any JavaScript, this as well:
   * so nothing waits for a promise between an interrupt and its answer, unless the cell has something to tidy up; and until
   * it is given, the next interrupt tries again.
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
    /** The interrupt after which it tidies up; 0 if it does not. */
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
    /** What ends because its child process was ended has been interrupted, even if nothing has told it so. */
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
    // In the queue of ticks, which an interrupt leaves whole: in Node's queues of immediates and timers it would leave
    // entries behind that are never taken out.
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

  /** In a run without a front end an uncaught error of an earlier cell fails the next one before it begins. */
  private failByEarlier({ parentId, file, allowStdin, unattended }: RunMessage): void {
    this.files.set(parentId, file);
    if (allowStdin) forgetEarlier();
    const earlier = unattended ? takeEarlier((id) => this.files.get(id)) : undefined;
    if (earlier !== undefined) throw new Uncaught(earlier);
  }

  /** A message that an interrupt has overtaken is handled: what it says is so, as where a slider stands. */
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
