// Reports on why the cell process, or in a page the worker, has ended.
import type { ErrorReport } from '../process-messages';
import { ShownPaths } from '../shown-paths';
import { type DownloadError, reportDownload } from './download-error';

export interface Death {
  /** Undefined for a worker. */
  code: number | null;
  signal: string | null;
  /** The end of its output on stderr. */
  lastOutput: string;
  /** Killed because it did not answer an interrupt. */
  unanswered?: boolean;
  /** Killed because of this invalid message. */
  protocolError?: string;
  /** A worker of a page, whose reason is unknown. */
  isWorker?: boolean;
  /** It could not start, because its code failed to download. */
  download?: DownloadError;
}

/** Maximum number of names listed. */
const mostNames = 12;

function namesOf(names: readonly string[]): string {
  if (names.length === 0) return '';
  const others = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return `: ${names.slice(0, mostNames).join(', ')}${others}`;
}

/**
 * @param where the cell in which it happened, such as `in Cell [3]`
 * @param names declared by earlier cells
 * @param detached children that continue
 */
export function reportDeath(
  death: Death,
  where: string,
  names: readonly string[] = [],
  detached: readonly string[] = [],
): ErrorReport {
  if (death.download !== undefined) return reportDownload(death.download);
  const [ename, reason] = causeOf(death);
  const evalue = `${reason} ${where}`;
  const lost = `the variables of earlier cells are gone${namesOf(names)}`;
  const aftermath = `The cells run in a new ${kindOf(death)} now: ${lost}.`;
  const lines = [`\u001b[31m${ename}\u001b[39m: ${evalue}`, aftermath];
  return { ename, evalue, traceback: [...lines, ...reportDetached(detached)] };
}

/** A cell continues after an interrupt: possible reasons, and what a second one costs. @param where such as `in Cell [3]` */
export function reportHung(where: string, names: readonly string[]): string {
  const cost = names.length === 0 ? '' : `, and all variables are lost${namesOf(names)}`;
  return `What runs ${where} has not stopped: it is in a call that cannot be interrupted. Wait for its end, or stop once more: that ends it${cost}.`;
}

/** A line about detached children; empty if there are none. */
export function reportDetached(detached: readonly string[]): string[] {
  if (detached.length === 0) return [];
  return [`Children that were started with \`detached: true\` still run${namesOf(detached)}.`];
}

/** The process dies at every start. */
export function reportCannotStart({ lastOutput }: Death): ErrorReport {
  const evalue = 'the process in which cells run ends before it is ready; restart the kernel when that is put right';
  return { ename: 'CellProcessError', evalue, traceback: [shown(lastOutput.trim()), `CellProcessError: ${evalue}`] };
}

const kindOf = ({ isWorker }: Death) => (isWorker ? 'worker' : 'process');

function causeOf(death: Death): [ename: string, reason: string] {
  const { code, signal, lastOutput, unanswered, protocolError } = death;
  if (protocolError !== undefined)
    return [
      'ProtocolError',
      `the ${kindOf(death)} sent what the kernel cannot read (${protocolError}), so it was ended,`,
    ];
  if (unanswered) return ['KernelInterrupt', `an interrupt was not answered, so the ${kindOf(death)} was ended`];
  if (death.isWorker)
    return ['WorkerEnded', 'the worker in which cells run has ended, as by close(), or since memory ran out,'];
  const aborted = code === 134 || signal === 'SIGABRT';
  if (aborted && /out of memory|Allocation failed/i.test(lastOutput)) {
    const size = /(\d+(?:\.\d+)?) \(\d+(?:\.\d+)?\) MB/.exec(lastOutput)?.[1];
    return [
      'OutOfMemory',
      `the memory for JavaScript objects${size ? ` (${Math.round(Number(size))} MB)` : ''} ran out`,
    ];
  }
  if (signal === 'SIGKILL')
    return ['ProcessKilled', 'the process was killed (SIGKILL), perhaps because it ran out of memory,'];
  if (aborted) return ['ProcessAborted', `the process aborted${firstReason(lastOutput)}`];
  if (signal !== null) return ['ProcessKilled', `the process was ended by the signal ${signal}`];
  return ['ProcessExit', `the process ended with exit code ${code}, as by process.exit(${code}),`];
}

function firstReason(lastOutput: string): string {
  const reason = /^(?:FATAL ERROR: |# Fatal error.*|Fatal error.*|.*Check failed: ).*$/m.exec(lastOutput)?.[0];
  return reason === undefined ? '' : ` (${shown(reason.trim())})`;
}

const shown = (text: string) => new ShownPaths(process.cwd()).in(text);
