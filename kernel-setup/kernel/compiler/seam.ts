// Puts TypeScript 5.9 under tslab's unmodified converter, which was written for a fork of 5.0, and lets our transformers
// rewrite what it emits. The converter is loaded with a copy of the compiler in the fork's place; everything below changes
// that copy, never the compiler itself.
import Module from 'node:module';
import path from 'node:path';
import type { Converter } from 'tslab/dist/converter';
import { Declarations, LIBRARY } from './declarations';
import { Disk } from './disk';
import { leaveDocumentation } from './documentation';
import { helpersOfTheFork } from './fork';
import { cellTransformers } from './rewrite';
import { type BoundFile, internals, ts } from './typescript';

/** A name that a cell declares. */
export interface DeclaredName {
  name: string;
  /** How later cells see it: a variable, or by an import (types, classes, functions, enums, namespaces). */
  kind: 'const' | 'let' | 'import';
  documentation: string;
}

/** What tslab's converter has made of the last cell. */
export interface EmittedCell {
  /** With an inline source map, whose lines count tslab's one line before the cell. */
  js: string;
  /** Empty if a type in the cell cannot be written down. */
  declarations: string;
  names: DeclaredName[];
  /** Local source files that the cell imports, directly or not. */
  dependencies: string[];
  /** Whether its last statement ends with a semicolon. */
  quiet: boolean;
}

export interface Seam {
  converter: Converter;
  disk: Disk;
  emitted(): EmittedCell;
  /** Has the next cell look for its imports anew: what was not found may be there now. */
  forgetImports(): void;
}

const fork = '@tslab/typescript-for-tslab';
/** The names that tslab gives the cell and the declarations before it. */
const CELL = '__tslab__.ts';
const EARLIER = '__prev__.d.ts';

/**
 * @param types declaration files that every cell sees
 * @param virtualFiles files that exist only for the compiler: the declarations of earlier cells
 */
export function createSeam(types: readonly string[], virtualFiles: ReadonlyMap<string, string>): Seam {
  const disk = new Disk();
  const declarations = new Declarations();
  let emitted: EmittedCell = { js: '', declarations: '', names: [], dependencies: [], quiet: false };
  let forgetImports = () => {};
  const patched = {
    ...ts,
    ...helpersOfTheFork,
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
      prepareSystem(sys, virtualFiles, declarations);
      const { watchFile } = sys;
      sys.watchFile = (file, report, ...more) => {
        // A file that was deleted loses what is remembered of its imports.
        if (path.basename(file) === CELL) forgetImports = () => report(file, ts.FileWatcherEventKind.Deleted);
        return watchFile!(file, report, ...more);
      };
      const host = ts.createWatchCompilerHost([...roots, ...types], optionsOf(options), sys, ...rest);
      host.createProgram = (roots, options, compilerHost, before, ...rest) => {
        if (compilerHost !== undefined) leaveDocumentation(compilerHost);
        const create = (old: ts.BuilderProgram | undefined) =>
          ts.createAbstractBuilder([...roots!, ...declarations.lateFiles], options, compilerHost, old, ...rest);
        let builder = create(before);
        if (declarations.want(builder.getProgram())) builder = create(builder);
        return prepareBuilder(builder, (cell) => {
          emitted = cell;
        }) as unknown as ts.EmitAndSemanticDiagnosticsBuilderProgram;
      };
      return host;
    },
    // tslab's second pass, to CommonJS: it would lose the source map and the live bindings.
    transpileModule: (js: string) => ({ outputText: js }),
  };
  const converter = loadConverter(patched);
  return { converter, disk, emitted: () => emitted, forgetImports: () => forgetImports() };
}

/** Loads tslab's converter with `compiler` in the place of the fork. */
function loadConverter(compiler: object): Converter {
  const id = require.resolve(fork, { paths: [path.dirname(require.resolve('tslab/package.json'))] });
  const stand = new Module(id);
  stand.filename = id;
  stand.loaded = true;
  stand.exports = compiler;
  const converterFile = require.resolve('tslab/dist/converter');
  delete require.cache[converterFile];
  require.cache[id] = stand as NodeJS.Module;
  const { createConverter } = require(converterFile) as typeof import('tslab/dist/converter');
  return createConverter({ isJS: false, isBrowser: false });
}

/** tslab's options, on TypeScript 5.9. */
function optionsOf(options: ts.CompilerOptions): ts.CompilerOptions {
  // The first is the fork's own; the second is gone from TypeScript.
  const { disableTopLevelAwait: _, noImplicitUseStrict: __, ...kept } = options;
  const nodeTypes = path.dirname(path.dirname(require.resolve('@types/node/package.json')));
  return {
    ...kept,
    target: ts.ScriptTarget.ES2024,
    inlineSourceMap: true,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: [LIBRARY],
    types: ['node'],
    // tslab's own are of an older Node.
    typeRoots: [...(kept.typeRoots ?? []).filter((root) => !/[\\/]tslab[\\/]/.test(root)), nodeTypes],
  };
}

function prepareSystem(sys: ts.System, virtualFiles: ReadonlyMap<string, string>, declarations: Declarations): void {
  const { readFile, fileExists, setTimeout: rebuildLater } = sys;
  sys.readFile = (file, encoding) => {
    const text = virtualFiles.get(file) ?? declarations.read(file) ?? readFile(file, encoding);
    return path.basename(file) === CELL ? text?.replace(exportsAtEnd, unescapeNames) : text;
  };
  sys.fileExists = (file) => virtualFiles.has(file) || fileExists(file);
  // tslab knows of one timer, for the rebuild. The other one, which forgets failed lookups of modules, runs at once.
  sys.setTimeout = (callback, ...args) =>
    callback.name === 'updateProgramWithWatchStatus' ? rebuildLater!(callback, ...args) : callback();
}

/** tslab exports all names of a cell, but as the compiler keeps them: one that begins with two underscores has three. */
const exportsAtEnd = /\nexport \{[^{}]*\}$/;
const unescapeNames = (list: string) => list.replace(/(?<=[{ ])___/g, '__');

/** Prepares a program as tslab's converter expects it, and catches what it emits. */
function prepareBuilder(builder: ts.BuilderProgram, onCell: (cell: EmittedCell) => void): ts.BuilderProgram {
  const program = builder.getProgram();
  for (const file of program.getSourceFiles() as readonly BoundFile[]) {
    if (file.isDeclarationFile && path.basename(file.fileName) !== EARLIER) continue;
    // tslab reads the names declared at the top level before anything is checked.
    internals.bindSourceFile(file, program.getCompilerOptions());
    file.locals?.delete('__global' as ts.__String);
  }
  builder.getAllDependencies = (file) => [...dependenciesOf(file as BoundFile, program)];
  const { emit } = builder;
  builder.emit = (file, write, token, onlyDeclarations, transformers) => {
    if (file === undefined || path.basename(file.fileName) !== CELL)
      return emit(file, write, token, onlyDeclarations, transformers);
    const checker = program.getTypeChecker();
    let js = '';
    let declarations = '';
    const result = emit(
      file,
      (name, text, ...rest) => {
        if (name.endsWith('.js')) js = text;
        if (name.endsWith('.d.ts')) declarations = text;
        write?.(name, text, ...rest);
      },
      token,
      onlyDeclarations,
      { ...transformers, ...cellTransformers(checker, file) },
    );
    onCell({
      js,
      declarations: declarations && declarations + undeclared(declarations, file, checker),
      names: namesOf(file, checker),
      dependencies: [...dependenciesOf(file, program)].filter((name) => isLocalSource(name, program)),
      quiet:
        file.statements
          .findLast((s) => !ts.isExportDeclaration(s))
          ?.getText(file)
          .endsWith(';') ?? false,
    });
    return result;
  };
  return builder;
}

/** The file and those it imports, directly or not; declaration files are not looked into. */
function dependenciesOf(file: BoundFile | undefined, program: ts.Program, found = new Set<string>()): Set<string> {
  if (file === undefined || found.has(file.fileName)) return found;
  found.add(file.fileName);
  if (file.isDeclarationFile) return found;
  const resolve = program as unknown as {
    getResolvedModuleFromModuleSpecifier(
      specifier: ts.StringLiteralLike,
      file: ts.SourceFile,
    ): ts.ResolvedModuleWithFailedLookupLocations | undefined;
  };
  for (const specifier of file.imports ?? []) {
    const target = resolve.getResolvedModuleFromModuleSpecifier(specifier, file)?.resolvedModule?.resolvedFileName;
    if (target !== undefined) dependenciesOf(program.getSourceFile(target), program, found);
  }
  return found;
}

function isLocalSource(file: string, program: ts.Program): boolean {
  return (
    /\.([tj]sx?|m[tj]s)$/.test(file) &&
    !/\/node_modules\//.test(file) &&
    path.basename(file) !== CELL &&
    program.getSourceFile(file)?.isDeclarationFile === false &&
    !/\/__cell\d+\.ts$/.test(file)
  );
}

function namesOf(file: BoundFile, checker: ts.TypeChecker): DeclaredName[] {
  return [...(file.locals?.values() ?? [])].map((symbol) => ({
    name: symbol.name,
    kind: kindOf(symbol),
    documentation: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
  }));
}

function kindOf({ flags, valueDeclaration }: ts.Symbol): DeclaredName['kind'] {
  const { Variable, Type, Namespace } = ts.SymbolFlags;
  if (!(flags & Variable) || flags & (Type | Namespace)) return 'import';
  return ts.getCombinedNodeFlags(valueDeclaration!) & ts.NodeFlags.Const ? 'const' : 'let';
}

/** Declarations of names that the emitted ones lack: a `var` inside a block. */
function undeclared(declarations: string, file: BoundFile, checker: ts.TypeChecker): string {
  const emitted: BoundFile = ts.createSourceFile('cell.d.ts', declarations, ts.ScriptTarget.Latest);
  internals.bindSourceFile(emitted, {});
  return [...(file.locals?.values() ?? [])]
    .filter((s) => s.flags & ts.SymbolFlags.Value && !emitted.locals?.has(s.escapedName))
    .map((s) => {
      const type = checker.typeToString(checker.getTypeOfSymbol(s), file, ts.TypeFormatFlags.NoTruncation);
      return `declare let ${s.name}: ${type};\n`;
    })
    .join('');
}
