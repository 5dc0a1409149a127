import { describe } from '../../describe';
import { ShapeError } from '../../errors';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { defineComposites, defineOps, viewing } from '../table/define';
import { windowed } from './geometry';
import { scatterBack, span } from './strided';

declare module '../../tensor/tensor' {
  interface Tensor extends Windows, WindowForms {}
}

/** Views that contain elements more than once. */
export interface Windows {
  /**
   * View of all windows of `size` entries along `dimension`, `step` apart; the entries of a window become the last
   * dimension (`torch.Tensor.unfold`).
   * @throws {ShapeError} if a window does not fit; {@link ValueError} for a step below 1.
   */
  unfold(dimension: number, size: number, step: number): Tensor;
}

defineOps<Windows>({
  unfold: {
    torch: { name: 'unfold', params: ['input', 'dimension', 'size', 'step'] },
    math: 'y_{ij} = x_{s i + j}',
    vjpMath: { x: '\\textstyle\\sum_{s i + j = k} \\bar y_{ij}' },
    saves: [],
    ...viewing(windowed),
    jvp: 'linear',
    batch: (c) => {
      const [x, dim, ...rest] = c.args as [Tensor, number, ...unknown[]];
      return x.ndim === 0 ? undefined : c.run(c.physical(0), c.dim(dim), ...rest);
    },
    vjp: { x: (dy, { shape, args }) => scatterBack(dy, shape, (x) => windowed(x, ...args)) },
    samples: [
      { inputs: '5', args: [0, 3, 1] },
      { inputs: '2x7x2', args: [1, 2, 3] },
      { inputs: '()', args: [0, 1, 1] },
      { inputs: '0x2', args: [1, 2, 1] },
    ],
  },
});

/** Views defined by strides. */
export interface WindowForms {
  /**
   * View of the tensor's memory with the given shape and strides, from element `storageOffset`, by default the tensor's
   * first (`torch.as_strided`). Gradients of repeated elements are added.
   * @throws {ShapeError} if size and stride differ in length, or the view reaches outside of the memory.
   */
  asStrided(size: readonly number[], stride: readonly number[], storageOffset?: number): Tensor;
}

defineComposites<WindowForms>({
  asStrided(size, stride, storageOffset) {
    for (const list of [size, stride])
      if (!Array.isArray(list))
        throw new ShapeError(`asStrided: size and stride are lists of numbers, got ${describe(list)}`);
    const start = storageOffset ?? this.offset;
    const view = { sizes: [...size], steps: [...stride], offset: start };
    const isWhole = [...size, ...stride, start].every((n) => Number.isInteger(n) && n >= 0);
    if (!isWhole || size.length !== stride.length || (!size.includes(0) && span([view])[1] >= this.memory.length))
      throw new ShapeError(
        `asStrided: shape ${formatShape(size)} with strides ${formatShape(stride)} from element ${start} does not ` +
          `fit into memory of ${this.memory.length} elements`,
      );
    const { sizes, steps, offset } = this;
    return this.readView(view, { sizes, steps, offset });
  },
});
