import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { reportCompilerFailure, reportDiagnostics } from '../../../kernel-setup/kernel/host/diagnostics';

const source = 'const a = 1;\nconst b: string = a;\nb.toFixd(`\n`);';
const at = (line: number, column: number, length: number, file?: string) => ({
  message: 'It is wrong.',
  code: 2322,
  line,
  column,
  length,
  file,
});
const shown = (diagnostics: ReturnType<typeof at>[]) => {
  const { traceback, ...report } = reportDiagnostics(diagnostics, 'Cell [7]', source);
  return { ...report, text: stripVTControlCharacters(traceback.join('\n')) };
};

test('a mistake is named with its place and number, and underlined', () => {
  const { ename, evalue, text } = shown([at(2, 7, 1)]);
  expect(ename).toBe('TypeScriptError');
  expect(evalue).toBe('Cell [7]:2:7 - TS2322: It is wrong.');
  expect(text).toBe(
    [
      'TypeScriptError: the cell was not run',
      'Cell [7]:2:7 - error TS2322: It is wrong.',
      '  1 | const a = 1;',
      '> 2 | const b: string = a;',
      '    |       ^',
      '  3 | b.toFixd(`',
    ].join('\n'),
  );
});

test('of several mistakes all are shown, of many the first', () => {
  expect(shown([at(1, 1, 5), at(2, 1, 5)]).evalue).toMatch(/Cell \[7\]:1:1 .* \(and 1 more\)$/);
  const { text } = shown(Array.from({ length: 9 }, (_, i) => at(1, i + 1, 1)));
  expect(text.match(/ - error TS2322/g)).toHaveLength(5);
  expect(text).toMatch(/… and 4 more$/);
});

test('a mistake that spans lines is underlined to the end of its first', () => {
  expect(shown([at(3, 3, 30)]).text).toContain('\n    |   ^^^^^^^^\n');
});

test('a mistake in another file is named by it, without an excerpt', () => {
  const { text } = shown([at(1, 2, 3, 'lib.ts')]);
  expect(text).toBe('TypeScriptError: the cell was not run\nlib.ts:1:2 - error TS2322: It is wrong.');
});

test('when the compiler itself fails, the report says at which cell and what to do, or where', () => {
  const tooDeep = reportCompilerFailure(new RangeError('Maximum call stack size exceeded'), 'Cell [7]');
  expect(tooDeep.evalue).toMatch(/Cell \[7\]: it is nested too deeply.*break it/);
  expect(tooDeep.traceback[0]).toContain(tooDeep.evalue);
  expect(reportCompilerFailure(new Error('no such node'), 'Cell [7]').evalue).toMatch(/no such node\n +at /);
});
