import { createHmac, randomUUID } from 'node:crypto';

/** Channels of messages. */
export type Channel = 'shell' | 'control' | 'stdin' | 'iopub';

export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

/** A received message. */
export interface Message {
  channel: Channel;
  /** The frames before the delimiter: on iopub the topic. */
  topics: string[];
  type: string;
  header: Header;
  parent: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers: Buffer[];
}

/** A client's request. */
export interface Request {
  type: string;
  content: unknown;
  parent?: Partial<Header>;
  metadata?: Record<string, unknown>;
  buffers?: Uint8Array[];
  /** Replaces fields of the header. */
  header?: Partial<Header>;
}

export const delimiter = '<IDS|MSG>';

/** The signature of a message's four JSON frames; empty without a key. */
export function sign(key: string, frames: readonly (string | Uint8Array)[]): string {
  if (key === '') return '';
  const hmac = createHmac('sha256', key);
  for (const frame of frames) hmac.update(frame);
  return hmac.digest('hex');
}

export function makeHeader(type: string, session: string): Header {
  return {
    msg_id: randomUUID(),
    session,
    username: 'conformance',
    date: new Date().toISOString(),
    msg_type: type,
    version: '5.4',
  };
}

/** The frames of a message, from the delimiter on. */
export function encode(key: string, header: Header, request: Request): (string | Uint8Array)[] {
  const parts = [header, request.parent ?? {}, request.metadata ?? {}, request.content].map((part) =>
    JSON.stringify(part),
  );
  return [delimiter, sign(key, parts), ...parts, ...(request.buffers ?? [])];
}

/** @throws Error if the frames are not a message or their signature is wrong */
export function decode(key: string, channel: Channel, frames: Buffer[]): Message {
  const at = frames.findIndex((frame) => frame.toString() === delimiter);
  if (at < 0 || frames.length < at + 6) throw new Error(`not a message: ${frames.length} frames on ${channel}`);
  const parts = frames.slice(at + 2, at + 6);
  if (frames[at + 1].toString() !== sign(key, parts)) throw new Error(`wrong signature on ${channel}`);
  const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString('utf8')));
  return {
    channel,
    topics: frames.slice(0, at).map((frame) => frame.toString()),
    type: header.msg_type,
    header,
    parent,
    metadata,
    content,
    buffers: frames.slice(at + 6),
  };
}
