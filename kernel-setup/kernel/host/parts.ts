// The parts of the kernel that answer requests.
import type { Compiler } from '../compiler/types';
import type { Cells } from './cells';
import type { Channels, Request } from './channels';
import type { Comms } from './comms';
import type { History } from './history';
import type { Content, MessageType } from './messages';
import type { Outputs } from './output';
import type { Questions } from './questions';
import type { Connection } from './sockets';

export interface Parts {
  channels: Channels;
  outputs: Outputs;
  cells: Cells;
  /** Loaded while the process of the cells starts. */
  compiler: Promise<Compiler>;
  comms: Comms;
  questions: Questions;
  history: History;
  connection: Connection;
}

export type Answer<T extends MessageType> = Content<T> | Promise<Content<T>>;
type ReplyTo<T extends MessageType> = T extends `${infer Name}_request` ? Extract<MessageType, `${Name}_reply`> : never;

/** What answers a request; without a result the message wants no answer. */
export type Handler<T extends MessageType> = (
  request: Request<T>,
) => ReplyTo<T> extends never ? void | Promise<void> : Answer<ReplyTo<T>>;
export type Handlers = { [T in MessageType]?: Handler<T> };
