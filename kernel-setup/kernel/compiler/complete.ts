import type { CellFile } from './cell-file';
import { declared } from './documentation';
import { filesAt } from './files-at';
import { memberAt } from './live';
import type { Platform } from './platform';
import type { Project } from './project';
import type { Completion, CompletionList } from './types';
import { ts } from './typescript';

/** Completions at the cursor, best first. */
export function complete(
  project: Project,
  cell: CellFile,
  source: string,
  cursor: number,
  platform: Platform,
): CompletionList {
  const list = project.answer(`complete ${cursor}`, cell, (program) => typed(project, program, cell, source, cursor));
  if (list.items.length > 0) return list;
  const member = memberAt(source, cursor);
  if (member === undefined) return filesAt(source, cursor, platform) ?? list;
  const { from, to, ...live } = member;
  return { from, to, items: [], live };
}

/** Completions from types. */
function typed(project: Project, program: ts.Program, cell: CellFile, source: string, cursor: number): CompletionList {
  const found = project.service.getCompletionsAtPosition(project.file, cell.start + cursor, { includeSymbol: true });
  const { from, to } = textToReplace(found, cell, source, cursor);
  const entries = matching(found?.entries ?? [], source.slice(from, to), source.slice(from, cursor));
  const checker = program.getTypeChecker();
  return { from, to, items: entries.map((entry) => completion(entry, checker)) };
}

/** The text that a completion replaces: a name, a quoted key, or the last part of a path. */
function textToReplace(found: ts.CompletionInfo | undefined, cell: CellFile, source: string, cursor: number) {
  const span = found?.entries[0]?.replacementSpan ?? found?.optionalReplacementSpan;
  const from = (span?.start ?? 0) - cell.start;
  if (span !== undefined && from >= 0 && from <= cursor && cursor <= from + span.length)
    return { from, to: Math.min(from + span.length, source.length) };
  const [before] = /[\w$]*$/.exec(source.slice(0, cursor))!;
  const isName = before !== '' && !/^\d/.test(before);
  const [behind] = isName ? /^[\w$]*/.exec(source.slice(cursor))! : [''];
  return { from: cursor - before.length, to: cursor + behind.length };
}

/** Entries with the same prefix, then those with it ignoring case, then those that contain it. */
function matching(entries: readonly ts.CompletionEntry[], whole: string, before: string): ts.CompletionEntry[] {
  const bySort = (a: ts.CompletionEntry, b: ts.CompletionEntry) =>
    a.sortText.localeCompare(b.sortText) || a.name.localeCompare(b.name);
  if (whole === '') return entries.toSorted(bySort);
  const lower = before.toLowerCase();
  const rank = ({ name }: ts.CompletionEntry) => {
    if (name.startsWith(before)) return 0;
    const at = name.toLowerCase().indexOf(lower);
    return at === 0 ? 1 : at > 0 ? 2 : 3;
  };
  const ranked = entries.map((entry) => ({ entry, rank: rank(entry) })).filter((one) => one.rank < 3);
  return ranked
    .toSorted((a, b) => a.rank - b.rank || a.entry.sortText.localeCompare(b.entry.sortText))
    .map(({ entry }) => entry);
}

/** For an import or export, the kind is that of its target. */
function completion({ name, kind, symbol }: ts.CompletionEntry, checker: ts.TypeChecker): Completion {
  const isAlias = kind === ts.ScriptElementKind.alias && symbol !== undefined;
  return { text: name, kind: (isAlias && kindOf(declared(symbol, checker))) || kind };
}

const { SymbolFlags } = ts;
const kinds: readonly (readonly [ts.SymbolFlags, ts.ScriptElementKind])[] = [
  [SymbolFlags.Class, ts.ScriptElementKind.classElement],
  [SymbolFlags.Enum, ts.ScriptElementKind.enumElement],
  [SymbolFlags.Function, ts.ScriptElementKind.functionElement],
  [SymbolFlags.BlockScopedVariable, ts.ScriptElementKind.letElement],
  [SymbolFlags.Variable, ts.ScriptElementKind.variableElement],
  [SymbolFlags.Method, ts.ScriptElementKind.memberFunctionElement],
  [SymbolFlags.Property, ts.ScriptElementKind.memberVariableElement],
  [SymbolFlags.Interface, ts.ScriptElementKind.interfaceElement],
  [SymbolFlags.TypeAlias, ts.ScriptElementKind.typeElement],
  [SymbolFlags.Module, ts.ScriptElementKind.moduleElement],
];

function kindOf({ flags, valueDeclaration }: ts.Symbol): ts.ScriptElementKind | undefined {
  const isConst =
    valueDeclaration !== undefined && (ts.getCombinedNodeFlags(valueDeclaration) & ts.NodeFlags.Const) !== 0;
  if (flags & SymbolFlags.BlockScopedVariable && isConst) return ts.ScriptElementKind.constElement;
  return kinds.find(([flag]) => flags & flag)?.[1];
}
