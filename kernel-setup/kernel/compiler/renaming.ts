// Renames declarations across the cells of a notebook. The top level of all cells is one scope, so a name is the same in all
// of them.
import { wordAt } from '../word-at';
import { asCell } from './as-cell';
import type { CellFile } from './cell-file';
import { missingName } from './diagnostics';
import { EditRefused, messageOf, offsetsOf, preferences, type Replacement, withReplacements } from './edit-texts';
import type { CheckedCell } from './fixes';
import { declaredNames } from './names';
import { parse } from './parse';
import type { Project } from './project';
import { ts } from './typescript';

/** What to rename. */
export interface Renaming {
  /** The texts of all cells. */
  cells: readonly string[];
  /** The cell and offset of the name. */
  cell: number;
  cursor: number;
  name: string;
}

/** The changes by cell, and the cells left unchanged because they do not compile. */
export interface Renamed {
  old: string;
  changes: Map<number, Replacement[]>;
  /** Whether the name is at the top level, so that cells share it. */
  isShared: boolean;
  left: string[];
}

/**
 * Renames a top-level declaration in all cells that compile, or a local one in its function.
 * @throws {EditRefused}
 */
export function rename(project: Project, check: (source: string) => CheckedCell, asked: Renaming): Renamed {
  const { cells, cell, cursor, name } = asked;
  const old = nameAt(cells[cell], cursor);
  if (old === undefined)
    throw new EditRefused('Put the cursor on the name of a variable, a function, a class or a type.');
  if (!isName(name)) throw new EditRefused(`\`${name}\` cannot be a name.`);
  if (name === old) return { old, changes: new Map(), isShared: false, left: [] };
  const declared = cells.map((source) => declaredNames(parse(source, asCell(source).kind)));
  const mistakeIn = (i: number) => {
    const others = new Set(declared.filter((_, j) => j !== i).flat());
    return check(cells[i]).mistakes.find((mistake) => !isMissing(mistake, others));
  };
  const mistake = mistakeIn(cell);
  if (mistake !== undefined) throw new EditRefused(`The cell does not compile: ${messageOf(mistake)}`);
  const places = cells.map((source) => topLevelPlaces(project, source, old));
  if (!places[cell].some(({ from, to }) => from <= cursor && cursor <= to))
    return { old, changes: new Map([[cell, renameWithin(project, asked, old)]]), isShared: false, left: [] };
  if (!declared.some((names) => names.includes(old)))
    throw new EditRefused(`No cell of the notebook declares \`${old}\`.`);
  // With a syntax error, the meaning of a name is unknown.
  const isBroken = (source: string) => asCell(source).syntaxError !== undefined && source.includes(old);
  const touched = cells.map((_, i) => i).filter((i) => places[i].length > 0 || isBroken(cells[i]));
  const left = touched.filter((i) => mistakeIn(i) !== undefined);
  const changes = new Map(touched.filter((i) => !left.includes(i)).map((i) => [i, places[i].map(named(name))]));
  for (const [i, source] of cells.entries()) {
    const own = changes.get(i) ?? [];
    const isTaken = declared[i].includes(name) || topLevelPlaces(project, source, name).length > 0;
    const after = topLevelPlaces(project, withReplacements(source, own), name).length;
    if (isTaken || after !== own.length)
      throw new EditRefused(`\`${name}\` means something else in the cell ${quoted(source)}.`);
  }
  return { old, changes, isShared: true, left: left.map((i) => quoted(cells[i])) };
}

/** Renames a local declaration of a function or block. */
function renameWithin(project: Project, { cells, cell, cursor, name }: Renaming, old: string): Replacement[] {
  const source = cells[cell];
  const file = fileWith(source, old);
  project.put(file);
  const toSource = offsetsOf(file.text, source);
  const identifiers = identifiersIn(project);
  const here = identifiers.find((node) => toSource(node.getStart()) <= cursor && cursor <= toSource(node.end));
  const at = here?.getStart();
  const info = at === undefined ? undefined : project.service.getRenameInfo(project.file, at, {});
  if (at === undefined || !info?.canRename || members.has(info.kind))
    throw new EditRefused(`\`${old}\` is not the name of a variable, a function, a class or a type here.`);
  if (identifiers.some(({ text }) => text === name)) throw new EditRefused(`\`${name}\` already occurs in the cell.`);
  return placesOf(project, file, source, at).map(named(name));
}

/** Kinds of names that belong to an object. */
const members: ReadonlySet<string> = new Set([
  ts.ScriptElementKind.memberVariableElement,
  ts.ScriptElementKind.memberFunctionElement,
  ts.ScriptElementKind.memberGetAccessorElement,
  ts.ScriptElementKind.memberSetAccessorElement,
  ts.ScriptElementKind.memberAccessorVariableElement,
  ts.ScriptElementKind.enumMemberElement,
  ts.ScriptElementKind.jsxAttribute,
]);

/** The position of a name. In `{ x }` the key must stay. */
interface Place {
  from: number;
  to: number;
  before: string;
  behind: string;
}

const named =
  (name: string) =>
  ({ from, to, before, behind }: Place): Replacement => ({ from, to, text: before + name + behind });

const anchor = '__renamed__';

/** The file of a cell with an export of the name, which is declared there unless the cell declares it. */
function fileWith(source: string, name: string): CellFile {
  const { text, head, kind } = asCell(source);
  const before = `export {};${head}\n`;
  const isOwn = declaredNames(parse(text, kind)).includes(name);
  // Class and namespace together may be used as a value, as a type, and as a qualifier in a type.
  const declared = isOwn ? '' : `declare class ${name} {}\ndeclare namespace ${name} {}\n`;
  const [start, end] = [before.length, before.length + text.length];
  const all = `${before}${text}\n${declared}export { ${name} as ${anchor} };`;
  return { text: all, start, end, kind, implied: [] };
}

/** Places in a cell that refer to the top-level name. */
function topLevelPlaces(project: Project, source: string, name: string): Place[] {
  if (!source.includes(name)) return [];
  const file = fileWith(source, name);
  project.put(file);
  return placesOf(project, file, source, file.text.lastIndexOf(`${name} as ${anchor}`));
}

/** Places in a cell that refer to the symbol at an offset of its file. */
function placesOf({ service, file }: Project, { text, start, end }: CellFile, source: string, at: number): Place[] {
  const found = service.findRenameLocations(file, at, false, false, preferences) ?? [];
  const toSource = offsetsOf(text, source);
  return found
    .filter(({ fileName, textSpan }) => fileName === file && textSpan.start >= start && textSpan.start < end)
    .map(({ textSpan, prefixText = '', suffixText = '' }) => {
      const from = toSource(textSpan.start);
      return { from, to: from + textSpan.length, before: prefixText, behind: suffixText };
    });
}

/** All identifiers in the cell's file. */
function identifiersIn(project: Project): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(project.cellIn(project.service.getProgram()!));
  return found;
}

/** The name at or just before the cursor. */
function nameAt(source: string, cursor: number): string | undefined {
  const { word } = wordAt(source, cursor);
  return isName(word) ? word : undefined;
}

/** Whether a text is an identifier and not a reserved word. */
function isName(text: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  const kind = scanner.scan();
  const { Identifier, AwaitKeyword, LastFutureReservedWord, LastKeyword } = ts.SyntaxKind;
  const isContextual = kind > LastFutureReservedWord && kind <= LastKeyword && kind !== AwaitKeyword;
  return (kind === Identifier || isContextual) && scanner.getTokenEnd() === text.length;
}

const isMissing = ({ code, file, start = 0, length = 0 }: ts.Diagnostic, declared: ReadonlySet<string>): boolean =>
  missingName.has(code) && file !== undefined && declared.has(file.text.slice(start, start + length));

/** The label of a cell without a number. */
function quoted(source: string): string {
  const [line] = source.trim().split('\n');
  return `“${line.length > 30 ? `${line.slice(0, 29)}…` : line}”`;
}
