// The host's interface to the cell process, with answers as promises.

import { lastResult } from '../given-names';
import type {
  CommMessage,
  ErrorReport,
  FromCells,
  LiveExpression,
  LiveMember,
  LocalModule,
  ParentId,
  ToCells,
  Variable,
} from '../process-messages';
import { type Death, reportCannotStart, reportDeath, reportDetached, reportHung } from './deaths';
import { messageFromCells } from './from-cells';
import type { Outputs } from './output';
import { newParentId } from './parent-ids';

type Done = Extract<FromCells, { type: 'done' }>;
type Handled = Extract<FromCells, { type: 'handled' }>;
type Comm = Extract<FromCells, { type: 'comm' }>;
/** Answers about live values. */
type Seen = Extract<FromCells, { type: 'summary' | 'members' | 'variables' | 'shown' }>;
type InputRequest = Extract<FromCells, { type: 'input-request' }>;
type RunMessage = Extract<ToCells, { type: 'run' }>;

/** The cell process. It is replaced when it dies. */
export interface CellProcess {
  send(message: ToCells): void;
  /** Cancels the requests up to a number, including those still in transit. */
  interrupt(parentId: ParentId): void;
  /** Kills a process that does not answer. A new one starts. */
  kill(): void;
  /** Stops the process for good. */
  stop(): Promise<void>;
  /** Resolves when all native output written so far has been reported. */
  outputRead(): Promise<void>;
}

export interface CellProcessEvents {
  /** Receives any value, valid or not. */
  onMessage(message: unknown): void;
  /** Receives output written directly to descriptor 1 or 2: by a child process, native code or V8. */
  onNativeOutput(name: 'stdout' | 'stderr', text: string): void;
  /** The process has ended. A new one has been started, unless `cannotStart`. */
  onDeath(death: Death, cannotStart: boolean): void;
}

interface Waiting {
  /** The place of the cell, for the report of a death. */
  where: string;
  done(message: Done | Handled): void;
  died(error: ErrorReport): void;
}

/** Rejection of requests that the process did not answer before it died. */
export class ProcessDied extends Error {
  constructor(readonly report: ErrorReport) {
    super(report.evalue);
  }
}

/** Milliseconds that an inspection waits for live values: timers of earlier cells may block the process. */
const inspectionTimeout = 500;

/** Milliseconds from an interrupt to the message about a second one. */
const interruptTimeout = 1000;

export class Cells {
  /** Called when a process has ended and its variables are lost. @param why the reason */
  onLoss: (why: string) => void = () => {};
  onComm: (message: Comm) => void = () => {};
  onInputRequest: (message: InputRequest) => void = () => {};
  /** Compiles a local file and its imports. */
  onCompile: (file: string) => Promise<LocalModule[]> = () => Promise.resolve([]);

  /** Called when a cell has been sent. */
  onBegin: () => void = () => {};

  /** Unanswered requests in order: a cell, and comm handlers beside it. */
  private readonly waiting = new Map<ParentId, Waiting>();
  private last: { parentId: ParentId; where: string } = { parentId: 0, where: 'before the first cell' };
  private readonly pendingInspections = new Map<number, (seen: Seen | null) => void>();
  private inspectionCount = 0;
  private lastListed: readonly Variable[] = [];
  private cannotStart: ErrorReport | undefined;
  /** Names that cells have declared. */
  private readonly names = new Set<string>();
  /** Runs from an interrupt until its answer. */
  private interruptTimer: NodeJS.Timeout | undefined;
  /** Whether an interrupt was not answered in time, and the user has been told so. */
  private isHung = false;
  /** Whether the process is being replaced because it did not answer an interrupt. */
  private unanswered = false;
  /** The reason, if the process is being replaced because of an invalid message. */
  private protocolError: string | undefined;
  private outputs: Outputs | undefined;
  /** Commands of detached children, by process id. */
  private readonly detached = new Map<number, string>();
  private readonly process: CellProcess;

  /** @param startProcess starts the process, and restarts it when it dies */
  constructor(startProcess: (events: CellProcessEvents) => CellProcess) {
    this.process = startProcess({
      onMessage: (message) => this.receiveAny(message),
      onNativeOutput: (name, text) => this.outputs?.write(this.last.parentId, name, text),
      onDeath: (death, cannotStart) => this.processDied(death, cannotStart),
    });
  }

  /** Sets the destination of output. The process starts before the sockets are open. */
  showIn(outputs: Outputs): void {
    this.outputs = outputs;
  }

  /** @throws {ProcessDied} */
  async run(message: Omit<RunMessage, 'type'>): Promise<Done> {
    return (await this.request({ type: 'run', ...message }, `in ${message.file}`)) as Done;
  }

  /** @throws {ProcessDied} */
  async handleComm(parentId: ParentId, requestId: string, message: CommMessage): Promise<Handled> {
    const whole = { type: 'comm', parentId, requestId, ...message } as const;
    return (await this.request(whole, 'while a widget was changed')) as Handled;
  }

  replyToInput(id: number, value: string | null): void {
    this.process.send({ type: 'input-reply', id, value });
  }

  /** Whether a cell or comm handler has not been answered yet. */
  get isRunning(): boolean {
    return this.waiting.size > 0;
  }

  /** A summary of a variable's live value; `null` if it has none or a cell is running. */
  async summarize(name: string): Promise<string | null> {
    return this.names.has(name) || name === lastResult ? this.summarizeLive({ name }) : null;
  }

  /** A summary of a live value; `null` if it has none or a cell is running. */
  async summarizeLive(of: LiveExpression): Promise<string | null> {
    const answer = await this.inspect((id) => ({ type: 'summarize', id, of }));
    return answer?.type === 'summary' ? answer.text : null;
  }

  /** The members of a live value; empty if it has none or a cell is running. */
  async members(of: LiveExpression): Promise<LiveMember[]> {
    const answer = await this.inspect((id) => ({ type: 'list-members', id, of }));
    return answer?.type === 'members' ? answer.members : [];
  }

  /**
   * All variables, or the members of one. While a cell runs, the last known variables.
   * @param of the number of a listed variable
   */
  async variables(of?: number): Promise<readonly Variable[]> {
    const answer = await this.inspect((id) => ({ type: 'list-variables', id, of }));
    const found = answer?.type === 'variables' ? answer.variables : undefined;
    if (of !== undefined) return found ?? [];
    if (found !== undefined) this.lastListed = found;
    return this.lastListed;
  }

  /** The bundle of a variable; empty if it does not exist or a cell is running. */
  async show(name: string): Promise<Pick<Extract<Seen, { type: 'shown' }>, 'data' | 'metadata'>> {
    const answer = await this.inspect((id) => ({ type: 'show-variable', id, name }));
    return answer?.type === 'shown' ? { data: answer.data, metadata: answer.metadata } : {};
  }

  private inspect(question: (id: number) => ToCells): Promise<Seen | null> {
    if (this.isRunning) return Promise.resolve(null);
    const id = ++this.inspectionCount;
    return new Promise((resolve) => {
      const settle = (seen: Seen | null) => {
        clearTimeout(timer);
        this.pendingInspections.delete(id);
        resolve(seen);
      };
      const timer = setTimeout(() => settle(null), inspectionTimeout);
      this.pendingInspections.set(id, settle);
      this.process.send(question(id));
    });
  }

  /**
   * Interrupts the running requests. If the process does not answer in time, as in a long native call, the user is told
   * so, and the next interrupt kills the process. So variables are never lost without warning.
   */
  interrupt(): void {
    // A number above those of all requests sent so far.
    this.process.interrupt(newParentId());
    const [first] = this.waiting.values();
    if (first === undefined || this.interruptTimer !== undefined) return;
    if (this.isHung) {
      this.unanswered = true;
      this.process.kill();
      return;
    }
    this.interruptTimer = setTimeout(() => {
      this.interruptTimer = undefined;
      if (![...this.waiting.values()].includes(first)) return;
      this.isHung = true;
      this.outputs?.write(this.last.parentId, 'stderr', `${reportHung(this.last.where, [...this.names])}\n`);
    }, interruptTimeout);
  }

  /** Stops the process and its children. @returns a message about detached children, which continue */
  async stop(): Promise<string[]> {
    await this.process.stop();
    return reportDetached(this.detachedOnes());
  }

  /** Returns and forgets the detached children that still run. */
  private detachedOnes(): string[] {
    const ones = [...this.detached].map(([pid, command]) => `${command} (process ${pid})`);
    this.detached.clear();
    return ones;
  }

  private request(message: Extract<ToCells, { parentId: ParentId }>, where: string): Promise<Done | Handled> {
    if (this.cannotStart !== undefined) return Promise.reject(new ProcessDied(this.cannotStart));
    const { parentId } = message;
    // Comm handlers may run beside a cell; native output belongs to the cell.
    if (!this.isRunning) this.last = { parentId, where };
    return new Promise((resolve, reject) => {
      this.waiting.set(parentId, {
        where,
        done: resolve,
        died: (report) => reject(new ProcessDied(report)),
      });
      this.process.send(message);
      if (message.type === 'run') this.onBegin();
    });
  }

  /** If it does not compile, loading it fails. */
  private async compile({ id, path }: Extract<FromCells, { type: 'compile' }>): Promise<void> {
    const modules = await this.onCompile(path).catch(() => []);
    this.process.send({ type: 'compiled', id, modules });
  }

  /** An invalid message ends the process that sent it, not the host. */
  private receiveAny(message: unknown): void {
    if (this.protocolError !== undefined) return;
    try {
      this.receive(messageFromCells(message));
    } catch (error) {
      this.protocolError = error instanceof Error ? error.message : String(error);
      this.process.kill();
    }
  }

  private receive(message: FromCells): void {
    switch (message.type) {
      case 'ready':
        return;
      case 'done':
      case 'handled':
        this.settle(message);
        return;
      case 'cleaning-up':
        // The process responds, so it has not hung. Another interrupt ends the cleanup.
        this.clearInterruptTimer();
        return;
      case 'summary':
      case 'members':
      case 'variables':
      case 'shown':
        this.pendingInspections.get(message.id)?.(message);
        return;
      case 'detached':
        if (message.command === undefined) this.detached.delete(message.pid);
        else this.detached.set(message.pid, message.command);
        return;
      case 'comm':
        this.onComm(message);
        return;
      case 'input-request':
        this.onInputRequest(message);
        return;
      case 'compile':
        void this.compile(message);
        return;
      default:
        this.outputs?.put(message);
    }
  }

  private settle(message: Done | Handled): void {
    const waiting = this.waiting.get(message.parentId);
    if (waiting === undefined) return;
    const [first] = this.waiting.values();
    if (message.type === 'done') for (const name of message.reached) if (name !== lastResult) this.names.add(name);
    this.waiting.delete(message.parentId);
    if (waiting === first) this.clearInterruptTimer();
    // Native output uses separate pipes, so read what has been written so far first.
    void this.process.outputRead().then(() => waiting.done(message));
  }

  private clearInterruptTimer(): void {
    clearTimeout(this.interruptTimer);
    this.interruptTimer = undefined;
    this.isHung = false;
  }

  private processDied(death: Death, cannotStart: boolean): void {
    const { unanswered, protocolError } = this;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    this.clearInterruptTimer();
    this.unanswered = false;
    this.protocolError = undefined;
    const report = reportDeath(
      { ...death, unanswered, protocolError },
      waiting[0]?.where ?? `after it was idle (last ran: ${this.last.where})`,
      [...this.names],
      this.detachedOnes(),
    );
    this.names.clear();
    this.lastListed = [];
    if (cannotStart) this.cannotStart = reportCannotStart(death);
    for (const settle of [...this.pendingInspections.values()]) settle(null);
    this.onLoss(report.evalue);
    for (const one of waiting) one.died(this.cannotStart ?? report);
    // A failed download is retried with the next cell, which reports it if it fails again.
    if (waiting.length === 0 && death.download === undefined)
      this.outputs?.write(this.last.parentId, 'stderr', `${report.traceback.join('\n')}\n`);
  }
}
