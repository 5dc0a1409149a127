// Splits off the last rows as validation data, and warns of unsuitable splits.
import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import type { Rows } from './batches';
import { largestOf } from './metrics/classes';
import { elementsOf } from './metrics/tally';

/** Rows split into training and validation, with a warning if needed. @internal */
export interface Split {
  readonly training: Rows;
  readonly validation: Rows;
  readonly warnings: readonly string[];
}

/**
 * Splits off the last rows, as Keras' `validation_split` does: `⌊n·(1 - share)⌋` rows stay.
 * @throws {ValueError} unless the share is above 0 and below 1; {@link ShapeError} if one part would have no row. @internal
 */
export function splitRows(who: string, rows: Rows, share: number): Split {
  if (!(typeof share === 'number' && share > 0 && share < 1))
    throw new ValueError(
      `${who}: validationSplit is ${describe(share)}; it must be a share of the rows, above 0 and below 1`,
    );
  const n = rows.x.shape[0] ?? 0;
  const cut = Math.floor(n * (1 - share));
  if (cut < 1 || cut >= n)
    throw new ShapeError(
      `${who}: validationSplit ${share} of ${n} rows leaves ${cut} to train with; both parts need at least one`,
    );
  const part = (from: number, length: number): Rows => ({
    x: rows.x.narrow(0, from, length),
    y: rows.y.narrow(0, from, length),
    ...(rows.weights && { weights: rows.weights.narrow(0, from, length) }),
  });
  const [training, validation] = [part(0, cut), part(cut, n - cut)];
  return { training, validation, warnings: oddities(who, rows, cut, share) };
}

const advice = 'shuffle the rows first, or give validation data of its own';

function oddities(who: string, { x, y }: Rows, cut: number, share: number): string[] {
  const n = x.shape[0]!;
  const last = `${who}: validationSplit ${share} tests with the last ${n - cut} of ${n} rows`;
  const found: string[] = [];
  const classes = classNumbers(y);
  if (classes !== undefined) {
    const [before, after] = [new Set(classes.slice(0, cut)), new Set(classes.slice(cut))];
    const missing = (from: Set<number>, of: Set<number>) => [...of].filter((c) => !from.has(c)).sort((a, b) => a - b);
    const named = (list: number[]) => `${list.length === 1 ? 'class' : 'classes'} ${list.join(', ')}`;
    const [untested, untrained] = [missing(after, before), missing(before, after)];
    if (untested.length > 0) found.push(`${last}, which lack ${named(untested)}; ${advice}`);
    if (untrained.length > 0)
      found.push(`${last}, which alone have ${named(untrained)}: nothing is trained with it; ${advice}`);
  }
  for (const [name, column] of [
    ['y', classes ?? singleColumn(y)],
    ['x', singleColumn(x)],
  ] as const)
    if (column && isSorted(column))
      found.push(`${last}, and the rows are sorted by ${name}, so that these are its end; ${advice}`);
  return found;
}

/** Fewer rows may be sorted by chance. */
const fewest = 8;

function isSorted(column: ArrayLike<number>): boolean {
  if (column.length < fewest) return false;
  let [rises, falls] = [false, false];
  for (let i = 1; i < column.length; i++) {
    if (column[i]! > column[i - 1]!) rises = true;
    if (column[i]! < column[i - 1]!) falls = true;
    if (rises && falls) return false;
  }
  return rises || falls;
}

const singleColumn = (x: Tensor): ArrayLike<number> | undefined =>
  x.numel() === x.shape[0] ? elementsOf(x.detach()) : undefined;

/**
 * Returns the rows' classes: small integers with few different values, or the positions of the ones in one-hot rows.
 */
function classNumbers(y: Tensor): number[] | undefined {
  const n = y.shape[0]!;
  if (y.numel() === n) {
    const values = Array.from(elementsOf(y.detach()));
    const distinct = new Set(values);
    const isFew =
      y.dtype !== 'float32' && y.dtype !== 'float64' ? distinct.size <= n / 2 : distinct.size <= Math.min(20, n / 2);
    return isFew && values.every((value) => Number.isInteger(value) && value >= 0) ? values : undefined;
  }
  if (y.ndim !== 2) return undefined;
  const [width, values] = [y.shape[1]!, elementsOf(y.detach())];
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const value = values[i * width + j]!;
      if (value !== 0 && value !== 1) return undefined;
      sum += value;
    }
    if (sum !== 1) return undefined;
  }
  return Array.from(largestOf(y.detach()));
}
