// The compiler of the kernel: TypeScript cells to JavaScript, completion and inspection.
import path from 'node:path';
import { asCell } from './as-cell';
import { complete } from './complete';
import { EarlierCells } from './earlier-cells';
import { inspect } from './inspect';
import { isComplete } from './is-complete';
import { LocalModules } from './local-modules';
import { createSeam, type Seam } from './seam';
import type { Compiler, Diagnostic } from './types';

/** TypeScript's number for an import of what is not there. */
const MODULE_NOT_FOUND = 2307;

/**
 * Starts the compiler for cells that run in the current folder. One process holds one.
 * @param types declaration files that every cell sees
 */
export function createCompiler(types: readonly string[] = []): Compiler {
  const virtualFiles = new Map<string, string>();
  const earlier = new EarlierCells(process.cwd(), virtualFiles);
  const modules = new LocalModules();
  let seam = createSeam(types, virtualFiles);
  /** TypeScript that has thrown, as at a cell nested too deeply, cannot go on: the next cell gets a new one. */
  const renewing = <T>(ask: (seam: Seam) => T): T => {
    try {
      return ask(seam);
    } catch (error) {
      seam.converter.close();
      seam = createSeam(types, virtualFiles);
      throw error;
    }
  };
  return {
    compile: (source, { keep }) =>
      renewing(({ converter, disk, emitted, forgetImports }) => {
        disk.look();
        const plain = asCell(source);
        const { diagnostics } = converter.convert(earlier.declarationsFor(plain), plain);
        if (diagnostics.some(({ code }) => code === MODULE_NOT_FOUND)) forgetImports();
        if (diagnostics.length > 0) return { ok: false, diagnostics: diagnostics.map((d) => diagnosticOf(d)) };
        const cell = emitted();
        return {
          ok: true,
          js: cell.js,
          names: cell.names.map(({ name }) => name),
          modules: modules.changed(cell.dependencies),
          quiet: cell.quiet,
          remember: (reached) => {
            if (keep) earlier.remember(plain, cell, reached);
          },
        };
      }),
    complete: (source, cursor) =>
      renewing(({ converter }) => complete(converter, earlier.declarationsFor(), source, cursor)),
    inspect: (source, cursor) =>
      renewing(({ converter }) =>
        inspect(converter, earlier.declarationsFor(source), source, cursor, (name) => earlier.has(name)),
      ),
    isComplete,
    reset() {
      earlier.reset();
      modules.reset();
    },
    close: () => seam.converter.close(),
  };
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
