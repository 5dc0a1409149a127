// What all transforms of a function share: it runs on separate tensors, so that other uses of the same tensors do not count.

import type { Node } from '../autograd/node';
import { describe } from '../describe';
import { ValueError } from '../errors';
import { rootOf } from '../tensor/batched';
import { Tensor } from '../tensor/tensor';
import { separate } from '../transforms/functional';
import { mapTree, tensorsIn } from './pytree';

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
  if (typeof func !== 'function') throw new ValueError(`${op}: expected a function, got ${describe(func)}`);
  if (!Array.isArray(numbers) || numbers.length === 0 || !numbers.every(Number.isInteger))
    throw new ValueError(
      `${op}: argnums must be the number of an argument, or a list of them, got ${describe(argnums)}`,
    );
  return (args) =>
    numbers.map((n: number) => {
      const place = n < 0 ? n + args.length : n;
      if (place < 0 || place >= args.length)
        throw new ValueError(`${op}: argnums names argument ${n}; the function was called with ${args.length}`);
      return place;
    });
}

/** A function that is to run. */
interface Task {
  /** The transform, in messages. */
  readonly op: string;
  readonly func: (...args: unknown[]) => unknown;
  readonly args: readonly unknown[];
  /** The positions of the arguments to differentiate by. */
  readonly places: readonly number[];
  /** Whether the function returns a pair, its value and auxiliary output. */
  readonly hasAux?: boolean;
}

/** What a function has computed. */
interface Ran {
  /** The arguments, with separate tensors at the places. */
  readonly own: readonly unknown[];
  /** Those tensors, from left to right. */
  readonly xs: readonly Tensor[];
  readonly value: unknown;
  /** Returns the auxiliary output; its tensors that depend only on `ours` are detached, as the value is. */
  aux(ours: readonly Tensor[]): unknown;
}

/** Runs a function on separate tensors. @throws {ValueError} if an argument is not a tree of tensors. */
export function run({ op, func, args, places, hasAux = false }: Task): Ran {
  const own = args.map((arg, i) => (places.includes(i) ? mapTree(arg, (x) => ownOf(op, x, i)) : arg));
  const xs = places.flatMap((i) => tensorsIn(own[i]));
  const given = func(...own);
  if (!hasAux) return { own, xs, value: given, aux: () => undefined };
  if (!Array.isArray(given) || given.length !== 2)
    throw new ValueError(`${op}: with hasAux the function returns a list of two, its value and anything else`);
  const [value, aux] = given as [unknown, unknown];
  const isOurs = (x: unknown, ours: readonly Tensor[]): x is Tensor => x instanceof Tensor && !reachesOthers(x, ours);
  return { own, xs, value, aux: (ours) => mapTree(aux, (x) => (isOurs(x, ours) ? x.detach() : x)) };
}

function ownOf(op: string, x: unknown, argument: number): Tensor {
  if (!(x instanceof Tensor))
    throw new ValueError(
      `${op}: argument ${argument} must be a tensor, or lists and records of them, got ${describe(x)}`,
    );
  return separate(x, true);
}

/** Whether `value` also depends on leaves other than `ours`; then it keeps its history for an outer derivative. */
export function reachesOthers(value: Tensor, ours: readonly Tensor[]): boolean {
  if (!value.requiresGrad) return false;
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
