// What cells are compiled with: as stock tslab has it on a newer compiler, and as the notebook's tsconfig.json says, if there is one
// beside it.
import path from 'node:path';
import { LIBRARY } from './declarations';
import type { Platform } from './platform';
import { ts } from './typescript';

export interface Settings {
  options: ts.CompilerOptions;
  /** What the reader should know of the tsconfig.json: what is wrong with it, and what does not apply to cells. */
  notes: readonly string[];
}

/** How cells are made into what runs, whatever a project says: each runs at once, in this Node or page. */
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

/** What a tsconfig.json says beside all that begins with `strict`, `no` or `jsx`. */
const taken = new Set([
  ...['paths', 'baseUrl', 'pathsBasePath', 'lib', 'types', 'typeRoots', 'checkJs', 'customConditions'],
  ...['experimentalDecorators', 'emitDecoratorMetadata', 'useDefineForClassFields', 'useUnknownInCatchVariables'],
  ...['exactOptionalPropertyTypes', 'allowUnreachableCode', 'allowUnusedLabels', 'allowArbitraryExtensions'],
  ...['moduleSuffixes', 'reactNamespace', 'preserveSymlinks'],
]);
const byName = /^(strict|no[A-Z]|jsx)/;
/** Of those by name: what would keep a cell from running. */
const never = new Set(['noEmit', 'noEmitOnError', 'noEmitHelpers', 'noLib', 'noResolve', 'noCheck']);

/** What would make other programs of the same sources, and cells have otherwise. */
const remarkable: Readonly<Record<string, (value: unknown) => boolean>> = {
  moduleResolution: (value) => value === ts.ModuleResolutionKind.Classic,
  noLib: (value) => value === true,
  outFile: (value) => value !== undefined,
  verbatimModuleSyntax: (value) => value === true,
};

/** The stamp of what the settings come from: the settings hold as long as it is the same. */
export const stampOfSettings = (platform: Platform): string => platform.stampOf(configOf(platform));

const configOf = ({ folder }: Platform) => path.posix.join(folder.replaceAll('\\', '/'), 'tsconfig.json');

export function settingsOf(platform: Platform): Settings {
  const given = readConfig(platform);
  const roots = given.options.typeRoots ?? defaultTypeRoots(platform.folder);
  const ofPlatform = platform.typeOptions(roots);
  const options: ts.CompilerOptions = {
    jsx: ts.JsxEmit.React,
    // What a program in JavaScript says is up to its author.
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
  // Of what a project consists does not matter, and looking for it may take long.
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

/** That no file, or not every one, belongs to the project. */
const noFiles = new Set([18002, 18003]);

/** What an earlier target has is what cells may use, too. */
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

/** The names of what makes elements, where that is a function in sight and no package. */
export function makersOf({ options }: Settings): readonly string[] {
  const { jsx, jsxFactory, jsxFragmentFactory, reactNamespace = 'React' } = options;
  if (jsx !== ts.JsxEmit.React) return [];
  const makers = [jsxFactory ?? reactNamespace, jsxFragmentFactory ?? reactNamespace];
  return [...new Set(makers.map((maker) => maker.split('.')[0]))];
}

/** Of the settings what decides how a file becomes JavaScript, without a look at types. */
export const emitOptions = ({ options }: Settings): ts.CompilerOptions => {
  const { jsx, jsxFactory, jsxFragmentFactory, jsxImportSource, reactNamespace } = options;
  const { experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields } = options;
  return {
    ...{ jsx, jsxFactory, jsxFragmentFactory, jsxImportSource, reactNamespace },
    ...{ experimentalDecorators, emitDecoratorMetadata, useDefineForClassFields },
  };
};
