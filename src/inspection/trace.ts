import { fitted } from '../autograd/engine';
import { startingGradients } from '../autograd/grad';
import { edge } from '../autograd/history';
import { noGrad } from '../autograd/mode';
import { ACCUMULATE, type Kept, type Node } from '../autograd/node';
import { ownership } from '../autograd/ownership';
import { describe } from '../describe';
import { AutogradError, ValueError } from '../errors';
import { requireTensor } from '../ops/table/arguments';
import type { TableEntry } from '../ops/table/table';
import { zeros } from '../tensor/creation';
import type { Shape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';

/** Names for tensors, as in `{ x, w }`. */
export type Names = Readonly<Record<string, Tensor>>;

/** A value on the tape: a leaf, an intermediate result or a constant. */
export interface Value {
  /** The user's name, or a generated one: `v1`, `v2` for results, `c1` for constants, the digits of a number. */
  readonly name: string;
  readonly kind: 'leaf' | 'result' | 'constant' | 'number';
  /** Whether a gradient flows to it. */
  readonly tracked: boolean;
  readonly shape: Shape;
  /** The elements, if the tape saved them or they can be recomputed from saved ones; else `null`. */
  value: Tensor | null;
}

/** One recorded operation with its inputs and outputs. */
export interface Step {
  readonly op: TableEntry;
  readonly node: Node;
  /** `null` for an omitted input. */
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
}

/** The operations that a tensor depends on, in the order in which they ran. */
export interface Trace {
  readonly steps: readonly Step[];
  readonly result: Value;
}

/** Assigns each value on the tape one entry and one name. */
class Naming {
  private readonly byNode = new Map<Node, Value[]>();
  private readonly byTensor = new Map<Tensor, Value>();
  private readonly taken: Set<string>;
  private readonly counts = new Map<string, number>();

  constructor(private readonly names: Names) {
    this.taken = new Set(Object.keys(names));
  }

  private made(prefix: string): string {
    for (;;) {
      const count = (this.counts.get(prefix) ?? 0) + 1;
      this.counts.set(prefix, count);
      if (!this.taken.has(`${prefix}${count}`)) return `${prefix}${count}`;
    }
  }

  private given(matches: (t: Tensor) => boolean): string | undefined {
    return Object.keys(this.names).find((name) => matches(this.names[name]));
  }

  /** Returns output `output` of `node`; for a leaf, the leaf. */
  output(node: Node, output: number, shape: Shape, fallback?: string): Value {
    const values = this.byNode.get(node) ?? [];
    this.byNode.set(node, values);
    const isLeaf = node.op.name === ACCUMULATE;
    values[output] ??= {
      name:
        this.given((t) => edge(t, 'trace') === node && t.output === output) ??
        fallback ??
        this.made(isLeaf ? 'leaf' : 'v'),
      kind: isLeaf ? 'leaf' : 'result',
      tracked: true,
      shape,
      value: node.variable,
    };
    return values[output];
  }

  /** Returns an input without a gradient. */
  constant(kept: Kept, shape: Shape): Value {
    if (typeof kept === 'number') return { name: String(kept), kind: 'number', tracked: false, shape: [], value: null };
    const known = kept === null ? undefined : this.byTensor.get(kept);
    if (known !== undefined) return known;
    const name = this.given((t) => t === kept) ?? this.made('c');
    const value: Value = { name, kind: 'constant', tracked: false, shape, value: kept };
    if (kept !== null) this.byTensor.set(kept, value);
    return value;
  }
}

/**
 * Follows the tape back from `y`.
 * @throws {AutogradError} if `y` has no history, or a backward pass freed its saved tensors; {@link ValueError} if `y`
 * or a named value is not a tensor.
 */
export function traceOf(op: string, y: Tensor, names: Names): Trace {
  requireTensor(op, y, 'what to look into');
  if (typeof names !== 'object' || names === null)
    throw new ValueError(`${op}: names are given as an object such as { x }, got ${describe(names)}`);
  for (const [name, x] of Object.entries(names)) requireTensor(op, x, `what is called ${name}`);
  const root = y.gradFn;
  if (root === null)
    throw new AutogradError(`${op}: this tensor has no history; it was not computed from a tensor with requiresGrad`);
  const nodes = collect(root);
  for (const node of nodes)
    if (node.freed)
      throw new AutogradError(
        `${op}: the values this tensor was computed from were freed by backward(); call ${op} before it, ` +
          'or call backward(undefined, { retainGraph: true })',
      );
  const naming = new Naming(names);
  const result = naming.output(root, y.output, y.shape, 'y' in names ? undefined : 'y');
  result.value = y.detach();
  const steps = nodes.map((node) => step(node, naming));
  for (const s of steps) recover(s);
  return { steps, result };
}

/** Returns the operations reachable from `root`, earliest first. */
export function collect(root: Node): Node[] {
  const seen = new Set<Node>([root]);
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const [next] of node.nextFunctions)
      if (next !== null && next.op.name !== ACCUMULATE && !seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
  return [...seen].sort((a, b) => a.order - b.order);
}

function step(node: Node, naming: Naming): Step {
  ownership.pin(node);
  const inputs = node.inputs.map(({ value: kept, next, output, shape, isAbsent }) => {
    if (isAbsent) return null;
    const value = next === null ? naming.constant(kept, shape) : naming.output(next, output, shape);
    if (kept instanceof Tensor) value.value ??= kept;
    return value;
  });
  const outputs = (node.outputs ?? [{ value: node.output, shape: node.output?.shape ?? [] }]).map((o, i) => {
    const value = naming.output(node, i, o.shape);
    if (o.value !== null) value.value ??= o.value;
    return value;
  });
  return { op: node.op as TableEntry, node, inputs, outputs };
}

/** Recomputes outputs that were not saved, from known inputs. */
function recover({ op, node, inputs, outputs }: Step): void {
  if (outputs.every((o) => o.value !== null)) return;
  if (inputs.some((i) => i !== null && i.kind !== 'number' && i.value === null)) return;
  const given = inputs.map((i) => (i?.kind === 'number' ? Number(i.name) : (i?.value ?? null)));
  const ys = noGrad(() => op.again(node, given));
  (Array.isArray(ys) ? (ys as Tensor[]) : [ys as Tensor]).forEach((y, i) => {
    const o = outputs[i];
    o.value ??= y;
    if (o.shape.length !== y.ndim) Object.assign(o, { shape: y.shape });
  });
}

/** Returns the operation that computed each value. */
export function makersIn({ steps }: Pick<Trace, 'steps'>): Map<Value, Step> {
  return new Map(steps.flatMap((step) => step.outputs.map((v) => [v, step] as const)));
}

/** The gradient that one operation sends to one of its inputs. */
export interface Contribution {
  readonly step: Step;
  /** The index of the input. */
  readonly index: number;
  readonly to: Value;
  readonly gradient: Tensor;
}

/** Returns every vector-Jacobian product of a backward pass from `y`, last operation first, and their sums. */
export function contributions(
  op: string,
  y: Tensor,
  trace: Trace,
): { sent: Contribution[]; totals: Map<Value, Tensor> } {
  const totals = new Map<Value, Tensor>([[trace.result, startingGradients(op, [y], [])[0]]]);
  const sent: Contribution[] = [];
  noGrad(() => {
    for (const s of [...trace.steps].reverse()) {
      const dys = s.outputs.map((o) => totals.get(o) ?? null);
      if (dys.every((dy) => dy === null)) continue;
      const dy =
        s.node.outputs === null ? dys[0]! : dys.map((g, i) => g ?? zeros(s.outputs[i].shape, { dtype: s.node.dtype }));
      s.inputs.forEach((to, index) => {
        if (to === null || !to.tracked) return;
        const vjp = s.op.vjps[s.node.inputs[index].rule];
        if (vjp === null) return;
        const gradient = fitted(s.node, index, vjp(dy, s.node, index));
        if (gradient === null) return;
        sent.push({ step: s, index, to, gradient });
        const sofar = totals.get(to);
        totals.set(to, sofar === undefined ? gradient : sofar.add(gradient));
      });
    }
  });
  return { sent, totals };
}
