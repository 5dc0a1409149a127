import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainCellError, showCellError } from '../../tools/notebooks/failure.mjs';
import { junitXml } from '../../tools/notebooks/junit.mjs';
import { findNotebooks, parseOptions, selectNotebooks } from '../../tools/notebooks/options.mjs';
import { makeReport, resultLines, totalLine } from '../../tools/notebooks/report.mjs';
import { lineUnderTslab } from '../../tools/notebooks/tslab-line.mjs';
import { makeFolder, makeNotebook } from '../support/notebooks';

describe('the command line', () => {
  const parse = (...args: string[]) => parseOptions(args, { notebooks: '/project/notebooks' });

  it('has defaults', () => {
    expect(parse()).toMatchObject({ kernel: 'gradlab', timeout: 300, check: false, update: false, names: [] });
    expect(parse('a', '--timeout', '5', '--junit=x.xml')).toMatchObject({ names: ['a'], timeout: 5, junit: 'x.xml' });
  });

  it.each([
    [['--chek'], /Unknown option '--chek'/],
    [['--timeout', 'long'], /--timeout takes a number of seconds above 0, not "long"/],
    [['--timeout', '0'], /above 0/],
    [['--check', '--update'], /exclude each other/],
    [['--redraw'], /--redraw is for --update/],
    [['--kernel', 'tslab', '--update'], /--update needs our own kernel/],
    [['--kernel', 'tslab', '--check'], /--check needs our own kernel/],
  ])('rejects %s', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});

describe('the names of notebooks', () => {
  const all = ['000-start/01-first.ipynb', '000-start/02-second.ipynb', '002-descent/01-gradient.ipynb'];
  const select = (...names: string[]) => selectNotebooks(names, all, '/project/notebooks');

  it.each([
    ['absent', [], [0, 1, 2]],
    ['the beginning of a path', ['002'], [2]],
    ['a folder', ['000-start/'], [0, 1]],
    ['the beginning of a file name', ['01'], [0, 2]],
    ['a file name', ['02-second'], [1]],
    ['a path below the folder', ['000-start/01-first.ipynb'], [0]],
    ['a path from the project', ['notebooks/002-descent/01-gradient.ipynb'], [2]],
    ['an absolute path', ['/project/notebooks/000-start/02-second.ipynb'], [1]],
    ['several, in any order', ['002', '02'], [1, 2]],
  ])('may be %s', (_, names, expected) => {
    expect(select(...names)).toEqual(expected.map((i) => all[i]));
  });

  it('are listed if one is unknown', () => {
    expect(() => select('02-second', 'fourth')).toThrow(
      /no notebook is called "fourth"; there are\n {2}000-start\/01-first\n/,
    );
    expect(() => selectNotebooks([], [], '/empty')).toThrow(/no notebook in \/empty/);
  });

  it('are found below a folder, without checkpoints', () => {
    const empty = makeNotebook([]);
    const folder = makeFolder({
      'b/x.ipynb': empty,
      'a.ipynb': empty,
      'b/.ipynb_checkpoints/x-checkpoint.ipynb': empty,
      'b/notes.md': {},
    });
    expect(findNotebooks(folder.root)).toEqual(['a.ipynb', 'b/x.ipynb']);
    folder.remove();
  });
});

// Stock tslab's own.
const { createConverter } = createRequire(import.meta.url)('tslab/dist/converter.js');

describe('a failing cell', () => {
  let converter: { convert(before: string, cell: string): { output: string }; close(): void };
  beforeAll(() => {
    converter = createConverter();
  });
  afterAll(() => converter.close());

  const source = 'const a = 1;\nconst b: string = a;\nthrow new Error("no");';
  const fromTslab = (traceback: string) => ({ name: '', message: '', traceback });

  it.each([
    ['our kernel', { name: 'Error', message: 'no', traceback: 'Error: no\n    at Cell [3]:3:7' }, 'Error: no', 3],
    [
      'our kernel, in words',
      { name: 'Error', message: 'no', traceback: '\u001b[31mError\u001b[0m: no\nCell [3], line 2' },
      'Error: no',
      2,
    ],
    [
      'tslab, a type error',
      fromTslab("2:7 - Type 'number' is not assignable to type 'string'.\n"),
      "2:7 - Type 'number' is not assignable to type 'string'.",
      2,
    ],
    [
      'tslab, a quoted line',
      fromTslab(
        'evalmachine.<anonymous>:7\nthrow new Error("no");\n^\n\nError: no\n    at evalmachine.<anonymous>:7:7',
      ),
      'Error: no',
      3,
    ],
    [
      'tslab, in an earlier cell',
      fromTslab('RangeError: far\n    at f (evalmachine.<anonymous>:7:7)'),
      'RangeError: far',
      undefined,
    ],
    [
      'tslab, in a function of the library',
      fromTslab(
        'RangeError: far\n    at f (/dist/x.js:9:7)\n    at evalmachine.<anonymous>:5:11\n    at evalmachine.<anonymous>:9:3',
      ),
      'RangeError: far',
      2,
    ],
    [
      'tslab, lines that are not those of this cell',
      fromTslab('RangeError: far\n    at evalmachine.<anonymous>:5:11\n    at evalmachine.<anonymous>:12:3'),
      'RangeError: far',
      undefined,
    ],
    ['a kernel without a message', fromTslab(''), 'the cell failed without a message', undefined],
  ])('is explained under %s', (_, error, message, line) => {
    expect(explainCellError(error, source)).toMatchObject({ message, ...(line && { line }) });
    expect(explainCellError(error, source).line).toBe(line);
  });

  it.each([
    [
      'declarations of every kind',
      "import { tensor, type Tensor } from 'gradlab';\ninterface Pair { a: number }\nfunction twice(x: number) {\n  return 2 * x;\n}\nconst { a, b: [, c] } = { a: 1, b: [2, /* here */ twice(3)] };\nclass Own {}\nenum E { X }",
    ],
    ['a value after a comment', 'let n = 1; // one\n\n// The value\n/* here */ n.toFixed()'],
    ['a value alone', '(() => {\n  const n = 2;\n  return [\n    n,\n    /* here */ n.toFixed(),\n  ];\n})();'],
    ['no names and no value', 'for (let i = 0; i < 3; i++)\n  if (i > 1) { /* here */ i.toFixed(); }'],
    [
      'an await',
      'const n: number = await Promise.resolve(1);\n\ntype T = number;\nif (n === (1 as T)) throw /* here */ new Error("no");',
    ],
  ])("has the line in tslab's compiled source: %s", (_, cell) => {
    const js = converter.convert('', cell).output.split('\n');
    const line = js.findIndex((text) => text.includes('/* here */')) + 1;
    const stack = `Error: no\n    at evalmachine.<anonymous>:${line}:${js[line - 1].length}\n    at evalmachine.<anonymous>:${js.length + 1}:3`;
    expect(lineUnderTslab(stack, cell), js.join('\n')).toBe(
      cell.split('\n').findIndex((text) => text.includes('/* here */')) + 1,
    );
  });

  it('is shown with its source, line and message, and without the frames of the kernel', () => {
    const traceback =
      'Error: no\n    at f (Cell [1]:3:7)\n    at Script.run (node:vm:1:2)\n    at x (/p/node_modules/tslab/dist/executor.js:1:2)';
    expect(showCellError({ name: 'Error', message: 'no', traceback }, source).split('\n')).toEqual([
      '  1 │ const a = 1;',
      '  2 │ const b: string = a;',
      '→ 3 │ throw new Error("no");',
      'line 3: Error: no',
      '        at f (Cell [1]:3:7)',
    ]);
  });

  it('contains each sentence once, also for a type error', () => {
    const traceback = [
      'TypeScriptError: the cell was not run',
      "Cell [1]:2:7 - error TS2322: Type 'number' is not assignable to type 'string'.",
      '  1 | const a = 1;',
      '> 2 | const b: string = a;',
      '    |       ^',
      '→ Declare it first.',
      'TypeScriptError in Cell [1]:2:7',
    ].join('\n');
    const message = "Cell [1]:2:7 - TS2322: Type 'number' is not assignable to type 'string'. Declare it first.";
    expect(showCellError({ name: 'TypeScriptError', message, traceback }, source).split('\n').slice(3)).toEqual([
      `line 2: TypeScriptError: ${message}`,
      '    TypeScriptError: the cell was not run',
    ]);
  });
});

describe('the report', () => {
  const passed = {
    name: 'a',
    seconds: 1.25,
    claims: [{ id: 'D10', verdict: 'holds' }],
    problems: [],
    notes: ['updated'],
  };
  const failed = {
    name: 'b<&>',
    seconds: 2,
    claims: [
      { id: 'C01', verdict: 'wrong' },
      { id: 'C02', verdict: 'failed' },
    ],
    problems: [
      { kind: 'cell', title: 'cell 2 failed', details: '1 │ "x" < y\n\u001b[31mError' },
      { kind: 'claim', title: 'claim C02 failed: measured 2, demanded 1' },
      { kind: 'claim', title: 'claim C03 is in claims.json and was not asserted' },
    ],
    notes: [],
  };

  it('has a line for each notebook, with its problems below it', () => {
    expect(resultLines(passed)).toBe('✓ a · 1.3 s · claims: 1 holds · passed, updated');
    expect(resultLines({ ...passed, claims: [], notes: [] })).toBe('✓ a · 1.3 s · no claims · passed');
    expect(resultLines(failed).split('\n').slice(0, 3)).toEqual([
      '✗ b<&> · 2.0 s · claims: 1 wrong, 1 failed · failed',
      '  cell 2 failed',
      '    1 │ "x" < y',
    ]);
  });

  it('shows on a terminal the current cell of each notebook, on a line that is overwritten', () => {
    const written: string[] = [];
    const report = makeReport({ isTTY: true, columns: 30, write: (text: string) => written.push(text) });
    report.started('a/one');
    report.atCell('a/one', 2, 7);
    report.started('b/a-name-longer-than-the-terminal');
    report.atCell('b/a-name-longer-than-the-terminal', 1, 3);
    report.finished({ ...passed, name: 'a/one' });
    const clear = '\r\u001b[K';
    expect(written.join('')).toBe(
      `${clear}▶ a/one\n${clear}  one 2/7${clear}▶ b/a-name-longer-than-the-terminal\n` +
        `${clear}  one 2/7 · a-name-longer-tha${clear}✓ a/one · 1.3 s · claims: 1 holds · passed, updated\n`,
    );
  });

  it('shows the progress of a cell, from its progress bar, until the next cell', () => {
    const written: string[] = [];
    const report = makeReport({ isTTY: true, columns: 40, write: (text: string) => written.push(text) });
    report.started('a/one');
    report.atCell('a/one', 2, 7);
    report.atProgress('a/one', 'epoch 3/10');
    report.atCell('a/one', 3, 7);
    const clear = '\r\u001b[K';
    expect(written.join('')).toBe(`${clear}▶ a/one\n${clear}  one 2/7${clear}  one 2/7: epoch 3/10${clear}  one 3/7`);
  });

  it('ends with one line of totals', () => {
    expect(totalLine([passed, failed], 3)).toBe(
      '2 notebooks: 1 passed, 1 failed · claims: 1 holds, 0 conditional, 1 wrong, 0 slip, 0 opinion, 1 failed · 3 measured, 0 read · 3.0 s',
    );
    expect(totalLine([passed], 3)).toMatch(/^1 notebook: 1 passed, 0 failed/);
  });

  it('is written as JUnit XML, escaped', () => {
    const xml = junitXml([passed, failed], { 'claims.json': ['claims.json, D1: is listed twice'], exercises: [] });
    expect(xml.match(/<testsuite name="[^"]*" tests="\d" failures="\d"/g)).toEqual([
      '<testsuite name="claims.json" tests="1" failures="1"',
      '<testsuite name="a" tests="2" failures="0"',
      '<testsuite name="b&lt;&amp;&gt;" tests="4" failures="3"',
    ]);
    expect(xml.match(/<failure/g)).toHaveLength(4);
    expect(xml).toContain(
      '<failure message="cell 2 failed">cell 2 failed&#10;1 │ &quot;x&quot; &lt; y&#10;[31mError</failure>',
    );
    expect(xml).toContain('<testcase classname="b&lt;&amp;&gt;" name="claim C01" time="0.000"/>');
    expect(xml).toContain('name="claim C03" time="0.000"><failure');
  });
});
