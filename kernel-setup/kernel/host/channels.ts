// How messages reach the front ends, whatever carries them. Node's way, by sockets, is in zmq-channels.ts.
import type { Content, Header, MessageType, ParentHeader } from './messages';

export interface Message {
  header: Header;
  parent: ParentHeader;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: readonly Uint8Array[];
}

/** A text of what a header lacks, so that an answer can name its parent nonetheless. */
const missing = { msg_id: '', session: '', username: '', date: '', version: '' };

/** The message of some parts, wherever they come from; a text that says why it is none. */
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
  /** Tells all front ends. */
  publish<T extends MessageType>(type: T, content: Content<T>, parent: ParentHeader, extra?: Extra): void;
  /** Like `publish`, for a message of any type. */
  broadcast(type: string, content: Record<string, unknown>, parent: ParentHeader, extra?: Extra): void;
  /** Answers the front end that asked, by the channel by which it did. */
  reply<T extends MessageType>(request: Request, type: T, content: Content<T>): void;
  /**
   * Asks the front end that sent `request` for a line of text.
   * @returns the id of the message that asks
   */
  requestInput(request: Request, content: Content<'input_request'>): string;
}
