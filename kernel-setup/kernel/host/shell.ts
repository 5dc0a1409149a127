// The shell channel: one request at a time, in order. What comes by the control channel does not wait, unless it must.
import type { Channels, Request } from './channels';
import type { Dispatcher } from './dispatch';

/**
 * What needs the process of the cells, which does one thing at a time. If a cell runs for long, everything else is answered
 * meanwhile: a person or a page waits for it. For a moment it waits like these, since the cell before it may declare what it
 * asks about.
 */
const moment = 250;
const inCells = new Set(['execute_request', 'comm_open', 'comm_msg', 'comm_close']);

/** What ends cells, and so cannot wait for them: front ends may send it by the shell channel as well. */
const urgent = new Set(['interrupt_request', 'shutdown_request']);

/** How long, in milliseconds, a failed cell waits for what was sent with it, but has not been read yet. */
const gathering = 5;

export class Shell {
  private readonly waiting: Request[] = [];
  private readonly aborted = new Set<Request>();
  private running: Request | undefined;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly channels: Channels,
    private readonly isUrgent: (request: Request) => boolean,
  ) {}

  receive(request: Request): void {
    if (urgent.has(request.header.msg_type) || this.isUrgent(request)) {
      void this.answerNow(request);
      return;
    }
    this.waiting.push(request);
    if (this.running === undefined) void this.work();
    else if (!inCells.has(request.header.msg_type)) setTimeout(() => void this.overtake(request), moment);
  }

  /** A request on the control channel is answered at once, if it can be. */
  receiveControl(request: Request): void {
    if (inCells.has(request.header.msg_type)) this.receive(request);
    else void this.answerNow(request);
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
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      this.running = next;
      if (this.aborted.delete(next)) this.refuse(next);
      else await this.dispatcher.answer(next);
      this.running = undefined;
    }
  }

  private async overtake(request: Request): Promise<void> {
    const at = this.waiting.indexOf(request);
    if (at < 0) return;
    this.waiting.splice(at, 1);
    await this.answerNow(request);
    if (this.running === undefined) void this.work();
  }

  private async answerNow(request: Request): Promise<void> {
    await this.dispatcher.answer(request);
    // Front ends show the last state they heard of: the cell still runs. It has been announced; this belongs to nothing.
    if (this.running !== undefined) this.channels.publish('status', { execution_state: 'busy' }, {});
  }

  private refuse(request: Request): void {
    this.dispatcher.announce('busy', request);
    this.channels.reply(request, 'execute_reply', { status: 'aborted' });
    this.dispatcher.announce('idle', request);
  }
}

const isCell = ({ header }: Request) => header.msg_type === 'execute_request';
