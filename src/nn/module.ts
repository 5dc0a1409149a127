import type { RemovableHandle } from '../autograd';
import { whole } from '../cancellation';
import { describe } from '../describe';
import { DtypeError, ValueError } from '../errors';
import { checkSwitch } from '../options';
import { type Dtype, isFloat, refuseDevice } from '../tensor/dtype';
import { Tensor } from '../tensor/tensor';
import { cloneModule } from './clone';
import { type BackwardHook, type BackwardPreHook, type ForwardHook, type ForwardPreHook, ModuleHooks } from './hooks';
import { invoke, isModule, ModuleTree } from './module-tree';
import { Buffer, type BufferOptions, isBuffer, isParameter, type Parameter } from './parameter';
import { type LoadResult, loadState, type StateDict, stateOf } from './state';

/** Any module, with any inputs and output. */
export type AnyModule = Module<never, unknown>;

export interface Module<A extends unknown[] = [input: Tensor], R = Tensor> {
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
 * Layers in plain arrays, maps and objects are not found, as in PyTorch; write `nn.ModuleList` or `nn.ModuleDict`. `parameters()` and
 * `stateDict()` warn of them, and of plain tensors that require a gradient.
 *
 * What replaces a parameter, a buffer or a module must be one. JavaScript lets a plain tensor be assigned, `net.scale = tensor(2)`;
 * the next listing (`parameters()`, `stateDict()`, `train()`, …) is then an error, if what stood there is known: of the library's
 * layers and of copies from their making on, of a class of one's own from its first listing, mostly for the optimizer.
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
export abstract class Module<A extends unknown[] = [input: Tensor], R = Tensor> extends ModuleTree {
  /** Whether the module is in training mode (`torch.nn.Module.training`); see {@link Module.train}. */
  training = true;
  #hooks: ModuleHooks | null = null;

  /** Computes the output. Call the module itself, `net(x)`, rather than this method (`torch.nn.Module.forward`). */
  abstract forward(...input: A): R;

  /** @internal */
  [invoke](...input: A): R {
    return this.#hooks === null ? this.forward(...input) : (this.#hooks.run(this as unknown as AnyModule, input) as R);
  }

  /** Whether hooks are registered. @internal */
  get isHooked(): boolean {
    return this.#hooks !== null;
  }

  // The hooks take their types from `this` and not from the class, so that every module is an AnyModule.
  #withHooks(): ModuleHooks {
    this.#hooks ??= new ModuleHooks();
    return this.#hooks;
  }

  /**
   * Calls `hook` with the module and its inputs before each call of the module; what it returns, if anything, replaces
   * the inputs (`torch.nn.Module.register_forward_pre_hook`).
   */
  registerForwardPreHook<M, I extends unknown[], O>(
    this: M & Module<I, O>,
    hook: ForwardPreHook<M, I>,
  ): RemovableHandle {
    return this.#withHooks().forwardPre.add(hook as never);
  }

  /**
   * Calls `hook` with the module, its inputs and its output after each call of the module; what it returns, if anything,
   * replaces the output (`torch.nn.Module.register_forward_hook`).
   */
  registerForwardHook<M, I extends unknown[], O>(this: M & Module<I, O>, hook: ForwardHook<M, I, O>): RemovableHandle {
    return this.#withHooks().forward.add(hook as never);
  }

  /**
   * Calls `hook` in each backward pass with the gradients of the module's outputs, before they go through the module;
   * what it returns, if anything, replaces them (`torch.nn.Module.register_full_backward_pre_hook`).
   */
  registerFullBackwardPreHook<M>(this: M & AnyModule, hook: BackwardPreHook<M>): RemovableHandle {
    return this.#withHooks().backwardPre.add(hook as never);
  }

  /**
   * Calls `hook` in each backward pass with the gradients of the module's inputs and outputs, `null` where there is none;
   * what it returns, if anything, replaces the gradients of the inputs
   * (`torch.nn.Module.register_full_backward_hook`). The inputs and outputs must not be modified in place.
   */
  registerFullBackwardHook<M>(this: M & AnyModule, hook: BackwardHook<M>): RemovableHandle {
    return this.#withHooks().backward.add(hook as never);
  }

  /**
   * Sets a property to a buffer, or `null`, by a computed name (`torch.nn.Module.register_buffer`); otherwise write
   * `running = new nn.Buffer(…)`.
   * @throws {ValueError} if the name is empty, has a dot or is taken, or the value is not a tensor.
   */
  registerBuffer(name: string, tensor: Tensor | null, options: BufferOptions = {}): void {
    if (tensor !== null && !(tensor instanceof Tensor))
      throw new ValueError(`registerBuffer: ${name} is ${describe(tensor)}, not a tensor`);
    setMember(this, 'registerBuffer', name, tensor === null ? null : new Buffer(tensor, options), isBuffer);
  }

  /**
   * Sets a property to a parameter, or `null`, by a computed name (`torch.nn.Module.register_parameter`); otherwise
   * write `weight = new nn.Parameter(…)`.
   * @throws {ValueError} if the name is empty, has a dot or is taken, or the value is not a parameter.
   */
  registerParameter(name: string, param: Parameter | null): void {
    if (param !== null && !isParameter(param))
      throw new ValueError(`registerParameter: ${name} is not a parameter; create one with new nn.Parameter(…)`);
    setMember(this, 'registerParameter', name, param, isParameter);
  }

  /**
   * Sets a property to a module, or `null`, by a computed name (`torch.nn.Module.add_module`); otherwise write
   * `layer = new nn.Linear(…)`.
   * @throws {ValueError} if the name is empty, has a dot or is taken, or the value is not a module.
   */
  addModule(name: string, module: AnyModule | null): void {
    if (module !== null && !isModule(module))
      throw new ValueError(`addModule: ${name} is ${describe(module)}, not a module`);
    setMember(this, 'addModule', name, module, isModule);
  }

  /** Sets this module and all inside it to training mode, or to evaluation mode (`torch.nn.Module.train`). */
  train(mode = true): this {
    checkSwitch('train', mode);
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** `train(false)`: for layers that behave differently in training, such as dropout (`torch.nn.Module.eval`). */
  eval(): this {
    return this.train(false);
  }

  /** Sets whether the parameters are trained (`torch.nn.Module.requires_grad_`). */
  requiresGrad_(requiresGrad = true): this {
    checkSwitch('requiresGrad_', requiresGrad);
    for (const parameter of this.parameters()) parameter.requiresGrad = requiresGrad;
    return this;
  }

  /** Resets the gradients of all parameters to `null`, or to zeros (`torch.nn.Module.zero_grad`). */
  zeroGrad(options: ZeroGradOptions = {}): void {
    clearGrads(this.parameters(), options);
  }

  /**
   * Converts all floating-point parameters and buffers, in place, with their gradients (`torch.nn.Module.to`).
   * Optimizers of these parameters remain valid.
   * @throws {DtypeError} if the dtype is not a float.
   */
  to(dtype: Dtype): this {
    refuseDevice(dtype);
    if (!isFloat(dtype))
      throw new DtypeError(
        `to: a module has float32 or float64 parameters, ${describe(dtype)} is not a floating-point dtype`,
      );
    whole(() => {
      for (const x of [...this.parameters(), ...this.buffers()]) {
        if (!isFloat(x.dtype) || x.dtype === dtype) continue;
        const grad = x.grad;
        x.grad = null;
        x.become(x.detach().to(dtype));
        if (grad !== null) x.grad = grad.detach().to(dtype);
      }
    });
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
    if (typeof visit !== 'function') throw new ValueError(`apply: needs a function of modules, got ${describe(visit)}`);
    for (const child of this.children()) child.apply(visit);
    visit(this as unknown as AnyModule);
    return this;
  }

  /**
   * All parameters and persistent buffers by path, sharing memory with the module but without gradients; copy them with
   * `clone()` to keep values (`torch.nn.Module.state_dict`). `prefix` is prepended to every path unchanged.
   */
  stateDict(options: { prefix?: string } = {}): StateDict {
    const { prefix = '' } = options;
    // Warns of parameters that the state omits.
    this.namedParameters();
    return stateOf(this as unknown as AnyModule, prefix);
  }

  /**
   * Copies values into the parameters and buffers, by path (`torch.nn.Module.load_state_dict`). Nothing is changed if it throws.
   * @throws {ValueError} if names are missing or unexpected, unless `strict` is `false`; {@link ShapeError} if the shape
   * of a value differs.
   */
  loadStateDict(state: StateDict, options: { strict?: boolean } = {}): LoadResult {
    return loadState(this as unknown as AnyModule, state, options.strict ?? true);
  }

  /**
   * A copy that shares nothing with the module (`copy.deepcopy(net)`): its own parameters, buffers and modules, and a
   * copy of whatever else its properties hold: lists, objects, maps, tensors. Shared objects, such as a tied weight,
   * stay shared in the copy. Modes, `requiresGrad` and hooks are copied; functions, hooks among them, are the same;
   * gradients of parameters are not copied. No constructor is run, and no random number drawn. A module inside whose
   * class has a `clone()` of its own is copied by that.
   * @throws {AutogradError} if a property holds a tensor that is the result of a recorded operation;
   *   {@link ValueError} for what cannot be copied from outside: an object with private names (`#x`), or one such as a
   *   promise.
   */
  clone(): this {
    // Only the constructor of Module runs, not that of the class.
    const begin = (module: AnyModule) => {
      const copy: AnyModule = Reflect.construct(Module, [], Object.getPrototypeOf(module).constructor);
      copy.#hooks = module.#hooks?.copy() ?? null;
      return copy;
    };
    return cloneModule(this as unknown as AnyModule, begin, Module.prototype) as unknown as this;
  }

  /** The value for `JSON.stringify`: `stateDict()`, with tensors as nested lists. */
  toJSON(): StateDict {
    return this.stateDict();
  }

  /** The text between the parentheses when the module is printed; layers override it. */
  extraRepr(): string {
    return '';
  }

  /** The text for the inner modules when the module is printed: one or more lines for each. @internal */
  childLines(): string[] {
    return this.members().flatMap(([name, value]) =>
      isModule(value) ? [`(${name}): ${indented(String(value))}`] : [],
    );
  }

  /** PyTorch's printed form, such as `Linear(inFeatures=2, outFeatures=3, bias=True)`. */
  override toString(): string {
    const extra = this.extraRepr();
    const children = this.childLines();
    const name = this.constructor.name;
    if (children.length === 0 && !extra.includes('\n')) return `${name}(${extra})`;
    const lines = [...(extra === '' ? [] : extra.split('\n')), ...children];
    return `${name}(\n${lines.map((line) => `  ${line}\n`).join('')})`;
  }

  /** The output of Node's `console.log` and stock tslab. @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** The output in a notebook for a module at the end of a cell. @internal */
  [Symbol.for('Jupyter.display')](): { 'text/plain': string } {
    return { 'text/plain': this.toString() };
  }

  /** The description of a module in the variables panel: its inner modules and the number of parameters. @internal */
  [Symbol.for('Jupyter.summary')](): string {
    const inside = [...this.children()].map((child) => child.constructor.name);
    const more = inside.length > 6 ? `, … ${inside.length - 6} more` : '';
    const parameters = [...this.parameters()];
    const count = (of: readonly { numel(): number }[]) => of.reduce((sum, x) => sum + x.numel(), 0);
    const trained = count(parameters.filter((x) => x.requiresGrad));
    const total = count(parameters);
    return [
      `${this.constructor.name}(${this.extraRepr().replaceAll('\n', ', ')}), ${this.training ? 'training' : 'evaluation'} mode`,
      ...(inside.length > 0 ? [`${inside.slice(0, 6).join(' → ')}${more}`] : []),
      `${total.toLocaleString('en')} parameters${trained === total ? '' : `, ${trained.toLocaleString('en')} of them trained`}`,
    ].join('\n');
  }
}

/** Sets a property that does not exist, or has the same kind. */
function setMember(
  module: object,
  op: string,
  name: string,
  value: unknown,
  isKind: (value: unknown) => boolean,
): void {
  if (typeof name !== 'string') throw new ValueError(`${op}: a name is a text, got ${describe(name)}`);
  if (name === '' || name.includes('.'))
    throw new ValueError(`${op}: '${name}' cannot be a name; it must not be empty, nor have a dot`);
  const present = (module as Record<string, unknown>)[name] ?? null;
  if (present !== null && !isKind(present))
    throw new ValueError(`${op}: the name ${name} is taken already; choose another`);
  Object.assign(module, { [name]: value });
}

/** Indents all lines but the first by two. @internal */
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
