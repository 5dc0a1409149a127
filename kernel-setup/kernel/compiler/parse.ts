import { ts } from './typescript';

/** What the parser notes on a file beyond its declared interface. */
export interface ParsedFile extends ts.SourceFile {
  parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  /** Of `// @ts-nocheck` and its opposite. */
  checkJsDirective?: { enabled: boolean };
}

/** What a cell is called for the compiler while it is only read. */
export const TYPED = 'cell.ts';

/** A cell's source as a module, in which `await` is no name. */
export function parse(source: string, kind: ts.ScriptKind = ts.ScriptKind.TS): ParsedFile {
  const options = {
    languageVersion: ts.ScriptTarget.Latest,
    setExternalModuleIndicator: (file: ts.SourceFile) => Object.assign(file, { externalModuleIndicator: true }),
  };
  return ts.createSourceFile(TYPED, source, options, false, kind) as ParsedFile;
}
