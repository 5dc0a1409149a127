// The language of cells: results, top-level await, newer syntax, unusual cells.
import { nothing, type Snippet, testSnippets } from '../support/snippets';

const lines = Array.from({ length: 5000 }, (_, i) => `const line${i} = ${i} + ${i === 0 ? 0 : `line${i - 1}`};`);

const snippets: Snippet[] = [
  ['null is a result', ['null'], null],
  ['undefined is none', ['void 0'], nothing],
  ['falsy results', ['[0, "", false, NaN, -0]'], [0, '', false, Number.NaN, -0]],
  ['an object that is exported', ['export default { a: 1 }'], { a: 1 }],
  ['an object in parentheses', ['({ a: 1 })'], { a: 1 }],
  ['an object', ['{ a: 1 }'], { a: 1 }],
  [
    'an object of several lines, with comments',
    ['// first\n{\n  a: 1, // one\n  "b c": [2],\n}\n// last'],
    { a: 1, 'b c': [2] },
  ],
  ['an object behind a comment in its line', ['/* first */ { a: 1 }'], { a: 1 }],
  [
    'an object of names, methods and the rest',
    ['const oa = 1; const ob = { c: 2 }', '{ oa, ...ob, [`d`]: 3, get e() { return 4 } }.e'],
    4,
  ],
  ['an object at the end', ['const oe = 5\n{ oe, b: 2 }'], { oe: 5, b: 2 }],
  ['an object at the end of a line', ['const ol = 5; { ol }'], { ol: 5 }],
  ['an empty object', ['{}'], {}],
  ['an object that nobody wants', ['{ a: 1, b: 2 };'], nothing],
  ['a pattern', ['let pa = 0, pb = 0', '{ pa, pb } = { pa: 1, pb: 2 }', 'pa + pb'], 3],
  ['an object of what is awaited', ['{ a: await Promise.resolve(1) }'], { a: 1 }],
  ['an object with a mistake has its place', ['{ a: 1,\n  b: gone }'], /cell:2:6 TS2304/],
  ['an object that throws has its place', ['{ a: 1,\n  b: JSON.parse("{") }'], /> 2 \|[\s\S]*Cell \[\d+\]:2:/],
  ['a block that does something', ['let did = 0', '{ const one = 1; did += one }', 'did'], 1],
  ['a block with a label', ['{ lap: for (;;) break lap }'], nothing],
  ['a block has no result', ['{ 5 }'], nothing],
  ['a statement has no result', ['if (1) { 2 }'], nothing],
  ['a name that is only asked for', ['typeof window === "undefined" ? 1 : 2'], 1],
  ['a name that is missed behind `typeof`', ['typeof gone.there'], /TS2304/],
  ['an empty cell', [''], nothing],
  ['comments only', ['// nothing\n/* at all */'], nothing],
  ['a comment behind the result', ['3 // three\n/* done */'], 3],
  ['a comment below the result', ['[3]\n// three'], [3]],
  ['comments behind and below the result', ['const cb = 3;\ncb // three\n// and more\n/* done */'], 3],
  ['comments behind a type', ['3 as number // three\n// and more'], 3],
  ['comments behind an assertion', ['<any>(3!) // three\n// and more'], 3],
  ['a comment below a function', ['(() => 3)() satisfies number\n//'], 3],
  ['a first line for a shell', ['#!/usr/bin/env node\nconst sh = 3; sh'], 3],
  ['a directive', ['"use strict"; 3'], 3],
  ['a string is not a directive', ['"text"'], 'text'],
  ['the result of an assignment', ['let asg: number; asg = 4'], 4],
  ['a function as a result of a call', ['(function () { return 5 })()'], 5],
  ['no semicolon before a bracket', ['const noSemi = 1\n;[1, 2].map((x) => x + noSemi)'], [2, 3]],
  ['await in parentheses', ['const ap = await (Promise.resolve(4)); ap'], 4],
  ['await as the result', ['await Promise.resolve("r")'], 'r'],
  [
    'await in a template, a loop and a pattern',
    [
      'let w = 0; while (w < 3) { await null; w++ } const [pa, pb] = await Promise.all([1, Promise.resolve("b")])',
      '`${await Promise.resolve(w)}${pa}${pb}`',
    ],
    '31b',
  ],
  ['await with earlier values', ['const later = Promise.resolve({ v: 5 })', '(await later).v + (await later).v'], 10],
  ['for await', ['async function* g() { yield 1; yield 2 }', 'let s = 0; for await (const v of g()) s += v; s'], 3],
  [
    'async generators',
    [
      'async function* up(n: number) { for (let i = 0; i < n; i++) { await null; yield i } }',
      'const got: number[] = []; for await (const v of up(3)) got.push(v); got',
    ],
    [0, 1, 2],
  ],
  [
    'generators',
    [
      'function* gA() { const r: number = yield* gB(); yield r } function* gB(): Generator<number, number> { yield 1; return 2 }',
      '[...gA()]',
    ],
    [1, 2],
  ],
  [
    'using in a block',
    ['const log: string[] = []', '{ using r = { [Symbol.dispose]() { log.push("out") } }; log.push("in") }', 'log'],
    ['in', 'out'],
  ],
  [
    'using at the top level',
    ['const ul: number[] = []', 'using u1 = { [Symbol.dispose]() { ul.push(1) } }; ul.push(0)', 'ul'],
    [0, 1],
  ],
  [
    'await using',
    ['const au: number[] = []', 'await using u2 = { async [Symbol.asyncDispose]() { au.push(1) } }; au.push(0)', 'au'],
    [0, 1],
  ],
  [
    'labels',
    ['let laps = 0; outer: for (;;) { for (;;) { laps++; if (laps > 2) break outer; continue outer } } laps'],
    3,
  ],
  [
    'newer library',
    ['[[3, 1, 2].toSorted(), [1, 2].at(-1), [1, 2, 3].findLast((x) => x < 3), "ab".isWellFormed()]'],
    [[1, 2, 3], 2, 2, true],
  ],
  [
    'ECMAScript 2024, also on Node 20',
    [
      'const by = Object.groupBy([1, 2, 3], (v, i) => (v % 2 ? "odd" : `even${i}`)); const map = Map.groupBy("aba", (c) => c)',
      'const { promise, resolve } = Promise.withResolvers<number>(); resolve(5)',
      '[by.odd, by.even1, map.get("a"), await promise]',
    ],
    [[1, 3], [2], ['a', 'a'], 5],
  ],
  ['sets in a regular expression', ['/^[\\p{L}--[a-z]]$/v.test("É")'], true],
  ['named groups of a regular expression', ['const re = /a(?<n>b)/.exec("ab")!; re.groups!.n'], 'b'],
  ['this is not the kernel', ['this === undefined || this === globalThis'], true],
  ['return is not for cells', ['return 5'], /cell:1:1 TS1108/],
  ['a cell is what runs by itself', ['(import.meta as any).main'], true],
  ['import.meta', ['[typeof import.meta.url, typeof import.meta.dirname]'], ['string', 'string']],
  [
    'the places that Node names',
    [
      '[__dirname === process.cwd(), __filename === import.meta.filename, require("path").dirname(__filename) === __dirname]',
    ],
    [true, true, true],
  ],
  ['names of Node declared anew', ['const __dirname = "mine"; let require = 5;', '[__dirname, require]'], ['mine', 5]],
  [
    'identifiers beyond ASCII',
    ['const größe = 1, π = 3, 变量 = "v", \\u0061bc1 = 5', '[größe, π, 变量, abc1]'],
    [1, 3, 'v', 5],
  ],
  ['text beyond ASCII', ['const emoji = "🙂 ü"; /* 🙂 */ emoji.length', '[...emoji].length'], 3],
  ['Windows line ends', ['const crlf = 1;\r\nconst crlf2 = `a\r\nb`;\r\ncrlf2.length + crlf'], 4],
  ['undefined may be shadowed in a block', ['{ const undefined = 5 as any; }'], nothing],
  [
    'an object with all kinds of members',
    [
      'const o = { a: 1, get b() { return 2 }, set b(_) {}, async c() {}, *d() {}, async *e() {}, ["f" + 1]: 3, 7: 4 }; Object.keys(o).length',
    ],
    7,
  ],
  [
    'regular expressions, division and generics',
    [
      'const one = 4 / 2 / 1; const two = /[/]\\//g.test("//"); const three = new Map<string, Array<number>>(); [one, two, three.size]',
    ],
    [2, true, 0],
  ],
  ['JSON', ['JSON.parse(\'{"a": [1, null]}\')'], { a: [1, null] }],
  ['5,000 lines', [lines.join('\n'), 'line4999'], 12497500],
  ['2,500 lines that change one variable', [`let changed = 0;\n${'changed += 1;\n'.repeat(2500)}changed`], 2500],
  ['a very long line', [`const wide = [${'1,'.repeat(20_000)}]`, 'wide.length'], 20000],
  ['a deep expression', [`${'('.repeat(200)}1${')'.repeat(200)}`], 1],
  [
    'names of earlier cells, 300 of them',
    [
      Array.from({ length: 300 }, (_, i) => `let many${i} = ${i}`).join('\n'),
      `[${Array.from({ length: 300 }, (_, i) => `many${i}`).join(' + ')}]`,
    ],
    [44850],
  ],
];

testSnippets(snippets);
