import { enableGrad } from '../autograd/mode';
import { ValueError } from '../errors';
import { requireBooleans } from '../ops/table/arguments';
import { zeros } from '../tensor/creation';
import type { Tensor } from '../tensor/tensor';
import { columnBlocks, rowBlocks } from '../transforms/blocks';
import type { GradTransformOptions, WithAux } from './grad';
import { mapTree, outputsOf, type TensorTree } from './pytree';
import { placesOf, reachesOthers, run } from './run';

/** Options of {@link jacrev} and {@link jacfwd}. */
export interface JacobianTransformOptions extends GradTransformOptions<number | readonly number[]> {
  /** Number of rows, or columns, computed at once; default `null`, all. Fewer need less memory. */
  chunkSize?: number | null;
}

/**
 * Returns a function that computes the Jacobian of `func`, all rows at once by {@link vmap} (`torch.func.jacrev`). Reverse mode suits
 * fewer outputs than inputs. The Jacobian of tensors has the result's shape followed by the argument's. For lists and records it
 * is a tree, with the result's structure outside. It can be differentiated again. With `hasAux` the auxiliary output follows
 * the Jacobian.
 *
 * @example
 * func.jacrev((x: Tensor) => x.sin())(tensor([0, 1])).shape // [ 2, 2 ]
 * @throws {ValueError} if `argnums` is not the number of an argument, or `chunkSize` is not above 0; when it is called, if `func`
 *   returns anything but tensors, or lists and records of them.
 */
export function jacrev<A extends unknown[], X>(
  func: (...args: A) => readonly [value: Tensor, aux: X],
  options: GradTransformOptions<number> & JacobianTransformOptions & WithAux,
): (...args: A) => [jacobian: Tensor, aux: X];
export function jacrev<A extends unknown[]>(
  func: (...args: A) => Tensor,
  options?: GradTransformOptions<number> & JacobianTransformOptions,
): (...args: A) => Tensor;
export function jacrev<A extends unknown[]>(
  func: (...args: A) => TensorTree,
  options?: JacobianTransformOptions,
): (...args: A) => TensorTree;
export function jacrev(func: (...args: never[]) => TensorTree, options: JacobianTransformOptions = {}): unknown {
  return jacobianOf('jacrev', func, options, (ys, xs, at) => ys.map((y) => rowBlocks(y, xs, at)));
}

/**
 * As {@link jacrev}, in forward mode, all columns at once (`torch.func.jacfwd`): for more outputs than inputs.
 *
 * @example
 * func.jacfwd((x: Tensor) => x.sin())(tensor([0, 1])).shape // [ 2, 2 ]
 * @throws {ValueError} if `argnums` is not the number of an argument, or `chunkSize` is not above 0; when it is called, if `func`
 *   returns anything but tensors, or lists and records of them.
 */
export function jacfwd<A extends unknown[], X>(
  func: (...args: A) => readonly [value: Tensor, aux: X],
  options: GradTransformOptions<number> & JacobianTransformOptions & WithAux,
): (...args: A) => [jacobian: Tensor, aux: X];
export function jacfwd<A extends unknown[]>(
  func: (...args: A) => Tensor,
  options?: GradTransformOptions<number> & JacobianTransformOptions,
): (...args: A) => Tensor;
export function jacfwd<A extends unknown[]>(
  func: (...args: A) => TensorTree,
  options?: JacobianTransformOptions,
): (...args: A) => TensorTree;
export function jacfwd(func: (...args: never[]) => TensorTree, options: JacobianTransformOptions = {}): unknown {
  return jacobianOf('jacfwd', func, options, (ys, xs, at) => {
    const columns = xs.map((x) => columnBlocks(ys, x, at));
    return ys.map((_, k) => columns.map((column) => column[k]));
  });
}

/**
 * Returns a function that computes the second derivatives of `func` (`torch.func.hessian`): `jacfwd(jacrev(func))`. For a function
 * from a tensor to a single number, the result has the argument's shape twice.
 *
 * @example
 * func.hessian((x: Tensor) => x.pow(3).sum())(tensor([1, 2])) // tensor([[ 6., 0.], [ 0., 12.]])
 * @throws {ValueError} as {@link jacrev}.
 */
export function hessian<A extends unknown[], X>(
  func: (...args: A) => readonly [value: Tensor, aux: X],
  options: GradTransformOptions<number> & WithAux,
): (...args: A) => [hessian: Tensor, aux: X];
export function hessian<A extends unknown[]>(
  func: (...args: A) => Tensor,
  options?: GradTransformOptions<number>,
): (...args: A) => Tensor;
export function hessian<A extends unknown[]>(
  func: (...args: A) => TensorTree,
  options?: GradTransformOptions<number | readonly number[]>,
): (...args: A) => TensorTree;
export function hessian(
  func: (...args: never[]) => TensorTree,
  options: GradTransformOptions<number | readonly number[]> = {},
): unknown {
  placesOf('hessian', func, options.argnums ?? 0);
  return jacfwd(jacrev(func as (...args: unknown[]) => TensorTree, options), options);
}

/** Derivatives of each output by each input; `null` where there is no dependence. */
type Blocks = (
  ys: readonly Tensor[],
  xs: readonly Tensor[],
  options: { createGraph: boolean; chunkSize: number | null },
) => (Tensor | null)[][];

function jacobianOf(
  op: string,
  func: (...args: never[]) => TensorTree,
  options: JacobianTransformOptions,
  blocksOf: Blocks,
): (...args: unknown[]) => unknown {
  const { argnums = 0, chunkSize = null, hasAux = false } = options;
  requireBooleans(op, { hasAux });
  const placesIn = placesOf(op, func, argnums);
  if (chunkSize !== null && !(Number.isInteger(chunkSize) && chunkSize > 0))
    throw new ValueError(`${op}: chunkSize is ${chunkSize}; it must be a whole number above 0, or null`);
  return (...args) =>
    enableGrad(() => {
      const places = placesIn(args);
      const { own, xs, value, aux } = run({ op, func: func as never, args, places, hasAux });
      const ys = outputsOf(op, value as TensorTree);
      const createGraph = ys.some((y) => reachesOthers(y, xs));
      const blocks = blocksOf(ys, xs, { createGraph, chunkSize });
      let k = 0;
      const jacobian = mapTree(value, (y) => {
        let i = 0;
        const row = blocks[k++];
        const ofArguments = places.map((place) =>
          mapTree(own[place], (x) => {
            const block = row[i++];
            if (block !== null) return block;
            return zeros([...(y as Tensor).sizes, ...(x as Tensor).sizes], { dtype: (x as Tensor).dtype });
          }),
        );
        return typeof argnums === 'number' ? ofArguments[0] : ofArguments;
      });
      return hasAux ? [jacobian, aux(xs)] : jacobian;
    });
}
