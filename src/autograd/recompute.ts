import { describe } from '../describe';
import { AutogradError, ValueError } from '../errors';
import type { TableEntry } from '../ops/table/table';
import { soon } from '../platform';
import { defaultGenerator } from '../random';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor, tensorsMade } from '../tensor/tensor';
import { runBackward } from './engine';
import { setHistory, wantsGrad } from './history';
import type { NodeHooks } from './hooks';
import { enableGrad, gradMode } from './mode';
import { ACCUMULATE, Input, Node, nodesMade } from './node';

/** An outside tensor that the function uses, and the node that receives its gradient. */
interface Used {
  readonly node: Node;
  readonly output: number;
}

/** The state that one call keeps for its backward step. */
interface Call {
  readonly compute: () => unknown;
  /** The generator's state before the function. */
  readonly randomState: Uint8Array;
  readonly used: readonly Used[];
  /** Which outputs of the function belong to the node. */
  readonly places: readonly number[];
  /** Tensors that are read again, with their versions. */
  readonly versions: ReadonlyMap<Tensor, number>;
  /** The gradients of the current pass, which reads them one by one. */
  found: {
    readonly dy: Tensor | Tensor[];
    readonly recording: boolean;
    readonly grads: (Tensor | null)[];
    readonly asked: Set<number>;
  } | null;
}

const calls = new WeakMap<Node, Call>();

const op = {
  name: 'recompute',
  inputs: 3,
  inputNames: ['xs'],
  lastNumber: null,
  // The same gradient may be returned twice, so the tape must not write to it.
  isOwn: true,
  saves: true,
  vjps: [(dy: Tensor | Tensor[], n: Node, i: number) => gradient(n, dy, i)],
  reads: [{ inputs: [false], outputs: 0 }],
  gradName: () => 'RecomputeBackward0',
  describeSaved: () => {},
  released: (n: Node) => {
    calls.delete(n);
  },
  // Read by explanations.
  isList: true,
  rule: { math: 'y = \\operatorname{recompute}(xs)', vjpMath: {} },
  again: (n: Node) => {
    const call = calls.get(n)!;
    const all = computedAgain(call).map((y) => y.detach());
    return call.places.map((i) => all[i]);
  },
} as unknown as TableEntry;

/**
 * Returns `fn(...inputs)` without saving intermediate results for `backward()`, which computes them again
 * (`torch.utils.checkpoint.checkpoint` with `use_reentrant=False`). So a deep net needs the memory of one part at a time, for a
 * second computation of each. Gradients flow into the inputs and into all else that `fn` uses, such as parameters, and can
 * be differentiated again (`createGraph`). The second computation draws the same random numbers of the default generator, as
 * for dropout, and leaves it as it was. The gradients have the bits of those without, unless a tensor is also used outside `fn`,
 * where they are added in another order. Other effects of `fn`, such as running statistics, happen twice, as in PyTorch.
 *
 * @example
 * const block = new nn.Sequential(new nn.Linear(64, 64), new nn.Tanh(), new nn.Linear(64, 64));
 * const y = recompute(block, rand([8, 64])); // the block saves no intermediate results
 * y.sum().backward();
 * @throws {ValueError} if `fn` returns anything but a tensor or a list of tensors; {@link AutogradError} if it is asynchronous;
 *   in `backward()`, if an input or parameter has been modified in place since, or `fn` computes something else then.
 */
export function recompute<A extends unknown[], R extends Tensor | readonly Tensor[]>(
  fn: (...inputs: A) => R,
  ...inputs: A
): R {
  if (typeof fn !== 'function') throw new ValueError(`recompute: needs a function to run, got ${describe(fn)}`);
  const compute = callOf(fn, inputs);
  if (!gradMode.recording) return compute();
  const randomState = defaultGenerator.bytes();
  const firstNode = nodesMade();
  const firstTensor = tensorsMade();
  const given = compute();
  const outputs = outputsOf(given);
  const places = [...outputs.keys()].filter((i) => isNew(outputs[i], firstNode));
  if (places.length === 0) return given;
  const { used } = graphOf(
    places.map((i) => outputs[i]),
    firstNode,
    firstTensor,
  );
  const tensors = [...inputs.flat(), ...used.map(({ node }) => node.variable)];
  const versions = new Map(tensors.flatMap((x) => (x instanceof Tensor ? [[x, x.version] as const] : [])));
  const edges = used.map(({ node, output, shape, dtype }) => new Input(null, node, output, 0, shape, dtype, 0));
  const node = new Node(op, edges, []);
  const owners = new Map<object, Tensor>();
  const results = places.map((i) => withoutHistory(outputs[i], firstTensor, owners));
  if (places.length > 1)
    node.outputs = results.map(({ version, sizes: shape, dtype }) => ({ value: null, version, shape, dtype }));
  results.forEach((y, k) => {
    setHistory(y, node, k);
  });
  calls.set(node, {
    compute,
    randomState,
    used: used.map(({ node, output }) => ({ node, output })),
    places,
    versions,
    found: null,
  });
  const all = outputs.map((y, i) => (places.includes(i) ? results[places.indexOf(i)] : y));
  return (given instanceof Tensor ? all[0] : all) as R;
}

/**
 * The tensors that a node of {@link recompute} reads again, as far as they are known; `null` for other nodes. @internal
 */
export function keptToRecompute(n: Node): { tensors: readonly Tensor[]; randomState: Uint8Array } | null {
  const call = calls.get(n);
  return call === undefined ? null : { tensors: [...call.versions.keys()], randomState: call.randomState };
}

/** A separate function, so that the closure keeps no other value of the call alive. */
function callOf<A extends unknown[], R>(fn: (...inputs: A) => R, inputs: A): () => R {
  return () => fn(...inputs);
}

/**
 * Returns a tensor without its history and that of its base. A view of older memory, such as that of an input, is copied.
 */
function withoutHistory(y: Tensor, firstTensor: number, owners: Map<object, Tensor>): Tensor {
  if ((y.owner ?? y).birth <= firstTensor) return y.detach().clone();
  const result = new Tensor(y.memory, y.layout, y.offset, y.dtype);
  result.owner = owners.get(y.memory) ?? null;
  if (result.owner === null) owners.set(y.memory, result);
  return result;
}

/** @throws {ValueError} for anything but tensors. */
function outputsOf(given: unknown): readonly Tensor[] {
  if (given instanceof Promise)
    throw new AutogradError(
      'recompute: the function must not be asynchronous, for backward() cannot wait for it; await its data first, and pass them in',
    );
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  list.forEach((y) => {
    if (!(y instanceof Tensor))
      throw new ValueError(`recompute: the function must return a tensor or a list of tensors, got ${describe(y)}`);
  });
  return list as readonly Tensor[];
}

/** Whether the node of a tensor was made after number `first`. */
function isNew(y: Tensor, first: number): boolean {
  return wantsGrad(y) && y.node !== null && y.node.order > first && y.node.op.name !== ACCUMULATE;
}

/** The nodes after number `first` that lead to the outputs, and the outside tensors that they use. */
function graphOf(
  outputs: readonly Tensor[],
  first: number,
  firstTensor: number,
): { inside: Set<Node>; used: Reached[] } {
  const inside = new Set<Node>();
  const used = new Map<Node, Map<number, Reached>>();
  const open = outputs.map((y) => y.node!);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (inside.has(node)) continue;
    inside.add(node);
    for (const { next, output, shape, dtype } of node.inputs) {
      if (next === null) continue;
      if (next.order > first && next.op.name !== ACCUMULATE) open.push(next);
      else if (next.variable === null || next.variable.birth <= firstTensor) {
        const of = used.get(next) ?? new Map<number, Reached>();
        used.set(next, of);
        of.set(output, { node: next, output, shape, dtype });
      }
    }
  }
  // Ordered by creation, so that both computations agree.
  const all = [...used.values()].flatMap((of) => [...of.values()]);
  return { inside, used: all.sort((a, b) => a.node.order - b.node.order || a.output - b.output) };
}

type Reached = Used & Pick<Input, 'shape' | 'dtype'>;

/** The gradient of used tensor number `i`. The first call of a pass computes all of them. */
function gradient(n: Node, dy: Tensor | Tensor[], i: number): Tensor | null {
  const call = calls.get(n)!;
  const { recording } = gradMode;
  const { found } = call;
  if (found === null || found.dy !== dy || found.recording !== recording || found.asked.has(i))
    call.found = { dy, recording, grads: again(n, call, dy, recording), asked: new Set() };
  const { grads, asked } = call.found!;
  asked.add(i);
  if (asked.size === n.inputs.length) call.found = null;
  return grads[i] ?? null;
}

function again(n: Node, call: Call, dy: Tensor | Tensor[], createGraph: boolean): (Tensor | null)[] {
  for (const [x, version] of call.versions)
    if (x.version !== version)
      throw new AutogradError(
        `${n.name}: a ${x.dtype} tensor of shape ${formatShape(x.sizes)} that is needed to compute again was modified in ` +
          `place: it is at version ${x.version}, expected version ${version}; clone() it before modifying it`,
      );
  const first = nodesMade();
  const firstTensor = tensorsMade();
  const all = computedAgain(call);
  const wrong = (what: string) =>
    new AutogradError(
      `${n.name}: computed again, the function ${what}; it must do the same each time that it is called`,
    );
  const outputs = call.places.map((i) => all[i]);
  const shapes = n.outputs?.map((o) => o.shape) ?? null;
  if (outputs.some((y, k) => y === undefined || !isNew(y, first) || (shapes && !sameShape(shapes[k], y.sizes))))
    throw wrong('gives other outputs');
  const seeds = Array.isArray(dy) ? dy : [dy];
  seeds.forEach((g, k) => {
    if (!sameShape(g.sizes, outputs[k].sizes)) throw wrong('gives outputs of other shapes');
  });
  const { inside, used } = graphOf(outputs, first, firstTensor);
  const slots = new Map<Node, { output: number; index: number }[]>();
  call.used.forEach(({ node, output }, index) => {
    slots.set(node, [...(slots.get(node) ?? []), { output, index }]);
  });
  if (used.some(({ node, output }) => !slots.get(node)?.some((slot) => slot.output === output)))
    throw wrong('uses other tensors');
  return withoutHooks([...slots.keys()], () =>
    runBackward(outputs, seeds, { createGraph, retainGraph: createGraph }, { slots, onTheWay: inside }),
  );
}

/** The outputs of the function, from the same random numbers. */
function computedAgain(call: Call): readonly Tensor[] {
  const state = defaultGenerator.bytes();
  const putBack = () => defaultGenerator.restore(state);
  // An interrupt of a cell ends what runs without any `finally`.
  const cancel = soon(putBack);
  defaultGenerator.restore(call.randomState);
  try {
    return outputsOf(enableGrad(call.compute));
  } finally {
    putBack();
    cancel();
  }
}

/** Runs `body` while the nodes have no hooks: these see the gradients in the pass around it. */
function withoutHooks<T>(nodes: readonly Node[], body: () => T): T {
  const hooked = nodes.flatMap((node) => (node.hooks === null ? [] : [[node, node.hooks] as [Node, NodeHooks]]));
  if (hooked.length === 0) return body();
  const putBack = () => {
    for (const [node, hooks] of hooked) node.hooks = hooks;
  };
  const cancel = soon(putBack);
  for (const [node] of hooked) node.hooks = null;
  try {
    return body();
  } finally {
    putBack();
    cancel();
  }
}
