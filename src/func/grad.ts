import { grad as gradOf } from '../autograd/grad';
import { enableGrad } from '../autograd/mode';
import type { Node } from '../autograd/node';
import { ShapeError, ValueError } from '../errors';
import { ofEachExample } from '../ops/batching/levels';
import { requireBooleans } from '../ops/table/arguments';
import { rootOf } from '../tensor/batched';
import { zerosLike } from '../tensor/creation';
import { formatShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { textOf } from '../text-of';
import { mapTree, tensorsIn } from './pytree';

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
      const own = separated(op, func, hasAux);
      const [gradients, value, wanted] = differentiated(op, own.func, args, placesIn(args), Array.isArray(argnums));
      return [gradients, value, own.aux(wanted)];
    });
}

/**
 * Splits a function that returns a pair: `func` returns the first, and `aux` the second of the last call. Tensors that depend
 * only on the arguments `ours` are detached, as the value is.
 */
export function separated(
  op: string,
  func: (...args: unknown[]) => unknown,
  hasAux: boolean,
): { readonly func: (...args: unknown[]) => unknown; aux(ours: readonly Tensor[]): unknown } {
  if (!hasAux) return { func, aux: () => undefined };
  let aux: unknown;
  return {
    func: (...args) => {
      const both = func(...args);
      if (!Array.isArray(both) || both.length !== 2)
        throw new ValueError(`${op}: with hasAux the function returns a list of two, its value and anything else`);
      aux = both[1];
      return both[0];
    },
    aux: (ours) =>
      mapTree(aux, (x) => (x instanceof Tensor && !(x.requiresGrad && reachesOthers(x, ours)) ? x.detach() : x)),
  };
}

/**
 * Returns the positions of the arguments to differentiate by.
 * @throws {ValueError} if `func` is not a function, or `argnums` names no argument.
 */
export function placesOf(
  op: string,
  func: unknown,
  argnums: number | readonly number[],
): (args: readonly unknown[]) => number[] {
  const numbers = typeof argnums === 'number' ? [argnums] : argnums;
  if (typeof func !== 'function') throw new ValueError(`${op}: expected a function, got ${typeof func}`);
  if (!Array.isArray(numbers) || numbers.length === 0 || !numbers.every(Number.isInteger))
    throw new ValueError(`${op}: argnums must be the number of an argument, or a list of them, got ${textOf(argnums)}`);
  return (args) =>
    numbers.map((n: number) => {
      const place = n < 0 ? n + args.length : n;
      if (place < 0 || place >= args.length)
        throw new ValueError(`${op}: argnums names argument ${n}; the function was called with ${args.length}`);
      return place;
    });
}

function differentiated(
  op: string,
  func: (...args: unknown[]) => unknown,
  args: readonly unknown[],
  places: readonly number[],
  several: boolean,
): [gradients: unknown, value: Tensor, wanted: readonly Tensor[]] {
  const own = args.map((arg, i) => (places.includes(i) ? mapTree(arg, (x) => ownOf(op, x, i)) : arg));
  const value = func(...own);
  if (!(value instanceof Tensor) || value.ndim !== 0)
    throw new ShapeError(
      `${op}: the function must return a single number, a tensor of shape [], got ` +
        `${value instanceof Tensor ? `shape ${formatShape(value.sizes)}` : typeof value}; reduce it with sum() or mean()`,
    );
  const wanted = places.flatMap((i) => tensorsIn(own[i]));
  const createGraph = value.requiresGrad && reachesOthers(value, wanted);
  const found = value.requiresGrad ? gradOf(value, wanted, { createGraph, allowUnused: true }) : wanted.map(() => null);
  let next = 0;
  const gradients = places.map((i) =>
    mapTree(own[i], (x) => {
      const g = found[next++];
      return g === null ? zerosLike(x as Tensor) : g;
    }),
  );
  return [several ? gradients : gradients[0], createGraph ? value : value.detach(), wanted];
}

/** A separate tensor for this differentiation: a view with the same history, or a new leaf. */
export function ownOf(op: string, x: unknown, argument: number): Tensor {
  if (!(x instanceof Tensor))
    throw new ValueError(`${op}: argument ${argument} must be a tensor, or lists and records of them, got ${typeof x}`);
  // Inside vmap there is a gradient for each example.
  const own = ofEachExample(x);
  return own.requiresGrad ? own.view(own.sizes) : own.detach().requiresGrad_();
}

/** Whether `value` also depends on leaves other than `ours`; then it keeps its history for an outer derivative. */
export function reachesOthers(value: Tensor, ours: readonly Tensor[]): boolean {
  const leaves = new Set(ours.map(rootOf).filter((x) => x.isLeaf));
  const seen = new Set<Node>();
  const open = value.gradFn === null ? [] : [value.gradFn];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.variable !== null && !leaves.has(node.variable)) return true;
    for (const [next] of node.nextFunctions) if (next !== null) open.push(next);
  }
  return false;
}
