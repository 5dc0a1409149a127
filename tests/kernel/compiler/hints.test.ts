// Hints mention the environment in which cells run: Node, or a worker of a page.
import ts from 'typescript';
import { expect, test } from 'vitest';
import { hintFor, hintForLine } from '../../../kernel-setup/kernel/compiler/hints';
import type { Platform } from '../../../kernel-setup/kernel/compiler/platform';

const on = (name: string) => ({ name, hasModule: () => false }) as unknown as Platform;
const [node, page] = [on('Node 22.1.0'), on('This browser')];

function hintForName(name: string, platform: Platform): string | undefined {
  const file = ts.createSourceFile('cell.ts', name, ts.ScriptTarget.Latest);
  const category = ts.DiagnosticCategory.Error;
  return hintFor({ code: 2304, file, start: 0, length: name.length, category, messageText: '' }, platform);
}

/** Phrases that apply only in Node, or with a terminal. */
const ofNode = /node:|in Node|process\.\w|in a terminal|Jupyter\.install/;

test.each(['document', 'window', 'Deno', 'Bun', 'arguments', 'FileAttachment', 'describe', 'Worker'])(
  'for the name %s',
  (name) => {
    expect(hintForName(name, node)).toMatch(ofNode);
    expect(hintForName(name, page)).toMatch(/\S/);
    expect(hintForName(name, page)).not.toMatch(ofNode);
  },
);

test.each([
  ...['!ls', '!npm install left-pad', 'files = !ls', '%cd data', '%pwd', '%ls', '%env', 'git status', '$ ls'],
  ...['npm install left-pad', '%npm install left-pad', '%%bash', '%%sh', '%%writefile a.txt', '%sx ls', '%system ls'],
])('for the line %s', (line) => {
  expect(hintForLine(line, node)).toMatch(ofNode);
  expect(hintForLine(line, page)).toMatch(/\S/);
  expect(hintForLine(line, page)).not.toMatch(ofNode);
});

test('for a name of web pages after two exclamation marks', () => {
  for (const line of ['!!document', '!window.location']) expect(hintForLine(line, node)).toContain('without a page');
});

test('for features that are the same everywhere', () => {
  for (const platform of [node, page]) {
    expect(hintForName('print', platform)).toBe('In TypeScript: `console.log(…)`.');
    expect(hintForLine('%time f()', platform)).toContain('console.time()');
    expect(hintForLine('let x = 1', platform)).toBeUndefined();
  }
});
