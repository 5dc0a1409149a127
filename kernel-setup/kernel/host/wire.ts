// Messages as frames: identities, a delimiter, the signature, four parts in JSON, and binary buffers.
import { createHmac, timingSafeEqual } from 'node:crypto';
import os from 'node:os';
import { type Message, messageOf } from './channels';
import { type Header, Headers } from './messages';

export interface WireMessage extends Message {
  /** ZeroMQ's address of the sender. */
  identities: readonly Uint8Array[];
}

const delimiter = Buffer.from('<IDS|MSG>');

/** Number of signatures remembered, and the length of the prefix that identifies one. */
const remembered = 1 << 16;
const enough = 24;

export class Wire {
  private readonly headers = new Headers(userName());
  private readonly algorithm: string;
  /** Signatures of received messages. A repeated one means that a recorded message was sent again. */
  private readonly seen = new Set<string>();

  /** @param key an empty one disables signatures */
  constructor(
    private readonly key: string,
    scheme = 'hmac-sha256',
  ) {
    this.algorithm = scheme.replace(/^hmac-/, '');
  }

  header(type: string): Header {
    return this.headers.next(type);
  }

  /** The topic of a published message. */
  topic(type: string): Uint8Array {
    return Buffer.from(`kernel.${this.headers.session}.${type}`);
  }

  /** @param message its identities are the first frames; for a published message, the topic */
  pack({ identities, header, parent, metadata, content, buffers }: WireMessage): Uint8Array[] {
    const parts = [header, parent, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [...identities, delimiter, Buffer.from(this.sign(parts)), ...parts, ...buffers];
  }

  /** The message of these frames, or a text that says why they are invalid. */
  unpack(frames: readonly Uint8Array[]): WireMessage | string {
    const at = frames.findIndex((frame) => delimiter.equals(frame));
    if (at < 0) return 'frames without delimiter';
    const [signature, ...rest] = frames.slice(at + 1);
    const parts = rest.slice(0, 4);
    if (parts.length < 4) return 'a message of too few frames';
    if (!this.isSigned(signature, parts)) return 'a message with a wrong signature';
    if (this.isRepeated(signature)) return 'a message that has come before';
    try {
      const [header, parent, metadata, content] = parts.map(parse);
      const message = messageOf({ header, parent, metadata, content });
      if (typeof message === 'string') return message;
      return { ...message, identities: frames.slice(0, at), buffers: rest.slice(4) };
    } catch (error) {
      return `a message that cannot be read: ${(error as Error).message}`;
    }
  }

  private sign(parts: readonly Uint8Array[]): string {
    if (this.key === '') return '';
    const hmac = createHmac(this.algorithm, this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  private isSigned(signature: Uint8Array, parts: readonly Uint8Array[]): boolean {
    if (this.key === '') return true;
    const expected = Buffer.from(this.sign(parts));
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }

  private isRepeated(signature: Uint8Array): boolean {
    if (this.key === '') return false;
    const text = Buffer.from(signature).toString('latin1', 0, enough);
    if (this.seen.has(text)) return true;
    this.seen.add(text);
    if (this.seen.size > remembered) this.seen.delete(this.seen.values().next().value!);
    return false;
  }
}

const parse = (frame: Uint8Array): unknown => JSON.parse(Buffer.from(frame).toString('utf8'));

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // The system may have no user name for the user's id.
    return 'kernel';
  }
}
