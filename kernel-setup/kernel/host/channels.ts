// How messages reach the front ends, whatever carries them. Node's way, by sockets, is in zmq-channels.ts.
import type { Content, Header, MessageType, ParentHeader } from './messages';

export interface Message {
  header: Header;
  parent: ParentHeader;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: readonly Uint8Array[];
}

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
