// Forward mode: propagates a small change of the inputs to the outputs along the recorded graph, in the order of the
// computation. Each operation has a rule for it, its `jvp`; without one, the transpose of its derivative is used.

import { perCall, turn } from '../cancellation';
import {
  Batched,
  batching,
  holdsBatched,
  type Level,
  levelOf,
  physicalAt,
  spreadUnder,
  wrapUnder,
} from '../tensor/batched';
import { zeros } from '../tensor/creation';
import { isFloat } from '../tensor/dtype';
import type { Tensor } from '../tensor/tensor';
import { fitted } from './engine';
import { grad } from './grad';
import { edge } from './history';
import { enterModes, gradMode, leaveModes } from './mode';
import type { Node } from './node';

/** The tangents of an operation's outputs; `null` for one that does not depend on what changes. */
type Tangents = readonly (Tensor | null)[];

/**
 * The tangents of `outputs`, `Σ ∂y/∂x · ẋ`, when the `inputs` they were computed from have the `tangents` `ẋ`; `null` for
 * an output that depends on none. Nothing of the graph is freed. With `createGraph` the result can be differentiated again.
 * @throws {AutogradError} if what an operation has saved was freed or modified in place since.
 * @internal
 */
export function pushForward(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  tangents: readonly Tensor[],
  createGraph: boolean,
): Tangents {
  const level = batching.depth === 0 ? null : levelOf([outputs, inputs]);
  if (level !== null) return ofExamples(level, outputs, inputs, tangents, createGraph);
  const known = new Map<Node, (Tensor | null)[]>();
  inputs.forEach((x, i) => {
    const node = edge(x, 'jvp')!;
    const at = known.get(node) ?? [];
    at[x.output] = at[x.output]?.add(tangents[i]) ?? tangents[i];
    known.set(node, at);
  });
  const before = gradMode.recording;
  enterModes();
  gradMode.recording = createGraph;
  try {
    for (const node of between(outputs, known)) {
      turn(perCall);
      const given = node.inputs.map(({ next, output }) => (next === null ? null : (known.get(next)?.[output] ?? null)));
      if (given.every((t) => t === null)) continue;
      if (node.keeps || node.freed) node.checkUsable();
      const made =
        batching.depth !== 0 && holdsBatched(given)
          ? (batching.composite(node.name, [given], (ts: Tangents) => pushed(node, ts)) as Tangents)
          : pushed(node, given);
      known.set(node, [...made]);
    }
  } finally {
    gradMode.recording = before;
    leaveModes();
  }
  return outputs.map((y) => (y.requiresGrad ? (known.get(edge(y, 'jvp')!)?.[y.output] ?? null) : null));
}

/** The tangents inside `vmap`, where the graph is that of all examples. */
function ofExamples(
  level: Level,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  tangents: readonly Tensor[],
  createGraph: boolean,
): Tangents {
  const isHere = (x: Tensor) => x instanceof Batched && x.level === level;
  const found = pushForward(
    outputs.map((y) => physicalAt(y, level)),
    inputs.map((x) => physicalAt(x, level)),
    tangents.map((t, i) => (isHere(inputs[i]) ? spreadUnder(t, level) : t)),
    createGraph,
  );
  return found.map((t, i) => (t === null || !isHere(outputs[i]) ? t : wrapUnder(t, level)));
}

/** The nodes that lead from the known ones to the outputs, each after those that it was computed from. */
function between(outputs: readonly Tensor[], known: ReadonlyMap<Node, unknown>): Node[] {
  const reached = new Set<Node>();
  const open = outputs.flatMap((y) => (y.requiresGrad ? [edge(y, 'jvp')!] : []));
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node) || known.has(node)) continue;
    reached.add(node);
    for (const { next } of node.inputs) if (next !== null) open.push(next);
  }
  return [...reached].sort((a, b) => a.order - b.order);
}

/** The tangents of an operation's outputs from those of its inputs. */
function pushed(node: Node, given: Tangents): Tangents {
  const { jvp } = node.op;
  const made = jvp === undefined ? transposed(node, given) : jvp(given, node);
  const all: Tangents = Array.isArray(made) ? made : [made];
  const outputs = outputsOf(node);
  return all.map((t, k) => {
    const { dtype } = outputs[k];
    return t === null || t.dtype === dtype ? t : t.to(dtype);
  });
}

const outputsOf = (node: Node) => node.outputs ?? [{ shape: node.outShape, dtype: node.outDtype }];

/**
 * `J ẋ` as the derivative of `uᵀ J` with respect to `u`, which is linear: the vector-Jacobian products are recorded for a `u`
 * of zeros, and differentiated.
 */
function transposed(node: Node, given: Tangents): Tangents {
  const us = outputsOf(node).map(({ shape, dtype }) =>
    zeros(shape, { dtype: isFloat(dtype) ? dtype : 'float32', requiresGrad: isFloat(dtype) }),
  );
  const before = gradMode.recording;
  const pulled: Tensor[] = [];
  const weights: Tensor[] = [];
  gradMode.recording = true;
  try {
    given.forEach((t, i) => {
      const vjp = node.op.vjps[node.inputs[i].rule];
      if (t === null || vjp === null) return;
      const g = fitted(node, i, vjp(node.outputs === null ? us[0] : us, node, i));
      if (g === null || !g.requiresGrad) return;
      pulled.push(g);
      weights.push(t);
    });
  } finally {
    gradMode.recording = before;
  }
  const wanted = us.filter((u) => u.requiresGrad);
  if (pulled.length === 0) return us.map(() => null);
  const found = grad(pulled, wanted, { gradOutputs: weights, allowUnused: true, createGraph: before });
  return us.map((u) => (u.requiresGrad ? (found[wanted.indexOf(u)] ?? null) : null));
}
