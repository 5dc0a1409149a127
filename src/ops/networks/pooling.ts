import { adaptiveWindows, maxBack, maxOfWindows, slidingWindows, type Windows } from '../../kernels/pooling';
import { numel } from '../../kernels/strides';
import type { Shape } from '../../tensor/shape';
import { fresh, type Tensor, unset, valuesOf } from '../../tensor/tensor';
import type { ValuesIndices } from '../reduction/dims';
import { defineFunctions } from '../table/define';
import { sampleOf } from '../table/samples';

/** Windows for each of the last dimensions, and PyTorch's name of the backward node. */
export interface MaxPoolPlan {
  readonly windows: readonly Windows[];
  readonly gradFn: string;
}

/** The positions that a pooling selected. */
interface MaxPoolBackPlan extends MaxPoolPlan {
  /** Shape of the pooling's input. */
  readonly shape: Shape;
  readonly indices: Tensor;
}

/** Maximum pooling. */
export interface MaxPooling {
  /** The largest element of each window, and its position in the plane of the windowed dimensions. @internal */
  maxPool(x: Tensor, plan: MaxPoolPlan): ValuesIndices;
  /** Its derivative: adds elements at their positions in planes of zeros. @internal */
  maxPoolBack(dy: Tensor, plan: MaxPoolBackPlan): Tensor;
}

// Without `map`, see the note on whole numbers in tensor/layout.ts.
function pooledShape(x: Shape, { windows }: MaxPoolPlan): Shape {
  const shape = x.slice(0, x.length - windows.length);
  for (const { starts } of windows) shape.push(starts.length);
  return shape;
}

const planesOf = (x: Shape, windows: readonly Windows[]) => numel(x.slice(0, x.length - windows.length));

/** Shapes for the numeric checks, each with windows. */
const cases = (
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
  .map(([shape, ...all]): [Shape, MaxPoolPlan] => {
    const windows = all.map(([kernel, stride, padding, dilation, ceil], d) =>
      slidingWindows(shape[shape.length - all.length + d], { kernel, stride, padding, dilation, ceil }),
    );
    return [shape, { windows, gradFn: 'MaxPool2DWithIndicesBackward0' }];
  })
  .concat([
    [[2, 5, 4], { windows: [adaptiveWindows(5, 3), adaptiveWindows(4, 4)], gradFn: 'AdaptiveMaxPool2DBackward0' }],
  ]);

/** Returns the elements at these positions of the planes. */
function takenFrom(x: Tensor, indices: Tensor, windows: readonly Windows[]): Tensor {
  const cases = indices.sizes.slice(0, -windows.length);
  const flat = (t: Tensor) => t.reshape([...cases, numel(t.sizes.slice(cases.length))]);
  return flat(x).gather(-1, flat(indices)).reshape(indices.sizes);
}

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
      const y = unset(pooledShape(x.sizes, plan), x.dtype);
      const at = new Int32Array(y.memory.length);
      maxOfWindows(valuesOf(x), planesOf(x.sizes, plan.windows), plan.windows, y.memory, at);
      return [y, fresh(at, y.sizes, 'int32')];
    },
    jvp: ([t], { ys, args: [{ windows }] }) => [takenFrom(t!, ys[1], windows), null],
    batch: 'trailing',
    vjp: {
      x: (dys, { ys, shape, args: [plan] }) => maxPooling.maxPoolBack(dys[0], { ...plan, shape, indices: ys[1] }),
    },
    gradFn: ({ args: [{ gradFn }] }) => gradFn,
    samples: cases.map(([shape, plan]) => sampleOf([shape], [plan])),
  },
  maxPoolBack: {
    torch: { name: 'max_pool_backward', params: ['input'], options: ['windows', 'shape', 'indices'] },
    math: 'y_j = \\textstyle\\sum_i x_i\\, [j = \\arg\\max_{W_i}]',
    vjpMath: { x: '\\bar y_{\\arg\\max_{W_i}}' },
    saves: [],
    shape: (_dy, { shape }) => shape,
    forward: (dy, { windows, shape, indices }) => {
      const x = unset(shape, dy.dtype);
      maxBack(valuesOf(dy), valuesOf(indices), planesOf(shape, windows), windows, x.memory);
      return x;
    },
    jvp: 'linear',
    batch: 'one by one',
    vjp: { x: (d, { args: [{ windows, indices }] }) => takenFrom(d, indices, windows) },
    gradFn: ({ args: [{ gradFn }] }) => gradFn.replace('Backward0', 'BackwardBackward0'),
    samples: cases.map(([shape, plan]) => {
      const pooled = pooledShape(shape, plan);
      // Arbitrary positions, also duplicates.
      const size = numel(shape) / planesOf(shape, plan.windows);
      const at = Int32Array.from({ length: numel(pooled) }, (_, i) => (7 * i) % size);
      return sampleOf([pooled], [{ ...plan, shape, indices: fresh(at, pooled, 'int32') }]);
    }),
  },
});
