// Stacks of all engines, converted to one format.
import { expect, test } from 'vitest';
import { framesOf } from '../../src/autograd/frames';

class Own extends Error {}

test("V8's frames are unchanged, without the message", () => {
  const stack = 'Error: f@http://x/y.js:1:2\nmore\n    at f (file:///a.js:1:2)\n    at async file:///a.js:3:4';
  expect(framesOf(stack)).toEqual(['    at f (file:///a.js:1:2)', '    at async file:///a.js:3:4']);
});

test("Firefox's: nested functions, eval code, async frames", () => {
  const stack = [
    'Own@http://127.0.0.1:80/a.mjs:1:62',
    'outer/inner@http://127.0.0.1:80/a.mjs:2:3',
    'outer/<@http://cdn/@scope/b.js:4:5',
    '@Cell_[3]:6:7',
    'anonymous@http://127.0.0.1:80/a.mjs line 8 > Function:1:2',
    'async*run@http://127.0.0.1:80/a.mjs:9:10',
    '',
  ].join('\n');
  expect(framesOf(stack, new Own())).toEqual([
    '    at inner (http://127.0.0.1:80/a.mjs:2:3)',
    '    at http://cdn/@scope/b.js:4:5',
    '    at Cell_[3]:6:7',
    '    at <anonymous>',
    '    at async run (http://127.0.0.1:80/a.mjs:9:10)',
  ]);
  expect(framesOf(stack)).toHaveLength(6);
});

test("Safari's: code outside functions, unnamed frames, native frames", () => {
  const stack = 'f@http://x/a.js:1:2\nmap@[native code]\nhttp://x/@b.js:3:4\nmodule code@http://x/a.js:5:6';
  expect(framesOf(stack)).toEqual([
    '    at f (http://x/a.js:1:2)',
    '    at http://x/@b.js:3:4',
    '    at http://x/a.js:5:6',
  ]);
});

test('no frames', () => {
  expect(framesOf('')).toEqual([]);
  expect(framesOf('Error: nothing')).toEqual([]);
});
