// Documentation is half of the text of declaration files, and rarely needed. So it is read when a name is inspected. The
// kernel starts faster and uses less memory.
import type { Platform } from './platform';
import { ts } from './typescript';

const hasBareDeclarations = (file: string, { isOfPackage }: Platform) =>
  isOfPackage(file) && /\.d\.[cm]?ts$/.test(file);

type Options = Parameters<ts.DocumentRegistry['acquireDocument']>[5];

/** A document registry that omits documentation in packages' declarations. */
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
    // Keeps declarations parsed: after a cell without a package, another one may import it.
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

/** Reads the omitted documentation of a symbol from the top-level statements that declare it. */
export function readDocumentation(symbol: ts.Symbol, platform: Platform): void {
  for (const declaration of symbol.declarations ?? []) {
    const file = declaration.getSourceFile();
    const statement = ts.findAncestor(declaration, ({ parent }) => parent === file);
    if (statement === undefined || complete.has(statement) || !hasBareDeclarations(file.fileName, platform)) continue;
    complete.add(statement);
    // At its own offset, since documentation is read from the text of the enclosing file.
    const text = ' '.repeat(statement.pos) + file.text.slice(statement.pos, statement.end);
    attach(statement, ts.createSourceFile(file.fileName, text, file.languageVersion, true).statements[0]);
  }
}

type Documented = ts.Node & { jsDoc?: readonly ts.JSDoc[] };

/** Copies the documentation from one tree to another one of the same text. */
function attach(bare: Documented, full: Documented): void {
  if (full.jsDoc !== undefined) {
    bare.jsDoc = full.jsDoc;
    // Names in links are resolved from their parent.
    for (const doc of full.jsDoc) Object.assign(doc, { parent: bare });
  }
  const children: ts.Node[] = [];
  ts.forEachChild(full, (child) => {
    children.push(child);
  });
  let i = 0;
  ts.forEachChild(bare, (child) => attach(child, children[i++]));
}

/** The target of an import or export alias. Files remain as they are. */
export function declared(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  const aliased = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return aliased.declarations === undefined || aliased.declarations.some(ts.isSourceFile) ? symbol : aliased;
}
