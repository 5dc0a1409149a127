import { adaptiveWindows, maxOfSquares, maxOfWindows, slidingWindows, type Windows } from '../../kernels/pooling';
import { numel } from '../../kernels/strides';
import type { Shape } from '../../tensor/shape';
import { empty, fresh, packed, type Tensor } from '../../tensor/tensor';
import type { ValuesIndices } from '../reduction/dims';
import { defineFunctions } from '../table/define';

/** Windows for each of the last dimensions, and what PyTorch calls the backward node. */
export interface MaxPoolPlan {
  readonly windows: readonly Windows[];
  readonly gradFn: string;
}

/** Largest elements of windows. */
export interface MaxPooling {
  /** The largest element of each window, and its place in the plane of the windowed dimensions. @internal */
  maxPool(x: Tensor, plan: MaxPoolPlan): ValuesIndices;
}

const pooledShape = (x: Shape, { windows }: MaxPoolPlan): Shape => [
  ...x.slice(0, x.length - windows.length),
  ...windows.map(({ starts }) => starts.length),
];

/** @internal */
export const maxPooling: MaxPooling = defineFunctions<MaxPooling>({
  maxPool: {
    torch: { name: 'max_pool', params: ['input'], options: ['windows'] },
    math: 'y_i = \\max_{j \\in W_i} x_j',
    vjpMath: { x: '\\textstyle\\sum_i \\bar y_i\\, [j = \\arg\\max_{W_i} x]' },
    saves: ['indices'],
    returns: ['values', 'indices'],
    shape: (x, plan) => [pooledShape(x, plan), pooledShape(x, plan)],
    forward: (x, plan) => {
      const { windows } = plan;
      let from = packed(x);
      if (windows.length === 2) {
        const y = empty(pooledShape(x.shape, plan), x.dtype);
        const at = new Int32Array(y.data.length);
        const planes = numel(x.shape.slice(0, -2));
        if (maxOfSquares(from.data, from.offset, planes, windows[0], windows[1], y.data, at))
          return [y, fresh(at, y.shape, 'int32')];
      }
      let places: Int32Array | null = null;
      // One dimension after the other, the last first: the largest of a window is the largest of its rows' largest.
      for (let k = windows.length - 1, d = x.ndim - 1; k >= 0; k--, d--) {
        const shape = from.shape.map((n, i) => (i === d ? windows[k].starts.length : n));
        const y = empty(shape, x.dtype);
        const at = new Int32Array(y.data.length);
        const plane = numel(x.shape.slice(d + 1));
        const outer = numel(shape.slice(0, d));
        maxOfWindows(from.data, from.offset, places, outer, numel(shape.slice(d + 1)), windows[k], plane, y.data, at);
        [from, places] = [y, at];
      }
      return [from, fresh(places ?? new Int32Array(0), from.shape, 'int32')];
    },
    vjp: {
      x: (dys, { ys, shape, args: [{ windows }] }) => {
        const cases = shape.slice(0, -windows.length);
        const flat = (t: Tensor) => t.reshape([...cases, numel(t.shape.slice(cases.length))]);
        const zeros = empty([...cases, numel(shape.slice(cases.length))], dys[0].dtype);
        return zeros.scatterAdd(-1, flat(ys[1]), flat(dys[0])).reshape(shape);
      },
    },
    gradFn: ({ args: [{ gradFn }] }) => gradFn,
    samples: (
      [
        [
          [2, 5],
          [2, 2, 0, 1, false],
        ],
        [
          [1, 2, 5],
          [3, 2, 1, 1, true],
        ],
        [
          [2, 4, 5],
          [2, 1, 1, 2, false],
          [2, 2, 0, 1, true],
        ],
        [
          [0, 2, 4],
          [2, 2, 0, 1, false],
        ],
      ] as [Shape, ...[number, number, number, number, boolean][]][]
    )
      .map(([shape, ...all]) => ({
        inputs: [shape],
        args: [
          {
            windows: all.map(([kernel, stride, padding, dilation, ceil], d) =>
              slidingWindows(shape[shape.length - all.length + d], { kernel, stride, padding, dilation, ceil }),
            ),
            gradFn: 'MaxPool2DWithIndicesBackward0',
          },
        ],
      }))
      .concat({
        inputs: [[2, 5, 4]],
        args: [{ windows: [adaptiveWindows(5, 3), adaptiveWindows(4, 4)], gradFn: 'AdaptiveMaxPool2DBackward0' }],
      }),
  },
});
