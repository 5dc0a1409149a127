// The parts of the kernel that handlers use.
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
  /** The reply to `kernel_info_request`. */
  info: Content<'kernel_info_reply'>;
  /** Addresses of the sockets, if any. */
  connection?: Content<'connect_reply'>;
  /** Memory and CPU use, if the platform can tell. */
  usage?(): Content<'usage_reply'>;
}

export type Answer<T extends MessageType> = Content<T> | Promise<Content<T>>;
type ReplyTo<T extends MessageType> = T extends `${infer Name}_request` ? Extract<MessageType, `${Name}_reply`> : never;

/** Handles a request. Without a result, there is no reply. */
export type Handler<T extends MessageType> = (
  request: Request<T>,
) => ReplyTo<T> extends never ? void | Promise<void> : Answer<ReplyTo<T>>;
export type Handlers = { [T in MessageType]?: Handler<T> };
