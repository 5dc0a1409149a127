// The declarations of ECMAScript and Node, which the compiler reads as few files and some of them late: they say what the
// files on disk say.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Declarations } from '../../../kernel-setup/kernel/compiler/declarations';
import type { Compiler } from '../../../kernel-setup/kernel/compiler/types';
import { root } from '../../support/typescript';
import { builtKernel } from '../support/cell-session';

type Built = typeof import('../../../kernel-setup/kernel/compiler/declarations');

let built: Built;
let compiler: Compiler;
let folder: string;

beforeAll(async () => {
  const load = await builtKernel();
  built = load<Built>('compiler/declarations.js');
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-declarations-')));
  process.chdir(folder);
  compiler = load<typeof import('../../../kernel-setup/kernel/compiler/index')>('compiler/index.js').createCompiler();
});

afterAll(() => {
  compiler?.close();
  process.chdir(os.tmpdir());
  fs.rmSync(folder, { recursive: true, force: true });
});

const nodeTypes = path.join(root, 'node_modules', '@types', 'node');

/** A program of one line, with the declarations as they are on disk or as `declarations` gives them. */
function programOf(source: string, declarations?: Declarations, late: readonly string[] = []): ts.Program {
  const file = path.join(root, 'line.ts');
  const options = { lib: [built.LIBRARY], types: ['node'], typeRoots: [path.dirname(nodeTypes)] };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? source : (declarations?.read(name) ?? readFile(name)));
  return ts.createProgram([file, ...late], options, host);
}

/** All that is declared: global names and those in modules and namespaces, with the names of their members. */
function declaredIn(program: ts.Program): Map<string, string> {
  const checker = program.getTypeChecker();
  const line = program.getSourceFile(path.join(root, 'line.ts'))!;
  const found = new Map<string, string>();
  const note = (prefix: string, symbol: ts.Symbol) => {
    const name = `${prefix}${symbol.name}`;
    if (found.has(name)) return;
    const members = [...(symbol.members?.keys() ?? [])].filter((key) => !key.startsWith('__'));
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
  const declarations = new built.Declarations();
  const line = 'process.getBuiltinModule';
  expect(declarations.want(programOf(line, declarations))).toBe(true);
  const merged = programOf(line, declarations, declarations.lateFiles);
  const plain = programOf(line);
  expect(declaredIn(merged)).toEqual(declaredIn(plain));
  expect(declaredIn(plain).size).toBeGreaterThan(2500);
  expect(merged.getSourceFiles().length).toBeLessThan(plain.getSourceFiles().length / 2);
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
  /** The first problem of a cell. */
  function problemOf(source: string): string | undefined {
    const cell = compiler.compile(source, { file: 'Cell [1]', keep: false });
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

  test('is offered where modules are', () => {
    const source = 'import x from "node:"';
    const offered = compiler.complete(source, source.length - 1).items.map(({ text }) => text);
    expect(offered).toEqual(expect.arrayContaining(['node:cluster', 'node:fs', 'node:test/reporters', 'node:zlib']));
  });
});
