import { expect, test } from 'vitest';
import { messageFromCells } from '../../../kernel-setup/kernel/host/from-cells';

test('accepts messages', () => {
  const sound = [
    { type: 'ready' },
    { type: 'done', parentId: 1, reached: ['x'], result: { data: { 'text/plain': '1' }, metadata: {} } },
    { type: 'comm', parentId: 1, action: 'msg', commId: 'a', data: {}, metadata: {}, buffers: [new Uint8Array(2)] },
    { type: 'summary', id: 3, text: null },
  ];
  for (const message of sound) expect(messageFromCells(message)).toBe(message);
});

test.each([
  [undefined, /of no known type/],
  ['done', /of no known type/],
  [{ type: 'toString' }, /of no known type/],
  [{ type: 'done', parentId: 1 }, /done\.reached must be an array, not missing/],
  [{ type: 'done', parentId: 1, reached: [5] }, /done\.reached\[0\] must be a string, not 5/],
  [{ type: 'stream', parentId: 1, name: 'stdout', text: 5n }, /stream\.text must be a string, not 5n/],
  [
    { type: 'broadcast', parentId: 1, msgType: 'x', content: {}, metadata: {}, buffers: [1] },
    /buffers\[0\] must be bytes/,
  ],
])('rejects %o', (value, problem) => {
  expect(() => messageFromCells(value)).toThrow(problem);
});
