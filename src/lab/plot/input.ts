/** Checks the arguments of plot functions and converts them to plain numbers. */

import { perCall, turn } from '../../cancellation';
import { describe } from '../../describe';
import { formatNumber, type NumberList, type NumberMatrix, roundTo, type Scalar, toPlain } from '../../display';
import { PlotError } from '../../errors';

/** A function of two numbers, such as a loss of two weights; it may return a tensor with one element. */
export type Height = (x: number, y: number) => Scalar;

/** Heights on a grid: `z` has one row for each of `y` and one column for each of `x`. */
export interface HeightGrid {
  x: NumberList;
  y: NumberList;
  z: NumberMatrix;
}

/** The domain in which a function is drawn: smallest and largest `x` and `y`. */
export interface Domain {
  x: readonly [number, number];
  y: readonly [number, number];
}

/** A point in the plane: two numbers, or a tensor with two elements. */
export type Point = readonly [number, number] | NumberList;

/** Several points: an array of points, or an N×2 tensor. */
export type Points = readonly Point[] | NumberMatrix;

/** A grid of heights, `null` where not finite, and a function for points between. */
export interface Heights {
  x: number[];
  y: number[];
  z: (number | null)[][];
  /** The height at any point: computed, or interpolated in a grid. */
  at(x: number, y: number): number;
  /** The first and last of `x` and `y`. */
  box: { x: [number, number]; y: [number, number] };
  /** The smallest and largest height, and their positions as text. */
  low: number;
  high: number;
  lowAt: string;
  highAt: string;
}

type Samples = Pick<Heights, 'x' | 'y' | 'z' | 'at'>;

/** The number in a number or one-element tensor; throws {@link PlotError} otherwise. @internal */
export function toNumber(value: unknown, who: string): number {
  let plain = toPlain(value);
  while (Array.isArray(plain) && plain.length === 1) plain = plain[0];
  if (typeof plain === 'number') return plain;
  throw new PlotError(`${who}: expected a number or a tensor with one element, got ${describe(value)}`);
}

/** A flat array of numbers; throws {@link PlotError} otherwise. @internal */
export function toNumbers(value: unknown, who: string): number[] {
  const plain = toPlain(value);
  const isNumber = (item: unknown): item is number => {
    turn(4);
    return typeof item === 'number';
  };
  if (Array.isArray(plain) && plain.every(isNumber)) return plain;
  throw new PlotError(`${who}: expected a list of numbers or a 1-D tensor, got ${describe(value)}`);
}

/** Two finite numbers; throws {@link PlotError} otherwise. @internal */
export function toPoint(value: unknown, who: string): [number, number] {
  const plain = toPlain(value);
  if (Array.isArray(plain) && plain.length === 2 && plain.every((item) => Number.isFinite(item))) {
    return [plain[0], plain[1]];
  }
  throw new PlotError(`${who}: expected a point of two finite numbers such as [1, 2], got ${describe(value)}`);
}

/** Points of a path. Non-finite ones are kept: a diverging path ends there. Throws {@link PlotError} on other shapes. @internal */
export function toPath(value: unknown, who: string): [number, number][] {
  const plain = toPlain(value);
  const isPair = (item: unknown) =>
    Array.isArray(item) && item.length === 2 && item.every((part) => typeof part === 'number');
  if (Array.isArray(plain) && plain.length > 0 && plain.every(isPair)) return plain as [number, number][];
  throw new PlotError(`${who}: expected points such as [[0, 1], [2, 3]] or an N×2 tensor, got ${describe(value)}`);
}

/** The smallest and the largest number. Lists may be too long for the arguments of `Math.min`. @internal */
export function extent(values: Iterable<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    turn(4);
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return [low, high];
}

/** Both ends finite and in order; throws {@link PlotError} otherwise. @internal */
export function checkRange(range: readonly [number, number], who: string): [number, number] {
  const [low, high] = toPoint(range, who);
  if (low < high) return [low, high];
  throw new PlotError(`${who}: expected [smallest, largest], got [${low}, ${high}]`);
}

/**
 * Heights to draw, from a function sampled on `resolution` × `resolution` points of `domain`, or from a grid.
 * Throws {@link PlotError} if the sizes differ, the grid has fewer than two rows or columns, or no height is finite.
 * @internal
 */
export function toHeights(source: Height | HeightGrid, domain: Domain, resolution: number, who: string): Heights {
  const samples = typeof source === 'function' ? sample(source, domain, resolution, who) : readGrid(source, who);
  const { x, y } = samples;
  if (!samples.z.some((row) => row.some((value) => value !== null))) {
    throw new PlotError(`${who}: none of the heights is a finite number; look at the function or the domain`);
  }
  return { ...samples, box: { x: [x[0]!, x.at(-1)!], y: [y[0]!, y.at(-1)!] }, ...extremes(samples) };
}

function sample(f: Height, domain: Domain, resolution: number, who: string): Samples {
  if (!Number.isInteger(resolution) || resolution < 2 || resolution > 500) {
    throw new PlotError(`${who}: resolution must be a whole number from 2 to 500, got ${resolution}`);
  }
  const x = spread(checkRange(domain.x, `${who}: domain.x`), resolution);
  const y = spread(checkRange(domain.y, `${who}: domain.y`), resolution);
  const at = (u: number, v: number) => {
    turn(perCall);
    const value = f(u, v);
    // Formatting the message's numbers costs more than most functions.
    return typeof value === 'number' ? value : toNumber(value, `${who}: the function's value at (${u}, ${v})`);
  };
  return { x, y, z: y.map((v) => x.map((u) => finiteOrNull(at(u, v)))), at };
}

function readGrid(grid: HeightGrid, who: string): Samples {
  const x = toNumbers(grid.x, `${who}: x`);
  const y = toNumbers(grid.y, `${who}: y`);
  const rows = toPlain(grid.z);
  const fits =
    Array.isArray(rows) &&
    rows.length === y.length &&
    rows.every((row) => Array.isArray(row) && row.length === x.length);
  if (!fits || x.length < 2 || y.length < 2) {
    throw new PlotError(
      `${who}: z must have one row for each y (${y.length}) and one column for each x (${x.length}), at least 2 of each; ` +
        `got ${describe(grid.z)}`,
    );
  }
  for (const [name, values] of Object.entries({ x, y })) {
    if (!values.every((value, i) => Number.isFinite(value) && (i === 0 || value > values[i - 1]!))) {
      throw new PlotError(`${who}: ${name} must be finite and rising, from smallest to largest`);
    }
  }
  const z = rows.map((row: unknown, i) => toNumbers(row, `${who}: row ${i} of z`));
  return { x, y, z: z.map((row) => row.map(finiteOrNull)), at: (u, v) => interpolate(x, y, z, u, v) };
}

/** The heights at no more than `most` points in each direction, the first and last included. @internal */
export function thinned(heights: Heights, most: number): Heights {
  const every = (count: number) => Math.ceil((count - 1) / (most - 1));
  const [across, down] = [every(heights.x.length), every(heights.y.length)];
  if (across <= 1 && down <= 1) return heights;
  const pick = <T>(values: readonly T[], step: number) => {
    const last = values.length - 1;
    const count = Math.ceil(last / step);
    return Array.from({ length: count + 1 }, (_, i) => values[Math.round((i * last) / count)]!);
  };
  return {
    ...heights,
    x: pick(heights.x, across),
    y: pick(heights.y, down),
    z: pick(heights.z, down).map((row) => pick(row, across)),
  };
}

/** Bilinear interpolation; NaN outside the grid. */
function interpolate(x: number[], y: number[], z: number[][], u: number, v: number): number {
  const j = cellOf(x, u);
  const i = cellOf(y, v);
  if (i < 0 || j < 0) return Number.NaN;
  const s = (u - x[j]!) / (x[j + 1]! - x[j]!);
  const t = (v - y[i]!) / (y[i + 1]! - y[i]!);
  const row = (k: number) => z[k]![j]! * (1 - s) + z[k]![j + 1]! * s;
  return row(i) * (1 - t) + row(i + 1) * t;
}

/** The index of the interval of `ticks` that contains `value`, or -1. */
function cellOf(ticks: number[], value: number): number {
  if (!(value >= ticks[0]! && value <= ticks.at(-1)!)) return -1;
  const after = ticks.findIndex((tick) => tick > value);
  return (after < 0 ? ticks.length - 1 : after) - 1;
}

/** `count` evenly spaced numbers, both ends included. @internal */
export function spread([low, high]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}

/** The smallest and largest height, and their positions. */
function extremes({ x, y, z }: Samples): Pick<Heights, 'low' | 'high' | 'lowAt' | 'highAt'> {
  const cells = z.flatMap((row, i) => row.flatMap((value, j) => (value === null ? [] : [{ value, i, j }])));
  const { low, high, lowest, highest } = extremePoints(cells, ({ value }) => value);
  const place = ({ i, j }: { i: number; j: number }) => `(${formatNumber(x[j]!)}, ${formatNumber(y[i]!)})`;
  return { low, high, lowAt: place(lowest), highAt: place(highest) };
}

/**
 * The smallest and largest value of `points`, and the first points that round to them. Last digits differ between machines, and must
 * not decide which point a description names.
 * @internal
 */
export function extremePoints<T>(points: readonly T[], heightOf: (point: T) => number) {
  const { low, high } = points.reduce(
    (ends, point) => ({ low: Math.min(ends.low, heightOf(point)), high: Math.max(ends.high, heightOf(point)) }),
    { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY },
  );
  const first = (end: number) => {
    const reads = roundTo(end);
    const near = Math.abs(end) * 1e-3;
    return points.find((point) => Math.abs(heightOf(point) - end) <= near && roundTo(heightOf(point)) === reads)!;
  };
  return { low, high, lowest: first(low), highest: first(high) };
}

/**
 * Rounds to four significant digits, or more if values are close together relative to their magnitude: no visible
 * detail is lost. `span` is the distance from smallest to largest. Non-finite values become null.
 * @internal
 */
export function compact(values: readonly (number | null)[], span: number): (number | null)[] {
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    const size = Math.abs(value);
    if (size === 0) return 0;
    const extra = span > 0 ? Math.ceil(Math.max(0, Math.log10(size / span))) : 0;
    return Number(value.toPrecision(Math.min(17, 4 + extra)));
  });
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
