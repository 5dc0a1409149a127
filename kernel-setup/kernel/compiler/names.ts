// The names that a file declares at its top level.
import { ts } from './typescript';

/** The declared names, including `var` inside blocks. */
export function declaredNames({ statements }: Pick<ts.SourceFile, 'statements'>): string[] {
  const names = new Set<string>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name);
  };
  const add = (name: ts.Node | undefined) => {
    if (name !== undefined && ts.isIdentifier(name)) names.add(name.text);
  };
  const addImports = ({ importClause }: ts.ImportDeclaration) => {
    add(importClause?.name);
    const bindings = importClause?.namedBindings;
    if (bindings === undefined) return;
    if (ts.isNamespaceImport(bindings)) add(bindings.name);
    else for (const { name } of bindings.elements) add(name);
  };
  /** Only `var` is hoisted out of its block. */
  const addVars = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped))
      for (const { name } of node.declarations) bind(name);
    ts.forEachChild(node, addVars);
  };
  for (const statement of statements) {
    if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) bind(name);
    if (ts.isImportDeclaration(statement)) addImports(statement);
    else if (isNamed(statement)) add(statement.name);
    else addVars(statement);
  }
  return [...names];
}

type Named =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | ts.ModuleDeclaration
  | ts.ImportEqualsDeclaration;

/** Excludes `declare global` and `declare module 'm'`, which declare no name in the file. */
const isNamed = (statement: ts.Statement): statement is Named =>
  ts.isFunctionDeclaration(statement) ||
  ts.isClassDeclaration(statement) ||
  ts.isInterfaceDeclaration(statement) ||
  ts.isTypeAliasDeclaration(statement) ||
  ts.isEnumDeclaration(statement) ||
  (ts.isModuleDeclaration(statement) && !(statement.flags & ts.NodeFlags.GlobalAugmentation)) ||
  ts.isImportEqualsDeclaration(statement);
