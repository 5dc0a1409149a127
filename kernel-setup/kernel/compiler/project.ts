// The files of a notebook's program, as TypeScript's language service asks for them: the cell, the declarations of earlier
// cells, which exist only here, what they import, and the declarations that every cell sees.
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
/** Node's declarations, which belong to the kernel: they are read once. */
const ofNode = /\/node_modules\/(@types\/node|undici-types)\//;
/** For so many milliseconds what has been seen on the disk is good enough for somebody who types. */
const freshFor = 500;

const noCell: CellFile = { text: 'export {};\n', start: 0, end: 0, kind: ts.ScriptKind.TS, implied: [] };

export class Project {
  readonly service: ts.LanguageService;
  /** The file of the cell. */
  readonly file: string;
  private cell = noCell;
  /** How often somebody has looked at the disk, and when the last time was. */
  private round = 0;
  private lookedAt = Number.NEGATIVE_INFINITY;
  /** Increases when the program may differ. Without it TypeScript compares the versions of all files at each of its functions. */
  private version = 0;
  /** Differs when a package has been installed or removed. */
  private installed = '';
  private readonly declarations: Declarations;
  private settingsNow: Settings;
  private stampOfSettings: string;
  private readonly snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  /** The stamps of files in this round. */
  private readonly stamps = new Map<string, string>();
  /** By file, what its imports lead to; nothing where they lead nowhere. */
  private readonly imports = new Map<string, ReadonlyMap<string, string | undefined>>();
  /** By file, what packages say of themselves where its imports lead: where the types are may change. */
  private readonly manifests = new Map<string, readonly string[]>();
  /** By folder, the package.json that counts in it. */
  private readonly manifestsByFolder = new Map<string, string | undefined>();
  /** The names of all modules that something imports. */
  private readonly imported = new Set<string>();
  private resolved: ts.ModuleResolutionCache;
  /** What nothing imports yet. */
  private offered: readonly string[] = [];
  /** The files of packages, by what imports them: to look for them again takes as long as a cell. */
  private readonly entries = new Map<string, string>();
  /** The packages that a package.json names, at its stamp. */
  private named: { stamp: string; ids: string[] } | undefined;
  private nodeModules: readonly NodeModule[] | undefined;
  /** What a cell may import by a name that it lacks. */
  readonly importable = new Importable(() => this.sources());

  /**
   * @param types declaration files that every cell sees
   * @param virtualFiles files that exist only for the compiler
   * @param libraries TypeScript's libraries beyond ECMAScript that cells want, by name
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

  /** What cells are compiled with; it changes with the tsconfig.json. */
  get settings(): Settings {
    return this.settingsNow;
  }

  /** Has the next program see what has changed on the disk. */
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

  /** Has the next program see what cells have declared since. */
  changed(): void {
    this.version += 1;
  }

  /** The same, unless it has just been done: for each key that somebody types it would be too much. */
  lookAgain(): void {
    if (performance.now() - this.lookedAt > freshFor) this.look();
  }

  /**
   * Puts a cell in the place of the one before.
   * @param missing a name that it may have to import: what may export that is in the program, too
   * @returns the program with it
   */
  put(cell: CellFile, missing?: string): ts.Program {
    const isOther = cell.text !== this.cell.text || cell.kind !== this.cell.kind;
    this.cell = cell;
    const before = this.offered;
    this.offered = missing === undefined ? [] : this.importable.find(missing, 'both').map(({ file }) => file);
    if (isOther || this.offered.length + before.length > 0) this.changed();
    const program = this.service.getProgram()!;
    const sources = () => program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
    const asksForAny = sources().some(({ text }) => text.includes('getBuiltinModule'));
    if (!this.declarations.want(this.imported, asksForAny)) return program;
    this.changed();
    return this.service.getProgram()!;
  }

  /** The file of the cell in a program. */
  cellIn(program: ts.Program): ts.SourceFile {
    return program.getSourceFile(this.file)!;
  }

  /** The file and those that it imports, directly or not; declaration files are not looked into. */
  dependenciesOf(file: ts.SourceFile | undefined, program: ts.Program, found = new Set<string>()): Set<string> {
    if (file === undefined || found.has(file.fileName)) return found;
    found.add(file.fileName);
    if (file.isDeclarationFile) return found;
    for (const target of this.imports.get(file.fileName)?.values() ?? [])
      if (target !== undefined) this.dependenciesOf(program.getSourceFile(target), program, found);
    return found;
  }

  /** The source of ours that an import by an alias means, as a path from the file that imports it. */
  aliased(specifier: string, from: string): string | undefined {
    if (this.settings.options.paths === undefined || /^(\.{0,2}\/|node:)/.test(specifier)) return undefined;
    const target = this.targetOf(specifier, from);
    if (target === undefined || /\/node_modules\/|\.d\.[cm]?ts$/.test(target)) return undefined;
    if (this.platform.isOfPackage(target)) return undefined;
    const relative = path.posix.relative(path.posix.dirname(from), target);
    return relative.startsWith('.') ? relative : `./${relative}`;
  }

  /** What an import means, whether or not the program has the file that imports it. */
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

  /** The files on the disk, and those that exist only here. */
  private readonly files = {
    fileExists: (file: string): boolean => file === this.file || this.virtualFiles.has(file) || ts.sys.fileExists(file),
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
        // Stamps are as old as what was found: taken later, they may be those of a package that has changed since.
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

  /** What cells may import: sources beside the cell, gradlab, Node's modules, what cells have imported, the packages of its package.json. */
  private sources(): Source[] {
    const { folder, namesIn } = this.platform;
    const beside = namesIn(folder).filter((file) => /(?<!\.d)\.tsx?$/.test(file) && file !== CELL);
    const local = beside.map((file) => this.source(`./${file.replace(/\.tsx?$/, '')}`, path.posix.join(folder, file)));
    return [...local, ...this.packages(ours), ...this.ofPlatform(), ...this.packages(this.otherPackages())];
  }

  /** What cells have imported, and what their package.json names. */
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

  /** Node's modules, each by its newer name. */
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
          // `fs` hands on what `node:fs` exports, or the other way round.
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

  /** What `make` gives of the exports of a file, kept until that is another one. */
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

  /** Differs when the text has, or when imports that led nowhere may lead somewhere. */
  private versionOf(file: string): string {
    // What is typed again is looked at again: a package may be there now.
    if (file === this.file) return `${this.round}:${this.cell.text}`;
    const virtual = this.virtualFiles.get(file);
    if (virtual !== undefined) return `${virtual} ${this.stampOfImports(file)}`;
    if (this.declarations.isLibrary(file)) return String(this.seesAll);
    if (this.isFixed(file)) return '';
    return `${this.stampOf(file)} ${this.stampOfImports(file)} ${this.lacks(file)}`;
  }

  /** Differs when what a file imports may be elsewhere by now. */
  private stampOfImports(file: string): string {
    return (this.manifests.get(file) ?? []).map((one) => this.stampOf(one)).join(' ');
  }

  /** Whether a file belongs to the kernel, Node's declarations among them: it is what it was when the kernel started. */
  private isFixed(file: string): boolean {
    const [library] = this.settings.options.paths?.gradlab ?? [];
    if (ofNode.test(file) || (library !== undefined && file.startsWith(library))) return true;
    return !file.includes('/node_modules/') && this.platform.isOfPackage(file);
  }

  /** Of a file whose imports lead nowhere: differs when one of them may lead somewhere. */
  private lacks(file: string): string {
    // A module of the platform is declared, and leads to no file.
    const isMissing = ([name, target]: [string, string | undefined]) =>
      target === undefined && !name.startsWith('node:') && !this.platform.hasModule(name);
    if (![...(this.imports.get(file) ?? [])].some(isMissing)) return '';
    // Packages often lack what they can do without, and are not to be read again for each cell.
    return packageOf.test(file) ? this.installed : String(this.round);
  }

  /** What packages say of themselves: the one that a file belongs to, and those that it imports. */
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

  /** The folders of packages at the notebook and above it, and what npm notes in them. */
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

  /** Whether cells see all of ECMAScript, and not only what a project names. */
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

/** The doors of gradlab that a cell is likely to mean. */
const ours: readonly string[] = ['gradlab', 'gradlab/lab'];

/** The packages that a package.json names. */
function dependenciesIn(manifest = '{}'): string[] {
  const { config = {} } = ts.parseConfigFileTextToJson('package.json', manifest) as { config?: Record<string, object> };
  return Object.keys({ ...config.dependencies, ...config.devDependencies });
}

/** The kind that an extension says; the service asks only for files that have one. */
function kindOf(file: string): ts.ScriptKind {
  if (/\.[cm]?ts$/.test(file)) return ts.ScriptKind.TS;
  if (file.endsWith('.tsx')) return ts.ScriptKind.TSX;
  if (file.endsWith('.jsx')) return ts.ScriptKind.JSX;
  return file.endsWith('.json') ? ts.ScriptKind.JSON : ts.ScriptKind.JS;
}
