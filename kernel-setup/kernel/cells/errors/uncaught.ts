// Uncaught errors: unhandled rejections, exceptions in timers. Node would exit with code 1. Here they fail their cell if it
// still runs. Otherwise they fail the next cell, in runs without a front end.
import type { ErrorReport, ParentId } from '../../process-messages';
import { send } from '../channel';
import { KernelInterrupt, lastParent } from '../parent/parent';
import { reportOf } from './errors';

interface Pending {
  parentId: ParentId;
  error: ErrorReport;
  /** The rejected promise. */
  promise: unknown;
  /** Whether its report was sent when it happened. */
  wasSent: boolean;
}

/** Maximum number of errors kept; all are shown. */
const most = 100;
/** Saved before cells can replace it. */
const { setImmediate } = globalThis;
/** Waits until all due rejections are known: Node reports them before it runs an immediate. */
let rejectionsAreKnown = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Errors that have not failed a cell yet. */
let uncaught: Pending[] = [];
/** The cell that waits for due rejections. Its errors belong to its reply and are not sent before. */
let ending: ParentId | undefined;

/** Replaces the wait for rejections; a page needs another one. */
export function waitForRejectionsBy(wait: () => Promise<void>): void {
  rejectionsAreKnown = wait;
}

/** Records an uncaught error. @param promise the rejected promise */
export function reportUncaught(thrown: unknown, promise?: unknown): void {
  // The interrupted cell has already been answered.
  if (thrown instanceof KernelInterrupt) return;
  const parentId = lastParent();
  const error = promise === undefined ? reportOf(thrown) : asRejection(reportOf(thrown));
  const wasSent = parentId !== ending;
  if (wasSent) sendLate(parentId, error);
  if (uncaught.length < most) uncaught.push({ parentId, error, promise, wasSent });
}

/** Explains in the report why the code of the cell ran to its end. */
const asRejection = (error: ErrorReport): ErrorReport => ({
  ...error,
  traceback: [
    'A promise was rejected that nothing awaits. Put `await` before the call that made it:',
    ...error.traceback,
  ],
});

export function sendLate(parentId: ParentId, error: ErrorReport): void {
  send({ type: 'late-error', parentId, error });
}

/** Forgets a rejection that is handled after all. */
export function forgetRejection(promise: unknown): void {
  uncaught = uncaught.filter((one) => one.promise !== promise);
}

/** Forgets the errors of a failed cell, so that they do not fail another one. */
export function forgetErrorsOf(parentId: ParentId): void {
  uncaught = uncaught.filter((one) => one.parentId !== parentId);
}

/** Forgets errors that a front end has shown, so that they do not fail another cell. */
export function forgetEarlier(): void {
  uncaught = [];
}

/** The first error of earlier cells that has not failed a cell. @param nameOf of a cell, by its request */
export function takeEarlier(nameOf: (parentId: ParentId) => string | undefined): ErrorReport | undefined {
  const [first] = uncaught;
  uncaught = [];
  if (first === undefined) return undefined;
  const name = nameOf(first.parentId);
  return {
    ...first.error,
    traceback: [`Nothing caught this error${name ? ` of ${name}` : ''}:`, ...first.error.traceback],
  };
}

/**
 * The first error of a cell that has run to its end; further unsent errors are sent. Waits until its rejections are
 * known.
 */
export async function takeUncaught(parentId: ParentId): Promise<ErrorReport | undefined> {
  ending = parentId;
  await rejectionsAreKnown();
  ending = undefined;
  const own = uncaught.filter((one) => one.parentId === parentId);
  forgetErrorsOf(parentId);
  const [first, ...others] = own;
  for (const { error, wasSent } of others) if (!wasSent) sendLate(parentId, error);
  if (first === undefined) return undefined;
  const { ename, evalue } = first.error;
  return first.wasSent
    ? { ename, evalue, traceback: [`Nothing caught this error, which is shown above: ${ename}: ${evalue}`] }
    : first.error;
}
