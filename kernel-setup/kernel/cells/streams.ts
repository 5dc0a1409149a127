import { StringDecoder } from 'node:string_decoder';
import type { ParentId } from '../process-messages';
import { send } from './channel';
import { currentParent } from './parent';

type Done = (error?: Error | null) => void;

/** Sends what is written to the standard streams to the host, at once: a cell that never returns shows its output. */
export function captureStreams(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new StringDecoder('utf8');
    const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
      const isText = typeof chunk === 'string' && (typeof encoding !== 'string' || /^utf-?8$/i.test(encoding));
      const text = isText ? chunk : decoder.write(bytesOf(chunk, encoding));
      if (text !== '') send({ type: 'stream', parentId: currentParent(), name, text });
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback !== undefined) process.nextTick(callback);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}

const bytesOf = (chunk: string | Uint8Array, encoding: unknown): Buffer =>
  typeof chunk === 'string' ? Buffer.from(chunk, encoding as BufferEncoding) : Buffer.from(chunk);

const printing = [
  'log',
  'info',
  'debug',
  'warn',
  'error',
  'dir',
  'dirxml',
  'table',
  'trace',
  'assert',
  'count',
  'timeEnd',
];

/** Has `console.group` move in what is printed for the same request only: another cell begins at the margin. */
export function groupByCell(): void {
  const { group, groupEnd } = console;
  const depths = new Map<ParentId, number>();
  let depth = 0;
  /** Brings the console to the margin of the request that prints. */
  const align = () => {
    const wanted = depths.get(currentParent()) ?? 0;
    for (; depth < wanted; depth++) group();
    for (; depth > wanted; depth--) groupEnd();
  };
  for (const name of [...printing, 'timeLog'] as 'log'[]) {
    const print = console[name];
    console[name] = (...values: unknown[]) => {
      align();
      print(...values);
    };
  }
  console.group = (...label: unknown[]) => {
    if (label.length > 0) console.log(...label);
    depths.set(currentParent(), (depths.get(currentParent()) ?? 0) + 1);
  };
  console.groupCollapsed = console.group;
  console.groupEnd = () => {
    const left = (depths.get(currentParent()) ?? 0) - 1;
    if (left > 0) depths.set(currentParent(), left);
    else depths.delete(currentParent());
  };
}
