import { noGrad } from '../../autograd';
import { until } from '../../cancellation';
import { IndexError, ShapeError, ValueError } from '../../errors';
import { entries } from '../../ops/indexing/gather';
import { requireFloatTensor, requireSizes } from '../../ops/table/arguments';
import { asPositions } from '../../ops/table/positions';
import { batching, holdsBatched, isBatched } from '../../tensor/batched';
import { arange } from '../../tensor/creation';
import { formatShape } from '../../tensor/shape';
import { empty, fresh, type Tensor } from '../../tensor/tensor';
import { checkedClasses } from './targets';

/** Options of {@link embedding}. */
export interface EmbeddingOptions {
  /** Entries for this number get no gradient; negative ones count from the end. */
  paddingIdx?: number | null;
  /** Rows that are used and whose norm is above this are shrunk to it, in `weight` itself. */
  maxNorm?: number | null;
  /** The `p` of that norm; default 2. */
  normType?: number;
  /** Divide the gradient of each row by how often its number occurs in the input; default `false`. */
  scaleGradByFreq?: boolean;
  /** Has no effect: gradients are never sparse here. */
  sparse?: boolean;
}

/**
 * Rows of a table looked up by their numbers (`torch.nn.functional.embedding`): for `input` of any shape and `weight` of
 * `[numbers, size]` the result is `[…input, size]`.
 * @throws {ShapeError} if `weight` is no matrix; {@link ValueError} if a number in `input` is not whole, or `paddingIdx` has
 *   no row; {@link IndexError} if a number has none.
 */
export function embedding(input: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  return lookUp('embedding', input, weight, options);
}

/** {@link embedding} as part of `op`. @internal */
export function lookUp(op: string, input: Tensor, weight: Tensor, options: EmbeddingOptions): Tensor {
  const { maxNorm = null, normType = 2, scaleGradByFreq = false } = options;
  requireFloatTensor(op, weight, 'weight');
  if (weight.ndim !== 2)
    throw new ShapeError(`${op}: weight must be a matrix of rows, got shape ${formatShape(weight.sizes)}`);
  const [numbers, size] = weight.sizes;
  const padding = checkPadding(op, options.paddingIdx ?? null, numbers);
  const flat = asPositions(op, input, 'the input').reshape(-1);
  // Inside vmap the rows of all examples are looked up at once.
  if (batching.depth !== 0 && maxNorm === null && !scaleGradByFreq && holdsBatched([input, weight])) {
    const rows = weight.indexSelect(0, flat).reshape([...input.sizes, size]);
    return padding === null ? rows : rows.detach().where(input.eq(padding).unsqueeze(-1), rows);
  }
  const { at, run } = entries(op, 'Embedding', weight.sizes, 0, flat);
  if (maxNorm !== null) shrinkRows(weight, flat, normType, maxNorm);
  const share =
    padding === null && !scaleGradByFreq ? undefined : shares(flat, padding, scaleGradByFreq).to(weight.dtype);
  const places = { name: 'Embedding', shape: [...input.sizes, size], at, run };
  return weight.readAt(places, share?.reshape([...input.sizes, 1]));
}

/**
 * The number counted from the front.
 * @throws {ValueError} if there is no such row.
 * @internal
 */
export function checkPadding(op: string, paddingIdx: number | null, numbers: number): number | null {
  if (paddingIdx === null) return null;
  if (!Number.isInteger(paddingIdx) || paddingIdx < -numbers || paddingIdx >= numbers)
    throw new ValueError(`${op}: paddingIdx is ${paddingIdx}; there are ${numbers} rows`);
  return paddingIdx < 0 ? paddingIdx + numbers : paddingIdx;
}

/** Which part of the gradient of each entry reaches its row. */
function shares(flat: Tensor, padding: number | null, byFrequency: boolean): Tensor {
  const numbers = flat.toArray();
  const count = new Map<number, number>();
  for (const i of numbers) count.set(i, (count.get(i) ?? 0) + 1);
  const share = Float64Array.from(numbers, (i) => (i === padding ? 0 : byFrequency ? 1 / count.get(i)! : 1));
  return fresh(share, flat.sizes, 'float64');
}

function shrinkRows(weight: Tensor, flat: Tensor, p: number, maxNorm: number): void {
  noGrad(() => {
    const used = flat.unique();
    weight.indexCopy_(0, used, weight.indexSelect(0, used).renorm(p, 0, maxNorm));
  });
}

/**
 * For each class number a vector with 1 in its place and 0 elsewhere (`torch.nn.functional.one_hot`): `[…input,
 * numClasses]`, `int32`.
 * @param numClasses Default: one more than the largest number.
 * @throws {ValueError} if a number is not whole; {@link IndexError} if one is negative or no class;
 *   {@link ValueError} if `numClasses` is not above 0, or there is nothing to tell it from.
 */
export function oneHot(input: Tensor, numClasses = -1): Tensor {
  const whole = asPositions('oneHot', input, 'the input');
  if (isBatched(whole) && numClasses > 0) {
    checkedClasses('oneHot', whole, numClasses);
    return whole.unsqueeze(-1).eq(arange(numClasses)).to('int32');
  }
  const classes = whole.toArray();
  let count = numClasses;
  if (numClasses === -1) {
    if (classes.length === 0) throw new ValueError('oneHot: an empty input has no largest class; give numClasses');
    count = 0;
    for (let i = 0; i < classes.length; )
      for (const end = until(i, classes.length); i < end; i++) count = Math.max(count, classes[i] + 1);
  } else requireSizes('oneHot', { numClasses });
  const y = empty([...whole.sizes, count], 'int32');
  const { memory: out } = y;
  for (let i = 0; i < classes.length; )
    for (const end = until(i, classes.length); i < end; i++) {
      const c = classes[i];
      if (c < 0 || c >= count) throw new IndexError(`oneHot: ${c} is not a class: there are ${count}, numbered from 0`);
      out[i * count + c] = 1;
    }
  return y;
}
