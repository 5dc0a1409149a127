import { mapTensors } from '../../tensor/batched';
import type { Tensor } from '../../tensor/tensor';
import { batchRules, type Call } from '../table/batching';

/** Reductions over one dimension, several, or all; the argument is called `dim`. */
const reductions = 'sum mean prod logsumexp all any amax amin argmax argmin var std updatedMean pNorm';
/** Operations along one dimension; some default to the last one. */
const alongOne =
  'maxAlong minAlong medianAlong kthAlong cumsum cumprod logcumsumexp cummax cummin productBefore sort topk softmax logSoftmax';

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

/** Converts a dimension of one example to that of all; an invalid one stays invalid, so that the operation throws. */
export const shifted = (dim: number, ndim: number): number =>
  Number.isInteger(dim) && dim >= -ndim && dim < ndim ? (dim < 0 ? dim + ndim : dim) + 1 : dim < 0 ? dim - 1 : dim + 1;

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
  const dims = typeof dim === 'number' ? shifted(dim, x.ndim) : (dim as number[]).map((d) => shifted(d, x.ndim));
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
  if (x.ndim > 0) return c.run(...replaced(c, c.physical(0), { [place]: shifted(dim, x.ndim) }));
  if (dim !== 0 && dim !== -1) return undefined;
  const options = c.args[c.op.rule.torch.params.length] as { keepdim?: boolean } | undefined;
  if (options?.keepdim === true) return undefined;
  const result = c.run(...replaced(c, c.physical(0).unsqueeze(1), { [place]: 1 }));
  return mapTensors(result, (y) => (y.ndim === 2 ? y.squeeze(1) : y));
}

for (const name of reductions.split(' '))
  batchRules.physical.set(name, (c) => {
    try {
      return reduce(c);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  });
for (const name of alongOne.split(' ')) batchRules.physical.set(name, along);

for (const [name, along] of [
  ['maxOfAll', 'amax'],
  ['minOfAll', 'amin'],
] as const)
  batchRules.logical.set(name, (c) => (c.tensor(0).numel() === 0 ? undefined : c.tensor(0).reshape(-1)[along](0)));

const mean = (c: Call, x: Tensor) => (c.op.name === 'mseLoss' ? x.mean() : x.sum());
for (const name of ['mseLoss', 'mseLossSum'])
  batchRules.logical.set(name, (c) => {
    const [a, b] = [c.tensor(0), c.tensor(1)];
    const difference = a.sub(b);
    return mean(c, difference.mul(difference));
  });
