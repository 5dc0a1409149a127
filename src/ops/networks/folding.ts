// Images as columns of patches under a sliding window, and back.

import { ShapeError } from '../../errors';
import { numel } from '../../kernels/strides';
import { formatShape, type Shape } from '../../tensor/shape';
import { fresh, type Geometry, packed, type Tensor, viewWith } from '../../tensor/tensor';
import { defineOps } from '../table/define';
import { linear } from '../table/exact-integers';
import type { BatchedCall } from '../table/rule';
import type { Sample } from '../table/samples';
import { contiguousGeometry } from '../views/geometry';

declare module '../../tensor/tensor' {
  interface Tensor extends Folding {}
}

/** A window that slides over images; each list is for height and width. */
export interface Sliding {
  readonly kernelSize: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly number[];
  readonly stride: readonly number[];
}

/** Conversion between images `[batch, channels, height, width]` and columns `[batch, channels · window, places]`. */
export interface Folding {
  /** `nn.functional.unfold` of a batch. @internal */
  im2col(window: Sliding): Tensor;
  /** Sums for each pixel of images of `outputSize` its occurrences in the columns. @internal */
  col2im(outputSize: readonly number[], window: Sliding): Tensor;
}

/**
 * Returns the number of window positions in height and width.
 * @throws {ShapeError} if there are none.
 */
function places(op: string, size: readonly number[], window: Sliding): readonly number[] {
  const { kernelSize, dilation, padding, stride } = window;
  const count = size.map(
    (n, d) => Math.floor((n + 2 * padding[d] - dilation[d] * (kernelSize[d] - 1) - 1) / stride[d]) + 1,
  );
  if (count.some((n) => n < 1))
    throw new ShapeError(
      `${op}: a window of ${formatShape(kernelSize)} (dilation ${formatShape(dilation)}) does not fit images of ` +
        `${formatShape(size)} with padding ${formatShape(padding)}`,
    );
  return count;
}

/** Returns the padded images' shape, and the view of them as `[batch, channels, window, places]`. */
function windows(op: string, image: Shape, window: Sliding): { padded: Shape; view: Geometry } {
  const [batch, channels, height, width] = image;
  const { kernelSize, dilation, padding, stride } = window;
  const count = places(op, [height, width], window);
  const padded = [batch, channels, height + 2 * padding[0], width + 2 * padding[1]];
  const [perImage, perChannel, perRow, perPixel] = contiguousGeometry(padded).steps;
  const view = {
    sizes: [batch, channels, ...kernelSize, ...count],
    steps: [
      perImage,
      perChannel,
      dilation[0] * perRow,
      dilation[1] * perPixel,
      stride[0] * perRow,
      stride[1] * perPixel,
    ],
    offset: 0,
  };
  return { padded, view };
}

function columnsShape(x: Shape, window: Sliding): Shape {
  if (x.length !== 4 || x.slice(1).includes(0))
    throw new ShapeError(
      `unfold: needs images [channels, height, width] or [batch, channels, height, width] with pixels, got ${formatShape(x)}`,
    );
  const [rows, columns] = places('unfold', x.slice(2), window);
  return [x[0], x[1] * window.kernelSize[0] * window.kernelSize[1], rows * columns];
}

function imageShape(x: Shape, outputSize: readonly number[], window: Sliding): Shape {
  const [rows, columns] = places('fold', outputSize, window);
  const area = window.kernelSize[0] * window.kernelSize[1];
  if (x.length !== 3 || x[1] === 0 || x[1] % area !== 0 || x[2] !== rows * columns)
    throw new ShapeError(
      `fold: columns of shape ${formatShape(x)} do not make images of ${formatShape(outputSize)}; expected ` +
        `[channels · ${area}, ${rows * columns}], with the batch in front if there is one`,
    );
  return [x[0], x[1] / area, ...outputSize];
}

/** Takes the cases `[N, C, …]` of all examples as one batch. */
const inOneBatch = (c: BatchedCall) =>
  (c.run(c.physical(0).flatten(0, 1), ...c.args.slice(1)) as Tensor).unflatten(0, [c.size, c.tensor(0).sizes[0]]);

const border = ({ padding: [height, width] }: Sliding, sign: 1 | -1) =>
  [width, width, height, height].map((n) => sign * n);

const plain: Sliding = { kernelSize: [2, 2], dilation: [1, 1], padding: [0, 0], stride: [1, 1] };
const wide: Sliding = { kernelSize: [2, 3], dilation: [2, 1], padding: [1, 2], stride: [1, 2] };

defineOps<Folding>({
  im2col: {
    torch: { name: 'im2col', params: ['input'], options: ['kernelSize', 'dilation', 'padding', 'stride'] },
    math: 'y_{:,l} = \\text{patch } l \\text{ of } x',
    vjpMath: { x: '\\textstyle\\sum_{\\text{patches}} \\bar y' },
    saves: [],
    shape: columnsShape,
    forward: (x, window) => {
      const shape = columnsShape(x.sizes, window);
      const whole = packed(x.detach().constantPad(border(window, 1), 0));
      const { view } = windows('unfold', x.sizes, window);
      return fresh(viewWith(whole, { ...view, offset: whole.offset }, false).toArray(), shape, x.dtype);
    },
    jvp: 'linear',
    batch: inOneBatch,
    vjp: { x: (dy, { shape, args: [window] }) => dy.col2im([shape[2], shape[3]], window) },
    samples: [
      { inputs: '2x2x3x3', args: [plain] },
      { inputs: '1x2x3x4', args: [wide] },
      { inputs: '0x1x2x2', args: [plain] },
    ] satisfies Sample[],
  },
  col2im: {
    torch: {
      name: 'col2im',
      params: ['input', 'outputSize'],
      options: ['kernelSize', 'dilation', 'padding', 'stride'],
    },
    math: 'y = \\textstyle\\sum_l \\text{patch } l \\text{ from } x_{:,l}',
    vjpMath: { x: '\\text{patches of } \\bar y' },
    saves: [],
    shape: imageShape,
    forward: (x, outputSize, window) => {
      const { padded, view } = windows('fold', imageShape(x.sizes, outputSize, window), window);
      const spread = (t: Tensor) =>
        t.detach().reshape(view.sizes).spreadView(view, contiguousGeometry(padded)).constantPad(border(window, -1), 0);
      const terms = numel(window.kernelSize);
      return x.dtype === 'int32' ? linear('fold', x, terms, (t) => spread(t.to('float64'))) : spread(x);
    },
    jvp: 'linear',
    batch: inOneBatch,
    vjp: { x: (dy, { args: [, window] }) => dy.im2col(window) },
    samples: [
      { inputs: '1x8x4', args: [[3, 3], plain] },
      { inputs: '2x6x9', args: [[3, 4], wide] },
      { inputs: '0x4x1', args: [[2, 2], plain] },
    ] satisfies Sample[],
  },
});
