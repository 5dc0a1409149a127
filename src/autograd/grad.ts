import { describe } from '../describe';
import { AutogradError, ShapeError, ValueError } from '../errors';
import {
  Batched,
  batching,
  carrying,
  holdsBatched,
  type Level,
  levelOf,
  physicalAt,
  spreadAt,
  spreadUnder,
  wrapUnder,
} from '../tensor/batched';
import { onesLike, zerosLike } from '../tensor/creation';
import { formatShape, sameShape } from '../tensor/shape';
import { emptyStrided, Tensor } from '../tensor/tensor';
import { type PassOptions, runBackward, type Targets } from './engine';
import { edge } from './history';
import type { Node } from './node';

/** Options of {@link AutogradMethods.backward}. */
export interface BackwardOptions extends PassOptions {
  /**
   * The tensors whose `grad` is to be added to, instead of those of all leaves; for one that is not a leaf as if it had
   * been asked to keep its gradient (`retainGrad`).
   */
  inputs?: Tensor | readonly Tensor[];
}

/** Options of {@link backward}. */
export interface BackwardOfSeveralOptions extends BackwardOptions {
  /** Gradients of the tensors to start from, in their order; `null`, as by default, is 1 for a single number. */
  gradTensors?: Tensor | readonly (Tensor | null)[] | null;
}

/**
 * Computes the gradient of the sum of `tensors`, each weighted by its gradient to start from, with respect to every leaf
 * they were computed from, and adds it to the leaf's `grad` (`torch.autograd.backward`).
 * @throws {AutogradError} if a tensor has no graph, its graph has been freed, or it is no single number and has no
 *   gradient to start from; {@link ShapeError} for such a gradient of another shape than its tensor;
 *   {@link ValueError} for more or fewer gradients than tensors, or an empty list of `inputs`.
 */
export function backward(tensors: Tensor | readonly Tensor[], options: BackwardOfSeveralOptions = {}): void {
  checkTensors('backward', 'output', asList(tensors));
  backwardFrom(asList(tensors), listOf(options.gradTensors), options);
}

/** The work of {@link backward} and of the method. @internal */
export function backwardFrom(
  roots: readonly Tensor[],
  given: readonly (Tensor | null | undefined)[],
  options: BackwardOptions,
): void {
  const seeds = startingGradients('backward', roots, given);
  if (options.inputs === undefined) {
    runBackward(roots, seeds, options);
    return;
  }
  const inputs = asList(options.inputs);
  checkTensors('backward', 'input', inputs);
  const targets = targetsOf('backward', roots, inputs, true);
  for (const x of inputs) x.retainGrad();
  runBackward(roots, seeds, options, targets);
}

/** Options of {@link grad}. */
export interface GradOptions extends PassOptions {
  /** Gradients of the outputs to start from, in their order; `null`, as by default, is 1 for a single number. */
  gradOutputs?: Tensor | readonly (Tensor | null)[] | null;
  /**
   * Return `null` for inputs that the outputs do not depend on, instead of throwing; default: the value of
   * `materializeGrads`.
   */
  allowUnused?: boolean;
  /** Return zeros for inputs that the outputs do not depend on; default `false`. */
  materializeGrads?: boolean;
}

/** Options with which every input has a gradient. */
export type NoneUnused = GradOptions & ({ allowUnused?: false } | { materializeGrads: true });

/**
 * The gradients of `outputs`, weighted by `gradOutputs` and summed, with respect to `inputs`: for each input a tensor of
 * its shape. No `grad` is touched (`torch.autograd.grad`). With `createGraph` the result can be differentiated again.
 *
 * @example
 * const x = tensor(2, { requiresGrad: true });
 * const [slope] = grad(x.pow(3), x, { createGraph: true });
 * slope // tensor(12., gradFn=<MulBackward0>)
 * grad(slope, x) // [ tensor(12.) ]
 * @throws {AutogradError} if an output or input requires no gradient, an input is not used and `allowUnused` is not set,
 *   the graph has been freed, or an output without gradient to start from is no single number;
 *   {@link ShapeError} for such a gradient of another shape than its output; {@link ValueError} for more or fewer
 *   gradients than outputs, no inputs, or `materializeGrads` with `allowUnused: false`.
 */
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor, options?: NoneUnused): [Tensor];
export function grad(outputs: Tensor | readonly Tensor[], inputs: readonly Tensor[], options?: NoneUnused): Tensor[];
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor, options: GradOptions): [Tensor | null];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradOptions,
): (Tensor | null)[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const { materializeGrads = false, allowUnused = materializeGrads } = options;
  if (materializeGrads && !allowUnused)
    throw new ValueError('grad: materializeGrads gives zeros for unused inputs, which allowUnused: false refuses');
  const roots = asList(outputs);
  const wanted = asList(inputs);
  checkTensors('grad', 'output', roots);
  checkTensors('grad', 'input', wanted);
  const level = batching.depth === 0 ? null : levelOf([roots, wanted]);
  if (level !== null) return gradOfExamples(level, roots, wanted, options);
  const seeds = startingGradients('grad', roots, listOf(options.gradOutputs));
  const pass = () => runBackward(roots, seeds, options, targetsOf('grad', roots, wanted, false));
  // One pass for all examples' gradients to start from.
  const found = batching.depth !== 0 && holdsBatched(seeds) ? carrying(pass) : pass();
  return wanted.map((x, i) => {
    const g = found[i] ?? null;
    if (g === null && !allowUnused)
      throw new AutogradError(
        `grad: input ${i} was not used to compute the outputs; pass { allowUnused: true } to get null for it`,
      );
    return g === null && materializeGrads ? zerosLike(x) : g;
  });
}

/** @throws {ValueError} unless each is a tensor. */
function checkTensors(op: string, what: string, given: readonly unknown[]): void {
  if (!Array.isArray(given))
    throw new ValueError(`${op}: ${what}s are a tensor or a list of tensors, got ${describe(given)}`);
  given.forEach((x: unknown, i) => {
    if (!(x instanceof Tensor)) throw new ValueError(`${op}: ${what} ${i} must be a tensor, got ${describe(x)}`);
  });
}

/** The gradients inside `vmap`: those of all examples, which do not depend on each other. */
function gradOfExamples(
  level: Level,
  roots: readonly Tensor[],
  wanted: readonly Tensor[],
  options: GradOptions,
): (Tensor | null)[] {
  const isHere = (x: Tensor | null | undefined) => x instanceof Batched && x.level === level;
  const given = listOf(options.gradOutputs);
  const alone = wanted.findIndex((x) => !isHere(x));
  if (alone >= 0 && roots.some(isHere))
    throw new AutogradError(
      `grad: input ${alone} is the same for all examples of vmap, so that its gradient would be theirs together; ` +
        'use func.grad, which gives one for each example',
    );
  requireOneEach('grad', roots, given);
  const seeds = roots.map((y, i) => {
    const seed = given[i];
    if (seed === null || seed === undefined) {
      requireSingle('grad', y);
      return onesLike(spreadAt(y, level).detach());
    }
    if (!sameShape(seed.sizes, y.sizes))
      throw new ShapeError(
        `grad: the gradient has shape ${formatShape(seed.sizes)}, the output has ${formatShape(y.sizes)}; they must be equal`,
      );
    return spreadUnder(seed, level);
  });
  const found = grad(
    roots.map((y) => spreadAt(y, level)),
    wanted.map((x) => physicalAt(x, level)),
    { ...options, gradOutputs: seeds },
  ) as (Tensor | null)[];
  return found.map((g, i) => (g === null || !isHere(wanted[i]) ? g : wrapUnder(g, level)));
}

/** @throws {ValueError} for more or fewer gradients than outputs. */
function requireOneEach(op: string, roots: readonly Tensor[], given: readonly unknown[]): void {
  if (given.length > 0 && given.length !== roots.length)
    throw new ValueError(
      `${op}: ${given.length} gradients to start from for ${roots.length} outputs; give one for each`,
    );
}

/** @throws {AutogradError} unless the output is a single number, which needs no gradient to start from. */
function requireSingle(op: string, y: Tensor): void {
  if (y.numel() !== 1)
    throw new AutogradError(
      `${op}: a gradient can be created implicitly only for a single number, the output has shape ` +
        `${formatShape(y.sizes)}; reduce it with sum() or mean(), or pass the gradient to start from`,
    );
}

/**
 * The gradients to start from: the given ones, checked, or 1 for a single number.
 * @throws {AutogradError} if no output requires a gradient; {@link ShapeError} for a gradient of another shape;
 *   {@link ValueError} for more or fewer gradients than outputs.
 * @internal
 */
export function startingGradients(
  op: string,
  roots: readonly Tensor[],
  given: readonly (Tensor | null | undefined)[],
): Tensor[] {
  requireOneEach(op, roots, given);
  return roots.map((y, i) => {
    if (!y.requiresGrad)
      throw new AutogradError(
        `${op}: output ${i} does not require a gradient and has no gradFn; ` +
          'was it computed from a tensor with requiresGrad, outside noGrad?',
      );
    const seed = given[i];
    if (seed === null || seed === undefined) {
      requireSingle(op, y);
      const one = emptyStrided(y.sizes, y.steps, y.dtype);
      one.memory[0] = 1;
      return one;
    }
    if (!(seed instanceof Tensor))
      throw new ValueError(
        `${op}: the gradient to start from must be a tensor or null, got ${describe(seed)}; options come after it`,
      );
    if (!sameShape(seed.sizes, y.sizes))
      throw new ShapeError(
        `${op}: the gradient has shape ${formatShape(seed.sizes)}, the output has ${formatShape(y.sizes)}; they must be equal`,
      );
    return seed.to(y.dtype);
  });
}

/**
 * Returns the nodes of the wanted inputs, and the nodes between. With `accumulate` the inputs' nodes run as well, which adds
 * to `grad`; otherwise their gradients are the result.
 */
function targetsOf(op: string, roots: readonly Tensor[], inputs: readonly Tensor[], accumulate: boolean): Targets {
  if (inputs.length === 0) throw new ValueError(`${op}: the list of inputs is empty; name at least one tensor`);
  const slots = new Map<Node, { output: number; index: number }[]>();
  inputs.forEach((x, index) => {
    const node = edge(x, op);
    if (node === null)
      throw new AutogradError(
        `${op}: input ${index} does not require a gradient; create it with { requiresGrad: true }`,
      );
    slots.set(node, [...(slots.get(node) ?? []), { output: x.output, index }]);
  });
  const onTheWay = nodesOnTheWay(roots, slots);
  if (!accumulate) return { slots, onTheWay };
  for (const node of slots.keys()) onTheWay.add(node);
  return { slots: new Map(), onTheWay };
}

/** The nodes between `roots` and the wanted ones. */
function nodesOnTheWay(roots: readonly Tensor[], wanted: Targets['slots']): Set<Node> {
  const reached = new Set<Node>();
  const open = roots.map((root) => edge(root, 'grad')!);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    for (const [next] of node.nextFunctions) if (next !== null) open.push(next);
  }
  // A node is younger than those it leads to, so these have been visited before it.
  const found = new Set<Node>();
  for (const node of [...reached].sort((a, b) => a.order - b.order))
    if (node.nextFunctions.some(([next]) => next !== null && (wanted.has(next) || found.has(next)))) found.add(node);
  return found;
}

function asList(x: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(x) ? x : [x as Tensor];
}

/** Gradients to start from as a list; empty if there are none. */
function listOf(given: Tensor | readonly (Tensor | null)[] | null | undefined): readonly (Tensor | null)[] {
  if (given === null || given === undefined) return [];
  return given instanceof Tensor ? [given] : given;
}
