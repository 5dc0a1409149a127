// Errors that prevent a cell from running: each is reported once, at its position, with a correction.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Compiler, Diagnostic } from '../../../kernel-setup/kernel/compiler/types';
import { builtKernel } from '../support/cell-session';

type CompilerModule = typeof import('../../../kernel-setup/kernel/compiler/index');
type PlatformModule = typeof import('../../../kernel-setup/kernel/compiler/node-platform');

let compiler: Compiler;
let folder: string;
let cells = 0;

const files = {
  'bad.ts': "export const fine = 1;\nexport const wrong: number = 'text';",
  'lib/overloads.ts': `function draw(width: number): void;
function draw(name: string, width: number): void;
function draw(of: any, width?: number) {}
draw([1]);
draw({}, 1, 2);
export {};`,
  'broken.ts': 'export const half = = 5;',
  'sloppy.js':
    'function Old(a) { this.a = a; }\nOld.prototype.get = function () { return this.b; };\nexport const o = {};',
  '../outside.ts': 'export const out: number = "text";',
  'inside/uses-missing.ts': 'import gone from "gone-package";\nexport default gone;',
  'table.csv': 'a,b\n1,2\n',
  'node_modules/there/package.json': '{ "name": "there", "main": "index.js" }',
  'node_modules/there/index.js': 'module.exports = 1',
};

beforeAll(async () => {
  const load = await builtKernel();
  folder = path.join(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-diagnostics-'))), 'notebooks');
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  process.chdir(folder);
  const { nodePlatform } = load<PlatformModule>('compiler/node-platform.js');
  compiler = load<CompilerModule>('compiler/index.js').createCompiler(nodePlatform());
});

afterAll(() => {
  compiler?.close();
  process.chdir(os.tmpdir());
  fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

/** Compiles a cell that must compile, and remembers its names. */
function remember(source: string): void {
  const cell = compiler.compile(source, `Cell [${++cells}]`);
  if (!cell.ok) throw new Error(JSON.stringify(cell.diagnostics));
  compiler.remember(cell.memory);
}

function mistakesOf(source: string): Diagnostic[] {
  const cell = compiler.compile(source, 'Cell [99]');
  return cell.ok ? [] : cell.diagnostics;
}

/** The only mistake of a cell. */
function mistakeOf(source: string): Diagnostic {
  const all = mistakesOf(source);
  expect(all.map(({ message }) => message)).toHaveLength(1);
  return all[0];
}

describe('a mistake is reported once', () => {
  test('a call that matches no overload, with the reason for each', () => {
    const define = 'function f(a: number): void; function f(a: boolean): void; function f(a: any) {}\n';
    const { message, code, line, column } = mistakeOf(`${define}f({ x: 1 })`);
    expect({ code, line, column }).toEqual({ code: 2769, line: 2, column: 3 });
    expect(message).toBe(`No overload matches this call.
  Overload 1 of 2, '(a: number): void', gave the following error.
    Argument of type '{ x: number; }' is not assignable to parameter of type 'number'.
  Overload 2 of 2, '(a: boolean): void', gave the following error.
    Argument of type '{ x: number; }' is not assignable to parameter of type 'boolean'.`);
  });

  test.each([
    [
      'a mismatch deep inside',
      'declare let p: { a: { b: { c: 1 } } }; const q: { a: { b: { c: "s" } } } = p',
      2322,
      /\n {2}The types of 'a\.b\.c'/,
    ],
    [
      'a call of something that is not callable',
      'const list = [1]; list()',
      2349,
      /\n {2}Type 'number\[\]' has no call signatures/,
    ],
    ['a missing member', 'interface I { a: 1; b: 2 } const i: I = { a: 1 }', 2741, /'b' is missing/],
    ['a function that does not match', '[1, 2].reduce((a: string, b) => a + b, 5)', 2769, /Overload 2 of 3/],
    ['a missing name, used three times', 'gone1(gone1 + 1, [gone1])', 2304, /^Cannot find name 'gone1'\.$/],
    ['a name declared twice', 'const twice = 1;\nconst twice = 2;', 2451, /twice/],
    [
      'a missing argument, and which',
      'function two(a: number, b: string) {}\ntwo(1)',
      2554,
      /Cell \[99\]:1:25 - An argument for 'b'/,
    ],
    ['await outside an async function', 'const o = {\n  m() { await 1 }\n}', 1308, /async functions/],
    ['a cell of another language', 'import numpy as np\nprint(np.zeros(3))', 1005, /'='/],
  ])('%s', (_, source, code, message) => {
    const found = mistakeOf(source);
    expect(found.code).toBe(code);
    expect(found.message).toMatch(message);
  });

  test('two mistakes are reported separately', () => {
    const found = mistakesOf('const n: number = "a";\nconst s: string = 1;\nconst t: string = 1;');
    expect(found.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  test('omits advice about a project that a cell does not have', () => {
    expect(mistakeOf('document.title').message).toBe("Cannot find name 'document'.");
    expect(mistakeOf('describe("x")').message).toBe("Cannot find name 'describe'.");
    expect(mistakeOf('$("p")').message).toBe("Cannot find name '$'.");
  });

  test('distinguishes types of one name by their cells', () => {
    remember('class Shape { a = 1 }\nconst kept = new Shape();');
    const first = `Cell [${cells}]`;
    remember('class Shape { b = 1 }');
    const { message } = mistakeOf('const shape: Shape = kept;');
    expect(message).toBe(
      `Property 'b' is missing in type 'Shape of ${first}' but required in type 'Shape of Cell [${cells}]'.`,
    );
  });
});

describe('the position', () => {
  test.each([
    ['function f() {', 1, 14],
    ['function f() {\n  g(\n\n\n', 2, 4],
    ['const a = [1, 2', 1, 15],
    ['f(1,', 1, 4],
    ['const t = `open\nand', 2, 3],
    ['/* open', 1, 7],
    ['const a =', 1, 9],
    ['if (1) {\n  a: 1', 2, 6],
    ['class A {\n  m() {\n  }\n// end', 4, 6],
  ])('of an unexpected end is the end of the input: %j', (source, line, column) => {
    const { message, excerpt, ...found } = mistakeOf(source);
    expect(found).toMatchObject({ line, column });
    expect(stripVTControlCharacters(excerpt.join('\n'))).toContain(`> ${line} | ${source.split('\n')[line - 1]}`);
    expect(message).not.toMatch(/export|__/);
  });

  test('of an open bracket is where it opens', () => {
    expect(mistakeOf('const a = 1;\nf(() => {\n  a').message).toBe(
      "'}' expected.\n  Cell [99]:2:9 - The parser expected to find a '}' to match the '{' token here.",
    );
  });

  test("in an imported file is shown with that file's lines", () => {
    const { excerpt, ...found } = mistakeOf("import { fine } from './bad'; fine");
    expect(found).toMatchObject({ file: 'bad.ts', code: 2322, line: 2, column: 14 });
    expect(stripVTControlCharacters(excerpt.join('\n'))).toBe(
      "  1 | export const fine = 1;\n> 2 | export const wrong: number = 'text';\n    |              ^^^^^",
    );
  });

  test('every mistake of an imported file names the file', () => {
    const found = mistakesOf("import './lib/overloads'");
    expect(found.map(({ file, line }) => [file, line])).toEqual([
      [path.join('lib', 'overloads.ts'), 4],
      [path.join('lib', 'overloads.ts'), 5],
    ]);
  });

  test('rejects a file that is not TypeScript, and one outside the folder', () => {
    expect(mistakeOf('import { half } from "./broken"')).toMatchObject({ file: 'broken.ts', line: 1, column: 21 });
    expect(mistakeOf('import { out } from "../outside"')).toMatchObject({ file: '../outside.ts', code: 2322 });
  });

  test('allows code in a JavaScript file that TypeScript would reject', () => {
    expect(mistakesOf("import { o } from './sloppy'; o")).toEqual([]);
  });
});

test.each([
  "// @ts-nocheck\nconst n: number = 'text'; n.missing; gone2()",
  '/* notes */\n// @ts-nocheck: old code\nlet x: string = 5',
  '#!/usr/bin/env node\n// @ts-nocheck\nlet x: string = 5',
])('@ts-nocheck in a cell skips the types: %j', (source) => {
  expect(mistakesOf(source)).toEqual([]);
});

test('@ts-nocheck must come first, and the syntax must be TypeScript', () => {
  expect(mistakeOf('// @ts-nocheck\nconst = 5')).toMatchObject({ line: 2 });
  expect(mistakeOf("const n: number = 'text';\n// @ts-nocheck")).toMatchObject({ code: 2322 });
});

describe('the correction', () => {
  test.each([
    ['!ls', 'execSync("ls")'],
    ['!ls -la | grep x', 'execSync("ls -la | grep x")'],
    ['const a = 1\n!cat "a b.txt"', 'execSync("cat \\"a b.txt\\"")'],
    ['files = !ls *.ts', 'execSync("ls *.ts")'],
    ['!npm install lodash', '`await Jupyter.install("lodash");` brings it'],
    [
      'npm install --save lodash @scope/name',
      '`await Jupyter.install("lodash"); await Jupyter.install("@scope/name");`',
    ],
    ['$ yarn add lodash', '`await Jupyter.install("lodash");` brings it'],
    ['deno add npm:lodash', '`await Jupyter.install("lodash");` brings it'],
    ['npm install', 'Run `npm install` in a terminal'],
    ['npm run build', 'Run `npm run build` in a terminal'],
    ['pip install numpy', 'packages of Python'],
    ['!python -m pip install numpy', 'packages of Python'],
    ['conda install numpy', 'packages of Python'],
    ['git status', 'Run `git status` in a terminal'],
    ['$ ls', 'execSync("ls")'],
    ['ls -la', 'execSync("ls -la")'],
    ['cat rows.csv', 'execSync("cat rows.csv")'],
    ['cd ..', 'process.chdir("..")'],
    ['!cd data', 'process.chdir("data")'],
    ['export RATE=0.1', 'process.env.RATE = "0.1"'],
    ['.help', 'Shift-Tab'],
    ['.exit', 'menu *Kernel*'],
    ['help(Math)', 'Shift-Tab'],
    ['quit()', 'menu *Kernel*'],
    ['exit', 'menu *Kernel*'],
    ['%autoreload 2', 'Leave the line out'],
    ['%load_ext autoreload', 'Leave the line out'],
    ['# a comment', 'begins with `//`'],
    ['%time fit(net)', 'console.time(); fit(net); console.timeEnd();'],
    ['%%time\nfit(net)', 'console.time(); …; console.timeEnd();'],
    ['%timeit f(1)', 'console.time(); f(1); console.timeEnd();'],
    ['%cd data', 'process.chdir("data")'],
    ['%matplotlib inline', '`plot` in `gradlab/lab`'],
    ['%pip install numpy', 'packages of Python'],
    ['%%html\n<b>bold</b>', '"text/html"'],
    ['%nothing', 'no magics'],
    ['x = %pwd', 'process.cwd()'],
    ['?Math.max', 'Shift-Tab'],
    ['Math.max?', 'Shift-Tab'],
    ['Math.max??', 'Shift-Tab'],
    ['import numpy as np', 'import * as np from "numpy"'],
    ['from math import sin, cos', 'import { sin, cos } from "math"'],
    ['def f(x, y):\n    return x', 'function f(x, y)'],
    ['if x > 1:\n    y', 'if (…)'],
    ['print("a")', 'console.log'],
    ['const x = None', '`null`'],
    ['for (const i of range(3)) {}', 'Array.from'],
    ['const name = prompt("Who?")', 'await Jupyter.input'],
    ['window.open()', 'without a page'],
    ['await Deno.readTextFile("a")', '`import fs from "node:fs"`'],
    ['await Bun.file("a").text()', '`process.env`'],
    ['md`# title`', 'Jupyter.md'],
    ['count = 5', '`let count = …`'],
    ['const list = [1];\nfor (each of list) {}', '`let each = …`'],
    ['for (i = 0; i < 3; i++) {}', '`let i = …`'],
    ['Temporal.Now.plainDateISO()', '@js-temporal/polyfill'],
    ['const box = <div>1</div>', 'import React from "react"'],
    ['FileAttachment("a.csv").text()', 'fs.readFileSync'],
    ['describe("sums", () => {})', 'from "node:test"'],
    ['new Worker(new URL("./w.ts", import.meta.url))', '`import { Worker } from "node:worker_threads"`'],
    ['fs.readFileSync("a")', 'import fs from "node:fs"'],
    ['import _ from "lodash"', 'await Jupyter.install("lodash")`'],
    ['import fp from "lodash/fp"', 'await Jupyter.install("lodash")`'],
    ['import a from "@scope/name/part"', 'await Jupyter.install("@scope/name")`'],
    ['export * from "lodash"', 'await Jupyter.install("lodash")`'],
    ['const lazy = await import("lodash")', 'await Jupyter.install("lodash")`'],
    ['import _ = require("lodash")', 'await Jupyter.install("lodash")`'],
    ['import _ from "npm:lodash@4"', 'import it as `lodash`'],
    ['import "./table.csv"', 'fs.readFileSync("./table.csv", "utf8")'],
    ['import x from "npm:there"', 'import it as `there`'],
    ['import a from "jsr:@std/assert@1"', '`npx jsr add @std/assert`'],
    ['import { $ } from "bun"', 'Bun’s own'],
    ['import { Database } from "bun:sqlite"', 'Bun’s own'],
    ['arguments.length', '`process.argv`'],
    ['import _ from "https://esm.sh/lodash"', 'not loaded from the web'],
    ['import torch from "torch"', '`gradlab`'],
    ['import x from "node:nothing"', `Node ${process.versions.node} has no such module`],
    ['import x from "FS"', 'node:fs'],
    ['import x from "there/part"', '`there` is installed, but'],
    ['import x from "./nowhere"', path.join('notebooks', 'nowhere')],
    ['import x from "./inside/uses-missing"', 'await Jupyter.install("gone-package")`'],
  ])('%j', (source, hint) => {
    expect(mistakeOf(source).hint).toContain(hint);
  });

  test("a path alias never leads to another project's package", () => {
    const hint = (id: string) => mistakeOf(`import x from "${id}"`).hint!;
    for (const id of ['@/util', '~/util', '#util', '$lib/util', '@lib/util', '@app/a/b', 'Src/util'])
      expect(hint(id)).toBe(
        `\`${id}\` is not a package, and there is no tsconfig.json, which could have it as a path: import the file by its own, such as "./…".`,
      );
    expect(hint('@scope/name')).toMatch(/there is no tsconfig\.json.* If the package of that name is meant: /);
    const config = path.resolve('tsconfig.json');
    const manifest = path.resolve('package.json');
    try {
      fs.writeFileSync(
        config,
        '{ // paths\n "compilerOptions": { "baseUrl": "./", "paths": { "@mine/*": ["./src/*"], "whole": ["./src/all.ts"], }, } }',
      );
      expect(hint('@mine/a/b')).toBe(
        '`@mine/a/b` is "./src/a/b" by the paths of tsconfig.json: there is no such file.',
      );
      expect(hint('whole')).toContain('"./src/all.ts" by the paths');
      expect(hint('@mine')).toMatch(/tsconfig\.json has no such path/);
      expect(hint('@lib/util')).toMatch(/is not a package, and tsconfig\.json has no such path/);
      fs.writeFileSync(manifest, '{ "dependencies": { "@lib/util": "1" } }');
      expect(hint('@lib/util')).toMatch(/^`@lib\/util` is not installed: `await Jupyter\.install\("@lib\/util"\)`/);
    } finally {
      fs.rmSync(config, { force: true });
      fs.rmSync(manifest, { force: true });
    }
  });

  test('code that only resembles TypeScript gets none', () => {
    remember('let ready = false; let rest = 7; let check: (n: number) => boolean = (n) => n > 1;');
    for (const source of ['!ready', 'rest\n% 4', '!check(2)', 'ready ? 1\n: 2']) expect(mistakesOf(source)).toEqual([]);
    const found = mistakeOf('if (ready &&\n  !check("2")) 1');
    expect(found).toMatchObject({ code: 2345, hint: undefined });
    expect(mistakeOf('gone.nope').hint).toBeUndefined();
    expect(mistakeOf('if (gone === 1) {}').hint).toBeUndefined();
  });
});

describe('modules are named by their imports, and messages contain no path of the machine', () => {
  beforeAll(() =>
    remember('import { nn } from "gradlab"; import * as whole from "gradlab"; import { plot } from "gradlab/lab";'),
  );

  test.each([
    ['const a: number = nn', "Type 'typeof nn' is not assignable"],
    ['nn.nothing', "does not exist on type 'typeof nn'"],
    ['import { nn as layers } from "gradlab"; layers.nothing', "does not exist on type 'typeof layers'"],
    ['const a: number = whole', "Type 'typeof whole' is not assignable"],
    ['whole.optim.nothing', "does not exist on type 'typeof whole.optim'"],
    ['plot.nothing', "does not exist on type 'typeof plot'"],
    ['const a: number = [nn, whole]', "Type '(typeof nn | typeof whole)[]'"],
    ['const a: typeof import("gradlab").nn = 5', "to type 'typeof nn'"],
    ['const a: typeof import("gradlab").optim = 5', 'to type \'typeof import("gradlab").optim\''],
    ['const a: typeof import("gradlab/lab") = 5', 'to type \'typeof import("gradlab/lab")\''],
    ['import fs from "node:fs"; const a: number = fs', 'Type \'typeof import("node:fs")\''],
    ['import * as sloppy from "./sloppy"; const a: number = sloppy', "Type 'typeof sloppy'"],
    ['const a: typeof import("./sloppy") = 5', 'to type \'typeof import("./sloppy")\''],
  ])('%s', (source, words) => {
    const { message, hint = '' } = mistakeOf(source);
    expect(message.replace(/^Variable .*: /, '')).toContain(words);
    expect(message + hint).not.toMatch(/\.gradlab|import\("\/|\/index"/);
    expect(message + hint).not.toContain(path.dirname(folder));
  });

  test('also in the text of Shift-Tab', () => {
    const source = 'const part = whole.nn; part';
    expect(compiler.inspect(source, source.length)?.signature).toBe('const part: typeof nn');
  });
});
