import { describe } from '../describe';
import { IndexError, ShapeError } from '../errors';

/** Sizes of the dimensions of a tensor, outermost first. */
export type Shape = readonly number[];

/** `[2, 3]`, as messages print it. */
export function formatShape(shape: Shape): string {
  return `[${Array.from(shape, describe).join(', ')}]`;
}

/** @internal */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * A dimension counted from the front; negative numbers count from the back.
 * @throws {IndexError} if it is outside `[-rank, rank - 1]`; a 0-d tensor accepts 0 and -1.
 * @internal
 */
export function checkDim(op: string, dim: number, rank: number, what = 'a tensor'): number {
  const n = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -n || dim >= n)
    throw new IndexError(
      `${op}: dimension ${describe(dim)} is outside [${-n}, ${n - 1}] for ${what} of ${rank} dimensions`,
    );
  return dim < 0 ? dim + n : dim;
}

/**
 * Several dimensions, each counted from the front, in ascending order; `undefined` or an empty list means all.
 * @throws {IndexError} if one is out of range or repeated.
 * @internal
 */
export function checkDims(op: string, dims: number | readonly number[] | null | undefined, rank: number): number[] {
  const given = typeof dims === 'number' ? [dims] : (dims ?? []);
  if (!Array.isArray(given))
    throw new IndexError(
      `${op}: dimensions are a number or a list of numbers, got ${describe(given)}; ` +
        'options come after them, as in x.sum(null, { keepdim: true })',
    );
  if (given.length === 0) {
    const all: number[] = [];
    for (let d = 0; d < rank; d++) all.push(d);
    return all;
  }
  const seen = Array.from(given, (d) => checkDim(op, d, rank)); // `map` would skip a hole
  if (new Set(seen).size !== seen.length)
    throw new IndexError(
      `${op}: dimension ${seen.find((d, i) => seen.indexOf(d) !== i)} appears twice in ${formatShape(given)}`,
    );
  return rank === 0 ? [] : seen.sort((a, b) => a - b);
}

/**
 * The broadcast shape of two operands. Sizes are compared from the last dimension; they must be equal, or one of them 1.
 * @throws {ShapeError} if a pair of sizes does not match.
 * @internal
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (!Array.isArray(a) || !Array.isArray(b))
    throw new ShapeError(`${op}: an operand is neither a tensor nor a number`);
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const m = i <= a.length ? a[a.length - i] : 1;
    const n = i <= b.length ? b[b.length - i] : 1;
    if (m !== n && m !== 1 && n !== 1)
      throw new ShapeError(
        `${op}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: ` +
          `dimension ${rank - i} has sizes ${m} and ${n}, which must be equal or one of them 1`,
      );
    shape[rank - i] = m === 1 ? n : m;
  }
  return shape;
}

/**
 * Strides that broadcast an operand of `shape` to `target`: 0 along repeated dimensions.
 * @internal
 */
export function broadcastStride(shape: Shape, stride: Shape, target: Shape): readonly number[] {
  if (shape === target) return stride;
  const lead = target.length - shape.length;
  return target.map((n, i) => (i < lead || (shape[i - lead] === 1 && n !== 1) ? 0 : stride[i - lead]));
}

/** @throws {ShapeError} if the argument for a shape is a tensor. @internal */
export function refuseTensor(op: string, size: unknown): void {
  if (typeof size === 'object' && size !== null && 'tolist' in size)
    throw new ShapeError(`${op}: a shape is a list of sizes, as in [2, 3], got a tensor; give its shape`);
}

/**
 * @throws {ShapeError} if a size is negative or not a whole number.
 * @internal
 */
export function checkShape(op: string, shape: readonly number[]): void {
  if (!Array.isArray(shape))
    throw new ShapeError(`${op}: a shape is a list of sizes, as in [2, 3], got ${describe(shape)}`);
  for (const n of shape)
    if (!Number.isInteger(n) || n < 0)
      throw new ShapeError(`${op}: ${formatShape(shape)} is not a shape: sizes are whole numbers, 0 or more`);
}
