import type { Node } from '../autograd/node';
import { describe } from '../describe';
import { AutogradError, ValueError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { collect } from './trace';

/** Options of {@link depth}. */
export interface DepthOptions {
  /**
   * The operations that count as a step, by the names of the tape's nodes without `Backward0`, as in `['Mul', 'Add']`;
   * others do not count. Default: every operation.
   */
  steps?: readonly string[] | undefined;
}

/**
 * Returns the depth of the graph of `y`: the number of steps on the longest chain of dependent operations on the tape.
 * Leaves have depth 0; operations without gradients are not on the tape.
 *
 * @example
 * const w = tensor([1, 2], { requiresGrad: true });
 * depth(w.mul(3).sum().sigmoid()) // 3
 * // If the sum is a part of the neuron:
 * depth(w.mul(3).sum().sigmoid(), { steps: ['Mul', 'Sigmoid'] }) // 2
 * @throws {AutogradError} if `y` has no history and is not a leaf; {@link ValueError} if `y` is not a tensor, or
 * `steps` is not a list of names.
 */
export function depth(y: Tensor, options: DepthOptions = {}): number {
  const root = y.gradFn;
  if (root !== null) return levelsOf('depth', root, options.steps).get(root)!;
  if (y.requiresGrad) return 0;
  throw new AutogradError('depth: this tensor has no history; it was not computed from a tensor with requiresGrad');
}

/** Returns the kind of a node, as {@link DepthOptions} names it. */
export const kindOf = (node: Node): string => node.name.replace(/Backward\d*$/, '');

/** Returns the depth of every operation that `root` depends on, in the order in which they ran. */
export function levelsOf(op: string, root: Node, steps: DepthOptions['steps']): Map<Node, number> {
  if (steps !== undefined && !(Array.isArray(steps) && steps.every((name) => typeof name === 'string'))) {
    throw new ValueError(`${op}: steps must be a list of names, such as ['Mul', 'Add'], got ${describe(steps)}`);
  }
  const levels = new Map<Node, number>();
  for (const node of collect(root)) {
    const before = node.nextFunctions.map(([next]) => (next && levels.get(next)) ?? 0);
    levels.set(node, Math.max(0, ...before) + (steps === undefined || steps.includes(kindOf(node)) ? 1 : 0));
  }
  return levels;
}
