import type { ParentId } from '../process-messages';

let count: ParentId = 0;

/** A number for a request that reaches the process of the cells. */
export function newParentId(): ParentId {
  count += 1;
  return count;
}
