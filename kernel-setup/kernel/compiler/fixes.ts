// TypeScript's code fixes: another spelling, an import, `await`.
import { type CellFile, isCell } from './cell-file';
import { missingName } from './diagnostics';
import {
  EditRefused,
  formatOf,
  messageOf,
  offsetsOf,
  preferences,
  type Replacement,
  withReplacements,
} from './edit-texts';
import { nodeAt } from './node-at';
import type { Project } from './project';
import { similarTo } from './spelling';
import { ts } from './typescript';

/** A cell in its file, and its errors. */
export interface CheckedCell {
  file: CellFile;
  /** The file with the declarations of all earlier cells. */
  whole(): CellFile;
  /** The names of all earlier cells. */
  earlier: Iterable<string>;
  mistakes: readonly ts.Diagnostic[];
}

interface Fix {
  title: string;
  changes: Replacement[];
  /** The likely correction, shown with the error. */
  proposal?: string;
}

/** Fixes of the errors in the cursor's line, or of all in the cell. @throws {EditRefused} */
export function fixesOf(project: Project, cell: CheckedCell, source: string, cursor: number): Fix[] {
  const { file, mistakes } = cell;
  if (mistakes.length === 0) throw new EditRefused('TypeScript reports no error in the cell.');
  const own = mistakes.filter((one) => one.file !== undefined && isCell(one.file.fileName));
  const lineOf = (text: string) => text.split('\n').length;
  const isAtCursor = ({ start = 0 }: ts.Diagnostic) =>
    lineOf(file.text.slice(file.start, start)) === lineOf(source.slice(0, cursor));
  for (const some of [own.filter(isAtCursor), own]) {
    const fixes = some.flatMap((one) => fixesFor(project, cell, source, one));
    const titles = fixes.map(({ title }) => title);
    if (fixes.length > 0) return fixes.filter(({ title }, i) => titles.indexOf(title) === i);
  }
  throw new EditRefused(`TypeScript knows no fix for this: ${messageOf(mistakes[0])}`);
}

/** The correction to show with an error. */
export function proposalFor(
  project: Project,
  cell: CheckedCell,
  source: string,
  mistake: ts.Diagnostic,
): string | undefined {
  if (mistake.file === undefined || !isCell(mistake.file.fileName)) return undefined;
  if (lacksName(mistake)) return proposalForName(project, cell, source, mistake);
  if (isStrangeOption.has(mistake.code)) return proposalForOption(project, cell, source, mistake);
  return fixesFor(project, cell, source, mistake).find(({ proposal }) => proposal !== undefined)?.proposal;
}

/** TypeScript's errors about a name that is a class member, a global of a script, or only a type. */
const otherwise = new Set([2662, 2663, 2686, 2693]);

/** Whether TypeScript would search all exports of the program, which takes longer than compiling the cell. */
const lacksName = ({ code }: ts.Diagnostic) => missingName.has(code) || otherwise.has(code);

/** Milliseconds that an error waits for a proposal. */
const patience = 100;

/** For a missing name: an import, or a similar name. */
function proposalForName(
  project: Project,
  cell: CheckedCell,
  source: string,
  { file, start = 0, length = 0, messageText }: ts.Diagnostic,
): string | undefined {
  const name = file!.text.slice(start, start + length);
  const [imported] = project.importable.find(name, isTypeAt(file!, start) ? 'type' : 'value', patience);
  if (imported !== undefined) return imported.text;
  const [, said] =
    /Did you mean (?:the \w+ member )?'([^']+)'/.exec(ts.flattenDiagnosticMessageText(messageText, '')) ?? [];
  const meant = said ?? similarTo(name, cell.earlier);
  const node = nodeAt(file!, start);
  if (meant === undefined || (isCalled(node) && !fits(project, cell.whole(), start, length, meant))) return undefined;
  const toSource = offsetsOf(cell.file.text, source);
  return proposalOf([{ from: toSource(start), to: toSource(start + length), text: meant }], source);
}

/** Whether another name fits in the same place: what is called must be callable. */
function fits(project: Project, file: CellFile, start: number, length: number, name: string): boolean {
  const text = file.text.slice(0, start) + name + file.text.slice(start + length);
  const program = project.put({ ...file, text, end: file.end + name.length - length });
  const node = nodeAt(project.cellIn(program), start);
  const type = program.getTypeChecker().getTypeAtLocation(node);
  const isAny = (type.flags & ts.TypeFlags.Any) !== 0;
  // `new` takes functions too.
  const ways = [...type.getCallSignatures(), ...(ts.isNewExpression(node.parent) ? type.getConstructSignatures() : [])];
  return (isAny && name !== 'undefined') || ways.length > 0;
}

const isCalled = (node: ts.Node) =>
  (ts.isCallExpression(node.parent) || ts.isNewExpression(node.parent)) && node.parent.expression === node;

/** TypeScript's errors about an unknown property of an object literal. */
const isStrangeOption = new Set([2353, 2561]);

/** For an unknown option: a similar one. */
function proposalForOption(
  project: Project,
  { file }: CheckedCell,
  source: string,
  { start = 0, length = 0 }: ts.Diagnostic,
): string | undefined {
  const program = project.put(file);
  const { parent } = nodeAt(project.cellIn(program), start);
  if (!ts.isPropertyAssignment(parent) || !ts.isIdentifier(parent.name)) return undefined;
  const options = program.getTypeChecker().getContextualType(parent.parent)?.getProperties() ?? [];
  const given = new Set(parent.parent.properties.map(({ name }) => name?.getText()));
  const names = options.map(({ name }) => name).filter((name) => !given.has(name));
  const meant = similarTo(parent.name.text, names);
  const toSource = offsetsOf(file.text, source);
  return meant && proposalOf([{ from: toSource(start), to: toSource(start + length), text: meant }], source);
}

/** Whether a name is used as a type. */
function isTypeAt(file: ts.SourceFile, start: number): boolean {
  const { parent } = nodeAt(file, start);
  return ts.isTypeNode(parent) && !ts.isExpressionWithTypeArguments(parent);
}

/** Likely corrections, by TypeScript's fix names. */
const likely = new Set([
  'spelling',
  'import',
  'forgottenThisPropertyAccess',
  'fixAwaitInSyncFunction',
  'addMissingAwait',
  'addMissingNewOperator',
]);

function fixesFor(project: Project, cell: CheckedCell, source: string, mistake: ts.Diagnostic): Fix[] {
  const { code, start = 0, length = 0 } = mistake;
  const isName = missingName.has(code);
  const file = isName ? cell.whole() : cell.file;
  project.put(file, isName ? file.text.slice(start, start + length) : undefined);
  const found = project.service.getCodeFixesAtPosition(
    project.file,
    start,
    start + length,
    isName ? [code, MISSPELT] : [code],
    formatOf([source]),
    preferences,
  );
  const toSource = offsetsOf(file.text, source);
  const fixes = found.flatMap(({ fixName, description: title, changes: files, commands }): Fix[] => {
    const [only, ...others] = files;
    if (only?.fileName !== project.file || others.length > 0 || commands !== undefined) return [];
    const changes = only.textChanges.flatMap((change) => inCell(change, file, toSource) ?? []);
    if (changes.length < only.textChanges.length) return [];
    const proposal = likely.has(fixName) ? proposalOf(changes, source) : undefined;
    return [{ title, changes, proposal }];
  });
  return fixes.filter(({ title }) => {
    const [, module] = /^Add import from "(.+)"$/.exec(title) ?? [];
    return module === undefined || !fixes.some((other) => isBetter(other.title, module));
  });
}

/** Whether a module is preferable: Node's newer name of the same module, or the whole of which the other is a part. */
function isBetter(title: string, than: string): boolean {
  const [, module] = /^Add import from "(.+)"$/.exec(title) ?? [];
  return module !== undefined && (module === `node:${than}` || than.startsWith(`${module}/`));
}

/** TypeScript's error about a misspelt name with a similar one in scope. */
const MISSPELT = 2552;

/** Converts a change of the file into one of the cell; undefined if it is outside the cell. */
function inCell(
  { span: { start, length }, newText }: ts.TextChange,
  file: CellFile,
  toSource: (offset: number) => number,
): Replacement | undefined {
  const isOutside = start < file.start || start + length > file.end;
  // Imports are inserted at the top of the file, or at those of earlier cells.
  if (isOutside && length === 0 && /^\s*import\b/.test(newText)) return { from: 0, to: 0, text: `${newText.trim()}\n` };
  if (isOutside) return undefined;
  // TypeScript indents what follows `export {};`.
  const text = start === file.start ? newText.trimStart() : newText;
  return { from: toSource(start), to: toSource(start + length), text };
}

/** Maximum length of a proposed line. */
const longest = 100;

/** The line that results from a single change. */
function proposalOf(changes: readonly Replacement[], source: string): string | undefined {
  const [{ from }, ...others] = changes;
  const at = source.slice(0, from).split('\n').length - 1;
  const line = withReplacements(source, changes).split('\n')[at].trim();
  return others.length > 0 || line.length > longest ? undefined : line;
}
