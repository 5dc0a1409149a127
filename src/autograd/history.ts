import { AutogradError } from '../errors';
import type { Op, Reads } from '../ops/table/table';
import { isFloat } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';
import type { NodeHooks } from './hooks';
import { ACCUMULATE, Input, type Kept, NO_SHAPE, Node } from './node';
import { ownership } from './ownership';

const NO_ARGS: readonly unknown[] = [];
const NO_INPUTS: readonly Input[] = [];
const NOTHING: Reads = { inputs: [false, false], outputs: 0 };

/** The operation of the nodes that collect the gradients of leaves. */
const accumulate: Op = {
  name: ACCUMULATE,
  inputs: 1,
  inputNames: [],
  lastNumber: null,
  isOwn: false,
  saves: false,
  vjps: [],
  reads: [],
  gradName: () => 'AccumulateGrad',
  describeSaved: () => {},
};

/**
 * The op that replaces the history of a view whose base was modified; ops/views registers it.
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
    // Its history stays outdated, and edge() throws.
    view.tracked = true;
    return;
  }
  view.seen = view.owner!.writes;
  if (!wantsGrad(base) || viewHistory.op === null) return;
  const { sizes, steps, offset } = view;
  const layout = { sizes: base.sizes, steps: base.steps, offset: base.offset };
  const node = new Node(
    viewHistory.op,
    [inputOf(base, edge(base, 'view'), false, 0)],
    [{ sizes, steps, offset }, layout],
  );
  setHistory(view, node, 0);
}

/**
 * Returns the node that receives the gradient of `t`, or `null` if none is required; `op` names the caller in messages.
 * @throws {AutogradError} if `t` is one of several views of one operation, and their base has changed.
 * @internal
 */
export function edge(t: Tensor, op: string): Node | null {
  if (!wantsGrad(t)) return null;
  if (t.fromSeveral && t.seen !== t.owner!.writes)
    throw new AutogradError(
      `${op}: this is one of several views that one operation made (split, unbind, …), and their base has been ` +
        'modified in place since; make the views after the change, or single ones with narrow() or select()',
    );
  if (t.node === null) {
    t.node = new Node(accumulate, NO_INPUTS, NO_ARGS);
    t.node.output = t;
  }
  return t.node;
}

/** A tensor argument as a program passes it: a tensor, a plain number, or nothing for an optional one. @internal */
export type Given = Tensor | number | null | undefined;

/** The record of one input; `keep` if a derivative reads it. */
function inputOf(t: Tensor, next: Node | null, keep: boolean, rule: number): Input {
  if (keep) ownership.save(t);
  return new Input(keep ? t : null, next, t.output, keep ? t.version : 0, t.sizes, t.dtype, rule);
}

/** The record of an argument that is not a tensor. */
const noTensor = (given: number | null | undefined, rule: number) =>
  new Input(given ?? null, null, 0, 0, NO_SHAPE, 'float32', rule);

/** The same for the second argument. It is cached, because an operation is mostly called with the same number again. */
function secondNumber(op: Op, b: number | null): Input {
  // `Object.is`: 0 and -0 differ, because a quotient has another sign; NaN equals itself.
  if (op.lastNumber === null || !Object.is(op.lastNumber.value, b)) op.lastNumber = noTensor(b, 1);
  return op.lastNumber;
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
  const forA = nextA === null ? NOTHING : op.reads[0];
  if (op.inputs === 1) {
    const node = new Node(op, [inputOf(a, nextA, forA.inputs[0], 0)], args ?? NO_ARGS);
    attach(node, y, forA.outputs);
    return node;
  }
  if (b === null || typeof b === 'number') {
    const node = new Node(op, [inputOf(a, nextA, forA.inputs[0], 0), secondNumber(op, b)], args ?? NO_ARGS);
    node.keeps = forA.inputs[0] || forA.outputs !== 0;
    attach(node, y, forA.outputs);
    return node;
  }
  const nextB = edge(b, op.name);
  const forB = nextB === null ? NOTHING : op.reads[1];
  const keepsA = forA.inputs[0] || forB.inputs[0];
  const keepsB = forA.inputs[1] || forB.inputs[1];
  const node = new Node(op, [inputOf(a, nextA, keepsA, 0), inputOf(b, nextB, keepsB, 1)], args ?? NO_ARGS);
  const outputs = forA.outputs | forB.outputs;
  node.keeps = keepsA || keepsB || outputs !== 0;
  attach(node, y, outputs);
  return node;
}

/** Records an operation with any number of inputs; the elements of a list are all treated alike. @internal */
export function recordInputs(
  op: Op,
  y: Tensor | readonly Tensor[],
  given: readonly Given[],
  args: readonly unknown[],
): Node {
  const isList = op.vjps.length === 1;
  const all = isList ? given : op.vjps.map((_, i) => given[i]);
  return recordAll(op, y, all, (i) => (isList ? 0 : i), args);
}

/**
 * Records an operation; `ruleOf` maps an input to its rule. Only what the wanted gradients read is saved.
 * @internal
 */
export function recordAll(
  op: Op,
  y: Tensor | readonly Tensor[],
  given: readonly Given[],
  ruleOf: (input: number) => number,
  args: readonly unknown[],
): Node {
  const edges = given.map((t, i) => (t instanceof Tensor && op.vjps[ruleOf(i)] !== null ? edge(t, op.name) : null));
  const reads = op.reads.filter((_, k) => edges.some((e, i) => e !== null && ruleOf(i) === k));
  const inputs = given.map((t, i) => {
    const rule = ruleOf(i);
    if (!(t instanceof Tensor)) return noTensor(t, rule);
    const keep = reads.some((r) => r.inputs[rule]);
    return inputOf(t, edges[i], keep, rule);
  });
  const node = new Node(op, inputs, args);
  attach(
    node,
    y,
    reads.reduce((bits, r) => bits | r.outputs, 0),
  );
  return node;
}

/** Makes `node` the history of the outputs, and saves those in the bit mask `kept`; integer outputs have no history. */
function attach(node: Node, y: Tensor | readonly Tensor[], kept: number): void {
  if (isList(y)) {
    attachAll(node, y, kept);
    return;
  }
  if (isFloat(y.dtype)) setHistory(y, node, 0);
  if (kept !== 0) node.saveOutput(y);
}

function attachAll(node: Node, y: readonly Tensor[], kept: number): void {
  for (const [i, t] of y.entries()) if ((kept >> i) & 1) ownership.save(t);
  node.outputs = y.map((t, i) => ({
    value: (kept >> i) & 1 ? t : null,
    version: t.version,
    shape: t.sizes,
    dtype: t.dtype,
  }));
  y.forEach((t, i) => {
    if (isFloat(t.dtype)) setHistory(t, node, i);
  });
}

function isList(y: Tensor | readonly Tensor[]): y is readonly Tensor[] {
  return Array.isArray(y);
}

function moveRetaining(t: Tensor, hooks: NodeHooks, node: Node | null, output: number): void {
  if (hooks.retaining.get(t.output) !== t) return;
  hooks.retaining.delete(t.output);
  node?.withHooks().retaining.set(output, t);
}

/** Makes output `output` of `node` the history of `t`; `retainGrad` stays in effect. @internal */
export function setHistory(t: Tensor, node: Node | null, output: number): void {
  if (t.node !== null && t.node.hooks !== null) moveRetaining(t, t.node.hooks, node, output);
  t.tracked = true;
  t.node = node;
  t.output = output;
  if (node === null) return;
  node.outShape = t.sizes;
  node.outDtype = t.dtype;
}
