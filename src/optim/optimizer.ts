import { passes } from '../autograd/engine';
import { describe, noTensor } from '../describe';
import { repr } from '../display';
import { ShapeError, ValueError } from '../errors';
import { clearGrads, type ZeroGradOptions } from '../nn/module';
import { checkKind } from '../options';
import { formatShape, type Shape, sameShape } from '../tensor/shape';
import { Tensor, type TensorList } from '../tensor/tensor';
import { complete, copyOf } from './options';

/** The option that every optimizer has. */
export interface OptimizerOptions {
  /** Learning rate. */
  lr: number;
}

/** Entries of a group that schedulers set. */
export interface Scheduled {
  /** The learning rate from which a scheduler started; set by schedulers. */
  initialLr?: number;
  /** The learning rate of `SWALR`, which sets it. */
  swaLr?: number;
}

/** The entries of {@link Scheduled} that are there. */
const scheduled = ({ initialLr, swaLr }: Scheduled): Scheduled => ({
  ...(initialLr !== undefined && { initialLr }),
  ...(swaLr !== undefined && { swaLr }),
});

/** Parameters that are optimized with the same options; change an option between steps by assigning to it. */
export type ParamGroup<O> = O & Scheduled & { params: Tensor[] };

/** One group of parameters as given to an optimizer; options that are left out are those of the optimizer. */
export type ParamGroupInput<O> = Partial<O> & Scheduled & { params: TensorList | Tensor };

/** Parameters, or groups of them, for an optimizer. */
export type Params<O> = TensorList | Iterable<ParamGroupInput<O>>;

/** The state of one parameter between steps. */
export type ParamState = Record<string, Tensor | number | Tensor[] | number[]>;

/** The state of an optimizer as plain data; parameters are numbered in the order of the groups. */
export interface OptimizerStateDict<O> {
  state: Record<number, ParamState>;
  paramGroups: (O & Scheduled & { params: number[] })[];
}

/** The parameters that some optimizer has. */
const optimized = new WeakSet<Tensor>();

/** Whether some optimizer has a parameter. @internal */
export const isOptimized = (parameter: Tensor): boolean => optimized.has(parameter);

/** After so many steps in a row without a new gradient, each after a backward pass, {@link Optimizer} warns. */
const idleStepsToWarn = 3;

/**
 * Base class of all optimizers (`torch.optim.Optimizer`). `O` are the options of a group; `Optimizer` alone is any of them.
 *
 * It warns, once, when three steps in a row come after backward passes and none of its parameters has a new gradient: mostly it was made for
 * an earlier net. It does not warn if all parameters are frozen (`requiresGrad` false).
 */
export abstract class Optimizer<O extends OptimizerOptions = OptimizerOptions> {
  /** The groups of parameters with their options (`torch.optim.Optimizer.param_groups`). */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** The state of each parameter, from its first step on (`torch.optim.Optimizer.state`). */
  readonly state: Map<Tensor, ParamState> = new Map();
  /** The options of groups that do not set their own (`torch.optim.Optimizer.defaults`). */
  readonly defaults: O;
  /** How often `step` has run; schedulers warn if they are ahead of it. @internal */
  stepsTaken = 0;
  /** How many backward passes there had been at the last step. */
  private passesSeen = passes.count;
  /** How many steps in a row had no new gradient; `null` after the warning. */
  private idleSteps: number | null = 0;
  /** Versions of the gradients of former steps: an unchanged one is not new. */
  private readonly used = new WeakMap<Tensor, number>();

  /** @internal */
  constructor(params: Params<O>, defaults: O, options: Partial<O>) {
    this.defaults = complete(this.name, defaults, options);
    this.checkOptions(this.defaults);
    const entries = listOf(this.name, params);
    if (entries.length === 0)
      throw new ValueError(
        `${this.name}: the list of parameters is empty; pass net.parameters(). A net lists what its properties hold, ` +
          'layers and nn.Parameter, and nn.ModuleList; not what is in arrays, objects or private names (#layer)',
      );
    const groups = entries.some(isGroup) ? entries : [{ params: entries }];
    for (const group of groups) {
      if (!isGroup(group)) throw new ValueError(`${this.name}: parameters and groups { params } cannot be mixed`);
      this.addParamGroup(group as ParamGroupInput<O>);
    }
  }

  /** @internal */
  protected get name(): string {
    return this.constructor.name;
  }

  /** The options of a group. @throws {ValueError} if one is unknown, of another kind than its default, or out of range. */
  private completed(who: string, given: Partial<O>): O {
    const all = complete(who, this.defaults, given);
    for (const [name, value] of Object.entries(all)) {
      const kind = typeof this.defaults[name as keyof O];
      if (kind === 'number' || kind === 'boolean') checkKind(who, name, value, kind);
    }
    this.checkOptions(all);
    return all;
  }

  /** @throws {ValueError} if an option is out of range. @internal */
  protected abstract checkOptions(options: O): void;

  /** Changes the parameters (`torch.optim.Optimizer.step`). */
  abstract step(): void;
  abstract step<T>(closure: () => T): T;

  /**
   * Adds parameters with their own options (`torch.optim.Optimizer.add_param_group`).
   * @throws {ValueError} if an option is out of range, an entry is no leaf tensor, or a parameter is there already.
   */
  addParamGroup(group: ParamGroupInput<O>): void {
    if (!isGroup(group)) throw new ValueError(`${this.name}: a group is an object { params }, got ${describe(group)}`);
    const given = group.params instanceof Tensor ? [group.params] : listOf(this.name, group.params);
    const known = new Set(this.paramGroups.flatMap((g) => g.params));
    given.forEach((parameter, i) => {
      if (!(parameter instanceof Tensor))
        throw new ValueError(`${this.name}: parameter ${i} is ${describe(parameter)}, not a tensor`);
      if (!parameter.isLeaf && !parameter.retainsGrad)
        throw new ValueError(
          `${this.name}: parameter ${i} of shape ${formatShape(parameter.shape)} is not a leaf but a result ` +
            `(${parameter.gradFn?.name}); only leaves can be optimized, detach() makes one`,
        );
      if (known.has(parameter))
        throw new ValueError(
          `${this.name}: parameter ${i} of shape ${formatShape(parameter.shape)} appears twice; each belongs to one group, once`,
        );
      known.add(parameter);
    });
    const { params: _, initialLr: _initial, swaLr: _swa, ...options } = group;
    const all = this.completed(this.name, options as unknown as Partial<O>);
    this.paramGroups.push({ ...all, params: given as Tensor[], ...scheduled(group) });
    for (const parameter of given as Tensor[]) optimized.add(parameter);
  }

  /** Checks whether this step has a new gradient. Every optimizer calls it once per step. @internal */
  protected noteGradients(): void {
    if (this.idleSteps === null || this.passesSeen === passes.count) return;
    this.passesSeen = passes.count;
    if (this.hasNewGradient()) {
      this.idleSteps = 0;
      return;
    }
    if (++this.idleSteps < idleStepsToWarn) return;
    const parameters = this.paramGroups.flatMap(({ params }) => params);
    if (!parameters.some((p) => p.requiresGrad)) return;
    this.idleSteps = null;
    console.warn(
      `${this.name}: no parameter is trained. In ${idleStepsToWarn} steps after backward() none of its ${parameters.length} parameters had a new ` +
        'gradient. Mostly the optimizer was made for an earlier net: make it again after the net, with net.parameters(). Or zeroGrad() ' +
        'ran between backward() and step(). Parameters that should not train are frozen with requiresGrad_(false)',
    );
  }

  private hasNewGradient(): boolean {
    for (const { params } of this.paramGroups)
      for (const { grad } of params) {
        if (grad === null || this.used.get(grad) === grad.version) continue;
        this.used.set(grad, grad.version);
        return true;
      }
    return false;
  }

  /** Forgets the gradients of all parameters: sets them to `null`, or to zeros with `{ setToNone: false }`. */
  zeroGrad(options: ZeroGradOptions = {}): void {
    for (const group of this.paramGroups) clearGrads(group.params, options);
  }

  /** Returns the options and the state, parameters by number (`torch.optim.Optimizer.state_dict`). */
  stateDict(): OptimizerStateDict<O> {
    const numbers = new Map(this.paramGroups.flatMap((g) => g.params).map((p, i) => [p, i]));
    const state: Record<number, ParamState> = {};
    for (const [parameter, remembered] of this.state) state[numbers.get(parameter)!] = copyOf(remembered);
    const paramGroups = this.paramGroups.map((g) => ({ ...copyOf(g), params: g.params.map((p) => numbers.get(p)!) }));
    return { state, paramGroups };
  }

  /**
   * Copies options and state from a state of the same parameters
   * (`torch.optim.Optimizer.load_state_dict`). Nothing is changed if it throws.
   * @throws {ValueError} if the groups differ in number or length, or a value that must be a tensor is not one; {@link ShapeError} if a remembered tensor does not
   * have its parameter's shape.
   */
  loadStateDict(stateDict: OptimizerStateDict<O>): void {
    checkState(this.name, stateDict);
    const { paramGroups: groups, state } = stateDict;
    const sizes = (list: readonly { params: readonly unknown[] }[]) =>
      `[${list.map((g) => g.params.length).join(', ')}]`;
    if (sizes(groups) !== sizes(this.paramGroups))
      throw new ValueError(
        `loadStateDict: the state has groups of ${sizes(groups)} parameters, this ${this.name} of ${sizes(this.paramGroups)}`,
      );
    const loaded = new Map<Tensor, ParamState>();
    const options = groups.map((group, k) => {
      const { params, initialLr: _initial, swaLr: _swa, ...given } = group;
      params.forEach((number, i) => {
        const parameter = this.paramGroups[k].params[i];
        if (state[number] !== undefined) loaded.set(parameter, this.restored(state[number], parameter, number));
      });
      const all = this.completed('loadStateDict', given as unknown as Partial<O>);
      return { ...all, ...scheduled(group) };
    });
    this.state.clear();
    for (const [parameter, remembered] of loaded) this.state.set(parameter, remembered);
    this.paramGroups.forEach((group, k) => {
      Object.assign(group, options[k]);
    });
  }

  /** The shape of the state tensors of a parameter. @internal */
  protected stateShape(parameter: Tensor): Shape {
    return parameter.shape;
  }

  /** The value for `JSON.stringify`: `stateDict()`, with tensors as nested lists. */
  toJSON(): OptimizerStateDict<O> {
    return this.stateDict();
  }

  private restored(state: ParamState, parameter: Tensor, number: number): ParamState {
    const shape = this.stateShape(parameter);
    const copied = <T>(name: string, value: T | Tensor): T | Tensor => {
      if (!(value instanceof Tensor)) {
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
          throw new ValueError(
            `loadStateDict: ${name} of parameter ${number} must be a tensor or a number, got ${noTensor(value)}`,
          );
        return value;
      }
      if (!sameShape(value.shape, shape))
        throw new ShapeError(
          `loadStateDict: ${name} of parameter ${number} has shape ${formatShape(value.shape)}, the parameter ` +
            formatShape(shape),
        );
      return value.detach().to(parameter.dtype).clone();
    };
    const entries = Object.entries(state).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((item: Tensor | number) => copied(name, item)) : copied(name, value),
    ]);
    return Object.fromEntries(entries) as ParamState;
  }

  /** PyTorch's printed form: the options of each group. */
  toString(): string {
    const groups = this.paramGroups.map((group, k) => {
      const options = Object.entries(group).filter(([name]) => name !== 'params');
      const lines = options
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `    ${name}: ${repr(value)}\n`);
      return `Parameter Group ${k}\n${lines.join('')}`;
    });
    return `${this.name} (\n${groups.join('\n')})`;
  }

  /** The output of Node's `console.log` and stock tslab. @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** The output in a notebook for an optimizer at the end of a cell. @internal */
  [Symbol.for('Jupyter.display')](): { 'text/plain': string } {
    return { 'text/plain': this.toString() };
  }

  /** The summary of a variable in a notebook: learning rate and number of parameters of each group. @internal */
  [Symbol.for('Jupyter.summary')](): string {
    const groups = this.paramGroups.map(({ params, lr }) => `lr ${repr(lr)}, ${params.length} parameter tensors`);
    const shown = groups.length > 3 ? [...groups.slice(0, 2), `… ${groups.length - 2} more groups`] : groups;
    return [this.name, ...shown].join('\n');
  }
}

/** @throws {ValueError} unless it has the parts of an optimizer's state. */
function checkState(name: string, given: unknown): void {
  const require = (right: boolean, what: string, value: unknown) => {
    if (!right)
      throw new ValueError(`loadStateDict: ${what} of ${name}, as stateDict() returns it, got ${describe(value)}`);
  };
  const isObject = (x: unknown) => typeof x === 'object' && x !== null && !Array.isArray(x) && !(x instanceof Tensor);
  require(isObject(given), 'needs a state', given);
  const { paramGroups, state } = given as Record<string, unknown>;
  require(Array.isArray(paramGroups), 'paramGroups must be the list of groups in a state', paramGroups);
  for (const group of paramGroups as unknown[])
    require(isObject(group) &&
      Array.isArray(
        (group as { params?: unknown }).params,
      ), 'paramGroups must be groups with params, in a state', group);
  require(isObject(state), 'state must be what is remembered of each parameter, in a state', state);
  for (const remembered of Object.values(state as object))
    require(isObject(remembered), 'what is remembered of a parameter must be an object, in a state', remembered);
}

function isGroup(entry: unknown): entry is { params: unknown } {
  return typeof entry === 'object' && entry !== null && !(entry instanceof Tensor) && 'params' in entry;
}

function listOf(name: string, params: unknown): unknown[] {
  if (typeof params !== 'object' || params === null || !(Symbol.iterator in params) || params instanceof Tensor)
    throw new ValueError(
      `${name}: the parameters must be a list of tensors or of groups { params }, got ` +
        `${params instanceof Tensor ? 'one tensor; put it in a list' : `${describe(params)}${typeof params === 'function' ? '; pass net.parameters()' : ''}`}`,
    );
  return [...(params as Iterable<unknown>)];
}
