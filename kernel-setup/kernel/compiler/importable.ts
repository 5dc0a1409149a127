// Finds imports for missing names. Modules are indexed while the compiler is idle, so that an error does not wait.
import type { ModuleExports, Use } from './module-exports';

/** A module that cells can import. */
export interface Source {
  specifier: string;
  /** Its entry file for the compiler. */
  file: string;
  /** Changes when its exports may have changed. */
  version: string;
  read(): ModuleExports;
}

/** A way to import a name. */
export interface Import {
  specifier: string;
  file: string;
  /** The import statement. */
  text: string;
}

/** Milliseconds without a cell before indexing, and of each step. */
const pause = 50;
const turn = 20;

export class Importable {
  private readonly known = new Map<string, { version: string; exports: ModuleExports }>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isComplete = false;

  /** @param sources current modules, the likeliest first */
  constructor(private readonly sources: () => readonly Source[]) {}

  /**
   * Imports for a name, the likeliest first: by package name, then in the order of the sources.
   * @param milliseconds time limit for indexing modules now; the others are indexed later
   */
  find(name: string, use: Use, milliseconds = Number.POSITIVE_INFINITY): Import[] {
    const sources = this.sources();
    this.look(sources, milliseconds);
    this.prepare();
    const ways = sources.flatMap((source) => {
      const found = this.known.get(source.specifier);
      return found?.version === source.version ? (wayToImport(name, use, source, found.exports) ?? []) : [];
    });
    return [...ways.filter((way) => way.isWhole), ...ways.filter((way) => !way.isWhole)];
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private isKnown({ specifier, version }: Source): boolean {
    return this.known.get(specifier)?.version === version;
  }

  private look(sources: readonly Source[], milliseconds: number): void {
    const end = performance.now() + milliseconds;
    for (const source of sources) {
      if (this.isKnown(source)) continue;
      this.isComplete = false;
      if (performance.now() >= end) return;
      this.known.set(source.specifier, { version: source.version, exports: source.read() });
    }
    this.isComplete = true;
  }

  /** Indexes new modules while the compiler is idle. */
  prepare(): void {
    clearTimeout(this.timer);
    if (this.isComplete) return;
    this.timer = setTimeout(() => {
      this.look(this.sources(), turn);
      this.prepare();
    }, pause);
    if (typeof this.timer === 'object') this.timer.unref(); // in a page it is a number
  }
}

function wayToImport(name: string, use: Use, { specifier, file }: Source, exports: ModuleExports) {
  const way = (imported: string, isWhole: boolean) => ({
    specifier,
    file,
    text: `import ${imported} from ${JSON.stringify(specifier)};`,
    isWhole,
  });
  const own = exports.names.get(name);
  const fits = own !== undefined && (own === 'both' || own === use || use === 'both');
  if (fits) return way(`{ ${name} }`, false);
  if (use === 'type') return undefined;
  const isPackage = isNameOf(specifier, name);
  if (exports.default !== undefined)
    return isPackage || exports.default.name === name ? way(name, isPackage) : undefined;
  return isPackage ? way(`* as ${name}`, true) : undefined;
}

/** Whether a name is the usual one for a package's import: `fastify`, `React`, `mlMatrix`. */
function isNameOf(specifier: string, name: string): boolean {
  if (/^[./]|^node:|\//.test(specifier.replace(/^@[^/]+\//, ''))) return false;
  const words = specifier
    .replace(/^@[^/]+\//, '')
    .split(/[-._]/)
    .join('');
  return words.toLowerCase() === name.toLowerCase();
}
