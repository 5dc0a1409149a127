// A caller of a function can name the types in its signature: they are exported, from the root or from a namespace.
import { join } from 'node:path';
import type typescript from 'typescript';
import { beforeAll, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { cellOptions, root, current as ts } from '../support/typescript';

beforeAll(() => buildIfStale(paths), 120_000);

/** The types that public declarations mention but that are not exported, each with such a declaration. */
function unnamable(entry: string, text?: string): { checked: number; missing: string[] } {
  const options = cellOptions(ts);
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile, fileExists } = host;
  if (text !== undefined) {
    host.fileExists = (file) => file === entry || fileExists(file);
    host.getSourceFile = (file, ...rest) =>
      file === entry ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true) : getSourceFile(file, ...rest);
  }
  const program = ts.createProgram([entry], options, host);
  const checker = program.getTypeChecker();
  const resolve = (s: typescript.Symbol) => (s.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(s) : s);

  const exported = new Set<typescript.Symbol>();
  const collect = (module: typescript.Symbol) => {
    for (const symbol of checker.getExportsOfModule(module).map(resolve)) {
      if (exported.has(symbol)) continue;
      exported.add(symbol);
      if (symbol.flags & ts.SymbolFlags.Module) collect(symbol);
    }
  };
  collect(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!);

  const missing = new Set<string>();
  const seen = new Set<typescript.Symbol>();
  const ours = (node: typescript.Node) => node.getSourceFile().fileName.startsWith(join(root, 'dist'));
  /** A computation inside another type: generic, and used only in its file. */
  const isComputation = (node: typescript.Node) =>
    ts.isTypeAliasDeclaration(node) &&
    node.typeParameters !== undefined &&
    !node.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
  const visit = (symbol: typescript.Symbol) => {
    if (seen.has(symbol)) return;
    seen.add(symbol);
    for (const node of symbol.declarations ?? []) if (ours(node) && !ts.isSourceFile(node)) walk(node, symbol);
  };
  const walk = (node: typescript.Node, from: typescript.Symbol) => {
    if (ts.isClassElement(node) && ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) return;
    const name = ts.isTypeReferenceNode(node)
      ? node.typeName
      : ts.isTypeQueryNode(node)
        ? node.exprName
        : ts.isImportTypeNode(node)
          ? node.qualifier
          : ts.isExpressionWithTypeArguments(node)
            ? node.expression
            : undefined;
    const symbol = name && checker.getSymbolAtLocation(name);
    const mentioned = symbol && resolve(symbol);
    if (mentioned?.declarations?.some(ours) && !(mentioned.flags & ts.SymbolFlags.TypeParameter)) {
      // A base class or interface contributes members, but is in no signature; if it is an expression, the compiler
      // names it C_base.
      const extended = ts.isExpressionWithTypeArguments(node) || from.name.endsWith('_base');
      const needsName = !extended && !mentioned.declarations.some(isComputation);
      if (needsName && !exported.has(mentioned)) missing.add(`${mentioned.name} in ${from.name}`);
      visit(mentioned);
    }
    node.forEachChild((child) => walk(child, from));
  };
  exported.forEach(visit);
  return { checked: seen.size, missing: [...missing] };
}

test('every type that a public signature mentions is exported', () => {
  const { checked, missing } = unnamable(join(root, 'dist/index.d.ts'));
  expect(missing).toEqual([]);
  expect(checked).toBeGreaterThan(800);
});

test('finds a type that is not exported', () => {
  const sample = `
    interface Options { at?: Place }
    export type Place = number;
    interface Base { of(what: Inner): void }
    type Inner = string;
    type Computed<T> = T extends Result ? 1 : 2;
    type Result = boolean;
    export interface Shown extends Base { readonly computed: Computed<boolean> }
    export declare function f(options: Options): void;
    export declare class C { private hidden: Secret; }
    interface Secret {}
    declare const table: { a: 1 };
    export type Key = keyof typeof table;
    export {};
  `;
  const { missing } = unnamable(join(root, 'dist/sample.d.ts'), sample);
  expect(missing.sort()).toEqual(['Inner in Base', 'Options in f', 'Result in Computed', 'table in Key']);
});
