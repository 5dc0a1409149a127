// Common parts of the functional forms of differentiation: separate inputs, and gradients of outputs that may not
// depend on them.

import { grad } from '../autograd/grad';
import { describe } from '../describe';
import { AutogradError, ShapeError, ValueError } from '../errors';
import { ofEachExample } from '../ops/batching/levels';
import { onesLike, zerosLike } from '../tensor/creation';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';

/** One tensor or a list of them. */
export type TensorOrList = Tensor | readonly Tensor[];

/** `E` where `T` is a tensor, a list of `E` where `T` is a list. */
export type Like<T, E = Tensor> = T extends Tensor ? E : E[];

/** Options of {@link jacobian}, {@link hessian} and the products with them. */
export interface FunctionalOptions {
  /** Record the computation, so that the result can be differentiated again; default `false`. */
  createGraph?: boolean;
  /** Throw if the result does not depend on an input, instead of returning zeros for it; default `false`. */
  strict?: boolean;
}

/** @internal */
export const asList = (x: TensorOrList): readonly Tensor[] => (x instanceof Tensor ? [x] : x);

/** Returns the only element of `list` if `given` was a tensor, else `list`. @internal */
export const unlist = <T, E>(given: T, list: readonly E[]): Like<T, E> =>
  (given instanceof Tensor ? list[0] : list) as Like<T, E>;

/**
 * Returns separate tensors for the inputs, so that other uses of the same tensors in the function do not count: views
 * with history if `createGraph`, else leaves.
 * @throws {ValueError} for anything but tensors.
 * @internal
 */
export function ownInputs(op: string, inputs: TensorOrList, createGraph: boolean): Tensor[] {
  return checkTensors(op, 'input', inputs).map((x) => separate(x, createGraph));
}

/** Returns a separate tensor to differentiate by: a view with the history if `keepsHistory`, else a leaf. @internal */
export function separate(x: Tensor, keepsHistory: boolean): Tensor {
  // Inside vmap there is a derivative for each example.
  const own = ofEachExample(x);
  return keepsHistory && own.requiresGrad ? own.view(own.shape) : own.detach().requiresGrad_();
}

/** @throws {ValueError} unless it is a function. @internal */
export function requireFunction(op: string, func: unknown): void {
  if (typeof func !== 'function') throw new ValueError(`${op}: needs a function of tensors, got ${describe(func)}`);
}

/** @throws {ValueError} unless it is a list of tensors. @internal */
export function checkInputs(op: string, inputs: unknown): void {
  if (!Array.isArray(inputs)) throw new ValueError(`${op}: the inputs are a list of tensors, got ${describe(inputs)}`);
  checkTensors(op, 'input', inputs);
}

/** @throws {ValueError} for anything but tensors. */
function checkTensors(op: string, what: string, given: TensorOrList): readonly Tensor[] {
  const list = asList(given);
  if (!Array.isArray(list)) throw new ValueError(`${op}: each ${what} must be a tensor, got ${describe(given)}`);
  list.forEach((x: unknown, i) => {
    if (!(x instanceof Tensor)) throw new ValueError(`${op}: ${what} ${i} must be a tensor, got ${describe(x)}`);
  });
  return list;
}

/**
 * Returns the outputs of the function as a list.
 * @throws {ValueError} for anything but tensors; {@link AutogradError} in strict mode for an output without history.
 * @internal
 */
export function checkOutputs(op: string, outputs: TensorOrList, strict: boolean): readonly Tensor[] {
  const list = checkTensors(op, 'output of the function', outputs);
  const constant = list.findIndex((y) => !y.requiresGrad);
  if (strict && constant >= 0)
    throw new AutogradError(`${op}: output ${constant} of the function does not depend on the inputs (strict mode)`);
  return list;
}

/**
 * Returns the only output of a function that must return a single number. @throws {ShapeError} if it does not.
 * @internal
 */
export function checkNumber(op: string, outputs: TensorOrList, strict: boolean): Tensor {
  const [y] = checkOutputs(op, outputs, strict);
  if (!(outputs instanceof Tensor) || y.numel() !== 1)
    throw new ShapeError(
      `${op}: the function must return a single number, got ` +
        (outputs instanceof Tensor ? `shape ${formatShape(y.shape)}` : `a list of ${outputs.length}`),
    );
  return y;
}

/**
 * Returns the vector of a product, checked against the tensors that it multiplies; 1 if it is omitted for a single
 * number.
 * @throws {ShapeError} if the shapes or their number differ.
 * @internal
 */
export function checkVector(
  op: string,
  v: TensorOrList | null | undefined,
  against: readonly Tensor[],
  what: string,
): readonly Tensor[] {
  if (v === null || v === undefined) {
    if (against.length !== 1 || against[0].numel() !== 1)
      throw new ShapeError(`${op}: v can be left out only if the ${what} is a single number; give its shape to v`);
    return [onesLike(against[0])];
  }
  const list = checkTensors(op, 'element of v', v);
  if (list.length !== against.length)
    throw new ShapeError(`${op}: v has ${list.length} tensors for ${against.length} ${what}s`);
  list.forEach((t, i) => {
    if (!sameShape(t.shape, against[i].shape))
      throw new ShapeError(
        `${op}: v has shape ${formatShape(t.shape)}, the ${what} ${i} has ${formatShape(against[i].shape)}`,
      );
  });
  return list;
}

/**
 * Returns gradients of the outputs with a history, weighted by `v`; `null` for inputs that they do not depend on.
 * @internal
 */
export function gradientsOf(
  outputs: readonly (Tensor | null)[],
  inputs: readonly Tensor[],
  v: readonly Tensor[] | null,
  options: { createGraph: boolean; retainGraph?: boolean },
): (Tensor | null)[] {
  const tracked = outputs.flatMap((y, i) => (y?.requiresGrad ? [{ y, v: v === null ? null : v[i] }] : []));
  if (tracked.length === 0) return inputs.map(() => null);
  return grad(
    tracked.map((t) => t.y),
    inputs,
    { gradOutputs: tracked.map((t) => t.v), allowUnused: true, ...options },
  );
}

/** How {@link filled} reports a missing derivative. @internal */
export interface Missing {
  readonly op: string;
  /** Names the missing dependence for entry `i` of the list. */
  readonly says: (i: number) => string;
}

/**
 * Replaces missing derivatives by zeros of the shape of their reference.
 * @throws {AutogradError} in strict mode, if one is missing, or is constant although it is to be differentiated again.
 * @internal
 */
export function filled(
  found: readonly (Tensor | null)[],
  like: readonly Tensor[],
  { createGraph = false, strict = false }: FunctionalOptions,
  { op, says }: Missing,
): Tensor[] {
  return found.map((g, i) => {
    if (strict && g === null) throw new AutogradError(`${op}: ${says(i)} (strict mode)`);
    if (strict && createGraph && !g!.requiresGrad)
      throw new AutogradError(
        `${op}: the derivative with respect to input ${i} does not depend on the inputs (strict mode)`,
      );
    return g ?? zerosLike(like[i]);
  });
}

/** Returns the results, detached unless the graph was requested. @internal */
export const finished = (list: readonly Tensor[], createGraph: boolean): Tensor[] =>
  list.map((t) => (createGraph ? t : t.detach()));
