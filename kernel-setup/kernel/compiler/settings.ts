// Compiler options of cells: those of stock tslab with a newer compiler, and those of the notebook's tsconfig.json.
import path from 'node:path';
import { LIBRARY } from './declarations';
import type { Platform } from './platform';
import { ts } from './typescript';

export interface Settings {
  options: ts.CompilerOptions;
  /** Notes on tsconfig.json for the reader: errors, and options that do not apply to cells. */
  notes: readonly string[];
}

/** Options that no project can change, because each cell runs at once in this Node or page. */
const ofCells: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  declaration: true,
  inlineSourceMap: true,
  newLine: ts.NewLineKind.LineFeed,
  esModuleInterop: true,
  resolveJsonModule: true,
  allowJs: true,
  noUncheckedSideEffectImports: true,
  skipLibCheck: true,
};

/** Options taken from tsconfig.json, besides those that begin with `strict`, `no` or `jsx`. */
const taken = new Set([
  ...['paths', 'baseUrl', 'pathsBasePath', 'lib', 'types', 'typeRoots', 'checkJs', 'customConditions'],
  ...['experimentalDecorators', 'emitDecoratorMetadata', 'useDefineForClassFields', 'useUnknownInCatchVariables'],
  ...['exactOptionalPropertyTypes', 'allowUnreachableCode', 'allowUnusedLabels', 'allowArbitraryExtensions'],
  ...['moduleSuffixes', 'reactNamespace', 'preserveSymlinks'],
]);
const byName = /^(strict|no[A-Z]|jsx)/;
/** Exceptions that would keep a cell from running. */
const never = new Set(['noEmit', 'noEmitOnError', 'noEmitHelpers', 'noLib', 'noResolve', 'noCheck']);

/** Options that change a program's meaning and differ in cells. */
const remarkable: Readonly<Record<string, (value: unknown) => boolean>> = {
  moduleResolution: (value) => value === ts.ModuleResolutionKind.Classic,
  noLib: (value) => value === true,
  outFile: (value) => value !== undefined,
  verbatimModuleSyntax: (value) => value === true,
};

/** Stamp of the settings' sources. */
export const stampOfSettings = (platform: Platform): string => platform.stampOf(configOf(platform));

const configOf = ({ folder }: Platform) => path.posix.join(folder.replaceAll('\\', '/'), 'tsconfig.json');

export function settingsOf(platform: Platform): Settings {
  const given = readConfig(platform);
  const roots = given.options.typeRoots ?? defaultTypeRoots(platform.folder);
  const ofPlatform = platform.typeOptions(roots);
  const options: ts.CompilerOptions = {
    jsx: ts.JsxEmit.React,
    // JavaScript files are not checked.
    checkJs: false,
    lib: [LIBRARY],
    ...given.options,
    ...ofCells,
    ...ofPlatform,
    types: [...(ofPlatform.types ?? []), ...(given.options.types ?? [])],
    paths: { ...given.options.paths, ...ofPlatform.paths },
    rootDir: platform.folder,
    outDir: 'outDir',
  };
  return { options, notes: given.notes };
}

function readConfig(platform: Platform): Settings {
  const file = configOf(platform);
  if (platform.stampOf(file) === '') return { options: {}, notes: [] };
  const { config, error } = ts.readConfigFile(file, (name) => ts.sys.readFile(name));
  // The project's files are not needed, and listing them may be slow.
  const host = { ...ts.sys, readDirectory: () => [] };
  const parsed = ts.parseJsonConfigFileContent(config ?? {}, host, platform.folder, undefined, file);
  const wrong = [...(error === undefined ? [] : [error]), ...parsed.errors].filter(({ code }) => !noFiles.has(code));
  const notes = wrong.map(({ messageText }) => `tsconfig.json: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  const left = Object.keys(remarkable).filter((name) => remarkable[name](parsed.options[name]));
  if (left.length > 0)
    notes.push(
      `tsconfig.json: ${left.map((name) => `\`${name}\``).join(', ')} ${left.length > 1 ? 'do' : 'does'} not apply to cells, ` +
        'which are ES modules, compiled one by one for this engine.',
    );
  const isTaken = (name: string) => taken.has(name) || (byName.test(name) && !never.has(name));
  const options = Object.fromEntries(Object.entries(parsed.options).filter(([name]) => isTaken(name)));
  return { options: { ...libraryOf(parsed.options), ...options }, notes };
}

/** Errors that say that no files, or not all, belong to the project. */
const noFiles = new Set([18002, 18003]);

/** An earlier target must not limit the library of cells. */
function libraryOf({ target, lib }: ts.CompilerOptions): Pick<ts.CompilerOptions, 'lib'> {
  if (lib !== undefined || target === undefined || target >= ts.ScriptTarget.ES2024) return {};
  const name = ts.ScriptTarget[target].toLowerCase();
  return { lib: [target <= ts.ScriptTarget.ES5 ? 'lib.es5.d.ts' : `lib.${name}.d.ts`] };
}

function defaultTypeRoots(folder: string): string[] {
  const roots: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    roots.push(path.join(at, 'node_modules', '@types'));
    if (at === path.dirname(at)) return roots;
  }
}

/** Names of element factories, if they are functions in scope. */
export function makersOf({ options }: Settings): readonly string[] {
  const { jsx, jsxFactory, jsxFragmentFactory, reactNamespace = 'React' } = options;
  if (jsx !== ts.JsxEmit.React) return [];
  const makers = [jsxFactory ?? reactNamespace, jsxFragmentFactory ?? reactNamespace];
  return [...new Set(makers.map((maker) => maker.split('.')[0]))];
}

/** Options for emitting a file without type checking. */
export const emitOptions = ({ options }: Settings): ts.CompilerOptions => {
  const { jsx, jsxFactory, jsxFragmentFactory, jsxImportSource, reactNamespace } = options;
  const { experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields } = options;
  return {
    ...{ jsx, jsxFactory, jsxFragmentFactory, jsxImportSource, reactNamespace },
    ...{ experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields },
  };
};
