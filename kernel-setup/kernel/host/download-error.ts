// In a page, the kernel's parts are downloaded.
import { red } from '../excerpt';
import type { ErrorReport } from '../process-messages';

/** A part of the kernel failed to download. The message says which, why, and what to try. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

/** The error of a cell that could not run because of it. */
export function reportDownload({ name, message }: DownloadError): ErrorReport {
  const evalue = `the cell was not run: ${message}`;
  return { ename: name, evalue, traceback: [`${red(name)}: ${evalue}`] };
}
