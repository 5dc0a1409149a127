import { ShapeError, ValueError } from '../../errors';
import {
  linearRecurrence,
  productOfOthers,
  runningExtreme,
  runningLogSumExp,
  runningProduct,
  runningProductOfBytes,
  runningSum,
} from '../../kernels/scan';
import type { NumberArray } from '../../kernels/strides';
import type { Dtype } from '../../tensor/dtype';
import { checkDim, type Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { backAlong } from '../indexing/places';
import { joining } from '../joining/cat';
import { requireFloat, requireSizes } from '../table/arguments';
import { defineComposites, defineOps } from '../table/define';
import { asInt32, inWholeNumbers } from '../table/exact-integers';
import { caseOf, type Sample, withArguments } from '../table/samples';
import { inDtype, totalDtype, unchangedAlong, type ValuesIndices } from './dims';
import { mapRuns, runsOf } from './runs';

declare module '../../tensor/tensor' {
  interface Tensor extends Scan, ScanForms {}
}

/** Option of running sums and products. */
export interface ScanOptions {
  /** Convert to this dtype before computing. */
  dtype?: Dtype;
}

/** Scans: each element combined with those before it along a dimension. */
export interface Scan {
  /**
   * Running sums along `dim` (`torch.cumsum`): `y_i = x_1 + … + x_i`; integers and bools give `int32`.
   * @throws {IndexError} for an unknown dimension; {@link ValueError} if a sum of integers overflows `int32`.
   */
  cumsum(dim: number, options?: ScanOptions): Tensor;
  cumsum_(dim: number, options?: ScanOptions): Tensor;
  /**
   * Running products along `dim` (`torch.cumprod`): `y_i = x_1 ⋯ x_i`; integers and bools give `int32`. The gradient is
   * also correct for elements that are 0. It is computed without division: at an infinite element it is the product of
   * the others, where PyTorch has NaN. Before an infinity it may be NaN.
   * @throws {IndexError} for an unknown dimension; {@link ValueError} if a product of integers overflows `int32`.
   */
  cumprod(dim: number, options?: ScanOptions): Tensor;
  cumprod_(dim: number, options?: ScanOptions): Tensor;
  /**
   * Running `ln Σ e^x` along `dim`, computed without overflow (`torch.logcumsumexp`).
   * @throws {IndexError} if there is no such dimension; {@link DtypeError} for integers.
   */
  logcumsumexp(dim: number): Tensor;
  /**
   * The running maximum along `dim`, and its position, the last of equals (`torch.cummax`); NaN counts as largest.
   * @throws {IndexError} for an unknown dimension.
   */
  cummax(dim: number): ValuesIndices;
  /** The running minimum along `dim`, and its position; see {@link Scan.cummax} (`torch.cummin`). */
  cummin(dim: number): ValuesIndices;
  /** For each element the product of those before it along `dim`, or with `reverse` after it. @internal */
  productBefore(dim: number, reverse?: boolean): Tensor;
  /**
   * `s_i = x_j + b_j·s_j` along `dim`, where `j` is before `i` (after it, with `reverse`) and the first `s` is 0: the
   * derivative of running products, and of itself. @internal
   */
  recurrence(b: Tensor, dim: number, reverse?: boolean): Tensor;
}

const samples: readonly Sample[] = [
  { inputs: '2x3', args: [1] },
  { inputs: '2x3x2', args: [-2] },
  { inputs: '()', args: [0] },
  { inputs: '0x2', args: [0] },
];
const twice = (list: readonly Sample[]): Sample[] => [...list, ...withArguments(list, (args) => [...args, true])];

type Fill = (y: NumberArray, to: number, x: NumberArray, from: number, n: number) => void;

/** Returns a result as long as its input, in its dtype or that of the options. */
function scan(name: string, input: Tensor, dim: number, fill: Fill, options?: ScanOptions): Tensor {
  const x = inDtype(input, options);
  const dtype = totalDtype(x, options);
  const d = checkDim(name, dim, x.ndim);
  // Bool results must be 0 or 1.
  if (dtype === 'bool') return scan(name, x, dim, fill).ne(0);
  const run = (into: Dtype) =>
    mapRuns(x, d, x.sizes[d] ?? 1, [into], ([y], to, xs, from, n) => fill(y, to, xs, from, n))[0];
  return dtype === 'int32' ? asInt32(name, run('float64')) : run(dtype);
}

function extremeSoFar(name: 'cummax' | 'cummin', sign: 1 | -1) {
  return {
    torch: { name, params: ['input', 'dim'] as const },
    math: `y_i = \\${name.slice(3)}_{j \\le i} x_j`,
    vjpMath: { x: '\\textstyle\\sum_{\\pi(i) = j} \\bar y_i' },
    saves: ['indices'] as const,
    returns: ['values', 'indices'] as const,
    shape: (x: Shape, dim: number) => [unchangedAlong(name)(x, dim), x],
    forward: (x: Tensor, dim: number): readonly Tensor[] => {
      const d = checkDim(name, dim, x.ndim);
      return mapRuns(x, d, x.sizes[d] ?? 1, [x.dtype, 'int32'], ([values, indices], to, xs, from, n) =>
        runningExtreme(values, indices, to, xs, from, n, sign),
      );
    },
    jvp: ([t]: readonly (Tensor | null)[], { ys, args: [dim] }: { ys: Tensor[]; args: [number] }) => [
      t!.gather(dim, ys[1]),
      null,
    ],
    batch: 'along' as const,
    vjp: {
      x: (dys: Tensor[], { ys, shape, args: [dim] }: { ys: Tensor[]; shape: Shape; args: [number] }): Tensor =>
        backAlong(dys[0], ys[1], shape, checkDim(name, dim, shape.length)),
    },
    samples,
  };
}

defineOps<Scan>({
  cumsum: {
    torch: { name: 'cumsum', params: ['input', 'dim'], options: ['dtype'] },
    math: 'y_i = \\textstyle\\sum_{j \\le i} x_j',
    vjpMath: { x: '\\textstyle\\sum_{j \\ge i} \\bar y_j' },
    saves: [],
    shape: unchangedAlong('cumsum'),
    forward: (x, dim, options) => scan('cumsum', x, dim, runningSum, options),
    jvp: 'linear',
    batch: 'along',
    vjp: { x: (dy, { args: [dim] }) => dy.flip(dim).cumsum(dim).flip(dim) },
    inPlace: true,
    samples,
  },
  cumprod: {
    torch: { name: 'cumprod', params: ['input', 'dim'], options: ['dtype'] },
    math: 'y_i = \\textstyle\\prod_{j \\le i} x_j',
    vjpMath: { x: '\\textstyle\\sum_{j \\ge i} \\bar y_j \\prod_{k \\le j, k \\ne i} x_k' },
    saves: ['x'],
    shape: unchangedAlong('cumprod'),
    forward: (x, dim, options) =>
      scan('cumprod', x, dim, options?.dtype === 'uint8' ? runningProductOfBytes : runningProduct, options),
    batch: 'along',
    vjp: {
      // Without division, so that 0 needs no special case: s_i = ȳ_i + x_{i+1} s_{i+1}, times the product before i.
      x: (dy, { x, args: [dim] }) => {
        const b = x.to(dy.dtype);
        // NaN or infinity after a 0 does not count.
        return b.productBefore(dim).mul(dy.add(dy.mul(b).recurrence(b, dim, true)));
      },
    },
    inPlace: true,
    samples,
  },
  logcumsumexp: {
    torch: { name: 'logcumsumexp', params: ['input', 'dim'] },
    math: 'y_i = \\ln \\textstyle\\sum_{j \\le i} e^{x_j}',
    vjpMath: { x: '\\textstyle\\sum_{j \\ge i} \\bar y_j e^{x_i - y_j}' },
    saves: ['x', 'y'],
    shape: unchangedAlong('logcumsumexp'),
    forward: (x, dim) => {
      requireFloat('logcumsumexp', x);
      return scan('logcumsumexp', x, dim, runningLogSumExp);
    },
    batch: 'along',
    vjp: {
      // s_i = ȳ_i + e^{y_i - y_{i+1}} s_{i+1}, times e^{x_i - y_i}: no exponent is above 0. After an infinite y, finite
      // elements have no share.
      x: (dy, { x, y, args: [dim] }) => {
        if (x.ndim === 0) return dy;
        const share = x.sub(y).exp();
        const kept = share.rsub(1).maskedFill(y.eq(Number.POSITIVE_INFINITY), 0);
        return share.mul(dy.add(dy.mul(kept).recurrence(kept, dim, true)));
      },
    },
    samples,
  },
  cummax: extremeSoFar('cummax', 1),
  cummin: extremeSoFar('cummin', -1),
  productBefore: {
    torch: { name: 'cumprod', params: ['input', 'dim', 'reverse'] },
    math: 'y_i = \\textstyle\\prod_{j < i} x_j',
    vjpMath: { x: '\\textstyle\\sum_{j > i} \\bar y_j \\prod_{k < j, k \\ne i} x_k' },
    saves: ['x', 'y'],
    shape: (x) => x,
    forward: (x, dim, reverse = false) =>
      scan('productBefore', x, dim, (y, to, xs, from, n) => productOfOthers(y, to, xs, from, n, reverse)),
    batch: 'along',
    vjp: { x: (dy, { x, y, args: [dim, reverse] }) => y.mul(dy.recurrence(x, dim, !reverse)) },
    samples: twice(samples),
  },
  recurrence: {
    torch: { name: 'cumsum', params: ['input', 'weight', 'dim', 'reverse'] },
    math: 's_i = a_{i-1} + b_{i-1} s_{i-1}',
    vjpMath: { a: 'h_i = \\bar s_{i+1} + b_{i+1} h_{i+1}', b: 'h \\odot s' },
    saves: { a: ['b'], b: ['b', 'y'] },
    shape: (a) => a,
    forward: (a, b, dim, reverse = false) => {
      const other = runsOf(b, b.ndim === 0 ? [] : [checkDim('recurrence', dim, b.ndim)]);
      return scan('recurrence', a, dim, (s, to, xs, from, n) =>
        linearRecurrence(s, to, xs, from, other.memory, other.offset + to, n, reverse),
      );
    },
    batch: 'one by one',
    vjp: {
      a: (dy, { b, args: [dim, reverse] }) => dy.recurrence(b, dim, !reverse),
      b: (dy, { b, y, args: [dim, reverse] }) => dy.recurrence(b, dim, !reverse).mul(y),
    },
    samples: twice(samples.map(caseOf).map(({ inputs, args }) => ({ inputs: `${inputs} ${inputs}`, args }))),
  },
});

/** Options of {@link ScanForms.diff}. */
export interface DiffOptions {
  /** Prepended along `dim` before computing. */
  prepend?: Tensor | null;
  /** Appended along `dim` before computing. */
  append?: Tensor | null;
}

/** Scans composed of other operations. */
export interface ScanForms {
  /**
   * Differences of neighbours along `dim`, applied `n` times (`torch.diff`): `y_i = x_{i+1} - x_i`; for bools, whether
   * they differ.
   * @param n Default 1.
   * @param dim Default -1, the last.
   * @throws {ShapeError} for a scalar, or if `prepend` or `append` does not fit; {@link ValueError} if `n` is negative
   * or fractional; {@link IndexError} for an unknown dimension.
   */
  diff(n?: number, dim?: number, options?: DiffOptions): Tensor;
}

defineComposites<ScanForms>({
  diff(n = 1, dim = -1, { prepend, append } = {}) {
    requireSizes('diff', { n }, 0);
    if (this.ndim === 0) throw new ShapeError('diff: a single number has no neighbours');
    const d = checkDim('diff', dim, this.ndim);
    const parts = [prepend, this, append].filter((t): t is Tensor => t !== undefined && t !== null);
    const whole = parts.length === 1 ? this : joining.cat(parts, d);
    if (n === 0) return this.clone();
    const differences = (x: Tensor) => {
      let y = x;
      for (let i = 0; i < n && y.sizes[d] > 0; i++) {
        const length = y.sizes[d] - 1;
        const [ahead, behind] = [y.narrow(d, 1, length), y.narrow(d, 0, length)];
        y = y.dtype === 'bool' ? ahead.ne(behind) : ahead.sub(behind);
      }
      return y;
    };
    return inWholeNumbers('diff', [whole], ([most]) => 2 ** n * most, differences);
  },
});
