// What the host asks of the compiler.
import type { LiveExpression, LocalModule } from '../process-messages';
import type { Replacement } from './edit-texts';
import type { EmittedCell } from './emit';

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
  /** The lines around it, with what is at fault marked; they may hold ANSI colours. */
  excerpt: string[];
  /** What to do about it, where that is known. */
  hint?: string;
}

/** A cell that compiles. */
export interface CompiledCell {
  ok: true;
  /** The body of an async function, with an inline source map (see cells/run.ts). */
  js: string;
  names: string[];
  /** What the reader should know, of the notebook's tsconfig.json for one: the host tells each once. */
  notes: readonly string[];
  /** Local TypeScript modules that the cell imports, if they are new or have changed. */
  modules: LocalModule[];
  /** What later cells may know of it, for `remember`. */
  memory: CellMemory;
}

/** What the compiler keeps of a cell that has run. */
export interface CellMemory extends Pick<EmittedCell, 'declarations' | 'names' | 'uses' | 'stars' | 'result'> {
  /** What the cell is called. */
  label: string;
  source: string;
  /** Modules that it alone declares. */
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
  /** Types say nothing of what stands before the cursor, but its value may: whose members it has. */
  live?: { of: LiveExpression; quoted: boolean };
}

/** What a name stands for. */
interface Described {
  /** Its declaration, such as `const x: Tensor`. */
  signature: string;
  /** Its documentation in Markdown. */
  documentation: string;
}

/** What is known of the name at the cursor, or of the function whose arguments stand there. */
export interface Inspection extends Described {
  name: string;
  /** Whether it is a variable of an earlier cell, of which there may be a live value. */
  isCellVariable: boolean;
  /** The code that declares it: of an interface or an enum, if that is short, and of anything where it is asked for. */
  source?: string;
  /** The function whose arguments the name is among. */
  call?: Described;
  /** What the argument at the cursor is for. */
  argument?: Argument;
}

/** A parameter of a function that is called. */
export interface Argument {
  /** The signature that the arguments so far fit, such as `max(...values: number[]): number`. */
  call: string;
  /** Which one it is, if there are several. */
  overload?: { number: number; of: number };
  /** Such as `width: number`. */
  parameter: string;
  documentation: string;
}

/** What is to be edited. */
export interface EditRequest {
  action: 'fix' | 'format' | 'organize' | 'rename';
  /** The texts of the notebook's cells of code, in their order. */
  cells: readonly string[];
  /** The place in `cells` of the one that is edited, and of the cursor in that; offsets count UTF-16 units. */
  cell: number;
  cursor: number;
  /** The other name, if something is renamed. */
  name?: string;
}

/** What can be done, best first. */
export interface Edits {
  edits: { title: string; changes: (Replacement & { cell: number })[] }[];
  /** What the reader should know. */
  note?: string;
}

/** Everything goes by value, in both directions: the host calls it by messages. */
export interface Compiler {
  /** @param label what messages call the cell. Default: `this cell` */
  compile(source: string, label?: string): CompiledCell | { ok: false; diagnostics: Diagnostic[] };
  /**
   * Makes a cell's names known to later cells.
   * @param reached those that have a value; the others stay what they were, or unknown. Default: all
   */
  remember(cell: CellMemory, reached?: readonly string[]): void;
  complete(source: string, cursor: number): CompletionList;
  /** @param withSource whether the code that declares it is asked for */
  inspect(source: string, cursor: number, withSource?: boolean): Inspection | null;
  /** What a front end may put into its cells; why not, if it may not. */
  edit(request: EditRequest): Edits | { refused: string };
  isComplete(source: string): { status: 'complete' | 'invalid' } | { status: 'incomplete'; indent: string };
  /** A local file that no cell imports by its name, and what it imports: those that are new or have changed. */
  localModules(file: string): LocalModule[];
  /** Forgets all cells, when the process in which they ran is gone. */
  reset(): void;
  close(): void;
}
