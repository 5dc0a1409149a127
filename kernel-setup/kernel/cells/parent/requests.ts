// What the `Jupyter` API has to know of the requests that run.
import { createHash } from 'node:crypto';
import type { ParentId, ToCells } from '../../process-messages';
import { currentParent } from './parent';

type Request = Extract<ToCells, { type: 'run' | 'comm' }>;

/** As many requests are remembered: outputs that come later than that are rare. */
const remembered = 1000;
const requestIds = new Map<ParentId, string>();
let inputAllowedIn: ParentId | undefined;
/** Half an id: a digest of the cell that began last and of how often it has run. */
let cell = '0'.repeat(16);
/** How many ids that cell has been given. */
let made = 0;
/** How often each source has run. */
const runs = new Map<string, number>();

/** Notes a request that begins. */
export function beginRequest(request: Request): void {
  requestIds.set(request.parentId, request.requestId);
  if (requestIds.size > remembered) requestIds.delete(requestIds.keys().next().value!);
  if (request.type === 'comm') return;
  inputAllowedIn = request.allowStdin ? request.parentId : undefined;
  const run = (runs.get(request.source) ?? 0) + 1;
  runs.set(request.source, run);
  cell = createHash('sha256').update(`${run} ${request.source}`).digest('hex').slice(0, 16);
  made = 0;
}

/** `msg_id` of the request to which output belongs now. */
export const currentRequestId = (): string => requestIds.get(currentParent()) ?? '';

/** Whether the request that runs may ask the person for input. */
export const inputAllowed = (): boolean => inputAllowedIn === currentParent();

/**
 * An id of a cell and a counter: running a notebook again gives the same ids, and running its cells in another order
 * gives no cell an id that stands in the saved outputs of another.
 */
export function newId(): string {
  made += 1;
  return cell + made.toString(16).padStart(16, '0');
}
