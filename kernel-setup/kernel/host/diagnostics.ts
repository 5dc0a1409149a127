import type { Diagnostic } from '../compiler/types';
import { red } from '../excerpt';
import type { ErrorReport } from '../process-messages';
import { ShownPaths } from '../shown-paths';
import { CompilerNotLoaded, CompilerOutOfMemory } from './compiler';
import { DownloadError, reportDownload } from './download-error';

/** Maximum number of compile errors shown. */
const most = 5;

/** The compile errors of a cell as one error, with each place underlined. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], cell: string): ErrorReport {
  const ename = 'TypeScriptError';
  const [first] = diagnostics;
  const others = diagnostics.length - 1;
  const rest = others > 0 ? ` (and ${others} more)` : '';
  const hint = first.hint === undefined ? '' : ` ${first.hint}`;
  const evalue = `${placeOf(first, cell)} - TS${first.code}: ${first.message.split('\n')[0]}${hint}${rest}`;
  const traceback = diagnostics
    .slice(0, most)
    .flatMap((d) => [
      `${placeOf(d, cell)} - ${red('error')} TS${d.code}: ${d.message}`,
      ...d.excerpt,
      ...(d.hint === undefined ? [] : [`${red('→')} ${d.hint}`]),
    ]);
  if (diagnostics.length > most) traceback.push(`… and ${diagnostics.length - most} more`);
  return { ename, evalue, traceback: [`${red(ename)}: the cell was not run`, ...traceback] };
}

/** The cell was interrupted before it ran. */
export function reportEarlyInterrupt(cell: string): ErrorReport {
  const ename = 'KernelInterrupt';
  const evalue = `${cell} was interrupted before it ran`;
  return { ename, evalue, traceback: [`${red(ename)}: ${evalue}`] };
}

/** The compiler itself failed. */
export function reportCompilerFailure(error: unknown, cell: string): ErrorReport {
  const ename = 'CompilerError';
  if (error instanceof CompilerNotLoaded && error.cause instanceof DownloadError) return reportDownload(error.cause);
  if (error instanceof CompilerNotLoaded) return reportNotLoaded(error, ename);
  const evalue = `TypeScript cannot compile ${cell}: ${reasonOf(error)}`;
  return { ename, evalue, traceback: [`${red(ename)}: ${evalue}`] };
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError)
    return 'it is nested too deeply, or one of its expressions is too long; break it into smaller ones';
  if (error instanceof CompilerOutOfMemory)
    return `${error.message}. Break the cell into smaller ones, or read its data from a file; the variables are kept`;
  return shown((error instanceof Error && error.stack) || String(error));
}

/** A file is missing or damaged, and the user can restore it. */
function reportNotLoaded({ message, cause, repair }: CompilerNotLoaded, ename: string): ErrorReport {
  const [place] = (cause instanceof Error && cause.stack?.split('\n')) || [];
  const where = place && !place.includes(message) ? ` (${shown(place)})` : '';
  const evalue = `the cell was not run, for the compiler does not load: ${shown(message)}${where}`;
  const advice = repair === undefined ? [] : [`To repair it, ${repair}; then restart the kernel.`];
  const traceback = [`${red(ename)}: ${evalue}`, ...advice.map((line) => `${red('→')} ${line}`)];
  return { ename, evalue: [evalue, ...advice].join('\n'), traceback };
}

const shown = (text: string) => new ShownPaths(process.cwd()).in(text);

const placeOf = ({ file, line, column }: Diagnostic, cell: string) => `${file ?? cell}:${line}:${column}`;
