// Declarations of a cell: values and types are available in later cells, and may be redeclared.
import { nothing, type Snippet, testSnippets } from '../support/snippets';

const snippets: Snippet[] = [
  [
    'a module that is declared, with what has no types of its own',
    [
      { 'node_modules/bare/package.json': '{ "name": "bare" }', 'node_modules/bare/index.js': 'exports.n = 5' },
      'const before = 1;\ndeclare module "bare-types" { export interface Only { a: 1 } }\nconst behind = 2; behind',
      'import type { Only } from "bare-types"; const only1: Only = { a: 1 }; only1.a + before',
    ],
    2,
  ],
  ['and its mistakes', ['import type { Only } from "bare-types"; const only2: Only = { a: 2 }'], /TS2322/],
  [
    'modules by a pattern',
    [
      'declare module "*.weights" { const w: number[]; export default w }',
      'type W = typeof import("./a.weights").default; const w: W = [1]; w[0]',
    ],
    1,
  ],
  [
    'an addition to a module that is not imported',
    [
      { 'forms.ts': 'export interface Form { a: number }' },
      'declare module "./forms" { interface Form { b: string } interface More { c: 2 } }',
      'import type { Form, More } from "./forms"; const form: Form = { a: 1, b: "x" }; const more: More = { c: 2 }; form.a + more.c',
    ],
    3,
  ],
  [
    'what a package without types has',
    ['declare module "bare" { export const n: 5 }', 'import { n } from "bare"; const five: 5 = n; five'],
    5,
  ],
  [
    'what a package without types has, where it is imported',
    [
      { 'node_modules/bare2/package.json': '{ "name": "bare2" }', 'node_modules/bare2/index.js': 'exports.n = 6' },
      'import { n as n6 } from "bare2"; declare module "bare2" { export const n: 6 }',
      'const six: 6 = n6; six',
    ],
    6,
  ],
  [
    'an addition to a module that is there',
    [
      { 'shapes.ts': 'export interface Shape { a: number } export const shape = {} as Shape' },
      'import { shape } from "./shapes"; declare module "./shapes" { interface Shape { b: string } }',
      'shape.b = "x"; shape.b.length',
    ],
    1,
  ],
  [
    'an addition to a module of Node',
    [
      'declare module "fs" { interface Stats { extra: 3 } }',
      'import type { Stats } from "fs"; const st = { extra: 3 } as Stats; st.extra',
    ],
    3,
  ],
  [
    'a global that a cell assigns, with its type',
    [
      'globalThis.assigned = 6; (globalThis as any).scaled = (x: number) => x * 2; globalThis["quoted"] ??= "abc"',
      'scaled(assigned) + quoted.length',
    ],
    15,
  ],
  ['and its mistakes', ['assigned.length'], /TS2339/],
  [
    'a global assigned again, with another type, and then a variable',
    [
      'globalThis.assigned = "text"',
      'assigned.toUpperCase()',
      'const assigned = [1, 2]',
      'globalThis.assigned = 5',
      'assigned.length',
    ],
    2,
  ],
  [
    'a global that exists keeps its type',
    ['globalThis.name1 = 1; globalThis.fetch = globalThis.fetch', 'typeof fetch'],
    'function',
  ],
  [
    'a name that is only declared is global',
    ['declare const later1: number; declare function call1(): string', 'later1'],
    /^ReferenceError: later1 is not defined\n> 1 \| later1\n.*\n {4}at Cell \[\d+\]:1:1$/,
  ],
  [
    'and has its type and value',
    ['globalThis["later1"] = 4; globalThis["call1"] = () => "c"', '[later1 + 1, call1().length]'],
    [5, 1],
  ],
  [
    'types of values that are only declared',
    [
      'declare class Later2 { a: number } declare namespace Later3 { const b: string }',
      'const t2: Later2 = { a: 1 }; t2.a',
    ],
    1,
  ],
  ['a mistake with one', ['const t3: number = later1; const t4: string = later1'], /cell:1:34 TS2322/],
  ['variables persist', ['const a = 1; let b = [a]; var c = "c"', '[a, b, c]'], [1, [1], 'c']],
  ['a variable with a new type', ['const v = 1', 'const v = "str"', 'v.toUpperCase()'], 'STR'],
  [
    'a chain of kinds',
    [
      'const r = 1',
      'const r = "x"',
      'let r = [1]',
      'function r() { return 5 }',
      'class r {}',
      'enum r { A = 3 }',
      'namespace r { export const B = 4 }',
      'const r = make(); function make() { return 1 }',
      'r + 1',
    ],
    2,
  ],
  ['a class anew', ['class P { a = 1 }', 'class P { b = 2 }', 'new P().b'], 2],
  [
    'old values keep the old class',
    ['class Q { a = 1 }\nconst old = new Q()', 'class Q { b = 2 }', '[old.a, new Q().b]'],
    [1, 2],
  ],
  [
    'a function with a new type',
    ['function f(a: number) { return a }', 'function f(a: string) { return a.length }', 'f("abc")'],
    3,
  ],
  [
    'other cells see a function declared anew',
    ['function g() { return 1 }', 'function callG() { return g() }', 'function g() { return 2 }', '[callG(), g()]'],
    [2, 2],
  ],
  ['a value where a type was', ['type T1 = number', 'const T1 = 5', 'T1'], 5],
  [
    'a type and a value of one name',
    ['type Both = { x: number }\nconst Both = (x: number): Both => ({ x })', 'const both: Both = Both(2); both.x'],
    2,
  ],
  [
    'interfaces and aliases',
    ['interface Pt { x: number }\n type Al = Pt & { y: number }', 'const q: Al = { x: 1, y: 2 }; q.x + q.y'],
    3,
  ],
  [
    'an interface in two parts',
    ['interface IM { a: number } interface IM { b: number }', 'const im: IM = { a: 1, b: 2 }; im.b'],
    2,
  ],
  ['a cell of types alone', ['type Only = { q: 1 }', 'const only: Only = { q: 1 }; only.q'], 1],
  [
    'enums',
    [
      'enum Color { Red, Green = 5, Name = "n" }\nconst enum Fast { A = 2 }',
      '[Color.Green, Color[0], Color.Name, Fast.A]',
    ],
    [5, 'Red', 'n', 2],
  ],
  [
    'enums from enums, in parts',
    ['enum E1 { X = 3 }', 'enum E2 { Y = E1.X + 1 } enum E2 { Z = 9 } [E2.Y, E2.Z]'],
    [4, 9],
  ],
  ['namespaces', ['namespace Ns { export const k = 3; export function h() { return k } }', '[Ns.k, Ns.h()]'], [3, 3]],
  [
    'namespaces in namespaces',
    [
      'namespace Out.In { export let c = 1; export const inc = () => ++c; export interface I { a: number } }',
      'Out.In.inc(); const oi: Out.In.I = { a: Out.In.c }; oi.a',
    ],
    2,
  ],
  [
    'an alias of a namespace',
    [
      'namespace Far { export namespace Near { export const v = 7; export type T = number } }',
      'import N = Far.Near; import T = Far.Near.T; const t: T = N.v; t',
      'N.v',
    ],
    7,
  ],
  [
    'a function and a namespace',
    ['function merged() { return 1 } namespace merged { export const k = 2 }', 'merged() + merged.k'],
    3,
  ],
  ['properties of a function', ['function expando() {} expando.k = 3', 'expando.k'], 3],
  [
    'abstract generic classes',
    [
      'abstract class A<T> { constructor(public v: T) {} abstract m(): T }',
      'class B extends A<number> { m() { return this.v * 2 } }',
      'new B(4).m()',
    ],
    8,
  ],
  [
    'extending a class of an earlier cell',
    [
      'class G1<T> { constructor(public t: T) {} m() { return 1 } }',
      'class G2 extends G1<string> { m() { return super.m() + 1 } }\n[new G2("q").t, new G2("").m()]',
    ],
    ['q', 2],
  ],
  [
    'mixins',
    [
      'const Mix = <T extends new (...a: any[]) => {}>(Base: T) => class extends Base { mixed = true }',
      'class Plain { b = 1 }',
      'const Mixed = Mix(Plain); const m = new Mixed(); [m.b, m.mixed]',
    ],
    [1, true],
  ],
  [
    'private names',
    [
      'class Pv { #x = 1; static #n = 0; #up() { return ++this.#x } static make() { Pv.#n++; return new Pv() } has(o: object) { return #x in o } up() { return this.#up() } static get n() { return Pv.#n } }',
      'const pv = Pv.make(); [pv.up(), pv.has(pv), pv.has({}), Pv.n]',
    ],
    [2, true, false, 1],
  ],
  [
    'static blocks and accessors',
    ['class Sb { static v: number; static { Sb.v = 9 } accessor w = 3 }', '[Sb.v, new Sb().w]'],
    [9, 3],
  ],
  [
    'a class with a private member in its type',
    ['const make = () => class { private y = 1; z = 2 }', 'new (make())().z'],
    2,
  ],
  [
    'a type without a name',
    ['const hide = (() => { class Hidden { private s = 1; v = 2 } return () => new Hidden() })()', 'hide().v'],
    2,
  ],
  ['unique symbols', ['const us = Symbol("q"); const uo = { [us]: 1 }', 'uo[us]'], 1],
  [
    'decorators',
    [
      'const seen: string[] = []; function log(n: string) { return (_: unknown, c: DecoratorContext): any => { seen.push(n + String(c.name)) } } function cls(_: Function, c: ClassDecoratorContext) { seen.push(c.name!) }',
      '@cls class Dc { @log("m") m() {} @log("p") p = 1; @log("g") get g() { return 1 } @log("s") static s() {} }',
      'seen.sort().join()',
    ],
    'Dc,gg,mm,pp,ss',
  ],
  [
    'decorators that replace a method',
    [
      'function plus(o: () => number, _: ClassMethodDecoratorContext) { return function (this: unknown) { return o.call(this) + 1 } }',
      'class De { @plus m() { return 1 } } new De().m()',
    ],
    2,
  ],
  [
    'overloads',
    [
      'function ov(a: string): string; function ov(a: number): number; function ov(a: any) { return a }',
      'ov(1).toFixed(1) + ov("x").length',
    ],
    '1.01',
  ],
  ['generic functions', ['function first<T>(a: T[]): T { return a[0] }', 'first(["u"]).toUpperCase()'], 'U'],
  [
    'generic values',
    ['const mp = new Map<string, { a: number }[]>()', 'mp.set("a", [{ a: 1 }]); mp.get("a")!.map((x) => x.a)'],
    [1],
  ],
  [
    'template literal types',
    ['type Ev<T extends string> = `on${Capitalize<T>}`', 'const ev: Ev<"click"> = "onClick"; ev'],
    'onClick',
  ],
  ['a mistake in a template literal type', ['type Key = `k${number}`', 'const k: Key = "kx"'], /cell:1:7 TS2322/],
  [
    'conditional and mapped types',
    [
      'type Un<T> = T extends Promise<infer U> ? U : T; type Ro<T> = { readonly [K in keyof T]?: T[K] }',
      'const un: Un<Promise<number>> = 4; const ro: Ro<{ a: 1 }> = {}; [un, ro]',
    ],
    [4, {}],
  ],
  ['types of earlier values', ['const cfg = { a: 1, b: "x" }', 'const cfg2: typeof cfg = { a: 2, b: "y" }; cfg2.a'], 2],
  [
    'satisfies and const type parameters',
    [
      'const sat = { a: 1 } satisfies Record<string, number>; const lit = <const T>(x: T) => x',
      'const l: readonly [1, 2] = lit([1, 2]); [sat.a, l]',
    ],
    [1, [1, 2]],
  ],
  [
    'destructuring',
    ['const { aa, bb: [cc, ...dd], ...ee } = { aa: 1, bb: [2, 3, 4], f: 5 }', '[aa, cc, dd, ee]'],
    [1, 2, [3, 4], { f: 5 }],
  ],
  [
    'destructuring with defaults',
    [
      'const { a: n1 = 5, b: { c: [n2, n3 = 7], d: n4 = "x" } } = { b: { c: [1] } } as { a?: number; b: { c: number[]; d?: string } }',
      '[n1, n2, n3, n4]',
    ],
    [5, 1, 7, 'x'],
  ],
  [
    'var in blocks and loops',
    ['if (true) { var inIf = 3 } for (var inFor = 0; inFor < 3; inFor++);', 'inIf + inFor'],
    6,
  ],
  ['functions are hoisted', ['const early = hoisted(); function hoisted() { return 3 }', 'early'], 3],
  ['names of functions', ['const arrow = () => 1', 'arrow.name'], 'arrow'],
  ['a failing cell keeps what it reached', ['try { kept } catch {}; var kept = 5', 'kept'], 5],
  [
    'names of the browser are free',
    ['const name = "n"; const status = 3; const URL = "http://x"', 'name + status + URL.length'],
    'n38',
  ],
  ['process can be redeclared', ['const process = 5', 'import os from "os"; typeof os.cpus() + process'], 'object5'],
  [
    'global types',
    [
      'declare global { interface Array<T> { lastOne(): T } } Array.prototype.lastOne = function () { return this[this.length - 1] }',
      '[1, 2].lastOne()',
    ],
    2,
  ],
  [
    'export means nothing',
    [
      'export const ek = 1; export function ekf() { return ek } export interface EI { a: 1 } export enum Xe { A = 4 } export abstract class Xa { abstract m(): void }',
      'const ei: EI = { a: 1 }; ek + ekf() + ei.a + Xe.A',
    ],
    7,
  ],
  [
    'export lists and defaults',
    ['const xl = 1; export { xl, xl as yl }; export default class Ed { v = xl }', 'new Ed().v'],
    1,
  ],
  ['a default expression is the result', ['export default 5 + 1'], 6],
  [
    'names the kernel might use itself',
    [
      'let $ = 5; let exports = 1, module = 2; let __vars = 3, ___x = 4, __proto = 5, $v = 6, __dirname = 7, value = 8; function v() { return $v }',
      '$v = 60; [$, exports, module, __vars, ___x, __proto, $v, v(), __dirname, value]',
    ],
    [5, 1, 2, 3, 4, 5, 60, 60, 7, 8],
  ],
  [
    'require can be redeclared',
    ['const require = 5 as any; require', 'import other = require("path"); require + typeof other.join'],
    '5function',
  ],
  [
    'a name that is defined anew is so for functions of earlier cells',
    ['let own = 1; const ownOf = () => own', 'let own = 2', '[ownOf(), own]'],
    [2, 2],
  ],
  [
    'an unreached declaration keeps the old value',
    [
      'let ar = "old"',
      'const unset = () => { if (true as boolean) throw 1; return 5 }; try { unset() } catch {}',
      'ar',
    ],
    'old',
  ],
  ['a type error changes nothing', ['let ran = 0', 'ran'], 0],
  [
    'declared, and defined elsewhere',
    ['(globalThis as any).elsewhere = 4', 'declare const elsewhere: number', 'elsewhere'],
    4,
  ],
  ['declarations have no result', ['const nothingHere = 1'], nothing],
];

testSnippets(snippets);
