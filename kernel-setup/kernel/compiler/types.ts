// The compiler's interface for the host.
import type { LiveExpression, LocalModule } from '../process-messages';
import type { Replacement } from './edit-texts';
import type { EmittedCell } from './emit';

/** A compile error; lines and columns start at 1. */
export interface Diagnostic {
  message: string;
  /** TypeScript's number, such as 2322. */
  code: number;
  /** The file if it is not the cell itself. */
  file?: string;
  line: number;
  column: number;
  /** Length of the marked text in characters. */
  length: number;
  /** The surrounding lines with the error marked; they may contain ANSI colours. */
  excerpt: string[];
  /** Advice, if there is any. */
  hint?: string;
}

/** A cell that compiles. */
export interface CompiledCell {
  ok: true;
  /** The body of an async function, with an inline source map (see cells/run.ts). */
  js: string;
  names: string[];
  /** Notes for the reader, such as on tsconfig.json. The host shows each once. */
  notes: readonly string[];
  /** Local TypeScript modules that the cell imports and that are new or have changed. */
  modules: LocalModule[];
  /** Information for later cells, to be passed to `remember`. */
  memory: CellMemory;
}

/** What the compiler remembers of a cell. */
export interface CellMemory extends Pick<EmittedCell, 'declarations' | 'names' | 'uses' | 'stars' | 'result'> {
  /** The name of the cell. */
  label: string;
  source: string;
  /** Modules that only this cell declares. */
  modules?: string;
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
  /** Set if types do not describe the expression before the cursor: the live value to complete from. */
  live?: { of: LiveExpression; quoted: boolean };
}

/** A description of a name. */
interface Described {
  /** Its declaration, such as `const x: Tensor`. */
  signature: string;
  /** Its documentation in Markdown. */
  documentation: string;
}

/** Information about the name at the cursor, or about the enclosing call. */
export interface Inspection extends Described {
  name: string;
  /** Whether it is a variable of an earlier cell, which may have a live value. */
  isCellVariable: boolean;
  /** A member whose value can be shown. */
  live?: LiveExpression;
  /** Its source: of a short interface or enum, and of anything on request. */
  source?: string;
  /** The enclosing call's function. */
  call?: Described;
  /** The parameter at the cursor. */
  argument?: Argument;
}

/** A parameter of a call. */
export interface Argument {
  /** The signature that matches the arguments so far, such as `max(...values: number[]): number`. */
  call: string;
  /** The overload's number, if there are several. */
  overload?: { number: number; of: number };
  /** Such as `width: number`. */
  parameter: string;
  documentation: string;
}

/** A request for edits. */
export interface EditRequest {
  action: 'fix' | 'format' | 'organize' | 'rename';
  /** The texts of the notebook's code cells, in order. */
  cells: readonly string[];
  /** The index of the edited cell, and the cursor in it; offsets count UTF-16 units. */
  cell: number;
  cursor: number;
  /** The new name, for a rename. */
  name?: string;
}

/** Possible edits, best first. */
export interface Edits {
  edits: { title: string; changes: (Replacement & { cell: number })[] }[];
  /** A note for the reader. */
  note?: string;
}

/** The methods are called by messages, so all values are copied. */
export interface Compiler {
  /** @param label the cell's name in messages. Default: `this cell` */
  compile(source: string, label?: string): CompiledCell | { ok: false; diagnostics: Diagnostic[] };
  /**
   * Adds a cell's names for later cells.
   * @param reached those that have a value; the others keep their earlier meaning or remain unknown. Default: all
   */
  remember(cell: CellMemory, reached?: readonly string[]): void;
  complete(source: string, cursor: number): CompletionList;
  /** @param withSource whether to include the declaration's source */
  inspect(source: string, cursor: number, withSource?: boolean): Inspection | null;
  /** Edits for a front end, or why there are none. */
  edit(request: EditRequest): Edits | { refused: string };
  isComplete(source: string): { status: 'complete' | 'invalid' } | { status: 'incomplete'; indent: string };
  /** A local file imported by a computed name, and its imports: those that are new or have changed. */
  localModules(file: string): LocalModule[];
  /** Forgets all cells when their process has ended. */
  reset(): void;
  close(): void;
}
