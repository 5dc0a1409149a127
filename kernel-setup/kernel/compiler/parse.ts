import { ts } from './typescript';

/** Internal properties of a parsed file. */
export interface ParsedFile extends ts.SourceFile {
  parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  /** From `// @ts-nocheck` or `// @ts-check`. */
  checkJsDirective?: { enabled: boolean };
}

/** File name of a cell that is only parsed. */
export const TYPED = 'cell.ts';

/** Parses a cell as a module, in which `await` is a keyword. */
export function parse(source: string, kind: ts.ScriptKind = ts.ScriptKind.TS): ParsedFile {
  const options = {
    languageVersion: ts.ScriptTarget.Latest,
    setExternalModuleIndicator: (file: ts.SourceFile) => Object.assign(file, { externalModuleIndicator: true }),
  };
  return ts.createSourceFile(TYPED, source, options, false, kind) as ParsedFile;
}
