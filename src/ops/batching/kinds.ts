// The batching rules that many operations share; rows of the table name them.

import { type Dtype, resultType } from '../../tensor/dtype';
import { Tensor } from '../../tensor/tensor';
import type { BatchKind } from '../table/rule';
import type { Call } from './call';
import { mapTensors } from './levels';

export const kinds: Record<BatchKind, (c: Call) => unknown> = {
  elementwise,
  reduction: (c) => {
    try {
      return reduce(c);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  },
  along,
  matrices: (c) => (c.tensor(0).ndim < 2 ? undefined : kinds.trailing(c)),
  trailing: (c) => c.run(c.physical(0), ...c.args.slice(1)),
};

/** Condition inputs, whose dtype does not count. */
const conditions: Record<string, number> = { where: 0, maskedFill: 1 };

function elementwise(c: Call): unknown {
  const count = c.op.inputNames.length;
  const given = c.args.slice(0, count);
  const tensors = given.filter((x): x is Tensor => x instanceof Tensor);
  const ndim = Math.max(...tensors.map((x) => x.ndim));
  const dtype = commonDtype(c, given);
  const all = given.map((x, i) => {
    if (!(x instanceof Tensor)) return x;
    const y = c.aligned(x, ndim);
    return dtype === null || i === conditions[c.name] ? y : y.to(dtype);
  });
  return c.run(...all, ...c.args.slice(count));
}

/** Returns the dtype to compute in if batched scalars, which have lower priority, have become vectors; else `null`. */
function commonDtype(c: Call, given: readonly unknown[]): Dtype | null {
  const tensors = given.filter((x, i): x is Tensor => x instanceof Tensor && i !== conditions[c.name]);
  if (tensors.every((x) => x.dtype === tensors[0].dtype)) return null;
  if (!given.some((x, i) => x instanceof Tensor && x.ndim === 0 && c.isBatched(i))) return null;
  const [a, b, third] = tensors;
  return resultType(a, b, third);
}

const dimPlace = (c: Call) => c.op.rule.torch.params.indexOf('dim');

/** Returns the arguments with some replaced. */
function replaced(c: Call, x: Tensor, changes: Record<number, unknown>): unknown[] {
  const args: unknown[] = [x, ...c.args.slice(1)];
  for (const [i, value] of Object.entries(changes)) {
    while (args.length < Number(i)) args.push(undefined);
    args[Number(i)] = value;
  }
  return args;
}

function reduce(c: Call): unknown {
  const place = dimPlace(c);
  const after = c.op.rule.torch.params.length;
  const x = c.tensor(0);
  const dim = c.args[place] as number | readonly number[] | null | undefined;
  const options = c.args[after] as { keepdim?: boolean } | undefined;
  const isAll = dim === undefined || dim === null || (Array.isArray(dim) && dim.length === 0);
  if (isAll || x.ndim === 0) {
    const flat = c.physical(0).reshape([c.size, x.numel()]);
    const plain = options === undefined ? {} : { [after]: { ...options, keepdim: false } };
    if (!isAll) requireNone(dim);
    const y = c.run(...replaced(c, flat, { [place]: 1, ...plain })) as Tensor;
    return options?.keepdim === true && x.ndim > 0 ? y.view([c.size, ...x.sizes.map(() => 1)]) : y;
  }
  const dims = typeof dim === 'number' ? c.dim(dim) : (dim as number[]).map((d) => c.dim(d));
  return c.run(...replaced(c, c.physical(0), { [place]: dims }));
}

/** A scalar has the dimensions 0 and -1; for others the operation throws. */
function requireNone(dim: number | readonly number[]): void {
  const list = typeof dim === 'number' ? [dim] : dim;
  if (!list.every((d) => d === 0 || d === -1)) throw new RangeError('dim');
}

function along(c: Call): unknown {
  const place = dimPlace(c);
  const x = c.tensor(0);
  const dim = (c.args[place] as number | undefined) ?? -1;
  if (typeof dim !== 'number') return undefined;
  if (x.ndim > 0) return c.run(...replaced(c, c.physical(0), { [place]: c.dim(dim) }));
  if (dim !== 0 && dim !== -1) return undefined;
  const options = c.args[c.op.rule.torch.params.length] as { keepdim?: boolean } | undefined;
  if (options?.keepdim === true) return undefined;
  const result = c.run(...replaced(c, c.physical(0).unsqueeze(1), { [place]: 1 }));
  return mapTensors(result, (y) => (y.ndim === 2 ? y.squeeze(1) : y));
}
