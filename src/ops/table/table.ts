import type { Input, Node } from '../../autograd/node';
import { GradlabError, NotImplementedError } from '../../errors';
import type { Tensor } from '../../tensor/tensor';
import { compileJvp, type Jvp } from './forward';
import { type dataDependent, type Known, notDifferentiable, type notImplemented, type Rule } from './rule';

/** The inputs and outputs (one bit each) that the derivative of one input reads. */
export interface Reads {
  readonly inputs: readonly boolean[];
  readonly outputs: number;
}

type AnyForward = (...args: unknown[]) => Tensor | readonly Tensor[];
type AnyVjp = (dy: Tensor | Tensor[], n: Node, index: number) => Tensor | null;
type Erased = Omit<Rule<unknown[], unknown, string>, 'forward' | 'vjp' | 'jvp' | 'saves' | 'shape' | 'torch'> & {
  readonly torch: { readonly name: string; readonly params: readonly string[]; readonly options?: readonly string[] };
  readonly forward: AnyForward;
  readonly vjp: Record<string, unknown>;
  readonly jvp?: unknown;
  readonly saves: readonly string[] | Record<string, readonly string[]>;
  readonly shape: ((...args: unknown[]) => unknown) | typeof dataDependent;
};

/** A registered operation, as the tape and the tests read it. */
export interface Op {
  readonly name: string;
  /** Number of tensor inputs; 3 means three or a list. */
  readonly inputs: 1 | 2 | 3;
  /** Names of its inputs in the rule, in order: `x`; `a` and `b`, and so on; or `xs` for a list. */
  readonly inputNames: readonly string[];
  /** The recorded input of the last number that was its second operand. */
  lastNumber: Input | null;
  /** Whether it is a custom operation. */
  readonly isOwn: boolean;
  /** Whether any derivative reads saved values. */
  saves: boolean;
  /** One vector-Jacobian product for each input; `null` if it has no derivative. */
  readonly vjps: (AnyVjp | null)[];
  /**
   * Returns the tangent of the output, or of all outputs, from the tangents of the inputs, `null` for constant ones. If
   * missing, it follows from the vector-Jacobian products.
   */
  readonly jvp?: Jvp;
  /** For each derivative, the values that it reads. */
  readonly reads: readonly Reads[];
  /**
   * Computes the gradients in the memory of `dy`, which has no other reference: those of all inputs, or that of the
   * only input that needs one. Returns `null` if it cannot. For operations whose gradient differs from `dy` only in a
   * small part.
   */
  reuse?: (dy: Tensor, n: Node) => Tensor | readonly Tensor[] | null;
  /**
   * Adds a gradient that is mostly zero to `sum`, which has no other reference. Returns whether it did.
   */
  addTo?: (sum: Tensor, dy: Tensor, n: Node) => boolean;
  gradName(n: Node): string;
  describeSaved(n: Node, into: Record<string, unknown>): void;
  /** Called when a node releases its saved values. */
  released?: (n: Node) => void;
  /** Whether a second pass is refused, if that does not follow from `saves`; see {@link Rule.savesInPytorch}. */
  readonly savesInPytorch?: (n: Node, isWanted: (input: number) => boolean) => boolean;
}

/** An operation of the table with its rule. */
export interface TableEntry extends Op {
  readonly rule: Erased;
  /** Whether the input is a list of tensors, as in `cat`. */
  readonly isList: boolean;
  /** Whether it is a method; otherwise it is a function. */
  readonly isMethod: boolean;
  /** The operation as a function, also if it is a method: tensors first, then the arguments. */
  invoke: (...args: unknown[]) => unknown;
  /** Recomputes the operation of a node, from these inputs. */
  again: (n: Node, inputs: readonly unknown[]) => unknown;
}

/** Every operation by name: for tests, documentation and drawings; not read by computations. */
export const opTable: Map<string, TableEntry> = new Map();

/** @internal */
export function register(name: string, rule: object, isMethod: boolean, isOwn = false): TableEntry {
  const erased = rule as Erased;
  // In the order of the inputs, not of the rule.
  const names = Object.keys(erased.vjp).sort();
  const saved = names.map((input) => (isList(erased.saves) ? erased.saves : (erased.saves[input] ?? [])));
  const entry: TableEntry = {
    name,
    rule: erased,
    inputNames: names,
    isList: names[0] === 'xs',
    isMethod,
    isOwn,
    lastNumber: null,
    invoke: () => {
      throw new GradlabError(`${name}: not installed yet`);
    },
    again: (n, inputs) => erased.forward(...(names[0] === 'xs' ? [inputs] : inputs), ...n.args),
    inputs: names[0] === 'xs' || names.length >= 3 ? 3 : (names.length as 1 | 2),
    saves: saved.some((list) => list.length > 0),
    vjps: names.map((input) => compileVjp(name, erased.vjp[input])),
    jvp: compileJvp(() => entry, erased.jvp),
    reads: saved.map((list) => ({ inputs: names.map((n) => list.includes(n)), outputs: outputBits(erased, list) })),
    gradName: (n) => {
      const { gradFn } = erased;
      if (gradFn === undefined) return `${name[0].toUpperCase()}${name.slice(1)}Backward0`;
      return typeof gradFn === 'string' ? gradFn : gradFn(n as unknown as Known<unknown[], string>);
    },
    describeSaved: (n, into) => describeSaved(entry, n, into),
    released: undefined,
    reuse: undefined,
    addTo: undefined,
    savesInPytorch: erased.savesInPytorch as unknown as Op['savesInPytorch'],
  };
  if (opTable.has(name)) throw new GradlabError(`defineOp: there is an operation called ${name} already`);
  opTable.set(name, entry);
  return entry;
}

/** Returns the bits of the outputs in a list of saved values: all for `y`. */
function outputBits({ returns = [] }: Erased, saved: readonly string[]): number {
  if (saved.includes('y')) return -1;
  return returns.reduce((bits, name, i) => (saved.includes(name) ? bits | (1 << i) : bits), 0);
}

const isList = (saves: Erased['saves']): saves is readonly string[] => Array.isArray(saves);

function compileVjp(name: string, vjp: unknown): AnyVjp | null {
  if (vjp === notDifferentiable) return null;
  if (typeof vjp === 'function') return vjp as AnyVjp;
  const { notImplemented: why } = vjp as ReturnType<typeof notImplemented>;
  return () => {
    throw new NotImplementedError(`${name}: the gradient is not implemented: ${why}`);
  };
}

/**
 * The names of the inputs are PyTorch's parameter names, except that the first is `self`, as in PyTorch. A number
 * instead of a tensor is always recorded; it counts if a derivative reads it.
 */
function describeSaved(op: TableEntry, n: Node, into: Record<string, unknown>): void {
  const { params } = op.rule.torch;
  if (!op.isList)
    for (const { value, rule } of n.inputs)
      if (value !== null && (typeof value !== 'number' || op.reads.some(({ inputs }) => inputs[rule])))
        into[rule === 0 ? 'self' : params[rule]] = value;
  if (n.output !== null) into.result = n.output;
  const after = params.slice(op.inputNames.length);
  n.args.forEach((value, i) => {
    if (i < after.length) {
      if (value !== undefined) into[after[i]] = value;
    } else if (typeof value === 'object' && value !== null) Object.assign(into, value);
  });
}
