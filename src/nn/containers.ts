import { IndexError, ValueError } from '../errors';
import { Tensor } from '../tensor/tensor';
import { type AnyModule, indented, Module } from './module';
import { isParameter, Parameter } from './parameter';
import { isModule } from './tree';

/** A module that holds others, or parameters, in an order of its own: `V` is what it holds. */
abstract class Collection<V, A extends unknown[] = never, R = never> extends Module<A, R> {
  /** JavaScript puts properties with numbers for names before all others. */
  #names: string[] = [];

  /** What is held for a value that is given. @throws {ValueError} if it is of another kind. @internal */
  protected abstract accepted(name: string, value: V): V;

  /** Sets entries, all of which are checked before the first is set. @internal */
  protected put(entries: Iterable<readonly [string, V]>): void {
    const checked = [...entries].map(([name, value]) => [name, this.accepted(name, value)] as const);
    for (const [name] of checked)
      if (name in this && !this.#names.includes(name))
        throw new ValueError(`${this.constructor.name}: the name ${name} is taken already; choose another`);
    for (const [name, value] of checked) {
      Object.assign(this, { [name]: value });
      if (!this.#names.includes(name)) this.#names.push(name);
    }
  }

  /** @internal */
  protected drop(name: string): void {
    this.#names = this.#names.filter((n) => n !== name);
    delete (this as Record<string, unknown>)[name];
  }

  /** The entries in their order. @internal */
  protected get held(): [string, V][] {
    const own = this as unknown as Record<string, V>;
    return this.#names.map((name) => [name, own[name]]);
  }

  /** @internal */
  override members(): [string, unknown][] {
    return [...this.held, ...super.members().filter(([name]) => !this.#names.includes(name))];
  }

  /** Number of entries (`len(collection)`). */
  get size(): number {
    return this.#names.length;
  }
}

/** A collection whose entries are read by position. */
abstract class ListCollection<V, A extends unknown[] = never, R = never> extends Collection<V, A, R> {
  /** The entry at a position; negative positions count from the end. @throws {IndexError} if it is out of range. */
  at(index: number): V {
    const n = this.size;
    if (!Number.isInteger(index) || index < -n || index >= n)
      throw new IndexError(`${this.constructor.name}: position ${index} is outside ${-n} to ${n - 1}`);
    return this.held[index < 0 ? index + n : index][1];
  }

  /** Adds an entry at the end (`torch.nn.ModuleList.append`). */
  append(value: V): this {
    return this.extend([value]);
  }

  /** Adds several entries at the end (`torch.nn.ModuleList.extend`). */
  extend(values: Iterable<V>): this {
    const from = this.size;
    this.put([...values].map((value, i) => [String(from + i), value]));
    return this;
  }

  [Symbol.iterator](): IterableIterator<V> {
    return this.held.map(([, value]) => value).values();
  }
}

/** A collection whose entries are read by name. */
abstract class DictCollection<V> extends Collection<V> {
  /** The entry of a name. @throws {ValueError} if there is none. */
  get(key: string): V {
    const found = this.held.find(([name]) => name === key);
    if (found === undefined)
      throw new ValueError(
        `${this.constructor.name}: there is no ${key}; the names are ${this.held.map(([name]) => name).join(', ')}`,
      );
    return found[1];
  }

  /** Sets the entry of a name (`dict[key] = value`). */
  set(key: string, value: V): this {
    return this.update({ [key]: value });
  }

  /** Sets several entries (`torch.nn.ModuleDict.update`). */
  update(values: Readonly<Record<string, V>> | Iterable<readonly [string, V]>): this {
    const entries =
      Symbol.iterator in values ? [...(values as Iterable<readonly [string, V]>)] : Object.entries(values);
    for (const [name] of entries)
      if (name === '' || name.includes('.'))
        throw new ValueError(
          `${this.constructor.name}: '${name}' cannot be a name; it must not be empty, nor have a dot`,
        );
    this.put(entries);
    return this;
  }

  /** Whether there is an entry of a name (`key in dict`). */
  has(key: string): boolean {
    return this.held.some(([name]) => name === key);
  }

  /** Takes an entry out and returns it (`torch.nn.ModuleDict.pop`). @throws {ValueError} if there is none. */
  pop(key: string): V {
    const value = this.get(key);
    this.drop(key);
    return value;
  }

  /** The names in their order (`torch.nn.ModuleDict.keys`). */
  keys(): string[] {
    return this.held.map(([name]) => name);
  }

  /** The values in their order (`torch.nn.ModuleDict.values`). */
  values(): V[] {
    return this.held.map(([, value]) => value);
  }

  /** Names and values in their order (`torch.nn.ModuleDict.items`). */
  entries(): [string, V][] {
    return this.held;
  }
}

function acceptedModule<M extends AnyModule>(owner: AnyModule, name: string, value: M): M {
  if (!isModule(value))
    throw new ValueError(
      `${owner.constructor.name}: entry ${name} is ${value === null ? 'null' : typeof value}, not a module`,
    );
  return value;
}

/**
 * Modules applied one after the other (`torch.nn.Sequential`), each to the output of the one before. Given as an
 * object, they have names: `new nn.Sequential({ hidden: new nn.Linear(2, 8), relu: new nn.ReLU() })`.
 * @throws {ValueError} if an entry is not a module, or a name is taken or a number.
 */
export class Sequential extends ListCollection<Module, [Tensor], Tensor> {
  /** The modules in their order, or an object of modules by name. */
  constructor(...modules: Module[] | [Record<string, Module>]) {
    super();
    const [first] = modules;
    const named = modules.length === 1 && !(first instanceof Module) && typeof first === 'object' && first !== null;
    if (!named) this.extend(modules as Module[]);
    else {
      for (const name of Object.keys(first))
        if (/^\d+$/.test(name))
          throw new ValueError(
            `Sequential: the name ${name} is a number; JavaScript would not keep such names in order`,
          );
      this.put(Object.entries(first));
    }
  }

  /** @internal */
  protected accepted(name: string, value: Module): Module {
    return acceptedModule(this as unknown as AnyModule, name, value);
  }

  forward(x: Tensor): Tensor {
    let y = x;
    for (const module of this) y = module(y);
    return y;
  }
}

/** @throws {ValueError} always: a collection computes nothing by itself. */
function notCallable(kind: string): never {
  throw new ValueError(`${kind}: a collection cannot be called; use what it holds in forward()`);
}

/**
 * A list of modules whose parameters are found (`torch.nn.ModuleList`): loop over it in `forward`. Modules in a plain
 * array are not found.
 * @throws {ValueError} if an entry is not a module.
 */
export class ModuleList<M extends AnyModule = Module> extends ListCollection<M> {
  constructor(modules: Iterable<M> = []) {
    super();
    this.extend(modules);
  }

  /** @internal */
  protected accepted(name: string, value: M): M {
    return acceptedModule(this as unknown as AnyModule, name, value);
  }

  /** Puts a module at a position, before the one that is there (`torch.nn.ModuleList.insert`). */
  insert(index: number, module: M): this {
    const modules = [...this];
    modules.splice(index, 0, module);
    this.put(modules.map((m, i) => [String(i), m]));
    return this;
  }

  forward(): never {
    return notCallable('ModuleList');
  }

  /** Neighbours that print alike share a line, as in PyTorch: `(0-2): 3 x Linear(…)`. @internal */
  override childLines(): string[] {
    const runs: { from: number; to: number; text: string }[] = [];
    [...this].forEach((module, i) => {
      const text = String(module);
      const last = runs[runs.length - 1];
      if (last?.text === text) last.to = i;
      else runs.push({ from: i, to: i, text });
    });
    return runs.map(({ from, to, text }) =>
      from === to ? `(${from}): ${indented(text)}` : `(${from}-${to}): ${to - from + 1} x ${indented(text)}`,
    );
  }
}

/**
 * Modules by name whose parameters are found (`torch.nn.ModuleDict`): `this.heads.get('left')(x)`.
 * @throws {ValueError} if an entry is not a module, or a name is taken by a member of every module.
 */
export class ModuleDict<M extends AnyModule = Module> extends DictCollection<M> {
  constructor(modules: Readonly<Record<string, M>> | Iterable<readonly [string, M]> = {}) {
    super();
    this.update(modules);
  }

  /** @internal */
  protected accepted(name: string, value: M): M {
    return acceptedModule(this as unknown as AnyModule, name, value);
  }

  forward(): never {
    return notCallable('ModuleDict');
  }
}

/** Tensors become parameters. */
function acceptedParameter(kind: string, name: string, value: Tensor): Parameter {
  if (!(value instanceof Tensor)) throw new ValueError(`${kind}: entry ${name} is ${typeof value}, not a tensor`);
  return isParameter(value) ? value : new Parameter(value);
}

/** One line for each parameter. */
function parameterLines(entries: readonly (readonly [string, Tensor])[]): string {
  return entries
    .map(([name, p]) => `  (${name}): Parameter containing: [${p.dtype} of size ${p.shape.join('x')}]`)
    .join('\n');
}

/**
 * A list of parameters that are found (`torch.nn.ParameterList`); tensors become parameters.
 * @throws {ValueError} if an entry is not a tensor.
 */
export class ParameterList extends ListCollection<Tensor> {
  constructor(values: Iterable<Tensor> = []) {
    super();
    this.extend(values);
  }

  /** @internal */
  protected accepted(name: string, value: Tensor): Parameter {
    return acceptedParameter('ParameterList', name, value);
  }

  forward(): never {
    return notCallable('ParameterList');
  }

  override extraRepr(): string {
    return parameterLines(this.held);
  }
}

/**
 * Parameters by name that are found (`torch.nn.ParameterDict`); tensors become parameters.
 * @throws {ValueError} if an entry is not a tensor, or a name is taken by a member of every module.
 */
export class ParameterDict extends DictCollection<Tensor> {
  constructor(values: Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]> = {}) {
    super();
    this.update(values);
  }

  /** @internal */
  protected accepted(name: string, value: Tensor): Parameter {
    return acceptedParameter('ParameterDict', name, value);
  }

  forward(): never {
    return notCallable('ParameterDict');
  }

  override extraRepr(): string {
    return parameterLines(this.held);
  }
}
