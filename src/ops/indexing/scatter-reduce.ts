// Reduction of elements with the same target position.

import { until } from '../../cancellation';
import { toInt32 } from '../../kernels/int32';
import { isFloat } from '../../tensor/dtype';
import { sameShape } from '../../tensor/shape';
import { empty, fresh, packed, type Tensor } from '../../tensor/tensor';
import { defineOps } from '../table/define';
import { requireExactSums } from '../table/exact-integers';
import { inEach, type Places } from './places';

declare module '../../tensor/tensor' {
  interface Tensor extends ReducingAt {}
}

/** How to combine elements with the same target. */
export type Reducing = 'sum' | 'prod' | 'mean' | 'amax' | 'amin';

/** Option of {@link Scattering.scatterReduce}. */
export interface ReduceOptions {
  /** Whether the tensor's own element is included; default `true`. */
  includeSelf?: boolean;
}

/** The operation of `scatterReduce`. */
export interface ReducingAt {
  /** The elements combined with those of `src` that go to the same `places`. @internal */
  reducedAt(src: Tensor, places: Places, reduce: Reducing, includeSelf: boolean): Tensor;
  /** @internal */
  reducedAt_(src: Tensor, places: Places, reduce: Reducing, includeSelf: boolean): Tensor;
}

/** How to combine two elements, and the start value. NaN is kept. */
export const reducers: Record<Reducing, { start: number; meet: (a: number, b: number) => number }> = {
  sum: { start: 0, meet: (a, b) => a + b },
  prod: { start: 1, meet: (a, b) => a * b },
  mean: { start: 0, meet: (a, b) => a + b },
  amax: { start: Number.NEGATIVE_INFINITY, meet: Math.max },
  amin: { start: Number.POSITIVE_INFINITY, meet: Math.min },
};

/** Returns the number of elements combined at each place, 1 where nothing changes. */
function counts(shape: readonly number[], { at }: Places, includeSelf: boolean): Float64Array {
  const n = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(includeSelf ? 1 : 0);
  for (const i of at) n[i]++;
  return n.map((m) => Math.max(m, 1));
}

const asTensor = (data: Float64Array, like: Tensor, shape: readonly number[]) =>
  fresh(data, shape, 'float64').to(like.dtype);

type Saved = { a: Tensor; b: Tensor; y: Tensor; args: readonly [Places, Reducing, boolean] };

/** Returns the gradients for `self` and `src`. */
const gradients: Record<Reducing, (dy: Tensor, n: Saved) => { self: () => Tensor; src: () => Tensor }> = {
  sum: (dy, { args: [places] }) => ({ self: () => dy, src: () => dy.readAt(places) }),
  mean: (dy, { args: [places, , includeSelf] }) => {
    const share = dy.div(asTensor(counts(dy.sizes, places, includeSelf), dy, dy.sizes));
    return { self: () => share, src: () => share.readAt(places) };
  },
  amax: extremeGradients,
  amin: extremeGradients,
  prod: (dy, { a, b, y, args: [places, reduce, includeSelf] }) => ({
    self: () => {
      const safe = a.maskedFill(a.eq(0), 1);
      return dy.mul(safe.reducedAt(b, places, reduce, includeSelf)).div(safe);
    },
    src: () => {
      const zero = b.eq(0);
      const zeros = empty(a.sizes, b.dtype).writeAt(zero.to(b.dtype), places, true).readAt(places);
      const single = zero.mul(zeros.eq(1));
      // The product of all other elements, for a place with exactly one 0.
      const without = a.reducedAt(b.maskedFill(single, 1), places, reduce, includeSelf);
      const one = dy.mul(without).readAt(places).maskedFill(single.eq(0), 0);
      return dy.mul(y).readAt(places).div(b.maskedFill(zero, 1)).maskedFill(single, 0).add(one);
    },
  }),
};

function extremeGradients(dy: Tensor, { a, b, y, args: [places] }: Saved) {
  const self = a.eq(y).to(dy.dtype);
  const src = b.eq(y.readAt(places)).to(dy.dtype);
  const share = dy.div(self.writeAt(src, places, true));
  return { self: () => self.mul(share), src: () => src.mul(share.readAt(places)) };
}

const sample: Places = { name: 'ScatterReduce', shape: [2, 2], at: Int32Array.of(1, 4, 1, 3) };

defineOps<ReducingAt>({
  reducedAt: {
    torch: { name: 'scatter_reduce', params: ['input', 'src', 'index', 'reduce', 'includeSelf'] },
    math: 'y_j = \\operatorname{reduce}_{\\pi(i) = j}(a_j, b_i)',
    vjpMath: {
      a: '\\bar y\\, \\partial y / \\partial a',
      b: '\\bar y_{\\pi(i)}\\, \\partial y_{\\pi(i)} / \\partial b_i',
    },
    saves: ['a', 'b', 'y'],
    shape: (a) => a,
    forward: (a, src, places, reduce, includeSelf) => {
      const { start, meet } = reducers[reduce];
      const totals = Float64Array.from(a.toArray());
      const { memory: data, offset } = packed(src);
      const { at } = places;
      if (!includeSelf)
        for (let i = 0; i < at.length; ) for (const end = until(i, at.length); i < end; i++) totals[at[i]] = start;
      // Products of bytes would soon exceed the precision of a number.
      const wrap = a.dtype === 'uint8' && reduce === 'prod' ? (v: number) => v & 255 : (v: number) => v;
      for (let i = 0; i < at.length; )
        for (const end = until(i, at.length, 4); i < end; i++)
          totals[at[i]] = wrap(meet(totals[at[i]], data[offset + i]));
      if (reduce === 'mean') {
        const n = counts(a.sizes, places, includeSelf);
        // Means of integers are rounded down.
        const round = isFloat(a.dtype) ? (v: number) => v : Math.floor;
        for (let i = 0; i < totals.length; )
          for (const end = until(i, totals.length, 4); i < end; i++) totals[i] = round(totals[i] / n[i]);
      }
      if (a.dtype === 'int32') {
        if (reduce === 'sum' || reduce === 'mean') requireExactSums('scatterReduce', places.at.length, src);
        // 0 × overflow is 0.
        const whole = reduce === 'prod' ? totals.map((v) => v || 0) : totals;
        return fresh(toInt32('scatterReduce', whole), a.sizes, 'int32');
      }
      const y = empty(a.sizes, a.dtype);
      y.memory.set(totals);
      return y;
    },
    batch: (c) => {
      const [x, values, places, ...rest] = c.args as [Tensor, Tensor, Places, ...unknown[]];
      if (!sameShape(values.sizes, places.shape)) return undefined;
      return c.run(c.spread(x), c.spread(values), inEach(c, places, x), ...rest);
    },
    vjp: {
      a: (dy, n) => {
        const g = gradients[n.args[1]](dy, n).self();
        return n.args[2] ? g : g.writeAt(0, n.args[0]);
      },
      b: (dy, n) => gradients[n.args[1]](dy, n).src(),
    },
    inPlace: true,
    gradFn: 'ScatterReduceBackward0',
    samples: [
      ...(Object.keys(reducers) as Reducing[]).flatMap((reduce) =>
        [true, false].map((includeSelf) => ({
          inputs: '2x3 2x2',
          args: [sample, reduce, includeSelf],
        })),
      ),
      { inputs: '() ()', args: [{ ...sample, shape: [], at: Int32Array.of(0) }, 'mean', true] },
      { inputs: '0 0', args: [{ ...sample, shape: [0], at: new Int32Array(0) }, 'sum', true] },
    ],
  },
});
