import { FormatError } from '../errors';
import { numel } from '../kernels/strides';

/** No array of NumPy's has more dimensions. */
const mostDimensions = 64;

/**
 * The number of elements of a shape from a file.
 * @throws {FormatError} unless its sizes are whole numbers, 0 or more, and it is one that memory could have.
 */
export function countOf(where: string, shape: readonly number[]): number {
  if (shape.length > mostDimensions)
    throw new FormatError(`${where}: its shape has ${shape.length} dimensions; at most ${mostDimensions} can be`);
  for (const size of shape)
    if (!Number.isSafeInteger(size) || size < 0 || Object.is(size, -0))
      throw new FormatError(
        `${where}: its shape [${shape.join(', ')}] has the size ${size}; sizes are whole numbers from 0 on`,
      );
  // A size 0 does not excuse the others.
  if (!Number.isSafeInteger(8 * numel(shape.map((size) => Math.max(size, 1)))))
    throw new FormatError(`${where}: its shape [${shape.join(', ')}] has more elements than any memory`);
  return numel(shape);
}
