// Messages to and from front ends, independent of the transport. Node's transport by sockets is zmq-channels.ts.
import type { Content, Header, MessageType, ParentHeader } from './messages';

export interface Message {
  header: Header;
  parent: ParentHeader;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: readonly Uint8Array[];
}

/** Defaults for missing header fields, so that an answer can still name its parent. */
const missing = { msg_id: '', session: '', username: '', date: '', version: '' };

/** The message of these parts, or a text that says why it is invalid. */
export function messageOf(parts: Readonly<Record<'header' | 'parent' | 'metadata' | 'content', unknown>>) {
  const { header, parent, metadata, content } = parts;
  if (![header, parent, metadata, content].every(isObject)) return 'a message with a part that is not an object';
  if (typeof (header as Header).msg_type !== 'string') return 'a message without a type';
  return { ...parts, header: { ...missing, ...(header as Header) } } as Omit<Message, 'buffers'>;
}

const isObject = (part: unknown): boolean => typeof part === 'object' && part !== null && !Array.isArray(part);

/** A message from a front end. */
export interface Request<T extends MessageType = MessageType> extends Omit<Message, 'content'> {
  content: Content<T>;
}

export interface Extra {
  metadata?: Record<string, unknown>;
  buffers?: readonly Uint8Array[];
}

export interface Channels {
  /** Sends to all front ends. */
  publish<T extends MessageType>(type: T, content: Content<T>, parent: ParentHeader, extra?: Extra): void;
  /** Like `publish`, for a message of any type. */
  broadcast(type: string, content: Record<string, unknown>, parent: ParentHeader, extra?: Extra): void;
  /** Answers the front end that asked, on the same channel. */
  reply<T extends MessageType>(request: Request, type: T, content: Content<T>): void;
  /**
   * Prompts the front end that sent `request` for a line of text.
   * @returns the id of the prompt's message
   */
  requestInput(request: Request, content: Content<'input_request'>): string;
}
