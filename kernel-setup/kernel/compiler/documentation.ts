// The documentation in the declarations of packages, TypeScript's own and Node's among them, is half of their text and
// seldom asked for: it is read when somebody inspects a name. Without it the kernel starts faster and takes less memory.
import type { Platform } from './platform';
import { ts } from './typescript';

const hasBareDeclarations = (file: string, { isOfPackage }: Platform) =>
  isOfPackage(file) && /\.d\.[cm]?ts$/.test(file);

type Options = Parameters<ts.DocumentRegistry['acquireDocument']>[5];

/** A registry of source files that leaves documentation out when it reads declarations of packages. */
export function registryOf(platform: Platform): ts.DocumentRegistry {
  const whole = ts.createDocumentRegistry(true, platform.folder);
  const bare = ts.createDocumentRegistry(true, platform.folder, ts.JSDocParsingMode.ParseNone);
  const of = (file: string) => (hasBareDeclarations(file, platform) ? bare : whole);
  const mode = (file: string, options: Options): Options => {
    const given = typeof options === 'object' ? options : { languageVersion: options ?? ts.ScriptTarget.ES5 };
    return of(file) === bare ? { ...given, jsDocParsingMode: ts.JSDocParsingMode.ParseNone } : given;
  };
  return {
    acquireDocument: (file, settings, snapshot, version, kind, options) =>
      of(file).acquireDocument(file, settings, snapshot, version, kind, mode(file, options)),
    acquireDocumentWithKey: (file, path, settings, key, snapshot, version, kind, options) =>
      of(file).acquireDocumentWithKey(file, path, settings, key, snapshot, version, kind, mode(file, options)),
    updateDocument: (file, settings, snapshot, version, kind, options) =>
      of(file).updateDocument(file, settings, snapshot, version, kind, mode(file, options)),
    updateDocumentWithKey: (file, path, settings, key, snapshot, version, kind, options) =>
      of(file).updateDocumentWithKey(file, path, settings, key, snapshot, version, kind, mode(file, options)),
    getKeyForCompilationSettings: (settings) => whole.getKeyForCompilationSettings(settings),
    // A cell that imports nothing of a package is followed by one that does: its declarations stay parsed.
    releaseDocument: (file: string, settings: ts.CompilerOptions, ...rest: [ts.ScriptKind?, ts.ResolutionMode?]) => {
      if (of(file) === whole) whole.releaseDocument(file, settings, ...(rest as [ts.ScriptKind, ts.ResolutionMode]));
    },
    releaseDocumentWithKey: (
      file: ts.Path,
      key: ts.DocumentRegistryBucketKey,
      ...rest: [ts.ScriptKind?, ts.ResolutionMode?]
    ) => {
      if (of(file) === whole) whole.releaseDocumentWithKey(file, key, ...(rest as [ts.ScriptKind, ts.ResolutionMode]));
    },
    reportStats: () => whole.reportStats() + bare.reportStats(),
  };
}

const complete = new WeakSet<ts.Node>();

/** Reads the documentation of a symbol, where it was left out: in the statements at the top level that declare it. */
export function readDocumentation(symbol: ts.Symbol, platform: Platform): void {
  for (const declaration of symbol.declarations ?? []) {
    const file = declaration.getSourceFile();
    const statement = ts.findAncestor(declaration, ({ parent }) => parent === file);
    if (statement === undefined || complete.has(statement) || !hasBareDeclarations(file.fileName, platform)) continue;
    complete.add(statement);
    // At its place, since documentation is read from the text of the file around it.
    const text = ' '.repeat(statement.pos) + file.text.slice(statement.pos, statement.end);
    attach(statement, ts.createSourceFile(file.fileName, text, file.languageVersion, true).statements[0]);
  }
}

type Documented = ts.Node & { jsDoc?: readonly ts.JSDoc[] };

/** Gives the nodes of one tree the documentation of the other, which has been made of the same text. */
function attach(bare: Documented, full: Documented): void {
  if (full.jsDoc !== undefined) {
    bare.jsDoc = full.jsDoc;
    // What a link names is looked for around it.
    for (const doc of full.jsDoc) Object.assign(doc, { parent: bare });
  }
  const children: ts.Node[] = [];
  ts.forEachChild(full, (child) => {
    children.push(child);
  });
  let i = 0;
  ts.forEachChild(bare, (child) => attach(child, children[i++]));
}

/** What a name stands for, in place of the import or export by which the cell knows it; a file keeps that name. */
export function declared(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  const aliased = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return aliased.declarations === undefined || aliased.declarations.some(ts.isSourceFile) ? symbol : aliased;
}
