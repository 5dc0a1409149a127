import { enableGrad } from '../autograd/mode';
import { joining } from '../ops/joining/cat';
import { onesLike, zeros } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
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
  type TensorOrList,
  unlist,
} from './functional';

/**
 * All partial derivatives of the outputs of `func` with respect to `inputs` (`torch.autograd.functional.jacobian`): one
 * backward pass for each element of each output. For one output and one input a tensor whose shape is the output's
 * followed by the input's, `J[i…, j…] = ∂y[i…] / ∂x[j…]`; for lists of outputs, of inputs, or both, lists of such tensors,
 * outputs first.
 *
 * @example
 * jacobian((x: Tensor) => x.exp().sum(1), rand([2, 3])).shape // [ 2, 2, 3 ]
 * @throws {AutogradError} in strict mode, if an output does not depend on an input; {@link ValueError} for anything but
 *   tensors.
 */
export function jacobian<X extends TensorOrList, Y extends TensorOrList>(
  func: (...inputs: Tensor[]) => Y,
  inputs: X,
  options: FunctionalOptions = {},
): Like<Y, Like<X>> {
  return blocksOf('jacobian', func, inputs, options, (k, i) => `output ${k} does not depend on input ${i}`);
}

/** The work of {@link jacobian} for an operation `op`, which `says` what does not depend on what. */
function blocksOf<X extends TensorOrList, Y extends TensorOrList>(
  op: string,
  func: (...inputs: Tensor[]) => Y,
  inputs: X,
  options: FunctionalOptions,
  says: (output: number, input: number) => string,
): Like<Y, Like<X>> {
  const { createGraph = false, strict = false } = options;
  return enableGrad(() => {
    const xs = ownInputs(op, inputs, createGraph);
    const given = func(...xs);
    const blocks = checkOutputs(op, given, strict).map((y, k) => {
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
 * For each element of `y` in row-major order, its gradient with respect to each input, `null` where there is none.
 * @internal
 */
export function rowsOf(y: Tensor, inputs: readonly Tensor[], createGraph: boolean): (Tensor | null)[][] {
  return Array.from({ length: y.numel() }, (_, j) => {
    const unit = zeros([y.numel()], { dtype: y.dtype });
    unit.data[j] = 1;
    return gradientsOf([y], inputs, [unit.view(y.shape)], { createGraph, retainGraph: true });
  });
}

/**
 * All second partial derivatives of `func`, which gives a single number, at `inputs`
 * (`torch.autograd.functional.hessian`): the Jacobian of its gradient. For one input a tensor of the input's shape twice
 * over, `H[i…, j…] = ∂²y / ∂x[i…] ∂x[j…]`; for a list of inputs `H[k][l]` is the tensor for inputs `k` and `l`.
 *
 * @example
 * hessian((x: Tensor) => x.pow(3).sum(), tensor([1, 2])) // tensor([[ 6., 0.], [ 0., 12.]])
 * @throws {ShapeError} if `func` gives anything but a single number; {@link AutogradError} in strict mode, if the output
 *   or its gradient does not depend on an input; {@link ValueError} for anything but tensors.
 */
export function hessian<X extends TensorOrList>(
  func: (...inputs: Tensor[]) => Tensor,
  inputs: X,
  options: FunctionalOptions = {},
): Like<X, Like<X>> {
  const { strict = false } = options;
  const gradient = (...xs: Tensor[]) => {
    const y = checkNumber('hessian', func(...xs), strict);
    const slope = gradientsOf([y], xs, [onesLike(y)], { createGraph: true });
    const missing = { op: 'hessian', says: (i: number) => `the output does not depend on input ${i}` };
    return filled(slope, xs, { strict, createGraph: true }, missing);
  };
  const says = (k: number, i: number) => `the gradient of input ${k} does not depend on input ${i}`;
  const blocks = blocksOf('hessian', gradient, asList(inputs), options, says) as Tensor[][];
  return unlist(
    inputs,
    blocks.map((row) => unlist(inputs, row)),
  );
}
