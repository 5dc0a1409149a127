// The compiler of the kernel: TypeScript cells to JavaScript, completion and inspection.
import path from 'node:path';
import { complete } from './complete';
import { EarlierCells } from './earlier-cells';
import { inspect } from './inspect';
import { isComplete } from './is-complete';
import { LocalModules } from './local-modules';
import { createSeam } from './seam';
import type { Compiler, Diagnostic } from './types';
import { ts } from './typescript';

/**
 * Starts the compiler for cells that run in the current folder. One process holds one.
 * @param types declaration files that every cell sees
 */
export function createCompiler(types: readonly string[] = []): Compiler {
  const { converter, virtualFiles, disk, emitted } = createSeam(types);
  const earlier = new EarlierCells(process.cwd(), virtualFiles);
  const modules = new LocalModules();
  return {
    compile(source, { keep }) {
      disk.look();
      const plain = withoutExport(source);
      const { diagnostics } = converter.convert(earlier.declarationsFor(plain), plain);
      if (diagnostics.length > 0) return { ok: false, diagnostics: diagnostics.map((d) => diagnosticOf(d)) };
      const cell = emitted();
      return {
        ok: true,
        js: cell.js,
        names: cell.names.map(({ name }) => name),
        modules: modules.changed(cell.dependencies),
        quiet: endsWithSemicolon(plain),
        remember: (reached) => {
          if (keep) earlier.remember(plain, cell, reached);
        },
      };
    },
    complete: (source, cursor) => complete(converter, earlier.declarationsFor(), source, cursor),
    inspect: (source, cursor) =>
      inspect(converter, earlier.declarationsFor(source), source, cursor, (name) => earlier.has(name)),
    isComplete,
    reset() {
      earlier.reset();
      modules.reset();
    },
    close: () => converter.close(),
  };
}

/** In a cell `export` means nothing; blanks in its place keep the positions. */
function withoutExport(source: string): string {
  if (!/\bexport\b/.test(source)) return source;
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest);
  let plain = source;
  for (const statement of file.statements)
    for (const { kind, end } of (ts.canHaveModifiers(statement) && ts.getModifiers(statement)) || []) {
      if (kind !== ts.SyntaxKind.ExportKeyword && kind !== ts.SyntaxKind.DefaultKeyword) continue;
      const { length } = ts.tokenToString(kind)!;
      plain = plain.slice(0, end - length) + ' '.repeat(length) + plain.slice(end);
    }
  return plain;
}

function endsWithSemicolon(source: string): boolean {
  if (!source.includes(';')) return false;
  const last = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest).statements.at(-1);
  return last !== undefined && source.slice(last.pos, last.end).endsWith(';');
}

function diagnosticOf(d: import('tslab/dist/converter').Diagnostic): Diagnostic {
  return {
    message: d.messageText,
    code: d.code,
    file: d.fileName && path.relative(process.cwd(), d.fileName),
    line: d.start.line + 1,
    column: d.start.character + 1,
    length: Math.max(d.end.offset - d.start.offset, 1),
  };
}
