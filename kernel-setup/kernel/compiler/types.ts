// What the host asks of the compiler.
import type { LocalModule } from './local-modules';

/** A mistake that keeps a cell from running; lines and columns count from 1. */
export interface Diagnostic {
  message: string;
  /** TypeScript's number, such as 2322. */
  code: number;
  /** The file if it is not the cell itself. */
  file?: string;
  line: number;
  column: number;
  /** How many characters are at fault. */
  length: number;
}

/** A cell that compiles. */
export interface CompiledCell {
  ok: true;
  /** The body of an async function, with an inline source map (see cells/run.ts). */
  js: string;
  names: string[];
  /** Local TypeScript modules that the cell imports, if they are new or have changed. */
  modules: LocalModule[];
  /** Whether its last statement ends with a semicolon, which says that nobody wants its value. */
  quiet: boolean;
  /** Makes the cell's names known to later cells: all, or those that were reached before it failed. */
  remember(reached?: readonly string[]): void;
}

/** A completion; offsets count UTF-16 units. */
export interface Completion {
  text: string;
  /** TypeScript's kind, such as `method`. */
  kind: string;
}

export interface CompletionList {
  from: number;
  to: number;
  items: Completion[];
}

/** What is known of the name at the cursor. */
export interface Inspection {
  name: string;
  /** Its declaration, such as `const x: Tensor`. */
  signature: string;
  /** Its documentation in Markdown. */
  documentation: string;
  /** Whether it is a variable of an earlier cell, of which there may be a live value. */
  isCellVariable: boolean;
}

export interface Compiler {
  /** @param keep whether the names it declares stay: not for user expressions */
  compile(
    source: string,
    options: { file: string; keep: boolean },
  ): CompiledCell | { ok: false; diagnostics: Diagnostic[] };
  complete(source: string, cursor: number): CompletionList;
  inspect(source: string, cursor: number): Inspection | null;
  isComplete(source: string): { status: 'complete' | 'invalid' } | { status: 'incomplete'; indent: string };
  /** Forgets all cells, when the process in which they ran is gone. */
  reset(): void;
  close(): void;
}
