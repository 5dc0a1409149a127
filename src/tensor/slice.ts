import { describe } from '../describe';
import { ValueError } from '../errors';

/** A range of positions along one dimension, as Python's `start:end:step`. */
export class Slice {
  readonly start: number | null;
  readonly end: number | null;
  readonly step: number;

  /** @internal */
  constructor(start: number | null, end: number | null, step: number) {
    this.start = start;
    this.end = end;
    this.step = step;
  }
}

/**
 * The positions from `start` up to but not including `end`, every `step`-th: Python's `start:end:step`. Negative
 * positions count from the end; `null` leaves a side open; `slice()` is everything.
 * @throws {ValueError} if the step is not a whole number above 0, or a position is fractional.
 */
export function slice(start: number | null = null, end: number | null = null, step = 1): Slice {
  if (!Number.isInteger(step) || step < 1)
    throw new ValueError(`slice: step is ${describe(step)}; it must be a whole number, 1 or more`);
  for (const p of [start, end])
    if (p !== null && !Number.isInteger(p))
      throw new ValueError(`slice: position ${describe(p)} is not a whole number`);
  return new Slice(start, end, step);
}

/** In an index, selects all dimensions that are not listed (Python's `...`). */
export const ellipsis = '...' as const;
