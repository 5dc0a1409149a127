import { viewHistory } from '../autograd/history';
import { copyStrided } from '../kernels/elementwise';
import { contiguousStride, numel } from '../kernels/strides';
import type { Shape } from '../tensor/shape';
import { type Geometry, packed, Tensor } from '../tensor/tensor';
import { defineOps } from './define';
import { opTable } from './table';

/** Reading and replacing the elements that a view looks at: what derivatives of views are made of. */
export interface Strided {
  /** The elements at `geometry` in memory laid out as `layout` says. @internal */
  readView(geometry: Geometry, layout: Geometry): Tensor;
  /** This tensor with the elements at `geometry` replaced, laid out as `layout` says. @internal */
  writeView(values: Tensor, geometry: Geometry, layout: Geometry): Tensor;
}

/**
 * A copy of `x` in memory laid out as `layout`, which may leave gaps and run backwards; the result has the layout's
 * strides and its own offset.
 */
function laidOut(x: Tensor, layout: Geometry): { copy: Tensor; shift: number } {
  let low = 0;
  let high = 0;
  layout.stride.forEach((s, d) => {
    const reach = s * Math.max(layout.shape[d] - 1, 0);
    if (reach < 0) low += reach;
    else high += reach;
  });
  const data = new (x.data.constructor as new (n: number) => Tensor['data'])(high - low + 1);
  const copy = new Tensor(data, layout.shape, layout.stride, -low, x.dtype);
  copyStrided(x.shape, copy, x);
  return { copy, shift: -low - layout.offset };
}

const moved = (g: Geometry, shift: number): Geometry => ({ ...g, offset: g.offset + shift });

defineOps<Strided>({
  readView: {
    torch: 'as_strided(input, size, stride)',
    math: 'y_i = x_{\\pi(i)}',
    vjpMath: { x: '\\bar y \\text{ at } \\pi, \\text{ else } 0' },
    saves: [],
    shape: (_, g) => g.shape,
    forward: (x, g, layout) => {
      const { copy, shift } = laidOut(x, layout);
      const { shape, stride, offset } = moved(g, shift);
      return packed(new Tensor(copy.data, shape, stride, offset, x.dtype));
    },
    vjp: {
      x: (dy, { shape, args: [g, layout] }) => {
        // Elements of an expanded view share one place in memory, where their gradients add up.
        const shared = g.shape.map((n, d) => (g.stride[d] === 0 ? 1 : n));
        return zerosAs(dy, shape).writeView(dy.sumToSize(shared), { ...g, shape: shared }, layout);
      },
    },
    gradFn: 'AsStridedBackward0',
    samples: [
      {
        inputs: [[3, 4]],
        args: [
          { shape: [2, 2], stride: [4, 2], offset: 5 },
          { shape: [3, 4], stride: [4, 1], offset: 0 },
        ],
      },
      {
        inputs: [[2, 3]],
        args: [
          { shape: [2, 3], stride: [0, 2], offset: 8 },
          { shape: [2, 3], stride: [1, 2], offset: 7 },
        ],
      },
    ],
  },
  writeView: {
    torch: 'as_strided_scatter(input, src, size, stride)',
    math: 'y = a \\text{ with } b \\text{ at } \\pi',
    vjpMath: { a: '\\bar y, \\text{ but } 0 \\text{ at } \\pi', b: '\\bar y \\text{ at } \\pi' },
    saves: [],
    shape: (a) => a,
    forward: (a, values, g, layout) => {
      const { copy, shift } = laidOut(a, layout);
      copyStrided(g.shape, { ...moved(g, shift), data: copy.data }, values);
      return copy;
    },
    vjp: {
      a: (dy, { shapeB, args: [g, layout] }) => dy.writeView(zerosAs(dy, shapeB), g, layout),
      b: (dy, { args: [g, layout] }) => dy.readView(g, layout),
    },
    gradFn: 'CopySlices',
    samples: [
      {
        inputs: [
          [3, 4],
          [2, 2],
        ],
        args: [
          { shape: [2, 2], stride: [4, 2], offset: 5 },
          { shape: [3, 4], stride: [4, 1], offset: 0 },
        ],
      },
    ],
  },
});

// The history of a view whose base has been modified: "these elements of the base as it is now".
viewHistory.op = opTable.get('readView')!;

/** Zeros of the dtype of `like`. */
function zerosAs(like: Tensor, shape: Shape): Tensor {
  const data = new (like.data.constructor as new (n: number) => Tensor['data'])(numel(shape));
  return new Tensor(data, shape, contiguousStride(shape), 0, like.dtype);
}

/**
 * The gradient of a view that picks elements: `dy` where they came from, zeros elsewhere.
 * @internal
 */
export function scatterBack(dy: Tensor, shape: Shape, pick: (x: Geometry) => Geometry): Tensor {
  const layout = { shape, stride: contiguousStride(shape), offset: 0 };
  return zerosAs(dy, shape).writeView(dy, pick(layout), layout);
}
