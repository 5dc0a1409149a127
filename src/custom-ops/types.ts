// The types of custom operations. The names of the inputs, and what a derivative may read, follow from the parameters of the
// computation and from `saves`.

import type { notDifferentiable, notImplemented } from '../ops/table/rule';
import type { Dtype } from '../tensor/dtype';
import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** The result of an operation: one tensor or several. */
export type Outputs = Tensor | readonly [] | readonly Tensor[];

/** Names of several inputs, in the order of the arguments. */
export type OwnLetters = [
  ...['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'],
  ...['m', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w'],
];
/** Every name that an input can have. */
export type AnyInputName = OwnLetters[number] | 'x' | 'xs';

type Has<P, T> = [Extract<P, T>] extends [never] ? false : true;
type IsInput<P> = Has<P, Tensor> extends true ? true : Has<P, readonly Tensor[]>;

/** The parameters that take tensors or lists of them; `undefined` for an omitted one. */
type TensorsOf<A extends readonly unknown[]> = number extends A['length']
  ? []
  : A extends readonly []
    ? []
    : A extends readonly [infer P, ...infer Rest]
      ? IsInput<P> extends true
        ? [P, ...TensorsOf<Rest>]
        : TensorsOf<Rest>
      : A extends readonly [(infer P)?, ...infer Rest]
        ? IsInput<P> extends true
          ? [P | undefined, ...TensorsOf<Rest>]
          : TensorsOf<Rest>
        : [];

/** The other parameters. */
export type OwnArguments<A extends readonly unknown[]> = number extends A['length']
  ? A
  : A extends readonly []
    ? []
    : A extends readonly [infer P, ...infer Rest]
      ? IsInput<P> extends true
        ? OwnArguments<Rest>
        : [P, ...OwnArguments<Rest>]
      : A extends readonly [(infer P)?, ...infer Rest]
        ? IsInput<P> extends true
          ? OwnArguments<Rest>
          : [P?, ...OwnArguments<Rest>]
        : A;

/** An input as a derivative reads it: `null` if omitted. */
type Read<T> = T extends readonly Tensor[] ? Tensor[] : T extends undefined ? null : T;

type Named<T extends readonly unknown[]> = T extends []
  ? unknown
  : T extends [infer P]
    ? Has<P, readonly Tensor[]> extends true
      ? { readonly xs: Tensor[] }
      : { readonly x: Read<P> }
    : { readonly [I in keyof T & keyof OwnLetters & `${number}` as OwnLetters[I] & string]: Read<T[I]> };

/** The inputs of an operation under their names, as a derivative reads them. */
export type OwnInputs<A extends readonly unknown[]> = Named<TensorsOf<A>>;
/** Their names: `x` or `xs` for a single one, else letters. */
export type OwnNames<A extends readonly unknown[]> = keyof OwnInputs<A>;

/** The `saves` of a definition before they are checked against the inputs. */
export type AnyOwnSaves = readonly string[] | { readonly [K in AnyInputName]?: readonly string[] } | undefined;
/** The tensors that derivatives may read: inputs and `y`. */
export type OwnSaves<N, V> = V extends readonly unknown[]
  ? readonly (N | 'y')[]
  : { readonly [K in keyof V]: K extends N ? readonly (N | 'y')[] : never };

/** What `saves` names for the derivative of `K`; everything if there is no `saves`. */
export type OwnReadable<A extends readonly unknown[], V, K> = V extends readonly (infer N)[]
  ? N
  : V extends { readonly [key in K & string]: readonly (infer N)[] }
    ? N
    : V extends object
      ? never
      : OwnNames<A> | 'y';

/** The values that a derivative of a custom operation may read; `N` are the names in its `saves`. */
export type OwnReads<A extends readonly unknown[], R, S, N> = {
  readonly [K in N & OwnNames<A>]: OwnInputs<A>[K];
} & ('y' extends N ? (R extends Tensor ? { readonly y: Tensor } : { readonly ys: Tensor[] }) : unknown) &
  OwnKnown<A> & { readonly kept: S };

/** The fields of a custom operation that do not depend on what it saved. */
export interface OwnKnown<A extends readonly unknown[]> {
  /** The arguments that are not inputs. */
  readonly args: OwnArguments<A>;
  /** Shape and dtype of the first input, and the shapes of all. */
  readonly shape: Shape;
  readonly shapes: Shape[];
  readonly dtype: Dtype;
}

/**
 * Gradients under every name that an input can have. Names that do not depend on `A` let TypeScript infer the parameters before
 * it knows `A`.
 */
export type OwnGradients<A extends readonly unknown[], R, S, V> = {
  readonly [K in AnyInputName]?:
    | ((
        dy: R extends Tensor ? Tensor : Tensor[],
        n: OwnReads<A, R, S, OwnReadable<A, V, K>>,
        index: number,
      ) => Tensor | null)
    | typeof notDifferentiable
    | ReturnType<typeof notImplemented>;
};

/** The places of the inputs among the arguments. */
export type PlacesOf<A, Before extends unknown[] = []> = A extends readonly [infer P, ...infer Rest]
  ? IsInput<P> extends true
    ? [Before['length'], ...PlacesOf<Rest, [...Before, P]>]
    : PlacesOf<Rest, [...Before, P]>
  : [];

/**
 * Whether the inputs of a call are ambiguous: an input may be a number, or an input after other arguments is optional.
 */
export type OwnUnclear<A extends readonly unknown[], Behind = false> = number extends A['length']
  ? false
  : A extends readonly []
    ? false
    : A extends readonly [(infer P)?, ...infer Rest]
      ? IsInput<P> extends false
        ? OwnUnclear<Rest, true>
        : [Exclude<P, Tensor | readonly Tensor[] | null | undefined>] extends [never]
          ? Behind extends true
            ? [Extract<A[0], null | undefined>] extends [never]
              ? OwnUnclear<Rest, Behind>
              : true
            : OwnUnclear<Rest, Behind>
          : true
      : false;
