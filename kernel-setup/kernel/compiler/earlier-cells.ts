// How a cell sees the cells before it. Each name refers to the declarations of its own cell, so that a type that is
// declared anew does not change the values that were made before.
import path from 'node:path';
import type { DeclaredName, EmittedCell } from './seam';

interface KnownName extends Omit<DeclaredName, 'name'> {
  /** The virtual file that declares it, without extension. */
  file: string;
}

export class EarlierCells {
  private readonly known = new Map<string, KnownName>();
  /** Cells that add to global types: every later cell imports them. */
  private readonly global: string[] = [];
  private count = 0;

  constructor(
    private readonly folder: string,
    private readonly virtualFiles: Map<string, string>,
  ) {}

  has(name: string): boolean {
    return this.known.has(name);
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

  /**
   * Makes a cell's names known.
   * @param reached those that have a value if the cell failed; the others stay what they were, or unknown
   */
  remember(source: string, { declarations, names }: EmittedCell, reached?: readonly string[]): void {
    this.count += 1;
    const file = `__cell${this.count}`;
    // A type that cannot be written down leaves no declarations; then the source itself stands for them.
    const text = declarations || source;
    const own = names.map(({ name }) => name);
    const needed = this.declarationsFor(text, own);
    const extension = declarations ? '.d.ts' : '.ts';
    this.virtualFiles.set(
      path.join(this.folder, file + extension),
      `${needed}\n${text}\nexport { ${own.join(', ')} };`,
    );
    if (/^declare global\b/m.test(text)) this.global.push(file);
    for (const { name, ...declared } of names) {
      if (reached !== undefined && !reached.includes(name)) continue;
      this.known.set(name, { file, ...declared });
    }
  }

  reset(): void {
    this.known.clear();
    this.global.length = 0;
    this.virtualFiles.clear();
  }
}

const comment = (text: string) => `/** ${text.replaceAll('*/', '*\\/')} */`;
