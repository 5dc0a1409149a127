// Copies modules as copy.deepcopy does.

import { AutogradError, ValueError } from '../errors';
import { Tensor } from '../tensor/tensor';
import type { AnyModule } from './module';
import { isModule, join } from './module-tree';
import { Buffer, Parameter } from './parameter';

/**
 * The copy of a module; `begin` makes one of its class, with its hooks, and `base` is what every module inherits.
 * @internal
 */
export function cloneModule(module: AnyModule, begin: (module: AnyModule) => AnyModule, base: object): AnyModule {
  const copy = new Copy(module.constructor.name, begin, base).ofModule(module, '');
  // From here on the copy's contents are noted, like those of the module.
  copy.modules();
  return copy;
}

/** One copy of a module, with the values copied so far. */
class Copy {
  private readonly done = new Map<object, object>();
  /**
   * Maps memory of the originals to the first tensor on its copy, so that tensors that share memory still do in the
   * copy.
   */
  private readonly memory = new Map<object, Tensor>();

  constructor(
    private readonly root: string,
    private readonly begin: (module: AnyModule) => AnyModule,
    private readonly base: object,
  ) {}

  private of(value: unknown, path: string): unknown {
    if (isModule(value)) {
      const known = this.done.get(value);
      if (known !== undefined) return known;
      return value.clone === (this.base as AnyModule).clone
        ? this.ofModule(value, path)
        : this.keep(value, value.clone());
    }
    if (typeof value !== 'object' || value === null) return value;
    return this.done.get(value) ?? this.ofObject(value, path);
  }

  private keep<T extends object>(value: object, copy: T): T {
    this.done.set(value, copy);
    return copy;
  }

  ofModule(module: AnyModule, path: string): AnyModule {
    this.checkNames(module, path);
    const copy = this.keep(module, this.begin(module));
    this.properties(module, copy, path);
    return copy;
  }

  private ofObject(value: object, path: string): object {
    if (value instanceof Tensor) return this.ofTensor(value, path);
    if (Array.isArray(value)) {
      const list = this.keep(value, new Array<unknown>(value.length));
      this.properties(value, list, path);
      return list;
    }
    if (value instanceof Map) {
      const map = this.keep(value, new Map<unknown, unknown>());
      for (const [key, v] of value) map.set(this.of(key, `${path}, a key`), this.of(v, join(path, String(key))));
      return map;
    }
    if (value instanceof Set) {
      const set = this.keep(value, new Set<unknown>());
      for (const v of value) set.add(this.of(v, path));
      return set;
    }
    if (value instanceof Date) return this.keep(value, new Date(value));
    if (value instanceof RegExp) return this.keep(value, new RegExp(value));
    if (value instanceof ArrayBuffer) return this.keep(value, value.slice(0));
    if (ArrayBuffer.isView(value) && 'slice' in value)
      return this.keep(value, (value as unknown as Uint8Array).slice());
    this.checkNames(value, path);
    const copy = this.keep(value, Object.create(Object.getPrototypeOf(value)) as object);
    this.properties(value, copy, path);
    return copy;
  }

  private properties(from: object, to: object, path: string): void {
    for (const key of Reflect.ownKeys(from)) {
      const property = Object.getOwnPropertyDescriptor(from, key)!;
      if (key === 'length' && Array.isArray(from)) continue;
      if ('value' in property) property.value = this.of(property.value, join(path, String(key)));
      Object.defineProperty(to, key, property);
    }
  }

  private ofTensor(x: Tensor, path: string): Tensor {
    if (!x.isLeaf)
      throw new AutogradError(
        `clone: ${this.place(path)} is the result of a recorded operation (${x.gradFn}), which cannot be copied; ` +
          'keep detach() of it, or set the property to null first',
      );
    if (x instanceof Parameter) {
      const p = new Parameter(x.detach().clone(), { requiresGrad: x.requiresGrad });
      return this.keep(x, Object.setPrototypeOf(p, Object.getPrototypeOf(x)));
    }
    const first = this.memory.get(x.memory);
    const data = first === undefined ? x.memory.slice() : first.memory;
    const values = new Tensor(data, x.layout, x.offset, x.dtype);
    if (first === undefined) this.memory.set(x.memory, values);
    else values.owner = first;
    const y = x instanceof Buffer ? new Buffer(values, { persistent: x.persistent }) : values;
    this.keep(x, y);
    y.tracked = x.tracked;
    if (x.grad !== null) y.grad = this.of(x.grad, join(path, 'grad')) as Tensor;
    return y;
  }

  /** @throws {ValueError} if an object has state that cannot be reached from outside. */
  private checkNames(value: object, path: string): void {
    const hidden = hiddenIn(Object.getPrototypeOf(value), this.base);
    if (hidden !== null)
      throw new ValueError(
        `clone: ${this.place(path)} is of class ${hidden.name}, ${hidden.has}, which cannot be copied from outside; ` +
          `${isModule(value) ? 'declare it as private, without #, or give the class a clone() of its own' : 'set the property to null first, or give the module a clone() of its own'}`,
      );
  }

  private place(path: string): string {
    return path === '' ? `this ${this.root}` : `${path} of this ${this.root}`;
  }
}

/** State of instances that their properties do not show. */
type Hidden = { readonly name: string; readonly has: string };

const known = new WeakMap<object, Hidden | null>();

function hiddenIn(prototype: object | null, base: object): Hidden | null {
  if (prototype === null || prototype === Object.prototype || prototype === base) return null;
  let found = known.get(prototype);
  if (found === undefined) {
    found = ownHidden(prototype) ?? hiddenIn(Object.getPrototypeOf(prototype), base);
    known.set(prototype, found);
  }
  return found;
}

function ownHidden(prototype: object): Hidden | null {
  const made = Object.hasOwn(prototype, 'constructor') ? prototype.constructor : null;
  if (typeof made !== 'function') return null;
  const text = Function.prototype.toString.call(made);
  if (/\[native code\]\s*\}$/.test(text)) return { name: made.name, has: 'one of JavaScript itself' };
  const [, name] = /\bthis\.(#[\w$]+)/.exec(text) ?? [];
  return name === undefined ? null : { name: made.name, has: `which has the private name ${name}` };
}
