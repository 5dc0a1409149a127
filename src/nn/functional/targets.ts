import { DtypeError, IndexError, ShapeError } from '../../errors';
import { requireDtypeOf, requireTensor } from '../../ops/table/arguments';
import { rootOf } from '../../tensor/batched';
import { isFloat } from '../../tensor/dtype';
import { formatShape, sameShape } from '../../tensor/shape';
import { packed, type Tensor } from '../../tensor/tensor';

// What losses are given besides the input, checked.

/** @throws {ValueError} unless each, such as `weight`, is a tensor or not given. @internal */
export function checkWeights(op: string, weights: Record<string, Tensor | null>): void {
  for (const [name, weight] of Object.entries(weights)) if (weight !== null) requireTensor(op, weight, name);
}

/** @throws {ShapeError} unless input and target have one shape. @internal */
export function checkSameShape(op: string, input: Tensor, target: Tensor): void {
  requireTensor(op, input);
  requireTensor(op, target, 'the target');
  if (!sameShape(input.sizes, target.sizes))
    throw new ShapeError(
      `${op}: a target of shape ${formatShape(target.sizes)} does not fit an input of shape ${formatShape(input.sizes)}; ` +
        'they must have the same shape',
    );
}

/**
 * Numbers of classes, checked: from `lowest` to `classes - 1`, or `ignored`. Floats are taken if they are whole, because
 * `tensor([0, 2])` and a batch of plain numbers are float32.
 * @throws {DtypeError} if they are not whole; {@link IndexError} if one is no class.
 * @internal
 */
export function checkedClasses(op: string, target: Tensor, classes: number, lowest = 0, ignored?: number): Tensor {
  if (target.dtype === 'bool') throw notWhole(op, target.dtype);
  const all = packed(rootOf(target));
  const { memory: numbers, offset } = all;
  const end = offset + all.numel();
  for (let i = offset; i < end; i++) {
    const c = numbers[i];
    if (!Number.isInteger(c)) throw notWhole(op, target.dtype, c);
    if ((c >= lowest && c < classes) || c === ignored) continue;
    throw new IndexError(`${op}: target ${c} is not a class: there are ${classes}, numbered from 0 to ${classes - 1}`);
  }
  return isFloat(target.dtype) ? target.detach().to('int32') : target;
}

const notWhole = (op: string, dtype: string, broken?: number) =>
  new DtypeError(
    `${op}: the target must hold class numbers, which are whole, got ${broken === undefined ? '' : `${broken} in `}` +
      `${dtype}; convert it with to('int32')`,
  );

/**
 * Checks a weight for each class.
 * @throws {ShapeError} for another shape; {@link DtypeError} for another dtype than the input's.
 * @internal
 */
export function checkClassWeights(op: string, input: Tensor, weight: Tensor | null, classes: number): void {
  checkWeights(op, { weight });
  if (weight === null) return;
  if (!sameShape(weight.sizes, [classes]))
    throw new ShapeError(
      `${op}: weights of shape ${formatShape(weight.sizes)} for ${classes} classes; expected ${formatShape([classes])}`,
    );
  requireDtypeOf(op, input, { weight });
}
