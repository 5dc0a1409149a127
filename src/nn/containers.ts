import { ownership } from '../autograd/ownership';
import { describe } from '../describe';
import { ValueError } from '../errors';
import { batching } from '../tensor/batched';
import type { Tensor } from '../tensor/tensor';
import { DictCollection, ListCollection, notCallable } from './collections';
import { type AnyModule, indented, Module } from './module';
import { isModule } from './module-tree';
import { passesOn } from './recycling';

function acceptedModule<M extends AnyModule>(owner: AnyModule, name: string, value: M): M {
  if (!isModule(value))
    throw new ValueError(`${owner.constructor.name}: entry ${name} is ${describe(value)}, not a module`);
  return value;
}

/**
 * The type of the module at position `I` of a {@link Sequential}; negative positions count from the end. If it is not
 * known, `Module`.
 */
export type ModuleAt<M extends readonly Module[], I extends number> = number extends I
  ? M[number]
  : `${I}` extends keyof M
    ? M[`${I}` & keyof M]
    : `${I}` extends `-${infer N}`
      ? N extends keyof [never, ...Reversed<M>]
        ? [never, ...Reversed<M>][N]
        : BeyondLast<M>
      : BeyondLast<M>;
type BeyondLast<M extends readonly Module[]> = number extends M['length'] ? M[number] : Module;
type Reversed<M extends readonly unknown[], R extends readonly unknown[] = []> = M extends readonly [
  ...infer Before,
  infer Last,
]
  ? Reversed<Before, [...R, Last]>
  : R;

/**
 * Modules applied one after the other (`torch.nn.Sequential`), each to the output of the one before. Given as an
 * object, they have names: `new nn.Sequential({ hidden: new nn.Linear(2, 8), relu: new nn.ReLU() })`. `M` are the types of
 * the modules it is made of, so that `net.at(0).weight` is known; those added later do not change it.
 *
 * @example
 * const net = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * net(rand([5, 2])).shape // [5, 1]
 * @throws {ValueError} if an entry is not a module, or a name is taken or a number.
 */
export class Sequential<M extends readonly Module[] = Module[]> extends ListCollection<
  Module,
  [input: Tensor],
  Tensor
> {
  /** The modules in their order, or an object of modules by name. */
  constructor(...modules: M);
  constructor(modules: Readonly<Record<string, Module>>);
  constructor(...modules: Module[] | [Readonly<Record<string, Module>>]) {
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
      this.putEntries(Object.entries(first));
    }
  }

  /** @internal */
  protected acceptedEntry(name: string, value: Module): Module {
    return acceptedModule(this as unknown as AnyModule, name, value);
  }

  /** The module at a position; negative positions count from the end. @throws {IndexError} if it is out of range. */
  override at<I extends number>(index: I): ModuleAt<M, I> {
    return super.at(index) as ModuleAt<M, I>;
  }

  override [Symbol.iterator](): IterableIterator<M[number]> {
    return super[Symbol.iterator]() as IterableIterator<M[number]>;
  }

  forward(x: Tensor): Tensor {
    let y = x;
    // Whether `y` is new and comes from a module that only passes tensors on, so that nothing else refers to it. Inside
    // vmap this is unknown.
    let isOurs = false;
    for (const module of this) {
      const passes = passesOn(module as unknown as AnyModule);
      const z = module(y);
      if (isOurs && passes) ownership.giveUp(y, z);
      isOurs = passes && batching.depth === 0 && z.memory !== y.memory;
      y = z;
    }
    return y;
  }
}

/**
 * A list of modules whose parameters are found (`torch.nn.ModuleList`): loop over it in `forward`. Modules in a plain
 * array are not found.
 *
 * @example
 * class Deep extends nn.Module {
 *   layers = new nn.ModuleList(Array.from({ length: 4 }, () => new nn.Linear(3, 3)));
 *   forward(x: Tensor) {
 *     for (const layer of this.layers) x = layer(x).relu();
 *     return x;
 *   }
 * }
 * new Deep()(rand([5, 3])).shape // [5, 3]
 * @throws {ValueError} if an entry is not a module.
 */
export class ModuleList<M extends AnyModule = Module> extends ListCollection<M> {
  constructor(modules: Iterable<M> = []) {
    super();
    this.extend(modules);
  }

  /** @internal */
  protected acceptedEntry(name: string, value: M): M {
    return acceptedModule(this as unknown as AnyModule, name, value);
  }

  /** Puts a module at a position, before the one that is there (`torch.nn.ModuleList.insert`). */
  insert(index: number, module: M): this {
    if (!Number.isInteger(index))
      throw new ValueError(`ModuleList: an index is a whole number, got ${describe(index)}`);
    const modules = [...this];
    modules.splice(index, 0, module);
    this.putEntries(modules.map((m, i) => [String(i), m]));
    return this;
  }

  forward(): never {
    return notCallable('ModuleList');
  }

  /** Neighbours with the same printed form share a line, as in PyTorch: `(0-2): 3 x Linear(…)`. @internal */
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
  protected acceptedEntry(name: string, value: M): M {
    return acceptedModule(this as unknown as AnyModule, name, value);
  }

  forward(): never {
    return notCallable('ModuleDict');
  }
}
