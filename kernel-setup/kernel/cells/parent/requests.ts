// What the `Jupyter` API needs to know about running requests.
import { createHash } from 'node:crypto';
import type { ParentId, ToCells } from '../../process-messages';
import { currentParent } from './parent';

type Request = Extract<ToCells, { type: 'run' | 'comm' }>;

/** Maximum number of requests remembered; later outputs are rare. */
const remembered = 1000;
const requestIds = new Map<ParentId, string>();
let inputAllowedIn: ParentId | undefined;
/** First half of ids: a digest of the last cell's source and run count. */
let cell = '0'.repeat(16);
/** Number of ids made for that cell. */
let made = 0;
/** Run count by source. */
const runs = new Map<string, number>();

/** Records a new request. */
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

/** `msg_id` of the request to which the current output belongs. */
export const currentRequestId = (): string => requestIds.get(currentParent()) ?? '';

/** Whether the running request may prompt for input. */
export const inputAllowed = (): boolean => inputAllowedIn === currentParent();

/**
 * An id from the cell and a counter. Running a notebook again gives the same ids. Running cells in another order never
 * gives an id that another cell's saved output has.
 */
export function newId(): string {
  made += 1;
  return cell + made.toString(16).padStart(16, '0');
}
