import { AutogradError } from '../errors';
import type { Op, Reads } from '../ops/table';
import { isFloat } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';
import { ACCUMULATE, type InputRecord, type Kept, NO_SHAPE, Node } from './node';

const NO_ARGS: readonly unknown[] = [];
const NOTHING: Reads = { inputs: [], outputs: 0 };

/** The operation of the nodes that collect the gradients of leaves. */
const accumulate: Op = {
  name: ACCUMULATE,
  inputs: 1,
  saves: false,
  vjps: [],
  reads: [],
  gradName: () => 'AccumulateGrad',
  describeSaved: () => {},
};

/**
 * The op that stands for "this view of its base" when the history of a view is renewed; ops/views.ts provides it.
 * @internal
 */
export const viewHistory: { op: Op | null } = { op: null };

/**
 * Whether a gradient is wanted for `t`, after bringing the history of a view up to date: if its base has been modified
 * in place since, the view's values come from the base as it is now.
 * @internal
 */
export function wantsGrad(t: Tensor): boolean {
  if (t.viewOf !== null && t.seen !== t.owner!.writes) renew(t, t.viewOf);
  return t.tracked;
}

function renew(view: Tensor, base: Tensor): void {
  if (view.fromSeveral && (view.tracked || wantsGrad(base))) {
    // Its history stays behind, and edge() refuses it.
    view.tracked = true;
    return;
  }
  view.seen = view.owner!.writes;
  // The base's node first: a node must be younger than those it leads to.
  if (edge(base, 'view') === null || viewHistory.op === null) return;
  const { shape, stride, offset } = view;
  const node = new Node(viewHistory.op, [
    { shape, stride, offset },
    { shape: base.shape, stride: base.stride, offset: base.offset },
  ]);
  linkFirst(node, base);
  setHistory(view, node, 0);
}

/**
 * The node that a gradient of `t` goes to, or `null` if none is wanted; `op` is what asks.
 * @throws {AutogradError} if `t` is one of several views that one operation made, and what they look at has changed.
 * @internal
 */
export function edge(t: Tensor, op: string): Node | null {
  if (!wantsGrad(t)) return null;
  if (t.fromSeveral && t.seen !== t.owner!.writes)
    throw new AutogradError(
      `${op}: this is one of several views that one operation made (split, unbind, …), and what they look at has been ` +
        'modified in place since; make the views after the change, or single ones with narrow() or select()',
    );
  if (t.node === null) {
    t.node = new Node(accumulate, NO_ARGS);
    t.node.y = t;
    t.node.versionY = -1;
  }
  return t.node;
}

function linkFirst(node: Node, a: Tensor): void {
  node.nextA = edge(a, 'view');
  node.outputA = a.output;
  node.shapeA = a.shape;
  node.dtypeA = a.dtype;
}

/** Records `y = op(a, …)` or `y = op(a, b, …)`; `b` is a tensor, a plain number, or absent (`null`). @internal */
export function record(
  op: Op,
  y: Tensor | readonly Tensor[],
  a: Tensor,
  b: Kept,
  args: readonly unknown[] | null,
): Node {
  // Edges first: the node that collects a leaf's gradient must be older than the operation it feeds.
  const nextA = edge(a, op.name);
  const nextB = b === null || typeof b === 'number' ? null : edge(b, op.name);
  const node = new Node(op, args ?? NO_ARGS);
  node.nextA = nextA;
  node.outputA = a.output;
  node.shapeA = a.shape;
  node.dtypeA = a.dtype;
  const forA = nextA === null ? NOTHING : op.reads[0];
  const forB = nextB === null ? NOTHING : op.reads[1];
  if (forA.inputs[0] || forB.inputs[0]) {
    node.a = a;
    node.versionA = a.version;
  }
  if (b !== null) {
    if (typeof b === 'number') node.b = b;
    else {
      node.nextB = nextB;
      node.outputB = b.output;
      node.shapeB = b.shape;
      node.dtypeB = b.dtype;
      if (forA.inputs[1] || forB.inputs[1]) {
        node.b = b;
        node.versionB = b.version;
      }
    }
  }
  attach(node, y, forA.outputs | forB.outputs);
  return node;
}

/** A tensor input as it was given: plain numbers stand for themselves, and optional ones may be left out. @internal */
export type Input = Tensor | number | null | undefined;

/** Records an operation with any number of inputs: up to three, or a list whose elements are all treated alike. @internal */
export function recordInputs(
  op: Op,
  y: Tensor | readonly Tensor[],
  given: readonly Input[],
  args: readonly unknown[],
): Node {
  if (op.inputs < 3) return record(op, y, given[0] as Tensor, given[1] ?? null, args);
  const isList = op.vjps.length === 1;
  const inputs = isList ? given : [given[0], given[1], given[2]];
  const rule = (i: number) => (isList ? 0 : i);
  const edges = inputs.map((t, i) => (t instanceof Tensor && op.vjps[rule(i)] !== null ? edge(t, op.name) : null));
  const wanted = op.reads.filter((_, k) => edges.some((e, i) => e !== null && rule(i) === k));
  const node = new Node(op, args);
  node.list = inputs.map((t, i): InputRecord => {
    if (!(t instanceof Tensor))
      return { value: t ?? null, next: null, output: 0, version: 0, shape: NO_SHAPE, dtype: 'float32' };
    const value = wanted.some((r) => r.inputs[rule(i)]) ? t : null;
    return { value, next: edges[i], output: t.output, version: t.version, shape: t.shape, dtype: t.dtype };
  });
  if (!isList) {
    node.a = node.list[0].value;
    node.b = node.list[1].value;
    node.versionA = node.list[0].version;
    node.versionB = node.list[1].version;
  }
  attach(
    node,
    y,
    wanted.reduce((bits, r) => bits | r.outputs, 0),
  );
  return node;
}

/** Makes `node` the history of the outputs, and keeps those that `kept` has a bit for; integer outputs have no history. */
function attach(node: Node, y: Tensor | readonly Tensor[], kept: number): void {
  if (!isList(y)) {
    if (isFloat(y.dtype)) setHistory(y, node, 0);
    if (kept !== 0) {
      node.y = y;
      node.versionY = y.version;
    }
    return;
  }
  node.grads = new Array(y.length).fill(null);
  node.outputs = y.map((t, i) => ({
    value: (kept >> i) & 1 ? t : null,
    version: t.version,
    shape: t.shape,
    dtype: t.dtype,
  }));
  y.forEach((t, i) => {
    if (isFloat(t.dtype)) setHistory(t, node, i);
  });
}

function isList(y: Tensor | readonly Tensor[]): y is readonly Tensor[] {
  return Array.isArray(y);
}

/** Makes output `output` of `node` the history of `t`; a tensor that keeps its gradient goes on doing so. @internal */
export function setHistory(t: Tensor, node: Node | null, output: number): void {
  if (t.node !== null && t.node.hooks?.retaining.get(t.output) === t) {
    t.node.hooks.retaining.delete(t.output);
    node?.withHooks().retaining.set(output, t);
  }
  t.tracked = true;
  t.node = node;
  t.output = output;
}
