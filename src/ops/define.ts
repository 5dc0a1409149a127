import { record, recordList, wantsGrad } from '../autograd/history';
import { gradMode, noGrad } from '../autograd/mode';
import type { Kept, Node } from '../autograd/node';
import { GradlabError, NotImplementedError } from '../errors';
import type { Dtype } from '../tensor/dtype';
import type { Shape } from '../tensor/shape';
import { type Geometry, Tensor, viewWith } from '../tensor/tensor';
import { modifyInPlace } from './inplace';

// ---------------------------------------------------------------------------------------------------------------
// What a rule is. Types follow from the signature of the method, so that a missing, extra or mistyped rule, or the
// missing gradient of an input, is a compile error on its line.
// ---------------------------------------------------------------------------------------------------------------

/** Says that an input has no derivative (an index, a condition, a rounded value). */
export const notDifferentiable = 'not differentiable';
/** Says that an input has a derivative that gradlab does not compute, and why; asking for it throws. */
export function notImplemented(why: string): { readonly notImplemented: string } {
  return { notImplemented: why };
}
/** Says that the shape of the result depends on the values, so that there is no rule on shapes alone. */
export const dataDependent = 'depends on the data';

type TakesTensor<P> = [Extract<P, Tensor>] extends [never] ? false : true;
/** Sizes or dimensions, written out or in one list: `x.view(2, 3)` or `x.view([2, 3])`. */
export type Sizes = number[] | [readonly number[]];
/** Arguments of a method as its rule receives them: sizes always arrive as one list. */
type Arguments<M> = M extends (...args: infer A) => unknown ? (Sizes extends A ? [readonly number[]] : A) : never;

/** Names by which rules know their tensor inputs: `x` alone, `a` and `b`, `a`, `b` and `c`, or a list `xs`. */
type InputNames<A> = A extends [infer P, ...infer Rest]
  ? P extends readonly Tensor[]
    ? 'xs'
    : Rest extends [infer Q, ...infer Last]
      ? TakesTensor<Q> extends true
        ? Last extends [infer R, ...unknown[]]
          ? TakesTensor<R> extends true
            ? 'a' | 'b' | 'c'
            : 'a' | 'b'
          : 'a' | 'b'
        : 'x'
      : 'x'
  : never;

type AfterTensors<A, N> = 'c' extends N
  ? A extends [unknown, unknown, unknown, ...infer T]
    ? T
    : []
  : 'b' extends N
    ? A extends [unknown, unknown, ...infer T]
      ? T
      : []
    : A extends [unknown, ...infer T]
      ? T
      : [];

type ShapesOf<A> = {
  [K in keyof A]: A[K] extends readonly Tensor[] ? readonly Shape[] : TakesTensor<A[K]> extends true ? Shape : A[K];
};

/** What the derivative of a recorded operation may read. Inputs and outputs are there only if the rule saves them. */
export interface Saved<A, N> {
  readonly x: Tensor;
  readonly a: Tensor;
  readonly b: A extends [unknown, infer B, ...unknown[]] ? B : never;
  readonly c: A extends [unknown, unknown, infer C, ...unknown[]] ? C : never;
  readonly xs: Tensor[];
  readonly y: Tensor;
  readonly ys: Tensor[];
  /** Arguments after the tensors. */
  readonly args: AfterTensors<A, N>;
  /** Shape and dtype of the first input, and the shapes of a list's. */
  readonly shape: Shape;
  readonly shapeB: Shape;
  readonly shapes: Shape[];
  readonly dtype: Dtype;
}

type Gradient<A, R, N, Name> = Name extends 'xs'
  ? (dy: Tensor, n: Saved<A, N>, index: number) => Tensor
  : (dy: R extends Tensor ? Tensor : Tensor[], n: Saved<A, N>) => Tensor;

/** One case for the numeric checks: a shape for each tensor, or a number in its place, and the other arguments. */
export interface Sample {
  readonly inputs: readonly (Shape | number)[];
  readonly args?: readonly unknown[];
}

/** An operation with its derivative. `A` are the arguments, tensors first; `R` is the result. */
export interface Rule<A extends unknown[], R, N extends string = InputNames<A>> {
  /** PyTorch's signature in our calling convention: what follows `*` stands in the last object, in camelCase. */
  readonly torch: string;
  /** Formula, in LaTeX, in the names of the inputs and `y`. */
  readonly math: string;
  /** The gradient of each input in LaTeX, in terms of `\bar y`. */
  readonly vjpMath: { readonly [K in N]?: string };
  /**
   * Which inputs and outputs (`y`) the derivative of each input reads, or one list for all; a test compares it with
   * what is really read. Only what the wanted gradients need is kept.
   */
  readonly saves: readonly (N | 'y')[] | { readonly [K in N]?: readonly (N | 'y')[] };
  /** Shape of the result from the shapes of the inputs. */
  readonly shape:
    | ((
        ...args: ShapesOf<A> extends infer S extends unknown[] ? S : never
      ) => R extends Tensor ? Shape : readonly Shape[])
    | typeof dataDependent;
  /** The computation, on tensors as numbers: history is not its business. Several results come as a list. */
  readonly forward: (...args: A) => R extends Tensor ? Tensor : readonly Tensor[];
  /** For each input its vector-Jacobian product, called only if a gradient of that input is wanted. */
  readonly vjp: {
    readonly [K in N]: Gradient<A, R, N, K> | typeof notDifferentiable | ReturnType<typeof notImplemented>;
  };
  /** Names of the results, if they are handed out as an object. */
  readonly returns?: R extends Tensor | readonly Tensor[] ? never : readonly (keyof R & string)[];
  /** Whether the result shares memory with the input. */
  readonly isView?: boolean;
  /** Whether the method takes {@link Sizes}. */
  readonly variadic?: boolean;
  /** Whether there is also a method that modifies its tensor, with `_` at the end of the name. */
  readonly inPlace?: boolean;
  /** PyTorch's name of the backward node if it is not the operation's name with `Backward0`. */
  readonly gradFn?: string | ((n: Saved<A, N>) => string);
  /** Cases for the numeric checks, and the range their values are drawn from. */
  readonly samples: readonly Sample[];
  readonly domain?: readonly [number, number];
}

/** Rules for the methods of an interface. */
export type MethodRules<F> = { [K in Exclude<keyof F, InPlaceNames<F>>]: RuleOfMethod<F[K]> };
/** Names of the in-place twins, which need no rule of their own. */
type InPlaceNames<F> = {
  [K in keyof F]: K extends `${infer Base}_` ? (Base extends keyof F ? K : never) : never;
}[keyof F];
type RuleOfMethod<M> = Arguments<M> extends infer A extends unknown[] ? Rule<[Tensor, ...A], Result<M>> : never;
/** Rules for the functions of an interface. */
export type FunctionRules<F> = {
  [K in keyof F]: Arguments<F[K]> extends infer A extends unknown[] ? Rule<A, Result<F[K]>> : never;
};
type Result<M> = M extends (...args: never[]) => infer R ? R : never;

// ---------------------------------------------------------------------------------------------------------------
// What a rule becomes.
// ---------------------------------------------------------------------------------------------------------------

/** What the derivative of one input reads: which inputs, and whether the output. */
export interface Reads {
  readonly inputs: readonly boolean[];
  readonly output: boolean;
}

type AnyForward = (...args: unknown[]) => Tensor | readonly Tensor[];
type AnyVjp = (dy: Tensor | Tensor[], n: Node, index: number) => Tensor;
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
  readonly saves: boolean;
  /** One vector-Jacobian product for each input; `null` where there is no derivative. */
  readonly vjps: (AnyVjp | null)[];
  /** For each derivative, what it reads. */
  readonly reads: readonly Reads[];
  gradName(n: Node): string;
  describeSaved(n: Node, into: Record<string, unknown>): void;
}

/** An operation of the table with its rule. */
export interface TableEntry extends Op {
  readonly rule: Erased;
  /** Whether it is called as a method; otherwise it is a function. */
  readonly isMethod: boolean;
  /** PyTorch's name and its parameters in our order; those from `options` on stand in the last object. */
  readonly torchName: string;
  readonly params: readonly string[];
  readonly options: readonly string[];
}

/** Every operation by name: for tests, documentation and drawings; never read while computing. */
export const opTable = new Map<string, TableEntry>();

const camel = (name: string) => name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());

/** @internal */
export function register(name: string, rule: object, isMethod: boolean): TableEntry {
  const erased = rule as Erased;
  const names = Object.keys(erased.vjp);
  const [, torchName, list] = /^([\w.]+)\((.*)\)$/.exec(erased.torch)!;
  const [positional, options] = list.split(/,?\s*\*,\s*/).map((part) => part.split(', ').filter(Boolean).map(camel));
  const saved = names.map((input) => (isList(erased.saves) ? erased.saves : (erased.saves[input] ?? [])));
  const entry: TableEntry = {
    name,
    rule: erased,
    isMethod,
    torchName,
    params: positional,
    options: options ?? [],
    inputs: names[0] === 'xs' || names.length === 3 ? 3 : (names.length as 1 | 2),
    saves: saved.some((list) => list.length > 0),
    vjps: names.map((input) => compileVjp(name, erased.vjp[input])),
    reads: saved.map((list) => ({ inputs: names.map((n) => list.includes(n)), output: list.includes('y') })),
    gradName: (n) => {
      const { gradFn } = erased;
      if (gradFn === undefined) return `${name[0].toUpperCase()}${name.slice(1)}Backward0`;
      return typeof gradFn === 'string' ? gradFn : gradFn(n as unknown as Saved<unknown[], string>);
    },
    describeSaved: (n, into) => describeSaved(entry, n, into),
  };
  if (opTable.has(name)) throw new GradlabError(`defineOp: there is an operation called ${name} already`);
  opTable.set(name, entry);
  return entry;
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
  const after = op.params.slice(op.inputs === 3 ? Object.keys(op.rule.vjp).length : op.inputs);
  n.args.forEach((value, i) => {
    if (i < after.length) {
      if (value !== undefined) into[after[i]] = value;
    } else if (typeof value === 'object' && value !== null) Object.assign(into, value);
  });
}

// ---------------------------------------------------------------------------------------------------------------
// How an operation runs. Arguments stay positional and unrolled: rest parameters cost twice the time of a small op.
// ---------------------------------------------------------------------------------------------------------------

const hasGradient = (op: Op) => op.vjps.some((v) => v !== null);

function unary(op: TableEntry): (this: Tensor, p?: unknown, q?: unknown, r?: unknown) => unknown {
  const forward = op.rule.forward;
  const differentiable = hasGradient(op);
  const { returns } = op.rule;
  return function (p, q, r) {
    const y = forward(this, p, q, r);
    if (differentiable && gradMode.recording && (this.tracked || this.viewOf !== null) && wantsGrad(this))
      record(op, y, this, null, p === undefined && q === undefined ? null : [p, q, r]);
    return returns === undefined ? y : named(returns, y as Tensor[]);
  };
}

function binary(op: TableEntry): (this: Tensor, b: Kept, p?: unknown, q?: unknown) => unknown {
  const forward = op.rule.forward;
  const differentiable = hasGradient(op);
  return function (b, p, q) {
    const y = forward(this, b, p, q);
    if (
      differentiable &&
      gradMode.recording &&
      (wantsGrad(this) || (b !== null && typeof b === 'object' && wantsGrad(b)))
    )
      record(op, y, this, b, p === undefined && q === undefined ? null : [p, q]);
    return y;
  };
}

function manyInputs(op: TableEntry): (...args: unknown[]) => unknown {
  const forward = op.rule.forward;
  const differentiable = hasGradient(op);
  const isList = Object.keys(op.rule.vjp)[0] === 'xs';
  return (...args) => {
    const y = forward(...args);
    const inputs = (isList ? args[0] : args.slice(0, 3)) as Kept[];
    if (differentiable && gradMode.recording && inputs.some((t) => t instanceof Tensor && wantsGrad(t)))
      recordList(op, y, inputs, args.slice(isList ? 1 : 3));
    return y;
  };
}

function named(names: readonly string[], values: readonly Tensor[]): Record<string, Tensor> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

function methodOf(op: TableEntry): (this: Tensor, ...args: never[]) => unknown {
  if (op.inputs === 1) return unary(op);
  if (op.inputs === 2) return binary(op) as (this: Tensor, ...args: never[]) => unknown;
  const call = manyInputs(op);
  return function (...args) {
    return call(this, ...args);
  };
}

/** Registers a family of operations and installs them as methods of {@link Tensor}. */
export function defineOps<F>(family: MethodRules<F>): void {
  for (const [name, rule] of Object.entries<object>(family)) {
    const op = register(name, rule, true);
    const method = methodOf(op);
    install(name, op.rule.variadic ? gathering(method) : method);
    if (op.rule.inPlace)
      install(`${name}_`, function (this: Tensor, b?: unknown, p?: unknown) {
        return modifyInPlace(op, this, b, p);
      });
  }
}

/** Lets a method that takes one list of numbers be called with the numbers written out. */
function gathering(method: (this: Tensor, list: never) => unknown) {
  return function (this: Tensor, ...sizes: Sizes): unknown {
    return method.call(this, (Array.isArray(sizes[0]) ? sizes[0] : sizes) as never);
  };
}

/** Registers a family of operations that are functions, such as `cat`, and returns them. */
export function defineFunctions<F>(family: FunctionRules<F>): F {
  return Object.fromEntries(
    Object.entries<object>(family).map(([name, rule]) => [name, functionOf(register(name, rule, false))]),
  ) as F;
}

function functionOf(op: TableEntry): (...args: unknown[]) => unknown {
  if (op.inputs === 3) return manyInputs(op);
  const method = methodOf(op) as (this: Tensor, ...args: unknown[]) => unknown;
  return (first, ...rest) => method.call(first as Tensor, ...rest);
}

/** Methods that are written in terms of other operations and need no rule; the methods' `this` is the tensor. */
export function defineComposites<F>(methods: F & ThisType<Tensor>): void {
  for (const [name, method] of Object.entries(methods as object)) install(name, method);
}

function install(name: string, value: unknown): void {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}

/** What {@link defineOp} needs to know of an operation of your own. */
export type OwnOp<A extends unknown[], R extends Tensor> = Pick<Rule<A, R>, 'vjp'> &
  Partial<Pick<Rule<A, R>, 'math' | 'vjpMath' | 'saves' | 'gradFn'>> & {
    /** The operation's name; its backward node is called after it. */
    readonly name: string;
    /** The computation; it may use any operation, and nothing in it is recorded. */
    readonly forward: (...args: A) => R;
  };

/**
 * Makes a differentiable function from a computation and its vector-Jacobian products (as `torch.autograd.Function`
 * does). Defining the same name again replaces the operation, so a notebook cell can be run twice.
 *
 * @example
 * const square = defineOp({
 *   name: 'mySquare',
 *   forward: (x: Tensor) => x.mul(x),
 *   saves: ['x'],
 *   vjp: { x: (dy, { x }) => dy.mul(x).mul(2) },
 * });
 */
export function defineOp<A extends [Tensor, ...unknown[]]>(own: OwnOp<A, Tensor>): (...args: A) => Tensor {
  const own_ = own as unknown as OwnOp<[Tensor], Tensor>;
  const names = Object.keys(own_.vjp);
  const rule = {
    torch: `${own_.name}(${names.join(', ')})`,
    math: own_.math ?? `y = \\operatorname{${own_.name}}(${names.join(', ')})`,
    vjpMath: own_.vjpMath ?? {},
    saves: own_.saves ?? [...names, 'y'],
    shape: dataDependent,
    forward: (...args: [Tensor]) => noGrad(() => own_.forward(...args)),
    vjp: own_.vjp,
    gradFn: own_.gradFn,
    samples: [],
  };
  opTable.delete(own_.name);
  const op = register(own_.name, rule, false);
  ownOps.add(op);
  return functionOf(op) as (...args: A) => Tensor;
}

/** Operations that a user has defined: the numeric checks of the table leave them out. @internal */
export const ownOps = new Set<TableEntry>();

/**
 * The forward function of a view: the new shape, strides and offset come from those of the input.
 * @internal
 */
export function viewForward<T extends unknown[]>(geometry: (x: Geometry, ...args: T) => Geometry) {
  return (x: Tensor, ...args: T): Tensor => viewWith(x, geometry(x, ...args));
}
