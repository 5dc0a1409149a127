// Batching rules of composites, which have no row in the table. They return one example's result, or `undefined`; then
// the composite runs as it is.

import { DtypeError } from '../../errors';
import { contiguousStride, numel } from '../../kernels/strides';
import { arange } from '../../tensor/creation';
import { broadcastShapes, checkDim, sameShape } from '../../tensor/shape';
import { Tensor } from '../../tensor/tensor';
import type { Call } from './call';

export const compositeRules: Map<string, (c: Call) => unknown> = new Map();

/** Methods that draw random numbers for the elements: one example after the other, as vmap defines them. */
export const drawingMethods: ReadonlySet<string> = new Set(
  'uniform_ normal_ random_ bernoulli_ exponential_ geometric_ cauchy_ logNormal_ bernoulli multinomial'.split(' '),
);

/** Whether an index of `x` is valid; an invalid one is left to the operation, which throws. */
const fits = (x: Tensor, index: unknown, dim: unknown): index is Tensor =>
  index instanceof Tensor &&
  index.dtype === 'int32' &&
  index.ndim === x.ndim &&
  x.ndim > 0 &&
  Number.isInteger(dim) &&
  (dim as number) >= -x.ndim &&
  (dim as number) < x.ndim;

compositeRules.set('gather', (c) => {
  const [x, dim, index] = c.args as [Tensor, number, Tensor];
  if (!fits(x, index, dim)) return undefined;
  return c.wrap(c.spread(x).gather(checkDim('gather', dim, x.ndim) + 1, c.spread(index)));
});

compositeRules.set('takeAlongDim', (c) => {
  const [x, index, dim] = c.args as [Tensor, Tensor, number?];
  if (!fits(x, index, dim)) return undefined;
  return c.wrap(c.spread(x).takeAlongDim(c.spread(index), checkDim('takeAlongDim', dim as number, x.ndim) + 1));
});

for (const name of ['scatter', 'scatterAdd', 'scatterReduce'] as const)
  compositeRules.set(name, (c) => {
    const [x, dim, index, source, ...rest] = c.args as [Tensor, number, Tensor, Tensor | number, ...unknown[]];
    if (!fits(x, index, dim) || (source instanceof Tensor && source.ndim !== x.ndim)) return undefined;
    const from = source instanceof Tensor ? c.spread(source) : source;
    const d = checkDim(name, dim, x.ndim) + 1;
    const call = c.spread(x) as unknown as Record<string, (...args: unknown[]) => Tensor>;
    return c.wrap(call[name](d, c.spread(index), from, ...rest));
  });

for (const name of ['scatter_', 'scatterAdd_', 'scatterReduce_'])
  compositeRules.set(name, (c) => {
    const [x, dim, index] = c.args as [Tensor, number, Tensor];
    if (!fits(x, index, dim)) return undefined;
    const call = x as unknown as Record<string, (...args: unknown[]) => Tensor>;
    return x.copy_(call[name.slice(0, -1)](...c.args.slice(1)));
  });

/** Rows of a table: the tables of all examples are stacked. */
compositeRules.set('indexSelect', (c) => {
  const [x, dim, index] = c.args as [Tensor, number, Tensor];
  if (!(index instanceof Tensor) || index.ndim !== 1 || index.dtype !== 'int32' || !c.isBatched(2) || x.ndim === 0)
    return undefined;
  const d = checkDim('indexSelect', dim, x.ndim);
  const n = x.sizes[d];
  const all = c.physical(2);
  if (!c.isBatched(0)) {
    const y = x.indexSelect(d, all.reshape(-1));
    return c.wrap(y.unflatten(d, [c.size, index.sizes[0]]).movedim(d, 0));
  }
  requireInside(all, n);
  const table = c.physical(0).movedim(d + 1, 1);
  const rows = table.reshape([c.size * n, ...table.sizes.slice(2)]);
  const picked = rows.indexSelect(0, rowsOfEach(all, n).reshape(-1));
  return c.wrap(picked.unflatten(0, [c.size, index.sizes[0]]).movedim(1, d + 1));
});

/** Converts positions in each example, of `n` entries, to positions in the stacked entries. */
function rowsOfEach(index: Tensor, n: number): Tensor {
  const first = arange(index.sizes[0], { dtype: 'int32' }).mul(n);
  return index.add(first.view([index.sizes[0], ...index.sizes.slice(1).map(() => 1)]));
}

function requireInside(index: Tensor, n: number): void {
  // An index out of range would reach another example: this check throws the operation's error.
  arange(n).indexSelect(0, index.reshape(-1));
}

compositeRules.set('take', (c) => {
  const [x, index] = c.args as [Tensor, Tensor];
  if (!(index instanceof Tensor) || c.isBatched(0) || index.dtype !== 'int32') return undefined;
  return c.wrap(x.take(c.physical(1)));
});

/** The number of elements in a mask depends on its values; writing to them needs no batching rule of its own. */
compositeRules.set('setAt', (c) => {
  const [x, index, value] = c.args as [Tensor, unknown, Tensor | number];
  const mask = Array.isArray(index) && index.length === 1 ? index[0] : index;
  if (!(mask instanceof Tensor) || mask.dtype !== 'bool' || !c.isBatched(1) || mask.ndim > x.ndim) return undefined;
  if (value instanceof Tensor && (value.ndim > 0 || value.dtype !== x.dtype)) return undefined;
  if (!sameShape(mask.sizes, x.sizes.slice(0, mask.ndim))) return undefined;
  const wide = mask.view([...mask.sizes, ...x.sizes.slice(mask.ndim).map(() => 1)]);
  return x.copy_(x.maskedFill(wide.expand(x.sizes), value as number));
});

/** Lists of positions, one per dimension, that differ between examples. */
compositeRules.set('at', (c) => {
  const [x, ...index] = c.args as [Tensor, ...unknown[]];
  if (index.length === 0 || !index.every((i) => i instanceof Tensor && i.dtype === 'int32')) return undefined;
  const lists = index as Tensor[];
  if (lists.length > x.ndim) return undefined;
  const grid = lists.map((i) => i.sizes).reduce((a, b) => broadcastShapes('at', a, b));
  const stride = contiguousStride(x.sizes.slice(0, lists.length));
  // Combined into one position in the first dimensions, with negative ones counted from the end.
  const flat = lists
    .map((i, d) => i.where(i.ge(0), i.add(x.sizes[d])).mul(stride[d]))
    .reduce((a, b) => a.add(b))
    .expand(grid);
  for (const [d, i] of lists.entries()) checkPositions(c, i, x.sizes[d]);
  const n = numel(x.sizes.slice(0, lists.length));
  const rest = x.sizes.slice(lists.length);
  return x
    .reshape([n, ...rest])
    .indexSelect(0, flat.reshape(-1))
    .reshape([...grid, ...rest]);
});

function checkPositions(c: Call, index: Tensor, n: number): void {
  const all = c.spread(index).reshape(-1);
  if (all.dtype !== 'int32') throw new DtypeError('at: a list of positions must be int32');
  arange(n).takeAlongDim(all, 0);
}
