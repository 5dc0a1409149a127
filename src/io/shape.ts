import { FormatError } from '../errors';
import { numel } from '../kernels/strides';

/** The most dimensions that NumPy allows. */
const mostDimensions = 64;

/**
 * Returns the number of elements of a shape from a file.
 * @throws {FormatError} unless its sizes are whole numbers, 0 or more, and their number of bytes is a safe integer.
 */
export function countOf(where: string, shape: readonly number[]): number {
  if (shape.length > mostDimensions)
    throw new FormatError(`${where}: its shape has ${shape.length} dimensions; at most ${mostDimensions} can be`);
  for (const size of shape)
    if (!Number.isSafeInteger(size) || size < 0 || Object.is(size, -0))
      throw new FormatError(
        `${where}: its shape [${shape.join(', ')}] has the size ${size}; sizes are whole numbers from 0 on`,
      );
  // With a size 0, the other sizes are checked all the same.
  if (!Number.isSafeInteger(8 * numel(shape.map((size) => Math.max(size, 1)))))
    throw new FormatError(`${where}: its shape [${shape.join(', ')}] has more elements than any memory`);
  return numel(shape);
}
