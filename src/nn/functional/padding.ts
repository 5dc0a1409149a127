import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { type RepeatMode, repeatedPlaces } from '../../ops/networks/padding';
import { requireOneOf } from '../../ops/table/arguments';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';

export type { RepeatMode } from '../../ops/networks/padding';

/** The values of the new elements: see {@link PadOptions.mode}. */
export type PadMode = 'constant' | RepeatMode;

/** Options of {@link pad}. */
export interface PadOptions {
  /**
   * The values of the new elements: `'constant'` (default) a number; `'reflect'` the elements mirrored at the edge,
   * which itself stands once; `'replicate'` the edge again; `'circular'` the elements from the other end.
   */
  mode?: PadMode;
  /** The number for mode `'constant'`; default 0. */
  value?: number | null;
}

const modes: readonly PadMode[] = ['constant', 'reflect', 'replicate', 'circular'];

/**
 * Pads the last dimensions at both ends (`torch.nn.functional.pad`). `pad` holds two counts
 * for each dimension, the last dimension first: `[left, right, top, bottom, …]`; negative ones take elements away. The
 * modes other than `'constant'` pad the last, the last two or the last three dimensions of a tensor that has one or two
 * dimensions (channels, batch) before them.
 * @throws {ShapeError} if the counts do not fit the shape; {@link ValueError} for another mode.
 */
export function pad(input: Tensor, pad: readonly number[], options: PadOptions = {}): Tensor {
  const { mode = 'constant', value = null } = options;
  requireOneOf('pad', { mode }, modes);
  if (!Array.isArray(pad) || ![...pad].every(Number.isInteger))
    throw new ValueError(`pad: counts must be a list of whole numbers, got ${describe(pad)}`);
  const dims = pad.length / 2;
  if (!Number.isInteger(dims) || dims > input.ndim)
    throw new ShapeError(
      `pad: ${pad.length} counts for shape ${formatShape(input.sizes)}; give two for each padded dimension, last first`,
    );
  if (mode === 'constant') return input.constantPad(pad, value ?? 0);
  const others = input.ndim - dims;
  if (dims < 1 || dims > 3 || others < 1 || others > 2 || input.sizes.slice(others - 1).includes(0))
    throw new ShapeError(
      `pad: mode '${mode}' with ${pad.length} counts does not pad shape ${formatShape(input.sizes)}; it pads the last 1, 2 ` +
        'or 3 dimensions after one or two others, and only a dimension of cases may have size 0',
    );
  if (value !== null && value !== 0) throw new ValueError(`pad: mode '${mode}' takes no value, got ${value}`);
  return input.readAt(repeatedPlaces(input.sizes, pad, mode));
}
