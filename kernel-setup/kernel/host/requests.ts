import type { Context } from '../process-messages';

let contexts: Context = 0;

/** A number for a request that reaches the process of the cells. */
export function newContext(): Context {
  contexts += 1;
  return contexts;
}

/** The number of the request that came last. */
export const latestContext = (): Context => contexts;
