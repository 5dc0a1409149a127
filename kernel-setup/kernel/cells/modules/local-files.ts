// Local files of cells, compiled by the host. Each version of a file runs once, and then its importers run again. All other
// modules are loaded by the platform's subclass.
import path from 'node:path';
import { given } from '../../given-names';
import { candidates } from '../../local-file';
import type { LocalModule } from '../../process-messages';
import { compileFile } from '../compile';
import { addSourceMap } from '../errors/source-maps';
import { functionOf } from '../evaluate';
import { flow } from '../parent/parent';
import { namespaceOf } from './namespace';

export type Load = (id: string) => unknown;
export type Import = (id: string) => Promise<unknown>;
type Body = (this: unknown, ...args: unknown[]) => unknown;

export const isPath = (id: string): boolean => /^(\.{1,2}(\/|$)|\/)/.test(id);

export abstract class LocalFiles<M extends { exports: unknown }> {
  private readonly compiled = new Map<string, Omit<LocalModule, 'path'>>();
  private readonly loaded = new Map<string, M>();
  /** Importers by local file. */
  private readonly users = new Map<string, Set<string>>();
  /** How to load a module that a failed `require` could not load synchronously. */
  protected readonly remedies = new WeakMap<object, () => Promise<void>>();
  /** Versions of files when they were last added. */
  protected readonly stamps = new Map<string, number | string>();

  /** The version of a file. */
  protected abstract stampOf(file: string): number | string;
  /** The TypeScript source of this name, if it exists. */
  protected abstract sourceAt(stem: string): string | undefined;
  /** The `module` object of a file. */
  protected abstract moduleOf(file: string): M;
  /** `import.meta` of a file. */
  protected abstract metaOf(file: string): object;
  /** @param user the importing local file @param forImport whether the source has `import` */
  protected abstract requireFrom(folder: string, user?: string, forImport?: boolean): Load;
  /** Number of `import`s in progress. Only they can wait for asynchronous modules. */
  protected importing = 0;

  /** Adds new or changed compiled files. They and their importers run again when they are next loaded. */
  add(modules: readonly LocalModule[]): void {
    for (const { path: file, ...compiled } of modules) {
      this.stamps.set(file, this.stampOf(file));
      // A restarted compiler may send unchanged files again.
      if (this.compiled.get(file)?.js === compiled.js) continue;
      this.compiled.set(file, compiled);
      this.forget(file);
    }
  }

  /** All compiled files in their current versions, with a file and its imports. For a thread, which has none. */
  async compiledWith(file: string): Promise<LocalModule[]> {
    this.add(await compileFile(file));
    return [...this.compiled].map(([path, compiled]) => ({ path, ...compiled }));
  }

  private forget(file: string): void {
    const users = this.users.get(file) ?? [];
    this.loaded.delete(file);
    this.users.delete(file);
    for (const user of users) this.forget(user);
  }

  /**
   * `import(id)`: uses `require`, which returns the names of CommonJS packages. Retries if something must be awaited
   * first.
   */
  protected importFrom(folder: string, user?: string): Import {
    const load = this.requireFrom(folder, user, true);
    return async (id) => {
      const local = this.localPath(id, folder);
      if (local !== undefined) await this.bringUpToDate(local);
      return this.untilLoaded(() => namespaceOf(load(id)));
    };
  }

  /** Loads like `import`: awaits asynchronous modules and retries. @param waits whether the load itself is awaited */
  private async untilLoaded(load: () => unknown, waits = false): Promise<unknown> {
    for (;;) {
      try {
        const loaded = this.loadForImport(load);
        if (waits) await loaded;
        return loaded;
      } catch (error) {
        const remedy = error instanceof Error ? this.remedies.get(error) : undefined;
        if (remedy === undefined) throw error;
        this.remedies.delete(error as Error);
        await remedy();
      }
    }
  }

  private loadForImport(load: () => unknown): unknown {
    this.importing += 1;
    try {
      return load();
    } finally {
      this.importing -= 1;
    }
  }

  /** The local file for a specifier, with or without extension. */
  protected localPath(id: string, folder: string): string | undefined {
    return isPath(id) ? path.resolve(folder, id) : undefined;
  }

  /** Compiles a file that is imported by a computed name, if it is new or has changed. */
  private async bringUpToDate(stem: string): Promise<void> {
    const known = this.find(stem);
    const file = known ?? this.sourceAt(stem);
    if (file === undefined || (known !== undefined && this.stamps.get(file) === this.stampOf(file))) return;
    this.add(await compileFile(file));
  }

  /** The compiled file for a specifier, unless it was deleted. */
  protected find(stem: string): string | undefined {
    return candidates(stem).find((file) => this.compiled.has(file) && Boolean(this.stampOf(file)));
  }

  protected loadLocal(file: string, user: string | undefined): unknown {
    if (user !== undefined) this.users.set(file, (this.users.get(file) ?? new Set()).add(user));
    const existing = this.loaded.get(file);
    if (existing !== undefined) return existing.exports;
    const module = this.moduleOf(file);
    const { js, waits } = this.compiled.get(file)!;
    addSourceMap(file, js, 0);
    const folder = path.dirname(file);
    const scope = {
      exports: module.exports,
      require: this.requireFrom(folder, file, true), // which its `import`s have become
      module,
      __filename: file,
      __dirname: folder,
      [given.import]: this.importFrom(folder, file),
      [given.flow]: flow,
      [given.meta]: this.metaOf(file),
    };
    const head = `(${waits ? 'async ' : ''}function (${Object.keys(scope).join(', ')}) {`;
    const body = functionOf(head, `${js}\n})`, file) as Body;
    const run = () => body.call(module.exports, ...Object.values(scope));
    if (waits) {
      const error = new Error(`${path.basename(file)} has a top-level await: import it; require cannot load it`);
      this.remedies.set(error, async () => {
        // Its imports run before its first await.
        await this.untilLoaded(run, true);
        this.loaded.set(file, module);
      });
      throw error;
    }
    this.loaded.set(file, module); // before it runs: imports may be cyclic
    try {
      run();
    } catch (error) {
      this.loaded.delete(file);
      throw error;
    }
    return module.exports;
  }
}
