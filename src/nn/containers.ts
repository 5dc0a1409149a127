import { IndexError, ValueError } from '../errors';
import type { Tensor } from '../tensor/tensor';
import { type AnyModule, indented, Module } from './module';

/** Sets modules as properties named `0`, `1`, … or as given. */
function hold(owner: AnyModule, entries: readonly (readonly [string, AnyModule])[]): void {
  const kind = owner.constructor.name;
  for (const [name, module] of entries) {
    if (!(module instanceof Module))
      throw new ValueError(`${kind}: entry ${name} is ${module === null ? 'null' : typeof module}, not a module`);
    if (name in owner) throw new ValueError(`${kind}: the name ${name} is taken already; choose another`);
  }
  Object.assign(owner, Object.fromEntries(entries));
}

const numbered = (modules: readonly AnyModule[], from = 0) =>
  modules.map((module, i) => [String(from + i), module] as const);

/** The module at a position, counted from the end if negative. */
function entryAt<M>(kind: string, modules: readonly M[], index: number): M {
  const n = modules.length;
  if (!Number.isInteger(index) || index < -n || index >= n)
    throw new IndexError(`${kind}: position ${index} is outside ${-n} to ${n - 1}`);
  return modules[index < 0 ? index + n : index];
}

/**
 * Modules applied one after the other (`torch.nn.Sequential`), each to the output of the one before. Given as an
 * object, they have names: `new nn.Sequential({ hidden: new nn.Linear(2, 8), relu: new nn.ReLU() })`.
 * @throws {ValueError} if an entry is not a module, or a name is taken or a number.
 */
export class Sequential extends Module {
  /** The order of the modules: JavaScript puts properties with numbers for names before all others. */
  readonly #names: string[] = [];

  /** The modules in their order, or an object of modules by name. */
  constructor(...modules: Module[] | [Record<string, Module>]) {
    super();
    const [first] = modules;
    const named = modules.length === 1 && !(first instanceof Module) && typeof first === 'object' && first !== null;
    if (named)
      for (const name of Object.keys(first))
        if (/^\d+$/.test(name))
          throw new ValueError(
            `Sequential: the name ${name} is a number; JavaScript would not keep such names in order`,
          );
    this.#add(named ? Object.entries(first) : numbered(modules as Module[]));
  }

  #add(entries: (readonly [string, AnyModule])[]): void {
    hold(this as unknown as AnyModule, entries);
    this.#names.push(...entries.map(([name]) => name));
  }

  /** @internal */
  override members(): [string, unknown][] {
    const own = this as unknown as Record<string, unknown>;
    const rest = super.members().filter(([name]) => !this.#names.includes(name));
    return [...this.#names.map((name): [string, unknown] => [name, own[name]]), ...rest];
  }

  forward(x: Tensor): Tensor {
    let y = x;
    for (const module of this) y = module(y);
    return y;
  }

  /** Number of modules (`len(sequential)`). */
  get size(): number {
    return this.layers().length;
  }

  /** The module at a position; negative positions count from the end. @throws {IndexError} if it is out of range. */
  at(index: number): Module {
    return entryAt('Sequential', this.layers(), index);
  }

  /** Adds a module at the end (`torch.nn.Sequential.append`). */
  append(module: Module): this {
    this.#add(numbered([module as AnyModule], this.size));
    return this;
  }

  [Symbol.iterator](): IterableIterator<Module> {
    return this.layers().values();
  }

  /** Every entry, one that stands twice as well. */
  private layers(): Module[] {
    return this.members().flatMap(([, value]) => (value instanceof Module ? [value as Module] : []));
  }
}

/**
 * A list of modules whose parameters are found (`torch.nn.ModuleList`): loop over it in `forward`. Modules in a plain
 * array are not found.
 * @throws {ValueError} if an entry is not a module.
 */
export class ModuleList<M extends AnyModule = Module> extends Module<never, never> {
  constructor(modules: Iterable<M> = []) {
    super();
    hold(this as unknown as AnyModule, numbered([...modules]));
  }

  /** @throws {ValueError} always: a list computes nothing by itself. */
  forward(): never {
    throw new ValueError('ModuleList: a list of modules cannot be called; loop over it in forward()');
  }

  /** Number of modules (`len(moduleList)`). */
  get size(): number {
    return this.entries().length;
  }

  /** The module at a position; negative positions count from the end. @throws {IndexError} if it is out of range. */
  at(index: number): M {
    return entryAt('ModuleList', this.entries(), index);
  }

  /** Adds a module at the end (`torch.nn.ModuleList.append`). */
  append(module: M): this {
    hold(this as unknown as AnyModule, numbered([module], this.size));
    return this;
  }

  [Symbol.iterator](): IterableIterator<M> {
    return this.entries().values();
  }

  private entries(): M[] {
    return Object.values(this).filter((value): value is M => value instanceof Module);
  }

  /** Neighbours that print alike share a line, as in PyTorch: `(0-2): 3 x Linear(…)`. @internal */
  override childLines(): string[] {
    const runs: { from: number; to: number; text: string }[] = [];
    this.entries().forEach((module, i) => {
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
