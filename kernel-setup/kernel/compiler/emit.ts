// Emits a valid cell: the code to run, and the declarations for later cells.
import type { Cell } from './as-cell';
import { type CellFile, isBehind, isExport } from './cell-file';
import { withMemberDocs } from './member-docs';
import { declaredNames } from './names';
import type { Project } from './project';
import { bare, cellTransformers } from './rewrite';
import { ts } from './typescript';
import { type Uses, usesIn } from './uses';

/** A name that a cell declares. */
export interface DeclaredName {
  name: string;
  /** How later cells declare it: as a variable, or by an import (types, classes, functions, enums, namespaces). */
  kind: 'const' | 'let' | 'import';
  /** Whether it is declared with `declare`, so that its value, if any, is global. */
  isAmbient: boolean;
  /** Whether it is a type or can be called: the types in it then have their current meaning. */
  isOfNow: boolean;
  documentation: string;
}

/** An emitted cell. */
export interface EmittedCell {
  /** With an inline source map, which includes the line before the cell. */
  js: string;
  /** Empty if a type in the cell cannot be emitted. */
  declarations: string;
  names: DeclaredName[];
  uses: Uses;
  /** Modules that it exports as a whole: the names of their values, and all names. */
  stars: Stars;
  /** Local files that it imports, directly or not. */
  dependencies: string[];
  /** The type of its result, if it has one. */
  result?: string;
}

/** By module, the names that `export * from` re-exports, including types. */
export type Stars = ReadonlyMap<string, readonly { name: string; isValue: boolean }[]>;

/** Information about earlier cells. */
export interface EarlierNames {
  has(name: string): boolean;
  /** Whether an earlier cell has only declared a name with `declare`. */
  isAmbient(name: string): boolean;
  /** Labels of earlier cells whose functions use a redeclared name, except functions of `own` names. */
  keptBy(name: string, own: ReadonlySet<string>): readonly string[];
}

/** A cell and its program. */
export interface CellInProgram {
  cell: Cell;
  file: CellFile;
  program: ts.Program;
  project: Project;
  /** Functions that it calls and that do not exist yet. */
  later: ReadonlySet<string>;
}

export function emitCell(
  { cell, file, program, project, later }: CellInProgram,
  earlierNames: EarlierNames,
  rewriters: readonly ts.TransformerFactory<ts.SourceFile>[],
): EmittedCell {
  const checker = program.getTypeChecker();
  const source = project.cellIn(program);
  const own = ownSymbols(source, checker);
  const stars = starsOf(source, cell.stars, own, checker);
  const names = own.map((symbol) => declaredName(symbol, checker));
  const ownNames = new Set(names.map(({ name }) => name));
  const uses = usesIn(source, ownNames);
  const kept = own.flatMap((symbol) => {
    const cells = isVariable(symbol) ? earlierNames.keptBy(symbol.name, ownNames) : [];
    return cells.length === 0 ? [] : [[symbol, cells] as const];
  });
  const last = resultOf(source, file);
  let js = '';
  let declarations = '';
  program.emit(
    source,
    (name, text) => {
      if (name.endsWith('.js')) js = text;
      if (name.endsWith('.d.ts')) declarations = text || 'export {};\n';
    },
    undefined,
    false,
    {
      ...cellTransformers(checker, source, file, {
        data: cell.data,
        stars,
        earlierNames,
        isAmbient: new Set(names.filter((name) => name.isAmbient).map(({ name }) => name)),
        hasResult: last !== undefined,
        changeable: new Set([...kept.map(([{ name }]) => name), ...[...uses.values()].flat()]),
        kept: new Map(kept),
        later,
        implied: file.implied,
        aliased: (specifier) => project.aliased(specifier, source.fileName),
        rewriters,
      }),
      afterDeclarations: [() => (node) => (ts.isSourceFile(node) ? ownDeclarations(node, file) : node)],
    },
  );
  const isFree = (name: string) =>
    !ownNames.has(name) && (!earlierNames.has(name) || earlierNames.isAmbient(name)) && isIdentifier.test(name);
  const globals = declarations === '' ? [] : [...globalsOf(source, file, checker)].filter(([name]) => isFree(name));
  const ofGlobals = globals.map(([name, type]) => `declare let ${name}: ${type};\n`).join('');
  return {
    js,
    declarations:
      declarations && withMemberDocs(declarations, source) + undeclared(declarations, own, source, checker) + ofGlobals,
    names: [...names, ...globals.map(([name]) => ({ name, ...asGlobal }))],
    uses,
    stars,
    dependencies: [...project.dependenciesOf(source, program)].filter((name) => isLocalSource(name, program)),
    result: last && typeOf(last.expression, checker),
  };
}

/** Without the declarations of earlier cells and the final export. */
function ownDeclarations(node: ts.SourceFile, file: CellFile): ts.SourceFile {
  const isOwn = (statement: ts.Statement) => {
    const written = ts.getParseTreeNode(statement) ?? statement;
    return !isExport(statement) && !isBehind(written, file);
  };
  return ts.factory.updateSourceFile(node, node.statements.filter(isOwn));
}

/** The last expression, unless a semicolon follows it. */
function resultOf(source: ts.SourceFile, file: CellFile): ts.ExpressionStatement | undefined {
  const last = source.statements.findLast((statement) => !isBehind(statement, file) && !isExport(statement));
  const isResult = last !== undefined && ts.isExpressionStatement(last) && !last.getText(source).endsWith(';');
  return isResult ? last : undefined;
}

/** The symbols that a cell declares: its last statement exports them. */
function ownSymbols(source: ts.SourceFile, checker: ts.TypeChecker): ts.Symbol[] {
  const exported = source.statements.findLast(isExport)?.exportClause;
  if (exported === undefined || !ts.isNamedExports(exported)) return [];
  return exported.elements.flatMap((element) => checker.getExportSpecifierLocalTargetSymbol(element) ?? []);
}

/** Maximum length of a type's text passed to the next cell. */
const longestType = 20_000;

function typeOf(expression: ts.Expression, checker: ts.TypeChecker): string {
  const type = checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(expression));
  const text = checker.typeToString(type, expression.getSourceFile(), ts.TypeFormatFlags.NoTruncation);
  return text.length > longestType ? 'any' : text;
}

const isIdentifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

const asGlobal = { kind: 'let', isAmbient: true, isOfNow: false, documentation: '' } as const;

/** New globals that a cell assigns, as in `globalThis.rate = 1`, with their types. Assignments in functions may not run. */
function globalsOf(source: ts.SourceFile, file: CellFile, checker: ts.TypeChecker): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    const member = assignedMember(node);
    if (member !== undefined && checker.getTypeAtLocation(member.owner).getProperty(member.name) === undefined)
      found.set(
        member.name,
        typeOf((node as ts.BinaryExpression).right, checker).replace(/^(?:undefined|null|never\[\])$/, 'any'),
      );
    ts.forEachChild(node, visit);
  };
  if (/\bglobal(?:This)?\b/.test(source.text))
    for (const one of source.statements) if (!isBehind(one, file)) visit(one);
  return found;
}

/** `globalThis` and `rate` in `globalThis.rate = 1`, `(globalThis as any).rate = 1` and `globalThis['rate'] = 1`. */
function assignedMember(node: ts.Node): { owner: ts.Identifier; name: string } | undefined {
  if (!ts.isBinaryExpression(node) || !isPlainAssignment.has(node.operatorToken.kind)) return undefined;
  const { left } = node;
  const isMember = ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left);
  const owner = isMember ? bare(left.expression) : undefined;
  if (!isMember || owner === undefined || !ts.isIdentifier(owner) || !/^global(?:This)?$/.test(owner.text))
    return undefined;
  if (ts.isPropertyAccessExpression(left)) return { owner, name: left.name.text };
  const { argumentExpression: key } = left;
  return ts.isStringLiteralLike(key) ? { owner, name: key.text } : undefined;
}

const isPlainAssignment: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
]);

/** The names of modules that a cell exports as a whole, except those it declares itself. */
function starsOf(
  source: ts.SourceFile,
  modules: readonly string[],
  own: readonly ts.Symbol[],
  checker: ts.TypeChecker,
): Stars {
  const stars = new Map<string, { name: string; isValue: boolean }[]>();
  const names = new Set(own.map(({ name }) => name));
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const { text } = statement.moduleSpecifier;
    if (!modules.includes(text)) continue;
    const module = checker.getSymbolAtLocation(statement.moduleSpecifier);
    const exported = module === undefined ? [] : exportsOf(module, checker);
    const handedOn = exported.filter(({ name }) => name !== 'default' && isIdentifier.test(name) && !names.has(name));
    stars.set(
      text,
      handedOn.map((symbol) => ({ name: symbol.name, isValue: isValue(symbol, checker) })),
    );
  }
  return stars;
}

/** With `export =`, the exported value's properties are exports too. */
function exportsOf(module: ts.Symbol, checker: ts.TypeChecker): ts.Symbol[] {
  const exported = checker.getExportsOfModule(module);
  const whole = module.exports?.get(ts.InternalSymbolName.ExportEquals);
  if (whole === undefined) return exported;
  const known = new Set(exported.map(({ name }) => name));
  const properties = checker.getPropertiesOfType(checker.getTypeOfSymbol(whole));
  return [...exported, ...properties.filter(({ name }) => !known.has(name))];
}

function isValue(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.flags & ts.SymbolFlags.Value) !== 0;
}

function isLocalSource(file: string, program: ts.Program): boolean {
  return (
    /\.([tj]sx?|m[tj]s)$/.test(file) &&
    !/\/node_modules\//.test(file) &&
    program.getSourceFile(file)?.isDeclarationFile === false &&
    !/\/__cell(\d+|__)\.ts$/.test(file)
  );
}

const declaredName = (symbol: ts.Symbol, checker: ts.TypeChecker): DeclaredName => ({
  name: symbol.name,
  kind: kindOf(symbol),
  isAmbient: isAmbient(symbol),
  isOfNow: kindOf(symbol) === 'import' || checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0,
  documentation: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
});

/** Whether it has a replaceable value. Imports do not: they refer to their module. */
function isVariable({ flags }: ts.Symbol): boolean {
  const { Variable, Function: OfFunction, Class, Enum } = ts.SymbolFlags;
  return (flags & (Variable | OfFunction | Class | Enum)) !== 0;
}

function kindOf({ flags, valueDeclaration }: ts.Symbol): DeclaredName['kind'] {
  const { Variable, Type, Namespace } = ts.SymbolFlags;
  if (!(flags & Variable) || flags & (Type | Namespace)) return 'import';
  return ts.getCombinedNodeFlags(valueDeclaration!) & ts.NodeFlags.Const ? 'const' : 'let';
}

/** Whether all declarations of its value have `declare`. */
function isAmbient({ flags, declarations = [] }: ts.Symbol): boolean {
  const values = declarations.filter((d) => !ts.isInterfaceDeclaration(d) && !ts.isTypeAliasDeclaration(d));
  const isDeclared = (d: ts.Declaration) => (ts.getCombinedModifierFlags(d) & ts.ModifierFlags.Ambient) !== 0;
  return (flags & ts.SymbolFlags.Value) !== 0 && values.every(isDeclared);
}

/** Names missing in the emitted declarations: `var` inside a block. */
function undeclared(
  declarations: string,
  own: readonly ts.Symbol[],
  source: ts.SourceFile,
  checker: ts.TypeChecker,
): string {
  const emitted = new Set(declaredNames(ts.createSourceFile('cell.d.ts', declarations, ts.ScriptTarget.Latest)));
  return own
    .filter((symbol) => symbol.flags & ts.SymbolFlags.Value && !emitted.has(symbol.name))
    .map((symbol) => {
      const type = checker.typeToString(checker.getTypeOfSymbol(symbol), source, ts.TypeFormatFlags.NoTruncation);
      return `declare let ${symbol.name}: ${type};\n`;
    })
    .join('');
}
