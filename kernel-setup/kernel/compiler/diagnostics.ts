// What keeps a cell from running, as a person wants to read it: one mistake once, at its place in the cell or in the file
// that it imports, with what to type instead where that is known.
import path from 'node:path';
import { excerptAt } from '../excerpt';
import { ShownPaths } from '../shown-paths';
import { hintFor, hintForLine, hintForUndeclared } from './hints';
import { newerVersion } from './newer-library';
import { nodeAt } from './node-at';
import type { Platform } from './platform';
import type { Diagnostic } from './types';
import { ts } from './typescript';

/** What a diagnostic is about. */
export interface Context {
  platform: Platform;
  /** Unless the cell is no TypeScript, and there is no program. */
  checker: ts.TypeChecker | undefined;
  /** A message with modules as they were imported. */
  withModules(message: string): string;
  /** The cell as it was typed, and what it is called. */
  source: string;
  label: string;
  /** How many lines stand before it in a file; nothing for files that are not the cell. */
  linesBefore(file: ts.SourceFile): number | undefined;
  /** Whether a file exists only for the compiler, such as the declarations of earlier cells. */
  isVirtual(file: string): boolean;
  /** What is likely to be meant in the place of a mistake. */
  proposalFor(mistake: ts.Diagnostic): string | undefined;
  /** Whether a later cell has declared a type of an earlier cell's virtual file again, with that member. */
  hasGained(virtual: string, name: string, member: string): boolean;
  /** What the cells are called that declare a name now, and that declared it before with that member. */
  replacedWith(name: string, member: string): { now: string; before: string } | undefined;
}

/** The same mistake, wherever it shows: a name that nothing declares, which each of its uses misses. */
export const missingName: ReadonlySet<number> = new Set([
  2304, 2503, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2833, 2867, 2868, 18004,
]);
/** A name that is declared twice, which each of its declarations reports. */
const declaredTwice = new Set([2300, 2451]);
/** Remarks that say what to do: which bracket is open, which argument is missing, that `await` is. */
const useful = new Set([1007, 2773, 6210, 6211, 6236]);

export function diagnosticsOf(found: readonly ts.Diagnostic[], context: Context): Diagnostic[] {
  const placed = found.filter((d): d is ts.DiagnosticWithLocation => isPlaced(d, context));
  const all = once(placed).map((d, i) => diagnosticOf(d, context, i < proposals));
  // A line of another language has as many mistakes as words.
  for (const d of all) {
    const hint =
      d.file === undefined ? hintForLine(context.source.split('\n')[d.line - 1], context.platform) : undefined;
    if (hint !== undefined) return [{ ...d, hint }];
  }
  return all;
}

function isPlaced({ file, start }: ts.Diagnostic, context: Context): boolean {
  return file !== undefined && start !== undefined && !context.isVirtual(file.fileName);
}

/** Without those that follow from another one: of a missing name the first, of a second declaration the last. */
function once(all: readonly ts.DiagnosticWithLocation[]): ts.DiagnosticWithLocation[] {
  const key = (d: ts.DiagnosticWithLocation) => `${d.code} ${d.file.fileName} ${d.messageText}`;
  const last = new Map(all.map((d) => [key(d), d]));
  const first = new Map(all.toReversed().map((d) => [key(d), d]));
  return all.filter((d) => {
    if (missingName.has(d.code)) return first.get(key(d)) === d;
    return !declaredTwice.has(d.code) || last.get(key(d)) === d;
  });
}

/** For how many mistakes of a cell something is proposed: TypeScript looks through all that might be imported. */
const proposals = 3;

function diagnosticOf(d: ts.DiagnosticWithLocation, context: Context, proposes: boolean): Diagnostic {
  const linesBefore = context.linesBefore(d.file);
  const isCell = linesBefore !== undefined;
  const lines = (isCell ? context.source : d.file.text).split('\n');
  const { line, column } = placeIn(lines, d, linesBefore ?? 0);
  const length = Math.max(d.length, 1);
  const message = messageOf(d, context);
  const known =
    (context.checker && newerVersion(d, context.checker, context.platform.name)) ??
    hintFor(d, context.platform) ??
    hintAtFormer(d, message, context);
  const proposal = known === undefined && proposes ? context.proposalFor(d) : undefined;
  const undeclared = hintForUndeclared(d);
  // What is imported cannot be assigned to.
  const isMeant = proposal !== undefined && (undeclared === undefined || !proposal.startsWith('import '));
  return {
    message,
    code: d.code,
    file: isCell ? undefined : path.relative(context.platform.folder, d.file.fileName),
    line,
    column,
    length,
    excerpt: excerptAt(lines, line, column, Math.min(length, Math.max(lines[line - 1].length - column + 1, 1))),
    hint: known ?? (isMeant ? `Try: \`${proposal}\`` : undeclared),
  };
}

/** Line and column from 1. What is missing at the end of the text is missing behind its last character. */
function placeIn(lines: readonly string[], d: ts.DiagnosticWithLocation, linesBefore: number) {
  const at = d.file.getLineAndCharacterOfPosition(d.start);
  const line = at.line - linesBefore;
  const lastLine = Math.max(
    lines.findLastIndex((text) => text.trim() !== ''),
    0,
  );
  const end = lines[lastLine].trimEnd().length;
  const isBehind = line > lastLine || (line === lastLine && at.character >= end);
  return isBehind ? { line: lastLine + 1, column: Math.max(end, 1) } : { line: line + 1, column: at.character + 1 };
}

/** The message with all its reasons, each in a line, as the compiler's own command prints them. */
function messageOf(d: ts.DiagnosticWithLocation, context: Context): string {
  const remarks = (d.relatedInformation ?? [])
    .filter(({ code }) => useful.has(code))
    .map(({ messageText, file, start }) => {
      const before = file && context.linesBefore(file);
      const at = before === undefined ? undefined : file?.getLineAndCharacterOfPosition(start!);
      const place = at === undefined ? '' : `${context.label}:${at.line - before! + 1}:${at.character + 1} - `;
      return `\n  ${place}${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  const message = ts.flattenDiagnosticMessageText(d.messageText, '\n') + remarks.join('');
  return new ShownPaths(context.platform.folder).in(context.withModules(withoutAdvice(message)));
}

/** What to do about a value of a type that has been declared again since it was made. */
function hintAtFormer(d: ts.DiagnosticWithLocation, message: string, context: Context): string | undefined {
  const names = [...message.matchAll(/'([\w$]+) of (Cell \[\d+\])'/g)];
  const [, twice] =
    names.find(([, name, label]) => names.some((other) => other[1] === name && other[2] !== label)) ?? [];
  const name = twice ?? formerTypeAt(d, context);
  if (name === undefined) return hintAtReplaced(d, message, context);
  return `\`${name}\` has been declared again since this value was made: run the cell that makes the value again.`;
}

/** What to do about a member that only an earlier declaration has: a cell does not continue what another declares. */
function hintAtReplaced({ code }: ts.Diagnostic, message: string, context: Context): string | undefined {
  if (!memberIsMissing.has(code) && code !== NOT_IN_TYPE) return undefined;
  const [, member] = /'([^']+)' does not exist/.exec(message) ?? [];
  const [, name] = / type '(?:typeof )?([\w$]+)'/.exec(message) ?? [];
  const cells = member !== undefined && name !== undefined ? context.replacedWith(name, member) : undefined;
  if (cells === undefined) return undefined;
  return `\`${name}\` of ${cells.now} has replaced that of ${cells.before}, which has \`${member}\`: put both declarations into one cell.`;
}

/** The type of that of which a member is missing, if a later cell has declared the type again with that member. */
function formerTypeAt({ file, start, code }: ts.DiagnosticWithLocation, context: Context): string | undefined {
  if (!memberIsMissing.has(code)) return undefined;
  const { parent } = nodeAt(file, start);
  if (!ts.isPropertyAccessExpression(parent)) return undefined;
  const symbol = context.checker?.getTypeAtLocation(parent.expression).symbol;
  const declaring = symbol?.declarations?.[0]?.getSourceFile().fileName;
  const virtual = declaring && path.basename(declaring).replace(/(\.d)?\.ts$/, '');
  return virtual && context.hasGained(virtual, symbol!.name, parent.name.text) ? symbol!.name : undefined;
}

const memberIsMissing = new Set([2339, 2551]);
/** Of an object literal. */
const NOT_IN_TYPE = 2353;

/** Without what the compiler says of options and packages of a project, which a cell does not have. */
const withoutAdvice = (message: string) => message.replace(/(?<=\.) Do you need to (?:change|install)\b[\s\S]*$/, '');
