import { enableGrad } from '../autograd/mode';
import { pushForward } from '../autograd/pushforward';
import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import { checkDepth, isBranch } from '../nested-values';
import { requireBooleans } from '../ops/table/arguments';
import { zerosLike } from '../tensor/creation';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { gradientsOf } from '../transforms/functional';
import type { WithAux } from './grad';
import { mapTree, outputsOf, type TensorTree, tensorsIn } from './pytree';
import { reachesOthers, run } from './run';

/** Options of {@link jvp}. */
export interface JvpTransformOptions {
  /** Whether the function returns a pair, its value and auxiliary output, which is passed through; default `false`. */
  hasAux?: boolean;
}

/**
 * Returns the value of `func` and its directional derivative when its arguments, the `primals`, change by the
 * `tangents` (`torch.func.jvp`), in forward mode. Both are lists with an entry for each argument: tensors, or lists and
 * records of them. With `hasAux` the auxiliary output comes third.
 *
 * @example
 * func.jvp((x: Tensor) => x.pow(2), [tensor([1, 2])], [tensor([1, 10])]) // [ tensor([1., 4.]), tensor([ 2., 40.]) ]
 * @throws {ValueError} if primals and tangents differ in structure, or `func` returns anything but tensors, or lists and records
 *   of them; {@link ShapeError} if a tangent has another shape than its primal.
 */
export function jvp<A extends readonly TensorTree[], R extends TensorTree, X>(
  func: (...args: A) => readonly [value: R, aux: X],
  primals: A,
  tangents: A,
  options: WithAux,
): [value: R, tangent: R, aux: X];
export function jvp<A extends readonly TensorTree[], R extends TensorTree>(
  func: (...args: A) => R,
  primals: A,
  tangents: A,
  options?: JvpTransformOptions,
): [value: R, tangent: R];
export function jvp(
  func: (...args: never[]) => unknown,
  primals: readonly TensorTree[],
  tangents: readonly TensorTree[],
  options: JvpTransformOptions = {},
): unknown {
  const { hasAux = false } = options;
  requireBooleans('jvp', { hasAux });
  if (typeof func !== 'function') throw new ValueError(`jvp: expected a function, got ${describe(func)}`);
  if (!Array.isArray(primals) || !Array.isArray(tangents))
    throw new ValueError('jvp: primals and tangents are lists, an entry for each argument of the function');
  return enableGrad(() => {
    checkTangents(primals, tangents, '');
    const changes = tensorsIn(tangents);
    const places = [...primals.keys()];
    const { xs, value, aux } = run({ op: 'jvp', func: func as never, args: primals, places, hasAux });
    const ys = outputsOf('jvp', value as TensorTree);
    const createGraph = changes.some((t) => t.requiresGrad) || ys.some((y) => reachesOthers(y, xs));
    const found = pushForward(ys, xs, changes, createGraph);
    let k = 0;
    const tangent = mapTree(value, (y) => found[k++] ?? zerosLike(y as Tensor));
    const shown = createGraph ? value : mapTree(value, (y) => (y as Tensor).detach());
    return hasAux ? [shown, tangent, aux(xs)] : [shown, tangent];
  });
}

/**
 * Returns the value of `func`, and a function that multiplies a vector, of the value's structure, by the Jacobian: one gradient per
 * argument (`torch.func.vjp`). It may be called repeatedly.
 *
 * @example
 * const [y, pulledBack] = func.vjp((x: Tensor) => x.pow(2), tensor([1, 2, 3]));
 * pulledBack(tensor([1, 10, 100])) // [ tensor([  2.,  40., 600.]) ]
 * @throws {ValueError} if an argument is not a tensor, or a list or record of tensors, or `func` returns anything else;
 *   {@link ShapeError} if the vector and the value differ in shape.
 */
export function vjp<A extends readonly TensorTree[], R extends TensorTree>(
  func: (...args: A) => R,
  ...primals: A
): [value: R, pulledBack: (vector: R) => A] {
  if (typeof func !== 'function') throw new ValueError(`vjp: expected a function, got ${describe(func)}`);
  return enableGrad(() => {
    const ran = run({ op: 'vjp', func: func as never, args: primals, places: [...primals.keys()] });
    const { own, xs } = ran;
    const value = ran.value as R;
    const ys = outputsOf('vjp', value);
    const reaches = ys.some((y) => reachesOthers(y, xs));
    const pulledBack = (vector: R): A => {
      checkTangents(value, vector, '', 'vjp: the vector');
      const vs = tensorsIn(vector);
      const createGraph = reaches || vs.some((v) => v.requiresGrad);
      const found = enableGrad(() => gradientsOf(ys, xs, vs, { createGraph, retainGraph: true }));
      let i = 0;
      return own.map((arg) => mapTree(arg, (x) => found[i++] ?? zerosLike(x as Tensor))) as unknown as A;
    };
    return [reaches ? value : (mapTree(value, (y) => (y as Tensor).detach()) as R), pulledBack];
  });
}

/** @throws {ValueError} if the trees differ in structure; {@link ShapeError} if their tensors differ in shape. */
function checkTangents(primal: unknown, tangent: unknown, path: string, what = 'jvp: the tangent', depth = 0): void {
  checkDepth('jvp', depth);
  if (primal instanceof Tensor) {
    if (!(tangent instanceof Tensor))
      throw new ValueError(`${what}${path} must be a tensor, as what it goes with is; got ${describe(tangent)}`);
    if (!sameShape(primal.sizes, tangent.sizes))
      throw new ShapeError(
        `${what}${path} has shape ${formatShape(tangent.sizes)}, and what it goes with ${formatShape(primal.sizes)}`,
      );
    return;
  }
  if (!isBranch(primal)) throw new ValueError(`${what}${path} goes with ${typeof primal}, which is not a tensor`);
  const keys = Object.keys(primal);
  if (
    !isBranch(tangent) ||
    Array.isArray(primal) !== Array.isArray(tangent) ||
    Object.keys(tangent).length !== keys.length ||
    !keys.every((key) => key in tangent)
  )
    throw new ValueError(`${what}${path} must have the form of what it goes with: the same lists and records`);
  for (const key of keys)
    checkTangents(
      (primal as Record<string, unknown>)[key],
      (tangent as Record<string, unknown>)[key],
      Array.isArray(primal) ? `${path}[${key}]` : `${path}.${key}`,
      what,
      depth + 1,
    );
}
