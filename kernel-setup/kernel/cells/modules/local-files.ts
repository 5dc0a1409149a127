// The local files of cells, which the host has compiled: each runs once for each of its versions, and what has loaded it then
// runs anew. What else `import` and `require` load is the platform's.
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
  /** For each local file, those that have loaded it. */
  private readonly users = new Map<string, Set<string>>();
  /** How to get what a failed `require` could not load at once. */
  protected readonly remedies = new WeakMap<object, () => Promise<void>>();
  /** Versions of files, as they were when they were last taken. */
  protected readonly stamps = new Map<string, number | string>();

  /** The version of a file. */
  protected abstract stampOf(file: string): number | string;
  /** The source in TypeScript that is meant, if it is there. */
  protected abstract sourceAt(stem: string): string | undefined;
  /** What a file that runs knows as `module`. */
  protected abstract moduleOf(file: string): M;
  /** `import.meta` of a file. */
  protected abstract metaOf(file: string): object;
  /** @param user the local file that loads @param forImport whether what is loaded was written as `import` */
  protected abstract requireFrom(folder: string, user?: string, forImport?: boolean): Load;
  /** How many `import`s are at it: only they can wait for what is not to be had at once. */
  protected importing = 0;

  /** Takes over compiled files that are new or have changed: they and what has loaded them are loaded anew. */
  add(modules: readonly LocalModule[]): void {
    for (const { path: file, ...compiled } of modules) {
      this.stamps.set(file, this.stampOf(file));
      // Another compiler may send again what is there.
      if (this.compiled.get(file)?.js === compiled.js) continue;
      this.compiled.set(file, compiled);
      this.forget(file);
    }
  }

  /** All that has been compiled, a file and what it imports among it, in their present versions: for a thread, which has nothing yet. */
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

  /** `import(id)`: with `require`, since it gives names of CommonJS packages; if that must wait for something, again. */
  protected importFrom(folder: string, user?: string): Import {
    const load = this.requireFrom(folder, user, true);
    return async (id) => {
      const local = this.localPath(id, folder);
      if (local !== undefined) await this.bringUpToDate(local);
      return this.untilLoaded(() => namespaceOf(load(id)));
    };
  }

  /** Loads as an `import` does: where something must be waited for, again after that. @param waits whether it waits itself */
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

  /** The local file, with or without its ending, that a name stands for. */
  protected localPath(id: string, folder: string): string | undefined {
    return isPath(id) ? path.resolve(folder, id) : undefined;
  }

  /** What only the name given to `import()` says: no cell has asked for that file, or not in its present version. */
  private async bringUpToDate(stem: string): Promise<void> {
    const known = this.find(stem);
    const file = known ?? this.sourceAt(stem);
    if (file === undefined || (known !== undefined && this.stamps.get(file) === this.stampOf(file))) return;
    this.add(await compileFile(file));
  }

  /** The compiled file that is meant, unless it is gone. */
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
      const error = new Error(`${path.basename(file)} waits at its top level: only import gives it, not require`);
      this.remedies.set(error, async () => {
        // What it imports it loads before it waits for anything.
        await this.untilLoaded(run, true);
        this.loaded.set(file, module);
      });
      throw error;
    }
    this.loaded.set(file, module); // before it runs: files may import each other
    try {
      run();
    } catch (error) {
      this.loaded.delete(file);
      throw error;
    }
    return module.exports;
  }
}
