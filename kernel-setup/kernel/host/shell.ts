// The shell channel: one request at a time, in order. What comes by the control channel does not wait, unless it must.
import type { Channels, Request } from './channels';
import type { Dispatcher } from './dispatch';

/**
 * What needs the process of the cells, which runs one cell at a time. If a cell runs for long, everything else is answered
 * meanwhile: a person or a page waits for it. For a moment it waits like these, since the cell before it may declare what it
 * asks about.
 */
const moment = 250;
const isCell = ({ header }: Request) => header.msg_type === 'execute_request';
/** What is handled in the process of the cells beside a cell that awaits, which may wait for it. */
const comms = new Set(['comm_open', 'comm_msg', 'comm_close']);
const isComm = ({ header }: Request) => comms.has(header.msg_type);
const isInCells = (request: Request) => isCell(request) || isComm(request);

/** What ends cells, and so cannot wait for them: front ends may send it by the shell channel as well. */
const urgent = new Set(['interrupt_request', 'shutdown_request']);

/** How long, in milliseconds, a failed cell waits for what was sent with it, but has not been read yet. */
const gathering = 5;

export class Shell {
  private readonly waiting: Request[] = [];
  private readonly aborted = new Set<Request>();
  private running: Request | undefined;
  /** The comms one of whose messages is handled: the next one comes when that has ended. */
  private readonly handled = new Set<unknown>();

  /** @param hasBegun whether what runs has come to the process of the cells */
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly channels: Channels,
    private readonly isUrgent: (request: Request) => boolean,
    private readonly hasBegun: () => boolean,
  ) {}

  receive(request: Request): void {
    if (urgent.has(request.header.msg_type) || this.isUrgent(request)) {
      void this.answerNow(request);
      return;
    }
    this.waiting.push(request);
    if (this.running === undefined) void this.work();
    else if (isComm(request)) this.joinIfFree(request);
    else if (!isCell(request)) setTimeout(() => void this.overtake(request), moment);
  }

  /** A request on the control channel is answered at once, if it can be. */
  receiveControl(request: Request): void {
    if (isInCells(request)) this.receive(request);
    else void this.answerNow(request);
  }

  /** Sends the comm messages that wait after what runs, which is on its way: they are handled as soon as it awaits. */
  join(): void {
    for (const request of this.waiting.filter(isComm)) this.joinIfFree(request);
  }

  private joinIfFree(request: Request): void {
    if (this.running !== undefined && this.hasBegun() && this.isFree(request)) void this.overtake(request);
  }

  /** The cell that will run next, if none is running. */
  get nextCell(): Request | undefined {
    return this.waiting.find(isCell);
  }

  /** Answers with `aborted` the cells that wait now. */
  async abortWaiting(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, gathering));
    for (const request of this.waiting) if (isCell(request)) this.aborted.add(request);
  }

  private async work(): Promise<void> {
    for (let next = this.next(); next !== undefined; next = this.next()) {
      this.running = next;
      if (this.aborted.delete(next)) this.refuse(next);
      else await this.answer(next);
      this.running = undefined;
    }
  }

  private next(): Request | undefined {
    const at = this.waiting.findIndex((request) => this.isFree(request));
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0];
  }

  private isFree(request: Request): boolean {
    return !isComm(request) || !this.handled.has(commOf(request));
  }

  private async overtake(request: Request): Promise<void> {
    const at = this.waiting.indexOf(request);
    if (at < 0) return;
    this.waiting.splice(at, 1);
    await this.answerNow(request);
    if (this.running === undefined) void this.work();
    else if (isComm(request)) this.joinNextOf(commOf(request));
  }

  private joinNextOf(comm: unknown): void {
    const next = this.waiting.find((request) => isComm(request) && commOf(request) === comm);
    if (next !== undefined) this.joinIfFree(next);
  }

  private async answerNow(request: Request): Promise<void> {
    await this.answer(request);
    // Front ends show the last state they heard of: the cell still runs. It has been announced; this belongs to nothing. A request
    // that has been answered in the same turn is `running` for a moment more, and nobody would say again that it is done.
    if (this.running !== undefined && this.dispatcher.isAnswering(this.running))
      this.channels.publish('status', { execution_state: 'busy' }, {});
  }

  private async answer(request: Request): Promise<void> {
    if (isComm(request)) this.handled.add(commOf(request));
    await this.dispatcher.answer(request);
    if (isComm(request)) this.handled.delete(commOf(request));
  }

  private refuse(request: Request): void {
    this.dispatcher.announce('busy', request);
    this.channels.reply(request, 'execute_reply', { status: 'aborted' });
    this.dispatcher.announce('idle', request);
  }
}

const commOf = ({ content }: Request) => (content as { comm_id?: string }).comm_id;
