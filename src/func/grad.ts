import { enableGrad } from '../autograd/mode';
import { ShapeError } from '../errors';
import { requireBooleans } from '../ops/table/arguments';
import { zerosLike } from '../tensor/creation';
import { formatShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { gradientsOf } from '../transforms/functional';
import { mapTree } from './pytree';
import { placesOf, reachesOthers, run } from './run';

/** Options of {@link grad} and {@link gradAndValue}. */
export interface GradTransformOptions<N extends number | readonly number[] = number> {
  /** With respect to which arguments: a number, or a list of them; default 0. */
  argnums?: N;
  /** Whether the function returns a pair, its value and auxiliary output, which is passed through; default `false`. */
  hasAux?: boolean;
}

/** With `hasAux`: the function returns auxiliary output as well. */
export interface WithAux {
  hasAux: true;
}

/** The gradient for one argument, or a list for several. */
export type GradientsFor<A extends unknown[], N> = N extends readonly number[]
  ? A[number][]
  : N extends number
    ? number extends N
      ? A[0]
      : A[N]
    : never;

/**
 * Returns a function that computes the gradient of `func`, whose value is a single number (`torch.func.grad`). The gradient of a
 * tensor has its shape; that of a list or record of tensors is a list or record. It can be differentiated again, by an outer
 * `grad` or by `backward()`. It is zero for tensors that `func` does not depend on. With `hasAux` the auxiliary output follows
 * the gradient.
 *
 * @example
 * const slope = func.grad((x: Tensor) => x.pow(3).sum());
 * slope(tensor(2)) // tensor(12.)
 * func.grad(slope)(tensor(2)) // tensor(12.)
 * @throws {ValueError} if `argnums` is not the number of an argument; when it is called, {@link ShapeError} if `func` returns
 *   anything but a single number.
 */
export function grad<A extends unknown[], X, const N extends number | readonly number[] = 0>(
  func: (...args: A) => readonly [value: Tensor, aux: X],
  options: GradTransformOptions<N> & WithAux,
): (...args: A) => [gradient: GradientsFor<A, N>, aux: X];
export function grad<A extends unknown[], const N extends number | readonly number[] = 0>(
  func: (...args: A) => Tensor,
  options?: GradTransformOptions<N>,
): (...args: A) => GradientsFor<A, N>;
export function grad(
  func: (...args: never[]) => unknown,
  options: GradTransformOptions<number | readonly number[]> = {},
): unknown {
  const all = transformed('grad', func as never, options);
  return (...args: unknown[]) => {
    const [gradients, , aux] = all(args);
    return options.hasAux ? [gradients, aux] : gradients;
  };
}

/**
 * As {@link grad}, followed by the value of `func` (`torch.func.grad_and_value`); with `hasAux` by a pair of the value and the
 * auxiliary output.
 *
 * @example
 * func.gradAndValue((x: Tensor) => x.pow(3).sum())(tensor(2)) // [ tensor(12.), tensor(8.) ]
 * @throws {ValueError} if `argnums` is not the number of an argument; when it is called, {@link ShapeError} if `func` returns
 *   anything but a single number.
 */
export function gradAndValue<A extends unknown[], X, const N extends number | readonly number[] = 0>(
  func: (...args: A) => readonly [value: Tensor, aux: X],
  options: GradTransformOptions<N> & WithAux,
): (...args: A) => [gradient: GradientsFor<A, N>, value: [value: Tensor, aux: X]];
export function gradAndValue<A extends unknown[], const N extends number | readonly number[] = 0>(
  func: (...args: A) => Tensor,
  options?: GradTransformOptions<N>,
): (...args: A) => [gradient: GradientsFor<A, N>, value: Tensor];
export function gradAndValue(
  func: (...args: never[]) => unknown,
  options: GradTransformOptions<number | readonly number[]> = {},
): unknown {
  const all = transformed('gradAndValue', func as never, options);
  return (...args: unknown[]) => {
    const [gradients, value, aux] = all(args);
    return [gradients, options.hasAux ? [value, aux] : value];
  };
}

function transformed(
  op: string,
  func: (...args: unknown[]) => unknown,
  options: GradTransformOptions<number | readonly number[]>,
): (args: unknown[]) => [gradients: unknown, value: Tensor, aux: unknown] {
  const { argnums = 0, hasAux = false } = options;
  requireBooleans(op, { hasAux });
  const placesIn = placesOf(op, func, argnums);
  return (args) =>
    enableGrad(() => {
      const places = placesIn(args);
      const { own, xs, value, aux } = run({ op, func, args, places, hasAux });
      if (!(value instanceof Tensor) || value.ndim !== 0)
        throw new ShapeError(
          `${op}: the function must return a single number, a tensor of shape [], got ` +
            `${value instanceof Tensor ? `shape ${formatShape(value.sizes)}` : typeof value}; reduce it with sum() or mean()`,
        );
      const createGraph = reachesOthers(value, xs);
      const found = gradientsOf([value], xs, null, { createGraph });
      let next = 0;
      const gradients = places.map((i) => mapTree(own[i], (x) => found[next++] ?? zerosLike(x as Tensor)));
      return [Array.isArray(argnums) ? gradients : gradients[0], createGraph ? value : value.detach(), aux(xs)];
    });
}
