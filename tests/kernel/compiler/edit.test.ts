// TypeScript's edits for cells, and help on the argument at the cursor.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Compiler, EditRequest } from '../../../kernel-setup/kernel/compiler/types';
import { builtKernel, compilerFrom } from '../support/cell-session';

let compiler: Compiler;
let folder: string;

beforeAll(async () => {
  const load = await builtKernel();
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-edit-')));
  fs.writeFileSync(path.join(folder, 'helper.ts'), 'export function helpMe(n: number) { return n; }\n');
  writePackages();
  process.chdir(folder);
  compiler = compilerFrom(load);
  for (const source of ['const text = "abc"; function later() {}', 'let rate = 0.1;']) {
    const cell = compiler.compile(source);
    if (!cell.ok) throw new Error(JSON.stringify(cell.diagnostics));
    compiler.remember(cell.memory);
  }
});

afterAll(() => {
  compiler?.close();
  process.chdir(os.tmpdir());
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Writes packages that a cell may mean into the notebook's folder. */
function writePackages() {
  const packages: Readonly<Record<string, string>> = {
    'whole-thing/index.d.ts': 'declare function make(): void; export = make;',
    'many/index.d.ts': 'export * from "./deep"; export interface Hexagon { a: 1 } export declare class Both {}',
    'many/deep.d.ts': 'export declare const pick: (n: number) => number;',
    'spaced/index.d.ts': 'export declare const area: number;',
    'untyped/index.js': 'module.exports = () => 1;',
    '@types/away/index.d.ts': 'export declare const awayFrom: number;',
  };
  for (const [name, text] of Object.entries(packages)) {
    const file = path.join(folder, 'node_modules', name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  const names = ['whole-thing', 'many', 'spaced', 'untyped', '@types/away', 'gone'];
  const dependencies = Object.fromEntries(names.map((name) => [name, '*']));
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ dependencies }));
  for (const name of names.slice(0, 4))
    fs.writeFileSync(
      path.join(folder, 'node_modules', name, 'package.json'),
      JSON.stringify({ name, version: '1.0.0' }),
    );
}

/** The cells of a notebook, with the cursor, `|`, in one of them; returns each edit as the resulting cells. */
function edited(action: EditRequest['action'], marked: readonly string[], name?: string) {
  const cell = marked.findIndex((source) => source.includes('|'));
  const cursor = marked[cell].indexOf('|');
  const cells = marked.map((source) => source.replace('|', ''));
  const done = compiler.edit({ action, cells, cell, cursor, name });
  if ('refused' in done) return { refused: done.refused };
  const titles = done.edits.map(({ title }) => title);
  const results = done.edits.map(({ changes }) =>
    cells.map((source, i) =>
      changes
        .filter((change) => change.cell === i)
        .sort((a, b) => b.from - a.from)
        .reduce((text, { from, to, text: instead }) => text.slice(0, from) + instead + text.slice(to), source),
    ),
  );
  return { titles, results, note: done.note };
}

describe('quick fixes', () => {
  test.each<[marked: string, title: string, after: string]>([
    ['text.lenght|', "Change spelling to 'length'", 'text.length'],
    ['const a = 1;\ntxt|.length', "Change spelling to 'text'", 'const a = 1;\ntext.length'],
    ['readFileSync("x")|', 'Add import from "node:fs"', 'import { readFileSync } from "node:fs";\nreadFileSync("x")'],
    [
      'later();\ngzipSync("x")|',
      'Add import from "node:zlib"',
      'import { gzipSync } from "node:zlib";\nlater();\ngzipSync("x")',
    ],
    ['helpMe(1)|', 'Add import from "./helper"', 'import { helpMe } from "./helper";\nhelpMe(1)'],
    ['tensor([1])|', 'Add import from "gradlab"', 'import { tensor } from "gradlab";\ntensor([1])'],
    [
      'import { readFileSync } from "node:fs";\nreadFileSync; writeFileSync("x", "y")|',
      'Update import from "node:fs"',
      'import { readFileSync, writeFileSync } from "node:fs";\nreadFileSync; writeFileSync("x", "y")',
    ],
    ['const n = 1;\nn = 2|', "Convert 'const' to 'let'", 'let n = 1;\nn = 2'],
    ['({ a: text.lenght|, b: 1 })', "Change spelling to 'length'", '({ a: text.length, b: 1 })'],
    ['// first\n\n{ a: text.lenght| }', "Change spelling to 'length'", '// first\n\n{ a: text.length }'],
  ])('%j', (marked, title, after) => {
    const { titles, results } = edited('fix', [marked]);
    expect([titles?.[0], results?.[0]]).toEqual([title, [after]]);
  });

  test("of the cursor's line come first, then those of the cell", () => {
    expect(edited('fix', ['text.lenght;\ntext.padEn|(3)']).titles).toEqual(["Change spelling to 'padEnd'"]);
    expect(edited('fix', ['text.lenght;\n|1']).titles).toEqual(["Change spelling to 'length'"]);
  });

  test('none, with the reason', () => {
    expect(edited('fix', ['text.length|'])).toEqual({ refused: 'TypeScript reports no error in the cell.' });
    expect(edited('fix', ['zzzz|'])).toEqual({ refused: "TypeScript knows no fix for this: Cannot find name 'zzzz'." });
    expect(edited('fix', ['const = 1|'])).toMatchObject({ refused: expect.stringContaining('knows no fix') });
  });

  test.each([
    ['text.lenght + 1', 'Try: `text.length + 1`'],
    ['txt', 'Try: `text`'],
    ['lter()', 'Try: `later()`'],
    ['zzqq()', undefined],
    ['helpMe(1)', 'Try: `import { helpMe } from "./helper";`'],
    ['path.join("a")', 'Type `import path from "node:path"` first.'],
    ['const n: number = text', undefined],
    ['readFileSync("x")', 'Try: `import { readFileSync } from "node:fs";`'],
    ['gzipSync("x")', 'Try: `import { gzipSync } from "node:zlib";`'],
    ['plot.curves([])', 'Try: `import { plot } from "gradlab/lab";`'],
    ['pick(1)', 'Try: `import { pick } from "many";`'],
    ['let s: Hexagon', 'Try: `import { Hexagon } from "many";`'],
    ['Hexagon.a', undefined],
    ['new Both()', 'Try: `import { Both } from "many";`'],
    ['wholeThing()', 'Try: `import wholeThing from "whole-thing";`'],
    ['make()', 'Try: `import make from "whole-thing";`'],
    ['spaced.area', 'Try: `import * as spaced from "spaced";`'],
    ['untyped()', 'Try: `import untyped from "untyped";`'],
    ['awayFrom', undefined],
    ['consol.log(1)', 'Try: `console.log(1)`'],
    ['undefinedFn()', undefined],
    ['txt()', undefined],
    ['new txt()', undefined],
    ['NaM()', undefined],
    ['let s: Strng', 'Try: `let s: String`'],
    ['class A { b = 1; f() { return b } }', 'Try: `class A { b = 1; f() { return this.b } }`'],
  ])('in the error of %j: %s', (source, hint) => {
    const cell = compiler.compile(source);
    expect(cell.ok ? 'compiles' : cell.diagnostics[0].hint).toBe(hint);
  });

  test('proposes a package that is installed meanwhile', () => {
    const hint = (source: string) => {
      const cell = compiler.compile(source);
      return cell.ok ? 'compiles' : cell.diagnostics[0].hint;
    };
    expect(hint('newcomer()')).toBeUndefined();
    fs.mkdirSync(path.join(folder, 'node_modules/late'));
    fs.writeFileSync(path.join(folder, 'node_modules/late/index.d.ts'), 'export declare const newcomer: () => 1;');
    const manifest = path.join(folder, 'package.json');
    const { dependencies } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
    fs.writeFileSync(manifest, JSON.stringify({ dependencies: { ...dependencies, late: '*' } }));
    expect(hint('newcomer()')).toBe('Try: `import { newcomer } from "late";`');
  });

  test('an error costs as much as a cell, whatever the packages mention', () => {
    const big = Array.from({ length: 3000 }, (_, i) => `export declare const nope${i}: number; // nope`).join('\n');
    const manifest = path.join(folder, 'package.json');
    const before = fs.readFileSync(manifest, 'utf8');
    const names = Array.from({ length: 30 }, (_, i) => `big${i}`);
    for (const name of names) {
      fs.mkdirSync(path.join(folder, 'node_modules', name));
      fs.writeFileSync(path.join(folder, 'node_modules', name, 'index.d.ts'), big);
    }
    fs.writeFileSync(manifest, JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '*'])) }));
    const time = (source: string) => {
      const start = performance.now();
      compiler.compile(source);
      return performance.now() - start;
    };
    const median = (all: number[]) => all.sort((a, b) => a - b)[all.length >> 1];
    for (let i = 0; i < 20; i++) time(`nope + ${i}`); // each searches packages for a tenth of a second
    const rounds = Array.from({ length: 15 }, (_, i) => [time(`rate + ${i}`), time(`nope + ${100 + i}`)]);
    const [right, wrong] = [0, 1].map((k) => median(rounds.map((round) => round[k])));
    expect(wrong / right).toBeLessThan(3);
    fs.writeFileSync(manifest, before);
  });

  test('previous proposals are not visible to cells', () => {
    edited('fix', ['tensor([1])|']);
    expect(compiler.compile('tensor([1])').ok).toBe(false);
    expect(compiler.complete('tenso', 5).items.map(({ text }) => text)).not.toContain('tensor');
  });
});

describe('formatting', () => {
  test("follows TypeScript, with the notebook's indentation", () => {
    const after = 'if (text) {\n  later();\n}\nexport const o = { a: 1 }';
    expect(edited('format', ['|if(text){\nlater (  );\n}\nexport const  o={a:1}']).results).toEqual([[after]]);
    const four = ['if (1) {\n    2\n}', 'if (text) {\n    later()\n}'];
    expect(edited('format', [four[0], '|if (text) {\nlater()\n}']).results).toEqual([four]);
  });

  test('returns nothing if nothing changes, and the reason if it cannot format', () => {
    expect(edited('format', ['|const a = 1;'])).toEqual({ titles: [], results: [], note: undefined });
    expect(edited('format', ['|const = ;'])).toMatchObject({
      refused: expect.stringMatching(/^The cell is not valid TypeScript yet: /),
    });
  });

  test('sorts imports, and drops none', () => {
    const source = '|import { z, a } from "./helper";\nimport fs from "node:fs";\nconst x = 1;';
    const after = 'import fs from "node:fs";\nimport { a, z } from "./helper";\nconst x = 1;';
    expect(edited('organize', [source]).results).toEqual([[after]]);
    const only = '|import { z } from "./b";\nimport { a } from "./a";';
    expect(edited('organize', [only]).results).toEqual([['import { a } from "./a";\nimport { z } from "./b";']]);
  });
});

describe('rename', () => {
  const notebook = [
    'let ra|te = 0.1;\nfunction train(steps: number) { return rate * steps }',
    'const shown = { rate, at: { rate: 1 } };\n{ const rate = 3; rate }',
    '{ rate }',
    '\n{ rate, b: 1 }',
    'function other(rate: number) { return rate }\ntrain(1)',
    'type R = typeof rate; `${rate}`;\nexport const twice = 2 * rate',
  ];

  test('renames in all cells that share the name', () => {
    expect(edited('rename', notebook, 'speed')).toEqual({
      titles: ['Rename `rate` to `speed`'],
      results: [
        [
          'let speed = 0.1;\nfunction train(steps: number) { return speed * steps }',
          'const shown = { rate: speed, at: { rate: 1 } };\n{ const rate = 3; rate }',
          '{ rate: speed }',
          '\n{ rate: speed, b: 1 }',
          'function other(rate: number) { return rate }\ntrain(1)',
          'type R = typeof speed; `${speed}`;\nexport const twice = 2 * speed',
        ],
      ],
      note: 'Run the 5 changed cells again: until then there is `rate`, and no `speed`.',
    });
  });

  test('renames functions, classes, types and imports, from a cell that uses them', () => {
    const cells = [
      'class Box<T> { v?: T }\ninterface Side { n: number }',
      'const b = new Bo|x<number>(); let s: Box<Side>;',
    ];
    expect(edited('rename', cells, 'Case').results).toEqual([
      ['class Case<T> { v?: T }\ninterface Side { n: number }', 'const b = new Case<number>(); let s: Case<Side>;'],
    ]);
    expect(edited('rename', ['import { helpMe } from "./helper";', 'help|Me(1)'], 'aid').results).toEqual([
      ['import { helpMe as aid } from "./helper";', 'aid(1)'],
    ]);
  });

  test('renames in cells that have not run', () => {
    const cells = ['let fre|sh = 1;', '({ fresh })', 'fresh + 1', 'function f(x: typeof fresh) {}'];
    expect(edited('rename', cells, 'new1')).toEqual({
      titles: ['Rename `fresh` to `new1`'],
      results: [['let new1 = 1;', '({ fresh: new1 })', 'new1 + 1', 'function f(x: typeof new1) {}']],
      note: undefined,
    });
  });

  test('renames only within the function that declares the name', () => {
    const cells = ['let rate = 1;', 'function other(ra|te: number) { return rate }\nrate'];
    const { results, note } = edited('rename', cells, 'speed');
    expect(results).toEqual([['let rate = 1;', 'function other(speed: number) { return speed }\nrate']]);
    expect(note).toBeUndefined();
  });

  test('leaves cells that do not compile, and names them', () => {
    const cells = ['let ra|te = 1;', 'const s: number = "a" + rate', 'rate.foo(', 'rate + 1'];
    expect(edited('rename', cells, 'speed')).toMatchObject({
      results: [['let speed = 1;', cells[1], cells[2], 'speed + 1']],
      note: '2 cells do not compile and keep `rate`: “const s: number = "a" + rate”, “rate.foo(”. Run the 2 changed cells again: until then there is `rate`, and no `speed`.',
    });
  });

  test.each<[cells: string[], name: string, refused: RegExp]>([
    [['let ra|te = 1;', 'const speed = 2'], 'speed', /^`speed` means something else in the cell “const speed = 2”\.$/],
    [['let ra|te = 1;', 'function f(speed: number) { return rate }'], 'speed', /^`speed` means something else/],
    [['function f(ra|te: number) { return rate + text.length }'], 'text', /^`text` already occurs in the cell\.$/],
    [['let ra|te = 1;'], '2fast', /^`2fast` cannot be a name\.$/],
    [['let ra|te = 1;'], 'class', /^`class` cannot be a name\.$/],
    [['con|sole.log(1)'], 'speed', /^No cell of the notebook declares `console`\.$/],
    [['const o = { a: 1 }; o.a|'], 'speed', /^`a` is not the name of a variable/],
    [['1 +| 2'], 'speed', /^Put the cursor on the name/],
    [['const ra|te: number = "a"'], 'speed', /^The cell does not compile: Type 'string'/],
  ])('rejects %j to %s', (cells, name, refused) => {
    expect(edited('rename', cells, name).refused).toMatch(refused);
  });
});

test.each<[marked: string, call: string, parameter: string, overload?: object]>([
  ['text.padEnd(3, |)', 'padEnd(maxLength: number, fillString?: string): string', 'fillString?: string'],
  ['text.padEnd(|', 'padEnd(maxLength: number, fillString?: string): string', 'maxLength: number'],
  ['text.padEnd(te|xt.length)', 'padEnd(maxLength: number, fillString?: string): string', 'maxLength: number'],
  ['Math.max(1, 2, |)', 'max(...values: number[]): number', '...values: number[]'],
  [
    'new Map(|)',
    'Map<K, V>(iterable?: Iterable<readonly [K, V]> | null): Map<K, V>',
    'iterable?: Iterable<readonly [K, V]> | null',
    { number: 2, of: 4 },
  ],
])('the argument at the cursor: %j', (marked, call, parameter, overload) => {
  const cursor = marked.indexOf('|');
  const found = compiler.inspect(marked.replace('|', ''), cursor)?.argument;
  expect(found).toMatchObject({ call, parameter });
  expect(found?.overload).toEqual(overload);
});

test('no argument, if none is typed', () => {
  for (const marked of ['te|xt', 'later();|', '[1].map((x) => {\n  te|xt\n})']) {
    const cursor = marked.indexOf('|');
    expect(compiler.inspect(marked.replace('|', ''), cursor)?.argument).toBeUndefined();
  }
});
