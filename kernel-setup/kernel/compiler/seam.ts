// Puts TypeScript 5.9 under tslab's unmodified converter, which was written for a fork of 5.0, and lets our transformers
// rewrite what it emits. The converter is loaded with a copy of the compiler in the fork's place; everything below changes
// that copy, never the compiler itself.
import type { Converter } from 'tslab/dist/converter';
import type { Cell } from './as-cell';
import { Declarations, LIBRARY } from './declarations';
import { Disk } from './disk';
import { leaveDocumentation } from './documentation';
import { type EarlierNames, type EmittedCell, isCell, prepareBuilder } from './emit';
import { helpersOfTheFork } from './fork';
import { usesInBrackets } from './newer-library';
import type { Platform } from './platform';
import { ts } from './typescript';

/** A cell that was compiled, or why it was not. */
export type Converted = { emitted: EmittedCell } | { diagnostics: readonly ts.Diagnostic[]; checker: ts.TypeChecker };

export interface Seam {
  /** For completion and inspection. */
  converter: Converter;
  disk: Disk;
  /** @param earlier the declarations of earlier cells */
  convert(earlier: string, cell: Cell): Converted;
  /** Has the next cell look for its imports anew: what was not found may be there now. */
  forgetImports(): void;
}

const noCell: Cell = { text: '', head: '', stars: [], unchecked: false };

/**
 * @param types declaration files that every cell sees
 * @param virtualFiles files that exist only for the compiler: the declarations of earlier cells
 */
export function createSeam(
  platform: Platform,
  types: readonly string[],
  virtualFiles: ReadonlyMap<string, string>,
  earlierNames: EarlierNames,
): Seam {
  const disk = new Disk(platform);
  const declarations = new Declarations(platform);
  const helpers = helpersOfTheFork(platform);
  let cell = noCell;
  let emitted: EmittedCell | undefined;
  let checked: { diagnostics: readonly ts.Diagnostic[]; checker: ts.TypeChecker };
  let forgetImports = () => {};
  const modulesOfCells = () => [...virtualFiles.keys()].filter((file) => /\/__modules\d+\.d\.ts$/.test(file));
  const patched = {
    ...ts,
    ...helpers,
    __esModule: true, // or the converter would copy it, all of it, name by name
    // tslab would take the messages apart, and leave out files outside the folder.
    getPreEmitDiagnosticsOfFiles: (program: ts.Program, files: readonly ts.SourceFile[]) => {
      const checker = program.getTypeChecker();
      const typed = cell.unchecked ? [] : files.filter(({ fileName }) => isCell(fileName));
      const diagnostics = [
        ...helpers.getPreEmitDiagnosticsOfFiles(program, files),
        ...typed.flatMap((file) => usesInBrackets(file, checker)),
      ];
      checked = { diagnostics, checker };
      return diagnostics;
    },
    sys: Object.assign(Object.create(ts.sys) as ts.System, {
      watchFile: disk.watchFile,
      watchDirectory: disk.watchDirectory,
    }),
    createWatchCompilerHost: (
      roots: string[],
      options: ts.CompilerOptions,
      sys: ts.System,
      ...rest: [undefined, ts.DiagnosticReporter, ts.WatchStatusReporter]
    ) => {
      prepareSystem(sys, virtualFiles, declarations, () => cell.head);
      const { watchFile } = sys;
      sys.watchFile = (file, report, ...more) => {
        // A file that was deleted loses what is remembered of its imports.
        if (isCell(file)) forgetImports = () => report(file, ts.FileWatcherEventKind.Deleted);
        return watchFile!(file, report, ...more);
      };
      const host = ts.createWatchCompilerHost([...roots, ...types], optionsOf(options, platform), sys, ...rest);
      host.createProgram = (roots, options, compilerHost, before, ...rest) => {
        if (compilerHost !== undefined) leaveDocumentation(compilerHost, platform);
        const create = (old: ts.BuilderProgram | undefined) =>
          ts.createAbstractBuilder(
            [...roots!, ...declarations.lateFiles, ...modulesOfCells()],
            options,
            compilerHost,
            old,
            ...rest,
          );
        let builder = create(before);
        if (declarations.want(builder.getProgram())) builder = create(builder);
        return prepareBuilder(builder, cell, earlierNames, platform.rewriters, (made) => {
          emitted = made;
        }) as unknown as ts.EmitAndSemanticDiagnosticsBuilderProgram;
      };
      return host;
    },
    // tslab's second pass, to CommonJS: it would lose the source map and the live bindings.
    transpileModule: (js: string) => ({ outputText: js }),
  };
  const converter = platform.converterOn(patched);
  return {
    converter,
    disk,
    convert(earlier, given) {
      cell = given;
      emitted = undefined;
      try {
        converter.convert(earlier, cell.text);
      } finally {
        cell = noCell;
      }
      return emitted === undefined || checked.diagnostics.length > 0 ? checked : { emitted };
    },
    forgetImports: () => forgetImports(),
  };
}

/** tslab's options, on TypeScript 5.9. */
function optionsOf(options: ts.CompilerOptions, platform: Platform): ts.CompilerOptions {
  // The first is the fork's own; the second is gone from TypeScript.
  const { disableTopLevelAwait: _, noImplicitUseStrict: __, ...kept } = options;
  return {
    ...kept,
    target: ts.ScriptTarget.ES2024,
    inlineSourceMap: true,
    // What a program in JavaScript says is up to its author.
    checkJs: false,
    noUncheckedSideEffectImports: true,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: [LIBRARY],
    ...platform.typeOptions(options),
  };
}

function prepareSystem(
  sys: ts.System,
  virtualFiles: ReadonlyMap<string, string>,
  declarations: Declarations,
  head: () => string,
): void {
  const { readFile, fileExists, setTimeout: rebuildLater } = sys;
  sys.readFile = (file, encoding) => {
    const text = virtualFiles.get(file) ?? declarations.read(file) ?? readFile(file, encoding);
    return isCell(file) ? text?.replace(exportsAtEnd, unescapeNames).replace(endOfFirstLine, head) : text;
  };
  sys.fileExists = (file) => virtualFiles.has(file) || fileExists(file);
  // tslab knows of one timer, for the rebuild. The other one, which forgets failed lookups of modules, runs at once.
  sys.setTimeout = (callback, ...args) =>
    callback.name === 'updateProgramWithWatchStatus' ? rebuildLater!(callback, ...args) : callback();
}

/** tslab exports all names of a cell, but as the compiler keeps them: one that begins with two underscores has three. */
const exportsAtEnd = /\nexport \{[^{}]*\}$/;
const endOfFirstLine = /(?=\n)/;
const unescapeNames = (list: string) => list.replace(/(?<=[{ ])___/g, '__');
