// What the host asks of the process of the cells, with its answers as promises.
import type { CommMessage, Context, ErrorReport, FromCells, ToCells } from '../process-messages';
import { CellProcess, pipesRead } from './cell-process';
import { type Death, reportDeath, reportHopeless } from './deaths';
import type { Outputs } from './output';
import { latestContext } from './requests';

type Done = Extract<FromCells, { type: 'done' }>;
type Handled = Extract<FromCells, { type: 'handled' }>;
type Comm = Extract<FromCells, { type: 'comm' }>;
type Ask = Extract<FromCells, { type: 'ask' }>;
type RunMessage = Extract<ToCells, { type: 'run' }>;

interface Waiting {
  context: Context;
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
const summaryPatience = 500;

/** How long, in milliseconds, an interrupted cell has to end. */
const interruptPatience = 10_000;

export class Cells {
  /** Called when a process has ended with all its variables. */
  onLoss: () => void = () => {};
  onComm: (message: Comm) => void = () => {};
  onAsk: (message: Ask) => void = () => {};

  private waiting: Waiting | undefined;
  private last: { context: Context; where: string } = { context: 0, where: 'before the first cell' };
  private readonly summaries = new Map<number, (text: string | null) => void>();
  private summaryCount = 0;
  private hopeless: ErrorReport | undefined;
  /** Runs from an interrupt to its answer. */
  private rescue: NodeJS.Timeout | undefined;
  /** The process is being replaced because it did not answer an interrupt. */
  private unanswered = false;
  private outputs: Outputs | undefined;
  private readonly process = new CellProcess({
    onMessage: (message) => this.receive(message),
    onNativeOutput: (name, text) => this.outputs?.write(this.last.context, name, text),
    onDeath: (death, hopeless) => this.bury(death, hopeless),
  });

  /** Where output goes, from now on: the process starts before there are sockets. */
  showIn(outputs: Outputs): void {
    this.outputs = outputs;
  }

  /** @throws {ProcessDied} */
  async run(message: Omit<RunMessage, 'type'>): Promise<Done> {
    return (await this.request({ type: 'run', ...message }, `in ${message.file}`)) as Done;
  }

  /** @throws {ProcessDied} */
  async handleComm(context: Context, requestId: string, message: CommMessage): Promise<Handled> {
    const whole = { type: 'comm', context, requestId, ...message } as const;
    return (await this.request(whole, 'while a widget was changed')) as Handled;
  }

  answer(id: number, value: string | null): void {
    this.process.send({ type: 'answer', id, value });
  }

  /** The live value of a variable in a few lines; `null` if there is none, or a cell is running. */
  summarize(name: string): Promise<string | null> {
    if (this.waiting !== undefined) return Promise.resolve(null);
    const id = ++this.summaryCount;
    return new Promise((resolve) => {
      const settle = (text: string | null) => {
        clearTimeout(timer);
        this.summaries.delete(id);
        resolve(text);
      };
      const timer = setTimeout(() => settle(null), summaryPatience);
      this.summaries.set(id, settle);
      this.process.send({ type: 'summarize', id, name });
    });
  }

  /**
   * Ends what runs. That may be a cell which was sent before the interrupt, and is read after it: the compiler can keep this
   * process from reading both.
   */
  interrupt(): void {
    setImmediate(() => this.interruptLatest());
  }

  /** A process that does not answer in time is hung, as in a long native call: it is replaced. */
  private interruptLatest(): void {
    this.process.interrupt(latestContext());
    const { waiting } = this;
    if (waiting === undefined || this.rescue !== undefined) return;
    this.rescue = setTimeout(() => {
      this.rescue = undefined;
      if (this.waiting !== waiting) return;
      this.unanswered = true;
      this.process.kill();
    }, interruptPatience);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  private request(message: Extract<ToCells, { context: Context }>, where: string): Promise<Done | Handled> {
    if (this.hopeless !== undefined) return Promise.reject(new ProcessDied(this.hopeless));
    this.last = { context: message.context, where };
    return new Promise((resolve, reject) => {
      this.waiting = {
        ...this.last,
        done: resolve,
        died: (report) => reject(new ProcessDied(report)),
      };
      this.process.send(message);
    });
  }

  private receive(message: FromCells): void {
    switch (message.type) {
      case 'ready':
        return;
      case 'done':
      case 'handled':
        this.settle(message);
        return;
      case 'summary':
        this.summaries.get(message.id)?.(message.text);
        return;
      case 'comm':
        this.onComm(message);
        return;
      case 'ask':
        this.onAsk(message);
        return;
      default:
        this.outputs?.put(message);
    }
  }

  private settle(message: Done | Handled): void {
    if (this.waiting?.context !== message.context) return;
    const { done } = this.waiting;
    this.forget();
    // Native output comes through pipes of its own: what has been written until now is read first.
    void pipesRead().then(() => done(message));
  }

  private forget(): void {
    this.waiting = undefined;
    clearTimeout(this.rescue);
    this.rescue = undefined;
  }

  private bury(death: Death, hopeless: boolean): void {
    const { waiting, unanswered } = this;
    this.forget();
    this.unanswered = false;
    const report = reportDeath(
      { ...death, unanswered },
      waiting?.where ?? `after it was idle (last ran: ${this.last.where})`,
    );
    if (hopeless) this.hopeless = reportHopeless(death);
    for (const settle of [...this.summaries.values()]) settle(null);
    this.onLoss();
    if (waiting !== undefined) waiting.died(this.hopeless ?? report);
    else this.outputs?.write(this.last.context, 'stderr', `${report.traceback.join('\n')}\n`);
  }
}
