// What the fork that tslab's converter was written for has beyond TypeScript, on TypeScript 5.9.
import path from 'node:path';
import { readDocumentation } from './documentation';
import type { Platform } from './platform';
import { internals, ts } from './typescript';

/** Errors that are none in a cell. */
const permitted = new Set([
  1202, // `import a = require('m')` is for CommonJS; rewrite.ts knows what to do with it
  2563, // a cell of thousands of statements: types are not narrowed there
  5097, // `import './a.ts'`: the file is found
  6059, // `import '../a'`: what a cell imports need not be below its folder
]);

/** The five functions that the fork adds to TypeScript. */
export const helpersOfTheFork = (platform: Platform) => ({
  getNullTransformationContext: () => internals.nullTransformationContext,
  getDefaultTypeRoots(folder: string): string[] {
    const roots: string[] = [];
    for (let at = folder; ; at = path.dirname(at)) {
      roots.push(path.join(at, 'node_modules', '@types'));
      if (at === path.dirname(at)) return roots;
    }
  },
  getPreEmitDiagnosticsOfFiles(program: ts.Program, files: readonly ts.SourceFile[]) {
    const ofFiles = files.flatMap((f) => [...program.getSyntacticDiagnostics(f), ...program.getSemanticDiagnostics(f)]);
    const all = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...ofFiles];
    const errors = all.filter((d) => d.category === ts.DiagnosticCategory.Error && !permitted.has(d.code));
    return internals.sortAndDeduplicateDiagnostics(errors);
  },
  getQuickInfoAtPosition(file: ts.SourceFile, checker: ts.TypeChecker, _token: unknown, position: number) {
    const node = internals.getTouchingPropertyName(file, position);
    const found = checker.getSymbolAtLocation(node);
    if (found === undefined) return undefined;
    const symbol = declared(found, checker);
    readDocumentation(symbol, platform);
    const { symbolKind, ...shown } = internals.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker,
      symbol,
      file,
      internals.getContainerNode(node),
      node,
    );
    return { ...shown, kind: symbolKind, kindModifiers: '', textSpan: internals.createTextSpanFromNode(node, file) };
  },
  Completions: {
    ...internals.Completions,
    // tslab gives an empty host; completion in imports asks it for options, files and folders.
    getCompletionsAtPositionForTslab: (_host: object, program: ts.Program, ...args: unknown[]) =>
      withKinds(
        internals.Completions.getCompletionsAtPosition(completionHost(program), program, ...args, undefined, true),
        program.getTypeChecker(),
      ),
  },
});

/** What a name stands for, in place of the import or export by which the cell knows it; a file keeps that name. */
function declared(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  const aliased = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return aliased.declarations === undefined || aliased.declarations.some(ts.isSourceFile) ? symbol : aliased;
}

/** Completions that say of imports and exports what they stand for. */
function withKinds(info: ts.CompletionInfo | undefined, checker: ts.TypeChecker): ts.CompletionInfo | undefined {
  const entries = info?.entries.map((entry) => {
    if (entry.kind !== ts.ScriptElementKind.alias || entry.symbol === undefined) return entry;
    const symbol = declared(entry.symbol, checker);
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined) return entry;
    return { ...entry, kind: internals.SymbolDisplay.getSymbolKind(checker, symbol, declaration) };
  });
  return info && { ...info, entries: entries! };
}

const completionHost = (program: ts.Program) => ({
  getCompilationSettings: () => program.getCompilerOptions(),
  getCurrentDirectory: () => program.getCurrentDirectory(),
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
});
