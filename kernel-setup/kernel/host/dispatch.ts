// Answers one request, with the status messages that the protocol requires.
import type { Channels, Request } from './channels';
import { type Content, isKnown, type MessageType, problemsOf } from './messages';
import type { Outputs } from './output';
import type { Handlers } from './parts';

type AnyHandler = (request: Request) => Content<MessageType> | Promise<Content<MessageType>> | void | Promise<void>;

/**
 * Requests whose handlers only ask the compiler and the cells. They are passed on before `busy` is announced, so that the
 * others work meanwhile.
 */
const asking = new Set(['complete_request', 'inspect_request', 'is_complete_request']);

/** Answers requests: announces busy, answers, announces idle. */
export class Dispatcher {
  /** Requests in progress. */
  private readonly open = new Set<Request>();

  constructor(
    private readonly channels: Channels,
    private readonly outputs: Outputs,
    private readonly handlers: Handlers,
  ) {}

  async answer(request: Request): Promise<void> {
    const { msg_type: type } = request.header;
    const asked = asking.has(type) ? this.replyTo(request, type) : undefined;
    this.announce('busy', request);
    const reply = await (asked ?? this.replyTo(request, type));
    // Requests come with replies, except comm messages. Unknown types are ignored.
    const replyType = type.replace(/_request$/, '_reply');
    if (reply !== undefined && replyType !== type && isKnown(replyType)) this.channels.reply(request, replyType, reply);
    this.announce('idle', request);
  }

  announce(state: 'busy' | 'idle', request: Request): void {
    this.outputs.flush();
    if (state === 'busy') this.open.add(request);
    else this.open.delete(request);
    this.channels.publish('status', { execution_state: state }, request.header);
  }

  /** Whether the kernel has announced busy for a request, but not yet idle. */
  isAnswering(request: Request): boolean {
    return this.open.has(request);
  }

  private async replyTo(request: Request, type: string): Promise<Content<MessageType> | undefined> {
    const handler = isKnown(type) ? (this.handlers[type] as AnyHandler | undefined) : undefined;
    if (!isKnown(type) || handler === undefined) return undefined;
    try {
      const problems = problemsOf(type, request.content);
      if (problems.length > 0) return failure('ProtocolError', problems.join('; '));
      return (await handler(request)) ?? undefined;
    } catch (error) {
      // An error of a handler must not end the kernel.
      console.error(error);
      return failure('KernelError', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
}

function failure(ename: string, evalue: string): Content<'kernel_info_reply'> {
  return { status: 'error', ename, evalue, traceback: [`${ename}: ${evalue}`] };
}
