// The declaration of an operation. The types of a rule follow from the signature of its method, so that a missing,
// surplus or mistyped rule, or the missing gradient of an input, is a compile error on its line.

import type { Dtype } from '../../tensor/dtype';
import type { Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { Sample } from './samples';

/** Marks an input without derivative (an index, a condition, a rounded value). */
export const notDifferentiable = 'not differentiable';
/** Marks an input whose derivative is not implemented, with the reason; using it throws. */
export function notImplemented(why: string): { readonly notImplemented: string } {
  return { notImplemented: why };
}
/** Marks a result whose shape depends on the values, so that shapes have no rule. */
export const dataDependent = 'depends on the data';

type TakesTensor<P> = [Extract<P, Tensor>] extends [never] ? false : true;
/** Sizes or dimensions, as arguments or in one list: `x.view(2, 3)` or `x.view([2, 3])`. */
export type Sizes = number[] | [readonly number[]];
/** Arguments of a method as its rule receives them: sizes always arrive as one list. */
type Arguments<M> = M extends (...args: infer A) => unknown ? (Sizes extends A ? [readonly number[]] : A) : never;

/** Names of the tensor inputs in rules: only `x`; `a` and `b`; `a`, `b` and `c`; or a list `xs`. */
export type InputNames<A> = A extends unknown[] ? NamesOf<Required<A>> : never;
type NamesOf<A> = A extends [infer P, ...infer Rest]
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
  ? A extends [unknown?, unknown?, unknown?, ...infer T]
    ? T
    : []
  : 'b' extends N
    ? A extends [unknown?, unknown?, ...infer T]
      ? T
      : []
    : A extends [unknown, ...infer T]
      ? T
      : [];

/** An input as rules read it: `null` if omitted. */
type Given<T> = undefined extends T ? Exclude<T, undefined> | null : T;

type ShapesOf<A> = {
  [K in keyof A]: A[K] extends readonly Tensor[] ? readonly Shape[] : TakesTensor<A[K]> extends true ? Shape : A[K];
};

/** The fields of a recorded operation that do not depend on what it saved. */
export interface Known<A, N> {
  /** Arguments after the tensors. */
  readonly args: AfterTensors<A, N>;
  /** Shape and dtype of the first input, and the shapes of a list's. */
  readonly shape: Shape;
  readonly shapeB: Shape;
  readonly shapes: Shape[];
  readonly dtype: Dtype;
  /** The shape of the only output. */
  readonly outShape: Shape;
  /** For each input, whether it was a plain number. */
  readonly isNumber: readonly boolean[];
}

/** The fields that the derivative of a recorded operation may read; reading an unsaved input or output throws. */
export interface Saved<A, N> extends Known<A, N> {
  readonly x: Tensor;
  readonly a: Tensor;
  readonly b: A extends unknown[] ? Given<A[1]> : never;
  readonly c: A extends unknown[] ? Given<A[2]> : never;
  readonly xs: Tensor[];
  readonly y: Tensor;
  readonly ys: Tensor[];
}

/** A vector-Jacobian product; it returns `null` if the input gets no gradient. */
type Gradient<A, R, N, Name> = Name extends 'xs'
  ? (dy: R extends Tensor ? Tensor : Tensor[], n: Saved<A, N>, index: number) => Tensor | null
  : (dy: R extends Tensor ? Tensor : Tensor[], n: Saved<A, N>) => Tensor | null;

type OutputName<R> = 'y' | (R extends Tensor | readonly Tensor[] ? never : keyof R & string);

/**
 * How tangents of the inputs propagate to the outputs:
 * - `'diagonal'`: each output element depends only on the input elements at its position, so the Jacobian is symmetric
 * and the vector-Jacobian products are used;
 * - `'linear'`: the operation is linear in all inputs together, and is applied to the tangents;
 * - `'reduction'`: each input element contributes to one output, at its position without the dimensions of the first
 * argument;
 * - `'multilinear'`: linear in each input by itself, as products are;
 * - a function of the tangents, `null` for constant inputs, and of the saved values.
 *
 * Without a rule, the product follows from the vector-Jacobian products: the derivative of `uᵀ J` with respect to `u`,
 * at twice the cost.
 */
export type ForwardRule<A = unknown[], N = string> =
  | 'diagonal'
  | 'linear'
  | 'reduction'
  | 'multilinear'
  | ((tangents: readonly (Tensor | null)[], n: Saved<A, N>) => Tensor | null | (Tensor | null)[]);

/** A call with tensors of a `vmap`, as a batching rule reads it. */
export interface BatchedCall {
  /** The operation. */
  readonly name: string;
  /** The arguments: tensors as one example sees them. */
  readonly args: readonly unknown[];
  /** The number of examples. */
  readonly size: number;
  /** Whether an argument, or a part of it, differs from example to example. */
  isBatched(i: number): boolean;
  /** Whether a tensor does. */
  isBatchedValue(x: Tensor): boolean;
  /** Returns an argument, which must be a tensor. */
  tensor(i: number): Tensor;
  /** Returns all examples of an argument: a tensor with a leading dimension for them, or one that all share. */
  physical(i: number): Tensor;
  /** Returns all examples of a tensor, expanded if they share it. */
  spread(x: Tensor): Tensor;
  /** Returns all examples of a tensor, with dimensions of size 1 after theirs, so that one broadcasts as `ndim`. */
  aligned(x: Tensor, ndim: number): Tensor;
  /** Returns a tensor of all examples as one example's. */
  wrap(physical: Tensor): Tensor;
  /** Returns the shape for one example. @throws if its arguments do not fit */
  shape(): Shape;
  /** Converts a dimension of one example to that of all; an invalid one stays invalid, so that the operation throws. */
  dim(dim: number, ndim?: number): number;
  /** Runs the operation on tensors of all examples. */
  run(...args: readonly unknown[]): unknown;
  /** Runs an operation on tensors of one example. */
  call(name: string, ...args: readonly unknown[]): Tensor;
  /** Applies the rule of this name. */
  as(kind: BatchKind): unknown;
  /** Marks a result that is one example's already. */
  ofOne(result: unknown): unknown;
}

/** Batching rules of many operations, by name. */
export type BatchKind =
  /** Each element of the result depends on the elements at its position; inputs broadcast. */
  | 'elementwise'
  /** Reduces the dimensions of the parameter `dim`: one, several, or all. */
  | 'reduction'
  /** Works along the dimension of the parameter `dim`, by default the last. */
  | 'along'
  /** Takes matrices with any number of leading dimensions. */
  | 'matrices'
  /** Works on the last dimensions; the examples are a further one. */
  | 'trailing';

/**
 * How `vmap` computes all examples at once. A function returns the results for all, with a leading dimension for the
 * examples; `ofOne` of those for one example; or `undefined` if it cannot. Then, and with `'one by one'`, `vmap`
 * computes the examples one by one.
 */
export type BatchRule = BatchKind | 'one by one' | ((call: BatchedCall) => unknown);

/** PyTorch's name of an operation, and its parameters in camelCase. */
export type Signature<A extends unknown[]> = {
  readonly name: string;
  /** The positional parameters, tensors first; `options` are the members of the object after them. */
} & (
  | { readonly params: Named<A>; readonly options?: undefined }
  | {
      readonly params: Named<Required<A> extends [...infer Before, unknown] ? Before : never>;
      readonly options: readonly string[];
    }
);
/** A name for each argument. */
type Named<A extends unknown[]> = { readonly [K in keyof A]-?: string };

/** An operation with its derivative. `A` are the arguments, tensors first; `R` is the result. */
export interface Rule<A extends unknown[], R, N extends string = InputNames<A>> {
  readonly torch: Signature<A>;
  /** Formula, in LaTeX, in the names of the inputs and `y`. */
  readonly math: string;
  /** The gradient of each input in LaTeX, in terms of `\bar y`. */
  readonly vjpMath: { readonly [K in N]?: string };
  /** The value, in LaTeX, that formulas show for an omitted optional input: the neutral one. */
  readonly absent?: { readonly [K in N]?: string };
  /**
   * The inputs and outputs that the derivative of each input reads, or one list for all. `y` means the output, or all
   * outputs; with `returns`, a single one can be named. A test compares it with the actual reads. Only what the
   * requested gradients need is saved.
   */
  readonly saves: readonly (N | OutputName<R>)[] | { readonly [K in N]?: readonly (N | OutputName<R>)[] };
  /** Shape of the result from the shapes of the inputs. */
  readonly shape:
    | ((
        ...args: ShapesOf<A> extends infer S extends unknown[] ? S : never
      ) => R extends Tensor ? Shape : readonly Shape[])
    | typeof dataDependent;
  /** The computation without history. Several results are returned as a list. */
  readonly forward: (...args: A) => R extends Tensor ? Tensor : readonly Tensor[];
  /** For each input its vector-Jacobian product, called only if the input needs a gradient. */
  readonly vjp: {
    readonly [K in N]: Gradient<A, R, N, K> | typeof notDifferentiable | ReturnType<typeof notImplemented>;
  };
  /** Its Jacobian-vector product, for forward mode; see {@link ForwardRule}. */
  readonly jvp?: ForwardRule<A, N>;
  /** How `vmap` computes it for all examples of a batch. */
  readonly batch: BatchRule;
  /** Names of the results, if they are returned as an object. */
  readonly returns?: R extends Tensor | readonly Tensor[] ? never : readonly (keyof R & string)[];
  /** Whether the result shares memory with the input. */
  readonly isView?: boolean;
  /** Whether the method takes {@link Sizes}. */
  readonly variadic?: boolean;
  /** Whether there is also a method that modifies its tensor, with `_` at the end of the name. */
  readonly inPlace?: boolean;
  /** PyTorch's name of the backward node if it is not the operation's name with `Backward0`. */
  readonly gradFn?: string | ((n: Known<A, N>) => string);
  /**
   * Whether PyTorch saves a tensor, if that does not follow from `saves`: an index, which is an argument here, or an
   * input that it does not need; plain numbers do not count. A second pass through the operation is refused then, as in
   * PyTorch. `isWanted` tells whether an input needs a gradient.
   */
  readonly savesInPytorch?: (n: Known<A, N>, isWanted: (input: number) => boolean) => boolean;
  /** Cases for the numeric checks, and the range their values are drawn from. */
  readonly samples: readonly Sample[];
  readonly domain?: readonly [number, number];
  /** Prepares the inputs of samples if the operation needs special matrices, such as invertible ones. */
  readonly prepared?: (x: Tensor, input: number) => Tensor;
}

/** Rules for the methods of an interface. */
export type MethodRules<F> = { [K in Exclude<keyof F, InPlaceNames<F>>]: RuleOfMethod<F[K]> };
/** Names of the in-place variants, which need no rule. */
type InPlaceNames<F> = {
  [K in keyof F]: K extends `${infer Base}_` ? (Base extends keyof F ? K : never) : never;
}[keyof F];
type RuleOfMethod<M> = Arguments<M> extends infer A extends unknown[] ? Rule<[Tensor, ...A], Result<M>> : never;
/** Rules for the functions of an interface. */
export type FunctionRules<F> = {
  [K in keyof F]: Arguments<F[K]> extends infer A extends unknown[] ? Rule<A, Result<F[K]>> : never;
};
type Result<M> = M extends (...args: never[]) => infer R ? R : never;
