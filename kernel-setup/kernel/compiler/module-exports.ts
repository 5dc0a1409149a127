// Reads the exports of a module from its declarations without a program. So an error can propose an import much earlier than
// TypeScript's own search.
import { ts } from './typescript';

/** How a name can be used. */
export type Use = 'value' | 'type' | 'both';

export interface ModuleExports {
  names: Map<string, Use>;
  /** Whether it has a default export, and that export's name in the module, if any. */
  default?: { name?: string };
}

/** Access to files. */
export interface Files {
  /** @returns undefined if the file does not exist */
  read(file: string): string | undefined;
  resolve(specifier: string, from: string): string | undefined;
}

const isTyped = (file: string) => /\.[cm]?tsx?$/.test(file);

const none = (): ModuleExports => ({ names: new Map() });

/** Merges the exports of two declarations of one module. */
export function merged(one: ModuleExports, other: ModuleExports | undefined): ModuleExports {
  if (other === undefined) return one;
  const names = new Map(one.names);
  for (const [name, use] of other.names) add(names, name, use);
  return { names, default: one.default ?? other.default };
}

/** Reads exports, each file once. */
export class ExportReader {
  private readonly parsed = new Map<string, ts.SourceFile | undefined>();
  private readonly known = new Map<string, ModuleExports>();

  constructor(private readonly files: Files) {}

  /**
   * The exports of a file.
   * @param specifier its import specifier: a file that is not a module may declare a module of that name
   */
  exportsOf(file: string, specifier?: string): ModuleExports {
    const key = `${file} ${specifier ?? ''}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    // JavaScript is not read; it has a default export at most.
    const found: ModuleExports = isTyped(file) ? none() : { names: new Map(), default: {} };
    this.known.set(key, found); // ends the recursion of files that re-export each other
    const source = this.parse(file);
    if (source === undefined) return found;
    const blocks = ts.isExternalModule(source) ? [source.statements] : modulesIn(source).get(specifier ?? '');
    for (const statements of blocks ?? []) this.collect(statements, source, found);
    return found;
  }

  /** The exports of the modules that a file declares by name. */
  declaredIn(file: string): Map<string, ModuleExports> {
    const source = this.parse(file);
    if (source === undefined) return new Map();
    const found = [...modulesIn(source)].map(([name, blocks]) => {
      const exports = none();
      for (const statements of blocks) this.collect(statements, source, exports);
      return [name, exports] as const;
    });
    return new Map(found);
  }

  private parse(file: string): ts.SourceFile | undefined {
    if (this.parsed.has(file)) return this.parsed.get(file);
    const text = isTyped(file) ? this.files.read(file) : undefined;
    const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
    const source = text === undefined ? undefined : ts.createSourceFile(file, text, options);
    this.parsed.set(file, source);
    return source;
  }

  private collect(statements: Statements, source: ts.SourceFile, found: ModuleExports): void {
    const own = usesIn(statements);
    for (const statement of statements) if (ts.isImportDeclaration(statement)) this.addImported(statement, source, own);
    const exportsAll = source.isDeclarationFile && !statements.some(isExportStatement);
    for (const statement of statements) {
      if (ts.isExportDeclaration(statement)) this.collectHandedOn(statement, source, own, found);
      else if (ts.isExportAssignment(statement)) this.collectAssigned(statement, statements, source, found);
      else if (exportsAll || hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
        const names = namesOf(statement);
        if (hasModifier(statement, ts.SyntaxKind.DefaultKeyword)) found.default = { name: names[0]?.[0] };
        else for (const [name, use] of names) add(found.names, name, use);
      }
    }
  }

  /** Records how imported names of a file can be used; it may re-export them. */
  private addImported(
    { importClause: clause, moduleSpecifier }: ts.ImportDeclaration,
    { fileName }: ts.SourceFile,
    uses: Map<string, Use>,
  ): void {
    const bindings = clause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings) || !ts.isStringLiteral(moduleSpecifier)) return;
    // Only modules of the same package are followed; others are resolved where they are imported.
    const { text } = moduleSpecifier;
    const target = text.startsWith('.') ? this.files.resolve(text, fileName) : undefined;
    if (target === undefined) return;
    const exported = this.exportsOf(target, text).names;
    for (const { name, propertyName, isTypeOnly } of bindings.elements) {
      const use = isTypeOnly || clause?.isTypeOnly ? 'type' : exported.get((propertyName ?? name).text);
      if (use !== undefined) add(uses, name.text, use);
    }
  }

  private collectHandedOn(
    { exportClause: clause, moduleSpecifier, isTypeOnly }: ts.ExportDeclaration,
    { fileName }: ts.SourceFile,
    own: ReadonlyMap<string, Use>,
    found: ModuleExports,
  ): void {
    const from = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
    if (clause === undefined) {
      const target = from === undefined ? undefined : this.files.resolve(from, fileName);
      if (target === undefined) return;
      for (const [name, use] of this.exportsOf(target, from).names) add(found.names, name, isTypeOnly ? 'type' : use);
    } else if (ts.isNamespaceExport(clause)) add(found.names, clause.name.text, 'both');
    else
      for (const { name, propertyName, isTypeOnly: isType } of clause.elements) {
        const local = (propertyName ?? name).text;
        const use = isTypeOnly || isType ? 'type' : ((from === undefined ? own.get(local) : undefined) ?? 'both');
        if (name.text === 'default') found.default = { name: local === 'default' ? undefined : local };
        else add(found.names, name.text, use);
      }
  }

  private collectAssigned(
    { isExportEquals, expression }: ts.ExportAssignment,
    statements: Statements,
    source: ts.SourceFile,
    found: ModuleExports,
  ): void {
    const name = ts.isIdentifier(expression) ? expression.text : undefined;
    found.default = { name };
    if (!isExportEquals || name === undefined) return;
    for (const statement of statements) {
      if (ts.isModuleDeclaration(statement) && statement.name.text === name) {
        const members = none();
        this.collect(blockOf(statement), source, members);
        for (const [member, use] of members.names) add(found.names, member, use);
      }
      if (ts.isClassDeclaration(statement) && statement.name?.text === name)
        for (const member of statement.members.filter(isStatic))
          if (member.name && ts.isIdentifier(member.name)) add(found.names, member.name.text, 'value');
      const declared = ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.find((one) => ts.isIdentifier(one.name) && one.name.text === name)
        : undefined;
      if (declared?.type !== undefined && ts.isTypeReferenceNode(declared.type)) {
        const type = lastOf(declared.type.typeName);
        for (const member of this.membersOf(type, source)) add(found.names, member, 'value');
      }
    }
  }

  /** The members of all interfaces of a name, in a file and its references. */
  private membersOf(name: string, source: ts.SourceFile, seen = new Set<ts.SourceFile>()): string[] {
    if (seen.has(source)) return [];
    seen.add(source);
    const of = (statements: Statements): string[] =>
      statements.flatMap((one) => {
        if (ts.isModuleDeclaration(one)) return of(blockOf(one));
        return ts.isInterfaceDeclaration(one) && one.name.text === name ? one.members.flatMap(memberName) : [];
      });
    const folder = source.fileName.replace(/[^/]*$/, '');
    const others = source.referencedFiles.map(({ fileName }) => this.parse(joined(folder, fileName)));
    return [
      ...of([...source.statements]),
      ...others.flatMap((other) => (other === undefined ? [] : this.membersOf(name, other, seen))),
    ];
  }
}

type Statements = readonly ts.Statement[];

const joined = (folder: string, file: string) => {
  const parts: string[] = [];
  for (const part of `${folder}${file}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
};

const isExportStatement = (one: ts.Statement) => ts.isExportDeclaration(one) || ts.isExportAssignment(one);

const hasModifier = (node: ts.Statement, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((one) => one.kind === kind) ?? false);

const isStatic = (member: ts.ClassElement): boolean =>
  (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Static | ts.ModifierFlags.Private)) ===
  ts.ModifierFlags.Static;

const lastOf = (name: ts.EntityName): string => (ts.isIdentifier(name) ? name.text : name.right.text);

const memberName = ({ name }: ts.TypeElement): string[] => (name && ts.isIdentifier(name) ? [name.text] : []);

function blockOf({ body }: ts.ModuleDeclaration): Statements {
  if (body === undefined) return [];
  if (ts.isModuleBlock(body)) return body.statements;
  return ts.isModuleDeclaration(body) ? [body] : [];
}

/** The modules that a file declares by name, with their blocks. */
function modulesIn(source: ts.SourceFile): Map<string, Statements[]> {
  const found = new Map<string, Statements[]>();
  for (const statement of source.statements) {
    if (!ts.isModuleDeclaration(statement) || !ts.isStringLiteral(statement.name)) continue;
    found.set(statement.name.text, [...(found.get(statement.name.text) ?? []), blockOf(statement)]);
  }
  return found;
}

/** The names that a statement declares. */
function namesOf(statement: ts.Statement): [name: string, use: Use][] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => bound(name)).map((name) => [name, 'value']);
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return [[statement.name.text, 'type']];
  if (ts.isFunctionDeclaration(statement)) return statement.name ? [[statement.name.text, 'value']] : [];
  if (ts.isClassDeclaration(statement)) return statement.name ? [[statement.name.text, 'both']] : [];
  if (ts.isEnumDeclaration(statement) || ts.isImportEqualsDeclaration(statement))
    return [[statement.name.text, 'both']];
  // `declare global` is not a module.
  const isNamespace = ts.isModuleDeclaration(statement) && !(statement.flags & ts.NodeFlags.GlobalAugmentation);
  if (isNamespace && ts.isIdentifier(statement.name)) return [[statement.name.text, 'both']];
  return [];
}

function bound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((one) => (ts.isOmittedExpression(one) ? [] : bound(one.name)));
}

function usesIn(statements: Statements): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const statement of statements) for (const [name, use] of namesOf(statement)) add(uses, name, use);
  return uses;
}

function add(uses: Map<string, Use>, name: string, use: Use): void {
  const before = uses.get(name);
  uses.set(name, before === undefined || before === use ? use : 'both');
}
