// Names lost when their process ended. An error about such a name says why it is gone, and which cell declares it.
import type { CellMemory, Diagnostic } from '../compiler/types';
import { red } from '../excerpt';
import type { ErrorReport } from '../process-messages';

/** TypeScript's message about an undeclared name. */
const missing = /^(?:Cannot find (?:name|namespace)|No value exists in scope for the shorthand property) '([^']+)'/;
const undefinedName = /^(\S+) is not defined$/;
const declaredLater = /^`([^`]+)` is not declared yet/;

export class LostNames {
  /** The explanation by name. */
  private readonly told = new Map<string, string>();

  /** @param why the process has ended, such as `memory ran out in Cell [5]` */
  add({ label, names, stars }: CellMemory, reached: readonly string[] | undefined, why: string): void {
    const all = [...names, ...[...stars.values()].flat()].map(({ name }) => name);
    // Running the cell that ended it would end it again.
    const advice = why.endsWith(`in ${label}`) ? `${label} declares it` : `Run ${nameOf(label)} again`;
    for (const name of all)
      if (reached === undefined || reached.includes(name) || names.some((one) => one.name === name && one.isAmbient))
        this.told.set(name, `\`${name}\` was lost when the process ended: ${why}. ${advice}.`);
  }

  /** A cell has declared names again. */
  found({ names, stars }: CellMemory): void {
    for (const { name } of [...names, ...[...stars.values()].flat()]) this.told.delete(name);
  }

  /** Adds the explanations to diagnostics. */
  inDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
    return diagnostics.map((one) => ({ ...one, hint: this.at(missing, one.message) ?? one.hint }));
  }

  /** Adds the explanation to a run-time error, which TypeScript may not have checked. */
  inError(error: ErrorReport): ErrorReport {
    const hint = error.ename === 'ReferenceError' ? this.at(undefinedName, error.evalue) : undefined;
    if (hint === undefined) return error;
    const head = `${red(error.ename)}: ${error.evalue}`;
    const evalue = `${error.evalue}. ${hint}`;
    const traceback = error.traceback.map((line) => (line === head ? `${red(error.ename)}: ${evalue}` : line));
    return { ...error, evalue, traceback };
  }

  /** Adds the explanation to the compiler's note on a name used in functions. */
  inNote(note: string): string {
    return this.at(declaredLater, note) ?? note;
  }

  private at(words: RegExp, text: string): string | undefined {
    const name = words.exec(text)?.[1];
    return name === undefined ? undefined : this.told.get(name);
  }
}

const nameOf = (label: string) => (label === 'Cell [0]' ? 'the cell that declares it' : label);
