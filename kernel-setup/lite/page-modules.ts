// What `import` and `require` load in a cell of a page: gradlab, local files, which the host has compiled, and any module by
// its address.
import path from 'node:path';
import { compileFile } from '../kernel/cells/compile';
import { functionOf } from '../kernel/cells/evaluate';
import { namespaceOf } from '../kernel/cells/namespace';
import { flow } from '../kernel/cells/parent';
import type { CellModules } from '../kernel/cells/run';
import { addSourceMap } from '../kernel/cells/source-maps';
import { given } from '../kernel/given-names';
import { candidates, isTypeScript } from '../kernel/local-file';
import type { LocalModule } from '../kernel/process-messages';
import type { FileTable } from './files';

interface Loaded {
  exports: unknown;
}
type Body = (...scope: unknown[]) => unknown;

const isPath = (id: string) => /^\.{0,2}\//.test(id);
const isAddress = (id: string) => /^(https?|data|blob):/.test(id);

export class PageModules implements CellModules {
  private readonly compiled = new Map<string, LocalModule>();
  private readonly loaded = new Map<string, Loaded>();
  /** For each local file, those that have loaded it. */
  private readonly users = new Map<string, Set<string>>();
  private readonly stamps = new Map<string, string>();
  readonly module: Loaded = { exports: {} };
  readonly meta: object;
  readonly import: (id: string) => Promise<unknown>;
  readonly require: (id: string) => unknown;

  constructor(
    file: string,
    private readonly files: FileTable,
    private readonly packages: Readonly<Record<string, () => unknown>>,
  ) {
    this.meta = metaOf(file);
    this.import = this.importFrom(path.dirname(file));
    this.require = this.requireFrom(path.dirname(file));
  }

  add(modules: readonly LocalModule[]): void {
    for (const module of modules) {
      this.stamps.set(module.path, this.files.stampOf(module.path));
      if (this.compiled.get(module.path)?.js === module.js) continue;
      this.compiled.set(module.path, module);
      this.forget(module.path);
    }
  }

  private forget(file: string): void {
    const users = this.users.get(file) ?? [];
    this.loaded.delete(file);
    this.users.delete(file);
    for (const user of users) this.forget(user);
  }

  private importFrom(folder: string, user?: string) {
    return async (id: string): Promise<unknown> => {
      if (isAddress(id)) return import(/* @vite-ignore */ id);
      if (!isPath(id)) return namespaceOf(this.ofPackage(id));
      const stem = path.resolve(folder, id);
      const source = this.sourceAt(stem);
      // What only the name given to `import()` says: no cell has asked for that file, or not in its present version.
      if (source !== undefined && this.stamps.get(source) !== this.files.stampOf(source))
        this.add(await compileFile(source));
      return namespaceOf((await this.load(stem, id, user)).exports);
    };
  }

  private requireFrom(folder: string, user?: string) {
    return (id: string): unknown => {
      if (!isPath(id)) return this.ofPackage(id);
      const loaded = this.load(path.resolve(folder, id), id, user);
      if (loaded instanceof Promise) throw new Error(`${id} waits at its top level: only import gives it, not require`);
      return loaded.exports;
    };
  }

  private ofPackage(id: string): unknown {
    const load = this.packages[id];
    if (load === undefined)
      throw new Error(
        `Cannot find module '${id}'. In a page there is gradlab, and any module by its address: import x from "https://…"`,
      );
    return load();
  }

  private sourceAt(stem: string): string | undefined {
    return candidates(stem).find((file) => isTypeScript(file) && this.files.stampOf(file) !== '');
  }

  private load(stem: string, id: string, user: string | undefined): Loaded | Promise<Loaded> {
    const file = candidates(stem).find((one) => this.compiled.has(one) || this.files.stampOf(one) !== '');
    if (file === undefined) throw new Error(`Cannot find module '${id}'. There is no such file beside the notebook.`);
    if (user !== undefined) this.users.set(file, (this.users.get(file) ?? new Set()).add(user));
    const existing = this.loaded.get(file);
    if (existing !== undefined && (this.compiled.has(file) || this.stamps.get(file) === this.files.stampOf(file)))
      return existing;
    const module: Loaded = { exports: {} };
    this.loaded.set(file, module); // before it runs: files may import each other
    if (file.endsWith('.json')) {
      module.exports = JSON.parse(this.files.read(file)!);
      this.stamps.set(file, this.files.stampOf(file));
      return module;
    }
    const { js, waits } = this.compiled.get(file) ?? { js: this.files.read(file)!, waits: false };
    this.stamps.set(file, this.files.stampOf(file));
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
      [given.meta]: metaOf(file),
    };
    const head = `(${waits ? 'async ' : ''}function (${Object.keys(scope).join(', ')}) {`;
    try {
      const done = (functionOf(head, `${js}\n})`, file) as Body)(...Object.values(scope));
      return waits ? (done as Promise<void>).then(() => module) : module;
    } catch (error) {
      this.loaded.delete(file);
      throw error;
    }
  }
}

const metaOf = (file: string): object => ({ url: `file://${file}`, filename: file, dirname: path.dirname(file) });
