// Imports: CommonJS and ES packages, Node's modules, JSON and local files, which may change between cells.
import { type Snippet, testSnippets } from '../support/snippets';

/** The files of a package. */
function packaged(name: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`node_modules/${name}/${file}`, text]));
}

const packages = {
  ...packaged('esm-waits', {
    'package.json': '{ "name": "esm-waits", "type": "module", "exports": "./index.js" }',
    'index.js': 'export const answer = await Promise.resolve(42); export default "whole";',
    'index.d.ts': 'export declare const answer: number; declare const whole: string; export default whole;',
  }),
  ...packaged('esm-only', {
    'package.json':
      '{ "name": "esm-only", "type": "module", "exports": { ".": { "types": "./index.d.ts", "import": "./index.js" } } }',
    'index.js': 'export let n = 0; export const inc = () => { n++ };',
    'index.d.ts': 'export declare let n: number; export declare const inc: () => void;',
  }),
  ...packaged('esm-simple', {
    'package.json': '{ "name": "esm-simple", "type": "module", "main": "index.js", "types": "index.d.ts" }',
    'index.js': 'export const id = (length) => "x".repeat(length);',
    'index.d.ts': 'export declare const id: (length: number) => string;',
  }),
  ...packaged('cjs-function', {
    'package.json': '{ "name": "cjs-function" }',
    'index.js': 'module.exports = function f(a) { return a + 1 }; module.exports.extra = 5;',
    'index.d.ts': 'declare function f(a: number): number; declare namespace f { const extra: number } export = f;',
  }),
  ...packaged('cjs-compiled', {
    'package.json': '{ "name": "cjs-compiled" }',
    'index.js': 'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = "d"; exports.a = 1;',
    'index.d.ts': 'declare const d: string; export default d; export const a: number;',
  }),
  ...packaged('dual', {
    'package.json':
      '{ "name": "dual", "exports": { ".": { "types": "./index.d.ts", "import": "./m.mjs", "require": "./c.js" }, "./parts/*": { "import": "./m-*.mjs", "require": "./c-*.js" } } }',
    'm.mjs': 'export class Thing {} export const kind = "import"; export default class extends Thing {}',
    'c.js': 'exports.Thing = class Thing {}; exports.kind = "require";',
    'm-a.mjs': 'export const kind = "import of a part";',
    'c-a.js': 'exports.kind = "require of a part";',
    'index.d.ts':
      'export declare class Thing { private own } export declare const kind: string; export default class extends Thing {}',
  }),
  ...packaged('uses-dual', {
    'package.json': '{ "name": "uses-dual", "type": "module", "exports": "./index.js" }',
    'index.js': 'import { Thing } from "dual"; export const make = () => new Thing();',
    'index.d.ts': 'import { Thing } from "dual"; export declare const make: () => Thing;',
  }),
  ...packaged('untyped', { 'package.json': '{ "name": "untyped" }', 'index.js': 'exports.u = 3;' }),
};

const snippets: Snippet[] = [
  ['an ES module', ['import { id } from "esm-simple"; id(5).length', 'id(2)'], 'xx'],
  ['an ES module that waits', ['import whole, { answer } from "esm-waits"; [whole, answer]', 'answer + 1'], 43],
  [
    'an ES module that waits, dynamically',
    ['const m = await import("esm-waits"); [m.answer, m.default]'],
    [42, 'whole'],
  ],
  [
    'a dynamic import in a function of an earlier cell',
    ['const lazily = () => import("esm-waits")', '(await lazily()).answer'],
    42,
  ],
  [
    'a package for import alone; its bindings are live',
    ['import { n as live, inc as bump } from "esm-only"', 'bump(); bump(); live'],
    2,
  ],
  [
    'CommonJS: the whole and its properties',
    ['import f, { extra } from "cjs-function"', '[f(1), f.extra, extra]'],
    [2, 5, 5],
  ],
  [
    'a package of both kinds is loaded once, by import: its objects are of one class for cells, files and packages',
    [
      {
        'uses-both.ts':
          'import Default, { kind, Thing } from "dual"; export { kind }; export const is = (x: unknown) => x instanceof Thing; export const made = new Default();',
      },
      'import { Thing, kind } from "dual"; import { make } from "uses-dual"; import { is, made, kind as inFile } from "./uses-both"',
      '[make() instanceof Thing, is(make()), is(new Thing()), made instanceof Thing, kind, inFile, (await import("dual")).Thing === Thing]',
    ],
    [true, true, true, true, 'import', 'import', true],
  ],
  ['... and by require where a cell says so', ['require("dual").kind'], 'require'],
  [
    '... also in its parts',
    ['// @ts-nocheck\nimport { kind as ofPart } from "dual/parts/a"; ofPart'],
    'import of a part',
  ],
  [
    '... and where a file that imports it is loaded by require',
    [{ 'by-require.ts': 'import { kind } from "dual"; export const which = kind' }, 'require("./by-require").which'],
    'require',
  ],
  ['import = require', ['import f2 = require("cjs-function"); f2(1)', 'f2(3)'], 4],
  [
    'compiled CommonJS',
    ['import d, { a } from "cjs-compiled"; import * as all from "cjs-compiled"', '[d, a, all.default, all.a]'],
    ['d', 1, 'd', 1],
  ],
  ['a package without types', ['import { u } from "untyped"; u'], 3],
  [
    'Node: named, whole, default, with and without node:',
    [
      'import { readFileSync as rf } from "fs"; import * as os from "os"; import path from "node:path"; import { default as p2 } from "path"; import fsp from "node:fs/promises"',
      '[typeof rf, typeof os.cpus, path.join("a", "b"), p2 === path, typeof fsp.readFile]',
    ],
    ['function', 'function', 'a/b', true, 'function'],
  ],
  [
    'methods of a module keep working',
    [
      'import * as events from "events"; import process from "process"',
      '[typeof events.EventEmitter, typeof process.cwd()]',
    ],
    ['function', 'string'],
  ],
  ['require', ['const fs2 = require("fs"); typeof fs2.readFileSync'], 'function'],
  [
    'types alone',
    [
      'import type { Stats } from "fs"; import { type Dirent, statSync as st } from "fs"; const none: Stats | Dirent | null = null; none',
      'typeof st',
    ],
    'function',
  ],
  ['a package that is missing', ['import q from "comes-later"; q'], /cell:1:15 TS2307/],
  [
    'a package installed meanwhile',
    [
      packaged('comes-later', {
        'package.json': '{ "name": "comes-later" }',
        'index.js': 'module.exports = 5;',
        'index.d.ts': 'declare const q: number; export = q;',
      }),
      'import q from "comes-later"; q',
    ],
    5,
  ],
  ['an export that is missing', ['import { nope } from "cjs-compiled"'], /cell:1:10 TS2614/],
  [
    'a package that only runs',
    ['// @ts-ignore\nimport zz from "really-missing"; zz'],
    /Cannot find module 'really-missing'/,
  ],
  [
    'a local file with its ending',
    [
      { 'ending/a.ts': 'export * from "./b.ts"', 'ending/b.ts': 'export const b = 5' },
      'import { b } from "./ending/a.ts"; b',
    ],
    5,
  ],
  ['a dynamic import with a computed name', ['const which = "path"; (await import(which)).join("a", "b")'], 'a/b'],
  ['a dynamic import of a URL', ['(await import("data:text/javascript,export default 5" as string)).default'], 5],
  [
    'JSON in a URL',
    [
      '// @ts-nocheck\nimport inUrl from \'data:application/json,{"a":1}\' with { type: "json" };',
      'const again = await import(\'data:application/json,{"b":2}\' as string, { with: { type: "json" } });',
      'inUrl.a + again.default.b',
    ],
    3,
  ],
  ['a dynamic import that fails', ['await import("nothing-here" as string).catch((e) => e.code)'], 'MODULE_NOT_FOUND'],
  [
    'JSON, with and without attribute, changed meanwhile',
    [
      { 'd.json': '{ "k": [1] }' },
      'import j1 from "./d.json"; j1.k',
      { 'd.json': '{ "k": [22, 33] }' },
      'import j2 from "./d.json" with { type: "json" }; j2.k',
    ],
    [22, 33],
  ],
  [
    'a file that only a computed name names, with what it imports, and when it has changed',
    [
      { 'lazy/a.ts': 'import { b } from "./b"; export const a = b + 1', 'lazy/b.ts': 'export const b: number = 1' },
      'const lazyName: string = "./lazy/a"; (await import(lazyName)).a',
      {
        'lazy/b.ts': 'export const b: number = 20; export {}',
        'lazy/a.ts': 'import { b } from "./b"; export const a = b + 100',
      },
      '(await import(lazyName)).a',
    ],
    120,
  ],
  [
    'files of every ending, by computed names',
    [
      {
        'ends/m.mts': 'export const m = 1',
        'ends/i/index.ts': 'export const i = 2',
        'ends/p.js': 'exports.p = 3',
        'ends/e.mjs': 'export const e = 4',
      },
      'const ends = ["m.mjs", "i", "p", "e.mjs", "m.mts"]; (await Promise.all(ends.map((end) => import(`./ends/${end}`)))).map((x) => x.m ?? x.i ?? x.p ?? x.e)',
    ],
    [1, 2, 3, 4, 1],
  ],
  ['require of a file that nothing imports', [{ 'req.ts': 'export const r: number = 6' }, 'require("./req").r'], 6],
  [
    'a computed require of TypeScript says what loads it',
    [{ 'req2.ts': 'export const r = 6' }, 'require("./req" + 2)'],
    /Cannot find module '\.\/req2'\. `await import\("\.\/req2"\)` loads TypeScript\./,
  ],
  [
    'import.meta.resolve',
    [
      {
        'res/a.ts': 'export const where = import.meta.resolve("./b"); export const self = import.meta.url',
        'res/b.ts': 'export const b = 1',
      },
      'import { where, self } from "./res/a"; const shorter = (url: string) => url.replace(import.meta.url.replace("cell.ts", ""), "")',
      '[where, self, ...["./res/b", "./res/none.png", "esm-only", "cjs-function"].map((id) => import.meta.resolve(id))].map(shorter)',
    ],
    [
      'res/b.ts',
      'res/a.ts',
      'res/b.ts',
      'res/none.png',
      'node_modules/esm-only/index.js',
      'node_modules/cjs-function/index.js',
    ],
  ],
  [
    'import.meta.resolve of what is no file',
    ['["fs", "node:path/posix", "https://example.org/a"].map((id) => import.meta.resolve(id))'],
    ['node:fs', 'node:path/posix', 'https://example.org/a'],
  ],
  ['what import.meta.resolve gives can be imported', ['(await import(import.meta.resolve("./res/b"))).b'], 1],
  [
    'import.meta.resolve of what is missing',
    ['import.meta.resolve("gone")'],
    /Cannot find module 'gone'\. .*`await Jupyter\.install\("gone"\)`/,
  ],
  [
    'a missing package says what to do, and nothing of the kernel',
    ['require("gone")'],
    /^Error: Cannot find module 'gone'\. `gone` is not installed: `await Jupyter\.install\("gone"\)` brings[^\n]*\n> 1 \|[\s\S]*at Cell \[\d+\]:1:1\n {4}\{ code: 'MODULE_NOT_FOUND' \}$/,
  ],
  ['a missing file', ['require("./gone")'], /Cannot find module '\.\/gone'\. There is no .*gone, with any ending/],
  [
    'what a package lacks',
    [
      packaged('halfway', {
        'package.json': '{ "name": "halfway" }',
        'index.js': 'require("gone-too")',
        'index.d.ts': '',
      }),
      'require("halfway")',
    ],
    /Cannot find module 'gone-too'\nRequire stack:\n- .*halfway/,
  ],
  [
    'gradlab is there in any folder, with its types',
    [
      'import { tensor } from "gradlab"; const t1 = tensor([1, 2])',
      '[t1.sum().item(), require("gradlab").tensor === tensor]',
    ],
    [3, true],
  ],
  ['and its mistakes', ['import { tensor } from "gradlab"; const t2: string = tensor([1])'], /TS2322/],
  [
    'all names of a module',
    [
      {
        'all/one.ts':
          'export let one = 1; export const raise = () => { one++ }; export default 7; export type T = { t: 1 }; export class C {}',
        'all/two.ts': 'export const two = 2',
      },
      'export * from "./all/one"; export * from "./all/two"; export const own = 3',
      'const typed: T = { t: 1 }; raise(); [one, two, own, new C() instanceof C, typed.t]',
    ],
    [2, 2, 3, true, 1],
  ],
  ['all names of a package of Node', ['export * from "node:path"', 'join("a", "b")'], 'a/b'],
  ['a module under a name', ['export * as whole from "./all/two"', 'whole.two'], 2],
  ['a module of which not all can be loaded', ['export * from "./nowhere"'], /cell:1:15 TS2307/],
  [
    'names that are no identifiers',
    [
      { 'odd.mjs': 'const a = 5; export { a as "odd name", a as default, a as class }' },
      'import { "odd name" as odd, default as other, class as third } from "./odd.mjs"; [odd, other, third]',
      'export { odd as "another name", odd as default }; odd + other + third',
    ],
    15,
  ],
  ['a local file', [{ 'l1.ts': 'export const v: number = 1' }, 'import { v } from "./l1"; v'], 1],
  [
    'a local file that has changed',
    [
      { 'l2.ts': 'export const v2: number = 1' },
      'import { v2 } from "./l2"; v2',
      { 'l2.ts': 'export const v2: string = "two"' },
      'import { v2 } from "./l2"; v2.length',
    ],
    3,
  ],
  ['a local file that is missing', ['import { y9 } from "./l3"'], /cell:1:20 TS2307/],
  ['a local file that is there now', [{ 'l3.ts': 'export const y9 = 9' }, 'import { y9 } from "./l3"; y9'], 9],
  [
    'a local file imports one',
    [
      { 'n1.ts': 'import { w } from "./sub/n2"; export const z = w + 1', 'sub/n2.ts': 'export const w = 1' },
      'import { z } from "./n1"; z',
      { 'sub/n2.ts': 'export const w = 10' },
      'import { z } from "./n1"; z',
    ],
    11,
  ],
  [
    'local files import each other',
    [
      {
        'c1.ts': 'import { b } from "./c2"; export function a() { return b() + 1 } export const one = 1',
        'c2.ts': 'import { one } from "./c1"; export function b() { return one }',
      },
      'import { a as ca } from "./c1"; ca()',
    ],
    2,
  ],
  [
    'other local files keep their state',
    [
      { 'st.ts': 'let c = 0; export const next = () => ++c', 'ot.ts': 'export const o: number = 1' },
      'import { next } from "./st"; next()',
      'import { o } from "./ot"; o',
      { 'ot.ts': 'export const o: number = 222' },
      'import { o } from "./ot"; import { next as nx } from "./st"; [nx(), o]',
    ],
    [2, 222],
  ],
  [
    'a folder, an extension, a default',
    [
      {
        'pk/index.ts': 'export * from "./a"; export { default } from "./a"',
        'pk/a.ts': 'export const ia = 1; export default "ad"',
      },
      'import ad, { ia } from "./pk"; import { ia as ib } from "./pk/a.js"; [ad, ia, ib]',
    ],
    ['ad', 1, 1],
  ],
  [
    'local JavaScript of both kinds, changed meanwhile',
    [
      { 'e.mjs': 'const v = 1; export { v as "a-b" }', 'c.js': 'exports.v = 1' },
      'import { "a-b" as ev } from "./e.mjs"; import { v as cv } from "./c.js"; [ev, cv]',
      { 'e.mjs': 'const v = 222; export { v as "a-b" }', 'c.js': 'exports.v = 333' },
      'import { "a-b" as ev } from "./e.mjs"; import { v as cv } from "./c.js"; [ev, cv]',
    ],
    [222, 333],
  ],
  [
    'a local file uses packages that wait',
    [
      {
        'uw.ts':
          'import { id } from "esm-simple"; import { answer } from "esm-waits"; export const got = [id(1), answer]; export const dyn = async () => (await import("esm-waits")).default; export const at = import.meta.url',
      },
      'import { got, dyn, at } from "./uw"; [...got, await dyn(), at.endsWith("/uw.ts")]',
    ],
    ['x', 42, 'whole', true],
  ],
  [
    'a local file that waits',
    [
      {
        'w1.ts': 'export const v = await Promise.resolve(5)',
        'w2.ts': 'import { v } from "./w1"; export const w = v + 1',
      },
      'import { w } from "./w2"; w',
    ],
    6,
  ],
  [
    'a local file, dynamically',
    [
      { 'dy.ts': 'export const q: number = 8; export default 9' },
      'const { q, default: nine } = await import("./dy"); [q, nine]',
    ],
    [8, 9],
  ],
  [
    'only for its effects',
    [{ 'se.ts': '(globalThis as any).effect = 7' }, 'import "./se"; (globalThis as any).effect'],
    7,
  ],
  [
    'export from',
    [
      { 'ef.ts': 'export const efv = 1; export default 2' },
      'export { efv, default as efd } from "./ef"; export * from "./ef"',
      '[efv, efd]',
    ],
    [1, 2],
  ],
  [
    'classes of local files are the same in all cells',
    [
      { 'cl.ts': 'export class Cl { v = 1 }\nexport const enum K { A = 5 }' },
      'import { Cl, K } from "./cl"; const cl: Cl = new Cl()',
      'import { Cl as Again } from "./cl"; [cl instanceof Again, K.A]',
    ],
    [true, 5],
  ],
  [
    'a mistake in a local file',
    [{ 'bad.ts': 'export const b: number = "x"' }, 'import { b } from "./bad"; b'],
    /bad\.ts:1:14 TS2322/,
  ],
  [
    'a local file that does not parse',
    [{ 'sy.ts': 'export const = 3' }, 'import * as sy from "./sy"'],
    /sy\.ts:1:14 TS1134/,
  ],
  [
    'a local file that throws',
    [{ 'th.ts': '\n\nthrow new Error("at load")' }, 'import "./th"'],
    /at load[\s\S]*th\.ts:3:7/,
  ],
  [
    'a local file that has been corrected',
    [{ 'th.ts': 'export {}; (globalThis as any).corrected = 3' }, 'import "./th"; (globalThis as any).corrected'],
    3,
  ],
  [
    'an import declared anew',
    ['import { join as j } from "path"', 'const j = 3', 'import { basename as j } from "path"; j("a/b")'],
    'b',
  ],
  ["tslab's interface", ['import * as tslab from "tslab"; typeof tslab.display.html'], 'function'],
  [
    '... and the versions of what it is made of',
    ['import { versions } from "tslab"; versions'],
    { tslab: '1.0.22', typescript: '5.9.3', node: process.version },
  ],
];

testSnippets(snippets, packages);
