// Where the kernel runs in a page, its parts come over the network.
import { red } from '../excerpt';
import type { ErrorReport } from '../process-messages';

/** A part of the kernel could not be downloaded; the message says which, why, and what to try. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

/** As the error of a cell that could not be run for it. */
export function reportDownload({ name, message }: DownloadError): ErrorReport {
  const evalue = `the cell was not run: ${message}`;
  return { ename: name, evalue, traceback: [`${red(name)}: ${evalue}`] };
}
