// The compiler of the kernel: TypeScript cells to JavaScript, completion and inspection.
import { withModules } from './ambient-modules';
import { asCell, type Cell } from './as-cell';
import { type CellFile, isCell, LINES_BEFORE, toCompile, toRead } from './cell-file';
import { complete } from './complete';
import { diagnosticsOf } from './diagnostics';
import { EarlierCells } from './earlier-cells';
import { edit } from './edit';
import { EditRefused } from './edit-texts';
import { type CellInProgram, type EmittedCell, emitCell } from './emit';
import { type CheckedCell, proposalFor } from './fixes';
import { inspect } from './inspect';
import { isComplete } from './is-complete';
import { LocalModules } from './local-modules';
import { mistakesIn } from './mistakes';
import { withModuleNames } from './module-names';
import { TYPED } from './parse';
import type { Platform } from './platform';
import { Project } from './project';
import { makersOf } from './settings';
import type { Compiler } from './types';
import type { ts } from './typescript';

/**
 * Starts the compiler for the cells of one notebook.
 * @param types declaration files visible in every cell
 */
export function createCompiler(platform: Platform, types: readonly string[] = []): Compiler {
  const virtualFiles = new Map<string, string>();
  /** TypeScript libraries that cells reference, such as `dom`. */
  const libraries = new Set<string>();
  const refer = (source: string) => {
    for (const [, name] of source.matchAll(referenceToLibrary)) libraries.add(name);
  };
  const earlier = new EarlierCells(platform.folder, virtualFiles);
  let project = new Project(platform, types, virtualFiles, libraries);
  const modules = new LocalModules(platform, () => project);
  /** After TypeScript has thrown, as for a deeply nested cell, its state is unusable. So a new project is made. */
  const renewing = <T>(ask: (project: Project) => T): T => {
    try {
      return ask(project);
    } catch (error) {
      project.close();
      project = new Project(platform, types, virtualFiles, libraries);
      throw error;
    }
  };
  const describe = (found: readonly ts.Diagnostic[], source: string, label: string, checked?: Checked) =>
    diagnosticsOf(found, {
      checker: checked?.inProgram.program.getTypeChecker(),
      proposalFor: (mistake) => checked && proposalFor(project, checked, source, mistake),
      platform,
      source,
      label,
      linesBefore: ({ fileName }) => (isCell(fileName) ? LINES_BEFORE : fileName === TYPED ? 0 : undefined),
      isVirtual: (name) => virtualFiles.has(name),
      hasGained: (name, type, member) => earlier.hasGained(name, type, member),
      replacedWith: (name, member) => earlier.replacedWith(name, member),
      withModules: (message) =>
        checked === undefined ? message : nameModules(message, checked.inProgram.program, label),
    });
  const nameModules = (text: string, program: ts.Program, label: string) =>
    withModuleNames(text, {
      folder: platform.folder,
      program,
      cell: project.cellIn(program),
      labelOf: (name) => (isCell(`${name}.ts`) ? label : earlier.labelOf(name)),
    });
  const declarationsFor = (text: string | undefined, except: readonly string[]) =>
    earlier.declarationsFor(text, except);
  /** Type-checks a cell. */
  const check = (cell: Cell): Checked => {
    const makers = makersOf(project.settings).filter((name) => earlier.has(name));
    const file = toCompile(cell, declarationsFor, makers);
    const inProgram = { cell, file, project, program: project.put(file) };
    const { mistakes, later } = mistakesIn(inProgram);
    const whole = () => toCompile(cell, (_, except) => declarationsFor(undefined, except), makers);
    return { inProgram: { ...inProgram, later }, mistakes, file, whole, earlier: earlier.names() };
  };
  let typed: { source: string; file: CellFile } | undefined;
  /** The file of a cell that is being edited. The last one is kept until a cell runs. */
  const asTyped = (source: string): CellFile => {
    if (typed?.source !== source) typed = { source, file: toRead(source, asCell(source).kind, declarationsFor) };
    return typed.file;
  };
  return {
    compile: (source, label = 'this cell') =>
      renewing(() => {
        project.look();
        typed = undefined;
        refer(source);
        const cell = asCell(source);
        const refuse = (found: readonly ts.Diagnostic[], checked?: Checked) => ({
          ok: false as const,
          diagnostics: describe(found, source, label, checked),
        });
        if (cell.syntaxError !== undefined) return refuse([cell.syntaxError]);
        let checked = check(cell);
        const parted = withModules(cell, checked.mistakes, platform.folder);
        if (parted !== undefined) {
          if (parted.modules !== undefined) earlier.declareModules(parted.modules);
          project.changed();
          checked = check(parted.cell);
        }
        const { inProgram, mistakes } = checked;
        project.importable.prepare();
        if (mistakes.length > 0) return refuse(mistakes, checked);
        const emitted = emitCell(inProgram, earlier, platform.rewriters);
        const { js, declarations, names, uses, stars, dependencies, result } = emitted;
        return {
          ok: true,
          js,
          names: valuesOf(emitted),
          notes: [
            ...project.settings.notes,
            ...[...inProgram.later].map(noteOnLater),
            ...names.flatMap(({ name }) =>
              earlier.subclassesOf(name, declarations).map((one) => noteOnSubclass(name, one)),
            ),
          ],
          modules: [...modules.changed(dependencies), ...modules.required(cell.text)],
          memory: {
            label,
            source: `${cell.head}\n${cell.text}`,
            declarations,
            names,
            uses,
            stars,
            result,
            modules: parted?.modules,
          },
        };
      }),
    remember: (cell, reached) => {
      earlier.remember(cell, reached);
      typed = undefined;
      project.changed();
    },
    complete: (source, cursor) =>
      renewing(() => {
        project.lookAgain();
        return complete(project, asTyped(source), source, cursor, platform);
      }),
    inspect: (source, cursor, withSource = false) =>
      renewing(() => {
        project.lookAgain();
        return inspect(
          {
            project,
            platform,
            cell: asTyped(source),
            earlier,
            nameModules: (text, program) => nameModules(text, program, 'this cell'),
          },
          source,
          cursor,
          withSource,
        );
      }),
    edit: (request) =>
      renewing(() => {
        project.look();
        try {
          return edit(project, check, (name) => earlier.has(name), request);
        } catch (error) {
          if (error instanceof EditRefused) return { refused: error.message };
          throw error;
        }
      }),
    isComplete,
    localModules: (file) => modules.changedWith(file),
    reset() {
      earlier.reset();
      typed = undefined;
      libraries.clear();
      modules.reset();
      project.changed();
    },
    close: () => project.close(),
  };
}

/** Found by text, because TypeScript reads it only at the start of a file, and declarations may be before the cell. */
const referenceToLibrary = /^\/\/\/\s*<reference\s+lib=["']([\w.]+)["']\s*\/>/gm;

/** A cell, its errors and its program. */
interface Checked extends CheckedCell {
  inProgram: CellInProgram;
}

/** The names of a cell that have values. */
function valuesOf({ names, stars }: EmittedCell): string[] {
  const own = names.filter(({ isAmbient }) => !isAmbient);
  const handedOn = [...stars.values()].flat().filter(({ isValue }) => isValue);
  return [...own, ...handedOn].map(({ name }) => name);
}

const noteOnSubclass = (base: string, { name, label }: { name: string; label: string }) =>
  `\`${name}\` of ${label} extends the \`${base}\` of before: run that cell again.`;

const noteOnLater = (name: string) => `\`${name}\` is not declared yet: another cell has to, before it is called.`;
