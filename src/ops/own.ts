import { type Input, recordInputs, setHistory, wantsGrad } from '../autograd/history';
import { gradMode, noGrad } from '../autograd/mode';
import { Node } from '../autograd/node';
import { AutogradError, ValueError } from '../errors';
import { Tensor, tensorsMade } from '../tensor/tensor';
import { describe, requireTensor } from './arguments';
import {
  dataDependent,
  type InputNames,
  type notDifferentiable,
  type notImplemented,
  type Rule,
  type Saved,
} from './rule';
import { type Op, opTable, register, type TableEntry } from './table';

/** A result of the forward computation together with what {@link withSaved} saves. */
export class WithSaved<R, S> {
  /** @internal */
  constructor(
    /** What the operation gives. */
    readonly result: R,
    /** What its derivative reads as `kept`. */
    readonly values: S,
  ) {}
}

/**
 * The result of the forward computation of an operation of your own, with intermediate values that its derivative reads
 * as `kept` (`torch.autograd.function.FunctionCtx.save_for_backward`). The tape lets go of them after the backward pass,
 * and notices if a tensor among them has been modified in place.
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

/** One tensor or several. */
type Outputs = Tensor | readonly [] | readonly Tensor[];

/**
 * Gradients under every name that an input can have. Names that do not depend on `A` let TypeScript know the types of
 * the parameters while it is still working out `A`.
 */
type OwnGradients<A extends unknown[], R, S> = {
  readonly [K in 'x' | 'a' | 'b' | 'c' | 'xs']?:
    | ((
        dy: R extends Tensor ? Tensor : Tensor[],
        n: Saved<A, InputNames<A>> & { readonly kept: S },
        index: number,
      ) => Tensor | null)
    | typeof notDifferentiable
    | ReturnType<typeof notImplemented>;
};

/** What {@link defineOp} needs to know of an operation of your own. */
export type OwnOp<A extends unknown[], R extends Outputs, S> = {
  /**
   * For each tensor input (`x`; `a` and `b`; `a`, `b` and `c`; or a list `xs`) its vector-Jacobian product, a function of
   * the gradient of the result, or of the list of gradients of several, and of what was saved; `null` for none at all.
   * Or `notDifferentiable`.
   */
  readonly vjp: { readonly [K in InputNames<A>]: unknown } & OwnGradients<A, R, S>;
} & Partial<Pick<Rule<A, R>, 'math' | 'vjpMath' | 'saves' | 'gradFn'>> & {
    /** The operation's name; its backward node is called after it. */
    readonly name: string;
    /**
     * The computation, of one tensor or a list of them. It may use any operation, and nothing in it is recorded; it must
     * not modify its inputs. With {@link withSaved} it saves intermediate values.
     */
    readonly forward: (...args: A) => R | WithSaved<R, S>;
    /**
     * Numbers of the outputs that no gradient flows through (`ctx.mark_non_differentiable`); those that are no floats are
     * so anyway. Their gradients are zeros.
     */
    readonly nonDifferentiable?: readonly number[];
    /**
     * Whether the derivatives are computed with what has no derivative itself (`once_differentiable`): nothing in them is
     * recorded, and differentiating their result throws. Default `false`.
     */
    readonly onceDifferentiable?: boolean;
  };

/**
 * Makes a differentiable function from a computation and its vector-Jacobian products (as `torch.autograd.Function`
 * does). The tensors come first among the arguments. Defining the same name again replaces the operation, so a notebook
 * cell can be run twice.
 *
 * @example
 * const square = defineOp({
 *   name: 'mySquare',
 *   forward: (x: Tensor) => x.mul(x),
 *   saves: ['x'],
 *   vjp: { x: (dy, { x }) => dy.mul(x).mul(2) },
 * });
 * square(tensor(3, { requiresGrad: true })) // tensor(9., gradFn=<MySquareBackward0>)
 * @throws {ValueError} if the name is not made of letters, digits and `_`, or is that of a built-in operation. When it is
 *   called: {@link AutogradError} if the computation has modified an input, or a derivative gives no tensor, or one of
 *   another shape than its input; {@link ValueError} if an input or the result is no tensor.
 */
export function defineOp<A extends [Tensor | readonly Tensor[], ...unknown[]], R extends Outputs, S = undefined>(
  own: OwnOp<A, R, S>,
): (...args: A) => R {
  const { name, nonDifferentiable = [] } = own;
  if (!/^\w+$/.test(name)) throw new ValueError(`defineOp: '${name}' is not a name; use letters, digits and _ only`);
  const existing = opTable.get(name);
  if (existing !== undefined && !ownOps.has(existing))
    throw new ValueError(`defineOp: ${name} is one of gradlab's own operations; choose another name`);
  opTable.delete(name);
  const op = register(name, ruleOf(own), false);
  ownOps.add(op);
  const { describeSaved } = op;
  op.describeSaved = (n, into) => {
    describeSaved(n, into);
    Object.assign(into, keptBy.get(n)?.values);
  };
  op.released = (n) => keptBy.delete(n);
  const differentiable = op.vjps.some((v) => v !== null);
  const call = (...args: unknown[]) => {
    for (const x of op.isList && Array.isArray(args[0]) ? args[0] : args.slice(0, 1))
      requireTensor(name, x, op.isList ? 'each input' : 'the first input');
    const { result, values } = compute(own as never, args);
    const count = op.isList ? 1 : op.inputs;
    const inputs = (op.isList ? args[0] : args.slice(0, count)) as Input[];
    if (!differentiable || !gradMode.recording || !inputs.some((t) => t instanceof Tensor && wantsGrad(t)))
      return result;
    const node = recordInputs(op, result, inputs, args.slice(count));
    if (values !== undefined) {
      op.saves = true;
      keptBy.set(node, new Values(values));
    }
    for (const i of nonDifferentiable) Object.assign(listOf(result)[i], { tracked: false, node: null, output: 0 });
    return result;
  };
  op.invoke = call;
  return call as unknown as (...args: A) => R;
}

/** Operations that a user has defined: the numeric checks of the table leave them out. @internal */
export const ownOps = new Set<TableEntry>();

/** Intermediate values that the nodes of operations of one's own have saved. */
const keptBy = new WeakMap<Node, Values>();

/** Saved values, with the versions of the tensors among them. */
class Values {
  private readonly versions: ReadonlyMap<Tensor, number>;

  constructor(readonly values: object) {
    const tensors = Object.values(values).filter((v): v is Tensor => v instanceof Tensor);
    this.versions = new Map(tensors.map((t) => [t, t.version]));
  }

  check(n: Node): void {
    for (const [t, version] of this.versions) n.checkVersion(t, version);
  }
}

type AnyOwn = OwnOp<[Tensor], Outputs, object>;

/** The table's rule for an operation of one's own. */
function ruleOf(own: unknown): object {
  const { name, vjp, math, vjpMath = {}, saves, gradFn, onceDifferentiable = false } = own as AnyOwn;
  const names = Object.keys(vjp).sort();
  return {
    torch: `${name}(${names.join(', ')})`,
    math: math ?? `y = \\operatorname{${name}}(${names.join(', ')})`,
    vjpMath,
    saves: saves ?? [...names, 'y'],
    shape: dataDependent,
    forward: (...args: unknown[]) => compute(own as AnyOwn, args).result,
    vjp: Object.fromEntries(
      Object.entries(vjp).map(([input, rule]) => [
        input,
        typeof rule === 'function' ? checkedRule(name, input, rule as AnyRule, onceDifferentiable) : rule,
      ]),
    ),
    gradFn,
    samples: [],
  };
}

type AnyRule = (dy: Tensor | Tensor[], n: object, index: number) => Tensor | null | undefined;

/** A rule that knows the values saved, and is asked for a tensor. */
function checkedRule(name: string, input: string, rule: AnyRule, onceDifferentiable: boolean) {
  return (dy: Tensor | Tensor[], n: Node, index: number): Tensor | null => {
    const saved = keptBy.get(n);
    saved?.check(n);
    const view = Object.create(n, { kept: { value: saved?.values } }) as object;
    const g = onceDifferentiable ? noGrad(() => rule(dy, view, index)) : rule(dy, view, index);
    if (g === null) return null;
    if (!(g instanceof Tensor))
      throw new AutogradError(`${name}: the derivative of ${input} must give a tensor or null, got ${describe(g)}`);
    return onceDifferentiable && gradMode.recording ? constantFor(name, g, n) : g;
  };
}

/** `g` with a history that says that it has none. */
function constantFor(name: string, g: Tensor, n: Node): Tensor {
  const refuse: Op = {
    name,
    inputs: 1,
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
  const node = new Node(refuse, []);
  const i = Array.from({ length: n.inputCount }, (_, k) => k).find((k) => n.nextOf(k) !== null)!;
  node.nextA = n.nextOf(i);
  node.outputA = n.outputOf(i);
  node.shapeA = n.shapeOf(i);
  node.dtypeA = n.dtypeOf(i);
  const y = g.detach();
  setHistory(y, node, 0);
  return y;
}

const listOf = (y: Outputs): readonly Tensor[] => (y instanceof Tensor ? [y] : y);

/**
 * Runs `forward` without recording. Its outputs are tensors of their own, which get a history of their own.
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
