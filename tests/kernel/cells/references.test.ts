// Names of earlier cells: read, changed, passed on and shadowed.
import { type Snippet, testSnippets } from '../support/snippets';

const snippets: Snippet[] = [
  ['shorthand property', ['const grid = [[1, 2]]', '({ kind: "surface", grid })'], { kind: 'surface', grid: [[1, 2]] }],
  [
    'shorthand in a spread',
    ['const deep = 1', '({ ...{ deep }, list: [{ deep }] })'],
    { deep: 1, list: [{ deep: 1 }] },
  ],
  [
    'shorthand as a target',
    ['let left = 1, right = 2', '({ left, right = 7 } = { left: 5 } as any); [left, right]'],
    [5, 7],
  ],
  [
    'a function sees assignments of later cells',
    ['let count = 0; function add() { count++ }', 'count = 10', 'add(); count'],
    11,
  ],
  [
    'later cells see what a function assigns',
    ['let hits = 0; const hit = () => { hits += 2 }', 'hit(); hit()', 'hits'],
    4,
  ],
  [
    'compound assignments',
    ['let sum = 1, maybe: number | null = null', 'sum += 2; sum **= 2; maybe ??= 5; [sum, maybe]'],
    [9, 5],
  ],
  ['logical assignments', ['let zero = 0, one = 1', 'zero ||= 4; one &&= 6; [zero, one]'], [4, 6]],
  ['increments', ['let up = 1', 'up++; ++up; up--; [-up, up++ + ++up]'], [-2, 6]],
  [
    'destructuring assignment of arrays',
    ['let a1 = 0, a2 = 0', '[a1, a2] = [1, 2]; [a1, a2] = [a2, a1]; [a1, a2]'],
    [2, 1],
  ],
  [
    'destructuring assignment with rests',
    [
      'let r1 = 0, r2: number[] = [], r3: any = {}',
      '({ a: r1, b: [, ...r2], ...r3 } = { a: 1, b: [1, 2, 3], c: 4 }); [r1, r2, r3]',
    ],
    [1, [2, 3], { c: 4 }],
  ],
  ['for of an earlier variable', ['let item = 0', 'for (item of [1, 2, 3]); item'], 3],
  [
    'for in an earlier variable',
    [
      'let key = "", pair = 0',
      'for (key in { x: 1, y: 2 }); for ([pair, key] of [[5, "q"]] as [number, string][]); [pair, key]',
    ],
    [5, 'q'],
  ],
  [
    'default parameters',
    ['const fallback = 4', 'function both(a = fallback, { b = fallback } = {}) { return a + b } both()'],
    8,
  ],
  [
    'defaults of destructured declarations',
    ['const dk = 3', 'const [q1 = dk, { z: q2 = dk } = {} as any] = [] as any[]; [q1, q2]'],
    [3, 3],
  ],
  [
    'class fields',
    [
      'const start = 3',
      'class Field { x = start; static s = start; #p = start; get p() { return this.#p } } [new Field().x, Field.s, new Field().p]',
    ],
    [3, 3, 3],
  ],
  ['computed keys', ['const dynamic = "k1"', '({ [dynamic]: 1, [`${dynamic}x`]: dynamic })'], { k1: 1, k1x: 'k1' }],
  ['properties of the same name', ['const foo = { foo: 1 }', '[foo.foo, { foo: 2 }.foo, foo["foo"]]'], [1, 2, 1]],
  [
    'tagged templates',
    ['function tag(s: TemplateStringsArray, ...v: any[]) { return s.join("|") + v }', 'tag`a${1}b`'],
    'a|b1',
  ],
  [
    'tagged templates keep their object',
    ['const tagger = { tag(_: TemplateStringsArray) { return this === tagger } }', 'tagger.tag`a`'],
    true,
  ],
  [
    'a call has no this',
    [
      'function who(this: any) { return this === undefined || this === globalThis }',
      '[who(), who?.(), (who)(), who!(), (who as typeof who)()]',
    ],
    [true, true, true, true, true],
  ],
  [
    'a method call keeps this',
    ['const obj = { v: 1, m() { return this.v } }', '[obj.m(), obj["m"](), obj?.m()]'],
    [1, 1, 1],
  ],
  ['optional call', ['const perhaps: undefined | ((a: number) => number) = (a: number) => a + 1', 'perhaps?.(1)'], 2],
  ['optional chain', ['const chain: any = { a: { b: 1 } }', '[chain?.a?.b, chain.x?.y]'], [1, undefined]],
  [
    'spread and new',
    [
      'class Holder<T> { constructor(public a: T) {} static Inner = class { z = 1 } }\nconst args = [1, 2]',
      '[Math.max(...args), new Holder("x").a, new Holder.Inner().z, new (Holder)(1).a]',
    ],
    [2, 'x', 1, 1],
  ],
  [
    'typeof, delete and void',
    ['const bag: any = { a: 1 }', '[typeof bag, delete bag.a, void bag, "a" in bag]'],
    ['object', true, undefined, false],
  ],
  [
    'type arguments and assertions',
    [
      'const five = 5; function same<T>(x: T) { return x }',
      'const t: typeof five = 5; same<typeof five>(t) + (five as any satisfies number) + <number>five + five!',
    ],
    20,
  ],
  [
    'instantiation expression',
    [
      'function wrap<T>(x: T): T[] { return [x] }',
      'const wrapNumber = wrap<number>; [wrapNumber(1), wrap<string>("a")]',
    ],
    [[1], ['a']],
  ],
  ['parameters shadow', ['const x1 = 1', '((x1: number) => { const o = { x1 }; return [x1, o.x1] })(9)'], [9, 9]],
  [
    'blocks, loops and catch shadow',
    [
      'const x2 = 1',
      'const all: number[] = []; { const x2 = 9; all.push(x2) } for (let x2 = 0; x2 < 1; x2++) all.push(x2); try { throw 5 } catch (x2) { all.push(x2 as number) } [...all, x2]',
    ],
    [9, 0, 5, 1],
  ],
  [
    'hoisted var shadows',
    ['const x3 = 1', 'function f3() { const before = x3; var x3: number = 5; return [before, x3] } f3()'],
    [undefined, 5],
  ],
  [
    'names of functions and classes shadow',
    [
      'const x4 = 1',
      'const f4 = function x4(): string { return typeof x4 }; const c4 = class x4 { static m() { return x4.name } }; [f4(), c4.m(), x4]',
    ],
    ['function', 'x4', 1],
  ],
  [
    'members are not variables',
    [
      'const x5 = 1',
      'class M { x5 = x5; static x5() { return x5 } m() { return this.x5 } } const o5 = { x5() { return x5 }, get y() { return x5 } }; [new M().m(), M.x5(), o5.x5(), o5.y]',
    ],
    [1, 1, 1, 1],
  ],
  [
    'labels, enum members and bound properties are not variables',
    [
      'const x6 = 1',
      'x6: for (;;) { break x6 } enum E6 { x6 = 7, y = x6 } const { x6: y6 } = { x6: 4 }; [E6.y, y6, x6]',
    ],
    [7, 4, 1],
  ],
  [
    'closures in loops',
    ['const fns: (() => number)[] = []; for (let i = 0; i < 3; i++) fns.push(() => i)', 'fns.map((f) => f())'],
    [0, 1, 2],
  ],
  [
    'timers change variables',
    ['let ticks = 0; setTimeout(() => ticks++, 1)', 'await new Promise((r) => setTimeout(r, 20)); ticks'],
    1,
  ],
  [
    'getters and setters over a later variable',
    [
      'const box = { get a() { return inner + 1 }, set a(v) { inner = v } }; let inner = 1',
      'box.a = 10; [box.a, inner]',
    ],
    [11, 10],
  ],
  ['a constant stays one', ['const fixed1 = 1', 'fixed1 = 2'], /cell:1:1 TS2588/],
  ['a later let assigns the type', ['let late: string | undefined; late = "a"', 'late?.length'], 1],
];

testSnippets(snippets);
