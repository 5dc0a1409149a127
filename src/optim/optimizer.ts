import { enableGrad, noGrad } from '../autograd';
import { ShapeError, ValueError } from '../errors';
import { copyStrided } from '../kernels/elementwise';
import { clearGrads, type ZeroGradOptions } from '../nn/module';
import { checkWritable } from '../ops/inplace';
import { formatShape, sameShape } from '../tensor/shape';
import { empty, packed, Tensor } from '../tensor/tensor';

/** Parameters that are optimized with the same options; change an option between steps by assigning to it. */
export type ParamGroup<O> = O & { params: Tensor[] };

/** One group of parameters as given to an optimizer; options that are left out are those of the optimizer. */
export type ParamGroupInput<O> = Partial<O> & { params: Iterable<Tensor> | Tensor };

/** What an optimizer takes: parameters, or groups of them. */
export type Params<O> = Iterable<Tensor> | Iterable<ParamGroupInput<O>>;

/** What an optimizer remembers of one parameter from step to step. */
export type ParamState = Record<string, Tensor | number>;

/** The state of an optimizer as plain data; parameters are numbered in the order of the groups. */
export interface OptimizerStateDict<O> {
  state: Record<number, ParamState>;
  paramGroups: (O & { params: number[] })[];
}

/** The typed arrays of one dtype that an update reads and writes. */
export type FloatArray = Float32Array | Float64Array;

/**
 * Base class of all optimizers (`torch.optim.Optimizer`). `O` are the options of a group; `Optimizer` alone is any of them.
 */
export abstract class Optimizer<O extends object = object> {
  /** The groups of parameters with their options (`torch.optim.Optimizer.param_groups`). */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** What is remembered of each parameter, from its first step on (`torch.optim.Optimizer.state`). */
  readonly state = new Map<Tensor, ParamState>();

  /** @internal */
  constructor(
    params: Params<O>,
    /** The options of groups that do not set their own. */
    readonly defaults: O,
  ) {
    this.checkOptions(defaults);
    const entries = listOf(this.name, params);
    if (entries.length === 0)
      throw new ValueError(`${this.name}: the list of parameters is empty; pass net.parameters()`);
    const groups = entries.some(isGroup) ? entries : [{ params: entries }];
    for (const group of groups) {
      if (!isGroup(group)) throw new ValueError(`${this.name}: parameters and groups { params } cannot be mixed`);
      this.addParamGroup(group as ParamGroupInput<O>);
    }
  }

  private get name(): string {
    return this.constructor.name;
  }

  /** @throws {ValueError} if an option is out of range. @internal */
  protected abstract checkOptions(options: O): void;

  /** Changes `p` in place for its gradient `g`; both are contiguous and of one dtype. @internal */
  protected abstract update(parameter: Tensor, p: FloatArray, g: FloatArray, group: O): void;

  /**
   * Adds parameters with their own options (`torch.optim.Optimizer.add_param_group`).
   * @throws {ValueError} if an option is out of range, an entry is no leaf tensor, or a parameter is there already.
   */
  addParamGroup(group: ParamGroupInput<O>): void {
    const given = group.params instanceof Tensor ? [group.params] : listOf(this.name, group.params);
    const known = new Set(this.paramGroups.flatMap((g) => g.params));
    given.forEach((parameter, i) => {
      if (!(parameter instanceof Tensor))
        throw new ValueError(
          `${this.name}: parameter ${i} is ${parameter === null ? 'null' : typeof parameter}, not a tensor`,
        );
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
    const options = Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined));
    const complete = { ...this.defaults, ...options, params: given as Tensor[] };
    this.checkOptions(complete);
    this.paramGroups.push(complete);
  }

  /** Forgets the gradients of all parameters: sets them to `null`, or to zeros with `{ setToNone: false }`. */
  zeroGrad(options: ZeroGradOptions = {}): void {
    for (const group of this.paramGroups) clearGrads(group.params, options);
  }

  /**
   * Changes every parameter that has a gradient, in place. With a closure, which computes the loss and calls
   * `backward()`, it is called first and its result is returned (`torch.optim.Optimizer.step`).
   * @throws {ShapeError} if elements of a parameter share memory.
   */
  step(): void;
  step<T>(closure: () => T): T;
  step<T>(closure?: () => T): T | undefined {
    const loss = closure === undefined ? undefined : enableGrad(closure);
    const trained = this.paramGroups.map((group) => ({
      group,
      parameters: group.params.filter((p) => p.grad !== null),
    }));
    noGrad(() => {
      // All are checked before the first is changed.
      for (const { parameters } of trained) for (const p of parameters) checkWritable('step', p);
      for (const { group, parameters } of trained) for (const p of parameters) this.change(p, p.grad!, group);
    });
    return loss;
  }

  private change(parameter: Tensor, grad: Tensor, group: O): void {
    const from = packed(parameter);
    const g = packed(grad.dtype === parameter.dtype ? grad : grad.to(parameter.dtype));
    this.update(parameter, elements(from), elements(g), group);
    if (from !== parameter) copyStrided(parameter.shape, parameter, from);
    (parameter.owner ?? parameter).writes++;
  }

  /** What is remembered of a parameter. */
  private stateOf(parameter: Tensor): ParamState {
    let state = this.state.get(parameter);
    if (state === undefined) {
      state = {};
      this.state.set(parameter, state);
    }
    return state;
  }

  /** Counts the steps of a parameter: the number of this one, from 1. @internal */
  protected countStep(parameter: Tensor): number {
    const state = this.stateOf(parameter);
    const step = ((state.step as number | undefined) ?? 0) + 1;
    state.step = step;
    return step;
  }

  /** The elements of a tensor that is remembered of a parameter; zeros of its shape at first. @internal */
  protected remembered(parameter: Tensor, name: string): FloatArray {
    const state = this.stateOf(parameter);
    state[name] ??= empty(parameter.shape, parameter.dtype);
    return (state[name] as Tensor).data as FloatArray;
  }

  /** The options and what is remembered, parameters by number (`torch.optim.Optimizer.state_dict`). */
  stateDict(): OptimizerStateDict<O> {
    const numbers = new Map(this.paramGroups.flatMap((g) => g.params).map((p, i) => [p, i]));
    const state: Record<number, ParamState> = {};
    for (const [parameter, remembered] of this.state) state[numbers.get(parameter)!] = { ...remembered };
    const paramGroups = this.paramGroups.map((g) => ({ ...g, params: g.params.map((p) => numbers.get(p)!) }));
    return { state, paramGroups };
  }

  /**
   * Takes over options and what is remembered, copied, from a state of the same parameters
   * (`torch.optim.Optimizer.load_state_dict`). Nothing is changed if it throws.
   * @throws {ValueError} if the groups differ in number or length; {@link ShapeError} if a remembered tensor does not
   * have its parameter's shape.
   */
  loadStateDict(stateDict: OptimizerStateDict<O>): void {
    const { paramGroups: groups, state } = stateDict;
    const sizes = (list: readonly { params: readonly unknown[] }[]) =>
      `[${list.map((g) => g.params.length).join(', ')}]`;
    if (sizes(groups) !== sizes(this.paramGroups))
      throw new ValueError(
        `loadStateDict: the state has groups of ${sizes(groups)} parameters, this ${this.name} of ${sizes(this.paramGroups)}`,
      );
    for (const group of groups) this.checkOptions(group);
    const loaded = new Map<Tensor, ParamState>();
    groups.forEach((group, k) => {
      group.params.forEach((number, i) => {
        const parameter = this.paramGroups[k].params[i];
        if (state[number] !== undefined) loaded.set(parameter, restored(state[number], parameter, number));
      });
    });
    this.state.clear();
    for (const [parameter, remembered] of loaded) this.state.set(parameter, remembered);
    groups.forEach((group, k) => {
      const { params: _, ...options } = group;
      Object.assign(this.paramGroups[k], options);
    });
  }

  /** PyTorch's printed form: the options of each group. */
  toString(): string {
    const groups = this.paramGroups.map((group, k) => {
      const options = Object.entries(group).filter(([name]) => name !== 'params');
      const lines = options
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `    ${name}: ${written(value)}\n`);
      return `Parameter Group ${k}\n${lines.join('')}`;
    });
    return `${this.name} (\n${groups.join('\n')})`;
  }

  /** What Node's `console.log` and stock tslab print. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** What a notebook shows for an optimizer at the end of a cell. */
  [Symbol.for('Jupyter.display')](): { 'text/plain': string } {
    return { 'text/plain': this.toString() };
  }
}

function isGroup(entry: unknown): entry is { params: unknown } {
  return typeof entry === 'object' && entry !== null && !(entry instanceof Tensor) && 'params' in entry;
}

function listOf(name: string, params: unknown): unknown[] {
  if (typeof params !== 'object' || params === null || !(Symbol.iterator in params))
    throw new ValueError(
      `${name}: the parameters must be a list of tensors or of groups { params }, got ` +
        `${params instanceof Tensor ? 'one tensor; put it in a list' : typeof params === 'function' ? 'a module; pass net.parameters()' : typeof params}`,
    );
  return [...(params as Iterable<unknown>)];
}

/** The dtype of a parameter: it has a gradient, so it is a float. @internal */
export function floatDtype(parameter: Tensor): 'float32' | 'float64' {
  return parameter.dtype as 'float32' | 'float64';
}

/** The elements of a contiguous tensor. */
function elements(x: Tensor): FloatArray {
  const n = x.numel();
  return (x.data.length === n ? x.data : x.data.subarray(x.offset, x.offset + n)) as FloatArray;
}

function restored(state: ParamState, parameter: Tensor, number: number): ParamState {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => {
      if (!(value instanceof Tensor)) return [name, value];
      if (!sameShape(value.shape, parameter.shape))
        throw new ShapeError(
          `loadStateDict: ${name} of parameter ${number} has shape ${formatShape(value.shape)}, the parameter ` +
            formatShape(parameter.shape),
        );
      return [name, value.detach().to(parameter.dtype).clone()];
    }),
  );
}

function written(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `(${value.map(written).join(', ')})`;
  // Python writes exponents with two digits.
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/**
 * @throws {ValueError} unless every named option is a number, 0 or more.
 * @internal
 */
export function checkNotNegative(optimizer: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options))
    if (!(value >= 0)) throw new ValueError(`${optimizer}: ${name} is ${value}; it must be 0 or more`);
}
