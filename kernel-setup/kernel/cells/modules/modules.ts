// What `import` and `require` load in cells besides local files: ES modules, CommonJS, JSON, JavaScript.
import fs from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { stampOf } from '../../compiler/kept-files';
import { adviceOnMissing } from '../../missing-module';
import { withShownPaths } from '../errors/stack';
import { testsForCells } from '../node/node-tests';
import { prepareReadline } from '../node/stdin';
import { keepParentIn } from '../parent/keep-parent-node';
import { failingAtNewNames, LoadedVersions } from './loaded-versions';
import { type Import, isPath, type Load, LocalFiles } from './local-files';
import { importedFile, sourceAt } from './resolve';

const isUrl = (id: string) => /^(file|data|https?):/.test(id);
const importDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER as never;

/** Codes of `require` errors for modules that only `import` can load. */
const mustBeImported = new Set([
  'ERR_REQUIRE_ESM',
  'ERR_REQUIRE_ASYNC_MODULE',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_REQUIRE_CYCLE_MODULE',
]);

export class Modules extends LocalFiles<Module> {
  /** Modules that were loaded asynchronously, by folder and specifier. Later `require`s return them. */
  private readonly awaited = new Map<string, unknown>();
  private readonly versions = new LoadedVersions();
  private readonly wasm = new Map<string, { stamp: string | number; exports: object }>();
  readonly require: Load;
  readonly import: Import;
  /** `module` for scripts written for CommonJS. */
  readonly module: Module;

  readonly meta: object;

  /** @param file the common file name of all cells */
  constructor(file: string) {
    super();
    const folder = path.dirname(file);
    this.meta = { ...this.metaOf(file), main: true };
    this.module = Object.assign(new Module(file), { filename: file, paths: [] });
    this.require = Object.assign(this.requireFrom(folder), { main: this.module });
    this.import = this.importFrom(folder);
  }

  /** `import.meta` of a file. */
  protected metaOf(file: string): object {
    const folder = path.dirname(file);
    const resolve = (id: string) => this.resolve(id, folder);
    return { url: String(pathToFileURL(file)), filename: file, dirname: folder, main: false, resolve };
  }

  /** `import.meta.resolve` */
  private resolve(id: string, folder: string): string {
    if (isBuiltin(id)) return id.startsWith('node:') ? id : `node:${id}`;
    const local = localPath(id, folder);
    if (local !== undefined) return String(pathToFileURL(this.find(local) ?? sourceAt(local) ?? local));
    if (isUrl(id)) return new URL(id).href;
    const native = createRequire(path.join(folder, 'cell.js'));
    try {
      return String(pathToFileURL(native.resolve(id)));
    } catch (error) {
      const file = isOwn(id) ? require.resolve(id) : importedFile(id, native.resolve.paths(id) ?? []);
      if (file === undefined) throw explained(error, id, folder);
      return String(pathToFileURL(file));
    }
  }

  /** @param user the importing local file @param forImport whether the source has `import` */
  protected requireFrom(folder: string, user?: string, forImport = false): Load {
    const file = path.join(folder, 'cell.js');
    const native = createRequire(file);
    const load: Load = (id) => {
      if (id === 'tslab') return tslabApi();
      if (/^(node:)?readline(\/|$)/.test(id)) prepareReadline();
      if (id === 'node:test') return testsForCells(native(id));
      const stem = localPath(id, folder);
      const local = stem === undefined ? undefined : this.find(stem);
      if (local !== undefined) return this.loadLocal(local, user);
      if (stem?.endsWith('.wasm')) return this.loadWasm(stem, load);
      if (forImport && this.importing > 0 && isDual(id, native)) return this.loadAsImport(id, file, user !== undefined);
      return this.loadNatively(id, native, file);
    };
    return Object.assign(load, { resolve: native.resolve, cache: native.cache });
  }

  /** If a name exists only in a newer version on disk, the import fails and says so. */
  protected override importFrom(folder: string, user?: string): Import {
    const load = super.importFrom(folder, user);
    const native = createRequire(path.join(folder, 'cell.js'));
    return async (id) => {
      const loaded = await load(id);
      if (isBuiltin(id)) return loaded;
      this.versions.tell();
      // A local file may re-export its imports.
      const isLocal = localPath(id, folder) !== undefined;
      const change = isLocal ? this.versions.change() : this.versions.changeOf(id, native);
      return change === undefined ? loaded : failingAtNewNames(loaded, id, change);
    };
  }

  /** A message about packages that have changed on disk. */
  change(): string | undefined {
    return this.versions.change();
  }

  /** Like other runtimes: imports of the file are loaded, and its exports are the names. */
  private loadWasm(file: string, load: Load): object {
    const known = this.wasm.get(file);
    const stamp = stampOf(file);
    if (known?.stamp === stamp) return known.exports;
    const module = new WebAssembly.Module(fs.readFileSync(file));
    const imports = WebAssembly.Module.imports(module).map(({ module: id }) => [id, load(id) as object] as const);
    const { exports } = new WebAssembly.Instance(module, Object.fromEntries(imports) as WebAssembly.Imports);
    this.wasm.set(file, { stamp, exports });
    return exports;
  }

  private loadNatively(id: string, native: NodeJS.Require, from: string): unknown {
    const key = keyOf(id, from);
    if (this.awaited.has(key)) return this.awaited.get(key);
    try {
      if (isPath(id)) this.forgetIfChanged(native.resolve(id));
      const loaded: unknown = native(id);
      keepParentIn(id, loaded);
      if (!isPath(id) && !isBuiltin(id)) this.versions.add(id, native);
      return loaded;
    } catch (error) {
      if (isOwn(id) && isMissing(error, from)) return require(id) as unknown;
      if (isUrl(id) || mustBeImported.has((error as NodeJS.ErrnoException).code ?? ''))
        this.remedies.set(error as Error, () => this.importAs(key, id, from));
      throw explained(error, id, path.dirname(from));
    }
  }

  /**
   * A package with separate files for `import` and `require`: loads the former, as other modules do. With both loaded,
   * `instanceof` would fail between them.
   */
  private loadAsImport(id: string, from: string, isForLocalFile: boolean): unknown {
    const key = `import ${keyOf(id, from)}`;
    if (!this.awaited.has(key)) {
      const error = new Error(`${id} is loaded by import`);
      this.remedies.set(error, () => this.importAs(key, id, from));
      throw error;
    }
    this.versions.add(id, createRequire(from));
    const module = this.awaited.get(key);
    return isForLocalFile ? asCompiled(module as object) : module;
  }

  private async importAs(key: string, id: string, from: string): Promise<void> {
    const importing = { filename: from, importModuleDynamically: importDynamically };
    const load = vm.runInThisContext('(id, options) => import(id, options)', importing) as ImportWith;
    // Cells may omit the attribute, as for files.
    const options = /^data:application\/json[;,]/.test(id) ? { with: { type: 'json' } } : undefined;
    const imported = load(id, options).catch((reason: unknown) => {
      throw explained(reason, id, path.dirname(from));
    });
    this.awaited.set(key, await imported);
  }

  protected override localPath(id: string, folder: string): string | undefined {
    return localPath(id, folder);
  }

  protected stampOf(file: string): string {
    return stampOf(file);
  }

  protected sourceAt(stem: string): string | undefined {
    return sourceAt(stem);
  }

  protected moduleOf(file: string): Module {
    return Object.assign(new Module(file), { filename: file });
  }

  private forgetIfChanged(file: string): void {
    const stamp = stampOf(file);
    if (this.stamps.get(file) === stamp) return;
    delete require.cache[file];
    this.stamps.set(file, stamp);
  }
}

type ImportWith = (id: string, options?: ImportCallOptions) => Promise<unknown>;

const keyOf = (id: string, from: string) => `${path.dirname(from)}\n${id}`;

/** Whether `import` and `require` of a package resolve to different files. */
function isDual(id: string, native: NodeJS.Require): boolean {
  if (isPath(id) || isUrl(id) || isBuiltin(id) || isOwn(id)) return false;
  const imported = importedFile(id, native.resolve.paths(id) ?? []);
  if (imported === undefined || !fs.existsSync(imported)) return false;
  try {
    return fs.realpathSync(imported) !== fs.realpathSync(native.resolve(id));
  } catch {
    return false; // `import` finds what `require` rejects
  }
}

const compiled = new WeakMap<object, object>();

/** A module for code compiled to CommonJS: `__esModule` marks `default` as the default export. */
function asCompiled(module: object): object {
  let view = compiled.get(module);
  if (view === undefined) {
    view = Object.create(module, { __esModule: { value: true } }) as object;
    compiled.set(module, view);
  }
  return view;
}

/** The local file for a specifier, with or without extension. */
function localPath(id: string, folder: string): string | undefined {
  if (isPath(id)) return path.resolve(folder, id);
  return id.startsWith('file:') ? fileURLToPath(id) : undefined;
}

/** gradlab can be imported in any folder, because the kernel contains it. */
const isOwn = (id: string) => /^gradlab(\/|$)/.test(id);

/** Whether the module missing is the one that `from` itself imports. */
function isMissing(error: unknown, from: string): boolean {
  const { code, requireStack } = error as { code?: string; requireStack?: string[] };
  return code === 'MODULE_NOT_FOUND' && requireStack?.[0] === from;
}

/** An error about a missing module without the internal file name of cells, and with advice. */
function explained(error: unknown, id: string, folder: string): unknown {
  const from = path.join(folder, 'cell.js');
  if (!(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (isMissing(error, from)) {
    const local = localPath(id, folder);
    const isSource = local !== undefined && sourceAt(local) !== undefined;
    const advice = isSource ? `\`await import("${id}")\` loads TypeScript.` : adviceOnMissing(id, folder);
    error.message = `Cannot find module '${id}'. ${advice}`;
    Reflect.deleteProperty(error, 'requireStack');
  } else if (code === 'ERR_MODULE_NOT_FOUND') error.message = error.message.replace(` imported from ${from}`, '');
  // Node's messages have absolute paths.
  if (error.constructor === Error || error instanceof SyntaxError) error.message = withShownPaths(error.message);
  return error;
}

/** tslab's interface for notebooks written for it, also if tslab is not installed. */
function tslabApi(): unknown {
  const { tslabApi: make } = require('./tslab') as typeof import('./tslab');
  const versionOf = (name: string) => {
    try {
      return (require(`${name}/package.json`) as { version: string }).version;
    } catch {
      return '';
    }
  };
  return make({ tslab: versionOf('tslab'), typescript: versionOf('typescript'), node: process.version });
}
