// What `import` and `require` load in a cell: packages of either kind, JSON, and local files, which the host has compiled.
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { given } from '../given-names';
import { namespaceOf } from './namespace';
import { addSourceMap } from './source-maps';

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
  private readonly compiled = new Map<string, string>();
  private readonly loaded = new Map<string, Module>();
  /** For each local file, those that have loaded it. */
  private readonly users = new Map<string, Set<string>>();
  /** What had to be waited for, by folder and id: from then on `require` gives it. */
  private readonly awaited = new Map<string, unknown>();
  /** How to get what a failed `require` could not load at once. */
  private readonly remedies = new WeakMap<object, () => Promise<void>>();
  /** Versions of local files that Node loads itself. */
  private readonly stamps = new Map<string, number>();
  readonly require: Load;
  readonly import: Import;

  constructor(folder: string) {
    this.require = this.requireFrom(folder);
    this.import = this.importFrom(folder);
  }

  /** Takes over compiled files that are new or have changed: they and what has loaded them are loaded anew. */
  add(modules: readonly { path: string; js: string }[]): void {
    for (const { path: file, js } of modules) {
      this.compiled.set(file, js);
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

  /** @param user the local file that loads */
  private requireFrom(folder: string, user?: string): Load {
    const file = path.join(folder, 'cell.js');
    const native = createRequire(file);
    const load: Load = (id) => {
      if (id === 'tslab') return tslabApi();
      const local = isPath(id) ? this.find(path.resolve(folder, id)) : undefined;
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
      return native(id);
    } catch (error) {
      if (isUrl(id) || mustBeImported.has((error as NodeJS.ErrnoException).code ?? ''))
        this.remedies.set(error as Error, async () => {
          const importing = { filename: from, importModuleDynamically: importDynamically };
          this.awaited.set(key, await (vm.runInThisContext('(id) => import(id)', importing) as Import)(id));
        });
      throw error;
    }
  }

  /** The compiled file that is meant, with TypeScript's rules: `./a` and `./a.js` may be `a.ts`. */
  private find(stem: string): string | undefined {
    const endings = ['', '.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '/index.ts', '/index.tsx', '/index.js'];
    const written = [stem.replace(/js(x?)$/, 'ts$1'), stem.replace(/\.js$/, '.tsx')];
    return [...endings.map((ending) => stem + ending), ...written].find((file) => this.compiled.has(file));
  }

  private loadLocal(file: string, user: string | undefined): unknown {
    if (user !== undefined) this.users.set(file, (this.users.get(file) ?? new Set()).add(user));
    const existing = this.loaded.get(file);
    if (existing !== undefined) return existing.exports;
    const module = new Module(file);
    module.filename = file;
    const js = this.compiled.get(file)!;
    addSourceMap(file, js, 0);
    const folder = path.dirname(file);
    const scope = {
      exports: module.exports,
      require: this.requireFrom(folder, file),
      module,
      __filename: file,
      __dirname: folder,
      [given.import]: this.importFrom(folder, file),
      [given.meta]: { url: String(pathToFileURL(file)), filename: file, dirname: folder },
    };
    const names = Object.keys(scope);
    const run = (body: Body) => body.call(module.exports, ...Object.values(scope));
    let body: Body;
    try {
      body = bodyOf(file, js, names);
    } catch (error) {
      if (error instanceof SyntaxError && /await is only valid/.test(error.message))
        this.remedies.set(error, async () => {
          await run(asyncBodyOf(file, js, names));
          this.loaded.set(file, module);
        });
      throw error;
    }
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
    const stamp = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (this.stamps.get(file) === stamp) return;
    delete require.cache[file];
    this.stamps.set(file, stamp);
  }
}

const bodyOf = (filename: string, js: string, parameters: string[]): Body =>
  vm.compileFunction(js, parameters, { filename, importModuleDynamically: importDynamically }) as Body;

/** The same for a file that waits at its top level. */
function asyncBodyOf(filename: string, js: string, parameters: string[]): Body {
  const head = `(async function (${parameters.join(', ')}) {`;
  return vm.runInThisContext(`${head}${js}\n})`, {
    filename,
    columnOffset: -head.length,
    importModuleDynamically: importDynamically,
  }) as Body;
}

/** tslab's interface, which notebooks written for it import. */
const tslabApi = (): unknown => require('./tslab');
