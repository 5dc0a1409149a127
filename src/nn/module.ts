import { noGrad } from '../autograd';
import { DtypeError, ShapeError, ValueError } from '../errors';
import { type Dtype, isFloat } from '../tensor/dtype';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import { type Buffer, isBuffer, isParameter, type Parameter } from './parameter';

/** Any module, whatever it takes and gives. */
export type AnyModule = Module<never, unknown>;

/** Parameters (and buffers) by name, such as `'0.weight'`. */
export type StateDict = Record<string, Tensor>;

/** Option of the methods that look through a module. */
export interface RecurseOption {
  /** Look into the modules inside as well; default `true`. */
  recurse?: boolean;
}

/** What `loadStateDict` found to differ; both empty if it was strict. */
export interface LoadResult {
  /** Names the module has and the state has not. */
  missingKeys: string[];
  /** Names the state has and the module has not. */
  unexpectedKeys: string[];
}

export interface Module<A extends unknown[] = [Tensor], R = Tensor> {
  /** Computes the output: `net(x)` runs `net.forward(x)` (`torch.nn.Module.__call__`). */
  // biome-ignore lint/style/useShorthandFunctionType: it merges with the class of the same name
  (...input: A): R;
}

/**
 * Base class of all networks and layers (`torch.nn.Module`). Write a subclass with the layers as properties and a
 * method `forward`; then call the module like a function.
 *
 * Parameters and modules are found among the properties, in the order in which they were set. `A` are the types of
 * the inputs and `R` is the type of the output, for modules other than one tensor to one tensor.
 *
 * @example
 * class Net extends nn.Module {
 *   hidden = new nn.Linear(2, 8);
 *   output = new nn.Linear(8, 1);
 *   forward(x: Tensor) {
 *     return this.output(this.hidden(x).relu());
 *   }
 * }
 * const net = new Net();
 * net(rand([5, 2])).shape // [5, 1]
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor makes a function of this kind
export abstract class Module<A extends unknown[] = [Tensor], R = Tensor> {
  /** Whether the module is in training mode (`torch.nn.Module.training`); see {@link Module.train}. */
  declare training: boolean;

  constructor() {
    // A module is a function, so that net(x) works as in PyTorch. What a class declares is set on that function.
    const module = ((...input: A) => module.forward(...input)) as this;
    delete (module as { name?: string }).name;
    delete (module as { length?: number }).length;
    Object.setPrototypeOf(module, new.target.prototype);
    module.training = true;
    // biome-ignore lint/correctness/noConstructorReturn: the function takes the place of the object
    return module;
  }

  /** Computes the output. Call the module itself, `net(x)`, rather than this method (`torch.nn.Module.forward`). */
  abstract forward(...input: A): R;

  /** The properties in the order in which they were set, among them parameters, buffers and modules. @internal */
  members(): [string, unknown][] {
    return Object.entries(this);
  }

  /** The modules among the properties, by name (`torch.nn.Module.named_children`); each module once. */
  namedChildren(): [string, AnyModule][] {
    const children = new Map<AnyModule, string>();
    for (const [name, value] of this.members())
      if (value instanceof Module && !children.has(value)) children.set(value, name);
    return [...children].map(([child, name]) => [name, child]);
  }

  /** The modules among the properties (`torch.nn.Module.children`). */
  children(): AnyModule[] {
    return this.namedChildren().map(([, child]) => child);
  }

  /**
   * This module (named `''`) and all inside it, by path such as `'encoder.0'` (`torch.nn.Module.named_modules`); each
   * module once.
   */
  namedModules(): [string, AnyModule][] {
    const found = new Map<AnyModule, string>();
    const visit = (module: AnyModule, path: string) => {
      if (found.has(module)) return;
      found.set(module, path);
      for (const [name, child] of module.namedChildren()) visit(child, join(path, name));
    };
    visit(this as unknown as AnyModule, '');
    return [...found].map(([module, path]) => [path, module]);
  }

  /** This module and all inside it (`torch.nn.Module.modules`). */
  modules(): AnyModule[] {
    return this.namedModules().map(([, module]) => module);
  }

  /**
   * The parameters by path, such as `'hidden.weight'`, in the order in which they were set; each parameter once
   * (`torch.nn.Module.named_parameters`).
   */
  namedParameters(options: RecurseOption = {}): [string, Parameter][] {
    return this.namedTensors(isParameter, options);
  }

  /** The parameters, each once: what an optimizer takes (`torch.nn.Module.parameters`). */
  parameters(options: RecurseOption = {}): Parameter[] {
    return this.namedParameters(options).map(([, parameter]) => parameter);
  }

  /** The buffers by path; each buffer once (`torch.nn.Module.named_buffers`). */
  namedBuffers(options: RecurseOption = {}): [string, Buffer][] {
    return this.namedTensors(isBuffer, options);
  }

  /** The buffers, each once (`torch.nn.Module.buffers`). */
  buffers(options: RecurseOption = {}): Buffer[] {
    return this.namedBuffers(options).map(([, buffer]) => buffer);
  }

  /** The tensors of one kind by path, each once; those of a module before those of the modules inside. */
  private namedTensors<T>(isKind: (value: unknown) => value is T, { recurse = true }: RecurseOption): [string, T][] {
    const found = new Map<T, string>();
    for (const [path, module] of recurse ? this.namedModules() : [['', this] as const])
      for (const [name, value] of module.members())
        if (isKind(value) && !found.has(value)) found.set(value, join(path, name));
    return [...found].map(([tensor, path]) => [path, tensor]);
  }

  /** Puts this module and all inside it into training mode, or out of it (`torch.nn.Module.train`). */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** `train(false)`: for layers that behave differently when trained, such as dropout (`torch.nn.Module.eval`). */
  eval(): this {
    return this.train(false);
  }

  /** Sets whether the parameters are trained (`torch.nn.Module.requires_grad_`). */
  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = requiresGrad;
    return this;
  }

  /** Forgets the gradients of all parameters; see {@link clearGrads} (`torch.nn.Module.zero_grad`). */
  zeroGrad(options: ZeroGradOptions = {}): void {
    clearGrads(this.parameters(), options);
  }

  /**
   * Converts all floating-point parameters and buffers, in place, with their gradients (`torch.nn.Module.to`). An
   * optimizer that has them goes on with them.
   * @throws {DtypeError} if the dtype is not a float.
   */
  to(dtype: Dtype): this {
    if (!isFloat(dtype))
      throw new DtypeError(`to: a module has float32 or float64 parameters, ${dtype} is no floating-point dtype`);
    for (const x of [...this.parameters(), ...this.buffers()]) {
      if (!isFloat(x.dtype) || x.dtype === dtype) continue;
      const grad = x.grad;
      x.grad = null;
      x.become(x.detach().to(dtype));
      if (grad !== null) x.grad = grad.detach().to(dtype);
    }
    return this;
  }

  /** `to('float32')` (`torch.nn.Module.float`). */
  float(): this {
    return this.to('float32');
  }

  /** `to('float64')` (`torch.nn.Module.double`). */
  double(): this {
    return this.to('float64');
  }

  /** Calls `visit` on every module inside, innermost first, and then on this one (`torch.nn.Module.apply`). */
  apply(visit: (module: AnyModule) => void): this {
    for (const child of this.children()) child.apply(visit);
    visit(this as unknown as AnyModule);
    return this;
  }

  /**
   * All parameters and persistent buffers by path, sharing memory with the module but without gradients; copy them with
   * `clone()` to keep values (`torch.nn.Module.state_dict`).
   */
  stateDict(): StateDict {
    const state: StateDict = {};
    const visit = (module: AnyModule, path: string) => {
      const entries = module.members();
      for (const [name, value] of entries) if (isParameter(value)) state[join(path, name)] = value.detach();
      for (const [name, value] of entries)
        if (isBuffer(value) && value.persistent) state[join(path, name)] = value.detach();
      for (const [name, value] of entries) if (value instanceof Module) visit(value, join(path, name));
    };
    visit(this as unknown as AnyModule, '');
    return state;
  }

  /**
   * Copies values into the parameters and buffers, by path (`torch.nn.Module.load_state_dict`). Nothing is changed if it throws.
   * @throws {ValueError} if names are missing or unexpected, unless `strict` is `false`; {@link ShapeError} if the shape
   * of a value differs.
   */
  loadStateDict(state: StateDict, options: { strict?: boolean } = {}): LoadResult {
    const own = this.stateDict();
    const missingKeys = Object.keys(own).filter((key) => !(key in state));
    const unexpectedKeys = Object.keys(state).filter((key) => !(key in own));
    const shared = Object.keys(own).filter((key) => key in state);
    const misfits = shared.filter(
      (key) => !(state[key] instanceof Tensor) || !sameShape(state[key].shape, own[key].shape),
    );
    const faults = misfits.map((key) => {
      const given = state[key] instanceof Tensor ? formatShape(state[key].shape) : `no tensor but ${typeof state[key]}`;
      return `shape of ${key}: the module has ${formatShape(own[key].shape)}, the state ${given}`;
    });
    const strict = options.strict ?? true;
    if (strict && unexpectedKeys.length > 0) faults.unshift(`unexpected: ${unexpectedKeys.join(', ')}`);
    if (strict && missingKeys.length > 0) faults.unshift(`missing: ${missingKeys.join(', ')}`);
    if (faults.length > 0) {
      const message = `loadStateDict: the state does not fit ${this.constructor.name}: ${faults.join('; ')}`;
      throw misfits.length === faults.length ? new ShapeError(message) : new ValueError(message);
    }
    noGrad(() => {
      for (const key of shared) own[key].copy_(state[key]);
    });
    return { missingKeys, unexpectedKeys };
  }

  /** What stands between the parentheses when the module is printed; layers override it. */
  extraRepr(): string {
    return '';
  }

  /** What stands for the modules inside when the module is printed: one line each, or several. @internal */
  childLines(): string[] {
    return this.members().flatMap(([name, value]) =>
      value instanceof Module ? [`(${name}): ${indented(String(value))}`] : [],
    );
  }

  /** PyTorch's printed form, such as `Linear(inFeatures=2, outFeatures=3, bias=True)`. */
  toString(): string {
    const extra = this.extraRepr();
    const children = this.childLines();
    const name = this.constructor.name;
    if (children.length === 0 && !extra.includes('\n')) return `${name}(${extra})`;
    const lines = [...(extra === '' ? [] : extra.split('\n')), ...children];
    return `${name}(\n${lines.map((line) => `  ${line}\n`).join('')})`;
  }

  /** What Node's `console.log` and stock tslab print. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** What a notebook shows for a module at the end of a cell. */
  [Symbol.for('Jupyter.display')](): { 'text/plain': string } {
    return { 'text/plain': this.toString() };
  }
}

/** A path one level deeper. */
function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** All lines but the first moved in by two. @internal */
export function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/** Option of `zeroGrad`. */
export interface ZeroGradOptions {
  /** Set gradients to `null` (the default), or fill them with zeros. */
  setToNone?: boolean;
}

/** Forgets gradients. @internal */
export function clearGrads(parameters: Iterable<Tensor>, { setToNone = true }: ZeroGradOptions): void {
  for (const parameter of parameters) {
    if (setToNone || parameter.grad === null) parameter.grad = null;
    else {
      // A gradient made with createGraph has a history, which ends here.
      if (parameter.grad.requiresGrad) parameter.grad = parameter.grad.detach();
      parameter.grad.zero_();
    }
  }
}
