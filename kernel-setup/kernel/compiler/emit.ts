// What becomes of a cell: what tslab's converter emits is caught, rewritten by us.
import path from 'node:path';
import type { Cell } from './as-cell';
import { cellTransformers } from './rewrite';
import { type BoundFile, internals, ts } from './typescript';

/** The names that tslab gives the cell and the declarations before it. */
export const CELL = '__tslab__.ts';
export const EARLIER = '__prev__.d.ts';

export const isCell = (file: string): boolean => path.basename(file) === CELL;

/** A name that a cell declares. */
export interface DeclaredName {
  name: string;
  /** How later cells see it: a variable, or by an import (types, classes, functions, enums, namespaces). */
  kind: 'const' | 'let' | 'import';
  /** Whether `declare` says that its value, if it has any, comes from elsewhere: it is global. */
  isAmbient: boolean;
  documentation: string;
}

/** What tslab's converter has made of a cell. */
export interface EmittedCell {
  /** With an inline source map, whose lines count tslab's one line before the cell. */
  js: string;
  /** Empty if a type in the cell cannot be written down. */
  declarations: string;
  names: DeclaredName[];
  /** What it exports of other modules as a whole: the names of their values, and all. */
  stars: Stars;
  /** Local source files that the cell imports, directly or not. */
  dependencies: string[];
  /** The type of its last expression, if that is a result. */
  result?: string;
}

/** By module, the names that `export * from` hands on; of types, too. */
export type Stars = ReadonlyMap<string, readonly { name: string; isValue: boolean }[]>;

/** What is known of the cells before. */
export interface EarlierNames {
  /** Whether an earlier cell has only said that a name is there. */
  isAmbient(name: string): boolean;
}

/** Prepares a program as tslab's converter expects it. */
export function prepareBuilder(
  builder: ts.BuilderProgram,
  cell: Cell,
  earlierNames: EarlierNames,
  rewriters: readonly ts.TransformerFactory<ts.SourceFile>[],
  onCell: (cell: EmittedCell) => void,
): ts.BuilderProgram {
  const program = builder.getProgram();
  for (const file of program.getSourceFiles() as readonly BoundFile[]) {
    if (file.isDeclarationFile && path.basename(file.fileName) !== EARLIER) continue;
    // tslab reads the names declared at the top level before anything is checked.
    internals.bindSourceFile(file, program.getCompilerOptions());
    for (const name of file.locals?.keys() ?? []) if (isNoName(name)) file.locals!.delete(name);
    if (isCell(file.fileName)) Object.assign(file, { checkJsDirective: { enabled: !cell.unchecked } });
  }
  builder.getAllDependencies = (file) => [...dependenciesOf(file as BoundFile, program)];
  const { emit } = builder;
  builder.emit = (file, _, token, onlyDeclarations, transformers) => {
    // Files that the cell imports are compiled by local-modules.ts.
    if (file === undefined || !isCell(file.fileName)) return { emitSkipped: true, diagnostics: [] };
    const checker = program.getTypeChecker();
    const stars = starsOf(file, cell.stars, checker);
    const names = namesOf(file, checker);
    const last = resultOf(file);
    const isAmbient = new Set(names.filter((name) => name.isAmbient).map(({ name }) => name));
    let js = '';
    let declarations = '';
    const result = emit(
      file,
      (name, text) => {
        if (name.endsWith('.js')) js = text;
        if (name.endsWith('.d.ts')) declarations = text || 'export {};\n';
      },
      token,
      onlyDeclarations,
      {
        ...transformers,
        ...cellTransformers(checker, file, {
          stars,
          earlierNames,
          isAmbient,
          hasResult: last !== undefined,
          rewriters,
        }),
      },
    );
    onCell({
      js,
      declarations: declarations && declarations + undeclared(declarations, file, checker),
      names,
      stars,
      dependencies: [...dependenciesOf(file, program)].filter((name) => isLocalSource(name, program)),
      result: last && typeOf(last.expression, checker),
    });
    return result;
  };
  return builder;
}

/** The last expression, unless a semicolon says that nobody wants its value. Behind it stand only the exports that tslab adds. */
function resultOf(file: BoundFile): ts.ExpressionStatement | undefined {
  const last = file.statements.findLast((s) => !ts.isExportDeclaration(s));
  const isResult = last !== undefined && ts.isExpressionStatement(last) && !last.getText(file).endsWith(';');
  return isResult ? last : undefined;
}

/** As long may the text of a type be that the next cell reads. */
const longestType = 20_000;

function typeOf(expression: ts.Expression, checker: ts.TypeChecker): string {
  const type = checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(expression));
  const text = checker.typeToString(type, expression.getSourceFile(), ts.TypeFormatFlags.NoTruncation);
  return text.length > longestType ? 'any' : text;
}

/** What `declare global` and `declare module 'm'` are to the compiler. */
const isNoName = (name: ts.__String) => name === '__global' || /^["']/.test(name as string);

/** Of `export =` as well. */
type Checker = ts.TypeChecker & { getExportsAndPropertiesOfModule(module: ts.Symbol): ts.Symbol[] };

const isIdentifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The names of the modules that a cell exports as a whole, but for those it declares itself. */
function starsOf(file: BoundFile, modules: readonly string[], checker: ts.TypeChecker): Stars {
  const stars = new Map<string, { name: string; isValue: boolean }[]>();
  for (const specifier of file.imports ?? []) {
    if (!modules.includes(specifier.text)) continue;
    const module = checker.getSymbolAtLocation(specifier);
    const exported = module === undefined ? [] : (checker as Checker).getExportsAndPropertiesOfModule(module);
    const isHandedOn = ({ name, escapedName }: ts.Symbol) =>
      name !== 'default' && isIdentifier.test(name) && !file.locals?.has(escapedName);
    const names = exported.filter(isHandedOn);
    stars.set(
      specifier.text,
      names.map((symbol) => ({ name: symbol.name, isValue: isValue(symbol, checker) })),
    );
  }
  return stars;
}

function isValue(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.flags & ts.SymbolFlags.Value) !== 0;
}

/** The file and those it imports, directly or not; declaration files are not looked into. */
function dependenciesOf(file: BoundFile | undefined, program: ts.Program, found = new Set<string>()): Set<string> {
  if (file === undefined || found.has(file.fileName)) return found;
  found.add(file.fileName);
  if (file.isDeclarationFile) return found;
  const resolve = program as unknown as {
    getResolvedModuleFromModuleSpecifier(
      specifier: ts.StringLiteralLike,
      file: ts.SourceFile,
    ): ts.ResolvedModuleWithFailedLookupLocations | undefined;
  };
  for (const specifier of file.imports ?? []) {
    const target = resolve.getResolvedModuleFromModuleSpecifier(specifier, file)?.resolvedModule?.resolvedFileName;
    if (target !== undefined) dependenciesOf(program.getSourceFile(target), program, found);
  }
  return found;
}

function isLocalSource(file: string, program: ts.Program): boolean {
  return (
    /\.([tj]sx?|m[tj]s)$/.test(file) &&
    !/\/node_modules\//.test(file) &&
    !isCell(file) &&
    program.getSourceFile(file)?.isDeclarationFile === false &&
    !/\/__cell\d+\.ts$/.test(file)
  );
}

function namesOf(file: BoundFile, checker: ts.TypeChecker): DeclaredName[] {
  return [...(file.locals?.values() ?? [])].map((symbol) => ({
    name: symbol.name,
    kind: kindOf(symbol),
    isAmbient: isAmbient(symbol),
    documentation: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
  }));
}

function kindOf({ flags, valueDeclaration }: ts.Symbol): DeclaredName['kind'] {
  const { Variable, Type, Namespace } = ts.SymbolFlags;
  if (!(flags & Variable) || flags & (Type | Namespace)) return 'import';
  return ts.getCombinedNodeFlags(valueDeclaration!) & ts.NodeFlags.Const ? 'const' : 'let';
}

/** Whether all that gives the symbol a value begins with `declare`. */
function isAmbient({ flags, declarations = [] }: ts.Symbol): boolean {
  const values = declarations.filter((d) => !ts.isInterfaceDeclaration(d) && !ts.isTypeAliasDeclaration(d));
  const isDeclared = (d: ts.Declaration) => (ts.getCombinedModifierFlags(d) & ts.ModifierFlags.Ambient) !== 0;
  return (flags & ts.SymbolFlags.Value) !== 0 && values.every(isDeclared);
}

/** Declarations of names that the emitted ones lack: a `var` inside a block. */
function undeclared(declarations: string, file: BoundFile, checker: ts.TypeChecker): string {
  const emitted: BoundFile = ts.createSourceFile('cell.d.ts', declarations, ts.ScriptTarget.Latest);
  internals.bindSourceFile(emitted, {});
  return [...(file.locals?.values() ?? [])]
    .filter((s) => s.flags & ts.SymbolFlags.Value && !emitted.locals?.has(s.escapedName))
    .map((s) => {
      const type = checker.typeToString(checker.getTypeOfSymbol(s), file, ts.TypeFormatFlags.NoTruncation);
      return `declare let ${s.name}: ${type};\n`;
    })
    .join('');
}
