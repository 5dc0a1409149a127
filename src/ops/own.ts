import { noGrad } from '../autograd/mode';
import { ValueError } from '../errors';
import { type Tensor, tensorsMade } from '../tensor/tensor';
import { functionOf } from './define';
import {
  dataDependent,
  type InputNames,
  type notDifferentiable,
  type notImplemented,
  type Rule,
  type Saved,
} from './rule';
import { opTable, register, type TableEntry } from './table';

/**
 * Gradients under every name that an input can have. Names that do not depend on `A` let TypeScript know the types of
 * the parameters while it is still working out `A`.
 */
type OwnGradients<A extends unknown[]> = {
  readonly [K in 'x' | 'a' | 'b' | 'c' | 'xs']?:
    | ((dy: Tensor, n: Saved<A, InputNames<A>>, index: number) => Tensor)
    | typeof notDifferentiable
    | ReturnType<typeof notImplemented>;
};

/** What {@link defineOp} needs to know of an operation of your own. */
export type OwnOp<A extends unknown[], R extends Tensor> = {
  /**
   * For each tensor input (`x`; `a` and `b`; `a`, `b` and `c`; or a list `xs`) its vector-Jacobian product, a function of
   * the gradient of the result and of what was saved; or `notDifferentiable`.
   */
  readonly vjp: { readonly [K in InputNames<A>]: unknown } & OwnGradients<A>;
} & Partial<Pick<Rule<A, R>, 'math' | 'vjpMath' | 'saves' | 'gradFn'>> & {
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
 * @throws {ValueError} if the name is not made of letters, digits and `_`, or is that of a built-in operation.
 */
export function defineOp<A extends [Tensor, ...unknown[]]>(own: OwnOp<A, Tensor>): (...args: A) => Tensor {
  const own_ = own as unknown as OwnOp<[Tensor], Tensor>;
  if (!/^\w+$/.test(own_.name))
    throw new ValueError(`defineOp: '${own_.name}' is not a name; use letters, digits and _ only`);
  const existing = opTable.get(own_.name);
  if (existing !== undefined && !ownOps.has(existing))
    throw new ValueError(`defineOp: ${own_.name} is one of gradlab's own operations; choose another name`);
  const names = Object.keys(own_.vjp).sort();
  const rule = {
    torch: `${own_.name}(${names.join(', ')})`,
    math: own_.math ?? `y = \\operatorname{${own_.name}}(${names.join(', ')})`,
    vjpMath: own_.vjpMath ?? {},
    saves: own_.saves ?? [...names, 'y'],
    shape: dataDependent,
    forward: (...args: [Tensor]) => noGrad(() => newTensor(() => own_.forward(...args))),
    vjp: own_.vjp,
    gradFn: own_.gradFn,
    samples: [],
  };
  opTable.delete(own_.name);
  const op = register(own_.name, rule, false);
  ownOps.add(op);
  return functionOf(op) as (...args: A) => Tensor;
}

/** What `forward` gives, copied if it is an input, a view or an older tensor: the result gets a history of its own. */
function newTensor(forward: () => Tensor): Tensor {
  const before = tensorsMade();
  const y = forward();
  return y.birth > before && y.owner === null ? y : y.clone();
}

/** Operations that a user has defined: the numeric checks of the table leave them out. @internal */
export const ownOps = new Set<TableEntry>();
