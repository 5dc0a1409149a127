import { AutogradError } from '../errors';
import { isDense } from '../kernels/layout';
import { contiguousStride } from '../kernels/strides';
import { isFloat } from '../tensor/dtype';
import { recycle } from '../tensor/memory';
import { formatShape, sameShape } from '../tensor/shape';
import { empty, emptyStrided, hasStride, type Tensor, tensorsMade } from '../tensor/tensor';
import { perCall, turn } from '../turn';
import { watched } from './anomaly';
import { type Collected, NodeQueue } from './collected';
import { edge } from './history';
import { callPostHooks, callPreHooks, callTensorHooks, type NodeHooks } from './hooks';
import { enterModes, gradMode, leaveModes } from './mode';
import { ACCUMULATE, type Input, type Node } from './node';

/** How a backward pass is to run. */
export interface PassOptions {
  /** Keep what the operations saved, so that a second pass is possible; default: the value of `createGraph`. */
  retainGraph?: boolean;
  /** Record the backward pass itself, so that its result can be differentiated again; default `false`. */
  createGraph?: boolean;
}

/** What a pass is after, if it is not the leaves. */
export interface Targets {
  /** Nodes whose gradient is wanted: which output, and where it stands in the answer. */
  readonly slots: ReadonlyMap<Node, readonly { output: number; index: number }[]>;
  /** Nodes to be run; only these and the wanted ones are visited, so the rest of the graph stays usable. */
  readonly onTheWay: ReadonlySet<Node>;
}

function leadsOn(next: Node | null, targets: Targets | undefined): next is Node {
  return next !== null && (targets === undefined || targets.slots.has(next) || targets.onTheWay.has(next));
}

/**
 * Walks the graph from `roots` back to the leaves. Nodes are taken latest first from a queue, so each one is reached
 * after everything that depends on it; nothing recurses, and the depth of the graph does not matter. What is collected
 * belongs to the queue: a hook or a derivative may start a pass of its own over the same nodes.
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
  enterModes();
  gradMode.recording = createGraph;
  try {
    for (let i = 0; i < roots.length; i++)
      send(queue, edge(roots[i], 'backward')!, roots[i].output, seeds[i], false, createGraph);
    for (let at = queue.pop(); at !== null; at = queue.pop()) {
      turn(perCall);
      // What a hook has switched holds for its node.
      gradMode.recording = createGraph;
      if (targets === undefined || handsOut(at, targets, found)) run(queue, at, createGraph, retain, targets);
      queue.release(at);
    }
  } finally {
    gradMode.recording = before;
    leaveModes();
    // After an error, nothing may be left that a pass around this one, or a second try, would add to.
    while (queue.pop() !== null);
  }
  return found;
}

/** Notes what has arrived at a node whose gradient is wanted; gives whether the node is to be run as well. */
function handsOut(at: Collected, targets: Targets, found: (Tensor | null)[]): boolean {
  const { node } = at;
  const runs = targets.onTheWay.has(node);
  // As in PyTorch, a node that is run hands out what has arrived there, before its hooks.
  if (!runs && node.hooks !== null) callTensorHooks(at, node.hooks);
  const wanted = targets.slots.get(node);
  if (wanted !== undefined) {
    for (const { output, index } of wanted) found[index] = at.gradOf(output);
    at.owned = false;
  }
  return runs;
}

function run(queue: NodeQueue, at: Collected, createGraph: boolean, retain: boolean, targets: Targets | undefined) {
  const { node } = at;
  if (node.hooks !== null) {
    callTensorHooks(at, node.hooks);
    callPreHooks(at, node.hooks);
  }
  if (node.op.name === ACCUMULATE) {
    accumulate(at);
    return;
  }
  if (node.keeps || node.freed) node.checkUsable();
  propagate(queue, at, createGraph, targets);
  if (retain) return;
  node.free();
  const { transient } = node;
  // First, since an interrupt may come anywhere, and memory must not be handed back twice.
  node.transient = null;
  // A derivative that is recorded may have saved it.
  if (transient !== null && !createGraph) recycle(transient.data);
}

/** Sends the vector-Jacobian product of each input that wants one to the node behind it. */
function propagate(queue: NodeQueue, at: Collected, createGraph: boolean, targets: Targets | undefined): void {
  const { node } = at;
  const dy = at.grads === null ? at.grad : materialized(node, at.grads);
  if (node.hooks !== null && !node.hooks.post.isEmpty) {
    propagateSeen(queue, at, dy, node.hooks, createGraph, targets);
    return;
  }
  // A hook may have taken the gradient away.
  if (dy === null) return;
  const { inputs, op } = node;
  const inPlace = !gradMode.recording;
  const owned = inPlace && at.owned;
  // Where the gradient is the tape's own, it may become that of an input.
  const reused = owned && op.reuse !== undefined ? op.reuse(at.grad!, node) : null;
  const addTo = inPlace ? op.addTo : undefined;
  let handedOn = false;
  for (let i = 0; i < inputs.length; i++) {
    const { next, output, rule } = inputs[i];
    if (!leadsOn(next, targets) || op.vjps[rule] === null) continue;
    if (addTo !== undefined) {
      const sum = queue.owned(next);
      if (sum !== null && addTo(sum, dy as Tensor, node)) continue;
    }
    const made = tensorsMade();
    const g: Tensor | null = reused === null ? pulledBack(node, i, dy) : isList(reused) ? reused[i] : reused;
    if (g === null) continue;
    if (owned && g.data === at.grad!.data) handedOn = true;
    // It is new, or what came in and is handed on.
    const ours = reused !== null || (g === dy ? owned && !op.isOwn && isOnly(inputs, i) : isNew(node, g, made));
    send(queue, next, output, g, ours, createGraph);
  }
  // The tape made it, and no hook and no rule of the user's has seen it.
  if (owned && !handedOn && node.hooks === null && !op.isOwn) recycle(at.grad!.data);
}

/** {@link propagate} where hooks see what is sent. */
function propagateSeen(
  queue: NodeQueue,
  at: Collected,
  dy: Tensor | Tensor[] | null,
  hooks: NodeHooks,
  createGraph: boolean,
  targets: Targets | undefined,
): void {
  const { node } = at;
  const seen = node.inputs.map(({ next, rule }, i) =>
    dy === null || node.op.vjps[rule] === null || !leadsOn(next, targets) ? null : pulledBack(node, i, dy),
  );
  callPostHooks(at, hooks, seen).forEach((g, i) => {
    const { next, output } = node.inputs[i];
    if (g !== null && next !== null) send(queue, next, output, g, false, createGraph);
  });
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
  if (gradMode.anomaly !== 'off') return watched(node, i, () => product(node, i, dy));
  return product(node, i, dy);
}

/** Whether a rule of ours made `g` just now, and it is nobody's view: nothing else can reach it. */
function isNew(node: Node, g: Tensor, made: number): boolean {
  return !node.op.isOwn && g.birth > made && g.owner === null;
}

function product(node: Node, i: number, dy: Tensor | Tensor[]): Tensor | null {
  const input = node.inputs[i];
  const made = tensorsMade();
  const g = node.op.vjps[input.rule]!(dy, node, i);
  if (g === null || (g.shape === input.shape && g.dtype === input.dtype)) return g;
  const out = fitted(node, i, g);
  // A view of `g` goes on living.
  if (out !== null && out.data !== g.data && !gradMode.recording && isNew(node, g, made)) recycle(g.data);
  return out;
}

/** Gradients of all outputs; those that nothing used are zeros. */
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
  if (!sameShape(g.shape, shape)) {
    const first = g.ndim - shape.length;
    if (first < 0 || shape.some((n, d) => n !== 1 && n !== g.shape[first + d]))
      throw new AutogradError(
        `${node.name}: the gradient of input ${i} has shape ${formatShape(g.shape)}, which is no broadcast form of the ` +
          `input's ${formatShape(shape)}`,
      );
    if (shape.length > 0 || gradMode.recording) out = g.sumToSize(shape);
    else out = g.sum();
  }
  return out.dtype === dtype ? out : out.to(dtype);
}

/** Adds `g` to what has been collected for `node`; `ours` says that the tape may write to it. */
function send(queue: NodeQueue, node: Node, output: number, g: Tensor, ours: boolean, createGraph: boolean): void {
  const at = queue.at(node);
  if (at.grads !== null) {
    at.grads[output] = at.grads[output]?.add(g) ?? g;
    return;
  }
  if (at.grad === null) {
    at.grad = g;
    at.owned = ours;
  } else if (at.owned && !createGraph) {
    at.grad.add_(g);
    if (ours) recycle(g.data);
  } else {
    at.grad = at.grad.add(g);
    at.owned = true;
  }
}

/**
 * Adds what has arrived to the leaf's `grad`, which never shares memory with anything else.
 * @throws {AutogradError} if the leaf has become the result of an operation since.
 */
function accumulate(at: Collected): void {
  const { node, grad } = at;
  const leaf = node.output!;
  if (grad !== null) {
    if (leaf.node !== node && !leaf.isLeaf)
      throw new AutogradError(
        `${node.name}: a leaf of shape ${formatShape(leaf.shape)} has been modified in place, so that it is a result now, ` +
          'and its former value has no grad to add to; modify a clone() of it instead',
      );
    // Requiring a gradient may have been switched off since.
    if (leaf.tracked) addTo(leaf, grad, at.owned);
    if (node.hooks !== null) for (const hook of node.hooks.accumulated) hook(leaf);
  }
  if (node.hooks !== null) callPostHooks(at, node.hooks, []);
}

/** Adds `g` to the leaf's `grad`; `ours` says that nothing else can reach it. */
function addTo(leaf: Tensor, g: Tensor, ours: boolean): void {
  if (leaf.grad !== null) {
    if (gradMode.recording) leaf.grad = leaf.grad.add(g);
    else {
      leaf.grad.add_(g);
      if (ours && leaf.node!.hooks === null) recycle(g.data);
    }
    return;
  }
  // It lies in memory like the leaf, if that has no gaps.
  const stride = leaf.isContiguous() || !isDense(leaf.shape, leaf.stride) ? contiguousStride(leaf.shape) : leaf.stride;
  // What is recorded is copied in any case: a node may have saved it.
  if (gradMode.recording) leaf.grad = emptyStrided(g.shape, stride, g.dtype).copy_(g);
  else leaf.grad = ours && hasStride(g, stride) ? g : g.arranged(stride);
}
