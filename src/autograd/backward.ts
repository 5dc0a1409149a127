import { AutogradError, ShapeError, ValueError } from '../errors';
import { onesLike, zeros } from '../tensor/creation';
import { isFloat } from '../tensor/dtype';
import { formatShape, sameShape } from '../tensor/shape';
import { type Tensor, tensorsMade } from '../tensor/tensor';
import { edge } from './history';
import { gradMode } from './mode';
import { ACCUMULATE, type Node } from './node';
import { NodeQueue } from './queue';

/** How a backward pass is to run. */
export interface BackwardOptions {
  /** Keep what the operations saved, so that a second pass is possible; default: the value of `createGraph`. */
  retainGraph?: boolean;
  /** Record the backward pass itself, so that its result can be differentiated again; default `false`. */
  createGraph?: boolean;
}

/** What `grad()` is after, where `backward()` would go on to every leaf. */
interface Targets {
  /** Nodes whose gradient is wanted: which output, and where it stands in the answer. */
  readonly slots: Map<Node, { output: number; index: number }[]>;
  /** Nodes behind which a wanted one lies; only these are gone through, so the rest of the graph stays usable. */
  readonly onTheWay: Set<Node>;
}

function leadsOn(next: Node | null, targets: Targets | undefined): next is Node {
  return next !== null && (targets === undefined || targets.slots.has(next) || targets.onTheWay.has(next));
}

/**
 * Walks the graph from `roots` back to the leaves. Nodes are taken latest first from a queue, so each one is reached
 * after everything that depends on it; nothing recurses, and the depth of the graph does not matter.
 * @internal
 */
export function runBackward(
  roots: readonly Tensor[],
  seeds: readonly Tensor[],
  options: BackwardOptions,
  targets?: Targets,
): (Tensor | null)[] {
  const createGraph = options.createGraph ?? false;
  const retain = options.retainGraph ?? createGraph;
  const found: (Tensor | null)[] = [];
  const queue = new NodeQueue();
  const before = gradMode.recording;
  gradMode.recording = createGraph;
  let node: Node | null = null;
  try {
    roots.forEach((root, i) => {
      send(queue, edge(root)!, root.output, seeds[i], tensorsMade(), createGraph);
    });
    for (node = queue.pop(); node !== null; node = queue.pop()) {
      node.queued = false;
      runHooks(node);
      const wanted = targets?.slots.get(node);
      if (wanted !== undefined) for (const { output, index } of wanted) found[index] = gradOf(node, output);
      if (node.op.name === ACCUMULATE) {
        if (targets === undefined) collect(node, createGraph);
      } else if (targets === undefined || targets.onTheWay.has(node)) {
        if (node.op.saves) node.checkUsable();
        propagate(queue, node, createGraph, targets);
        if (!retain) node.free();
      }
      clear(node);
    }
  } finally {
    gradMode.recording = before;
    // After an error, nothing may be left that a second try would add to.
    for (; node !== null; node = queue.pop()) {
      node.queued = false;
      clear(node);
    }
  }
  return found;
}

function gradOf(node: Node, output: number): Tensor | null {
  return node.grads === null ? node.grad : node.grads[output];
}

function clear(node: Node): void {
  node.grad = null;
  node.gradOwned = false;
  if (node.grads !== null) node.grads.fill(null);
}

function runHooks(node: Node): void {
  if (node.hooks === null) return;
  // A hook may have kept the gradient it was given.
  node.gradOwned = false;
  for (const { output, hook } of node.hooks.slice()) {
    const grad = gradOf(node, output);
    const replaced = grad === null ? undefined : hook(grad);
    if (replaced === undefined || replaced === null) continue;
    if (!sameShape(replaced.shape, grad!.shape))
      throw new ShapeError(
        `hook: the gradient has shape ${formatShape(grad!.shape)}, the hook returned ${formatShape(replaced.shape)}`,
      );
    if (node.grads === null) node.grad = replaced;
    else node.grads[output] = replaced;
  }
}

/** Sends the vector-Jacobian product of each input that wants one to the node behind it. */
function propagate(queue: NodeQueue, node: Node, createGraph: boolean, targets: Targets | undefined): void {
  const { op } = node;
  const dy = node.grads === null ? node.grad! : materialized(node);
  if (node.list !== null) {
    for (let i = 0; i < node.list.length; i++) {
      const input = node.list[i];
      if (!leadsOn(input.next, targets)) continue;
      const vjp = op.vjps[Math.min(i, op.vjps.length - 1)];
      const made = tensorsMade();
      const g = fitted(vjp!(dy, node, i), input.shape, input.dtype);
      send(queue, input.next, input.output, g, made, createGraph);
    }
    return;
  }
  if (op.vjps[0] !== null && leadsOn(node.nextA, targets)) {
    const made = tensorsMade();
    const g = fitted(op.vjps[0](dy, node, 0), node.shapeA, node.dtypeA);
    send(queue, node.nextA, node.outputA, g, made, createGraph);
  }
  if (op.vjps[1] !== null && leadsOn(node.nextB, targets)) {
    const made = tensorsMade();
    const g = fitted(op.vjps[1](dy, node, 1), node.shapeB, node.dtypeB);
    send(queue, node.nextB, node.outputB, g, made, createGraph);
  }
}

/** Gradients of all outputs; those that nothing used are zeros. */
function materialized(node: Node): Tensor[] {
  return node.grads!.map((g, i) => {
    const { shape, dtype } = node.outputs![i];
    return g ?? zeros(shape, { dtype: isFloat(dtype) ? dtype : 'float32' });
  });
}

/**
 * Undoes broadcasting and promotion: the gradient gets the shape and dtype of the input.
 * @internal
 */
export function fitted(g: Tensor, shape: readonly number[], dtype: Tensor['dtype']): Tensor {
  let out = g;
  if (!sameShape(g.shape, shape)) out = out.sumToSize(shape);
  return out.dtype === dtype ? out : out.to(dtype);
}

/** Adds a gradient to what `node` has collected. `made` tells which tensors existed before it was computed. */
function send(queue: NodeQueue, node: Node, output: number, g: Tensor, made: number, createGraph: boolean): void {
  if (!node.queued) {
    node.queued = true;
    queue.push(node);
  }
  const sofar = gradOf(node, output);
  if (sofar === null) {
    if (node.grads === null) {
      node.grad = g;
      // Made by the rule just now and nobody's view: the tape may keep it. Anything else may be the user's.
      node.gradOwned = g.birth > made && g.owner === null;
    } else node.grads[output] = g;
    return;
  }
  if (node.grads === null && node.gradOwned && !createGraph) {
    sofar.add_(g);
    return;
  }
  const sum = sofar.add(g);
  if (node.grads === null) {
    node.grad = sum;
    node.gradOwned = true;
  } else node.grads[output] = sum;
}

/** Adds what has arrived to the leaf's `grad`, which never shares memory with anything else. */
function collect(node: Node, createGraph: boolean): void {
  const leaf = node.y!;
  const g = node.grad!;
  if (leaf.grad === null) leaf.grad = node.gradOwned && g.owner === null ? g : g.clone();
  else if (createGraph) leaf.grad = leaf.grad.add(g);
  else leaf.grad.add_(g);
}

/**
 * The gradients to start from: the given ones, checked, or 1 for a single number.
 * @throws {AutogradError} if there is nothing to differentiate; {@link ShapeError} for a gradient of another shape;
 *   {@link ValueError} for more or fewer gradients than outputs.
 * @internal
 */
export function startingGradients(
  op: string,
  roots: readonly Tensor[],
  given: readonly (Tensor | null | undefined)[],
): Tensor[] {
  if (given.length > 0 && given.length !== roots.length)
    throw new ValueError(
      `${op}: ${given.length} gradients to start from for ${roots.length} outputs; give one for each`,
    );
  return roots.map((y, i) => {
    if (!y.requiresGrad)
      throw new AutogradError(
        `${op}: output ${i} does not require a gradient and has no gradFn; ` +
          'was it computed from a tensor with requiresGrad, outside noGrad?',
      );
    const seed = given[i];
    if (seed === null || seed === undefined) {
      if (y.numel() !== 1)
        throw new AutogradError(
          `${op}: a gradient can be created implicitly only for a single number, the output has shape ` +
            `${formatShape(y.shape)}; reduce it with sum() or mean(), or pass the gradient to start from`,
        );
      return onesLike(y);
    }
    if (!sameShape(seed.shape, y.shape))
      throw new ShapeError(
        `${op}: the gradient has shape ${formatShape(seed.shape)}, the output has ${formatShape(y.shape)}; they must be equal`,
      );
    return seed.to(y.dtype);
  });
}

/** Options of {@link grad}. */
export interface GradOptions extends BackwardOptions {
  /** Gradients of the outputs to start from; default 1 for single numbers. */
  gradOutputs?: Tensor | readonly Tensor[];
  /** Give `null` for inputs that the outputs do not depend on, instead of throwing; default `false`. */
  allowUnused?: boolean;
}

/**
 * The gradients of `outputs` (summed) with respect to `inputs`, without touching any `.grad` (`torch.autograd.grad`).
 * With `createGraph` the result can be differentiated again.
 * @throws {AutogradError} if an input requires no gradient, or is not used and `allowUnused` is not set.
 */
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor, options?: GradOptions): [Tensor];
export function grad(outputs: Tensor | readonly Tensor[], inputs: readonly Tensor[], options?: GradOptions): Tensor[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): Tensor[] {
  const roots = asList(outputs);
  const wanted = asList(inputs);
  const slots: Targets['slots'] = new Map();
  wanted.forEach((x, index) => {
    const node = edge(x);
    if (node === null)
      throw new AutogradError(
        `grad: input ${index} does not require a gradient; create it with { requiresGrad: true }`,
      );
    slots.set(node, [...(slots.get(node) ?? []), { output: x.output, index }]);
  });
  const seeds = startingGradients('grad', roots, options.gradOutputs === undefined ? [] : asList(options.gradOutputs));
  const found = runBackward(roots, seeds, options, { slots, onTheWay: nodesOnTheWay(roots, slots) });
  return wanted.map((_, i) => {
    const g = found[i] ?? null;
    if (g === null && !options.allowUnused)
      throw new AutogradError(
        `grad: input ${i} was not used to compute the outputs; pass { allowUnused: true } to get null for it`,
      );
    return g as Tensor;
  });
}

/** The nodes between `roots` and the wanted ones. */
function nodesOnTheWay(roots: readonly Tensor[], wanted: Targets['slots']): Set<Node> {
  const reached = new Set<Node>();
  const open = roots.map((root) => edge(root)!);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    for (const [next] of node.nextFunctions) if (next !== null) open.push(next);
  }
  // A node is younger than those it leads to, so these are known when its turn comes.
  const found = new Set<Node>();
  for (const node of [...reached].sort((a, b) => a.order - b.order))
    if (node.nextFunctions.some(([next]) => next !== null && (wanted.has(next) || found.has(next)))) found.add(node);
  return found;
}

function asList(x: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(x) ? x : [x as Tensor];
}
