// The compiler alone: mistakes, completion, inspection, and whether a cell is complete.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Compiler } from '../../../kernel-setup/kernel/compiler/types';
import { plot } from '../../../src/lab';
import { builtKernel, compilerFrom } from '../support/cell-session';

let compiler: Compiler;
let folder: string;
let load: Awaited<ReturnType<typeof builtKernel>>;

beforeAll(async () => {
  load = await builtKernel();
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-compiler-')));
  fs.mkdirSync(path.join(folder, 'lib'));
  fs.writeFileSync(path.join(folder, 'lib', 'part.ts'), 'export const inPart = 1');
  const inner = 'export class Part {}\n/** Makes a part. */\nexport function make(): Part { return new Part(); }';
  fs.writeFileSync(path.join(folder, 'lib', 'inner.ts'), inner);
  fs.writeFileSync(path.join(folder, 'lib', 'exports.ts'), 'export { make, Part } from "./inner"');
  process.chdir(folder);
  compiler = compilerFrom(load);
  remember(`
    /** A table. @example table.alpha */
    const table = { alpha: 1, "be ta": 2 };
    interface Options { width: number; height?: number }
    /**
     * Draws.
     * @param o how
     * @returns nothing, see {@link Options}
     */
    function draw(o: Options): void {}
    const text = "abc";`);
});

afterAll(() => {
  compiler?.close();
  process.chdir(os.tmpdir());
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Compiles a cell that must compile, and remembers its names. */
function remember(source: string): string {
  const cell = compiler.compile(source);
  if (!cell.ok) throw new Error(JSON.stringify(cell.diagnostics));
  compiler.remember(cell.memory);
  return cell.js;
}

/** Completions at `|`: the replaced text, and the proposals. */
function completionsAt(marked: string): { replaced: string; texts: string[]; kinds: Record<string, string> } {
  const cursor = marked.indexOf('|');
  const source = marked.slice(0, cursor) + marked.slice(cursor + 1);
  const { from, to, items } = compiler.complete(source, cursor);
  const kinds = Object.fromEntries(items.map(({ text, kind }) => [text, kind]));
  return { replaced: source.slice(from, to), texts: items.map(({ text }) => text), kinds };
}

describe('mistakes', () => {
  test.each([
    ['let ok = 1;\nlet bad: number = "s";', { code: 2322, line: 2, column: 5, length: 3 }],
    ['  missing + 1', { code: 2304, line: 1, column: 3, length: 7 }],
    ['let a1 = 1;\nlet = = 3', { line: 2, column: 7 }],
    ['const t = `\n${1}\n`; const n: string = 5;', { code: 2322, line: 3, column: 10, length: 1 }],
    ['text.nope()', { code: 2339, line: 1, column: 6, length: 4 }],
    ['draw({ width: "1" })', { code: 2322, line: 1, column: 8, length: 5 }],
  ])('%j', (source, first) => {
    const result = compiler.compile(source);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.diagnostics[0]).toMatchObject(first);
  });

  test('warnings do not prevent a cell from running', () => {
    remember('const unused = 1; function f(a: number) { return; void a; }');
  });

  test('a cell that is not remembered declares no names', () => {
    expect(compiler.compile('const passing = 1; passing').ok).toBe(true);
    expect(compiler.compile('passing').ok).toBe(false);
  });

  test('a semicolon at the end discards the value', () => {
    const quiet = ['1;', '1', 'const q = 1; q;', 'const r = 1; r // ;'].map((source) => {
      const cell = compiler.compile(source);
      return cell.ok && !/_result\(/.test(cell.js);
    });
    expect(quiet).toEqual([true, false, true, false]);
  });
});

describe('completion', () => {
  test.each([
    ['text.toUp|', 'toUp', 'toUpperCase', 'method'],
    ['table.|', '', 'alpha', 'property'],
    ['table["al|"]', 'al', 'alpha', 'property'],
    ['table["|"]', '', 'be ta', 'property'],
    ['draw({ wi| })', 'wi', 'width', 'property'],
    ['dr|', 'dr', 'draw', 'function'],
    ['const own = 1; ow|', 'ow', 'own', 'const'],
    ['import { jo| } from "path"', 'jo', 'join', 'method'],
    ['import { | } from "./lib/part"', '', 'inPart', 'const'],
    ['import * as p from "path"; p.ba|', 'ba', 'basename', 'method'],
    ['import { Part } from "./lib/exports"; Pa|', 'Pa', 'Part', 'class'],
    ['import * as part from "./lib/exports"; part.|', '', 'make', 'function'],
    ['import x from "./l|"', 'l', 'lib', 'directory'],
    ['import x from "./lib/|"', '', 'part', 'script'],
    ['import x from "node:pa|"', 'node:pa', 'node:path', 'external module name'],
    ['const emoji = "🙂"; emoji.len|', 'len', 'length', 'property'],
  ])('%s', (marked, replaced, text, kind) => {
    const offered = completionsAt(marked);
    expect(offered.texts).toContain(text);
    expect(offered.kinds[text]).toBe(kind);
    expect(offered.replaced).toBe(replaced);
  });

  test('returns nothing for nonsense, without an error', () => {
    for (const marked of ['}}} (((|', '|', '"|', '`${|', '/* |', 'import |', '.|']) completionsAt(marked);
  });
});

describe('inspection', () => {
  test('shows declaration and documentation', () => {
    const found = compiler.inspect('draw({ width: 1 })', 2);
    expect(found).toMatchObject({ name: 'draw', signature: 'function draw(o: Options): void' });
    expect(found!.documentation).toBe('Draws.\n\n*@param* `o` how\n\n*@returns* nothing, see `Options`');
  });

  test('distinguishes variables of earlier cells from members', () => {
    expect(compiler.inspect('table.alpha', 3)).toMatchObject({ name: 'table', isCellVariable: true });
    expect(compiler.inspect('table.alpha', 8)).toMatchObject({ name: 'alpha', isCellVariable: false });
  });

  test('gives the expression of a member whose value can be shown', () => {
    const liveOf = (marked: string) => compiler.inspect(marked.replace('|', ''), marked.indexOf('|'))?.live;
    expect(liveOf('table.al|pha')).toEqual({ of: { name: 'table' }, key: 'alpha' });
    expect(liveOf('process.env.HO|ME')).toEqual({ of: { of: { name: 'process' }, key: 'env' }, key: 'HOME' });
    for (const other of [
      'text.pad|End',
      '(table: { alpha: 1 }) => table.al|pha',
      'draw({}).nam|e',
      'tab|le',
      'Intl.Coll|ator',
    ])
      expect(liveOf(other), other).toBeUndefined();
  });

  test.each([
    ['(table: number) => tab|le', false],
    ['(tab|le: number) => table', false],
    ['function f() { const table = 1; return tab|le; }', false],
    ['{ let table = 1; tab|le }', false],
    ['for (const table of [1]) tab|le', false],
    ['try {} catch (table) { tab|le }', false],
    ['({ tab|le: 1 })', false],
    ['class A { tab|le = 1 }', false],
    ['tab|le: for (;;) break table;', false],
    ['const { table: [tab|le] } = { table: [1] }', true],
    ['const table = 1; tab|le', true],
    ['if (true) { var table = 1 }\ntab|le', true],
    ['() => tab|le', true],
    ['({ tab|le })', true],
    ['`${tab|le}`', true],
    ['export { tab|le }', true],
    ['tab|le.', true],
  ])('a name that another one hides has no value of a cell: %s', (marked, isCellVariable) => {
    const [before, after] = marked.split('|');
    expect(compiler.inspect(before + after, before.length)?.isCellVariable ?? false).toBe(isCellVariable);
  });

  test.each(['matmul', 'sum', 'backward', 'unfold'])('a method whose documentation names others: %s', (method) => {
    const source = `import('gradlab').then(({ tensor }) => tensor(1).${method})`;
    expect(compiler.inspect(source, source.length - 2)?.documentation.length).toBeGreaterThan(20);
  });

  const figures = Object.entries(plot).flatMap(([name, value]) =>
    typeof value === 'function' ? [`plot.${name}`] : [],
  );
  test.each([...figures.filter((name) => name !== 'plot.Figure'), 'trainingDisplay', 'studyDisplay'])(
    'an example of a function that draws: %s',
    (name) => {
      const source = `import { plot, trainingDisplay, studyDisplay } from 'gradlab/lab'; ${name}`;
      const { documentation } = compiler.inspect(source, source.length)!;
      const example = /Example:\n```ts\n([\s\S]+?)\n```/.exec(documentation)?.[1];
      expect(example).toContain(`${name}(`);
    },
  );

  test('shows names of the library, with the cursor in the middle and at the end', () => {
    expect(compiler.inspect('Math.max(1)', 6)?.signature).toContain('max(...values: number[]): number');
    expect(compiler.inspect('Math.max', 8)?.documentation).toContain('larger of a set');
  });

  test('handles characters of more than one byte', () => {
    expect(compiler.inspect('"text".endsWith', 12)?.documentation).toContain('endPosition – length(this)');
  });

  test('shows the target of an import', () => {
    const source = 'import * as part from "./lib/exports"; import { Part } from "./lib/exports"; part.make';
    expect(compiler.inspect(source, source.length)).toMatchObject({
      signature: 'function make(): Part',
      documentation: 'Makes a part.',
    });
    expect(compiler.inspect(source, source.indexOf('Part }') + 1)?.signature).toBe('class Part');
    expect(compiler.inspect(source, source.lastIndexOf('part.') + 1)?.signature).toBe('import part');
  });

  test('shows the code that declares a name, if requested', () => {
    remember(
      '/** Doubles. */\nfunction twice(x: number) {\n  return 2 * x; // as it is written\n}\nconst [one, two] = [1, twice(1)];',
    );
    const sourceOf = (source: string, withSource = true) => compiler.inspect(source, source.length, withSource)?.source;
    expect(sourceOf('twice')).toBe(
      '/** Doubles. */\nfunction twice(x: number) {\n  return 2 * x; // as it is written\n}',
    );
    expect(sourceOf('two')).toBe('const [one, two] = [1, twice(1)];');
    expect(sourceOf('const here = 1; here')).toBe('const here = 1;');
    expect(sourceOf('import { make } from "./lib/exports"; make')).toBe(
      'export function make(): Part { return new Part(); }',
    );
    expect(sourceOf('Math.max')).toBe('max(...values: number[]): number;');
    for (const source of ['twice', 'two', 'Math.max', 'Math']) expect(sourceOf(source, false)).toBeUndefined();
  });

  test('shows the members of a short interface or enum', () => {
    const sourceOf = (source: string) => compiler.inspect(source, source.length)?.source;
    expect(sourceOf('let o: Options')).toBe('interface Options { width: number; height?: number }');
    expect(sourceOf('enum Kind { A, B }; Kind')).toBe('enum Kind { A, B }');
    expect(sourceOf('let e: ErrorOptions')).toMatch(/^interface ErrorOptions \{\s+cause\?: unknown;\s+\}$/);
    expect(sourceOf('let s: String')).toBeUndefined();
    remember('interface Split { a: number }');
    remember('enum Kinds {\n  First,\n}');
    expect(sourceOf('let o: Split')).toBe('interface Split { a: number }');
    expect(sourceOf('Kinds')).toBe('enum Kinds {\n  First,\n}');
  });

  test.each<[marked: string, name: string, call: string | undefined]>([
    ['Math.max(1, |2)', 'max', undefined],
    ['Math.max(1, 2|)', 'max', undefined],
    ['Math.max("text|", 1)', 'max', undefined],
    ['Math.max(1, |', 'max', undefined],
    ['Math.max(|', 'max', undefined],
    ['Math.max(\n  1,\n  |\n)', 'max', undefined],
    ['Math.max(1, Math.min(2|, 3))', 'min', undefined],
    ['Math.max(1, Math.min(2, 3)|)', 'max', undefined],
    ['new Map([[1, |2]])', 'Map', undefined],
    ['draw(|', 'draw', undefined],
    ['draw({ width: |1 })', 'draw', undefined],
    ['draw({ wi|dth: 1 })', 'width', 'function draw(o: Options): void'],
    ['draw(ta|ble)', 'table', 'function draw(o: Options): void'],
    ['text.padEnd(3, te|xt)', 'text', '(method) String.padEnd(maxLength: number, fillString?: string): string'],
    ['[1].forEach((x) => {\n  const y = x;\n  y|\n})', 'y', undefined],
    ['[1].forEach((x) => {\n  |\n})', 'forEach', undefined],
    ['const after = draw({ width: 1 });|', 'after', undefined],
  ])('shows the call around the cursor: %j', (marked, name, call) => {
    const cursor = marked.indexOf('|');
    const found = compiler.inspect(marked.slice(0, cursor) + marked.slice(cursor + 1), cursor);
    expect(found?.name).toBe(name === 'after' ? undefined : name);
    expect(found?.call?.signature).toBe(call);
  });

  test('shows nothing without a name', () => {
    for (const source of ['', '   ', '1 + ', '}{']) expect(compiler.inspect(source, source.length)).toBeNull();
  });
});

test('completes files beside the notebook, or in the folder typed so far, in a string', () => {
  for (const name of ['data/rows.csv', 'data/rest.json', '.hidden', 'dates.txt']) {
    fs.mkdirSync(path.dirname(path.resolve(name)), { recursive: true });
    fs.writeFileSync(path.resolve(name), '');
  }
  expect(completionsAt('read("da|")')).toMatchObject({
    replaced: 'da',
    texts: ['data/', 'dates.txt'],
    kinds: { 'data/': 'directory', 'dates.txt': 'script' },
  });
  expect(completionsAt("read('data/r|')")).toMatchObject({ replaced: 'r', texts: ['rest.json', 'rows.csv'] });
  expect(completionsAt('read(`./data/ro|`)').texts).toEqual(['rows.csv']);
  expect(completionsAt(`read("${process.cwd()}/.h|")`).texts).toEqual(['.hidden']);
  expect(completionsAt('read("da|').texts).toEqual(['data/', 'dates.txt']);
  expect(completionsAt('read("no/such/|")').texts).toEqual([]);
  // Completions from the type come first.
  expect(completionsAt('const mode: "data" = "d|"').texts).toEqual(['data']);
});

describe('completeness', () => {
  test.each([
    ['1 + 1', 'complete'],
    ['const a = 1;\na', 'complete'],
    ['await f();', 'complete'],
    ['', 'complete'],
    ['function f() {', 'incomplete'],
    ['f(1,', 'incomplete'],
    ['[1, 2', 'incomplete'],
    ['`open', 'incomplete'],
    ['/* open', 'incomplete'],
    ['const a =', 'incomplete'],
    ['let', 'incomplete'],
    ['const a = 1;\nexport', 'incomplete'],
    ['export const ', 'incomplete'],
    ['import', 'incomplete'],
    ['const a = = 3\nlet', 'invalid'],
    ['a.let', 'complete'],
    ['if (a) {\n  b(', 'incomplete'],
    ['let = = 3', 'invalid'],
    [')', 'invalid'],
    ['"open', 'invalid'],
  ])('%j: %s', (source, status) => {
    expect(compiler.isComplete(source).status).toBe(status);
  });

  test('the next line is indented', () => {
    expect(compiler.isComplete('if (a) {\n  b(() => {')).toEqual({ status: 'incomplete', indent: '      ' });
  });
});

describe('code that is nested too deeply is rejected, and the next cell compiles', () => {
  const deep = '['.repeat(5000);

  test.each<[string, () => unknown]>([
    ['to run', () => compiler.compile(`${deep}${']'.repeat(5000)}`)],
    ['to run, as a sum', () => compiler.compile(`1${' + 1'.repeat(5000)}`)],
    ['to complete', () => compiler.complete(deep, 5000)],
    ['to inspect', () => compiler.inspect(deep, 5000)],
  ])('%s', (_, ask) => {
    expect(ask).toThrow(RangeError);
    expect(remember('const afterwards: number = table.alpha; afterwards')).toContain('afterwards');
  });
});

test('a reset forgets earlier cells', () => {
  compiler.reset();
  expect(compiler.compile('table')).toMatchObject({
    ok: false,
    diagnostics: [{ code: 2304 }],
  });
});

test('the same question has a new answer when a cell has declared the name again', () => {
  remember('const asked = 1');
  const ask = () => compiler.inspect('asked', 2)?.signature;
  const offered = () => completionsAt('asked.|').texts;
  expect([ask(), ask()]).toEqual(Array(2).fill('const asked: 1'));
  expect(offered()).toContain('toFixed');
  remember('const asked = "text"');
  expect([ask(), ask()]).toEqual(Array(2).fill('const asked: "text"'));
  expect(offered()).toContain('padEnd');
  const file = path.join(folder, 'lib', 'asked.ts');
  fs.writeFileSync(file, 'export const inAsked = 1');
  remember('import { inAsked } from "./lib/asked"');
  expect(compiler.inspect('inAsked', 2)?.signature).toContain('inAsked: 1');
  fs.writeFileSync(file, 'export const inAsked = "changed now"');
  compiler.compile('0');
  expect(compiler.inspect('inAsked', 2)?.signature).toContain('changed now');
});
