import { type Given, recordAll, setHistory, wantsGrad } from '../autograd/history';
import { gradMode, noGrad } from '../autograd/mode';
import { Input, Node } from '../autograd/node';
import { noTensor } from '../describe';
import { AutogradError, ValueError } from '../errors';
import { requireTensor } from '../ops/table/arguments';
import { dataDependent } from '../ops/table/rule';
import { type Op, opTable, register } from '../ops/table/table';
import { batching, holdsBatched } from '../tensor/batched';
import { Tensor, tensorsMade } from '../tensor/tensor';
import { Call, calls, viewFor } from './calls';
import { checkPlaces, inputNames, placesOf, readNames, requireDefinition } from './inputs';
import type { AnyOwnSaves, Outputs, OwnGradients, OwnKnown, OwnNames, OwnSaves, OwnUnclear, PlacesOf } from './types';

/** A result of the forward computation together with what {@link withSaved} saves. */
export class WithSaved<R, S> {
  /** The result of the operation. */
  readonly result: R;
  /** The values that its derivative reads as `kept`. */
  readonly values: S;

  /** @internal */
  constructor(result: R, values: S) {
    this.result = result;
    this.values = values;
  }
}

/**
 * The result of the forward computation of an operation of your own, with intermediate values that its derivative reads
 * as `kept` (`torch.autograd.function.FunctionCtx.save_for_backward`). They are released after the backward pass; a saved
 * tensor that was modified in place is an error.
 *
 * @example
 * const bell = defineOp({
 *   name: 'bell',
 *   forward: (x: Tensor) => {
 *     const y = x.mul(x).neg().exp();
 *     return withSaved(y, { slope: y.mul(x).mul(-2) });
 *   },
 *   saves: [],
 *   vjp: { x: (dy, { kept }) => dy.mul(kept.slope) },
 * });
 * const x = tensor(0.5, { requiresGrad: true });
 * grad(bell(x), x) // [ tensor(-0.7788) ]
 */
export function withSaved<R, S extends object>(result: R, values: S): WithSaved<R, S> {
  return new WithSaved(result, values);
}

/**
 * The definition of a custom operation for {@link defineOp}. Its inputs are the arguments that are tensors or lists of tensors.
 * A single tensor is called `x`, a single list `xs`. Several inputs are called `a`, `b`, `c`, … in the order of the arguments;
 * other arguments do not count.
 */
export type OwnOp<A extends unknown[], R extends Outputs, S, V extends AnyOwnSaves> = {
  /** The operation's name; its backward node is named after it. */
  readonly name: string;
  /**
   * For each input its vector-Jacobian product: a function of the gradient of the result (or the list of gradients) and of the
   * saved values. `null` if the input has no gradient, or `notDifferentiable`. For a list it is called for each of its tensors,
   * with the index.
   */
  readonly vjp: { readonly [K in OwnNames<A>]: unknown } & OwnGradients<A, R, S, V>;
  /**
   * The inputs, and `y`, that the derivative of each input reads, or one list for all. Only these are saved; reading anything
   * else is an error. Default: everything.
   */
  readonly saves?: V & OwnSaves<OwnNames<A>, V>;
  /** Formula, in LaTeX, in the names of the inputs and `y`. */
  readonly math?: string;
  /** The gradient of each input in LaTeX, in terms of `\bar y`. */
  readonly vjpMath?: { readonly [K in OwnNames<A>]?: string };
  /** Name of the backward node if it is not the operation's with `Backward0`. */
  readonly gradFn?: string | ((n: OwnKnown<A>) => string);
  /**
   * The computation, which returns a tensor or a list of tensors. It may use any operation, is not recorded, and must not
   * modify its inputs. With {@link withSaved} it saves intermediate values.
   */
  readonly forward: (...args: A) => R | WithSaved<R, S>;
  /**
   * Indices of the outputs without a gradient (`ctx.mark_non_differentiable`); outputs that are not floats never have one.
   * Their gradients are zeros.
   */
  readonly nonDifferentiable?: readonly number[];
  /**
   * Whether the derivatives use operations without a derivative (`once_differentiable`): they are not recorded, and
   * differentiating their result throws. Default `false`.
   */
  readonly onceDifferentiable?: boolean;
} & (OwnUnclear<A> extends true ? { readonly inputs: OwnPlaces<A> } : { readonly inputs?: OwnPlaces<A> });

/**
 * The positions of the inputs among the arguments, from 0. Needed only if a call is ambiguous: an input may be a number, or an
 * input after other arguments is optional.
 */
export type OwnPlaces<A extends unknown[]> = Readonly<PlacesOf<Required<A>>>;

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
 * square(tensor(3, { requiresGrad: true })) // tensor(9., gradFn=<MySquareBackward0>)
 *
 * @example
 * const blend = defineOp({
 *   name: 'myBlend',
 *   forward: (a: Tensor, weight: number, b: Tensor) => a.mul(1 - weight).add(b.mul(weight)),
 *   saves: [],
 *   vjp: { a: (dy, { args: [weight] }) => dy.mul(1 - weight), b: (dy, { args: [weight] }) => dy.mul(weight) },
 * });
 * blend(tensor(1, { requiresGrad: true }), 0.25, tensor(5)) // tensor(2., gradFn=<MyBlendBackward0>)
 * @throws {ValueError} if the name is not made of letters, digits and `_`, or is that of a built-in operation, or if `vjp`,
 * `saves` or `inputs` name an unknown input. When it is called: {@link AutogradError} if the computation modified an input, if
 * a tensor that requires a gradient has no `vjp`, or if a derivative reads what `saves` does not name, or returns anything but
 * a tensor of its input's shape; {@link ValueError} if an input or the result is not a tensor.
 */
export function defineOp<
  A extends unknown[],
  R extends Outputs,
  S = undefined,
  const V extends AnyOwnSaves = undefined,
>(own: OwnOp<A, R, S, V>): (...args: A) => R {
  requireDefinition(own);
  const { name, nonDifferentiable = [], inputs: declared } = own as unknown as AnyOwn;
  if (!/^\w+$/.test(name)) throw new ValueError(`defineOp: '${name}' is not a name; use letters, digits and _ only`);
  const names = inputNames(name, own.vjp);
  checkPlaces(name, names, declared);
  const rule = ruleOf(own as unknown as AnyOwn, names);
  const existing = opTable.get(name);
  if (existing !== undefined && !existing.isOwn)
    throw new ValueError(`defineOp: ${name} is one of gradlab's own operations; choose another name`);
  opTable.delete(name);
  const op = register(name, rule, false, true);
  const { describeSaved } = op;
  op.describeSaved = (n, into) => {
    describeSaved(n, into);
    Object.assign(into, calls.get(n)?.values);
  };
  op.released = (n) => calls.get(n)?.release();
  op.again = (n, given) => compute(own as never, calls.get(n)!.argumentsWith(n, given)).result;
  const call = (...args: unknown[]): unknown => {
    if (batching.depth !== 0 && holdsBatched(args)) return batching.operation(name, args, call);
    const places = placesOf(name, names, declared, args);
    const { result, values } = compute(own as never, args);
    const outputs = listOf(result);
    const none = nonDifferentiable.map((i) => {
      if (outputs[i] === undefined)
        throw new ValueError(`${name}: nonDifferentiable names output ${i}; there are ${outputs.length}`);
      return outputs[i];
    });
    const given = places.flatMap((place, k) =>
      (Array.isArray(args[place]) ? args[place] : [args[place]]).map((value) => ({ value: value as Given, k })),
    );
    if (!gradMode.recording || !given.some(({ value, k }) => op.vjps[k] !== null && asked(value))) return result;
    const others = args.filter((_, i) => !places.includes(i));
    const inputs = given.map((g) => g.value);
    const node = recordAll(op, result, inputs, (i) => given[i].k, others);
    if (values !== undefined) op.saves = true;
    const lists = places.map((place) => Array.isArray(args[place]));
    calls.set(node, new Call(places, lists, values));
    for (const y of none) Object.assign(y, { tracked: false, node: null, output: 0 });
    return result;
  };
  op.invoke = call;
  return call as unknown as (...args: A) => R;
}

const asked = (value: Given) => value instanceof Tensor && wantsGrad(value);

type AnyOwn = {
  readonly name: string;
  readonly forward: (...args: readonly unknown[]) => unknown;
  readonly vjp: Readonly<Record<string, unknown>>;
  readonly inputs?: readonly number[];
  readonly nonDifferentiable?: readonly number[];
} & Omit<OwnOp<[Tensor], Outputs, object, undefined>, 'name' | 'forward' | 'vjp' | 'inputs'>;

/** Returns the table's rule for a custom operation. */
function ruleOf(own: AnyOwn, names: readonly string[]): object {
  const { name, vjp, math, vjpMath = {}, saves, gradFn, onceDifferentiable = false } = own;
  const reads = readNames(name, names, saves);
  return {
    torch: { name, params: names },
    math: math ?? `y = \\operatorname{${name}}(${names.join(', ')})`,
    vjpMath,
    saves: Object.fromEntries(names.map((input, k) => [input, reads[k]])),
    shape: dataDependent,
    forward: (...args: unknown[]) => compute(own, args).result,
    vjp: Object.fromEntries(
      names.map((input, k) => [
        input,
        checkedRule(own, vjp[input], viewFor(name, names, k, reads[k]), onceDifferentiable),
      ]),
    ),
    gradFn,
    batch: 'one by one',
    samples: [],
  };
}

type AnyRule = (dy: Tensor | Tensor[], n: object, index: number) => Tensor | null | undefined;

/** Wraps a rule: it sees only what it may read, and must return a tensor. */
function checkedRule({ name }: AnyOwn, rule: unknown, view: (n: Node) => object, onceDifferentiable: boolean): unknown {
  if (typeof rule !== 'function') return rule;
  return (dy: Tensor | Tensor[], n: Node, i: number): Tensor | null => {
    calls.get(n)!.check(n);
    const { rule: k } = n.inputs[i];
    const index = i - n.inputs.findIndex((input) => input.rule === k);
    const compute = () => (rule as AnyRule)(dy, view(n), index);
    const g = onceDifferentiable ? noGrad(compute) : compute();
    if (g === null) return null;
    if (!(g instanceof Tensor))
      throw new AutogradError(
        `${name}: the derivative of ${n.op.inputNames[k]} must return a tensor or null, got ${noTensor(g)}`,
      );
    return onceDifferentiable && gradMode.recording ? constantFor(name, g, n) : g;
  };
}

/** Returns `g` with a node whose derivative throws: it has no derivative of its own. */
function constantFor(name: string, g: Tensor, n: Node): Tensor {
  const refuse: Op = {
    name,
    inputs: 1,
    inputNames: ['x'],
    lastNumber: null,
    isOwn: true,
    saves: false,
    vjps: [
      () => {
        throw new AutogradError(
          `${name}: this operation is declared as onceDifferentiable: it has no second derivative`,
        );
      },
    ],
    reads: [],
    gradName: () => 'Error',
    describeSaved: () => {},
  };
  const { next, output, shape, dtype } = n.inputs.find((i) => i.next !== null)!;
  const node = new Node(refuse, [new Input(null, next, output, 0, shape, dtype, 0)], []);
  const y = g.detach();
  setHistory(y, node, 0);
  return y;
}

const listOf = (y: Outputs): readonly Tensor[] => (y instanceof Tensor ? [y] : y);

/**
 * Runs `forward` without recording and returns outputs that are new tensors, ready for a node.
 * @throws {AutogradError} if it has modified an input.
 */
function compute({ name, forward }: AnyOwn, args: readonly unknown[]): { result: Outputs; values: object | undefined } {
  const inputs = args.flat().filter((t): t is Tensor => t instanceof Tensor);
  const versions = inputs.map((t) => t.version);
  const before = tensorsMade();
  const given = noGrad(() => (forward as (...args: readonly unknown[]) => unknown)(...args));
  if (inputs.some((t, i) => t.version !== versions[i]))
    throw new AutogradError(`${name}: its forward computation has modified an input in place; clone() it there first`);
  const { result, values } = given instanceof WithSaved ? given : { result: given as Outputs, values: undefined };
  const outputs: readonly unknown[] = Array.isArray(result) ? result : [result];
  outputs.forEach((y) => {
    requireTensor(name, y, 'the result of its forward computation');
  });
  const seen = new Set<Tensor>();
  const owned = listOf(result).map((y) => {
    // An input, a view, an older tensor or the same one twice is copied.
    const own = y.birth > before && y.owner === null && !seen.has(y) ? y : noGrad(() => y.clone());
    seen.add(own);
    return own;
  });
  return { result: result instanceof Tensor ? owned[0] : owned, values };
}
