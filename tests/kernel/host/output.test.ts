import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Channels } from '../../../kernel-setup/kernel/host/channels';
import type { Header } from '../../../kernel-setup/kernel/host/messages';
import { Outputs } from '../../../kernel-setup/kernel/host/output';

/** Published messages: type, parent's number, and the distinguishing content. */
let sent: unknown[][];
let outputs: Outputs;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  const send = (type: string, content: Record<string, unknown>, parent: { msg_id?: string }) => {
    sent.push([type, parent.msg_id, content.text ?? content.data ?? content.wait ?? content]);
  };
  outputs = new Outputs({ publish: send, broadcast: send } as unknown as Channels);
  for (const parentId of [1, 2]) outputs.enter(parentId, { msg_id: `request ${parentId}` } as Header);
});

afterEach(() => vi.useRealTimers());

const stdout = (parentId: number, text: string) => outputs.put({ type: 'stream', parentId, name: 'stdout', text });
const stderr = (parentId: number, text: string) => outputs.put({ type: 'stream', parentId, name: 'stderr', text });

test('chunks of one stream are merged until the delay ends', () => {
  for (let i = 0; i < 5000; i++) stdout(1, `${i}\n`);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(sent).toHaveLength(1);
  expect(String(sent[0][2]).split('\n')).toHaveLength(5001);
});

test('keeps the order of streams and cells', () => {
  stdout(1, 'a');
  stderr(1, 'b');
  stdout(1, 'c');
  stdout(2, 'd');
  stdout(2, 'e');
  outputs.flush();
  expect(sent).toEqual([
    ['stream', 'request 1', 'a'],
    ['stream', 'request 1', 'b'],
    ['stream', 'request 1', 'c'],
    ['stream', 'request 2', 'de'],
  ]);
});

test('merges two streams that alternate constantly into few messages', () => {
  for (let i = 0; i < 10_000; i++) {
    stdout(1, `o${i} `);
    stderr(1, `e${i} `);
    if (i % 5 === 0) vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(1000);
  expect(sent.length).toBeLessThan(150);
  const all = sent.map(([, , text]) => text).join('');
  for (const stream of ['o', 'e']) {
    const numbers = [...all.matchAll(new RegExp(`${stream}(\\d+) `, 'g'))].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  }
});

test('never reorders streams that alternate occasionally', () => {
  const expected: unknown[] = [];
  for (let i = 0; i < 1000; i++) {
    stdout(1, `o${i}`);
    stderr(1, `e${i}`);
    expected.push(`o${i}`, `e${i}`);
    vi.advanceTimersByTime(250);
  }
  expect(sent.map(([, , text]) => text)).toEqual(expected);
});

test('sends text before anything else', () => {
  stdout(1, 'first');
  outputs.put({ type: 'clear', parentId: 1, wait: true });
  stdout(1, 'second');
  outputs.put({ type: 'display', parentId: 1, data: { 'text/plain': 'x' }, metadata: {} });
  expect(sent.map(([type]) => type)).toEqual(['stream', 'clear_output', 'stream', 'display_data']);
  vi.advanceTimersByTime(100);
  expect(sent).toHaveLength(4);
});

test('sends much text immediately', () => {
  stdout(1, 'x'.repeat(300_000));
  expect(sent).toHaveLength(1);
});

test('updates a display', () => {
  const display = { type: 'display', parentId: 2, data: {}, metadata: {}, displayId: 'd' } as const;
  outputs.put(display);
  outputs.put({ ...display, update: true });
  expect(sent.map(([type]) => type)).toEqual(['display_data', 'update_display_data']);
});

test('writes an unhandled error to stderr of its cell', () => {
  const error = { ename: 'Error', evalue: 'late', traceback: ['Error: late', '    at Cell [1]:1:1'] };
  outputs.put({ type: 'late-error', parentId: 1, error });
  outputs.flush();
  expect(sent).toEqual([['stream', 'request 1', 'Error: late\n    at Cell [1]:1:1\n']]);
});
