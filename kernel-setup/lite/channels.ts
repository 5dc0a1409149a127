// Messages to the front end, as objects: JupyterLite hands them on.
import type { Channels, Extra, Message, Request } from '../kernel/host/channels';
import {
  type Content,
  type Header,
  type MessageType,
  type ParentHeader,
  protocolVersion,
} from '../kernel/host/messages';

/** A message as JupyterLab has it. */
export interface Posted extends Pick<Message, 'metadata' | 'content'> {
  channel: 'shell' | 'control' | 'iopub' | 'stdin';
  header: Header;
  parent_header: ParentHeader;
  buffers: readonly (ArrayBuffer | ArrayBufferView)[];
}

export class PostedChannels implements Channels {
  private count = 0;
  private readonly own = crypto.randomUUID();
  /** JupyterLite delivers a message to the session that its header names; what answers nobody goes to the one that asked last. */
  private session = '';
  private readonly channelOf = new WeakMap<Request, Posted['channel']>();

  constructor(private readonly post: (message: Posted) => void) {}

  /** Takes a message as it came. */
  read({ channel, header, parent_header: parent, metadata = {}, content, buffers = [] }: Posted): Message {
    this.session = header.session;
    const message = { header, parent, metadata, content, buffers: buffers.map(bytesOf) };
    this.channelOf.set(message as Request, channel);
    return message;
  }

  publish<T extends MessageType>(type: T, content: Content<T>, parent: ParentHeader, extra?: Extra): void {
    this.broadcast(type, content as Record<string, unknown>, parent, extra);
  }

  broadcast(type: string, content: Record<string, unknown>, parent: ParentHeader, extra?: Extra): void {
    this.send('iopub', type, content, parent, extra);
  }

  reply<T extends MessageType>(request: Request, type: T, content: Content<T>): void {
    this.send(this.channelOf.get(request) ?? 'shell', type, content as Record<string, unknown>, request.header);
  }

  requestInput(request: Request, content: Content<'input_request'>): string {
    return this.send('stdin', 'input_request', content as Record<string, unknown>, request.header);
  }

  private send(
    channel: Posted['channel'],
    type: string,
    content: Record<string, unknown>,
    parent: ParentHeader,
    { metadata = {}, buffers = [] }: Extra = {},
  ): string {
    const msg_id = `${this.own}_${++this.count}`;
    const session = 'session' in parent && parent.session ? parent.session : this.session;
    const date = new Date().toISOString();
    const header = { msg_id, session, username: 'kernel', date, msg_type: type, version: protocolVersion } as Header;
    this.post({ channel, header, parent_header: parent, metadata, content, buffers });
    return msg_id;
  }
}

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
