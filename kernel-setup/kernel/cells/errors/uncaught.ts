// Errors that nothing caught: a rejected promise without a handler, an exception in a timer. Node would end the process with exit
// code 1. Here they fail their cell if it is still running, and otherwise, in a run without a front end, the next one.
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

/** How many errors are kept; all are shown. */
const most = 100;
/** As it is before cells find another one in its place. */
const { setImmediate } = globalThis;
/** Waits until the rejections of what has run are known: Node reports them before an immediate runs. */
let rejectionsAreKnown = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** What no cell has failed with yet. */
let uncaught: Pending[] = [];
/** The cell that waits for rejections that are due: an error of it is its own, and is not sent before. */
let ending: ParentId | undefined;

/** A page has another way to wait for them. */
export function waitForRejectionsBy(wait: () => Promise<void>): void {
  rejectionsAreKnown = wait;
}

/** Takes an error that nothing caught. @param promise the rejected one */
export function reportUncaught(thrown: unknown, promise?: unknown): void {
  // The interrupted cell has been answered already.
  if (thrown instanceof KernelInterrupt) return;
  const parentId = lastParent();
  const error = promise === undefined ? reportOf(thrown) : asRejection(reportOf(thrown));
  const wasSent = parentId !== ending;
  if (wasSent) sendLate(parentId, error);
  if (uncaught.length < most) uncaught.push({ parentId, error, promise, wasSent });
}

/** The code of the cell ran to its end all the same, which looks odd unless it is said. */
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

/** A rejection has a handler after all. */
export function forgetRejection(promise: unknown): void {
  uncaught = uncaught.filter((one) => one.promise !== promise);
}

/** A cell that has failed fails no other by what it left until then. */
export function forgetErrorsOf(parentId: ParentId): void {
  uncaught = uncaught.filter((one) => one.parentId !== parentId);
}

/** A front end has shown the errors of earlier cells: they fail no other cell. */
export function forgetEarlier(): void {
  uncaught = [];
}

/** The first error of earlier cells, which has not failed any. @param nameOf of a cell, by its request */
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

/** The first error of a cell that has run to its end; those that have not been sent are. Waits until its rejections are known. */
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
