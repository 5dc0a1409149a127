import type { Node } from '../autograd/node';
import { GradlabError, NotImplementedError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { type dataDependent, notDifferentiable, type notImplemented, type Rule, type Saved } from './rule';

/** What the derivative of one input reads: which inputs, and which outputs, a bit for each. */
export interface Reads {
  readonly inputs: readonly boolean[];
  readonly outputs: number;
}

type AnyForward = (...args: unknown[]) => Tensor | readonly Tensor[];
type AnyVjp = (dy: Tensor | Tensor[], n: Node, index: number) => Tensor | null;
type Erased = Omit<Rule<unknown[], unknown, string>, 'forward' | 'vjp' | 'saves' | 'shape'> & {
  readonly forward: AnyForward;
  readonly vjp: Record<string, unknown>;
  readonly saves: readonly string[] | Record<string, readonly string[]>;
  readonly shape: ((...args: unknown[]) => unknown) | typeof dataDependent;
};

/** A registered operation, as the tape and the tests read it. */
export interface Op {
  readonly name: string;
  /** Number of tensor inputs; 3 stands for three and for lists. */
  readonly inputs: 1 | 2 | 3;
  /** Whether any derivative reads anything that was saved. */
  saves: boolean;
  /** One vector-Jacobian product for each input; `null` where there is no derivative. */
  readonly vjps: (AnyVjp | null)[];
  /** For each derivative, what it reads. */
  readonly reads: readonly Reads[];
  gradName(n: Node): string;
  describeSaved(n: Node, into: Record<string, unknown>): void;
  /** Called when a node lets go of what it has saved. */
  released?: (n: Node) => void;
}

/** An operation of the table with its rule. */
export interface TableEntry extends Op {
  readonly rule: Erased;
  /** Names by which the rule knows its tensor inputs, in their order: `x`; `a` and `b`; `a`, `b` and `c`; or `xs`. */
  readonly inputNames: readonly string[];
  /** Whether the input is a list of tensors, as in `cat`. */
  readonly isList: boolean;
  /** Whether it is called as a method; otherwise it is a function. */
  readonly isMethod: boolean;
  /** PyTorch's name and its parameters in our order; those from `options` on stand in the last object. */
  readonly torchName: string;
  readonly params: readonly string[];
  readonly options: readonly string[];
  /** The operation as a function, whether or not it is a method: tensors first, then the arguments. */
  invoke: (...args: unknown[]) => unknown;
}

/** Every operation by name: for tests, documentation and drawings; never read while computing. */
export const opTable = new Map<string, TableEntry>();

const camel = (name: string) => name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());

/** @internal */
export function register(name: string, rule: object, isMethod: boolean): TableEntry {
  const erased = rule as Erased;
  // In the order of the inputs, however the rule lists them.
  const names = Object.keys(erased.vjp).sort();
  const [, torchName, list] = /^([\w.]+)\((.*)\)$/.exec(erased.torch)!;
  const [positional, options] = list.split(/,?\s*\*,\s*/).map((part) => part.split(', ').filter(Boolean).map(camel));
  const saved = names.map((input) => (isList(erased.saves) ? erased.saves : (erased.saves[input] ?? [])));
  const entry: TableEntry = {
    name,
    rule: erased,
    inputNames: names,
    isList: names[0] === 'xs',
    isMethod,
    torchName,
    params: positional,
    options: options ?? [],
    invoke: () => {
      throw new GradlabError(`${name}: not installed yet`);
    },
    inputs: names[0] === 'xs' || names.length === 3 ? 3 : (names.length as 1 | 2),
    saves: saved.some((list) => list.length > 0),
    vjps: names.map((input) => compileVjp(name, erased.vjp[input])),
    reads: saved.map((list) => ({ inputs: names.map((n) => list.includes(n)), outputs: outputBits(erased, list) })),
    gradName: (n) => {
      const { gradFn } = erased;
      if (gradFn === undefined) return `${name[0].toUpperCase()}${name.slice(1)}Backward0`;
      return typeof gradFn === 'string' ? gradFn : gradFn(n as unknown as Saved<unknown[], string>);
    },
    describeSaved: (n, into) => describeSaved(entry, n, into),
    released: undefined,
  };
  if (opTable.has(name)) throw new GradlabError(`defineOp: there is an operation called ${name} already`);
  opTable.set(name, entry);
  return entry;
}

/** The outputs that a list of saved values names: all for `y`. */
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

/** The parameter names of the inputs are PyTorch's, except that the first is called `self`, as PyTorch does there. */
function describeSaved(op: TableEntry, n: Node, into: Record<string, unknown>): void {
  const called = (i: number) => (i === 0 ? 'self' : op.params[i]);
  if (n.a !== null) into[called(0)] = n.a;
  if (n.b !== null) into[called(1)] = n.b;
  if (n.y !== null) into.result = n.y;
  const after = op.params.slice(op.inputNames.length);
  n.args.forEach((value, i) => {
    if (i < after.length) {
      if (value !== undefined) into[after[i]] = value;
    } else if (typeof value === 'object' && value !== null) Object.assign(into, value);
  });
}
