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

/** What a pass is after, if it is not the leaves. */
export interface Targets {
  /** Nodes whose gradient is wanted: which output, and where it stands in the answer. */
  readonly slots: ReadonlyMap<Node, readonly { output: number; index: number }[]>;
  /** Nodes to be run; only these and the wanted ones are visited, so the rest of the graph stays usable. */
  readonly onTheWay: ReadonlySet<Node>;
}

/** How many passes have added to the gradients of all leaves that they reached. @internal */
export const passes = { count: 0 };

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
  if (targets === undefined) passes.count++;
  enterModes();
  gradMode.recording = createGraph;
  ownership.look();
  try {
    for (let i = 0; i < roots.length; i++) send(queue, edge(roots[i], 'backward')!, roots[i].output, seeds[i]);
    for (let at = queue.pop(); at !== null; at = queue.pop()) {
      turn(perCall);
      // What a hook has switched holds for its node.
      gradMode.recording = createGraph;
      if (targets === undefined || handsOut(at, targets, found)) run(queue, at, retain, targets);
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
  // Whoever has replaced a method that the rule calls may have kept what the node has saved.
  if (!ownership.trusts) ownership.pin(node);
  if (retain) return;
  node.free();
  const { transient } = node;
  node.transient = null;
  if (transient !== null) ownership.release(transient);
}

/** Sends the vector-Jacobian product of each input that wants one to the node behind it. */
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
  // A rule of the user's may keep what it is given.
  if (op.isOwn) shareWith(node, dy);
  const inPlace = !gradMode.recording;
  const claimed = inPlace && grad !== null && ownership.mayWrite(grad);
  // A rule of the user's may keep what it gives.
  const mayClaim = inPlace && !op.isOwn;
  // Where the gradient is the tape's own, it may become that of an input.
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
    // What came in and is handed on, to one input, remains claimed; what is new becomes it, unless a rule of the user's made it.
    if (g !== grad || !(reused !== null || isOnly(inputs, i)))
      if (!mayClaim || !ownership.claim(g, made)) ownership.share(g);
    send(queue, next, output, g);
  }
  if (op.isOwn) ownership.look();
  if (claimed && !handedOn) ownership.release(grad);
}

/** Shares all that a rule is given. */
function shareWith(node: Node, dy: Tensor | Tensor[]): void {
  ownership.pin(node);
  for (const grad of Array.isArray(dy) ? dy : [dy]) ownership.share(grad);
}

/** {@link propagate} where hooks see what is sent. */
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

// Functions of their own: a function in which others are made keeps its arguments for them, at each call.
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

/** {@link fitted} for a gradient that nobody else has seen: its memory serves again. */
function fittedOnly(node: Node, i: number, g: Tensor, made: number): Tensor | null {
  const out = fitted(node, i, g);
  // A view of `g` goes on living.
  if (out === null || gradMode.recording || node.op.isOwn || !ownership.trusts) return out;
  if (out.memory !== g.memory && ownership.claim(g, made)) ownership.release(g);
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
  if (!sameShape(g.sizes, shape)) {
    const first = g.ndim - shape.length;
    if (first < 0 || shape.some((n, d) => n !== 1 && n !== g.sizes[first + d]))
      throw new AutogradError(
        `${node.name}: the gradient of input ${i} has shape ${formatShape(g.sizes)}, which is no broadcast form of the ` +
          `input's ${formatShape(shape)}`,
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
 * Adds what has arrived to the leaf's `grad`, which never shares memory with anything else.
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
  // It lies in memory like the leaf, if that has no gaps.
  const stride = leaf.isContiguous() || !isDense(leaf.sizes, leaf.steps) ? contiguousStride(leaf.sizes) : leaf.steps;
  // What is recorded is copied in any case: a node may have saved it.
  if (gradMode.recording) leaf.grad = emptyStrided(g.sizes, stride, g.dtype).copy_(g);
  else leaf.grad = ownership.mayWrite(g) && hasStride(g, stride) ? g : g.arranged(stride);
  // It is the program's now.
  ownership.share(g);
}
