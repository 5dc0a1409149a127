import { AutogradError } from '../errors';
import type { Op } from '../ops/table';
import { zeros } from '../tensor/creation';
import { isFloat } from '../tensor/dtype';
import { formatShape, sameShape } from '../tensor/shape';
import { type Tensor, tensorsMade } from '../tensor/tensor';
import { watched } from './anomaly';
import { edge } from './history';
import { afterNode, beforeNode } from './hooks';
import { gradMode } from './mode';
import { ACCUMULATE, type Node } from './node';
import { NodeQueue } from './queue';

/** How a backward pass is to run. */
export interface PassOptions {
  /** Keep what the operations saved, so that a second pass is possible; default: the value of `createGraph`. */
  retainGraph?: boolean;
  /** Record the backward pass itself, so that its result can be differentiated again; default `false`. */
  createGraph?: boolean;
}

/** What a pass is after that does not go on to every leaf. */
export interface Targets {
  /** Nodes whose gradient is wanted: which output, and where it stands in the answer. */
  readonly slots: ReadonlyMap<Node, readonly { output: number; index: number }[]>;
  /** Nodes behind which a wanted one lies; only these are gone through, so the rest of the graph stays usable. */
  readonly onTheWay: ReadonlySet<Node>;
  /** Whether the gradients of leaves are added to their `grad` as well. */
  readonly accumulate: boolean;
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
  options: PassOptions,
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
      send(queue, edge(root, 'backward')!, root.output, seeds[i], tensorsMade(), createGraph);
    });
    for (node = queue.pop(); node !== null; node = queue.pop()) {
      node.queued = false;
      if (node.hooks !== null) beforeNode(node, node.hooks);
      const wanted = targets?.slots.get(node);
      if (wanted !== undefined) for (const { output, index } of wanted) found[index] = node.gradOf(output);
      if (node.op.name === ACCUMULATE) {
        if (targets === undefined || (targets.accumulate && wanted !== undefined)) collect(node, createGraph);
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

function clear(node: Node): void {
  node.grad = null;
  node.gradOwned = false;
  if (node.grads !== null) node.grads.fill(null);
}

/** Sends the vector-Jacobian product of each input that wants one to the node behind it. */
function propagate(queue: NodeQueue, node: Node, createGraph: boolean, targets: Targets | undefined): void {
  const dy = node.grads === null ? node.grad : materialized(node);
  // A hook has taken the gradient away.
  if (dy === null) return;
  const count = node.inputCount;
  const seen: (Tensor | null)[] | null = node.hooks?.post.isEmpty === false ? new Array(count).fill(null) : null;
  for (let i = 0; i < count; i++) {
    const next = node.nextOf(i);
    if (ruleOf(node, i) === null || !leadsOn(next, targets)) continue;
    const made = tensorsMade();
    const g = pulledBack(node, i, dy);
    if (g === null) continue;
    if (seen === null) send(queue, next, node.outputOf(i), g, made, createGraph);
    else seen[i] = g;
  }
  if (seen === null) return;
  afterNode(node, node.hooks!, seen).forEach((g, i) => {
    const next = node.nextOf(i);
    // What a hook has seen, it may keep: no tensor counts as made just now.
    if (g !== null && next !== null) send(queue, next, node.outputOf(i), g, Number.POSITIVE_INFINITY, createGraph);
  });
}

/** The rule for input `i`; the elements of a list share one. */
function ruleOf({ op: { vjps } }: Node, i: number): Op['vjps'][number] {
  return vjps[vjps.length === 1 ? 0 : i];
}

/** The vector-Jacobian product for input `i`, if it has one. */
function pulledBack(node: Node, i: number, dy: Tensor | Tensor[]): Tensor | null {
  if (gradMode.anomaly !== 'off') return watched(node, i, () => fitted(node, i, ruleOf(node, i)!(dy, node, i)));
  return fitted(node, i, ruleOf(node, i)!(dy, node, i));
}

/** Gradients of all outputs; those that nothing used are zeros. */
function materialized(node: Node): Tensor[] {
  return node.grads!.map((g, i) => {
    const { shape, dtype } = node.outputs![i];
    return g ?? zeros(shape, { dtype: isFloat(dtype) ? dtype : 'float32' });
  });
}

/**
 * Undoes broadcasting and promotion: the gradient gets the shape and dtype of input `i`.
 * @throws {AutogradError} if no broadcasting leads from the input's shape to that of the gradient.
 * @internal
 */
export function fitted(node: Node, i: number, g: Tensor | null): Tensor | null {
  if (g === null) return null;
  const shape = node.shapeOf(i);
  const dtype = node.dtypeOf(i);
  let out = g;
  if (!sameShape(g.shape, shape)) {
    const first = g.ndim - shape.length;
    if (first < 0 || shape.some((n, d) => n !== 1 && n !== g.shape[first + d]))
      throw new AutogradError(
        `${node.name}: the gradient of input ${i} has shape ${formatShape(g.shape)}, which is no broadcast form of the ` +
          `input's ${formatShape(shape)}`,
      );
    out = g.sumToSize(shape);
  }
  return out.dtype === dtype ? out : out.to(dtype);
}

/** Adds a gradient to what `node` has collected. `made` tells which tensors existed before it was computed. */
function send(queue: NodeQueue, node: Node, output: number, g: Tensor, made: number, createGraph: boolean): void {
  if (!node.queued) {
    node.queued = true;
    queue.push(node);
  }
  const sofar = node.gradOf(output);
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
  const g = node.grad;
  if (g === null) return;
  if (leaf.grad === null) leaf.grad = node.gradOwned && g.owner === null ? g : g.clone();
  else if (createGraph) leaf.grad = leaf.grad.add(g);
  else leaf.grad.add_(g);
  if (node.hooks === null) return;
  for (const hook of node.hooks.accumulated) hook(leaf);
  afterNode(node, node.hooks, []);
}
