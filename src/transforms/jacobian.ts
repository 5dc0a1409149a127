import { enableGrad } from '../autograd/mode';
import { ValueError } from '../errors';
import { joining } from '../ops/joining/cat';
import { requireBooleans, requireOneOf } from '../ops/table/arguments';
import { onesLike, zeros } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { columnBlocks, rowBlocks } from './blocks';
import {
  asList,
  checkNumber,
  checkOutputs,
  type FunctionalOptions,
  filled,
  finished,
  gradientsOf,
  type Like,
  ownInputs,
  requireFunction,
  type TensorOrList,
  unlist,
} from './functional';

/** Options of {@link jacobian}. */
export interface JacobianOptions extends FunctionalOptions {
  /** Compute all rows, or columns, at once, as `func.vmap` does, instead of one after the other; default `false`. */
  vectorize?: boolean;
  /**
   * `'reverse-mode'` (default) propagates from the outputs back, `'forward-mode'` from the inputs on, which is less
   * work if these have fewer elements; it needs `vectorize`.
   */
  strategy?: 'forward-mode' | 'reverse-mode';
}

/** Options of {@link hessian}. */
export interface HessianOptions extends FunctionalOptions {
  /** Compute all rows at once; default `false`. */
  vectorize?: boolean;
  /** How the Jacobian of the gradient is computed, see {@link JacobianOptions.strategy}; default `'reverse-mode'`. */
  outerJacobianStrategy?: 'forward-mode' | 'reverse-mode';
}

/**
 * Computes all partial derivatives of the outputs of `func` with respect to `inputs`
 * (`torch.autograd.functional.jacobian`): one backward pass for each element of each output, or one pass for all with
 * `vectorize`. For one output and one input, the result is a tensor whose shape is the output's followed by the
 * input's, `J[i…, j…] = ∂y[i…] / ∂x[j…]`. For lists of outputs, of inputs, or both, the result is nested
 * lists of such tensors, outputs first.
 *
 * @example
 * jacobian((x: Tensor) => x.exp().sum(1), rand([2, 3])).shape // [ 2, 2, 3 ]
 * @throws {AutogradError} in strict mode, if an output does not depend on an input; {@link ValueError} for anything but
 *   tensors, and for forward mode without `vectorize` or with `strict`.
 */
export function jacobian<X extends TensorOrList, Y extends TensorOrList>(
  func: (...inputs: Tensor[]) => Y,
  inputs: X,
  options: JacobianOptions = {},
): Like<Y, Like<X>> {
  return blocksOf('jacobian', func, inputs, options, (k, i) => `output ${k} does not depend on input ${i}`);
}

/** Implements {@link jacobian} for an operation `op`; `says` names a missing dependence. */
function blocksOf<X extends TensorOrList, Y extends TensorOrList>(
  op: string,
  func: (...inputs: Tensor[]) => Y,
  inputs: X,
  options: JacobianOptions,
  says: (output: number, input: number) => string,
): Like<Y, Like<X>> {
  const { createGraph = false, strict = false, vectorize = false, strategy = 'reverse-mode' } = options;
  requireBooleans(op, { vectorize });
  requireOneOf(op, { strategy }, ['reverse-mode', 'forward-mode']);
  const isForward = strategy === 'forward-mode';
  if (isForward && (!vectorize || strict))
    throw new ValueError(
      `${op}: forward mode computes with all columns at once, and not in strict mode: set vectorize, and leave strict out`,
    );
  return enableGrad(() => {
    requireFunction(op, func);
    const xs = ownInputs(op, inputs, createGraph);
    const given = func(...xs);
    const outputs = checkOutputs(op, given, strict);
    if (vectorize) {
      const at = { createGraph, chunkSize: null };
      const columns = isForward ? xs.map((x) => columnBlocks(outputs, x, at)) : [];
      const rows = outputs.map((y, k) => {
        const found = isForward ? columns.map((column) => column[k]) : rowBlocks(y, xs, at);
        const none = xs.map((x) => zeros([...y.shape, ...x.shape], { dtype: x.dtype }));
        const all = filled(y.numel() === 0 ? none : found, none, options, { op, says: (i) => says(k, i) });
        return unlist(inputs, finished(all, createGraph));
      });
      return unlist(given, rows);
    }
    const blocks = outputs.map((y, k) => {
      const rows = rowsOf(y, xs, createGraph).map((row) => filled(row, xs, options, { op, says: (i) => says(k, i) }));
      const found = xs.map((x, i) => {
        const shape = [...y.shape, ...x.shape];
        if (rows.length === 0) return zeros(shape, { dtype: x.dtype });
        return joining.stack(rows.map((row) => row[i])).view(shape);
      });
      return unlist(inputs, finished(found, createGraph));
    });
    return unlist(given, blocks);
  });
}

/**
 * Returns for each element of `y` in row-major order its gradients with respect to the inputs, `null` where there is no
 * dependence.
 * @internal
 */
export function rowsOf(y: Tensor, inputs: readonly Tensor[], createGraph: boolean): (Tensor | null)[][] {
  return Array.from({ length: y.numel() }, (_, j) => {
    const unit = zeros([y.numel()], { dtype: y.dtype });
    unit.memory[j] = 1;
    return gradientsOf([y], inputs, [unit.view(y.shape)], { createGraph, retainGraph: true });
  });
}

/**
 * Computes all second partial derivatives of `func`, which returns a single number, at `inputs`
 * (`torch.autograd.functional.hessian`): the Jacobian of its gradient. For one input, the result has the input's shape
 * twice, `H[i…, j…] = ∂²y / ∂x[i…] ∂x[j…]`. For a list of inputs, `H[k][l]` is the tensor for inputs `k` and `l`.
 *
 * @example
 * hessian((x: Tensor) => x.pow(3).sum(), tensor([1, 2])) // tensor([[ 6., 0.], [ 0., 12.]])
 * @throws {ShapeError} if `func` returns anything but a single number; {@link AutogradError} in strict mode, if the
 * output or its gradient does not depend on an input; {@link ValueError} for anything but tensors, and for forward mode
 * without `vectorize` or with `strict`.
 */
export function hessian<X extends TensorOrList>(
  func: (...inputs: Tensor[]) => Tensor,
  inputs: X,
  options: HessianOptions = {},
): Like<X, Like<X>> {
  requireFunction('hessian', func);
  const { strict = false, outerJacobianStrategy: strategy, ...rest } = options;
  const gradient = (...xs: Tensor[]) => {
    const y = checkNumber('hessian', func(...xs), strict);
    const slope = gradientsOf([y], xs, [onesLike(y)], { createGraph: true });
    const missing = { op: 'hessian', says: (i: number) => `the output does not depend on input ${i}` };
    return filled(slope, xs, { strict, createGraph: true }, missing);
  };
  const says = (k: number, i: number) => `the gradient of input ${k} does not depend on input ${i}`;
  const blocks = blocksOf('hessian', gradient, asList(inputs), { ...rest, strict, strategy }, says) as Tensor[][];
  return unlist(
    inputs,
    blocks.map((row) => unlist(inputs, row)),
  );
}
