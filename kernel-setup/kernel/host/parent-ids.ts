import type { ParentId } from '../process-messages';

let count: ParentId = 0;

/** A number for a request to the cell process. */
export function newParentId(): ParentId {
  count += 1;
  return count;
}
