// The shell channel: one request at a time, in order. Requests on the control channel are answered at once, if possible.
import type { Channels, Request } from './channels';
import type { Dispatcher } from './dispatch';

/**
 * Requests for the cell process queue behind the running cell. All others are answered during a long cell. In its first
 * milliseconds they wait too, since the cell before may declare what they ask about.
 */
const moment = 250;
const isCell = ({ header }: Request) => header.msg_type === 'execute_request';
/** Messages handled beside a cell that awaits. */
const comms = new Set(['comm_open', 'comm_msg', 'comm_close']);
const isComm = ({ header }: Request) => comms.has(header.msg_type);
const isInCells = (request: Request) => isCell(request) || isComm(request);

/** Requests that end cells and so cannot wait for them. Front ends may send them on the shell channel too. */
const urgent = new Set(['interrupt_request', 'shutdown_request']);

/** Milliseconds after an error in which queued requests are still collected (to abort them). */
const gathering = 5;

export class Shell {
  private readonly waiting: Request[] = [];
  private readonly aborted = new Set<Request>();
  private running: Request | undefined;
  /** Comms with a message in progress; their next message waits. */
  private readonly handled = new Set<unknown>();

  /** @param hasBegun whether the running request has reached the cell process */
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

  /** Answers a request on the control channel, at once if possible. */
  receiveControl(request: Request): void {
    if (isInCells(request)) this.receive(request);
    else void this.answerNow(request);
  }

  /** Sends the queued comm messages after the cell just sent: they are handled when it awaits. */
  join(): void {
    for (const request of this.waiting.filter(isComm)) this.joinIfFree(request);
  }

  private joinIfFree(request: Request): void {
    if (this.running !== undefined && this.hasBegun() && this.isFree(request)) void this.overtake(request);
  }

  /** The next cell, if none is running. */
  get nextCell(): Request | undefined {
    return this.waiting.find(isCell);
  }

  /** Answers the queued cells with `aborted`. */
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
    // Front ends show the last status, but the cell still runs. So publish `busy` again, without a parent. Not if the cell
    // has just been answered: then `idle` would not follow.
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
