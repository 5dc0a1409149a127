import { describe } from '../describe';
import { IndexError, ValueError } from '../errors';
import { requireList } from '../ops/table/arguments';
import { checkKind } from '../options';
import { Module } from './module';

// A symbol, because clone() cannot copy a private name.
const names: unique symbol = Symbol('names');
const namesOf = (collection: object) => (collection as { [names]: string[] })[names];
const setNames = (collection: object, list: string[]) => {
  (collection as { [names]: string[] })[names] = list;
};

/** A module that holds modules or parameters in order; `V` is the type of its entries. */
abstract class Collection<V, A extends unknown[] = never, R = never> extends Module<A, R> {
  /** JavaScript orders properties with integer names before all others. */
  constructor() {
    super();
    setNames(this, []);
  }

  /** Returns the entry for a value. @throws {ValueError} if it is of another kind. @internal */
  protected abstract acceptedEntry(name: string, value: V): V;

  /** Sets entries after checking all of them. @internal */
  protected putEntries(entries: Iterable<readonly [string, V]>): void {
    const checked = [...entries].map(([name, value]) => [name, this.acceptedEntry(name, value)] as const);
    for (const [name] of checked)
      if (name in this && !namesOf(this).includes(name))
        throw new ValueError(`${this.constructor.name}: the name ${name} is taken already; choose another`);
    for (const [name, value] of checked) {
      Object.assign(this, { [name]: value });
      if (!namesOf(this).includes(name)) namesOf(this).push(name);
    }
  }

  /** @internal */
  protected dropEntry(name: string): void {
    setNames(
      this,
      namesOf(this).filter((n) => n !== name),
    );
    delete (this as Record<string, unknown>)[name];
  }

  /** The entries in their order. @internal */
  protected get heldEntries(): [string, V][] {
    const own = this as unknown as Record<string, V>;
    return namesOf(this).map((name) => [name, own[name]]);
  }

  /** @internal */
  override members(): [string, unknown][] {
    return [...this.heldEntries, ...super.members().filter(([name]) => !namesOf(this).includes(name))];
  }

  /** Number of entries (`len(collection)`). */
  get size(): number {
    return namesOf(this).length;
  }
}

/** A collection whose entries are read by position. */
export abstract class ListCollection<V, A extends unknown[] = never, R = never> extends Collection<V, A, R> {
  /** The entry at a position; negative positions count from the end. @throws {IndexError} if it is out of range. */
  at(index: number): V {
    const n = this.size;
    if (!Number.isInteger(index) || index < -n || index >= n)
      throw new IndexError(`${this.constructor.name}: position ${index} is outside ${-n} to ${n - 1}`);
    return this.heldEntries[index < 0 ? index + n : index][1];
  }

  /** Adds an entry at the end (`torch.nn.ModuleList.append`). */
  append(value: V): this {
    return this.extend([value]);
  }

  /** Adds several entries at the end (`torch.nn.ModuleList.extend`). */
  extend(values: Iterable<V>): this {
    requireList(this.constructor.name, values);
    const from = this.size;
    this.putEntries([...values].map((value, i) => [String(from + i), value]));
    return this;
  }

  [Symbol.iterator](): IterableIterator<V> {
    return this.heldEntries.map(([, value]) => value).values();
  }
}

/** A collection whose entries are read by name. */
export abstract class DictCollection<V> extends Collection<V> {
  /** The entry of a name. @throws {ValueError} if there is none. */
  get(key: string): V {
    const found = this.heldEntries.find(([name]) => name === key);
    if (found === undefined)
      throw new ValueError(
        `${this.constructor.name}: there is no ${key}; the names are ${this.heldEntries.map(([name]) => name).join(', ')}`,
      );
    return found[1];
  }

  /** Sets the entry of a name (`dict[key] = value`). */
  set(key: string, value: V): this {
    checkKind(this.constructor.name, 'the name', key, 'text');
    return this.update([[key, value]]);
  }

  /** Sets several entries (`torch.nn.ModuleDict.update`). */
  update(values: Readonly<Record<string, V>> | Iterable<readonly [string, V]>): this {
    if (typeof values !== 'object' || values === null)
      throw new ValueError(`${this.constructor.name}: needs entries by name, got ${describe(values)}`);
    const entries =
      Symbol.iterator in values ? [...(values as Iterable<readonly [string, V]>)] : Object.entries(values);
    for (const entry of entries) {
      const name: unknown = Array.isArray(entry) ? entry[0] : undefined;
      if (typeof name !== 'string')
        throw new ValueError(
          `${this.constructor.name}: an entry is a list of a name and a value, got ${describe(entry)}`,
        );
      if (name === '' || name.includes('.'))
        throw new ValueError(
          `${this.constructor.name}: '${name}' cannot be a name; it must not be empty, nor have a dot`,
        );
    }
    this.putEntries(entries);
    return this;
  }

  /** Whether there is an entry of a name (`key in dict`). */
  has(key: string): boolean {
    return this.heldEntries.some(([name]) => name === key);
  }

  /** Removes an entry and returns it (`torch.nn.ModuleDict.pop`). @throws {ValueError} if there is none. */
  pop(key: string): V {
    const value = this.get(key);
    this.dropEntry(key);
    return value;
  }

  /** The names in their order (`torch.nn.ModuleDict.keys`). */
  keys(): string[] {
    return this.heldEntries.map(([name]) => name);
  }

  /** The values in their order (`torch.nn.ModuleDict.values`). */
  values(): V[] {
    return this.heldEntries.map(([, value]) => value);
  }

  /** Names and values in their order (`torch.nn.ModuleDict.items`). */
  entries(): [string, V][] {
    return this.heldEntries;
  }
}

/** @throws {ValueError} always: a collection computes nothing by itself. @internal */
export function notCallable(kind: string): never {
  throw new ValueError(`${kind}: a collection cannot be called; use what it holds in forward()`);
}
