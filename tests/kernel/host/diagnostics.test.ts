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

test('a mistake is named with its place and number, then shown', () => {
  const { ename, evalue, text } = shown([at(2, 7)]);
  expect(ename).toBe('TypeScriptError');
  expect(evalue).toBe('Cell [7]:2:7 - TS2322: It is wrong.');
  expect(text).toBe('TypeScriptError: the cell was not run\nCell [7]:2:7 - error TS2322: It is wrong.\n> 2 | the line');
});

test('its reasons stand before the line, what to do behind it; the short form has no reasons', () => {
  const { evalue, text } = shown([at(2, 7, { message: 'It is wrong.\n  For a reason.', hint: 'Do this.' })]);
  expect(evalue).toBe('Cell [7]:2:7 - TS2322: It is wrong. Do this.');
  expect(text).toMatch(/error TS2322: It is wrong\.\n {2}For a reason\.\n> 2 \| the line\n→ Do this\.$/);
});

test('of several mistakes all are shown, of many the first', () => {
  expect(shown([at(1, 1), at(2, 1)]).evalue).toMatch(/Cell \[7\]:1:1 .* \(and 1 more\)$/);
  const { text } = shown(Array.from({ length: 9 }, (_, i) => at(1, i + 1)));
  expect(text.match(/ - error TS2322/g)).toHaveLength(5);
  expect(text).toMatch(/… and 4 more$/);
});

test('a mistake in another file is named by it', () => {
  expect(shown([at(1, 2, { file: 'lib.ts' })]).evalue).toBe('lib.ts:1:2 - TS2322: It is wrong.');
});

test('when the compiler itself fails, the report says at which cell and what to do, or where', () => {
  const tooDeep = reportCompilerFailure(new RangeError('Maximum call stack size exceeded'), 'Cell [7]');
  expect(tooDeep.evalue).toMatch(/Cell \[7\]: it is nested too deeply.*break it/);
  expect(tooDeep.traceback[0]).toContain(tooDeep.evalue);
  expect(reportCompilerFailure(new Error('no such node'), 'Cell [7]').evalue).toMatch(/no such node\n +at /);
});
