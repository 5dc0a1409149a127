// Parsing of an index into its entries.

import { describe } from '../../describe';
import { IndexError, ShapeError, ValueError } from '../../errors';
import { INT32_MAX } from '../../kernels/int32';
import { flattenNested, type NestedInput } from '../../tensor/nested';
import { formatShape, type Shape } from '../../tensor/shape';
import { ellipsis, Slice, slice } from '../../tensor/slice';
import { fresh, Tensor } from '../../tensor/tensor';
import { asPositions } from '../table/positions';
import { nonzeroPositions, unraveled } from './gather';

/** Positions, or the truth values of a mask, in arrays nested to any depth. */
export type PositionList = readonly (number | boolean | PositionList)[];

/**
 * One entry of an index, as in PyTorch: a position, a `slice`, `null` (a new dimension), `'...'`, or a list of
 * positions: an `int32` tensor, a `bool` mask, or arrays of them.
 */
export type Index = number | Slice | null | typeof ellipsis | Tensor | PositionList;

/** An entry whose result is a view. */
export type BasicIndex = number | Slice | null;

/** Parses an index: first a view, then lists of positions in it; and whether these come from a single mask. */
export function parseIndex(
  op: string,
  x: Tensor,
  index: readonly Index[],
): { basic: BasicIndex[]; lists: (Tensor | null)[]; isOneMask: boolean } {
  const entries = Array.from(index, (entry) => asEntry(op, x, entry));
  const used = entries.reduce(
    (n: number, e) => n + (e === null || e === ellipsis ? 0 : e instanceof Tensor && isMask(e) ? e.ndim : 1),
    0,
  );
  if (used > x.ndim)
    throw new IndexError(
      `${op}: ${used} positions for a tensor of shape ${formatShape(x.sizes)}, which has ${x.ndim} dimensions`,
    );
  if (entries.filter((e) => e === ellipsis).length > 1) throw new IndexError(`${op}: an index can hold only one '...'`);
  const whole = slice();
  const basic: BasicIndex[] = [];
  const lists: (Tensor | null)[] = [];
  let dim = 0;
  for (const entry of entries) {
    if (entry === ellipsis) {
      for (let i = used; i < x.ndim; i++, dim++) {
        basic.push(whole);
        lists.push(null);
      }
    } else if (entry instanceof Tensor && isMask(entry) && entry.ndim === 0) {
      // A single bool: a new dimension of size 1 or 0.
      basic.push(null);
      const at = nonzeroPositions(entry);
      lists.push(fresh(at, [at.length], 'int32'));
    } else if (entry instanceof Tensor) {
      const positions = isMask(entry) ? positionsOf(op, entry, x.sizes.slice(dim, dim + entry.ndim), dim) : [entry];
      for (const p of positions) {
        basic.push(whole);
        lists.push(p);
        dim++;
      }
    } else {
      basic.push(entry);
      if (typeof entry !== 'number') lists.push(null);
      if (entry !== null) dim++;
    }
  }
  const tensors = entries.filter((entry) => entry instanceof Tensor);
  return { basic, lists, isOneMask: tensors.length === 1 && isMask(tensors[0]) };
}

function asEntry(op: string, x: Tensor, entry: Index): BasicIndex | typeof ellipsis | Tensor {
  if (entry === null || entry === ellipsis || typeof entry === 'number' || entry instanceof Slice) return entry;
  if (Array.isArray(entry)) {
    const { shape, flat, dtype } = flattenNested(op, entry as NestedInput);
    if (dtype === 'bool') return fresh(Uint8Array.from(flat), shape, 'bool');
    const wrong = flat.find((p) => !Number.isInteger(p));
    if (wrong !== undefined)
      throw new ValueError(`${op}: a list of positions holds whole numbers, got ${describe(wrong)}`);
    const beyond = flat.find((p) => Math.abs(p) > INT32_MAX);
    if (beyond !== undefined)
      throw new IndexError(`${op}: position ${beyond} is out of range for a tensor of shape ${formatShape(x.sizes)}`);
    return fresh(Int32Array.from(flat), shape, 'int32');
  }
  if (entry instanceof Tensor) {
    return isMask(entry) ? entry : asPositions(op, entry, 'a list of positions');
  }
  throw new ValueError(
    `${op}: an index is made of numbers, slice(…), null, '...', tensors of whole numbers and bool tensors; got ${describe(entry)}`,
  );
}

const isMask = (t: Tensor) => t.dtype === 'bool' || t.dtype === 'uint8';

/** Returns for each dimension of a mask the positions of its true elements. */
function positionsOf(op: string, mask: Tensor, shape: Shape, dim: number): Tensor[] {
  if (mask.sizes.some((n, d) => n !== shape[d]))
    throw new ShapeError(
      `${op}: a mask of shape ${formatShape(mask.sizes)} does not fit dimensions ${dim} on, of shape ${formatShape(shape)}`,
    );
  return unraveled(nonzeroPositions(mask), mask.sizes);
}
