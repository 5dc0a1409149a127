// Padding: adds elements at both ends of dimensions, or removes them.

import { ShapeError } from '../../errors';
import { copyStrided } from '../../kernels/elementwise';
import { checkElement } from '../../kernels/int32';
import { mappedPositions } from '../../kernels/positions';
import { formatShape, type Shape } from '../../tensor/shape';
import { type Tensor, unset } from '../../tensor/tensor';
import type { Places } from '../indexing/places';
import { defineOps } from '../table/define';

declare module '../../tensor/tensor' {
  interface Tensor extends Padding {}
}

/** Padding with a number. */
export interface Padding {
  /** Adds `value` before and after the last dimensions; `pad` as in `nn.functional.pad`. @internal */
  constantPad(pad: readonly number[], value: number): Tensor;
}

/** Returns the elements added before and after each dimension; `pad` has the last dimension first. */
function sides(rank: number, pad: readonly number[]): [number, number][] {
  return Array.from({ length: rank }, (_, d) => {
    const k = 2 * (rank - 1 - d);
    return [pad[k] ?? 0, pad[k + 1] ?? 0];
  });
}

/** Returns the shape after padding. @throws {ShapeError} if more elements are removed than exist. */
function paddedShape(x: Shape, pad: readonly number[]): Shape {
  const shape = sides(x.length, pad).map(([before, after], d) => x[d] + before + after);
  if (shape.some((n) => n < 0))
    throw new ShapeError(`pad: ${formatShape(pad)} takes more away from shape ${formatShape(x)} than there is`);
  return shape;
}

defineOps<Padding>({
  constantPad: {
    torch: { name: 'pad', params: ['input', 'pad', 'value'] },
    math: 'y_{i+k} = x_i, \\text{ else } c',
    vjpMath: { x: '\\bar y_{i+k}' },
    saves: [],
    shape: paddedShape,
    forward: (x, pad, value) => {
      checkElement('pad', x.dtype, value);
      const y = unset(paddedShape(x.sizes, pad), x.dtype);
      y.memory.fill(x.dtype === 'bool' ? Number(value !== 0) : value);
      // The kept elements of x, and their positions in y.
      const kept = sides(x.ndim, pad).map(([before, after], d) => {
        const skipped = Math.max(-before, 0);
        return { from: skipped, to: Math.max(before, 0), count: x.sizes[d] - skipped - Math.max(-after, 0) };
      });
      const shape = kept.map(({ count }) => Math.max(count, 0));
      const offset = kept.reduce((at, { to }, d) => at + to * y.steps[d], 0);
      const start = kept.reduce((at, { from }, d) => at + from * x.steps[d], x.offset);
      copyStrided(
        shape,
        { memory: y.memory, steps: y.steps, offset },
        { memory: x.memory, steps: x.steps, offset: start },
      );
      return y;
    },
    jvp: ([t], { args: [pad] }) => t!.constantPad(pad, 0),
    batch: (c) => {
      c.shape();
      return c.as('trailing');
    },
    vjp: {
      x: (dy, { args: [pad] }) =>
        dy.constantPad(
          pad.map((n) => -n),
          0,
        ),
    },
    gradFn: 'ConstantPadNdBackward0',
    samples: [
      { inputs: '2x3', args: [[1, 2, 0, 1], 0] },
      { inputs: '3x4', args: [[-1, 1, 2, -2], 1.5] },
      { inputs: '2x3', args: [[-2, -1], 0] },
      { inputs: '()', args: [[], 0] },
      { inputs: '0x2', args: [[1, 1], 0] },
    ],
  },
});

/** Padding elements mirrored at the edge, repeated from the edge, or taken from the other end. */
export type RepeatMode = 'reflect' | 'replicate' | 'circular';

/** For each mode, the source index in a dimension of size `n` of place `i`, counted from its start. */
const sources: Record<RepeatMode, (i: number, n: number, before: number, after: number) => number> = {
  reflect: (i, n) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i),
  replicate: (i, n) => Math.min(Math.max(i, 0), n - 1),
  // Elements removed at one end are not available for the other.
  circular: (i, n, before, after) => {
    const start = Math.max(-before, 0);
    const left = n - start - Math.max(-after, 0);
    return start + ((((i - start) % left) + left) % left);
  },
};
/** The most elements that each mode can add at one end of a dimension of size `n`. */
const most: Record<RepeatMode, (n: number) => number> = {
  reflect: (n) => Math.max(n - 1, 0),
  replicate: () => Number.POSITIVE_INFINITY,
  circular: (n) => n,
};
const names = { reflect: 'Reflection', replicate: 'Replication', circular: 'Circular' };

/**
 * Returns the places of the padded tensor's elements in a tensor of shape `x`, whose padded dimensions are not empty.
 * @throws {ShapeError} if more elements are removed than exist, or too few can be repeated.
 */
export function repeatedPlaces(x: Shape, pad: readonly number[], mode: RepeatMode): Places {
  const shape = paddedShape(x, pad);
  if (mode !== 'circular' && shape.some((n, d) => n === 0 && x[d] > 0))
    throw new ShapeError(`pad: mode '${mode}' with ${formatShape(pad)} leaves no elements of shape ${formatShape(x)}`);
  const maps = sides(x.length, pad).map(([before, after], d) => {
    if (Math.max(before, after) > most[mode](x[d]))
      throw new ShapeError(
        `pad: mode '${mode}' cannot add ${Math.max(before, after)} at an end of dimension ${d} of shape ${formatShape(x)}; ` +
          `it adds up to ${most[mode](x[d])}`,
      );
    return Int32Array.from({ length: shape[d] }, (_, i) => sources[mode](i - before, x[d], before, after));
  });
  return { name: `${names[mode]}Pad${pad.length / 2}D`, shape, at: mappedPositions(x, maps) };
}
