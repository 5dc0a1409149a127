import { perCall, turn } from '../cancellation';
import { AutogradError } from '../errors';
import { isDense } from '../kernels/layout';
import { contiguousStride } from '../kernels/strides';
import { batching, holdsBatched } from '../tensor/batched';
import { isFloat } from '../tensor/dtype';
import { formatShape, sameShape } from '../tensor/shape';
import { empty, emptyStrided, hasStride, type Tensor, tensorsMade } from '../tensor/tensor';
import { watched } from './anomaly';
import { type Collected, NodeQueue } from './collected';
import { edge } from './history';
import { callPostHooks, callPreHooks, callTensorHooks, type NodeHooks } from './hooks';
import { enterModes, gradMode, leaveModes } from './mode';
import { ACCUMULATE, type Input, type Node } from './node';
import { ownership } from './ownership';

/** How a backward pass is to run. */
export interface PassOptions {
  /** Keep what the operations saved, so that a second pass is possible; default: the value of `createGraph`. */
  retainGraph?: boolean;
  /** Record the backward pass itself, so that its result can be differentiated again; default `false`. */
  createGraph?: boolean;
}

/** The tensors whose gradients to compute, if not all leaves. */
export interface Targets {
  /** The wanted nodes: which output, and its index in the result. */
  readonly slots: ReadonlyMap<Node, readonly { output: number; index: number }[]>;
  /** Nodes to run. Only these and the wanted ones are visited, so the rest of the graph stays usable. */
  readonly onTheWay: ReadonlySet<Node>;
}

/** How many passes have added to the gradients of all leaves that they reached. @internal */
export const passes = { count: 0 };

function leadsOn(next: Node | null, targets: Targets | undefined): next is Node {
  return next !== null && (targets === undefined || targets.slots.has(next) || targets.onTheWay.has(next));
}

/**
 * Walks the graph from `roots` back to the leaves. A queue yields the latest node first, so a node runs after all nodes that
 * depend on it. There is no recursion, so depth does not matter. Collected gradients belong to the queue, because a hook or a
 * derivative may start another pass over the same nodes.
 * @internal
 */
export function runBackward(
  roots: readonly Tensor[],
  seeds: readonly Tensor[],
  options: PassOptions,
  targets?: Targets,
): (Tensor | null)[] {
  const createGraph = options.createGraph ?? false;
  const retain = options.retainGraph ?? createGraph;
  const found: (Tensor | null)[] = [];
  const queue = new NodeQueue();
  const before = gradMode.recording;
  if (targets === undefined) passes.count++;
  enterModes();
  gradMode.recording = createGraph;
  ownership.look();
  try {
    for (let i = 0; i < roots.length; i++) send(queue, edge(roots[i], 'backward')!, roots[i].output, seeds[i]);
    for (let at = queue.pop(); at !== null; at = queue.pop()) {
      turn(perCall);
      // A hook may have changed the mode; that applies to its node only.
      gradMode.recording = createGraph;
      if (targets === undefined || handsOut(at, targets, found)) run(queue, at, retain, targets);
      queue.release(at);
    }
  } finally {
    gradMode.recording = before;
    leaveModes();
    // After an error, clear what an outer pass or a retry would otherwise add to.
    while (queue.pop() !== null);
  }
  return found;
}

/** Stores the gradients that arrived at a wanted node. Returns whether the node must run as well. */
function handsOut(at: Collected, targets: Targets, found: (Tensor | null)[]): boolean {
  const { node } = at;
  const runs = targets.onTheWay.has(node);
  // As in PyTorch, a node that runs returns the gradient from before its hooks.
  if (!runs && node.hooks !== null) {
    callTensorHooks(at, node.hooks);
    ownership.look();
  }
  const wanted = targets.slots.get(node);
  if (wanted !== undefined) {
    for (const { output, index } of wanted) {
      const grad = at.gradOf(output);
      if (grad !== null) ownership.share(grad);
      found[index] = grad;
    }
  }
  return runs;
}

function run(queue: NodeQueue, at: Collected, retain: boolean, targets: Targets | undefined) {
  const { node } = at;
  if (node.hooks !== null) {
    callTensorHooks(at, node.hooks);
    callPreHooks(at, node.hooks);
    ownership.look();
  }
  if (node.op.name === ACCUMULATE) {
    accumulate(at);
    return;
  }
  if (node.keeps || node.freed) node.checkUsable();
  propagate(queue, at, targets);
  // A replaced method that the rule calls may have kept saved tensors.
  if (!ownership.trusts) ownership.pin(node);
  if (retain) return;
  node.free();
  const { transient } = node;
  node.transient = null;
  if (transient !== null) ownership.release(transient);
}

/** Sends the vector-Jacobian product of each input that requires one to the node that made the input. */
function propagate(queue: NodeQueue, at: Collected, targets: Targets | undefined): void {
  const { node } = at;
  const dy = at.grads === null ? at.grad : materialized(node, at.grads);
  if (node.hooks !== null && !node.hooks.post.isEmpty) {
    propagateSeen(queue, at, dy, node.hooks, targets);
    return;
  }
  // A hook may have taken the gradient away.
  if (dy === null) return;
  const { inputs, op } = node;
  const { grad } = at;
  // A user's rule may keep its arguments.
  if (op.isOwn) shareWith(node, dy);
  const inPlace = !gradMode.recording;
  const claimed = inPlace && grad !== null && ownership.mayWrite(grad);
  // A user's rule may keep its result.
  const mayClaim = inPlace && !op.isOwn;
  // A claimed gradient may be reused as that of an input.
  const before = tensorsMade();
  const reused = claimed && op.reuse !== undefined ? op.reuse(grad, node) : null;
  const addTo = inPlace ? op.addTo : undefined;
  let handedOn = false;
  for (let i = 0; i < inputs.length; i++) {
    const { next, output, rule } = inputs[i];
    if (!leadsOn(next, targets) || op.vjps[rule] === null) continue;
    if (addTo !== undefined) {
      const sum = queue.claimed(next);
      if (sum !== null && addTo(sum, dy as Tensor, node)) continue;
    }
    const made = reused === null ? tensorsMade() : before;
    const g: Tensor | null = reused === null ? pulledBack(node, i, dy) : isList(reused) ? reused[i] : reused;
    if (g === null) continue;
    if (claimed && g.memory === grad.memory) handedOn = true;
    // A gradient passed through to a single input stays claimed. A new one is claimed, unless a user's rule made it.
    if (g !== grad || !(reused !== null || isOnly(inputs, i)))
      if (!mayClaim || !ownership.claim(g, made)) ownership.share(g);
    send(queue, next, output, g);
  }
  if (op.isOwn) ownership.look();
  if (claimed && !handedOn) ownership.release(grad);
}

/** Marks all arguments of a rule as shared. */
function shareWith(node: Node, dy: Tensor | Tensor[]): void {
  ownership.pin(node);
  for (const grad of Array.isArray(dy) ? dy : [dy]) ownership.share(grad);
}

/** {@link propagate} for a node with hooks on its results. */
function propagateSeen(
  queue: NodeQueue,
  at: Collected,
  dy: Tensor | Tensor[] | null,
  hooks: NodeHooks,
  targets: Targets | undefined,
): void {
  const { node } = at;
  if (node.op.isOwn && dy !== null) shareWith(node, dy);
  const seen = node.inputs.map(({ next, rule }, i) =>
    dy === null || node.op.vjps[rule] === null || !leadsOn(next, targets) ? null : pulledBack(node, i, dy),
  );
  callPostHooks(at, hooks, seen).forEach((g, i) => {
    const { next, output } = node.inputs[i];
    if (g !== null && next !== null) send(queue, next, output, g);
  });
  ownership.look();
}

function isList(reused: Tensor | readonly Tensor[]): reused is readonly Tensor[] {
  return Array.isArray(reused);
}

/** Whether no other input wants a gradient. */
function isOnly(inputs: readonly Input[], i: number): boolean {
  for (let j = 0; j < inputs.length; j++) if (j !== i && inputs[j].next !== null) return false;
  return true;
}

/** The vector-Jacobian product for input `i`, if it has one. */
function pulledBack(node: Node, i: number, dy: Tensor | Tensor[]): Tensor | null {
  return gradMode.anomaly === 'off' ? product(node, i, dy) : watchedProduct(node, i, dy);
}

// Separate functions: V8 allocates a context at each call of a function that contains closures.
const watchedProduct = (node: Node, i: number, dy: Tensor | Tensor[]) => watched(node, i, () => product(node, i, dy));

function batchedProduct(node: Node, i: number, dy: Tensor | Tensor[]): Tensor | null {
  const vjp = node.op.vjps[node.inputs[i].rule]!;
  return batching.composite(node.name, [dy], (d: Tensor) => vjp(d, node, i)) as Tensor | null;
}

function product(node: Node, i: number, dy: Tensor | Tensor[]): Tensor | null {
  const input = node.inputs[i];
  const made = tensorsMade();
  const isBatched = batching.carried !== 0 && holdsBatched([dy]);
  const g = isBatched ? batchedProduct(node, i, dy) : node.op.vjps[input.rule]!(dy, node, i);
  if (g === null || (g.sizes === input.shape && g.dtype === input.dtype)) return g;
  return fittedOnly(node, i, g, made);
}

/** {@link fitted} for a gradient without other references: its memory is reused. */
function fittedOnly(node: Node, i: number, g: Tensor, made: number): Tensor | null {
  const out = fitted(node, i, g);
  // A view of `g` stays in use.
  if (out === null || gradMode.recording || node.op.isOwn || !ownership.trusts) return out;
  if (out.memory !== g.memory && ownership.claim(g, made)) ownership.release(g);
  return out;
}

/** Gradients of all outputs, with zeros for unused ones. */
function materialized(node: Node, grads: readonly (Tensor | null)[]): Tensor[] {
  return grads.map((g, i) => {
    const { shape, dtype } = node.outputs![i];
    return g ?? empty(shape, isFloat(dtype) ? dtype : 'float32');
  });
}

/**
 * Undoes broadcasting and promotion: the gradient gets the shape and dtype of input `i`.
 * @throws {AutogradError} if no broadcasting leads from the input's shape to that of the gradient.
 * @internal
 */
export function fitted(node: Node, i: number, g: Tensor | null): Tensor | null {
  if (g === null) return null;
  const { shape, dtype } = node.inputs[i];
  let out = g;
  if (!sameShape(g.sizes, shape)) {
    const first = g.ndim - shape.length;
    if (first < 0 || shape.some((n, d) => n !== 1 && n !== g.sizes[first + d]))
      throw new AutogradError(
        `${node.name}: the gradient of input ${i} has shape ${formatShape(g.sizes)}, to which the ` +
          `input's ${formatShape(shape)} does not broadcast`,
      );
    if (shape.length > 0 || gradMode.recording) out = g.sumToSize(shape);
    else out = g.sum();
  }
  return out.dtype === dtype ? out : out.to(dtype);
}

/** Adds `g` to what has been collected for `node`. */
function send(queue: NodeQueue, node: Node, output: number, g: Tensor): void {
  const at = queue.at(node);
  if (at.grads !== null) {
    at.grads[output] = at.grads[output]?.add(g) ?? g;
  } else if (at.grad === null) {
    at.grad = g;
  } else if (!gradMode.recording && ownership.mayWrite(at.grad)) {
    at.grad.add_(g);
    ownership.release(g);
  } else {
    const made = tensorsMade();
    at.grad = at.grad.add(g);
    if (!gradMode.recording) ownership.claim(at.grad, made);
  }
}

/**
 * Adds the collected gradient to the leaf's `grad`, which never shares memory with another tensor.
 * @throws {AutogradError} if the leaf has become the result of an operation since.
 */
function accumulate(at: Collected): void {
  const { node, grad } = at;
  const leaf = node.output!;
  if (grad !== null) {
    if (leaf.node !== node && !leaf.isLeaf)
      throw new AutogradError(
        `${node.name}: a leaf of shape ${formatShape(leaf.sizes)} has been modified in place, so that it is a result now, ` +
          'and its former value has no grad to add to; modify a clone() of it instead',
      );
    // Requiring a gradient may have been switched off since.
    if (leaf.tracked) addTo(leaf, grad);
    if (node.hooks !== null) for (const hook of node.hooks.accumulated) hook(leaf);
  }
  if (node.hooks !== null) callPostHooks(at, node.hooks, []);
}

/** Adds `g` to the leaf's `grad`. */
function addTo(leaf: Tensor, g: Tensor): void {
  if (leaf.grad !== null) {
    if (gradMode.recording) leaf.grad = leaf.grad.add(g);
    else {
      leaf.grad.add_(g);
      ownership.release(g);
    }
    return;
  }
  // The gradient has the leaf's strides, if the leaf has no gaps.
  const stride = leaf.isContiguous() || !isDense(leaf.sizes, leaf.steps) ? contiguousStride(leaf.sizes) : leaf.steps;
  // A recorded gradient is always copied, because a node may have saved it.
  if (gradMode.recording) leaf.grad = emptyStrided(g.sizes, stride, g.dtype).copy_(g);
  else leaf.grad = ownership.mayWrite(g) && hasStride(g, stride) ? g : g.arranged(stride);
  // The program can read it from now on.
  ownership.share(g);
}
