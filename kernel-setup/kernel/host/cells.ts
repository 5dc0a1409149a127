// What the host asks of the process of the cells, with its answers as promises.

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
/** What was seen of live values. */
type Seen = Extract<FromCells, { type: 'summary' | 'members' | 'variables' | 'shown' }>;
type InputRequest = Extract<FromCells, { type: 'input-request' }>;
type RunMessage = Extract<ToCells, { type: 'run' }>;

/** What runs the cells: a process that is replaced when it dies. */
export interface CellProcess {
  send(message: ToCells): void;
  /** Ends a request, which may be on its way yet, and what else runs. */
  interrupt(parentId: ParentId): void;
  /** Ends a process that answers nothing; a new one is started. */
  kill(): void;
  /** Ends the process for good. */
  stop(): Promise<void>;
  /** Waits until native output that has been written has been reported. */
  outputRead(): Promise<void>;
}

export interface CellProcessEvents {
  /** Whatever it has sent. */
  onMessage(message: unknown): void;
  /** What was written to descriptor 1 or 2 behind JavaScript's back: by a child process, by native code, by V8. */
  onNativeOutput(name: 'stdout' | 'stderr', text: string): void;
  /** The process has ended; a new one has been started, unless `cannotStart`. */
  onDeath(death: Death, cannotStart: boolean): void;
}

interface Waiting {
  /** Where it runs, for the report of a death. */
  where: string;
  done(message: Done | Handled): void;
  died(error: ErrorReport): void;
}

/** The process ended before it answered. */
export class ProcessDied extends Error {
  constructor(readonly report: ErrorReport) {
    super(report.evalue);
  }
}

/** How long, in milliseconds, an inspection waits for the live value: timers of earlier cells may keep the process busy. */
const inspectionTimeout = 500;

/** How long, in milliseconds, an interrupted cell has to end before its reader is told what would end it. */
const interruptTimeout = 1000;

export class Cells {
  /** Called when a process has ended with all its variables. @param why it has */
  onLoss: (why: string) => void = () => {};
  onComm: (message: Comm) => void = () => {};
  onInputRequest: (message: InputRequest) => void = () => {};
  /** Gives a local file, compiled, with those that it imports. */
  onCompile: (file: string) => Promise<LocalModule[]> = () => Promise.resolve([]);

  /** Called when a cell has been sent on its way. */
  onBegin: () => void = () => {};

  /** What has not been answered, in the order in which it was sent: a cell, and handlers beside it. */
  private readonly waiting = new Map<ParentId, Waiting>();
  private last: { parentId: ParentId; where: string } = { parentId: 0, where: 'before the first cell' };
  private readonly pendingInspections = new Map<number, (seen: Seen | null) => void>();
  private inspectionCount = 0;
  private lastListed: readonly Variable[] = [];
  private cannotStart: ErrorReport | undefined;
  /** What cells have declared. */
  private readonly names = new Set<string>();
  /** Runs from an interrupt to its answer. */
  private interruptTimer: NodeJS.Timeout | undefined;
  /** An interrupt has not been answered in time, and the reader knows what another one costs. */
  private isHung = false;
  /** The process is being replaced because it did not answer an interrupt. */
  private unanswered = false;
  /** Why the process is being replaced, if it has sent what is no message. */
  private protocolError: string | undefined;
  private outputs: Outputs | undefined;
  /** Children that were started to outlive the process: what each runs, by its number. */
  private readonly detached = new Map<number, string>();
  private readonly process: CellProcess;

  /** @param startProcess starts the process, and another one whenever one has died */
  constructor(startProcess: (events: CellProcessEvents) => CellProcess) {
    this.process = startProcess({
      onMessage: (message) => this.receiveAny(message),
      onNativeOutput: (name, text) => this.outputs?.write(this.last.parentId, name, text),
      onDeath: (death, cannotStart) => this.processDied(death, cannotStart),
    });
  }

  /** Where output goes, from now on: the process starts before there are sockets. */
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

  /** Whether a cell or a handler has been sent that has not been answered. */
  get isRunning(): boolean {
    return this.waiting.size > 0;
  }

  /** The live value of a variable in a few lines; `null` if there is none, or a cell is running. */
  async summarize(name: string): Promise<string | null> {
    const answer = await this.inspect((id) => ({ type: 'summarize', id, name }));
    return answer?.type === 'summary' ? answer.text : null;
  }

  /** What a live value holds; nothing if it has no value, or a cell is running. */
  async members(of: LiveExpression): Promise<LiveMember[]> {
    const answer = await this.inspect((id) => ({ type: 'list-members', id, of }));
    return answer?.type === 'members' ? answer.members : [];
  }

  /**
   * All variables, or the members of one. While a cell runs they are what they were when last asked for.
   * @param of the number of a listed one
   */
  async variables(of?: number): Promise<readonly Variable[]> {
    const answer = await this.inspect((id) => ({ type: 'list-variables', id, of }));
    const found = answer?.type === 'variables' ? answer.variables : undefined;
    if (of !== undefined) return found ?? [];
    if (found !== undefined) this.lastListed = found;
    return this.lastListed;
  }

  /** A variable as a cell shows it; nothing if there is none, or a cell is running. */
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
   * Ends what runs. A process that does not answer in time hangs, as in a long native call: the reader is told, and another interrupt
   * replaces it. Variables are not lost unasked.
   */
  interrupt(): void {
    // A number of its own, behind all that has been sent.
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

  /** Ends the process and its children. @returns what is to be said of those that go on */
  async stop(): Promise<string[]> {
    await this.process.stop();
    return reportDetached(this.detachedOnes());
  }

  /** The detached children that still run; those of the next process are others. */
  private detachedOnes(): string[] {
    const ones = [...this.detached].map(([pid, command]) => `${command} (process ${pid})`);
    this.detached.clear();
    return ones;
  }

  private request(message: Extract<ToCells, { parentId: ParentId }>, where: string): Promise<Done | Handled> {
    if (this.cannotStart !== undefined) return Promise.reject(new ProcessDied(this.cannotStart));
    const { parentId } = message;
    // Beside a cell there are handlers; native output is the cell's.
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

  /** What does not compile fails where it is loaded. */
  private async compile({ id, path }: Extract<FromCells, { type: 'compile' }>): Promise<void> {
    const modules = await this.onCompile(path).catch(() => []);
    this.process.send({ type: 'compiled', id, modules });
  }

  /** What cannot be handled ends the process that has sent it, and not the host. */
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
        // It has not hung; another interrupt ends what does.
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
    // Native output comes through pipes of its own: what has been written until now is read first.
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
    // What could not be started is tried again by the next cell, which says so if it fails.
    if (waiting.length === 0 && death.download === undefined)
      this.outputs?.write(this.last.parentId, 'stderr', `${report.traceback.join('\n')}\n`);
  }
}
