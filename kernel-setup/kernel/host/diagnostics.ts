import type { Diagnostic } from '../compiler/types';
import { excerptAt, red } from '../excerpt';
import type { ErrorReport } from '../process-messages';

/** How many mistakes of a cell are shown. */
const most = 5;

/** Mistakes that keep a cell from running, as an error with each place underlined. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], cell: string, source: string): ErrorReport {
  const ename = 'TypeScriptError';
  const [first] = diagnostics;
  const others = diagnostics.length - 1;
  const rest = others > 0 ? ` (and ${others} more)` : '';
  const evalue = `${placeOf(first, cell)} - TS${first.code}: ${first.message}${rest}`;
  const lines = source.split('\n');
  const traceback = diagnostics
    .slice(0, most)
    .flatMap((d) => [
      `${placeOf(d, cell)} - ${red('error')} TS${d.code}: ${d.message}`,
      ...(d.file === undefined ? excerptAt(lines, d.line, d.column, lengthInLine(d, lines)) : []),
    ]);
  if (diagnostics.length > most) traceback.push(`… and ${diagnostics.length - most} more`);
  return { ename, evalue, traceback: [`${red(ename)}: the cell was not run`, ...traceback] };
}

/** The compiler itself has failed at a cell. */
export function reportCompilerFailure(error: unknown, cell: string): ErrorReport {
  const ename = 'CompilerError';
  const reason =
    error instanceof RangeError
      ? 'it is nested too deeply, or one of its expressions is too long; break it into smaller ones'
      : (error instanceof Error && error.stack) || String(error);
  const evalue = `TypeScript cannot compile ${cell}: ${reason}`;
  return { ename, evalue, traceback: [`${red(ename)}: ${evalue}`] };
}

const placeOf = ({ file, line, column }: Diagnostic, cell: string) => `${file ?? cell}:${line}:${column}`;

/** A mistake may span lines; only the first is underlined. */
function lengthInLine({ line, column, length }: Diagnostic, lines: readonly string[]): number {
  return Math.min(length, Math.max((lines[line - 1]?.length ?? 0) - column + 1, 1));
}
