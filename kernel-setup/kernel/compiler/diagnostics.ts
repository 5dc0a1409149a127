// Compile errors of a cell for the reader: each once, at its place in the cell or in a local file, with a correction if one
// is known.
import path from 'node:path';
import { excerptAt } from '../excerpt';
import { ShownPaths } from '../shown-paths';
import { hintFor, hintForLine, hintForUndeclared } from './hints';
import { newerVersion } from './newer-library';
import { nodeAt } from './node-at';
import type { Platform } from './platform';
import type { Diagnostic } from './types';
import { ts } from './typescript';

/** The context of a diagnostic. */
export interface Context {
  platform: Platform;
  /** Undefined if the cell has a syntax error, so that there is no program. */
  checker: ts.TypeChecker | undefined;
  /** Names modules in a message as they were imported. */
  withModules(message: string): string;
  /** The cell as typed, and its label. */
  source: string;
  label: string;
  /** Lines before the cell in its file; undefined for other files. */
  linesBefore(file: ts.SourceFile): number | undefined;
  /** Whether a file exists only in memory, such as the declarations of earlier cells. */
  isVirtual(file: string): boolean;
  /** The likely correction of an error. */
  proposalFor(mistake: ts.Diagnostic): string | undefined;
  /** Whether a later cell has redeclared a type of an earlier cell with that member. */
  hasGained(virtual: string, name: string, member: string): boolean;
  /** Labels of the cells that declare a name now, and that declared it with that member before. */
  replacedWith(name: string, member: string): { now: string; before: string } | undefined;
}

/** Errors about an undeclared name, which each of its uses repeats. */
export const missingName: ReadonlySet<number> = new Set([
  2304, 2503, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2833, 2867, 2868, 18004,
]);
/** Errors about a duplicate declaration, which each declaration repeats. */
const declaredTwice = new Set([2300, 2451]);
/** Related information that helps: which bracket is open, which argument or `await` is missing. */
const useful = new Set([1007, 2773, 6210, 6211, 6236]);

export function diagnosticsOf(found: readonly ts.Diagnostic[], context: Context): Diagnostic[] {
  const placed = found.filter((d): d is ts.DiagnosticWithLocation => isPlaced(d, context));
  const all = once(placed).map((d, i) => diagnosticOf(d, context, i < proposals));
  // A line in another language has an error for each word.
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

/** Keeps one error of each group: of a missing name the first, of a duplicate declaration the last. */
function once(all: readonly ts.DiagnosticWithLocation[]): ts.DiagnosticWithLocation[] {
  const key = (d: ts.DiagnosticWithLocation) => `${d.code} ${d.file.fileName} ${d.messageText}`;
  const last = new Map(all.map((d) => [key(d), d]));
  const first = new Map(all.toReversed().map((d) => [key(d), d]));
  return all.filter((d) => {
    if (missingName.has(d.code)) return first.get(key(d)) === d;
    return !declaredTwice.has(d.code) || last.get(key(d)) === d;
  });
}

/** Maximum number of errors with a proposal: TypeScript searches all importable names for each. */
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
  // Imports cannot be assigned to.
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

/** Line and column from 1. At the end of the text, the position after its last character. */
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

/** The message with its reasons, one per line, as `tsc` prints it. */
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

/** Advice about a value of a type that has been redeclared since. */
function hintAtFormer(d: ts.DiagnosticWithLocation, message: string, context: Context): string | undefined {
  const names = [...message.matchAll(/'([\w$]+) of (Cell \[\d+\])'/g)];
  const [, twice] =
    names.find(([, name, label]) => names.some((other) => other[1] === name && other[2] !== label)) ?? [];
  const name = twice ?? formerTypeAt(d, context);
  if (name === undefined) return hintAtReplaced(d, message, context);
  return `\`${name}\` has been declared again since this value was made: run the cell that makes the value again.`;
}

/** Advice about a member that only an earlier declaration has: a new declaration replaces the old one. */
function hintAtReplaced({ code }: ts.Diagnostic, message: string, context: Context): string | undefined {
  if (!memberIsMissing.has(code) && code !== NOT_IN_TYPE) return undefined;
  const [, member] = /'([^']+)' does not exist/.exec(message) ?? [];
  const [, name] = / type '(?:typeof )?([\w$]+)'/.exec(message) ?? [];
  const cells = member !== undefined && name !== undefined ? context.replacedWith(name, member) : undefined;
  if (cells === undefined) return undefined;
  return `\`${name}\` of ${cells.now} has replaced that of ${cells.before}, which has \`${member}\`: put both declarations into one cell.`;
}

/** The type that lacks a member, if a later cell has redeclared it with that member. */
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
/** Error of an object literal with an unknown property. */
const NOT_IN_TYPE = 2353;

/** Removes TypeScript's advice on compiler options and packages, which does not apply to cells. */
const withoutAdvice = (message: string) => message.replace(/(?<=\.) Do you need to (?:change|install)\b[\s\S]*$/, '');
