// What the `Jupyter` API has to know of the requests that run.
import type { Context, ToCells } from '../process-messages';
import { currentContext } from './context';

type Request = Extract<ToCells, { type: 'run' | 'comm' }>;

/** As many requests are remembered: outputs that come later than that are rare. */
const remembered = 1000;
const requestIds = new Map<Context, string>();
let inputAllowedIn: Context | undefined;
let cell = 0;
/** How many comms each cell has opened: cells that are not stored share one number. */
const made = new Map<number, number>();

/** Notes a request that begins. */
export function beginRequest(request: Request): void {
  requestIds.set(request.context, request.requestId);
  if (requestIds.size > remembered) requestIds.delete(requestIds.keys().next().value!);
  inputAllowedIn = undefined;
  if (request.type === 'comm') return;
  if (request.allowStdin) inputAllowedIn = request.context;
  const [number] = /\d+/.exec(request.file) ?? [];
  if (number !== undefined) cell = Number(number);
}

/** `msg_id` of the request to which output belongs now. */
export const currentRequestId = (): string => requestIds.get(currentContext()) ?? '';

/** Whether the request that runs may ask the person for input. */
export const inputAllowed = (): boolean => inputAllowedIn === currentContext();

/** An id of the comm protocol: of the cell and a counter, so that running a notebook again gives the same ids. */
export function newCommId(): string {
  const count = (made.get(cell) ?? 0) + 1;
  made.set(cell, count);
  return cell.toString(16).padStart(16, '0') + count.toString(16).padStart(16, '0');
}
