import { viewHistory } from '../../autograd/history';
import { copyStrided } from '../../kernels/elementwise';
import { addStrided } from '../../kernels/positions';
import { allocate, type Dtype } from '../../tensor/dtype';
import { layoutOf } from '../../tensor/layout';
import { type Shape, sameShape } from '../../tensor/shape';
import { empty, fresh, type Geometry, packed, Tensor, viewWith } from '../../tensor/tensor';
import { defineOps } from '../table/define';
import { opTable } from '../table/table';
import { contiguousGeometry } from './geometry';

declare module '../../tensor/tensor' {
  interface Tensor extends Strided {}
}

/** Reading, scattering and replacing the elements of a view: the building blocks of derivatives of views. */
export interface Strided {
  /** The elements at `geometry` in memory with the layout `layout`. @internal */
  readView(geometry: Geometry, layout: Geometry): Tensor;
  /** Zeros with the layout `layout`, with these elements added at `geometry`. @internal */
  spreadView(geometry: Geometry, layout: Geometry): Tensor;
  /** This tensor with the elements at `geometry` replaced, with the layout `layout`. @internal */
  writeView(values: Tensor, geometry: Geometry, layout: Geometry): Tensor;
}

/** Returns the lowest and the highest memory position of the geometries; strides may be negative. */
export function span(geometries: readonly Geometry[]): [number, number] {
  let low = geometries[0].offset;
  let high = low;
  for (const { sizes: shape, steps: stride, offset } of geometries) {
    if (shape.includes(0)) continue;
    const reach = stride.map((s, d) => s * (shape[d] - 1));
    low = Math.min(low, offset + reach.reduce((sum, r) => sum + Math.min(r, 0), 0));
    high = Math.max(high, offset + reach.reduce((sum, r) => sum + Math.max(r, 0), 0));
  }
  return [low, high];
}

/** Returns zeros in memory with the layout `layout`, large enough for `g`, and `g` in that memory. */
function laidOut(dtype: Dtype, layout: Geometry, g: Geometry): { whole: Tensor; part: Geometry } {
  const [low, high] = span([layout, g]);
  const data = allocate(dtype, high - low + 1);
  return {
    whole: new Tensor(data, layoutOf(layout.sizes, layout.steps), layout.offset - low, dtype),
    part: { ...g, offset: g.offset - low },
  };
}

/** Whether `g` is valid in the memory of `x`, because it has that layout and is large enough. */
const isInPlace = (x: Tensor, g: Geometry, layout: Geometry) =>
  x.offset === layout.offset && sameShape(x.steps, layout.steps) && span([g])[1] < x.memory.length;

const column = { sizes: [2, 2], steps: [4, 2], offset: 5 };
const matrix = { sizes: [3, 4], steps: [4, 1], offset: 0 };
const transposed = { sizes: [2, 3], steps: [1, 2], offset: 7 };

defineOps<Strided>({
  readView: {
    torch: { name: 'as_strided', params: ['input', 'size', 'stride'] },
    math: 'y_i = x_{\\pi(i)}',
    vjpMath: { x: '\\textstyle\\sum_{\\pi(i) = j} \\bar y_i' },
    saves: [],
    shape: (_, g) => g.sizes,
    forward: (x, g, layout) => {
      if (isInPlace(x, g, layout)) return viewWith(x, g);
      const { whole, part } = laidOut(x.dtype, layout, g);
      copyStrided(x.sizes, whole, x);
      return packed(viewWith(whole, part, false));
    },
    jvp: 'linear',
    batch: 'one by one',
    vjp: { x: (dy, { args: [g, layout] }) => dy.spreadView(g, layout) },
    isView: true,
    gradFn: 'AsStridedBackward0',
    samples: [
      { inputs: '3x4', args: [column, matrix] },
      { inputs: '2x3', args: [{ sizes: [2, 3], steps: [0, 2], offset: 8 }, transposed] },
      { inputs: '3x4', args: [{ sizes: [4, 3], steps: [2, 1], offset: 1 }, matrix] },
    ],
  },
  spreadView: {
    torch: { name: 'as_strided_backward', params: ['input', 'size', 'stride'] },
    math: 'y_j = \\textstyle\\sum_{\\pi(i) = j} x_i',
    vjpMath: { x: '\\bar y_{\\pi(i)}' },
    saves: [],
    shape: (_x, _g, layout) => layout.sizes,
    forward: (x, g, layout) => {
      const { whole, part } = laidOut(x.dtype, layout, g);
      addStrided(g.sizes, { ...part, memory: whole.memory }, x);
      return whole;
    },
    jvp: 'linear',
    batch: 'one by one',
    vjp: { x: (dy, { args: [g, layout] }) => dy.readView(g, layout) },
    gradFn: 'AsStridedBackwardBackward0',
    samples: [
      { inputs: '2x2', args: [column, matrix] },
      { inputs: '2x3', args: [{ sizes: [2, 3], steps: [0, 2], offset: 8 }, transposed] },
    ],
  },
  writeView: {
    torch: { name: 'as_strided_scatter', params: ['input', 'src', 'size', 'stride'] },
    math: 'y = a \\text{ with } b \\text{ at } \\pi',
    vjpMath: { a: '\\bar y, \\text{ but } 0 \\text{ at } \\pi', b: '\\bar y \\text{ at } \\pi' },
    saves: [],
    shape: (a) => a,
    forward: (a, values, g, layout) => {
      const { whole, part } = laidOut(a.dtype, layout, g);
      copyStrided(a.sizes, whole, a);
      copyStrided(g.sizes, { ...part, memory: whole.memory }, values);
      return whole;
    },
    jvp: 'linear',
    batch: 'one by one',
    vjp: {
      a: (dy, { shapeB, args: [g, layout] }) => dy.writeView(empty(shapeB, dy.dtype), g, layout),
      b: (dy, { args: [g, layout] }) => dy.readView(g, layout),
    },
    gradFn: 'CopySlices',
    samples: [
      {
        inputs: '3x4 2x2',
        args: [column, matrix],
      },
    ],
  },
});

// Many writes to small parts of a large tensor must not copy it each time.
opTable.get('writeView')!.reuse = (dy, { args, inputs }) => {
  const [g, layout] = args as [Geometry, Geometry];
  if (!isInPlace(dy, g, layout)) return null;
  const part = viewWith(dy, g, false);
  const values = fresh(part.toArray(), g.sizes, dy.dtype);
  if (inputs[0].next !== null) copyStrided(g.sizes, part, empty(g.sizes, dy.dtype));
  return [dy, values];
};

opTable.get('readView')!.addTo = (sum, dy, { args }) => {
  const [g, layout] = args as [Geometry, Geometry];
  const fits = isInPlace(sum, g, layout);
  if (fits) addStrided(g.sizes, { ...g, memory: sum.memory }, dy);
  return fits;
};

// The history of a view whose base was modified reads its elements from the modified base.
viewHistory.op = opTable.get('readView')!;

/**
 * Returns the gradient of a view that selects elements: `dy` at their positions, zeros elsewhere.
 * @internal
 */
export function scatterBack(dy: Tensor, shape: Shape, pick: (x: Geometry) => Geometry): Tensor {
  const layout = contiguousGeometry(shape);
  return dy.spreadView(pick(layout), layout);
}
