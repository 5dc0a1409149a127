import { isDense } from '../kernels/layout';
import { contiguousStride, isContiguous, isRowMajor, numel } from '../kernels/strides';
import type { Shape } from './shape';

/** A list of numbers for the library's own loops, all made in one way; see {@link Layout}. */
function plain(list: Shape): number[] {
  const copy: number[] = [];
  for (let i = 0; i < list.length; i++) {
    const n = list[i];
    const whole = n | 0;
    copy.push(n === whole ? whole : n);
  }
  return copy;
}

/**
 * Sizes and strides, with derived values that are computed once. Tensors of equal sizes and strides share one.
 *
 * `shape` and `stride` are for programs. They are frozen, because several tensors share them. V8 reads an entry of a frozen list in
 * 5 ns, of another in 0.5 ns, and an addition of four elements takes 80 ns. So the library's own loops read copies, `sizes` and
 * `steps`. Whole numbers in them are kept as integers: V8 keeps lists as integers until one entry is -0, or comes out
 * of a `map` whose result it only knows to be a number. From then on it keeps all of them as floating-point numbers, and small
 * operations take two to three times as long (Node 20).
 * @internal
 */
export class Layout {
  readonly sizes: readonly number[];
  readonly steps: readonly number[];
  /** Number of elements. */
  readonly count: number;
  /** As {@link isContiguous} says. */
  readonly isContiguous: boolean;
  /** As {@link isRowMajor} says. */
  readonly isRowMajor: boolean;
  /** As {@link isDense} says. */
  readonly isDense: boolean;
  private frozenSizes: Shape | null = null;
  private frozenSteps: Shape | null = null;

  constructor(shape: Shape, stride: Shape) {
    const sizes = plain(shape);
    const steps = plain(stride);
    this.sizes = sizes;
    this.steps = steps;
    this.count = numel(sizes);
    this.isContiguous = isContiguous(sizes, steps);
    this.isRowMajor = isRowMajor(sizes, steps);
    this.isDense = isDense(sizes, steps);
  }

  get shape(): Shape {
    if (this.frozenSizes === null) this.frozenSizes = Object.freeze(this.sizes.slice());
    return this.frozenSizes;
  }

  get stride(): Shape {
    if (this.frozenSteps === null) this.frozenSteps = Object.freeze(this.steps.slice());
    return this.frozenSteps;
  }
}

/** Size of the cache of layouts; making one takes 400 ns. */
const places = 2048;
const scalar = new Layout([], []);
/** The latest layout by hash: row-major ones by their sizes, all by sizes and strides. */
const rowMajor = new Array<Layout>(places).fill(scalar);
const any = new Array<Layout>(places).fill(scalar);

const placeOf = (hash: number) => (hash ^ (hash >>> 11)) & (places - 1);

/** The layout of elements in row-major order, without gaps. @internal */
export function rowMajorLayout(shape: Shape): Layout {
  const rank = shape.length;
  let hash = rank;
  for (let d = 0; d < rank; d++) hash = (Math.imul(hash, 31) + shape[d]) | 0;
  const place = placeOf(hash);
  const found = rowMajor[place];
  const { sizes } = found;
  let isFound = sizes.length === rank;
  for (let d = 0; isFound && d < rank; d++) isFound = sizes[d] === shape[d];
  if (isFound) return found;
  const layout = new Layout(shape, contiguousStride(shape));
  rowMajor[place] = layout;
  return layout;
}

/** The layout with these sizes and strides. @internal */
export function layoutOf(shape: Shape, stride: Shape): Layout {
  const rank = shape.length;
  let hash = rank;
  for (let d = 0; d < rank; d++) hash = (Math.imul(Math.imul(hash, 31) + shape[d], 31) + stride[d]) | 0;
  const place = placeOf(hash);
  const found = any[place];
  const { sizes, steps } = found;
  let isFound = sizes.length === rank;
  for (let d = 0; isFound && d < rank; d++) isFound = sizes[d] === shape[d] && steps[d] === stride[d];
  if (isFound) return found;
  const layout = isRowMajor(shape, stride) ? rowMajorLayout(shape) : new Layout(shape, stride);
  any[place] = layout;
  return layout;
}
