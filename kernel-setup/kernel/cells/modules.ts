// What `import` and `require` load in a cell: packages of either kind, JSON, and local files, which the host has compiled.
import fs from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { given } from '../given-names';
import { candidates } from '../local-file';
import { adviceOnMissing } from '../missing-module';
import type { LocalModule } from '../process-messages';
import { compileFile } from './compile';
import { functionOf } from './evaluate';
import { keepParentIn } from './keep-parent-node';
import { namespaceOf } from './namespace';
import { flow } from './parent';
import { importedFile, sourceAt } from './resolve';
import { addSourceMap } from './source-maps';
import { prepareReadline } from './stdin';

type Load = (id: string) => unknown;
type Import = (id: string) => Promise<unknown>;
type Body = (this: unknown, ...args: unknown[]) => unknown;

const isPath = (id: string) => /^(\.{1,2}(\/|$)|\/)/.test(id);
const isUrl = (id: string) => /^(file|data|https?):/.test(id);
const importDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER as never;

/** Errors of `require` that say that only `import` loads a module. */
const mustBeImported = new Set([
  'ERR_REQUIRE_ESM',
  'ERR_REQUIRE_ASYNC_MODULE',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_REQUIRE_CYCLE_MODULE',
]);

export class Modules {
  /** Compiled local files. */
  private readonly compiled = new Map<string, Omit<LocalModule, 'path'>>();
  private readonly loaded = new Map<string, Module>();
  /** For each local file, those that have loaded it. */
  private readonly users = new Map<string, Set<string>>();
  /** What had to be waited for, by folder and id: from then on `require` gives it. */
  private readonly awaited = new Map<string, unknown>();
  /** How to get what a failed `require` could not load at once. */
  private readonly remedies = new WeakMap<object, () => Promise<void>>();
  /** Versions of local files: of those that are compiled, and of those that Node loads itself. */
  private readonly stamps = new Map<string, number>();
  readonly require: Load;
  readonly import: Import;
  /** What scripts written for CommonJS take themselves to be. */
  readonly module: Module;

  readonly meta: object;

  /** @param file what the cells are called as one */
  constructor(file: string) {
    const folder = path.dirname(file);
    this.meta = this.metaOf(file);
    this.module = Object.assign(new Module(file), { filename: file, paths: [] });
    this.require = Object.assign(this.requireFrom(folder), { main: this.module });
    this.import = this.importFrom(folder);
  }

  /** Takes over compiled files that are new or have changed: they and what has loaded them are loaded anew. */
  add(modules: readonly LocalModule[]): void {
    for (const { path: file, ...compiled } of modules) {
      this.stamps.set(file, timeOf(file));
      // Another compiler may send again what is there.
      if (this.compiled.get(file)?.js === compiled.js) continue;
      this.compiled.set(file, compiled);
      this.forget(file);
    }
  }

  private forget(file: string): void {
    const users = this.users.get(file) ?? [];
    this.loaded.delete(file);
    this.users.delete(file);
    for (const user of users) this.forget(user);
  }

  /** `import(id)`: with `require`, since it gives names of CommonJS packages; if that must wait for something, again. */
  private importFrom(folder: string, user?: string): Import {
    const load = this.requireFrom(folder, user);
    return async (id) => {
      const local = localPath(id, folder);
      if (local !== undefined) await this.bringUpToDate(local);
      for (;;) {
        try {
          return namespaceOf(load(id));
        } catch (error) {
          const remedy = error instanceof Error ? this.remedies.get(error) : undefined;
          if (remedy === undefined) throw error;
          this.remedies.delete(error as Error);
          await remedy();
        }
      }
    };
  }

  /** What only the name given to `import()` says: no cell has asked for that file, or not in its present version. */
  private async bringUpToDate(stem: string): Promise<void> {
    const known = this.find(stem);
    const file = known ?? sourceAt(stem);
    if (file === undefined || (known !== undefined && this.stamps.get(file) === timeOf(file))) return;
    this.add(await compileFile(file));
  }

  /** `import.meta` of a file. */
  private metaOf(file: string): object {
    const folder = path.dirname(file);
    const resolve = (id: string) => this.resolve(id, folder);
    return { url: String(pathToFileURL(file)), filename: file, dirname: folder, resolve };
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

  /** @param user the local file that loads */
  private requireFrom(folder: string, user?: string): Load {
    const file = path.join(folder, 'cell.js');
    const native = createRequire(file);
    const load: Load = (id) => {
      if (id === 'tslab') return tslabApi();
      if (/^(node:)?readline(\/|$)/.test(id)) prepareReadline();
      const stem = localPath(id, folder);
      const local = stem === undefined ? undefined : this.find(stem);
      if (local !== undefined) return this.loadLocal(local, user);
      return this.loadNatively(id, native, file);
    };
    return Object.assign(load, { resolve: native.resolve, cache: native.cache });
  }

  private loadNatively(id: string, native: NodeJS.Require, from: string): unknown {
    const key = `${path.dirname(from)}\n${id}`;
    if (this.awaited.has(key)) return this.awaited.get(key);
    try {
      if (isPath(id)) this.forgetIfChanged(native.resolve(id));
      const loaded: unknown = native(id);
      keepParentIn(id, loaded);
      return loaded;
    } catch (error) {
      if (isOwn(id) && isMissing(error, from)) return require(id) as unknown;
      if (isUrl(id) || mustBeImported.has((error as NodeJS.ErrnoException).code ?? ''))
        this.remedies.set(error as Error, async () => {
          const importing = { filename: from, importModuleDynamically: importDynamically };
          const load = vm.runInThisContext('(id) => import(id)', importing) as Import;
          const imported = load(id).catch((reason: unknown) => {
            throw explained(reason, id, path.dirname(from));
          });
          this.awaited.set(key, await imported);
        });
      throw explained(error, id, path.dirname(from));
    }
  }

  /** The compiled file that is meant. */
  private find(stem: string): string | undefined {
    return candidates(stem).find((file) => this.compiled.has(file));
  }

  private loadLocal(file: string, user: string | undefined): unknown {
    if (user !== undefined) this.users.set(file, (this.users.get(file) ?? new Set()).add(user));
    const existing = this.loaded.get(file);
    if (existing !== undefined) return existing.exports;
    const module = new Module(file);
    module.filename = file;
    const { js, waits } = this.compiled.get(file)!;
    addSourceMap(file, js, 0);
    const folder = path.dirname(file);
    const scope = {
      exports: module.exports,
      require: this.requireFrom(folder, file),
      module,
      __filename: file,
      __dirname: folder,
      [given.import]: this.importFrom(folder, file),
      [given.flow]: flow,
      [given.meta]: this.metaOf(file),
    };
    const names = Object.keys(scope);
    const run = (body: Body) => body.call(module.exports, ...Object.values(scope));
    if (waits) {
      const error = new Error(`${path.basename(file)} waits at its top level: only import gives it, not require`);
      this.remedies.set(error, async () => {
        await run(asyncBodyOf(file, js, names));
        this.loaded.set(file, module);
      });
      throw error;
    }
    const body = bodyOf(file, js, names);
    this.loaded.set(file, module); // before it runs: files may import each other
    try {
      run(body);
    } catch (error) {
      this.loaded.delete(file);
      throw error;
    }
    return module.exports;
  }

  private forgetIfChanged(file: string): void {
    const stamp = timeOf(file);
    if (this.stamps.get(file) === stamp) return;
    delete require.cache[file];
    this.stamps.set(file, stamp);
  }
}

const timeOf = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The local file, with or without its ending, that a name stands for. */
function localPath(id: string, folder: string): string | undefined {
  if (isPath(id)) return path.resolve(folder, id);
  return id.startsWith('file:') ? fileURLToPath(id) : undefined;
}

/** gradlab is there for notebooks in any folder: the kernel is a part of it. */
const isOwn = (id: string) => id === 'gradlab';

/** Whether it was `from` that asked in vain, and not a module that it has asked for. */
function isMissing(error: unknown, from: string): boolean {
  const { code, requireStack } = error as { code?: string; requireStack?: string[] };
  return code === 'MODULE_NOT_FOUND' && requireStack?.[0] === from;
}

/** An error at a module that is missing, without the name by which Node knows all cells, and with what to do. */
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
  return error;
}

const bodyOf = (filename: string, js: string, parameters: string[]): Body =>
  vm.compileFunction(js, parameters, { filename, importModuleDynamically: importDynamically }) as Body;

/** The same for a file that waits at its top level. */
function asyncBodyOf(filename: string, js: string, parameters: string[]): Body {
  return functionOf(`(async function (${parameters.join(', ')}) {`, `${js}\n})`, filename) as Body;
}

/** tslab's interface, which notebooks written for it import. */
const tslabApi = (): unknown => require('./tslab');
