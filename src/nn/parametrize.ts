import { noGrad } from '../autograd/mode';
import { whole } from '../cancellation';
import { describe } from '../describe';
import { AutogradError, DtypeError, NotImplementedError, ShapeError, ValueError } from '../errors';
import { requireTensor } from '../ops/table/arguments';
import { checkKind } from '../options';
import { soon } from '../platform';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { ListCollection } from './collections';
import { ModuleDict, ModuleList } from './containers';
import type { AnyModule } from './module';
import { isModule } from './module-tree';
import { Buffer, isBuffer, isParameter, Parameter } from './parameter';

/**
 * A module that computes a tensor from another of the same shape and dtype, or from several. `rightInverse` returns the
 * tensor, or the list of tensors, from which `forward` computes `x`.
 */
export type Parametrization = AnyModule & { rightInverse?(x: Tensor): Tensor | readonly Tensor[] };

/** Options of {@link registerParametrization}. */
export interface RegisterParametrizationOptions {
  /** Let the parametrization change shape and dtype, without checks; default `false`. */
  unsafe?: boolean;
}

const called = (module: AnyModule, ...input: unknown[]): unknown => module(...(input as never));

/**
 * The parametrizations of one tensor, and their inputs: `original`, or `original0`, `original1`, … where the first has
 * several inputs (`torch.nn.utils.parametrize.ParametrizationList`). Calling it computes the tensor.
 * @throws {ValueError} if there is no parametrization, or what one gives is no tensor; {@link ShapeError} and
 *   {@link DtypeError} if it has another shape or dtype, unless `unsafe` is set.
 */
export class ParametrizationList extends ListCollection<AnyModule, [], Tensor> {
  /** The input of the parametrizations, if it is a single tensor. */
  declare original?: Parameter | Buffer;
  /** Whether the tensor is computed from one tensor. */
  readonly isTensor: boolean;
  /** The number of tensors that it is computed from. */
  readonly ntensors: number;
  /** Whether shapes and dtypes are unchecked. */
  unsafe: boolean;

  constructor(modules: readonly Parametrization[], original: Parameter | Buffer, unsafe = false) {
    if (!Array.isArray(modules) || modules.length === 0 || !modules.every(isModule))
      throw new ValueError('ParametrizationList: give a list of one parametrization or more, which are modules');
    requireTensor('ParametrizationList', original, 'what is parametrized');
    super();
    this.extend(modules);
    this.unsafe = unsafe;
    const from = noGrad(() => beforeAll(modules, original));
    this.isTensor = from instanceof Tensor;
    const list = from instanceof Tensor ? [from] : from;
    this.ntensors = list.length;
    if (from instanceof Tensor) {
      if (from.dtype !== original.dtype)
        throw new DtypeError(
          `registerParametrization: rightInverse returned ${from.dtype} for ${original.dtype}; a single tensor must keep its dtype`,
        );
      Object.assign(this, { original: takenOver(original, from) });
    } else
      list.forEach((x, i) => {
        Object.assign(this, { [`original${i}`]: alike(original, x) });
      });
    if (!unsafe) checkResult('registerParametrization', this(), original);
  }

  /** @internal */
  protected acceptedEntry(name: string, value: AnyModule): AnyModule {
    if (!isModule(value))
      throw new ValueError(`registerParametrization: parametrization ${name} must be a module, got ${describe(value)}`);
    return value;
  }

  /** The inputs of the parametrizations, in a list. */
  get originals(): (Parameter | Buffer)[] {
    const own = this as unknown as Record<string, Parameter | Buffer>;
    return this.isTensor ? [this.original!] : Array.from({ length: this.ntensors }, (_, i) => own[`original${i}`]);
  }

  forward(): Tensor {
    const [first, ...others] = this;
    return others.reduce((x, module) => called(module, x), called(first, ...this.originals)) as Tensor;
  }

  /**
   * Sets the inputs of the parametrizations so that the tensor becomes `value`
   * (`torch.nn.utils.parametrize.ParametrizationList.right_inverse`). Nothing is changed if it throws.
   * @throws {ValueError} if a parametrization has no `rightInverse`, or it gives no tensors; {@link ShapeError} for
   *   those of another shape.
   */
  rightInverse(value: Tensor): void {
    let from: Tensor | readonly Tensor[] = value;
    noGrad(() => {
      for (const module of ([...this] as Parametrization[]).reverse()) {
        if (typeof module.rightInverse !== 'function')
          throw new ValueError(
            `parametrize: ${module.constructor.name} has no rightInverse, so the tensor cannot be set; ` +
              'change what it is computed from, parametrizations.….original',
          );
        from = module.rightInverse(from as Tensor);
      }
    });
    const list = (from instanceof Tensor ? [from] : from) as readonly Tensor[];
    const originals = this.originals;
    if (list.length !== originals.length || !list.every((x) => x instanceof Tensor))
      throw new ValueError(`parametrize: rightInverse must return ${originals.length} tensors, as before`);
    list.forEach((x, i) => {
      if (!sameShape(x.shape, originals[i].shape))
        throw new ShapeError(
          `parametrize: rightInverse returned shape ${formatShape(x.shape)} in place of ${formatShape(originals[i].shape)}`,
        );
    });
    whole(() => noGrad(() => list.map((x, i) => originals[i].copy_(x))));
  }

  /** @internal */
  override childLines(): string[] {
    return ModuleList.prototype.childLines.call(this as never);
  }
}

/**
 * Applies the right inverses from last to first, so that the parametrizations result in `x`; a module without
 * `rightInverse` passes it on.
 */
function beforeAll(modules: readonly Parametrization[], x: Tensor): Tensor | readonly Tensor[] {
  let from: Tensor | readonly Tensor[] = x;
  for (const module of [...modules].reverse()) {
    const given = inverted(module, from as Tensor);
    if (given !== null) from = given;
  }
  const list: readonly unknown[] = from instanceof Tensor ? [from] : from;
  if (!Array.isArray(list) || list.length === 0 || !list.every((t) => t instanceof Tensor))
    throw new ValueError(
      `registerParametrization: rightInverse must return a tensor or a list of tensors, got ${Array.isArray(from) ? 'a list of others' : describe(from)}`,
    );
  return from;
}

function inverted(module: Parametrization, x: Tensor): Tensor | readonly Tensor[] | null {
  if (typeof module.rightInverse !== 'function') return null;
  try {
    return module.rightInverse(x);
  } catch (error) {
    if (error instanceof NotImplementedError) return null;
    throw error;
  }
}

/** Returns a parameter or buffer like `original`, with the values of `x`. */
function alike(original: Parameter | Buffer, x: Tensor): Parameter | Buffer {
  return isParameter(original)
    ? new Parameter(x.detach(), { requiresGrad: original.requiresGrad })
    : new Buffer(x.detach(), { persistent: original.persistent });
}

/**
 * Returns `original` with the values of `x`. It is the same object if the shape is the same, so that an optimizer keeps
 * it.
 */
function takenOver(original: Parameter | Buffer, x: Tensor): Parameter | Buffer {
  if (x === original) return original;
  if (!sameShape(x.shape, original.shape)) return alike(original, x);
  noGrad(() => original.copy_(x));
  return original;
}

/** @throws {ValueError} for what is no tensor; {@link ShapeError}, {@link DtypeError} for one unlike `before`. */
function checkResult(op: string, x: unknown, before: Tensor, what = 'a parametrization'): void {
  if (!(x instanceof Tensor)) throw new ValueError(`${op}: ${what} must return a tensor, got ${describe(x)}`);
  if (x.dtype !== before.dtype)
    throw new DtypeError(
      `${op}: ${what} returned ${x.dtype} for a ${before.dtype} tensor; it must keep the dtype, unless { unsafe: true } is set`,
    );
  if (!sameShape(x.shape, before.shape))
    throw new ShapeError(
      `${op}: ${what} returned shape ${formatShape(x.shape)} for ${formatShape(before.shape)}; it must keep the shape, ` +
        'unless { unsafe: true } is set',
    );
}

type Parametrized = AnyModule & { parametrizations: ModuleDict<ParametrizationList> };
/** Classes created for one module, with its class before. */
const classes = new WeakMap<object, object>();

/**
 * Computes a parameter or buffer of a module from another tensor, each time that it is used
 * (`torch.nn.utils.parametrize.register_parametrization`): `module.weight` becomes `parametrization(original)`, where
 * `original` is found as `module.parametrizations.get('weight').original`. A second parametrization is applied to the
 * result of the first. If there is a `rightInverse`, `original` is initialized with its result, and the tensor can be
 * set. Returns the module.
 *
 * @example
 * class Symmetric extends nn.Module {
 *   forward(x: Tensor) {
 *     return x.triu().add(x.triu(1).transpose(-1, -2));
 *   }
 * }
 * const net = nn.utils.parametrize.registerParametrization(new nn.Linear(3, 3), 'weight', new Symmetric());
 * net.weight.equal(net.weight.t()) // true
 * @throws {ValueError} if the module has no such parameter or buffer, or the parametrization gives no tensor;
 *   {@link ShapeError}, {@link DtypeError} if it changes shape or dtype and `unsafe` is not set.
 */
export function registerParametrization<M extends AnyModule>(
  module: M,
  tensorName: string,
  parametrization: Parametrization,
  options: RegisterParametrizationOptions = {},
): M {
  const { unsafe = false } = options;
  if (!isModule(module) || !isModule(parametrization))
    throw new ValueError('registerParametrization: expected a module, a name and a module that computes the tensor');
  if (typeof tensorName !== 'string')
    throw new ValueError(`registerParametrization: the name must be a text, got ${describe(tensorName)}`);
  const before = (module as unknown as Record<string, unknown>)[tensorName];
  if (isParametrized(module, tensorName)) {
    parametrization.train(module.training);
    const list = (module as unknown as Parametrized).parametrizations.get(tensorName);
    if (!unsafe) checkAppended(parametrization, before as Tensor);
    list.append(parametrization);
    list.unsafe ||= unsafe;
    return module;
  }
  if (!Object.hasOwn(module, tensorName) || !(isParameter(before) || isBuffer(before)))
    throw new ValueError(
      `registerParametrization: ${module.constructor.name} has no parameter or buffer ${tensorName}; it has ` +
        `${
          module
            .members()
            .flatMap(([name, x]) => (isParameter(x) || isBuffer(x) ? [name] : []))
            .join(', ') || 'none'
        }`,
    );
  parametrization.train(module.training);
  const list = new ParametrizationList([parametrization], before, unsafe);
  whole(() => {
    delete (module as unknown as Record<string, unknown>)[tensorName];
    if (!isParametrized(module)) Object.assign(module, { parametrizations: new ModuleDict<ParametrizationList>() });
    (module as unknown as Parametrized).parametrizations.set(tensorName, list);
    reclass(module as unknown as Parametrized);
  });
  return module;
}

function checkAppended(parametrization: Parametrization, y: Tensor): void {
  const op = 'registerParametrization';
  const x = called(parametrization, y);
  checkResult(op, x, y);
  const back = inverted(parametrization, x as Tensor);
  if (back !== null) checkResult(op, back, y, 'rightInverse of a further parametrization');
}

/**
 * Replaces the module's class by a subclass with accessors for the parametrized tensors; copies of the module use it,
 * too.
 */
function reclass(module: Parametrized): void {
  const now = Object.getPrototypeOf(module) as object;
  const before = classes.get(now) ?? now;
  const names = module.parametrizations.keys();
  if (names.length === 0) {
    Object.setPrototypeOf(module, before);
    return;
  }
  const made = class {};
  Object.defineProperty(made, 'name', { value: `Parametrized${before.constructor.name}` });
  Object.setPrototypeOf(made.prototype, before);
  for (const name of names) inject(made.prototype, name);
  classes.set(made.prototype, before);
  Object.setPrototypeOf(module, made.prototype);
}

function inject(prototype: object, name: string): void {
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: Parametrized): Tensor {
      const list = this.parametrizations.get(name);
      if (cachedDepth === 0) return list();
      let value = cache.get(list);
      if (value === undefined) {
        value = list();
        cache.set(list, value);
      }
      return value;
    },
    set(this: Parametrized, value: Tensor) {
      const list = this.parametrizations.get(name);
      list.rightInverse(value);
      cache.delete(list);
    },
  });
}

const cache = new Map<ParametrizationList, Tensor>();
let cachedDepth = 0;

/**
 * Runs `body`, in which each parametrized tensor is computed once, when it is first used
 * (`torch.nn.utils.parametrize.cached`): for weights that are used several times, as in recurrent networks. Returns what `body` returns.
 * @throws {AutogradError} if `body` is asynchronous.
 */
export function cached<T>(body: () => T): T {
  if (typeof body !== 'function') throw new ValueError(`cached: needs a function to run, got ${describe(body)}`);
  // An interrupt of a cell skips every `finally`.
  if (cachedDepth++ === 0)
    soon(() => {
      cachedDepth = 0;
      cache.clear();
    });
  try {
    const result = body();
    if (result instanceof Promise)
      throw new AutogradError(
        'cached: the body must not be asynchronous; put cached(() => …) around the synchronous parts',
      );
    return result;
  } finally {
    if (--cachedDepth <= 0) {
      cachedDepth = 0;
      cache.clear();
    }
  }
}

/** @throws {ValueError} unless it is a module. */
function requireModule(op: string, module: unknown): void {
  if (!isModule(module)) throw new ValueError(`${op}: expected a module, got ${describe(module)}`);
}

/**
 * Whether a module has parametrizations, or one of the tensor of a name
 * (`torch.nn.utils.parametrize.is_parametrized`).
 */
export function isParametrized(module: AnyModule, tensorName?: string): boolean {
  requireModule('isParametrized', module);
  if (tensorName !== undefined) checkKind('isParametrized', 'tensorName', tensorName, 'text');
  const all = (module as unknown as Partial<Parametrized>).parametrizations;
  if (!(all instanceof ModuleDict) || !classes.has(Object.getPrototypeOf(module))) return false;
  return tensorName === undefined ? all.size > 0 : all.has(tensorName);
}

/**
 * The class that a module had before it was parametrized (`torch.nn.utils.parametrize.type_before_parametrizations`).
 */
export function typeBeforeParametrizations(module: AnyModule): unknown {
  requireModule('typeBeforeParametrizations', module);
  const prototype = Object.getPrototypeOf(module) as object;
  return (classes.get(prototype) ?? prototype).constructor;
}

/** Options of {@link removeParametrizations}. */
export interface RemoveParametrizationsOptions {
  /** Keep the current value (the default), or restore the original value. */
  leaveParametrized?: boolean;
}

/**
 * Takes the parametrizations of a tensor away (`torch.nn.utils.parametrize.remove_parametrizations`), which becomes a
 * parameter or buffer again: with its current value, or, with `leaveParametrized: false`, with the original one.
 * Returns the module.
 * @throws {ValueError} if the tensor is not parametrized, or is computed from several and `leaveParametrized` is
 *   `false`.
 */
export function removeParametrizations<M extends AnyModule>(
  module: M,
  tensorName: string,
  options: RemoveParametrizationsOptions = {},
): M {
  requireModule('removeParametrizations', module);
  const { leaveParametrized = true } = options;
  if (!isParametrized(module, tensorName))
    throw new ValueError(`removeParametrizations: ${module.constructor.name} has no parametrization of ${tensorName}`);
  const { parametrizations } = module as unknown as Parametrized;
  const list = parametrizations.get(tensorName);
  if (!list.isTensor && !leaveParametrized)
    throw new ValueError(
      `removeParametrizations: ${tensorName} is computed from ${list.ntensors} tensors, to which it cannot go back; ` +
        'leave leaveParametrized out',
    );
  const [first] = list.originals;
  const tensor = leaveParametrized
    ? takenOver(
        first,
        noGrad(() => list()),
      )
    : first;
  whole(() => {
    parametrizations.pop(tensorName);
    cache.delete(list);
    reclass(module as unknown as Parametrized);
    if (parametrizations.size === 0) Reflect.deleteProperty(module, 'parametrizations');
    Object.assign(module, { [tensorName]: tensor });
  });
  return module;
}
