// What a cell knows about the declarations of earlier cells: documentation, and what has been replaced since.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EarlierCells } from '../../../kernel-setup/kernel/compiler/earlier-cells';
import type { CellMemory, Compiler } from '../../../kernel-setup/kernel/compiler/types';
import { builtKernel, compilerFrom } from '../support/cell-session';

let compiler: Compiler;
let folder: string;
let count = 0;

beforeAll(async () => {
  const load = await builtKernel();
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-earlier-')));
  process.chdir(folder);
  compiler = compilerFrom(load);
});
beforeEach(() => {
  compiler.reset();
  count = 0;
});
afterAll(() => {
  compiler?.close();
  process.chdir(os.tmpdir());
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Runs a cell; returns its notes, or the hint of its first mistake. */
function run(source: string): readonly string[] | string | undefined {
  count += 1;
  const cell = compiler.compile(source, `Cell [${count}]`);
  if (!cell.ok) return cell.diagnostics[0]!.hint;
  compiler.remember(cell.memory);
  return cell.notes;
}
const documentationOf = (source: string) => compiler.inspect(source, source.length)?.documentation;

test.each([
  ['an interface', 'interface Place { /** Right. */ x: number; /** Up. */ y: number } let p: Place;', 'p.x', 'p.y'],
  ['a type', 'type Place = { /** Right. */ x: number; /** Up. */ y: number }; let p: Place;', 'p.x', 'p.y'],
  ['a class', 'class Place { /** Right. */ x = 1; /** Up. */ y() {} } let p = new Place();', 'p.x', 'p.y'],
  ['an object', 'const p = { /** Right. */ x: 1, /** Up. */ y() {} };', 'p.x', 'p.y'],
  ['objects in objects', 'const p = { a: { /** Right. */ x: 1 }, b: { x: 2, /** Up. */ y: 3 } };', 'p.a.x', 'p.b.y'],
  ['an enum', 'enum Place { /** Right. */ X, /** Up. */ Y }', 'Place.X', 'Place.Y'],
])('documentation of the members of %s on one line', (_, source, x, y) => {
  expect(run(source)).toEqual([]);
  expect([documentationOf(x), documentationOf(y)]).toEqual(['Right.', 'Up.']);
});

test('a member without documentation does not inherit that of its neighbours', () => {
  run(
    'interface Two { x: number; /** Up. */ y: number; z: number } interface Other { y: number } let t: Two; let o: Other;',
  );
  expect(['t.x', 't.y', 't.z', 'o.y'].map(documentationOf)).toEqual(['', 'Up.', '', '']);
});

test('the second of two overloads keeps its own', () => {
  run('interface Two { of(x: string): void; /** Of numbers. */ of(x: number): void } let t: Two;');
  expect(documentationOf('t.of')).toBe('');
  const call = 't.of(1)';
  expect(compiler.inspect(call, call.indexOf('of') + 1)?.documentation).toBe('Of numbers.');
});

test('a redeclaration in another cell replaces instead of merging, and the error says so', () => {
  run('interface Open { a: number }\nnamespace Geo { export const pi = 3; }');
  run('interface Open { b: string }\nnamespace Geo { export const e = 2; }');
  const hint = (name: string, member: string) =>
    `\`${name}\` of Cell [2] has replaced that of Cell [1], which has \`${member}\`: put both declarations into one cell.`;
  expect(run('const open: Open = { a: 1, b: "x" };')).toBe(hint('Open', 'a'));
  expect(run('Geo.pi')).toBe(hint('Geo', 'pi'));
  expect(run('Geo.other')).toBeUndefined();
  // Follows the hint.
  expect(run('interface Open { a: number }\ninterface Open { b: string }')).toEqual([]);
  expect(run('const open: Open = { a: 1, b: "x" };')).toEqual([]);
});

test('overloads must be in the cell of their function', () => {
  const overload = 'function f(x: string): string;';
  expect(run(overload)).toBe('Put all overloads and the function itself into one cell.');
  expect(run(`${overload}\nfunction f(x: any) { return x; }`)).toEqual([]);
});

test('a class whose base class another cell changes', () => {
  run('class Base { hello() { return 1; } }');
  run('class Sub<T extends Base = Base> extends Base { of?: T }\nclass Alone {}');
  expect(run('class Base { hello() { return 1; } }')).toEqual([]);
  const note = '`Sub` of Cell [2] extends the `Base` of before: run that cell again.';
  expect(run('class Base { hello() { return "two"; } }')).toEqual([note]);
  run('class Sub<T extends Base = Base> extends Base { of?: T }');
  expect(run('class Base { hello() { return 3; } }\nclass Sub extends Base {}')).toEqual([]);
  expect(run('class Alone { more = 1 }')).toEqual([]);
});

test('a library that a cell references is available in it and in later cells', () => {
  expect(run('document.title')).toContain('Cells run in Node');
  expect(run('/// <reference lib="dom" />\nconst title = (page: Document) => page.title;')).toEqual([]);
  expect(run('const empty: HTMLElement[] = []; title(document)')).toEqual([]);
  expect(run('setTimeout(() => {}, 1).unref(); const text: string = await (await fetch("x")).text();')).toEqual([]);
  compiler.reset();
  expect(run('document.title')).toContain('Cells run in Node');
});

/** Indices of declarations; a cell with this many is large. */
const many = Array.from({ length: 300 }, (_, i) => i);

test('a cell that uses one of 5,000 constants of another reads at most 10,000 characters of declarations', () => {
  const files = new Map<string, string>();
  const cells = new EarlierCells('/notebook', files);
  const names = Array.from({ length: 5000 }, (_, i) => `size${i}`);
  const memory: CellMemory = {
    ...{ label: 'Cell [1]', source: names.map((name) => `const ${name} = { a: 1 };`).join('\n') },
    declarations: names.map((name) => `declare const ${name}: {\n    a: number;\n};\n`).join(''),
    names: names.map((name) => ({
      ...{ name, kind: 'const', isAmbient: false, isOfNow: false, documentation: '' },
    })),
    ...{ uses: new Map(), stars: new Map() },
  };
  cells.remember(memory);
  const read = new Set<string>();
  const follow = (text: string): void => {
    for (const [, name] of text.matchAll(/["']\.\/(__cell\w+)["']/g)) {
      if (read.has(name!)) continue;
      read.add(name!);
      follow(files.get(`/notebook/${name}.d.ts`)!);
    }
  };
  const needed = cells.declarationsFor('const area = size4321.a ** 2;');
  follow(needed);
  expect(needed).toContain('size4321');
  const texts = [...read].map((name) => files.get(`/notebook/${name}.d.ts`)!);
  expect(texts.join('')).toContain('size4321');
  expect(texts.join('').length).toBeLessThanOrEqual(10_000);
});

test('declarations of a large cell see each other, in any order', () => {
  run(
    [
      'interface Place0 { x0: number }',
      ...many
        .slice(1)
        .map((i) => `interface Place${i} extends Place${i - 1} { x${i}: number; /** Up. */ y${i}: string }`),
      'interface Place0 { last: Place299 }',
      'function way(from: Place0): number;\nfunction way(from: string): string;',
      'function way(from: any): any { return from; }',
      'class Base { #own = 1; own() { return this.#own; } }',
      ...many.map((i) => `const number${i} = ${i};`),
      'class Derived extends Base { place?: Place150 }',
      'const base: Base = new Derived(); let later: Place298[] = [];',
    ].join('\n'),
  );
  expect(
    run('const up: string = later[0]?.y297 ?? "", x: number = later[0]?.last.x299 ?? number1 + number299;'),
  ).toEqual([]);
  expect(run('const derived: Base = new Derived(), text: string = way("x"), steps: number = way(later[0]!);')).toEqual(
    [],
  );
  expect(documentationOf('later[0]!.y7')).toBe('Up.');
  const wrong = compiler.compile('const wrong: string = later[0]!.x3;\nconst none = later[0]!.z3;', 'Cell [9]');
  expect(wrong.ok ? [] : wrong.diagnostics.map(({ message }) => message)).toEqual([
    "Type 'number' is not assignable to type 'string'.",
    expect.stringMatching(/^Property 'z3' does not exist on type 'Place298'/),
  ]);
});

test('a large cell that runs again unchanged keeps its types, and one that redeclares a type says so', () => {
  const large = [
    'class Base { #own = 1; own() { return this.#own; } }',
    'interface Row { a: number }',
    ...many.map((i) => `const number${i} = { value: ${i} };`),
    'class Derived extends Base { more = number7.value; }',
    'function first(rows: Row[]) { return rows[0]!; }',
  ].join('\n');
  run(large);
  run('const kept: Base[] = [new Derived()];');
  expect(run(large)).toEqual([]);
  expect(run('kept.push(new Base(), new Derived());')).toEqual([]);
  expect(run('interface Row { a: number; b: string }')).toEqual([]);
  expect(run('const b: string = first([{ a: 1, b: "x" }]).b;')).toEqual([]);
  expect(run(large.replace('return this.#own', 'return `${this.#own}`'))).toEqual([]);
  expect(run('class Base { other = 1 }')).toEqual([
    '`Derived` of Cell [7] extends the `Base` of before: run that cell again.',
  ]);
});

// The type is a reference to the library's class, even if the cell has not imported it: expanding nn.Sequential took
// half a minute.
test('a type of the library from an earlier cell is named, not written out', () => {
  run('import { nn } from "gradlab";\nconst made = () => new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU());');
  const cell = compiler.compile(
    'const nets = [made()];\nconst first = nets.map((net) => ({ net, n: 1 }));',
    'Cell [2]',
  );
  const { declarations } = (cell as { memory: CellMemory }).memory;
  expect(declarations).toMatch(
    /^declare const nets: import\("[^"]*nn"\)\.Sequential<\[import.*\.Linear, import.*\.ReLU\]>\[\];/,
  );
  expect(declarations.length).toBeLessThan(500);
});
