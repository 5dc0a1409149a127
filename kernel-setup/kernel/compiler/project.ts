// The files of a notebook's program for TypeScript's language service: the cell, virtual files with the declarations of
// earlier cells, imported files, and the declarations visible in every cell.
import path from 'node:path';
import { CELL, type CellFile } from './cell-file';
import { Declarations, LIBRARY, nodeIndex } from './declarations';
import { registryOf } from './documentation';
import { Importable, type Source } from './importable';
import { ExportReader, type ModuleExports, merged } from './module-exports';
import type { Platform } from './platform';
import { type Settings, settingsOf, stampOfSettings } from './settings';
import { ts } from './typescript';

/** The folder of the package to which a file belongs. */
const packageOf = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
/** Node's declarations, which are part of the kernel and read once. */
const ofNode = /\/node_modules\/(@types\/node|undici-types)\//;
/** Virtual files of cells, whatever the extension: TypeScript looks for several of them on the disk. */
const ofCells = /\/__(?:cell|modules)\d+(?:_\w+)?\.\w+(?:\.\w+)?$/;
/** Milliseconds that results of file system checks are reused while the user types. */
const freshFor = 500;

const noCell: CellFile = { text: 'export {};\n', start: 0, end: 0, kind: ts.ScriptKind.TS, implied: [] };

export class Project {
  readonly service: ts.LanguageService;
  /** The cell's file. */
  readonly file: string;
  private cell = noCell;
  /** Number of file system checks, and the time of the last one. */
  private round = 0;
  private lookedAt = Number.NEGATIVE_INFINITY;
  /** Increases when the program may differ. Without it TypeScript compares the versions of all files at each of its functions. */
  private version = 0;
  /** Changes when a package is installed or removed. */
  private installed = '';
  private readonly declarations: Declarations;
  private settingsNow: Settings;
  private stampOfSettings: string;
  private readonly snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  /** Stamps of files in this round. */
  private readonly stamps = new Map<string, string>();
  /** Resolved imports by file; undefined if unresolved. */
  private readonly imports = new Map<string, ReadonlyMap<string, string | undefined>>();
  /** By file, the package.json files of its imports, which may redirect the types. */
  private readonly manifests = new Map<string, readonly string[]>();
  /** The nearest package.json by folder. */
  private readonly manifestsByFolder = new Map<string, string | undefined>();
  /** Names of all imported modules. */
  private readonly imported = new Set<string>();
  private resolved: ts.ModuleResolutionCache;
  /** Modules that have not been imported yet, offered for completion. */
  private offered: readonly string[] = [];
  /** Entry files of packages by specifier: resolving takes as long as compiling a cell. */
  private readonly entries = new Map<string, string>();
  /** The dependencies in package.json, with its stamp. */
  private named: { stamp: string; ids: string[] } | undefined;
  private nodeModules: readonly NodeModule[] | undefined;
  /** Answers about the cell being typed, by program. */
  private readonly answers = new WeakMap<ts.Program, Map<string, unknown>>();
  /** Programs whose modules have been declared. */
  private readonly declared = new WeakSet<ts.Program>();
  /** Finds imports for missing names. */
  readonly importable = new Importable(() => this.sources());

  /**
   * @param types declaration files visible in every cell
   * @param virtualFiles files that exist only in memory
   * @param libraries additional TypeScript libraries that cells reference
   */
  constructor(
    private readonly platform: Platform,
    private readonly types: readonly string[],
    private readonly virtualFiles: ReadonlyMap<string, string>,
    private readonly libraries: ReadonlySet<string>,
  ) {
    this.file = path.posix.join(platform.folder.replaceAll('\\', '/'), CELL);
    this.declarations = new Declarations(platform);
    this.settingsNow = settingsOf(platform);
    this.stampOfSettings = stampOfSettings(platform);
    this.resolved = this.newResolutions();
    this.service = ts.createLanguageService(this.host(), registryOf(platform));
  }

  /** Compiler settings of cells; they change with tsconfig.json. */
  get settings(): Settings {
    return this.settingsNow;
  }

  /** Makes the next program check the file system for changes. */
  look(): void {
    this.changed();
    this.round += 1;
    this.lookedAt = performance.now();
    this.stamps.clear();
    const installed = this.stampOfInstalled();
    if (installed !== this.installed) {
      this.entries.clear();
      this.manifestsByFolder.clear();
    }
    this.installed = installed;
    const stamp = stampOfSettings(this.platform);
    if (stamp !== this.stampOfSettings) this.settingsNow = settingsOf(this.platform);
    this.stampOfSettings = stamp;
    this.resolved = this.newResolutions();
  }

  /** Makes the next program see what cells have declared since. */
  changed(): void {
    this.version += 1;
  }

  /** Like `look`, unless it was called just before: too slow for each key press. */
  lookAgain(): void {
    if (performance.now() - this.lookedAt > freshFor) this.look();
  }

  /**
   * Replaces the cell.
   * @param missing a name that it may have to import: modules that may export it become part of the program
   * @returns the program
   */
  put(cell: CellFile, missing?: string): ts.Program {
    const isOther = cell.text !== this.cell.text || cell.kind !== this.cell.kind;
    this.cell = cell;
    const before = this.offered;
    this.offered = missing === undefined ? [] : this.importable.find(missing, 'both').map(({ file }) => file);
    if (isOther || this.offered.length + before.length > 0) this.changed();
    const program = this.service.getProgram()!;
    if (this.declared.has(program)) return program;
    this.declared.add(program);
    const sources = () => program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
    const asksForAny = sources().some(({ text }) => text.includes('getBuiltinModule'));
    if (!this.declarations.want(this.imported, asksForAny)) return program;
    this.changed();
    return this.service.getProgram()!;
  }

  /** The answer to a question about a cell. It is kept with the program: a front end may ask for a tooltip and a panel. */
  answer<T>(question: string, cell: CellFile, find: (program: ts.Program) => T): T {
    const program = this.put(cell);
    const answers = this.answers.get(program) ?? new Map<string, unknown>();
    this.answers.set(program, answers);
    const key = `${question} ${cell.start}`;
    if (!answers.has(key)) answers.set(key, find(program));
    return answers.get(key) as T;
  }

  /** The file of the cell in a program. */
  cellIn(program: ts.Program): ts.SourceFile {
    return program.getSourceFile(this.file)!;
  }

  /** The file and its imports, directly or not, except declaration files. */
  dependenciesOf(file: ts.SourceFile | undefined, program: ts.Program, found = new Set<string>()): Set<string> {
    if (file === undefined || found.has(file.fileName)) return found;
    found.add(file.fileName);
    if (file.isDeclarationFile) return found;
    for (const target of this.imports.get(file.fileName)?.values() ?? [])
      if (target !== undefined) this.dependenciesOf(program.getSourceFile(target), program, found);
    return found;
  }

  /** The local source of an aliased import, as a path relative to the importing file. */
  aliased(specifier: string, from: string): string | undefined {
    if (this.settings.options.paths === undefined || /^(\.{0,2}\/|node:)/.test(specifier)) return undefined;
    const target = this.targetOf(specifier, from);
    if (target === undefined || /\/node_modules\/|\.d\.[cm]?ts$/.test(target)) return undefined;
    if (this.platform.isOfPackage(target)) return undefined;
    const relative = path.posix.relative(path.posix.dirname(from), target);
    return relative.startsWith('.') ? relative : `./${relative}`;
  }

  /** Resolves an import, even if the program does not contain the importing file. */
  private targetOf(specifier: string, from: string): string | undefined {
    const known = this.imports.get(from);
    if (known?.has(specifier)) return known.get(specifier);
    const { options } = this.settings;
    const { resolvedModule } = ts.resolveModuleName(specifier, from, options, this.files, this.resolved);
    return resolvedModule?.resolvedFileName;
  }

  close(): void {
    this.importable.close();
    this.service.dispose();
  }

  /** Files on disk and virtual files. */
  private readonly files = {
    fileExists: (file: string): boolean =>
      file === this.file || this.virtualFiles.has(file) || (!ofCells.test(file) && ts.sys.fileExists(file)),
    readFile: (file: string, encoding?: string): string | undefined => this.textOf(file, encoding),
    getCurrentDirectory: (): string => this.platform.folder,
    useCaseSensitiveFileNames: (): boolean => true,
    directoryExists: (folder: string): boolean => ts.sys.directoryExists(folder),
    getDirectories: (folder: string): string[] => ts.sys.getDirectories(folder),
    realpath: (file: string): string => ts.sys.realpath?.(file) ?? file,
  };

  private host(): ts.LanguageServiceHost {
    return {
      ...this.files,
      getProjectVersion: () => String(this.version),
      getCompilationSettings: () => this.optionsWithLibraries(),
      getScriptFileNames: () => [
        ...this.types,
        this.file,
        ...this.declarations.lateFiles,
        ...this.modulesOfCells(),
        ...this.offered,
      ],
      getScriptKind: (file) => (file === this.file ? this.cell.kind : kindOf(file)),
      getScriptVersion: (file) => this.versionOf(file),
      getScriptSnapshot: (file) => this.snapshotOf(file),
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      readDirectory: (...args) => ts.sys.readDirectory(...args),
      resolveModuleNameLiterals: (literals, containing, redirected, options, file) => {
        const found = literals.map(({ text }) =>
          ts.resolveModuleName(
            this.platform.pathOf(text),
            containing,
            options,
            this.files,
            this.resolved,
            redirected,
            file.impliedNodeFormat,
          ),
        );
        const targets = found.map(({ resolvedModule }) => resolvedModule?.resolvedFileName);
        this.imports.set(containing, new Map(literals.map(({ text }, i) => [text, targets[i]])));
        this.manifests.set(containing, this.manifestsFor(containing, literals, targets));
        // Stamps are taken before resolving: a package may change in between.
        this.stampOfImports(containing);
        if (!nodeIndex.test(containing)) for (const { text } of literals) this.imported.add(text);
        return found;
      },
    };
  }

  private optionsWithLibraries(): ts.CompilerOptions {
    const { options } = this.settings;
    const more = this.declarations.filesOf(this.libraries);
    return more.length === 0 ? options : { ...options, lib: [...(options.lib ?? [LIBRARY]), ...more] };
  }

  private newResolutions(): ts.ModuleResolutionCache {
    return ts.createModuleResolutionCache(this.platform.folder, (file) => file, this.settings.options);
  }

  /**
   * Modules that cells can import: files beside the cell, gradlab, Node's modules, earlier imports, dependencies in
   * package.json.
   */
  private sources(): Source[] {
    const { folder, namesIn } = this.platform;
    const beside = namesIn(folder).filter((file) => /(?<!\.d)\.tsx?$/.test(file) && file !== CELL);
    const local = beside.map((file) => this.source(`./${file.replace(/\.tsx?$/, '')}`, path.posix.join(folder, file)));
    return [...local, ...this.packages(ours), ...this.ofPlatform(), ...this.packages(this.otherPackages())];
  }

  /** Earlier imports and dependencies in package.json. */
  private otherPackages(): string[] {
    const manifest = path.posix.join(this.platform.folder, 'package.json');
    const stamp = this.stampOf(manifest);
    if (this.named?.stamp !== stamp) this.named = { stamp, ids: dependenciesIn(this.files.readFile(manifest)) };
    const imported = [this.file, ...this.virtualFiles.keys()].flatMap((file) => [
      ...(this.imports.get(file)?.keys() ?? []),
    ]);
    const isOther = (id: string) =>
      !/^(\.|\/|node:|file:|@types\/)/.test(id) && !ours.includes(id) && !this.platform.hasModule(id);
    return [...new Set([...imported, ...this.named.ids].filter(isOther))];
  }

  private packages(ids: readonly string[]): Source[] {
    return ids.flatMap((id) => {
      const known = this.entries.get(id);
      const file = known !== undefined && this.files.fileExists(known) ? known : this.targetOf(id, this.file);
      if (file === undefined) return [];
      this.entries.set(id, file);
      return this.source(id, file);
    });
  }

  private source(specifier: string, file: string): Source {
    const read = () => this.reader().exportsOf(file, specifier);
    const isOurs = ours.includes(specifier);
    return {
      specifier,
      file,
      version: `${file} ${this.versionOf(file)}`,
      read: () => (isOurs ? this.keptFrom(file, read) : read()),
    };
  }

  /** Node's modules by their `node:` names. */
  private ofPlatform(): Source[] {
    const program = this.service.getProgram();
    const index = program?.getSourceFiles().find(({ fileName }) => nodeIndex.test(fileName))?.fileName;
    if (index === undefined) return [];
    this.nodeModules ??= this.keptFrom(index, () => {
      const files = ts.sys.readDirectory(path.posix.dirname(index), ['.d.ts'], undefined, undefined, 2);
      const reader = this.reader();
      const found = new Map<string, NodeModule>();
      for (const file of files)
        for (const [name, exports] of reader.declaredIn(file)) {
          const specifier = `node:${name.replace(/^node:/, '')}`;
          // Either `fs` or `node:fs` only re-exports the other.
          const isOwn = exports.names.size > 0 || exports.default !== undefined;
          if (isOwn) found.set(specifier, { specifier, file, exports: merged(exports, found.get(specifier)?.exports) });
        }
      return [...found.values()];
    });
    const isThere = ({ specifier }: NodeModule) =>
      this.platform.hasModule(specifier) || this.platform.hasModule(specifier.slice('node:'.length));
    return this.nodeModules
      .filter(isThere)
      .map(({ specifier, file, exports }) => ({ specifier, file, version: file, read: () => exports }));
  }

  /** The result of `make` from a file's exports, cached until the file changes. */
  private keptFrom<T>(file: string, make: () => T): T {
    return this.platform.kept(`${file}.exports`, (readText) => {
      readText(file);
      return make();
    });
  }

  private reader(): ExportReader {
    return new ExportReader({
      read: (file) => this.files.readFile(file),
      resolve: (id, from) => this.targetOf(id, from),
    });
  }

  /** Modules that only cells declare. */
  private modulesOfCells(): string[] {
    return [...this.virtualFiles.keys()].filter((file) => /\/__modules\d+\.d\.ts$/.test(file));
  }

  private textOf(file: string, encoding?: string): string | undefined {
    if (file === this.file) return this.cell.text;
    const own = this.virtualFiles.get(file) ?? this.declarations.read(file, this.seesAll);
    return own ?? ts.sys.readFile(file, encoding);
  }

  /** Changes with the text, or when unresolved imports may now resolve. */
  private versionOf(file: string): string {
    // The current cell is checked again: a package may have been installed.
    if (file === this.file) return `${this.round}:${this.cell.text}`;
    const virtual = this.virtualFiles.get(file);
    if (virtual !== undefined) return `${virtual} ${this.stampOfImports(file)}`;
    if (this.declarations.isLibrary(file)) return String(this.seesAll);
    if (this.isFixed(file)) return '';
    return `${this.stampOf(file)} ${this.stampOfImports(file)} ${this.lacks(file)}`;
  }

  /** Changes when a file's imports may resolve differently. */
  private stampOfImports(file: string): string {
    return (this.manifests.get(file) ?? []).map((one) => this.stampOf(one)).join(' ');
  }

  /** Whether a file belongs to the kernel or is one of Node's declarations, which do not change while it runs. */
  private isFixed(file: string): boolean {
    const [library] = this.settings.options.paths?.gradlab ?? [];
    if (ofNode.test(file) || (library !== undefined && file.startsWith(library))) return true;
    return !file.includes('/node_modules/') && this.platform.isOfPackage(file);
  }

  /** For a file with unresolved imports: changes when one of them may resolve. */
  private lacks(file: string): string {
    // A built-in module is declared and has no file.
    const isMissing = ([name, target]: [string, string | undefined]) =>
      target === undefined && !name.startsWith('node:') && !this.platform.hasModule(name);
    if (![...(this.imports.get(file) ?? [])].some(isMissing)) return '';
    // Packages often lack optional dependencies; do not read them again for each cell.
    return packageOf.test(file) ? this.installed : String(this.round);
  }

  /** The package.json files of a file's own package and of its imports. */
  private manifestsFor(file: string, literals: readonly ts.StringLiteralLike[], targets: (string | undefined)[]) {
    if (file === this.file) return [];
    const imported = targets.filter((target, i) => target !== undefined && !/^\.{0,2}\//.test(literals[i].text));
    const own = packageOf.test(file) ? [file] : [];
    const found = [...own, ...imported].map((one) => this.manifestOf(path.posix.dirname(one!)));
    return [...new Set(found)].filter((one) => one !== undefined);
  }

  private manifestOf(folder: string): string | undefined {
    if (this.manifestsByFolder.has(folder)) return this.manifestsByFolder.get(folder);
    const file = path.posix.join(folder, 'package.json');
    const above = path.posix.dirname(folder);
    const isTop = above === folder || above.endsWith('/node_modules');
    const found = isTop || this.files.fileExists(file) ? file : this.manifestOf(above);
    this.manifestsByFolder.set(folder, found);
    return found;
  }

  /** Stamps of the node_modules folders at the notebook and above, and of npm's lock files in them. */
  private stampOfInstalled(): string {
    const roots = this.settings.options.typeRoots ?? [];
    const ofFolder = (types: string) => {
      const folder = path.posix.dirname(types);
      return [types, folder, path.posix.join(folder, '.package-lock.json')].map((one) => this.stampOf(one));
    };
    return roots
      .filter((root) => root.endsWith('/node_modules/@types'))
      .flatMap(ofFolder)
      .join(' ');
  }

  /** Whether cells use all of ECMAScript, not only the libraries that the project names. */
  private get seesAll(): boolean {
    return this.settings.options.lib?.includes(LIBRARY) === true;
  }

  private stampOf(file: string): string {
    const known = this.stamps.get(file);
    if (known !== undefined) return known;
    const stamp = this.platform.stampOf(file);
    this.stamps.set(file, stamp);
    return stamp;
  }

  private snapshotOf(file: string): ts.IScriptSnapshot | undefined {
    const version = this.versionOf(file);
    const known = this.snapshots.get(file);
    if (known?.version === version) return known.snapshot;
    const text = this.textOf(file);
    if (text === undefined) return undefined;
    const snapshot = ts.ScriptSnapshot.fromString(text);
    this.snapshots.set(file, { version, snapshot });
    return snapshot;
  }
}

interface NodeModule {
  specifier: string;
  file: string;
  exports: ModuleExports;
}

/** Entry points of gradlab proposed for imports. */
const ours: readonly string[] = ['gradlab', 'gradlab/lab'];

/** The dependencies in a package.json. */
function dependenciesIn(manifest = '{}'): string[] {
  const { config = {} } = ts.parseConfigFileTextToJson('package.json', manifest) as { config?: Record<string, object> };
  return Object.keys({ ...config.dependencies, ...config.devDependencies });
}

/** The script kind of an extension; the service asks only for known ones. */
function kindOf(file: string): ts.ScriptKind {
  if (/\.[cm]?ts$/.test(file)) return ts.ScriptKind.TS;
  if (file.endsWith('.tsx')) return ts.ScriptKind.TSX;
  if (file.endsWith('.jsx')) return ts.ScriptKind.JSX;
  return file.endsWith('.json') ? ts.ScriptKind.JSON : ts.ScriptKind.JS;
}
