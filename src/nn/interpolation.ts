// The matrix of an interpolation along one dimension: the weights of input elements in each output element.

import { type SparseMatrix, sparse } from '../kernels/resampling';
import { requireOneOf } from '../ops/table/arguments';
import type { InterpolationMode } from './functional/upsampling';

/** The method of interpolation. */
export type InterpolationKind = 'nearest' | 'nearest-exact' | 'linear' | 'cubic';

/** The interpolation of each mode along one dimension, how many dimensions it needs, and its name in backward nodes. @internal */
export const modes: Record<
  Exclude<InterpolationMode, 'area'>,
  { kind: InterpolationKind; rank?: number; name: string }
> = {
  nearest: { kind: 'nearest', name: 'Nearest' },
  'nearest-exact': { kind: 'nearest-exact', name: 'NearestExact' },
  linear: { kind: 'linear', rank: 1, name: 'Linear' },
  bilinear: { kind: 'linear', rank: 2, name: 'Bilinear' },
  bicubic: { kind: 'cubic', rank: 2, name: 'Bicubic' },
  trilinear: { kind: 'linear', rank: 3, name: 'Trilinear' },
};

/** @throws {ValueError} unless it is one of the modes. @internal */
export function checkMode(op: string, mode: unknown): asserts mode is InterpolationMode {
  requireOneOf(op, { mode }, [...Object.keys(modes), 'area']);
}

/** How output positions map to input positions. */
export interface InterpolationOptions {
  /** The given ratio of output to input; `null`: that of the sizes. */
  readonly factor: number | null;
  /** Whether the centres of the first and last elements coincide, or the outer edges. */
  readonly alignCorners: boolean;
  /** Whether an output element averages over all input elements that it covers when the size shrinks. */
  readonly antialias: boolean;
}

type Row = [column: number, weight: number][];

/** @internal */
export function interpolationMatrix(
  kind: InterpolationKind,
  from: number,
  to: number,
  { factor, alignCorners, antialias }: InterpolationOptions,
): SparseMatrix {
  const free = factor !== null && factor > 0 ? 1 / factor : from / to;
  const step = alignCorners ? (to > 1 ? (from - 1) / (to - 1) : 0) : free;
  const place = (i: number) => (alignCorners ? step * i : step * (i + 0.5) - 0.5);
  if (antialias)
    return sparse(to, from, (i) => averaged(filters[kind === 'cubic' ? 'cubic' : 'linear'], i, from, step));
  switch (kind) {
    case 'nearest':
      // The oldest rule, without half a pixel, in float32 as in PyTorch: at whole numbers the rounding decides.
      return sparse(to, from, (i) => [[Math.min(Math.floor(Math.fround(i * Math.fround(step))), from - 1), 1]]);
    case 'nearest-exact':
      return sparse(to, from, (i) => [[Math.min(Math.floor(Math.fround((i + 0.5) * Math.fround(step))), from - 1), 1]]);
    case 'linear':
      return sparse(to, from, (i) => linear(to === from ? i : Math.max(place(i), 0), from));
    case 'cubic':
      return sparse(to, from, (i) => cubic(place(i), from));
  }
}

/** The neighbours on both sides, weighted by their distance. */
function linear(x: number, from: number): Row {
  const left = Math.min(Math.floor(x), from - 1);
  const t = Math.min(x - left, 1);
  return [
    [left, 1 - t],
    [Math.min(left + 1, from - 1), t],
  ];
}

/** Two neighbours on each side; beyond the edge, the edge is repeated. */
function cubic(x: number, from: number): Row {
  const left = Math.min(Math.floor(x), from - 1);
  const t = Math.min(x - left, 1);
  return [-1, 0, 1, 2].map((k) => [
    Math.min(Math.max(left + k, 0), from - 1),
    cubicKernel(Math.abs(t - k), PYTORCH_SLOPE),
  ]);
}

/** Slope of the cubic kernel at distance 1; the second is that of antialiasing, as in Pillow. */
const PYTORCH_SLOPE = -0.75;
const PILLOW_SLOPE = -0.5;

/** Keys's cubic convolution kernel. */
function cubicKernel(x: number, a: number): number {
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/** Weights by distance, and the distance from which they are 0. */
interface Filter {
  readonly reach: number;
  readonly weight: (x: number) => number;
}

const filters: Record<'linear' | 'cubic', Filter> = {
  linear: { reach: 1, weight: (x) => Math.max(1 - x, 0) },
  cubic: { reach: 2, weight: (x) => cubicKernel(x, PILLOW_SLOPE) },
};

/** A filter as wide as the output element, its weights scaled to add up to 1. */
function averaged({ reach, weight }: Filter, i: number, from: number, step: number): Row {
  const width = Math.max(step, 1);
  const centre = step * (i + 0.5);
  const first = Math.max(Math.trunc(centre - reach * width + 0.5), 0);
  const end = Math.min(Math.trunc(centre + reach * width + 0.5), from);
  const row: Row = [];
  for (let j = first; j < end; j++) row.push([j, weight(Math.abs(j - centre + 0.5) / width)]);
  const total = row.reduce((sum, [, w]) => sum + w, 0);
  return row.map(([column, w]) => [column, w / total]);
}
