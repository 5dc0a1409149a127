// What the compiler needs from its environment. For Node, see node-platform.ts.
import type { ts } from './typescript';

export interface Platform {
  /** The notebook's folder: cells and relative imports are resolved from it. */
  readonly folder: string;
  /** The text of a file. @throws if it does not exist */
  readText(file: string): string;
  /** The result of `make`. If possible, it is cached across starts until one of the files that it reads changes. */
  kept<T>(name: string, make: (readText: Platform['readText']) => T): T;
  /** Changes when the file changes; empty if it does not exist. */
  stampOf(file: string): string;
  /** The names in a folder; empty if it does not exist. */
  namesIn(folder: string): readonly string[];
  /**
   * Whether a file belongs to an installed package or gradlab: it does not change while the kernel runs.
   * @param file in the compiler's notation
   */
  isOfPackage(file: string): boolean;
  /**
   * Compiler options for the type declarations visible in every cell.
   * @param roots the `@types` folders above the notebook
   */
  typeOptions(roots: readonly string[]): Pick<ts.CompilerOptions, 'types' | 'typeRoots' | 'paths'>;
  /** Whether a name is a built-in module, such as Node's `fs`. */
  hasModule(name: string): boolean;
  /** The path of a file URL in an import; other specifiers unchanged. */
  pathOf(specifier: string): string;
  /** The platform of cells, such as "Node 22.1.0" or "this browser". */
  name: string;
  /** Advice on a missing module. @param folder where it is imported */
  adviceOnMissing(id: string, folder: string): string;
  /** Additional transformers of emitted JavaScript, which run before requests are kept. */
  rewriters: readonly ts.TransformerFactory<ts.SourceFile>[];
}
