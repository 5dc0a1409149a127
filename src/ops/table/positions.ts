import { until } from '../../cancellation';
import { DtypeError, ValueError } from '../../errors';
import { rootOf } from '../../tensor/batched';
import { isFloat } from '../../tensor/dtype';
import { packed, type Tensor } from '../../tensor/tensor';
import { requireTensor } from './arguments';

/**
 * Returns positions, row numbers or classes as `int32`. Floats are accepted if they are integers, because `tensor([0,
 * 2])` is float32.
 * @throws {ValueError} for anything but a tensor, or a fraction; {@link DtypeError} for bools.
 * @internal
 */
export function asPositions(op: string, given: unknown, what = 'the index'): Tensor {
  requireTensor(op, given, what);
  const { dtype } = given;
  if (dtype === 'int32') return given;
  if (dtype === 'bool')
    throw new DtypeError(
      `${op}: ${what} must hold whole numbers, got truth values (bool); a mask goes into at(…) or maskedSelect(…)`,
    );
  if (isFloat(dtype)) {
    const { memory: numbers, offset, layout } = packed(rootOf(given));
    for (let i = offset; i < offset + layout.count; )
      for (const end = until(i, offset + layout.count); i < end; i++)
        if (!Number.isInteger(numbers[i]))
          throw new ValueError(
            `${op}: ${what} must hold whole numbers, got ${numbers[i]} in ${dtype}; round it with round(), floor() or ceil()`,
          );
  }
  return given.detach().to('int32');
}
