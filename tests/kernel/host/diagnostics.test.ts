import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../../kernel-setup/kernel/compiler/types';
import { reportCompilerFailure, reportDiagnostics } from '../../../kernel-setup/kernel/host/diagnostics';

const at = (line: number, column: number, more: Partial<Diagnostic> = {}): Diagnostic => ({
  message: 'It is wrong.',
  code: 2322,
  line,
  column,
  length: 1,
  excerpt: [`> ${line} | the line`],
  ...more,
});
const shown = (diagnostics: Diagnostic[]) => {
  const { traceback, ...report } = reportDiagnostics(diagnostics, 'Cell [7]');
  return { ...report, text: stripVTControlCharacters(traceback.join('\n')) };
};

test('a mistake is named with its position and code, then shown', () => {
  const { ename, evalue, text } = shown([at(2, 7)]);
  expect(ename).toBe('TypeScriptError');
  expect(evalue).toBe('Cell [7]:2:7 - TS2322: It is wrong.');
  expect(text).toBe('TypeScriptError: the cell was not run\nCell [7]:2:7 - error TS2322: It is wrong.\n> 2 | the line');
});

test('reasons come before the line, the hint after it; the short form has no reasons', () => {
  const { evalue, text } = shown([at(2, 7, { message: 'It is wrong.\n  For a reason.', hint: 'Do this.' })]);
  expect(evalue).toBe('Cell [7]:2:7 - TS2322: It is wrong. Do this.');
  expect(text).toMatch(/error TS2322: It is wrong\.\n {2}For a reason\.\n> 2 \| the line\n→ Do this\.$/);
});

test('shows all of several mistakes, and the first of many', () => {
  expect(shown([at(1, 1), at(2, 1)]).evalue).toMatch(/Cell \[7\]:1:1 .* \(and 1 more\)$/);
  const { text } = shown(Array.from({ length: 9 }, (_, i) => at(1, i + 1)));
  expect(text.match(/ - error TS2322/g)).toHaveLength(5);
  expect(text).toMatch(/… and 4 more$/);
});

test('a mistake in another file names the file', () => {
  expect(shown([at(1, 2, { file: 'lib.ts' })]).evalue).toBe('lib.ts:1:2 - TS2322: It is wrong.');
});

test('if the compiler itself fails, reports the cell and what to do, or where', () => {
  const tooDeep = reportCompilerFailure(new RangeError('Maximum call stack size exceeded'), 'Cell [7]');
  expect(tooDeep.evalue).toMatch(/Cell \[7\]: it is nested too deeply.*break it/);
  expect(tooDeep.traceback[0]).toContain(tooDeep.evalue);
  expect(reportCompilerFailure(new Error('no such node'), 'Cell [7]').evalue).toMatch(/no such node\n +at /);
});
