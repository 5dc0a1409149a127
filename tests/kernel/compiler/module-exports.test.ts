// Exports of modules, read without a program, compared with those of TypeScript's checker.
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { ExportReader, type ModuleExports } from '../../../kernel-setup/kernel/compiler/module-exports';
import { paths } from '../../../kernel-setup/setup/index.mjs';

const root = paths.root;
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  esModuleInterop: true,
  skipLibCheck: true,
  noLib: true,
};

/** Reads files of the disk, or the given ones. */
function reading(texts: Readonly<Record<string, string>> = {}) {
  const exists = (file: string) => file in texts || ts.sys.fileExists(file);
  const read = (file: string) => texts[file] ?? ts.sys.readFile(file);
  const host = { ...ts.sys, fileExists: exists, readFile: read };
  const resolve = (id: string, from: string) =>
    ts.resolveModuleName(id, from, options, host).resolvedModule?.resolvedFileName;
  return { exists, read, resolve };
}

/** TypeScript's own list for imports, which its declarations omit. */
interface Checker extends ts.TypeChecker {
  getExportsAndPropertiesOfModule(symbol: ts.Symbol): ts.Symbol[];
}

/** The exports of a file, or of a module declared in it, according to the checker. */
function checked(file: string, texts: Readonly<Record<string, string>> = {}, declared?: string) {
  const { exists, read } = reading(texts);
  const host = { ...ts.createCompilerHost(options), fileExists: exists, readFile: read };
  host.getSourceFile = (name, version) => {
    const text = read(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, version, true);
  };
  const program = ts.createProgram([file], { ...options, typeRoots: [] }, host);
  const checker = program.getTypeChecker();
  const symbol =
    declared === undefined
      ? checker.getSymbolAtLocation(program.getSourceFile(file)!)
      : checker.getAmbientModules().find(({ name }) => name === JSON.stringify(declared));
  if (symbol === undefined) return undefined;
  const whole = (checker as Checker).getExportsAndPropertiesOfModule(symbol);
  const useOf = (one: ts.Symbol) => {
    const { flags } = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one;
    if (flags & ts.SymbolFlags.Value)
      return flags & (ts.SymbolFlags.Type | ts.SymbolFlags.Namespace) ? 'both' : 'value';
    return flags & ts.SymbolFlags.Namespace ? 'both' : 'type';
  };
  const isName = ({ name }: ts.Symbol) => /^[\w$]+$/.test(name) && name !== 'default' && name !== 'prototype';
  return new Map(whole.filter(isName).map((one) => [one.name, useOf(one)]));
}

const namesOf = ({ names }: ModuleExports) => [...names.keys()].sort();

const file = '/case/index.d.ts';
const named = (text: string, others: Readonly<Record<string, string>> = {}) => {
  const texts = { [file]: text, ...others };
  const found = new ExportReader(reading(texts)).exportsOf(file);
  const other = checked(file, texts)!;
  return { found, other };
};

describe('each form of export', () => {
  test.each<[string, string, Record<string, string>?]>([
    ['declarations', 'export declare const a: 1, b: 2; export declare function f(): void; export declare class C {}'],
    ['types', 'export interface I {} export type T = 1; export declare enum E { A } export declare const v: I;'],
    ['patterns', 'export declare const x: any; export declare const y: typeof x;'],
    ['a list', 'declare const a: 1; interface B {} declare class D {} export { a, B, D as E };'],
    ['implicit exports of a declaration file', 'export declare const a: 1; declare const b: 2;'],
    ['no implicit exports beside a list', 'declare const a: 1; declare const b: 2; export { a };'],
    [
      'export * of another file',
      'export * from "./b";',
      { '/case/b.d.ts': 'export declare const b: 1; export default b;' },
    ],
    [
      'cyclic re-exports',
      'export * from "./b"; export declare const a: 1;',
      { '/case/b.d.ts': 'export * from "./index"; export declare const b: 1;' },
    ],
    ['export * as a namespace', 'export * as b from "./b";', { '/case/b.d.ts': 'export declare const b: 1;' }],
    ['names of another file', 'export { b as c } from "./b";', { '/case/b.d.ts': 'export declare const b: 1;' }],
    ['a namespace', 'export declare namespace N { const a: 1 } export declare namespace N { interface T {} }'],
    ['a value and a type of one name', 'export declare const a: 1; export interface a {}'],
    [
      'a whole: function and namespace',
      'declare function f(): void; declare namespace f { const a: 1; type B = 2 } export = f;',
    ],
    [
      'a whole: a list in the namespace',
      'declare class E {} declare namespace E { export { E }; export interface Event {} } export = E;',
    ],
    [
      'a whole: a constant of an interface',
      'export = _; declare const _: _.Static; declare namespace _ { interface Static { map(): void; each: 1 } }',
    ],
  ])('%s', (_, text, others) => {
    const { found, other } = named(text, others);
    expect(namesOf(found)).toEqual([...other.keys()].sort());
    // The use of a name that is re-exported is unknown.
    for (const [name, use] of found.names) if (use !== 'both') expect([name, use]).toEqual([name, other.get(name)]);
  });

  test('finds type-only exports', () => {
    const { found } = named('declare class A {} export type { A }; declare class B {} export { type B };');
    expect([...found.names]).toEqual([
      ['A', 'type'],
      ['B', 'type'],
    ]);
  });

  test('finds default exports and their names', () => {
    const defaultOf = (text: string) => named(text).found.default;
    expect(defaultOf('export default function run(): void;')).toEqual({ name: 'run' });
    expect(defaultOf('declare const chalk: 1; export default chalk;')).toEqual({ name: 'chalk' });
    expect(defaultOf('declare const chalk: 1; export { chalk as default };')).toEqual({ name: 'chalk' });
    expect(defaultOf('declare function express(): void; export = express;')).toEqual({ name: 'express' });
    expect(defaultOf('export declare const a: 1;')).toBeUndefined();
  });

  test('finds declarations with the name of the module', () => {
    const reader = new ExportReader(
      reading({ [file]: 'declare module "one" { const a: 1 } declare module "two" { const b: 1 }' }),
    );
    expect(namesOf(reader.exportsOf(file, 'two'))).toEqual(['b']);
    expect([...reader.declaredIn(file)].map(([name, exports]) => [name, namesOf(exports)])).toEqual([
      ['one', ['a']],
      ['two', ['b']],
    ]);
  });

  test('a missing file exports nothing; a JavaScript file only as a whole', () => {
    const reader = new ExportReader(reading({ '/case/a.js': 'exports.a = 1' }));
    expect(reader.exportsOf('/case/gone.d.ts')).toEqual({ names: new Map() });
    expect(reader.exportsOf('/case/a.js')).toEqual({ names: new Map(), default: {} });
  });
});

describe('installed packages', () => {
  const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const from = path.join(root, 'cell.ts');
  const entries = Object.keys({ ...dependencies, ...devDependencies })
    .map((id) => [id, reading().resolve(id, from)] as const)
    .filter((one): one is readonly [string, string] => /\.[cm]?ts$/.test(one[1] ?? ''));

  test('the project has some', () => {
    expect(entries.length).toBeGreaterThan(5);
  });

  test.each(entries)('%s', (id, entry) => {
    const found = namesOf(new ExportReader(reading()).exportsOf(entry, id));
    const other = checked(entry) ?? checked(entry, {}, id) ?? new Map();
    expect(found).toEqual([...other.keys()].sort());
  });
});

describe("Node's modules", () => {
  const folder = path.join(root, 'node_modules/@types/node');
  test.each(['fs', 'path', 'zlib', 'util', 'events', 'assert', 'test', 'http2', 'url', 'crypto', 'os', 'fs/promises'])(
    '%s',
    (id) => {
      const declaring = path.join(folder, `${id}.d.ts`);
      const declared = new ExportReader(reading()).declaredIn(declaring);
      const found = namesOf(declared.get(id) ?? declared.get(`node:${id}`)!);
      const index = path.join(folder, 'index.d.ts');
      const other = checked(index, {}, id) ?? checked(index, {}, `node:${id}`)!;
      expect(found).toEqual([...other.keys()].sort());
    },
  );
});
