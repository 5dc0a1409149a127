import { DtypeError, NotImplementedError, ShapeError, ValueError } from '../../errors';
import { joining } from '../../ops/joining/cat';
import { requireFloatTensor, requireOneOf } from '../../ops/table/arguments';
import { asPositions } from '../../ops/table/positions';
import { zeros } from '../../tensor/creation';
import { formatShape, sameShape } from '../../tensor/shape';
import { fresh, type Tensor } from '../../tensor/tensor';
import { checkPadding, type EmbeddingOptions, lookUp } from './sparse';

/** How the rows of a bag become one. */
export type BagMode = 'sum' | 'mean' | 'max';

/** Options of {@link embeddingBag}. */
export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** Where each bag starts in a list of numbers, the first at 0. */
  offsets?: Tensor | null;
  /** The sum of the rows of a bag, their mean (default), or the largest of each column. */
  mode?: BagMode;
  /** A factor for each number, with the mode `'sum'`. */
  perSampleWeights?: Tensor | null;
  /** The last offset is where the last bag ends; default `false`. */
  includeLastOffset?: boolean;
}

/**
 * Rows of a table looked up by their numbers and brought together bag by bag (`torch.nn.functional.embedding_bag`): a bag
 * is a row of `input`, `[bags, numbers]`, or, of a 1-D `input`, the numbers between two `offsets`. The result
 * is `[bags, size]`, with zeros for an empty bag. Numbers equal to `paddingIdx` do not count at all.
 *
 * @example
 * const table = tensor([[1, 1], [10, 20], [5, 0]]);
 * const numbers = tensor([0, 1, 2, 1], { dtype: 'int32' });
 * nn.functional.embeddingBag(numbers, table, { offsets: tensor([0, 3], { dtype: 'int32' }), mode: 'sum' }).tolist() // [[16, 21], [10, 20]]
 * @throws {ShapeError} if the shapes do not fit; {@link DtypeError} if numbers or offsets are not `int32`;
 * {@link IndexError} if a number has no row; {@link ValueError} if an option is out of range;
 * {@link NotImplementedError} for weights with another mode than `'sum'`.
 */
export function embeddingBag(input: Tensor, weight: Tensor, options: EmbeddingBagOptions = {}): Tensor {
  const { mode = 'mean', perSampleWeights = null, includeLastOffset = false } = options;
  requireOneOf('embeddingBag', { mode }, ['sum', 'mean', 'max']);
  checkWeights(input, weight, perSampleWeights, mode);
  if (mode === 'max' && options.scaleGradByFreq)
    throw new ValueError("embeddingBag: the mode 'max' has no gradient to share out; leave out scaleGradByFreq");
  const starts = startsOf(input, options.offsets ?? null, includeLastOffset);
  const flat = asPositions('embeddingBag', input, 'the input').reshape(-1);
  let rows = lookUp('embeddingBag', flat, weight, options);
  if (perSampleWeights !== null) rows = rows.mul(perSampleWeights.reshape(-1, 1));

  const padding = checkPadding('embeddingBag', options.paddingIdx ?? null, weight.sizes[0]);
  const numbers = [...flat.toArray()];
  const bags = starts.slice(0, -1).map((from, bag) => {
    const places = numbers.slice(from, starts[bag + 1]).map((_, i) => from + i);
    return padding === null ? places : places.filter((at) => numbers[at] !== padding);
  });
  const ints = (list: readonly number[]) => fresh(Int32Array.from(list), [list.length], 'int32');
  const empty = zeros([bags.length, weight.sizes[1]], { dtype: weight.dtype });
  if (mode === 'max') {
    const nothing = zeros([weight.sizes[1]], { dtype: weight.dtype });
    const largest = bags.map((at) => (at.length === 0 ? nothing : rows.indexSelect(0, ints(at)).max(0).values));
    return largest.length === 0 ? empty : joining.stack(largest);
  }
  const sums = empty.indexAdd(
    0,
    ints(bags.flatMap((at, bag) => at.map(() => bag))),
    rows.indexSelect(0, ints(bags.flat())),
  );
  if (mode === 'sum') return sums;
  return sums.div(ints(bags.map((at) => Math.max(at.length, 1))).unsqueeze(1));
}

/** Where bags start among all numbers, and where the last one ends. */
function startsOf(input: Tensor, offsets: Tensor | null, includeLastOffset: boolean): number[] {
  if (input.ndim === 2) {
    if (offsets !== null)
      throw new ValueError('embeddingBag: the bags are the rows of a matrix of numbers, so leave out offsets');
    return Array.from({ length: input.sizes[0] + 1 }, (_, bag) => bag * input.sizes[1]);
  }
  if (input.ndim !== 1)
    throw new ShapeError(
      `embeddingBag: the input has shape ${formatShape(input.sizes)}; expected [bags, numbers], or [numbers] with offsets`,
    );
  if (offsets?.ndim !== 1)
    throw new ValueError('embeddingBag: a list of numbers needs offsets, a vector that says where each bag starts');
  const n = input.sizes[0];
  const starts = [...asPositions('embeddingBag', offsets, 'offsets').toArray(), ...(includeLastOffset ? [] : [n])];
  if (starts[0] !== 0 || starts[starts.length - 1] !== n || starts.some((at, i) => i > 0 && at < starts[i - 1]))
    throw new ValueError(
      `embeddingBag: offsets are ${[...offsets.toArray()].join(', ')}; they must rise from 0 to ` +
        `${includeLastOffset ? `${n}, where the last bag ends` : `at most ${n}`}`,
    );
  return starts;
}

function checkWeights(input: Tensor, weight: Tensor, weights: Tensor | null, mode: BagMode): void {
  if (weights === null) return;
  if (mode !== 'sum')
    throw new NotImplementedError(`embeddingBag: perSampleWeights go with the mode 'sum' only, got '${mode}'`);
  requireFloatTensor('embeddingBag', weights, 'perSampleWeights');
  if (!sameShape(weights.sizes, input.sizes))
    throw new ShapeError(
      `embeddingBag: perSampleWeights of shape ${formatShape(weights.sizes)} do not fit an input of shape ` +
        `${formatShape(input.sizes)}; they must be equal`,
    );
  if (weights.dtype !== weight.dtype)
    throw new DtypeError(
      `embeddingBag: perSampleWeights are ${weights.dtype}, the rows ${weight.dtype}; convert with to('${weight.dtype}')`,
    );
}
