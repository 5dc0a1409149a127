// The compiler of the kernel: TypeScript cells to JavaScript, completion and inspection.
import path from 'node:path';
import { withModules } from './ambient-modules';
import { asCell } from './as-cell';
import { complete } from './complete';
import { diagnosticsOf } from './diagnostics';
import { EarlierCells } from './earlier-cells';
import { EARLIER, type EmittedCell, isCell } from './emit';
import { MODULE_NOT_FOUND } from './hints';
import { inspect } from './inspect';
import { isComplete } from './is-complete';
import { LocalModules } from './local-modules';
import { TYPED } from './parse';
import type { Platform } from './platform';
import { createSeam, type Seam } from './seam';
import type { Compiler } from './types';
import type { ts } from './typescript';

/**
 * Starts the compiler for the cells of one notebook.
 * @param types declaration files that every cell sees
 */
export function createCompiler(platform: Platform, types: readonly string[] = []): Compiler {
  const virtualFiles = new Map<string, string>();
  const earlier = new EarlierCells(platform.folder, virtualFiles);
  const modules = new LocalModules(platform);
  const earlierNames = { isAmbient: (name: string) => earlier.isAmbient(name) };
  let seam = createSeam(platform, types, virtualFiles, earlierNames);
  /** TypeScript that has thrown, as at a cell nested too deeply, cannot go on: the next cell gets a new one. */
  const renewing = <T>(ask: (seam: Seam) => T): T => {
    try {
      return ask(seam);
    } catch (error) {
      seam.converter.close();
      seam = createSeam(platform, types, virtualFiles, earlierNames);
      throw error;
    }
  };
  const describe = (found: readonly ts.Diagnostic[], source: string, label: string, checker?: ts.TypeChecker) =>
    diagnosticsOf(found, {
      checker,
      platform,
      source,
      label,
      linesBefore: ({ fileName }) => (isCell(fileName) ? 1 : fileName === TYPED ? 0 : undefined),
      isVirtual: (name) => virtualFiles.has(name) || path.basename(name) === EARLIER,
      labelOf: (name) => (isCell(`${name}.ts`) ? label : earlier.labelOf(name)),
    });
  return {
    compile: (source, label = 'this cell') =>
      renewing(({ convert, disk, forgetImports }) => {
        disk.look();
        const cell = asCell(source);
        const refuse = (found: readonly ts.Diagnostic[], checker?: ts.TypeChecker) => ({
          ok: false as const,
          diagnostics: describe(found, source, label, checker),
        });
        if (cell.syntaxError !== undefined) return refuse([cell.syntaxError]);
        let converted = convert(earlier.declarationsFor(cell.text), cell);
        const parted =
          'diagnostics' in converted ? withModules(cell, converted.diagnostics, platform.folder) : undefined;
        if (parted !== undefined) {
          if (parted.modules !== undefined) earlier.declareModules(parted.modules);
          converted = convert(earlier.declarationsFor(parted.cell.text), parted.cell);
        }
        if ('diagnostics' in converted) {
          if (converted.diagnostics.some(({ code }) => MODULE_NOT_FOUND.has(code))) forgetImports();
          return refuse(converted.diagnostics, converted.checker);
        }
        const { js, declarations, names, stars, dependencies, result } = converted.emitted;
        return {
          ok: true,
          js,
          names: valuesOf(converted.emitted),
          modules: [...modules.changed(dependencies), ...modules.required(cell.text)],
          memory: {
            label,
            source: `${cell.head}\n${cell.text}`,
            declarations,
            names,
            stars,
            result,
            modules: parted?.modules,
          },
        };
      }),
    remember: (cell, reached) => earlier.remember(cell, reached),
    complete: (source, cursor) =>
      renewing(({ converter }) => complete(converter, earlier.declarationsFor(), source, cursor)),
    inspect: (source, cursor) =>
      renewing(({ converter }) =>
        inspect(converter, earlier.declarationsFor(source), source, cursor, (name) => earlier.has(name)),
      ),
    isComplete,
    localModules: (file) => modules.changedWith(file),
    reset() {
      earlier.reset();
      modules.reset();
    },
    close: () => seam.converter.close(),
  };
}

/** The names of a cell that have values in it. */
function valuesOf({ names, stars }: EmittedCell): string[] {
  const own = names.filter(({ isAmbient }) => !isAmbient);
  const handedOn = [...stars.values()].flat().filter(({ isValue }) => isValue);
  return [...own, ...handedOn].map(({ name }) => name);
}
