// The declarations of ECMAScript and Node, merged into few files, some of them loaded late: equal to the files on disk,
// except for features that this Node lacks.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Declarations } from '../../../kernel-setup/kernel/compiler/declarations';
import type { Compiler } from '../../../kernel-setup/kernel/compiler/types';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { root } from '../../support/typescript';
import { builtKernel, compilerFrom } from '../support/cell-session';

type Built = typeof import('../../../kernel-setup/kernel/compiler/declarations') &
  typeof import('../../../kernel-setup/kernel/compiler/newer-library') &
  typeof import('../../../kernel-setup/kernel/compiler/node-platform');

let built: Built;
let compiler: Compiler;
let folder: string;
let load: Awaited<ReturnType<typeof builtKernel>>;

beforeAll(async () => {
  load = await builtKernel();
  const modules = ['declarations', 'newer-library', 'node-platform'].map((name) => load<Built>(`compiler/${name}.js`));
  built = Object.assign({}, ...modules);
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-declarations-')));
  process.chdir(folder);
  compiler = compilerFrom(load);
});

afterAll(() => {
  compiler?.close();
  process.chdir(os.tmpdir());
  fs.rmSync(folder, { recursive: true, force: true });
});

const nodeTypes = path.join(root, 'node_modules', '@types', 'node');

/** A one-line program with the declarations on disk, except missing ones, or with `declarations`. */
function programOf(source: string, declarations?: Declarations, late: readonly string[] = []): ts.Program {
  const file = path.join(root, 'line.ts');
  const options = { lib: [built.LIBRARY], types: ['node'], typeRoots: [path.dirname(nodeTypes)] };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  const fromDisk = (name: string) => built.withoutMissing(name, readFile(name) ?? '', []);
  host.readFile = (name) =>
    name === file ? source : declarations ? (declarations.read(name) ?? readFile(name)) : fromDisk(name);
  return ts.createProgram([file, ...late], options, host);
}

/** All declarations: global names and those in modules and namespaces, with their members. */
function declaredIn(program: ts.Program): Map<string, string> {
  const checker = program.getTypeChecker();
  const line = program.getSourceFile(path.join(root, 'line.ts'))!;
  const found = new Map<string, string>();
  const note = (prefix: string, symbol: ts.Symbol) => {
    const name = `${prefix}${symbol.name}`;
    if (found.has(name)) return;
    const members = [...(symbol.members?.keys() ?? [])].filter((key) => !String(key).startsWith('__'));
    const declarations = [...new Set(symbol.declarations?.map(({ kind }) => ts.SyntaxKind[kind]))];
    found.set(name, [...declarations, ...members].sort().join(' '));
    const isNamed = symbol.flags & ts.SymbolFlags.Module && symbol.name !== 'globalThis';
    if (isNamed) for (const inner of symbol.exports?.values() ?? []) note(`${name}.`, inner);
  };
  for (const symbol of checker.getSymbolsInScope(line, -1 as ts.SymbolFlags)) note('', symbol);
  for (const symbol of checker.getAmbientModules()) note('', symbol);
  return found;
}

test('merged files declare what the files on disk declare', () => {
  const declarations = new built.Declarations(built.nodePlatform());
  const line = 'process.getBuiltinModule';
  programOf(line, declarations);
  expect(declarations.want([], true)).toBe(true);
  const merged = programOf(line, declarations, declarations.lateFiles);
  const plain = programOf(line);
  expect(declaredIn(merged)).toEqual(declaredIn(plain));
  expect(declaredIn(plain).size).toBeGreaterThan(2500);
  expect(merged.getSourceFiles().length).toBeLessThan(plain.getSourceFiles().length / 2);
});

test('merged files use one byte per character, and placeholders for others in comments only', () => {
  const library = path.join(root, 'node_modules', 'typescript', 'lib', built.LIBRARY);
  const declarations = new built.Declarations(built.nodePlatform());
  for (const file of [library, path.join(nodeTypes, 'index.d.ts')]) {
    const text = declarations.read(file)!;
    expect(text).not.toMatch(/[^\0-\xff]/);
    expect(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')).not.toContain('&#');
    expect(built.withAllCharacters(text)).toMatch(/[–’]/);
  }
});

describe('features that this Node lacks', () => {
  /** Parameters of a cell, and names that are detected by being `undefined`. */
  const notGlobal = new Set(['require', 'module', 'exports', '__filename', '__dirname', 'gc', 'Jupyter']);
  const { Method, Accessor, Optional } = ts.SymbolFlags;

  /** Whether a name is declared by TypeScript's library or Node's declarations. */
  const isOfLibrary = ({ declarations = [] }: ts.Symbol) =>
    declarations.every((d) => /\/lib\.[^/]*\.d\.ts$/.test(d.getSourceFile().fileName));

  test('are not declared: no global name, and no ECMAScript function', () => {
    const program = programOf('', new built.Declarations(built.nodePlatform()));
    const checker = program.getTypeChecker();
    const line = program.getSourceFile(path.join(root, 'line.ts'))!;
    const inScope = checker
      .getSymbolsInScope(line, ts.SymbolFlags.Value)
      .filter(({ name }) => !notGlobal.has(name) && !name.startsWith('"'));
    const absent: string[] = [];
    const look = (name: string, owner: unknown, type: ts.Type, kinds: number) => {
      for (const member of checker.getPropertiesOfType(type)) {
        if (!(member.flags & kinds) || member.flags & Optional || !isOfLibrary(member)) continue;
        const [, symbol] = /^__@(\w+)@/.exec(member.escapedName as string) ?? [];
        const key = symbol === undefined ? member.name : Symbol[symbol as 'iterator'];
        if (!(key in Object(owner)) && !polyfills.has(`${name}.${member.name}`)) absent.push(`${name}.${String(key)}`);
      }
    };
    for (const symbol of inScope) {
      const { name } = symbol;
      if (name === 'undefined' || name === 'arguments') continue;
      if (!(name in globalThis)) {
        absent.push(name);
        continue;
      }
      const value = globalThis[name as keyof typeof globalThis] as unknown;
      look(name, value, checker.getTypeOfSymbolAtLocation(symbol, line), -1);
      const type = checker.resolveName(name, line, ts.SymbolFlags.Type, false);
      if (type !== undefined && typeof value === 'function' && value.prototype !== undefined)
        look(`${name}.prototype`, value.prototype, checker.getDeclaredTypeOfSymbol(type), Method | Accessor);
    }
    const iterators = checker.resolveName('IteratorObject', line, ts.SymbolFlags.Type, false)!;
    const prototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
    look(
      'Iterator.prototype',
      {
        next: 0,
        return: 0,
        throw: 0,
        ...Object.getOwnPropertyDescriptors(prototype),
        [Symbol.iterator]: 0,
        [Symbol.toStringTag]: 0,
        [Symbol.dispose]: 0,
      },
      checker.getDeclaredTypeOfSymbol(iterators),
      Method,
    );
    expect(inScope.length).toBeGreaterThan(100);
    expect(absent).toEqual([]);
  });

  /** Polyfills of the cell process, and inherited members of iterators. */
  const polyfills = new Set(['Object.groupBy', 'Map.groupBy', 'Promise.withResolvers', 'Iterator.prototype.next']);

  const major = Number(process.versions.node.split('.')[0]);

  test.each<[source: string, version: number, name: string]>([
    ['new Set([1]).union(new Set([2]))', 22, 'Set.prototype.union'],
    ['const { isSubsetOf } = new Set([1])', 22, 'Set.prototype.isSubsetOf'],
    ['new Set([1])["union"](new Set([2]))', 22, 'Set.prototype.union'],
    ["const both = new Set([1])\nboth['intersection']", 22, 'Set.prototype.intersection'],
    ['Promise[`try`](() => 1)', 24, 'Promise.try'],
    ['const all: ReadonlySet<number> = new Set(); all.difference(all)', 22, 'Set.prototype.difference'],
    ['class Mine<T> extends Set<T> {}\nnew Mine([1]).isDisjointFrom(new Set([1]))', 22, 'Set.prototype.isDisjointFrom'],
    ['[1].values().map((x) => x + 1).toArray()', 22, 'Iterator.prototype.map'],
    ['function* two() { yield 1; yield 2 }\ntwo().take(1)', 22, 'Iterator.prototype.take'],
    ['new Map([[1, 2]]).entries().filter(() => true)', 22, 'Iterator.prototype.filter'],
    ['Iterator.from([1])', 22, 'Iterator'],
    ['await Array.fromAsync([1])', 22, 'Array.fromAsync'],
    ['new ArrayBuffer(8).transfer()', 21, 'ArrayBuffer.prototype.transfer'],
    ['new WebSocket("ws://localhost")', 22, 'WebSocket'],
    ['Promise.try(() => 1)', 24, 'Promise.try'],
    ['using stack = new DisposableStack()', 24, 'DisposableStack'],
    ['new AsyncDisposableStack()', 24, 'AsyncDisposableStack'],
    ['new SuppressedError(1, 2)', 24, 'SuppressedError'],
    ['Error.isError(1)', 24, 'Error.isError'],
    ['new Float16Array(2)', 24, 'Float16Array'],
    ['new DataView(new ArrayBuffer(2)).getFloat16(0)', 24, 'DataView.prototype.getFloat16'],
    ['Math.f16round(1)', 24, 'Math.f16round'],
    ['Atomics.pause()', 24, 'Atomics.pause'],
  ])('are named with their version in the error: %s', (source, version, name) => {
    const cell = compiler.compile(source);
    expect(cell.ok).toBe(major >= version);
    const hint = `\`${name}\` needs Node ${version}; this is Node ${process.versions.node}.`;
    if (!cell.ok) expect(cell.diagnostics.map((d) => d.hint)).toEqual([hint]);
  });

  test.each([
    'const s = new Set([1]); if ("union" in s) s["union"]',
    'const o: any = {}; o["union"]; o["try"]',
    'const m = { union: 1 }; m["union"]',
    '// @ts-nocheck\nnew Set([1])["union"]',
  ])('may be feature-tested, and other things may have the name: %s', (source) => {
    expect(compiler.compile(source)).toMatchObject({ ok: true });
  });

  test('are not completed', () => {
    const offered = compiler.complete('new Set([1]).', 13).items.map(({ text }) => text);
    expect(offered).toContain('forEach');
    expect(offered.includes('union')).toBe(major >= 22);
  });

  test('are distinguished from names missing for other reasons', () => {
    for (const source of ['({ a: 1 }).union', '"text".map((x) => x)', 'class Own {}\nnew Own().try']) {
      const cell = compiler.compile(source);
      expect(!cell.ok && cell.diagnostics.map(({ hint }) => hint)).toEqual([undefined]);
    }
  });

  test('may be declared by a polyfill', () => {
    const source =
      'declare global { interface PromiseConstructor { sometimes(): 1 } interface Set<T> { merged: T } }\nnew Set([1]).merged';
    expect(compiler.compile(source).ok).toBe(true);
  });
});

test('only the table of all modules refers to the late files', () => {
  const files = fs.readdirSync(nodeTypes, { recursive: true, encoding: 'utf8' });
  const text = (file: string) => fs.readFileSync(path.join(nodeTypes, file), 'utf8');
  const modules = [...built.late].flatMap((file) =>
    [...text(file).matchAll(/^declare module ["'](.+)["']/gm)].map(([, name]) => name),
  );
  expect(modules).toEqual(expect.arrayContaining(['http2', 'node:http2', 'node:test', 'zlib', 'inspector/promises']));
  const others = files.filter((file) => /^(?!ts\d).*\.d\.ts$/.test(file) && !built.late.has(file));
  expect(others.length).toBeGreaterThan(50);
  for (const file of others) {
    const references = [...text(file).matchAll(/(?:from|import\()\s*["']([^"']+)["']/g)].filter(
      ({ index }) => !isInComment(text(file), index) && !isInTable(text(file), index),
    );
    expect([file, references.map(([, name]) => name).filter((name) => modules.includes(name))]).toEqual([file, []]);
  }
});

const lineAt = (text: string, index: number) => text.slice(text.lastIndexOf('\n', index) + 1, index);
const isInComment = (text: string, index: number) => /^\s*\*/.test(lineAt(text, index));
/** `"zlib": typeof import("zlib");` */
const isInTable = (text: string, index: number) => /^\s*"[^"]+": typeof $/.test(lineAt(text, index));

describe('a late module', () => {
  /** The first error of a cell. */
  function problemOf(source: string): string | undefined {
    const cell = compiler.compile(source);
    return cell.ok ? undefined : cell.diagnostics[0].message;
  }

  test('has its types in the cell that imports it first', () => {
    expect(problemOf('import { gzipSync } from "node:zlib"; gzipSync("a").length')).toBeUndefined();
    expect(problemOf('import { gzipSync } from "zlib"; const text: string = gzipSync("a")')).toContain('Buffer');
    expect(problemOf('const { connect } = await import("http2"); const n: number = connect')).toContain('authority');
  });

  test('has its types in a local module', () => {
    fs.writeFileSync(path.join(folder, 'web.ts'), 'import { Agent } from "https"; export const agent = new Agent();');
    expect(problemOf('import { agent } from "./web"; agent.maxSockets + 1')).toBeUndefined();
    expect(problemOf('import { agent } from "./web"; agent.missing')).toContain("does not exist on type 'Agent'");
  });

  test('has its types when Node is asked for it', () => {
    expect(problemOf('process.getBuiltinModule("node:repl").missing')).toContain("'missing' does not exist");
  });

  test('is completed in imports', () => {
    const source = 'import x from "node:"';
    const offered = compiler.complete(source, source.length - 1).items.map(({ text }) => text);
    expect(offered).toEqual(expect.arrayContaining(['node:cluster', 'node:fs', 'node:test/reporters', 'node:zlib']));
  });
});

describe('every global of the running Node is declared', () => {
  test('as a value', () => {
    const asCells = compilerFrom(load, [paths.cellTypes]);
    // Vitest and `node -e` define more globals.
    const program = path.join(folder, 'globals.cjs');
    fs.writeFileSync(program, 'console.log(Object.getOwnPropertyNames(globalThis).join(" "))');
    const names = execFileSync(process.execPath, [program], { encoding: 'utf8' }).trim().split(' ');
    const compiled = asCells.compile(names.map((name) => `void ${name};`).join('\n'));
    expect(compiled.ok ? [] : compiled.diagnostics.map(({ message }) => message)).toEqual([]);
    expect(names.length).toBeGreaterThan(90);
    asCells.close();
  });

  test('as a type', () => {
    const asCells = compilerFrom(load, [paths.cellTypes]);
    const cell = `const key: CryptoKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const { instance, module }: WebAssembly.InstantiatedSource = await WebAssembly.instantiate(bytes);
const memory = new WebAssembly.Memory({ initial: 1 });
const made: WebAssembly.Instance = await WebAssembly.instantiate(module, { env: { memory } });
const clock: Performance = performance;`;
    expect(asCells.compile(cell)).toMatchObject({ ok: true });
    const wrong = asCells.compile('new WebAssembly.Memory({ initial: "one" })');
    expect(wrong.ok ? [] : wrong.diagnostics.map(({ code }) => code)).toEqual([2322]);
    asCells.close();
  });
});
