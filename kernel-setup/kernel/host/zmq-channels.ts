// Messages over sockets.
import type { Router } from 'zeromq';
import type { Channels, Extra, Request } from './channels';
import type { Content, MessageType, ParentHeader } from './messages';
import type { Sockets } from './sockets';
import type { Wire, WireMessage } from './wire';

/** First byte of a subscription message; the topic follows. */
const subscribed = 1;

/** A message from a front end, and the socket for the reply. */
export interface ZmqMessage extends WireMessage {
  socket: Router;
}

export class ZmqChannels implements Channels {
  constructor(
    private readonly sockets: Sockets,
    private readonly wire: Wire,
  ) {}

  publish<T extends MessageType>(type: T, content: Content<T>, parent: ParentHeader, extra?: Extra): void {
    this.broadcast(type, content as Record<string, unknown>, parent, extra);
  }

  broadcast(type: string, content: Record<string, unknown>, parent: ParentHeader, extra?: Extra): void {
    this.send(this.sockets.iopub, [this.wire.topic(type)], type, content, parent, extra);
  }

  reply<T extends MessageType>(request: Request, type: T, content: Content<T>): void {
    const { socket, identities, header } = request as unknown as ZmqMessage;
    this.send(socket, identities, type, content as Record<string, unknown>, header);
  }

  requestInput(request: Request, content: Content<'input_request'>): string {
    const { identities, header } = request as unknown as ZmqMessage;
    return this.send(this.sockets.stdin, identities, 'input_request', content, header);
  }

  /** Receives messages of a socket until it closes. Invalid ones are reported on stderr and dropped. */
  async listen(socket: Router, onMessage: (message: ZmqMessage) => void): Promise<void> {
    for await (const frames of socket) {
      const message = this.wire.unpack(frames);
      if (typeof message === 'string') console.error(`gradlab kernel: ignored ${message}`);
      else onMessage({ ...message, socket });
    }
  }

  /** Tells new subscribers that they now receive what is published. */
  async welcome(): Promise<void> {
    for await (const [event] of this.sockets.iopub) {
      if (event[0] !== subscribed) continue;
      const topic = event.subarray(1);
      this.send(this.sockets.iopub, [topic], 'iopub_welcome', { subscription: topic.toString() }, {});
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
