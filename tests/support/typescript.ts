import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type typescript from 'typescript';

const require = createRequire(import.meta.url);

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The compiler that builds gradlab, and the one with which stock tslab checks cells. */
export const current = require('typescript') as typeof typescript;
export const tslabs = require('typescript-5.0') as typeof typescript;

/** The compiler options of cells, with declarations in packages checked as well. */
export const cellOptions = (ts: typeof typescript): typescript.CompilerOptions => ({
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  esModuleInterop: true,
});

/** Errors as `file:line message`. */
export function complaints(ts: typeof typescript, diagnostics: readonly typescript.Diagnostic[]): string[] {
  return diagnostics.map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    if (file === undefined || start === undefined) return text;
    return `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1} ${text}`;
  });
}
