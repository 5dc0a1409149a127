import { ShapeError, ValueError } from '../errors';
import { cat, stack } from '../ops/functions';
import { requireDtypeOf, requireList, requireOneOf, requireTensor } from '../ops/table/arguments';
import { full } from '../tensor/creation';
import { formatShape, sameShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** Options of {@link padSequence}. */
export interface PadSequenceOptions {
  /** Whether the result is `[batch, length, …]`, not `[length, batch, …]`; default `false`. */
  batchFirst?: boolean;
  /** The padding value. Default: 0. */
  paddingValue?: number;
  /** The side on which shorter sequences are padded. Default: `'right'`. */
  paddingSide?: 'right' | 'left';
}

/**
 * Pads sequences `[length, …]` of different lengths into one tensor (`torch.nn.utils.rnn.pad_sequence`):
 * `[longest, batch, …]`.
 * @example
 * nn.utils.rnn.padSequence([tensor([1, 2, 3]), tensor([4])], { batchFirst: true }).tolist() // [[1, 2, 3], [4, 0, 0]]
 * @throws {ValueError} if there is no sequence; {@link ShapeError} for a single number, or other sizes that differ;
 *   {@link DtypeError} for dtypes that differ.
 */
export function padSequence(sequences: Iterable<Tensor>, options: PadSequenceOptions = {}): Tensor {
  const { batchFirst = false, paddingValue = 0, paddingSide = 'right' } = options;
  requireOneOf('padSequence', { paddingSide }, ['right', 'left']);
  requireList('padSequence', sequences);
  const all = [...sequences];
  if (all.length === 0) throw new ValueError('padSequence: there are no sequences; give one or more');
  for (const x of all) requireTensor('padSequence', x, 'each sequence');
  const rest = all[0].sizes.slice(1);
  for (const x of all) {
    if (x.ndim === 0 || !sameShape(x.sizes.slice(1), rest))
      throw new ShapeError(
        `padSequence: sequences of shapes ${all.map((one) => formatShape(one.sizes)).join(', ')}; only their first dimensions, the lengths, may differ`,
      );
    requireDtypeOf('padSequence', all[0], { 'a sequence': x }, 'the first');
  }
  const longest = Math.max(...all.map((x) => x.sizes[0]));
  const padded = all.map((x) => {
    const missing = longest - x.sizes[0];
    if (missing === 0) return x;
    const padding = full([missing, ...rest], paddingValue, { dtype: x.dtype });
    return cat(paddingSide === 'right' ? [x, padding] : [padding, x]);
  });
  return stack(padded, batchFirst ? 0 : 1);
}
