// Names modules in the compiler's messages as the cell does: TypeScript writes `typeof import("/…/nn/index")`.
import path from 'node:path';
import { ts } from './typescript';

/** The compiler's notation for a module, and for a type whose name is ambiguous. */
const module = /(typeof )?import\("([^"]+)"\)(?:\.([\w$]+(?:\.[\w$]+)*))?/g;
const extension = /(?:\.d)?\.[cm]?[jt]sx?$/;

export interface ModuleNames {
  /** The folder of the notebook. */
  folder: string;
  program: ts.Program;
  /** The cell, whose imports have priority. */
  cell: ts.SourceFile;
  /** The label of an earlier cell by its virtual file. */
  labelOf(virtual: string): string | undefined;
}

/** A text of the compiler with modules named as they were imported. */
export function withModuleNames(text: string, names: ModuleNames): string {
  let known: ReadonlyMap<string, string> | undefined;
  return text.replace(module, (_, asks: string | undefined, file: string, member: string | undefined) => {
    const typeOf = asks ?? '';
    const label = names.labelOf(path.posix.basename(file));
    if (label !== undefined) return member === undefined ? label : `${typeOf}${member} of ${label}`;
    // A specifier that is not a path is kept.
    if (!/^(?:\.{0,2}\/|[A-Za-z]:)/.test(file)) return _;
    known ??= namesIn(names);
    const own = known.get(file);
    const parts = [
      own ?? exportOf(file, names, known) ?? `import("${idOf(file, names)}")`,
      ...(member ? [member] : []),
    ];
    return typeOf + parts.join('.');
  });
}

/** The cell's names of modules, by file without extension. */
function namesIn({ cell, program }: ModuleNames): Map<string, string> {
  const checker = program.getTypeChecker();
  const found = new Map<string, string>();
  const add = (name: ts.Node | undefined) => {
    if (name === undefined || !ts.isIdentifier(name)) return;
    const file = fileOf(checker.getTypeAtLocation(name).symbol);
    if (file !== undefined && !found.has(file)) found.set(file, name.text);
  };
  for (const statement of cell.statements) {
    if (ts.isVariableStatement(statement))
      // The message may be about a type that the user has written.
      for (const { name, type } of statement.declarationList.declarations)
        if (type === undefined || isDeclared(statement)) add(name);
    if (!ts.isImportDeclaration(statement)) continue;
    const clause = statement.importClause;
    const bindings = clause?.namedBindings;
    add(clause?.name);
    if (bindings !== undefined && ts.isNamespaceImport(bindings)) add(bindings.name);
    else for (const { name } of bindings?.elements ?? []) add(name);
  }
  return found;
}

/** Whether it declares a name of an earlier cell. */
const isDeclared = ({ modifiers }: ts.VariableStatement) =>
  modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;

/** The file, without extension, of a module's symbol. */
function fileOf(symbol: ts.Symbol | undefined): string | undefined {
  const [declaration] = symbol?.declarations ?? [];
  return declaration !== undefined && ts.isSourceFile(declaration)
    ? declaration.fileName.replace(extension, '')
    : undefined;
}

/**
 * A part of a package as an export of its main module, such as `import("gradlab").nn`, or `gl.nn` if the cell imports
 * that as `gl`.
 */
function exportOf(file: string, names: ModuleNames, known: ReadonlyMap<string, string>): string | undefined {
  const { program } = names;
  const checker = program.getTypeChecker();
  for (const folder of foldersAbove(file)) {
    const door = program.getSourceFile(`${folder}/index.d.ts`) ?? program.getSourceFile(`${folder}/index.ts`);
    const symbol = door && checker.getSymbolAtLocation(door);
    if (door === undefined || symbol === undefined) continue;
    for (const one of checker.getExportsOfModule(symbol)) {
      const target = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one;
      if (fileOf(target) !== file) continue;
      const doorFile = door.fileName.replace(extension, '');
      return `${known.get(doorFile) ?? `import("${idOf(doorFile, names)}")`}.${one.name}`;
    }
  }
  return undefined;
}

/** The folders above a file in the same package or project. */
function foldersAbove(file: string): string[] {
  const all: string[] = [];
  for (let at = path.posix.dirname(path.posix.dirname(file)); at !== '/' && at !== '.'; at = path.posix.dirname(at)) {
    if (/\/node_modules(?:\/@[^/]+)?$/.test(at) || all.length > 3) break;
    all.push(at);
  }
  return all;
}

/** The import specifier of a file. */
function idOf(file: string, { folder, program }: ModuleNames): string {
  const [library] = program.getCompilerOptions().paths?.gradlab ?? [];
  if (library !== undefined && file.startsWith(library))
    return withoutIndex(`gradlab/${file.slice(library.length)}`).replace(/^gradlab\/(?!lab$|lab\/).*/, 'gradlab');
  const ofPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(file);
  if (ofPackage === null) {
    const relative = path.posix.relative(folder, file);
    return relative.startsWith('.') ? relative : `./${relative}`;
  }
  const [, name, rest = ''] = ofPackage;
  if (name.startsWith('@types/'))
    return name
      .slice('@types/'.length)
      .replace('__', '/')
      .replace(/^(?=\w+\/)/, '@');
  return withoutIndex(name + rest.replace(/^\/(?:dist|lib|build|types|esm|cjs|src)(?=\/)/, ''));
}

const withoutIndex = (id: string) => id.replace(/\/index$/, '');
