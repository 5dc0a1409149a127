import { ts } from './typescript';

/** Internal properties of a parsed file. */
export interface ParsedFile extends ts.SourceFile {
  parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  /** From `// @ts-nocheck` or `// @ts-check`. */
  checkJsDirective?: { enabled: boolean };
}

/** File name of a cell that is only parsed. */
export const TYPED = 'cell.ts';

let last: { source: string; kind: ts.ScriptKind; file: ParsedFile } | undefined;

/**
 * Parses a cell as a module, in which `await` is a keyword. The last file is kept, because each step of a request parses
 * the same cell. Nothing may change it.
 */
export function parse(source: string, kind: ts.ScriptKind = ts.ScriptKind.TS): ParsedFile {
  if (last?.source !== source || last.kind !== kind) last = { source, kind, file: parsed(source, kind) };
  return last.file;
}

function parsed(source: string, kind: ts.ScriptKind): ParsedFile {
  const options = {
    languageVersion: ts.ScriptTarget.Latest,
    setExternalModuleIndicator: (file: ts.SourceFile) => Object.assign(file, { externalModuleIndicator: true }),
  };
  return ts.createSourceFile(TYPED, source, options, false, kind) as ParsedFile;
}
