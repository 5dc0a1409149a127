import { until } from '../../cancellation';
import { ShapeError } from '../../errors';
import { nthPosition } from '../../kernels/order';
import { argExtreme } from '../../kernels/reduce';
import type { NumberArray } from '../../kernels/strides';
import { checkDim, checkDims, formatShape, type Shape } from '../../tensor/shape';
import { fresh, type Tensor } from '../../tensor/tensor';
import { backAlong } from '../indexing/places';
import { requireNumbers } from '../table/arguments';
import { defineOps } from '../table/define';
import { type BatchedCall, notDifferentiable } from '../table/rule';
import { type Sample, withArguments } from '../table/samples';
import {
  type Dims,
  type KeepdimOption,
  reducedShape,
  reductionSamples,
  shapeOver,
  stretch,
  type ValuesIndices,
} from './dims';
import { mapRuns, reduceRuns } from './runs';

declare module '../../tensor/tensor' {
  interface Tensor extends Extremes {}
}

/** Largest, smallest and median elements. */
export interface Extremes {
  /**
   * Largest element over the dimensions `dim`, or all; equals share the gradient (`torch.amax`).
   * @throws {ShapeError} for an empty reduction; {@link IndexError} if a dimension is out of range or repeated.
   */
  amax(dim?: Dims | null, options?: KeepdimOption): Tensor;
  /** Smallest element over the dimensions `dim`, or all; see {@link Extremes.amax} (`torch.amin`). */
  amin(dim?: Dims | null, options?: KeepdimOption): Tensor;
  /** `max`, `min` and `median` of all elements. @internal */
  maxOfAll(): Tensor;
  /** @internal */
  minOfAll(): Tensor;
  /** @internal */
  medianOfAll(): Tensor;
  /** `max`, `min`, `median` and `kthvalue` along one dimension. @internal */
  maxAlong(dim: number, options?: KeepdimOption): ValuesIndices;
  /** @internal */
  minAlong(dim: number, options?: KeepdimOption): ValuesIndices;
  /** @internal */
  medianAlong(dim: number, options?: KeepdimOption): ValuesIndices;
  /** @internal */
  kthAlong(dim: number, options: KthOptions): ValuesIndices;
  /**
   * Index of the largest element along `dim`, or of all elements in row-major order; the first of equals
   * (`torch.argmax`). Returns `int32`.
   * @throws {ShapeError} for an empty reduction; {@link IndexError} for an unknown dimension.
   */
  argmax(dim?: number | null, options?: KeepdimOption): Tensor;
  /** Index of the smallest element; see {@link Extremes.argmax} (`torch.argmin`). */
  argmin(dim?: number | null, options?: KeepdimOption): Tensor;
}

interface KthOptions extends KeepdimOption {
  /** The rank in ascending order, from 1. */
  k?: number;
}

/** Returns the position of the selected one of `n` neighbours, from 0. */
type Choose = (data: NumberArray, offset: number, n: number) => number;
const largest: Choose = (data, offset, n) => argExtreme(data, offset, 1, n, 1);
const smallest: Choose = (data, offset, n) => argExtreme(data, offset, 1, n, -1);
/** The lower median; a NaN if there is one. */
const middle: Choose = (data, offset, n) => {
  for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) if (Number.isNaN(data[offset + i])) return i;
  return nthPosition(data, offset, n, (n - 1) >> 1);
};

function checkSomething(op: string, x: Tensor, dims: readonly number[]): void {
  if (dims.some((d) => x.sizes[d] === 0))
    throw new ShapeError(`${op}: no elements to choose from in shape ${formatShape(x.sizes)} along dimension ${dims}`);
}

function extreme(name: 'amax' | 'amin', choose: Choose) {
  return {
    torch: { name, params: ['input', 'dim'] as const, options: ['keepdim'] },
    math: `y = \\${name.slice(1)}_{i} x_i`,
    vjpMath: { x: '\\bar y \\odot [x = y] / \\#[x = y]' },
    saves: ['x', 'y'] as const,
    shape: shapeOver(name),
    forward: (x: Tensor, dim?: Dims | null, options?: KeepdimOption): Tensor => {
      checkSomething(name, x, checkDims(name, dim, x.ndim));
      return reduceRuns(name, x, dim, options?.keepdim, x.dtype, (data, at, n) => data[at + choose(data, at, n)]);
    },
    jvp: 'reduction' as const,
    batch: 'reduction' as const,
    vjp: {
      x: (
        dy: Tensor,
        { x, y, args: [dim, options] }: { x: Tensor; y: Tensor; args: [(Dims | null)?, KeepdimOption?] },
      ) => {
        const hit = x.eq(stretch(y, x.sizes, dim, options?.keepdim)).to(x.dtype);
        const share = hit.div(stretch(hit.sum(dim, options), x.sizes, dim, options?.keepdim));
        return stretch(dy, x.sizes, dim, options?.keepdim).mul(share);
      },
    },
    gradFn: `${name === 'amax' ? 'Amax' : 'Amin'}Backward0`,
    samples: reductionSamples,
  };
}

function inEach(c: BatchedCall, name: 'max' | 'min'): unknown {
  const x = c.tensor(0);
  return x.numel() === 0 ? undefined : c.ofOne(x.reshape(-1)[name === 'max' ? 'amax' : 'amin'](0));
}

function ofAll(name: 'max' | 'min' | 'median', choose: Choose, gradFn: string) {
  return {
    torch: { name, params: ['input'] as const },
    math: `y = \\operatorname{${name}}_{i} x_i`,
    vjpMath: { x: '\\bar y \\odot [x = y] / \\#[x = y]' },
    saves: ['x', 'y'] as const,
    shape: () => [],
    forward: (x: Tensor): Tensor => {
      // PyTorch's median of an empty tensor is NaN.
      if (name !== 'median') checkSomething(name, x, [...x.sizes.keys()]);
      return reduceRuns(name, x, null, false, x.dtype, (data, at, n) =>
        n === 0 ? Number.NaN : data[at + choose(data, at, n)],
      );
    },
    jvp: 'reduction' as const,
    batch: name === 'median' ? ('one by one' as const) : (c: BatchedCall) => inEach(c, name),
    vjp: {
      x: (dy: Tensor, { x, y }: { x: Tensor; y: Tensor }) => {
        const missed = Number.isNaN(y.item()) ? x.eq(x) : x.ne(y);
        const hits = x.numel() - missed.sum().item();
        return dy.div(hits).expand(x.sizes).maskedFill(missed, 0);
      },
    },
    gradFn,
    samples: ['2x3', '2x3x2', '()'],
  };
}

const alongSamples: readonly Sample[] = [
  { inputs: '2x3', args: [0] },
  { inputs: '2x3x2', args: [1, { keepdim: true }] },
  { inputs: '3', args: [-1] },
  { inputs: '()', args: [0] },
  { inputs: '0x2', args: [1] },
];

interface AlongSaved {
  readonly ys: Tensor[];
  readonly shape: Shape;
  readonly args: [number, KeepdimOption?];
}

/** Returns the rule for value and position of one element in each run. */
function along(name: string, gradFn: string, choose: (k: number) => Choose, samples = alongSamples) {
  return {
    torch: { name, params: ['input', 'dim'] as const, options: ['keepdim'] },
    math: `y = \\operatorname{${name}}_{i} x_i`,
    vjpMath: { x: '\\bar y \\text{ where } y \\text{ stands, else } 0' },
    saves: ['indices'] as const,
    returns: ['values', 'indices'] as const,
    shape: (x: Shape, dim: number, options?: KeepdimOption) => {
      const shape = reducedShape(x, x.length === 0 ? [] : [checkDim(name, dim, x.length)], options?.keepdim);
      return [shape, shape];
    },
    forward: (x: Tensor, dim: number, options?: KthOptions): readonly Tensor[] => {
      const d = checkDim(name, dim, x.ndim);
      checkSomething(name, x, x.ndim === 0 ? [] : [d]);
      const find = choose(options?.k ?? 1);
      const chosen = mapRuns(x, d, 1, [x.dtype, 'int32'], ([values, indices], to, xs, from, n) => {
        indices[to] = find(xs, from, n);
        values[to] = xs[from + indices[to]];
      });
      const shape = reducedShape(x.sizes, x.ndim === 0 ? [] : [d], options?.keepdim);
      return chosen.map((y) => fresh(y.memory, shape, y.dtype));
    },
    jvp: ([t]: readonly (Tensor | null)[], { ys, args: [dim, options] }: AlongSaved) => {
      const at = options?.keepdim || t!.ndim === 0 ? ys[1] : ys[1].unsqueeze(dim);
      return [t!.gather(dim, at).view(ys[1].sizes), null];
    },
    batch: 'along' as const,
    vjp: {
      x: (dys: Tensor[], { ys, shape, args: [dim, options] }: AlongSaved): Tensor => {
        const d = checkDim(name, dim, shape.length);
        const kept = (t: Tensor) => (options?.keepdim || shape.length === 0 ? t : t.unsqueeze(d));
        return backAlong(kept(dys[0]), kept(ys[1]), shape, d);
      },
    },
    gradFn,
    samples,
  };
}

function argExtremeRule(name: 'argmax' | 'argmin', choose: Choose) {
  const dimsOf = (dim: number | null | undefined, rank: number) =>
    dim === undefined || dim === null ? undefined : checkDim(name, dim, rank);
  return {
    torch: { name, params: ['input', 'dim'] as const, options: ['keepdim'] },
    math: `y = \\arg\\${name.slice(3)}_{i} x_i`,
    vjpMath: {},
    saves: [] as const,
    shape: (x: Shape, dim?: number | null, options?: KeepdimOption) =>
      shapeOver(name)(x, dimsOf(dim, x.length), options),
    forward: (x: Tensor, dim?: number | null, options?: KeepdimOption): Tensor => {
      const d = dimsOf(dim, x.ndim);
      requireNumbers(name, x);
      checkSomething(name, x, checkDims(name, d, x.ndim));
      return reduceRuns(name, x, d, options?.keepdim, 'int32', choose);
    },
    batch: 'reduction' as const,
    vjp: { x: notDifferentiable } as const,
    samples: ['2x3', { inputs: '2x3x2', args: [1] }, { inputs: '2x3', args: [-1, { keepdim: true }] }],
  };
}

defineOps<Extremes>({
  amax: extreme('amax', largest),
  amin: extreme('amin', smallest),
  maxOfAll: ofAll('max', largest, 'MaxBackward1'),
  minOfAll: ofAll('min', smallest, 'MinBackward1'),
  medianOfAll: ofAll('median', middle, 'MedianBackward0'),
  maxAlong: along('max', 'MaxBackward0', () => largest),
  minAlong: along('min', 'MinBackward0', () => smallest),
  medianAlong: along('median', 'MedianBackward1', () => middle),
  kthAlong: along(
    'kthvalue',
    'KthvalueBackward0',
    (k) => (data, at, n) => nthPosition(data, at, n, k - 1),
    withArguments(alongSamples, ([dim, options]) => [dim, { ...(options as object), k: 1 }]),
  ),
  argmax: argExtremeRule('argmax', largest),
  argmin: argExtremeRule('argmin', smallest),
});
