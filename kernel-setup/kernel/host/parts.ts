// The parts of the kernel that answer requests.
import type { Cells } from './cells';
import type { Channels, Request } from './channels';
import type { Comms } from './comms';
import type { Compiler } from './compiler';
import type { History } from './history';
import type { Content, MessageType } from './messages';
import type { Outputs } from './output';
import type { Stdin } from './stdin';

export interface Parts {
  channels: Channels;
  outputs: Outputs;
  cells: Cells;
  compiler: Compiler;
  comms: Comms;
  stdin: Stdin;
  history: History;
  /** What the kernel says of itself. */
  info: Content<'kernel_info_reply'>;
  /** Where it can be reached, if by sockets. */
  connection?: Content<'connect_reply'>;
  /** What it takes of the machine, where that can be told. */
  usage?(): Content<'usage_reply'>;
}

export type Answer<T extends MessageType> = Content<T> | Promise<Content<T>>;
type ReplyTo<T extends MessageType> = T extends `${infer Name}_request` ? Extract<MessageType, `${Name}_reply`> : never;

/** What answers a request; without a result the message wants no answer. */
export type Handler<T extends MessageType> = (
  request: Request<T>,
) => ReplyTo<T> extends never ? void | Promise<void> : Answer<ReplyTo<T>>;
export type Handlers = { [T in MessageType]?: Handler<T> };
