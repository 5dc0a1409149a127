import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { CellMemory, Diagnostic } from '../../../kernel-setup/kernel/compiler/types';
import { LostNames } from '../../../kernel-setup/kernel/host/lost-names';

const memory = (label: string, ...names: string[]) =>
  ({ label, names: names.map((name) => ({ name, isAmbient: false })), stars: new Map() }) as unknown as CellMemory;
const missing = (message: string): Diagnostic => ({
  ...{ message, code: 2304, line: 1, column: 1, length: 1, excerpt: [] },
  hint: 'Try: another',
});
const why = 'memory ran out in Cell [5]';
const told = '`x` was lost when the process ended: memory ran out in Cell [5]. Run Cell [3] again.';

function lost(): LostNames {
  const names = new LostNames();
  names.add(memory('Cell [2]', 'x'), undefined, why);
  names.add(memory('Cell [3]', 'x', 'never'), ['x'], why);
  names.add(memory('Cell [5]', 'own'), undefined, why);
  return names;
}

test.each([
  ["Cannot find name 'x'.", told],
  ["Cannot find name 'x'. Did you mean 'y'?", told],
  ["Cannot find namespace 'x'.", told],
  ["No value exists in scope for the shorthand property 'x'. Either declare one or provide an initializer.", told],
  [
    "Cannot find name 'own'.",
    '`own` was lost when the process ended: memory ran out in Cell [5]. Cell [5] declares it.',
  ],
  ["Cannot find name 'never'.", 'Try: another'],
  ["Property 'x' does not exist on type 'Y'.", 'Try: another'],
])('%s', (message, hint) => {
  expect(lost().inDiagnostics([missing(message)])[0].hint).toBe(hint);
});

test('a cell that TypeScript does not check fails with the same message, once', () => {
  const error = { ename: 'ReferenceError', evalue: 'x is not defined' };
  const head = '\u001b[31mReferenceError\u001b[39m: x is not defined';
  const { evalue, traceback } = lost().inError({ ...error, traceback: [head, '    at Cell [6]:1:1'] });
  expect(evalue).toBe(`x is not defined. ${told}`);
  expect(traceback.map(stripVTControlCharacters)).toEqual([
    `ReferenceError: x is not defined. ${told}`,
    '    at Cell [6]:1:1',
  ]);
  const other = { ...error, evalue: 'y is not defined', traceback: [] };
  expect(lost().inError(other)).toBe(other);
});

test('notes a name that only functions use', () => {
  expect(lost().inNote('`x` is not declared yet: another cell has to, before it is called.')).toBe(told);
  expect(lost().inNote('`y` is not declared yet: another cell has to, before it is called.')).toMatch(/^`y` is not/);
});

test('a name that a cell declares again exists', () => {
  const names = lost();
  names.found(memory('Cell [3]', 'x'));
  expect(names.inDiagnostics([missing("Cannot find name 'x'.")])[0].hint).toBe('Try: another');
});
