import { describe } from './describe';
import { ValueError } from './errors';

/**
 * Called with more arguments than an operation takes, which JavaScript would ignore. The index and the list that `map`,
 * `reduce` and the like append to an element are allowed.
 * @throws {ValueError} unless the arguments end so.
 * @internal
 */
export function refuseSurplus(op: string, given: ArrayLike<unknown>, most: number, isMethod = false): void {
  const count = given.length;
  const [element, place, list] = [count - 3, count - 2, count - 1].map((i) => given[i]);
  if (!isMethod && typeof place === 'number' && Array.isArray(list) && list[place] === element) return;
  const surplus = Array.from(given).slice(most);
  const isTensor = surplus.some((value) => typeof value === 'object' && value !== null && 'tolist' in value);
  const takes = `${most === 0 ? 'no' : most} argument${most === 1 ? '' : 's'}`;
  throw new ValueError(
    `${op}: takes ${takes}${isMethod ? ' after its tensor' : ''}, got ${count}; there is no place for ` +
      `${surplus.map(describe).join(', ')}. Leave it out${isTensor ? ', or call the operation again on its result' : ''}`,
  );
}
