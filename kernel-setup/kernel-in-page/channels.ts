// Messages to the front end as objects, which JupyterLite forwards.
import { type Channels, type Extra, type Message, messageOf, type Request } from '../kernel/host/channels';
import { type Content, type Header, Headers, type MessageType, type ParentHeader } from '../kernel/host/messages';

/** A message in JupyterLab's format. */
export interface Posted extends Pick<Message, 'metadata' | 'content'> {
  channel: 'shell' | 'control' | 'iopub' | 'stdin';
  header: Header;
  parent_header: ParentHeader;
  buffers: readonly (ArrayBuffer | ArrayBufferView)[];
}

export class PostedChannels implements Channels {
  private readonly headers = new Headers('kernel');
  private readonly channelOf = new WeakMap<object, 'shell' | 'control' | 'stdin'>();

  constructor(private readonly post: (message: Posted) => void) {}

  /** A valid message, or a text that says why it is invalid. */
  read(data: unknown): Message | string {
    const { channel, header, parent_header = {}, metadata = {}, content, buffers = [] } = (data ?? {}) as Posted;
    const message = messageOf({ header, parent: parent_header, metadata, content });
    if (typeof message === 'string') return message;
    if (!Array.isArray(buffers) || !buffers.every(isBinary)) return 'a message with buffers that are none';
    const whole = { ...message, buffers: buffers.map(bytesOf) };
    const isAnswer = message.header.msg_type === 'input_reply';
    this.channelOf.set(whole, isAnswer ? 'stdin' : channel === 'control' ? channel : 'shell');
    return whole;
  }

  /** The channel of a message. */
  of(message: Message | Request): 'shell' | 'control' | 'stdin' {
    return this.channelOf.get(message) ?? 'shell';
  }

  publish<T extends MessageType>(type: T, content: Content<T>, parent: ParentHeader, extra?: Extra): void {
    this.broadcast(type, content as Record<string, unknown>, parent, extra);
  }

  broadcast(type: string, content: Record<string, unknown>, parent: ParentHeader, extra?: Extra): void {
    this.send('iopub', type, content, parent, extra);
  }

  reply<T extends MessageType>(request: Request, type: T, content: Content<T>): void {
    this.send(this.of(request), type, content as Record<string, unknown>, request.header);
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
    const header = this.headers.next(type);
    this.post({ channel, header, parent_header: parent, metadata, content, buffers });
    return header.msg_id;
  }
}

const isBinary = (data: unknown) => data instanceof ArrayBuffer || ArrayBuffer.isView(data);

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
