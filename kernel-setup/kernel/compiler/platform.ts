// What the compiler needs of the place where it runs. Node's is in node-platform.ts.
import type { ts } from './typescript';

export interface Platform {
  /** The notebook's folder, in which cells and what they import by a path lie. */
  readonly folder: string;
  /** The text of a file. @throws if there is none */
  readText(file: string): string;
  /** What `make` gives: where that is possible, kept for the next start, until one of the files that it reads changes. */
  kept<T>(name: string, make: (readText: Platform['readText']) => T): T;
  /** Differs when the file has changed; empty if there is none. */
  stampOf(file: string): string;
  /** The names in a folder; none if there is no such folder. */
  namesIn(folder: string): readonly string[];
  /**
   * Whether a file belongs to an installed package, gradlab among them: it does not change while the kernel runs.
   * @param file its name as the compiler has it
   */
  isOfPackage(file: string): boolean;
  /**
   * The compiler's options that say which declarations of types every cell sees.
   * @param roots the folders of `@types` above the notebook
   */
  typeOptions(roots: readonly string[]): Pick<ts.CompilerOptions, 'types' | 'typeRoots' | 'paths'>;
  /** Whether a name is a module of the platform itself, such as Node's `fs`. */
  hasModule(name: string): boolean;
  /** The path of a file that an import names by its URL; others as they are. */
  pathOf(specifier: string): string;
  /** What the cells run on, such as "Node 22.1.0" or "this browser". */
  name: string;
  /** What to do about a module that is not there. @param folder where it is imported */
  adviceOnMissing(id: string, folder: string): string;
  /** What else rewrites emitted JavaScript, before the requests are kept. */
  rewriters: readonly ts.TransformerFactory<ts.SourceFile>[];
}
