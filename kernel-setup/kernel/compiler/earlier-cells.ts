// How a cell sees the cells before it. Each name refers to the declarations of its own cell, so that a type that is
// declared anew does not change the values that were made before.
import path from 'node:path';
import { lastResult } from '../given-names';
import type { DeclaredName } from './emit';
import type { CellMemory } from './types';

interface KnownName extends Omit<DeclaredName, 'name'> {
  /** The virtual file that declares it, without extension. */
  file: string;
}

export class EarlierCells {
  private readonly known = new Map<string, KnownName>();
  /** Cells that add to global types: every later cell imports them. */
  private readonly global: string[] = [];
  /** The virtual files of modules that only cells declare, by their texts. */
  private readonly moduleFiles = new Map<string, string>();
  /** What the cell of a virtual file is called. */
  private readonly labels = new Map<string, string>();
  private count = 0;

  constructor(
    private readonly folder: string,
    private readonly virtualFiles: Map<string, string>,
  ) {}

  has(name: string): boolean {
    return this.known.has(name);
  }

  /** Whether a cell has only declared that a name is there. */
  isAmbient(name: string): boolean {
    return this.known.get(name)?.isAmbient ?? false;
  }

  /** What the cell of a virtual file, without extension, is called. */
  labelOf(file: string): string | undefined {
    return this.labels.get(file);
  }

  /**
   * The declarations that `text` needs; all of them if there is no text. They are one line for each name, so the compiler
   * has little to read.
   */
  declarationsFor(text?: string, except: readonly string[] = []): string {
    const used = text === undefined ? undefined : new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
    const lines = this.global.map((file) => `import "./${file}";`);
    for (const [name, { file, kind, documentation }] of this.known) {
      if ((used !== undefined && !used.has(name)) || except.includes(name)) continue;
      if (kind === 'import') lines.push(`import { ${name} } from "./${file}";`);
      else {
        if (documentation !== '') lines.push(comment(documentation));
        lines.push(`declare ${kind} ${name}: typeof import("./${file}").${name};`);
      }
    }
    return lines.join('\n');
  }

  /** Makes modules known that only a cell declares. */
  declareModules(text: string): void {
    this.moduleFiles.set(text, this.moduleFiles.get(text) ?? `__modules${this.moduleFiles.size}.d.ts`);
    this.virtualFiles.set(path.join(this.folder, this.moduleFiles.get(text)!), text);
  }

  /**
   * Makes a cell's names known.
   * @param reached those that have a value; the others stay what they were, or unknown
   */
  remember(
    { label, source, declarations, names, stars, result, modules }: CellMemory,
    reached?: readonly string[],
  ): void {
    if (modules !== undefined) this.declareModules(modules);
    this.count += 1;
    const file = `__cell${this.count}`;
    this.labels.set(file, label);
    // A type that cannot be written down leaves no declarations; then the source itself stands for them.
    const text = declarations || source;
    const own = names.map(({ name }) => name);
    const hasLast = result !== undefined && !own.includes(lastResult) && reached?.includes(lastResult);
    const last = hasLast ? `declare let ${lastResult}: ${result};\nexport { ${lastResult} };` : '';
    const needed = this.declarationsFor(text, hasLast ? [...own, lastResult] : own);
    const extension = declarations ? '.d.ts' : '.ts';
    this.virtualFiles.set(
      path.join(this.folder, file + extension),
      [needed, text, `export { ${own.join(', ')} };`, ...[...stars].map(exportAll), last].join('\n'),
    );
    if (/^declare (global\b|module ["'])/m.test(text)) this.global.push(file);
    const isKnown = (name: string) => reached === undefined || reached.includes(name);
    for (const { name, isValue } of [...stars.values()].flat())
      if (!isValue || isKnown(name))
        this.known.set(name, { file, kind: 'import', isAmbient: false, documentation: '' });
    if (hasLast) this.known.set(lastResult, { file, kind: 'let', isAmbient: false, documentation: 'The last result.' });
    for (const { name, ...declared } of names)
      if (declared.isAmbient || isKnown(name)) this.known.set(name, { file, ...declared });
  }

  reset(): void {
    this.known.clear();
    this.global.length = 0;
    this.labels.clear();
    this.moduleFiles.clear();
    this.virtualFiles.clear();
  }
}

const exportAll = ([module, names]: [string, readonly { name: string }[]]) =>
  `export { ${names.map(({ name }) => name).join(', ')} } from ${JSON.stringify(module)};`;
const comment = (text: string) => `/** ${text.replaceAll('*/', '*\\/')} */`;
