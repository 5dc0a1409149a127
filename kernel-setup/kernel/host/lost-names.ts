// Names that ended with the process in which they had their values: who uses one reads why it is gone, and which cell brings it back.
import type { CellMemory, Diagnostic } from '../compiler/types';
import { red } from '../excerpt';
import type { ErrorReport } from '../process-messages';

/** A name that nothing declares, in TypeScript's words. */
const missing = /^(?:Cannot find (?:name|namespace)|No value exists in scope for the shorthand property) '([^']+)'/;
const undefinedName = /^(\S+) is not defined$/;
const declaredLater = /^`([^`]+)` is not declared yet/;

export class LostNames {
  /** By name, what a person is told. */
  private readonly told = new Map<string, string>();

  /** @param why the process has ended, such as `memory ran out in Cell [5]` */
  add({ label, names, stars }: CellMemory, reached: readonly string[] | undefined, why: string): void {
    const all = [...names, ...[...stars.values()].flat()].map(({ name }) => name);
    // What has ended it would do so again.
    const advice = why.endsWith(`in ${label}`) ? `${label} declares it` : `Run ${nameOf(label)} again`;
    for (const name of all)
      if (reached === undefined || reached.includes(name) || names.some((one) => one.name === name && one.isAmbient))
        this.told.set(name, `\`${name}\` was lost when the process ended: ${why}. ${advice}.`);
  }

  /** A cell has declared names again. */
  found({ names, stars }: CellMemory): void {
    for (const { name } of [...names, ...[...stars.values()].flat()]) this.told.delete(name);
  }

  /** Mistakes with what is known of names that they miss. */
  inDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
    return diagnostics.map((one) => ({ ...one, hint: this.at(missing, one.message) ?? one.hint }));
  }

  /** The error of a cell, which TypeScript may not have looked at. */
  inError(error: ErrorReport): ErrorReport {
    const hint = error.ename === 'ReferenceError' ? this.at(undefinedName, error.evalue) : undefined;
    if (hint === undefined) return error;
    const head = `${red(error.ename)}: ${error.evalue}`;
    const evalue = `${error.evalue}. ${hint}`;
    const traceback = error.traceback.map((line) => (line === head ? `${red(error.ename)}: ${evalue}` : line));
    return { ...error, evalue, traceback };
  }

  /** The compiler's note on a name that only functions call. */
  inNote(note: string): string {
    return this.at(declaredLater, note) ?? note;
  }

  private at(words: RegExp, text: string): string | undefined {
    const name = words.exec(text)?.[1];
    return name === undefined ? undefined : this.told.get(name);
  }
}

const nameOf = (label: string) => (label === 'Cell [0]' ? 'the cell that declares it' : label);
