import fs from 'node:fs';
import { serialize } from 'node:v8';
import type { FromCells } from '../process-messages';

/** File descriptor of the messages to the host. */
const HOST = 3;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Sends a message to the host: its length in four bytes, then the message. The write is synchronous, so no output is lost
 * if the cell loops or the process dies.
 */
export function send(message: FromCells): void {
  const body = serialize(message);
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32LE(body.length);
  body.copy(frame, 4);
  for (let at = 0; at < frame.length; ) at += write(frame, at);
}

function write(frame: Buffer, at: number): number {
  try {
    return fs.writeSync(HOST, frame, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    // The pipe is full.
    Atomics.wait(pause, 0, 0, 1);
    return 0;
  }
}
