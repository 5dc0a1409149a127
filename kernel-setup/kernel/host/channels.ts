// Sending and receiving messages on the sockets.
import type { Router } from 'zeromq';
import type { Content, MessageType, ParentHeader } from './messages';
import type { Sockets } from './sockets';
import type { Message, Wire } from './wire';

/** A message from a front end, and the socket by which it is answered. */
export interface Request<T extends MessageType = MessageType> extends Omit<Message, 'content'> {
  socket: Router;
  content: Content<T>;
}

interface Extra {
  metadata?: Record<string, unknown>;
  buffers?: readonly Uint8Array[];
}

export class Channels {
  constructor(
    private readonly sockets: Sockets,
    private readonly wire: Wire,
  ) {}

  /** Tells all front ends. */
  publish<T extends MessageType>(type: T, content: Content<T>, parent: ParentHeader, extra?: Extra): void {
    this.broadcast(type, content as Record<string, unknown>, parent, extra);
  }

  /** Like `publish`, for a message of any type. */
  broadcast(type: string, content: Record<string, unknown>, parent: ParentHeader, extra?: Extra): void {
    this.send(this.sockets.iopub, [this.wire.topic(type)], type, content, parent, extra);
  }

  /** Answers the front end that asked. */
  reply<T extends MessageType>(request: Request, type: T, content: Content<T>): void {
    const { socket, identities, header } = request;
    this.send(socket, identities, type, content as Record<string, unknown>, header);
  }

  /**
   * Asks the front end that sent `request` for a line of text.
   * @returns the question's number
   */
  ask(request: Request, content: Content<'input_request'>): string {
    return this.send(this.sockets.stdin, request.identities, 'input_request', content, request.header);
  }

  /** Hands over messages of a socket for as long as it is open. What is none is said on stderr and forgotten. */
  async listen(socket: Router, onMessage: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      const message = this.wire.unpack(frames);
      if (typeof message === 'string') console.error(`gradlab kernel: ignored ${message}`);
      else onMessage(message);
    }
  }

  private send(
    socket: Sockets['iopub'] | Router,
    identities: readonly Uint8Array[],
    type: string,
    content: Record<string, unknown>,
    parent: ParentHeader,
    { metadata = {}, buffers = [] }: Extra = {},
  ): string {
    const header = this.wire.header(type);
    const frames = this.wire.pack({ identities, header, parent, metadata, content, buffers });
    (socket as Router).send(frames as Buffer[]).catch((error: Error) => {
      if (!socket.closed) console.error(`gradlab kernel: ${type} was not sent: ${error.message}`);
    });
    return header.msg_id;
  }
}
