import { DtypeError, IndexError, ShapeError } from '../../errors';
import { requireDtypeOf, requireTensor } from '../../ops/arguments';
import { isFloat } from '../../tensor/dtype';
import { formatShape, sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';

// What losses are given besides the input, checked.

/** @throws {ShapeError} unless input and target have one shape. @internal */
export function checkSameShape(op: string, input: Tensor, target: Tensor): void {
  requireTensor(op, input);
  requireTensor(op, target, 'the target');
  if (!sameShape(input.shape, target.shape))
    throw new ShapeError(
      `${op}: a target of shape ${formatShape(target.shape)} does not fit an input of shape ${formatShape(input.shape)}; ` +
        'they must have the same shape',
    );
}

/**
 * Checks numbers of classes: whole numbers from `lowest` to `classes - 1`, or `ignored`.
 * @throws {DtypeError} if they are not whole; {@link IndexError} if one is no class.
 * @internal
 */
export function checkClasses(op: string, target: Tensor, classes: number, lowest = 0, ignored?: number): void {
  if (isFloat(target.dtype) || target.dtype === 'bool')
    throw new DtypeError(
      `${op}: the target must hold class numbers (int32), got ${target.dtype}; convert it with to('int32')`,
    );
  for (const c of target.toArray())
    if ((c < lowest || c >= classes) && c !== ignored)
      throw new IndexError(`${op}: target ${c} is no class: there are ${classes}, numbered from 0 to ${classes - 1}`);
}

/**
 * Checks a weight for each class.
 * @throws {ShapeError} for another shape; {@link DtypeError} for another dtype than the input's.
 * @internal
 */
export function checkClassWeights(op: string, input: Tensor, weight: Tensor | null, classes: number): void {
  if (weight === null) return;
  if (!sameShape(weight.shape, [classes]))
    throw new ShapeError(
      `${op}: weights of shape ${formatShape(weight.shape)} for ${classes} classes; expected ${formatShape([classes])}`,
    );
  requireDtypeOf(op, input, { weight });
}
