// What `import` and `require` load in a cell: packages of either kind, JSON, local JavaScript, and local TypeScript, which
// the host has compiled.
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { addSourceMap } from './source-maps';

const extensions = ['', '.ts', '.tsx', '/index.ts', '/index.tsx'];
const isPath = (id: string) => /^(\.{1,2}(\/|$)|\/)/.test(id);

export class Modules {
  /** Compiled local TypeScript files. */
  private readonly compiled = new Map<string, string>();
  private readonly loaded = new Map<string, Module>();
  /** Versions of local JavaScript and JSON files. */
  private readonly stamps = new Map<string, number>();
  private readonly nativeImport: (id: string) => Promise<unknown>;
  readonly require: (id: string) => unknown;

  constructor(folder: string) {
    this.require = this.requireFrom(folder);
    this.nativeImport = vm.runInThisContext('(id) => import(id)', {
      filename: path.join(folder, 'cell.js'),
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as (id: string) => Promise<unknown>;
  }

  /** Takes over compiled files; if one is new or has changed, all local ones are loaded anew. */
  add(modules: readonly { path: string; js: string }[]): void {
    for (const { path: file, js } of modules) this.compiled.set(file, js);
    if (modules.length > 0) this.loaded.clear();
  }

  /** `import(id)`: with `require` where that works, since it gives names of CommonJS packages; natively elsewhere. */
  readonly import = async (id: string): Promise<unknown> => {
    try {
      return namespaceOf(this.require(id));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (isPath(id) || !mustBeImported.has(code ?? '')) throw error;
      return this.nativeImport(id);
    }
  };

  private requireFrom(folder: string): (id: string) => unknown {
    const native = createRequire(path.join(folder, 'cell.js'));
    const load = (id: string): unknown => {
      if (id === 'tslab') return tslabApi();
      if (!isPath(id)) return native(id);
      const file = this.findTypeScript(path.resolve(folder, id));
      if (file !== undefined) return this.loadTypeScript(file);
      this.forgetIfChanged(native.resolve(id));
      return native(id);
    };
    return Object.assign(load, { resolve: native.resolve, cache: native.cache });
  }

  private findTypeScript(stem: string): string | undefined {
    const candidates = extensions.map((extension) => (extension === '' ? stem : stem.replace(/\.js$/, '') + extension));
    return candidates.find((file) => /\.tsx?$/.test(file) && this.compiled.has(file));
  }

  private loadTypeScript(file: string): unknown {
    const existing = this.loaded.get(file);
    if (existing !== undefined) return existing.exports;
    const module = new Module(file);
    module.filename = file;
    this.loaded.set(file, module);
    const js = this.compiled.get(file)!;
    addSourceMap(file, js, 0);
    try {
      const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];
      const body = vm.compileFunction(js, parameters, {
        filename: file,
        importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER as never,
      });
      const folder = path.dirname(file);
      body.call(module.exports, module.exports, this.requireFrom(folder), module, file, folder);
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

/** Errors of `require` that say that a package is an ES module that only `import` loads. */
const mustBeImported = new Set([
  'ERR_REQUIRE_ESM',
  'ERR_REQUIRE_ASYNC_MODULE',
  'ERR_PACKAGE_PATH_NOT_EXPORTED',
  'ERR_REQUIRE_CYCLE_MODULE',
]);

/** What `import * as x` sees of a CommonJS module: its properties, and the whole as `default`. */
function namespaceOf(exports: unknown): unknown {
  const isNamespace =
    typeof exports === 'object' &&
    exports !== null &&
    ('__esModule' in exports || (exports as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'Module');
  if (isNamespace) return exports;
  return Object.assign(Object.create(null), exports, { default: exports });
}

/** tslab's own library, which notebooks written for it import. */
function tslabApi(): unknown {
  return require('./tslab') as typeof import('./tslab');
}
