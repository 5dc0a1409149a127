// What `import` and `require` load in cells of a page besides local TypeScript files: gradlab, JavaScript and JSON from the
// notebook's folder, and modules by URL.
import path from 'node:path';
import { compileFile } from '../kernel/cells/compile';
import { isPath, type Load, LocalFiles } from '../kernel/cells/modules/local-files';
import type { CellModules } from '../kernel/cells/run';
import { candidates, isTypeScript } from '../kernel/local-file';
import type { FileTable } from './files';
import { importAddress } from './import-address';

interface PageModule {
  exports: unknown;
}

/** JavaScript with `import` or `export` statements. */
const isModule = /^\s*(?:export\b|import\b(?!\s*[(.]))/m;

function jsonAsModule(file: string, text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${path.basename(file)} is not JSON: ${(error as Error).message}`);
  }
  return `module.exports = JSON.parse(${JSON.stringify(text)})`;
}

const isAddress = (id: string) => /^(https?|data|blob):/.test(id);

export class PageModules extends LocalFiles<PageModule> implements CellModules {
  /** Modules loaded by URL. */
  private readonly fetched = new Map<string, unknown>();
  readonly module: PageModule = { exports: {} };
  readonly meta: object;
  readonly import: (id: string) => Promise<unknown>;
  readonly require: Load;

  /** @param file the common file name of all cells */
  constructor(
    file: string,
    private readonly files: FileTable,
    private readonly packages: Readonly<Record<string, () => unknown>>,
  ) {
    super();
    this.meta = { ...this.metaOf(file), main: true };
    this.import = this.importFrom(path.dirname(file));
    this.require = this.requireFrom(path.dirname(file));
  }

  protected stampOf(file: string): string {
    return this.files.stampOf(file);
  }

  protected sourceAt(stem: string): string | undefined {
    return candidates(stem).find((file) => isTypeScript(file) && this.stampOf(file) !== '');
  }

  protected moduleOf(): PageModule {
    return { exports: {} };
  }

  protected metaOf(file: string): object {
    return { url: `file://${file}`, filename: file, dirname: path.dirname(file), main: false };
  }

  protected requireFrom(folder: string, user?: string): Load {
    return (id) => {
      if (isAddress(id)) return this.atAddress(id);
      if (!isPath(id)) return this.ofPackage(id);
      const stem = path.resolve(folder, id);
      this.takePlain(stem);
      const file = this.find(stem);
      if (file === undefined) throw new Error(`Cannot find module '${id}'. There is no such file beside the notebook.`);
      return this.loadLocal(file, user);
    };
  }

  private atAddress(id: string): unknown {
    if (this.fetched.has(id)) return this.fetched.get(id);
    const error = new Error(`${id}: import it; require cannot load it`);
    this.remedies.set(error, async () => {
      try {
        this.fetched.set(id, await importAddress(id));
      } catch (cause) {
        if (!(cause instanceof TypeError)) throw cause;
        const advice = 'is the address right, and does its server allow requests from other sites (CORS)?';
        throw new Error(`Cannot load ${id}: ${cause.message}; ${advice}`, { cause });
      }
    });
    throw error;
  }

  private ofPackage(id: string): unknown {
    const load = this.packages[id];
    if (load === undefined)
      throw new Error(
        `Cannot find module '${id}'. In a page there is gradlab, and any module by its address: import x from "https://…"`,
      );
    return load();
  }

  /** Adds the current JSON and JavaScript files, which the compiler does not send. */
  private takePlain(stem: string): void {
    const file = candidates(stem).find((one) => this.stampOf(one) !== '');
    if (file === undefined || isTypeScript(file) || this.stamps.get(file) === this.stampOf(file)) return;
    const text = this.files.read(file)!;
    if (file.endsWith('.json')) this.add([{ path: file, js: jsonAsModule(file, text), waits: false }]);
    else if (!isModule.test(text)) this.add([{ path: file, js: text, waits: false }]);
    else {
      const error = new Error(`${path.basename(file)} is a module: import it; require cannot load it`);
      this.remedies.set(error, async () => this.add(await compileFile(file)));
      throw error;
    }
  }
}
