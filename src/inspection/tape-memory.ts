import { lineOf } from '../autograd/anomaly';
import type { Node } from '../autograd/node';
import { keptToRecompute } from '../autograd/recompute';
import { describe } from '../describe';
import { escapeHtml, type MimeBundle, RichOutput } from '../display';
import { AutogradError, ValueError } from '../errors';
import type { AnyModule } from '../nn/module';
import { requireTensor } from '../ops/table/arguments';
import { formatShape, type Shape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { isModule } from './module-graph';
import { collect, type Names } from './trace';

/** Options of {@link tapeMemory}. */
export interface TapeMemoryOptions {
  /** The net whose paths name its parameters and buffers. */
  module?: AnyModule | null;
  /** Names of other tensors, as in `{ x }`. */
  names?: Names;
}

/** A saved tensor, or list of indices, of a node. */
export interface KeptValue {
  /**
   * PyTorch's name of the saved value: `self`, `other`, `result`, …; `input` and `randomState` of a recomputed part.
   */
  readonly name: string;
  /** The path of the parameter, or the name of the tensor with this memory; `null` if neither is known. */
  readonly of: string | null;
  /** A parameter (a leaf that requires a gradient, or a tensor of the net), or an activation: everything else. */
  readonly kind: 'parameter' | 'activation';
  /** The dtype of the elements. */
  readonly dtype: string;
  /** Sizes of the dimensions. */
  readonly shape: Shape;
  /** The bytes of the whole memory, also for a view. */
  readonly bytes: number;
  /** Whether the bytes count here: memory that several nodes save counts for the earliest. */
  readonly isCounted: boolean;
}

/** The values that one node of the tape saves for its backward step. */
export interface NodeMemory {
  /** PyTorch's name of the backward step, such as `TanhBackward0`. */
  readonly node: string;
  /** The path of the module whose parameters it uses; `null` if not known. */
  readonly module: string | null;
  /** The program line that recorded it, known with {@link detectAnomaly}; else `null`. */
  readonly line: string | null;
  /** Whether {@link recompute} computes it again in the backward pass. */
  readonly isRecomputed: boolean;
  /** The saved values. */
  readonly kept: readonly KeptValue[];
  /** Bytes that count here, without parameters. */
  readonly activations: number;
  /** Bytes of parameters that count here. */
  readonly parameters: number;
}

/** Totals of the nodes of one name. */
export interface OperationMemory {
  /** PyTorch's name of the backward step. */
  readonly node: string;
  /** Number of these nodes. */
  readonly count: number;
  /** Bytes that count for them, without parameters. */
  readonly activations: number;
  /** Bytes of parameters that count for them. */
  readonly parameters: number;
}

/** A table of the memory that a tape holds; shows as a table in a notebook. */
export class TapeMemory extends RichOutput {
  /** Every node that the tensor depends on, the earliest first. */
  readonly nodes: readonly NodeMemory[];

  /** @internal */
  constructor(nodes: readonly NodeMemory[]) {
    super();
    this.nodes = nodes;
  }

  /** Bytes held only for the backward pass: intermediate results and data. */
  get activations(): number {
    return this.nodes.reduce((sum, { activations }) => sum + activations, 0);
  }

  /** Bytes of saved parameters, which exist without the tape, too. */
  get parameters(): number {
    return this.nodes.reduce((sum, { parameters }) => sum + parameters, 0);
  }

  /** Bytes in all. */
  get total(): number {
    return this.activations + this.parameters;
  }

  /** Totals by name of the node, the largest first. */
  get byOperation(): OperationMemory[] {
    const sums = new Map<string, OperationMemory>();
    for (const { node, activations, parameters } of this.nodes) {
      const sum = sums.get(node) ?? { node, count: 0, activations: 0, parameters: 0 };
      sums.set(node, {
        node,
        count: sum.count + 1,
        activations: sum.activations + activations,
        parameters: sum.parameters + parameters,
      });
    }
    return [...sums.values()].sort((a, b) => b.activations - a.activations || b.parameters - a.parameters);
  }

  mimeBundle(): MimeBundle {
    const { nodes, activations, parameters, total } = this;
    const caption =
      `${grouped(total)} bytes kept for the way back: ${grouped(activations)} of activations, ` +
      `${grouped(parameters)} of parameters`;
    const hidden = [
      ...(nodes.every((n) => n.module === null) ? ['module'] : []),
      ...(nodes.every((n) => n.line === null) ? ['line'] : []),
    ];
    const columns = allColumns.filter(({ head }) => !hidden.includes(head));
    const rows = nodes.map((n) => columns.map(({ cell }) => cell(n)));
    return { 'text/html': asHtml(columns, rows, caption), 'text/plain': asText(columns, rows, caption) };
  }
}

/**
 * Measures the memory that the tape of `y` holds for the backward pass, in bytes, node by node, with the names of
 * parameters if `module` is given. Memory that several nodes save counts once, for the earliest. Parameters are counted
 * separately from memory that only the tape holds. A recomputed part ({@link recompute}) shows what it saves; of the
 * variables that its function captures, only inputs and parameters are known. After {@link detectAnomaly}, the program
 * line is known, too.
 *
 * Call it before `backward()`, which frees the saved tensors; afterwards the result is empty. It changes nothing.
 *
 * @example
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
 * const kept = tapeMemory(net(rand([5, 2])), { module: net });
 * [kept.activations, kept.parameters, kept.total] // [ 100, 12, 112 ]
 * kept.byOperation[0].node // 'TanhBackward0'
 * @throws {AutogradError} if `y` has no history and is not a leaf; {@link ValueError} if `y` or a named value is not a
 * tensor, or `module` is not a module.
 */
export function tapeMemory(y: Tensor, options: TapeMemoryOptions = {}): TapeMemory {
  const { module = null, names = {} } = options;
  if (module !== null && !isModule(module))
    throw new ValueError(`tapeMemory: module must be a module, got ${describe(module)}`);
  if (typeof names !== 'object' || names === null)
    throw new ValueError(`tapeMemory: names are given as an object such as { x }, got ${describe(names)}`);
  for (const [name, x] of Object.entries(names)) requireTensor('tapeMemory', x, `what is called ${name}`);
  const root = y.gradFn;
  if (root === null && !y.requiresGrad)
    throw new AutogradError(
      'tapeMemory: this tensor has no history; it was not computed from a tensor with requiresGrad',
    );
  const nodes = root === null ? [] : collect(root);
  const reading = new Reading(nodes, module, names);
  return new TapeMemory(nodes.map((node) => reading.memoryOf(node)));
}

/** One pass over a tape, with the memory counted so far. */
class Reading {
  private readonly counted = new Set<object>();
  private readonly parameters = new Set<object>();
  private readonly paths = new Map<object, string>();
  private readonly names = new Map<object, string>();

  constructor(nodes: readonly Node[], module: AnyModule | null, names: Names) {
    for (const { inputs } of nodes)
      for (const { next } of inputs) if (next?.variable) this.parameters.add(next.variable.memory);
    for (const [path, x] of module === null ? [] : [...module.namedParameters(), ...module.namedBuffers()]) {
      this.parameters.add(x.memory);
      this.paths.set(x.memory, path);
    }
    for (const [name, x] of Object.entries(names)) this.names.set(x.memory, name);
  }

  memoryOf(node: Node): NodeMemory {
    const kept = keptBy(node).map(({ name, value }) => this.valueOf(name, value));
    const sum = (kind: KeptValue['kind']) =>
      kept.reduce((bytes, k) => bytes + (k.kind === kind && k.isCounted ? k.bytes : 0), 0);
    return {
      node: node.name,
      module: this.moduleOf(node),
      line: lineOf(node),
      isRecomputed: keptToRecompute(node) !== null,
      kept,
      activations: sum('activation'),
      parameters: sum('parameter'),
    };
  }

  private valueOf(name: string, value: Tensor | Places): KeptValue {
    const memory = value instanceof Tensor ? value.memory : value;
    const isCounted = !this.counted.has(memory);
    this.counted.add(memory);
    return {
      name,
      of: this.paths.get(memory) ?? this.names.get(memory) ?? null,
      kind: this.parameters.has(memory) ? 'parameter' : 'activation',
      dtype: value instanceof Tensor ? value.dtype : value instanceof Int32Array ? 'int32' : 'uint8',
      shape: value instanceof Tensor ? value.shape : [value.length],
      bytes: memory.byteLength,
      isCounted,
    };
  }

  /** Returns the common beginning of the paths of its parameters. */
  private moduleOf(node: Node): string | null {
    const paths = node.inputs.flatMap(({ next, value }) =>
      [next?.variable, value].flatMap((x) => (x instanceof Tensor ? (this.paths.get(x.memory) ?? []) : [])),
    );
    if (paths.length === 0) return null;
    const [first, ...others] = paths.map((path) => path.split('.').slice(0, -1));
    const end = first.findIndex((step, i) => others.some((steps) => steps[i] !== step));
    return first.slice(0, end < 0 ? first.length : end).join('.');
  }
}

/** The positions of an index, or a state of random numbers. */
type Places = Int32Array | Uint8Array;

/** Returns the saved values of a node by name; a tensor with two names by the first. */
function keptBy(node: Node): { name: string; value: Tensor | Places }[] {
  const found = new Map<Tensor | Places, string>();
  const add = (name: string, value: unknown) => {
    const isKept = value instanceof Tensor || value instanceof Int32Array || value instanceof Uint8Array;
    if (isKept && !found.has(value)) found.set(value, name);
    return isKept;
  };
  const again = keptToRecompute(node);
  if (again !== null) {
    for (const x of again.tensors) add('input', x);
    add('randomState', again.randomState);
  }
  if (!node.freed) {
    const saved: Record<string, unknown> = {};
    node.op.describeSaved(node, saved);
    for (const [name, value] of Object.entries(saved))
      if (!add(name, value) && typeof value === 'object' && value !== null)
        for (const inside of Object.values(value)) add(name, inside);
    for (const [i, { value }] of node.inputs.entries()) add(`inputs[${i}]`, value);
    for (const [i, { value }] of (node.outputs ?? []).entries()) add(`outputs[${i}]`, value);
    add('result', node.output);
  }
  return [...found].map(([value, name]) => ({ name, value }));
}

interface Column {
  readonly head: string;
  readonly isNumber: boolean;
  readonly cell: (n: NodeMemory) => string;
}

const allColumns: readonly Column[] = [
  { head: 'node', isNumber: false, cell: (n) => (n.isRecomputed ? `${n.node} (recomputed)` : n.node) },
  { head: 'module', isNumber: false, cell: (n) => n.module ?? '' },
  {
    head: 'keeps',
    isNumber: false,
    cell: ({ kept }) => kept.map(wordsOf).join(', '),
  },
  { head: 'activations', isNumber: true, cell: (n) => grouped(n.activations) },
  { head: 'parameters', isNumber: true, cell: (n) => grouped(n.parameters) },
  { head: 'line', isNumber: false, cell: (n) => n.line ?? '' },
];

/** In brackets if counted before. */
const wordsOf = ({ name, of, shape, isCounted }: KeptValue): string => {
  const words = `${name}${of === null ? '' : ` ${of}`} ${formatShape(shape)}`;
  return isCounted ? words : `(${words})`;
};

type Rows = readonly (readonly string[])[];

function asText(columns: readonly Column[], rows: Rows, caption: string): string {
  const lines = [columns.map(({ head }) => head), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const written = lines.map((line) =>
    line
      .map((cell, i) => (columns[i].isNumber ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  return [...written, caption].join('\n');
}

function asHtml(columns: readonly Column[], rows: Rows, caption: string): string {
  const align = (i: number) => `style="text-align: ${columns[i].isNumber ? 'right' : 'left'}"`;
  const head = columns.map(({ head: name }, i) => `<th ${align(i)}>${name}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td ${align(i)}>${escapeHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** Separates thousands: `1,199,882`. */
const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
