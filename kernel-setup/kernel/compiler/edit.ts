// Edits of a notebook's cells proposed by TypeScript's language service. A front end requests them by `edit_request` and
// applies them itself.
import { asCell, type Cell } from './as-cell';
import { EditRefused, formatOf, messageOf, preferences, type Replacement } from './edit-texts';
import { type CheckedCell, fixesOf } from './fixes';
import { parse } from './parse';
import type { Project } from './project';
import { rename } from './renaming';
import type { EditRequest, Edits } from './types';
import { ts } from './typescript';

/**
 * @param check compiles a cell
 * @param isKnown whether a cell that has run declares a name
 * @throws {EditRefused}
 */
export function edit(
  project: Project,
  check: (cell: Cell) => CheckedCell,
  isKnown: (name: string) => boolean,
  request: EditRequest,
): Edits {
  const { action, cells, cell, cursor, name = '' } = request;
  const checked = (source: string): CheckedCell => {
    const typed = asCell(source);
    return typed.syntaxError === undefined
      ? check(typed)
      : { file: noFile, whole: () => noFile, earlier: [], mistakes: [typed.syntaxError] };
  };
  const here = (changes: readonly Replacement[]) => changes.map((change) => ({ cell, ...change }));
  const source = cells[cell];
  if (source === undefined) throw new EditRefused('There is no such cell.');
  if (action === 'fix') {
    const fixes = fixesOf(project, checked(source), source, cursor);
    return { edits: fixes.map(({ title, changes }) => ({ title, changes: here(changes) })) };
  }
  if (action === 'rename') {
    const { old, changes, isShared, left } = rename(project, checked, { cells, cell, cursor, name });
    const all = [...changes].flatMap(([i, own]) => own.map((change) => ({ cell: i, ...change })));
    const which =
      left.length === 1 ? '1 cell does not compile and keeps' : `${left.length} cells do not compile and keep`;
    const notes = [
      ...(left.length > 0 ? [`${which} \`${old}\`: ${left.join(', ')}.`] : []),
      ...(isShared && all.length > 0 && isKnown(old) ? [noteOnRunning(changes.size, old, name)] : []),
    ];
    return {
      edits: all.length === 0 ? [] : [{ title: `Rename \`${old}\` to \`${name}\``, changes: all }],
      ...(notes.length > 0 && { note: notes.join(' ') }),
    };
  }
  const isFormat = action === 'format';
  const changes = here(inOrder(project, source, isFormat, formatOf(cells)));
  const title = isFormat ? 'Format the cell' : 'Put the imports in order';
  return { edits: changes.length === 0 ? [] : [{ title, changes }] };
}

/** The kernel's values keep their old names until the cells run again. */
const noteOnRunning = (count: number, old: string, name: string) =>
  `Run the ${count === 1 ? 'changed cell' : `${count} changed cells`} again: until then there is \`${old}\`, and no \`${name}\`.`;

const noFile = { text: '', start: 0, end: 0, kind: ts.ScriptKind.TS, implied: [] };

/** Formats a cell or sorts its imports. Unused imports remain, because later cells may use them. */
function inOrder(project: Project, source: string, isFormat: boolean, format: ts.FormatCodeSettings): Replacement[] {
  const { kind, syntaxError } = asCell(source);
  const [mistake] = parse(source, kind).parseDiagnostics;
  if (syntaxError !== undefined)
    throw new EditRefused(`The cell is not valid TypeScript yet: ${messageOf(syntaxError)}`);
  if (mistake !== undefined) throw new EditRefused('An object by itself is formatted in brackets: `({ … })`.');
  project.put({ text: source, start: 0, end: source.length, kind, implied: [] });
  const { service, file } = project;
  const imports = { type: 'file', fileName: file, mode: ts.OrganizeImportsMode.SortAndCombine } as const;
  const found = isFormat
    ? service.getFormattingEditsForDocument(file, format)
    : service.organizeImports(imports, format, preferences).flatMap(({ textChanges }) => textChanges);
  const changes = found.map(({ span, newText }) => ({
    from: span.start,
    to: span.start + span.length,
    text: newText,
  }));
  // Sorted imports end with a newline, which the last line of a cell lacks.
  const last = changes.findLast(({ text }) => text !== '');
  const isToEnd = changes.at(-1)?.to === source.length && !source.endsWith('\n');
  return changes.map((one) => (isToEnd && one === last ? { ...one, text: one.text.trimEnd() } : one));
}
