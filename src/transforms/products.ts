import { enableGrad } from '../autograd/mode';
import { pushForward } from '../autograd/pushforward';
import { ofEachExample } from '../ops/batching/levels';
import { onesLike, zerosLike } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import {
  checkNumber,
  checkOutputs,
  checkVector,
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

/**
 * Returns the outputs of `func` and the product `vᵀ J` of a vector with its Jacobian at `inputs`, in one backward pass
 * (`torch.autograd.functional.vjp`). `v` has the shapes of the outputs, and may be omitted for a single number; the
 * product has the shapes of the inputs.
 *
 * @example
 * const [y, g] = vjp((x: Tensor) => x.pow(2), tensor([1, 2, 3]), tensor([1, 10, 100]));
 * g // tensor([  2.,  40., 600.])
 * @throws {ShapeError} if `v` does not fit the outputs; {@link AutogradError} in strict mode, if an output depends on no
 *   input or no output on an input; {@link ValueError} for anything but tensors.
 */
export function vjp<X extends TensorOrList, Y extends TensorOrList>(
  func: (...inputs: Tensor[]) => Y,
  inputs: X,
  v?: TensorOrList | null,
  options: FunctionalOptions = {},
): [Like<Y>, Like<X>] {
  const { createGraph = false, strict = false } = options;
  return enableGrad(() => {
    requireFunction('vjp', func);
    const xs = ownInputs('vjp', inputs, createGraph);
    const given = func(...xs);
    const ys = checkOutputs('vjp', given, strict);
    const vs = checkVector('vjp', v, ys, 'output');
    const found = gradientsOf(ys, xs, vs, { createGraph });
    const says = (i: number) => `the outputs do not depend on input ${i}`;
    const product = filled(found, xs, options, { op: 'vjp', says });
    return [unlist(given, finished(ys, createGraph)), unlist(inputs, finished(product, createGraph))];
  });
}

/**
 * Returns the outputs of `func` and the product `J v` of its Jacobian at `inputs` with a vector: the directional
 * derivative (`torch.autograd.functional.jvp`). Forward mode applies a rule of each operation in their order. `v` has
 * the shapes of the inputs, and may be omitted if there is one input with one element; the product has the shapes of
 * the outputs.
 *
 * @example
 * const [y, dy] = jvp((x: Tensor) => x.pow(2).sum(), tensor([1, 2, 3]), tensor([1, 0, 0]));
 * dy // tensor(2.)
 * @throws {ShapeError} if `v` does not fit the inputs; {@link AutogradError} in strict mode, if an output depends on no
 *   input or no output on an input; {@link ValueError} for anything but tensors.
 */
export function jvp<X extends TensorOrList, Y extends TensorOrList>(
  func: (...inputs: Tensor[]) => Y,
  inputs: X,
  v?: TensorOrList | null,
  options: FunctionalOptions = {},
): [Like<Y>, Like<Y>] {
  const { createGraph = false, strict = false } = options;
  return enableGrad(() => {
    requireFunction('jvp', func);
    const xs = ownInputs('jvp', inputs, createGraph);
    const vs = checkVector('jvp', v, xs, 'input');
    const given = func(...xs);
    const ys = checkOutputs('jvp', given, strict);
    if (strict) {
      const pulled = gradientsOf(
        ys,
        xs,
        ys.map((y) => onesLike(y)),
        { createGraph: false, retainGraph: true },
      );
      filled(pulled, xs, { strict }, { op: 'jvp', says: (i) => `the outputs do not depend on input ${i}` });
    }
    const found = pushForward(ys, xs, vs, createGraph);
    const says = (i: number) => `output ${i} does not depend on the inputs`;
    const product = filled(found, ys, options, { op: 'jvp', says });
    return [unlist(given, finished(ys, createGraph)), unlist(given, finished(product, createGraph))];
  });
}

/**
 * Returns the value of `func`, a single number, and the product `vᵀ H` of a vector with its Hessian at `inputs`
 * (`torch.autograd.functional.vhp`): the gradient of `vᵀ ∇f`, in two backward passes. `v` and the product have the
 * shapes of the inputs; `v` may be omitted if there is one input with one element.
 *
 * @example
 * vhp((x: Tensor) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 10])) // [ tensor(9.), tensor([  6., 120.]) ]
 * @throws {ShapeError} if `func` returns anything but a single number, or `v` does not fit the inputs;
 * {@link AutogradError} in strict mode, if the gradient does not depend on an input; {@link ValueError} for anything but
 * tensors.
 */
export function vhp<X extends TensorOrList>(
  func: (...inputs: Tensor[]) => Tensor,
  inputs: X,
  v?: TensorOrList | null,
  options: FunctionalOptions = {},
): [Tensor, Like<X>] {
  const { createGraph = false } = options;
  return enableGrad(() => {
    const { xs, vs, y, slope } = gradientAt('vhp', func, inputs, v, options);
    const found = gradientsOf(slope, xs, vs, { createGraph });
    const product = filled(found, xs, options, { op: 'vhp', says: constantIn });
    return [finished([y], createGraph)[0], unlist(inputs, finished(product, createGraph))];
  });
}

/**
 * Returns the value of `func`, a single number, and the product `H v` of its Hessian at `inputs` with a vector
 * (`torch.autograd.functional.hvp`). If second derivatives are continuous, this equals {@link vhp}, which needs one
 * backward pass less. `v` and the product have the shapes of the inputs; `v` may be omitted if there is one input with
 * one element.
 *
 * @example
 * const [y, g] = hvp((x: Tensor) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 10]));
 * g // tensor([  6., 120.])
 * @throws {ShapeError} if `func` returns anything but a single number, or `v` does not fit the inputs;
 * {@link AutogradError} in strict mode, if the gradient does not depend on an input; {@link ValueError} for anything but
 * tensors.
 */
export function hvp<X extends TensorOrList>(
  func: (...inputs: Tensor[]) => Tensor,
  inputs: X,
  v?: TensorOrList | null,
  options: FunctionalOptions = {},
): [Tensor, Like<X>] {
  const { createGraph = false, strict = false } = options;
  return enableGrad(() => {
    const { xs, vs, y, slope } = gradientAt('hvp', func, inputs, v, options);
    const weights = xs.map((x) => ofEachExample(zerosLike(x)).requiresGrad_());
    const pulled = gradientsOf(slope, xs, weights, { createGraph: true });
    if (strict) filled(pulled, xs, { strict }, { op: 'hvp', says: constantIn });
    const found = gradientsOf(pulled, weights, vs, { createGraph });
    const product = filled(found, xs, options, { op: 'hvp', says: constantIn });
    return [finished([y], createGraph)[0], unlist(inputs, finished(product, createGraph))];
  });
}

const constantIn = (i: number) => `the gradient does not depend on input ${i}`;

/** Returns the value of `func` and its gradient, with history. */
function gradientAt(
  op: string,
  func: (...inputs: Tensor[]) => Tensor,
  inputs: TensorOrList,
  v: TensorOrList | null | undefined,
  { createGraph = false, strict = false }: FunctionalOptions,
): { xs: Tensor[]; vs: readonly Tensor[]; y: Tensor; slope: (Tensor | null)[] } {
  requireFunction(op, func);
  const xs = ownInputs(op, inputs, createGraph);
  const vs = checkVector(op, v, xs, 'input');
  const y = checkNumber(op, func(...xs), strict);
  const slope = gradientsOf([y], xs, null, { createGraph: true });
  if (strict) filled(slope, xs, { strict }, { op, says: (i) => `the output does not depend on input ${i}` });
  return { xs, vs, y, slope };
}
