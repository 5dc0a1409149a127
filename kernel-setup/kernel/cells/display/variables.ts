// What front ends list in a panel of variables. No getter of a cell runs and no proxy is looked into; a value whose class
// has a method for it says itself what it is.
import { isDate, isMap, isNativeError, isProxy, isRegExp, isSet, isTypedArray } from 'node:util/types';
import { lastResult } from '../../given-names';
import type { Variable } from '../../process-messages';
import { bundleOf, type Shown } from './bundle';
import { methodOf, prototypeOf, summarySymbol, valueNamed } from './summary';

/** As many members of one value are listed. */
const most = 100;
/** As many members of a value are named in its line. */
const inLine = 5;
const longestLine = 120;

/** Objects that were listed, by the numbers by which front ends ask for their members; they are not kept alive. */
const listed = new Map<number, WeakRef<object>>();
const numbers = new WeakMap<object, number>();
let count = 0;

/** The variables of all cells: data before functions and classes, each in the order of declaration. */
export function variablesOf(vars: object): Variable[] {
  const found: Variable[] = [];
  const functions: Variable[] = [];
  for (const name of Object.keys(vars)) {
    const named = name === lastResult ? undefined : valueNamed(vars, name);
    if (named !== undefined) (isFunction(named.value) ? functions : found).push(variable(name, named.value));
  }
  return [...found, ...functions];
}

/** What a listed object holds; nothing if it is gone. */
export function membersOfListed(number: number): Variable[] {
  const value = listed.get(number)?.deref();
  if (value === undefined) return [];
  const members: Variable[] = [];
  for (const member of membersIn(value)) {
    if (members.length === most)
      return [...members, { name: '…', value: `${most} are listed`, type: '', reference: 0 }];
    members.push(member);
  }
  return members;
}

/** A variable as a cell shows it. */
export async function shownVariable(vars: object, name: string): Promise<Shown | undefined> {
  const named = valueNamed(vars, name);
  return named && (await bundleOf(named.value));
}

function variable(name: string, value: unknown): Variable {
  const own = ownLines(value);
  const [type, line] = own ?? [typeOf(value), textOf(value)];
  const shortened = line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line;
  return { name, value: shortened, type, reference: referenceTo(value) };
}

/** What a value says itself: what it is, and what it holds. A class whose method has a mistake is listed as any other. */
function ownLines(value: unknown): [string, string] | undefined {
  if (!isObject(value) || isProxy(value)) return undefined;
  try {
    const [first, ...more] = String(methodOf(value, summarySymbol)?.call(value) ?? '').split(/\s*\n\s*/);
    return first === '' ? undefined : [first, more.join(' · ') || first];
  } catch {
    return undefined;
  }
}

/** 0 for what has no members. */
function referenceTo(value: unknown): number {
  if (!isObject(value) || isProxy(value)) return 0;
  const known = numbers.get(value);
  if (known !== undefined) return known;
  count += 1;
  numbers.set(value, count);
  listed.set(count, new WeakRef(value));
  if (count % 1_000 === 0) for (const [number, one] of listed) if (one.deref() === undefined) listed.delete(number);
  return count;
}

function* membersIn(value: object): Generator<Variable> {
  if (isTensor(value)) {
    const { shape, dtype, requiresGrad, grad, gradFn } = value;
    const bytes = value.numel() * (Number(/\d+$/.exec(dtype)?.[0] ?? 8) / 8);
    for (const [name, member] of Object.entries({
      shape,
      dtype,
      bytes,
      requiresGrad,
      grad,
      gradFn: gradFn?.name ?? null,
    }))
      yield variable(name, member);
    return;
  }
  if (isList(value)) {
    for (let i = 0; i < value.length; i++) yield property(String(i), Object.getOwnPropertyDescriptor(value, i));
    return;
  }
  if (isMap(value)) for (const [key, member] of Map.prototype.entries.call(value)) yield variable(shortOf(key), member);
  if (isSet(value)) {
    let at = 0;
    for (const member of Set.prototype.values.call(value)) yield variable(String(at++), member);
  }
  for (const [name, descriptor] of propertiesOf(value)) yield property(name, descriptor);
}

/** A place of a list may be empty. */
function property(name: string, descriptor: PropertyDescriptor | undefined): Variable {
  const words = (text: string) => ({ name, value: text, type: '', reference: 0 });
  if (descriptor === undefined) return words('empty');
  return descriptor.get === undefined ? variable(name, descriptor.value) : words('a getter, which is not called');
}

function* propertiesOf(value: object): Generator<[string, PropertyDescriptor]> {
  for (const name of Object.keys(value)) yield [name, Object.getOwnPropertyDescriptor(value, name)!];
}

/** A tensor of gradlab; its accessors change nothing. */
interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly requiresGrad: boolean;
  readonly grad: object | null;
  readonly gradFn: { readonly name: string } | null;
  numel(): number;
}

function isTensor(value: object): value is TensorLike {
  for (let at: object | null = value; at !== null; at = prototypeOf(at))
    if (Object.hasOwn(at, summarySymbol)) return constructorOf(at) === 'Tensor';
  return false;
}

type List = ArrayLike<unknown>;
const isList = (value: object): value is List => Array.isArray(value) || isTypedArray(value);

/** A function that is more than that, as a module of gradlab is, says itself what it is. */
const isFunction = (value: unknown): value is object =>
  typeof value === 'function' && (isProxy(value) || methodOf(value, summarySymbol) === undefined);
const isObject = (value: unknown): value is object =>
  value !== null && (typeof value === 'object' || (typeof value === 'function' && !isFunction(value)));

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (isFunction(value)) return isClass(value) ? 'class' : 'function';
  if (!isObject(value)) return typeof value;
  if (isProxy(value)) return 'Proxy';
  const size = isList(value) ? value.length : isMap(value) || isSet(value) ? value.size : undefined;
  return size === undefined ? classOf(value) : `${classOf(value)}(${size})`;
}

/** The name of the class, as its prototypes hold it. */
function classOf(value: object): string {
  for (let at = prototypeOf(value); at !== null; at = prototypeOf(at)) {
    const name = constructorOf(at);
    if (name !== '') return name;
  }
  return 'object';
}

function constructorOf(prototype: object): string {
  const { value: found } = Object.getOwnPropertyDescriptor(prototype, 'constructor') ?? {};
  return typeof found === 'function' && !isProxy(found) ? nameOf(found) : '';
}

function nameOf(value: object): string {
  const { value: name } = Object.getOwnPropertyDescriptor(value, 'name') ?? {};
  return typeof name === 'string' ? name : '';
}

/** A class has a `prototype` that cannot be replaced; a function one that can, or none. */
const isClass = (value: object) => Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;

/** A value in a line, with a few of its members. */
function textOf(value: unknown): string {
  if (!hasMembers(value)) return wholeOf(value);
  if (isList(value)) {
    const first = Array.from({ length: Math.min(value.length, inLine) }, (_, i) =>
      shortOfProperty(Object.getOwnPropertyDescriptor(value, i)),
    );
    return `[${list(first, value.length)}]`;
  }
  if (isMap(value)) {
    const first = firstOf(Map.prototype.entries.call(value)).map(([key, one]) => `${shortOf(key)} → ${shortOf(one)}`);
    return `{${list(first, value.size)}}`;
  }
  if (isSet(value)) {
    const first = firstOf(Set.prototype.values.call(value)).map(shortOf);
    return `{${list(first, value.size)}}`;
  }
  const properties = firstOf(propertiesOf(value), inLine + 1);
  const texts = properties.map(([name, descriptor]) => `${name}: ${shortOfProperty(descriptor)}`);
  return `{${list(texts.slice(0, inLine), properties.length)}}`;
}

const list = (first: readonly string[], size: number) => first.join(', ') + (size > first.length ? ', …' : '');

function firstOf<T>(all: Iterable<T>, many = inLine): T[] {
  const first: T[] = [];
  for (const one of all) if (first.push(one) === many) break;
  return first;
}

function shortOfProperty(descriptor: PropertyDescriptor | undefined): string {
  if (descriptor === undefined) return 'empty';
  return descriptor.get === undefined ? shortOf(descriptor.value) : '(getter)';
}

/** A value in a few characters, without its members. */
function shortOf(value: unknown): string {
  if (!hasMembers(value)) return wholeOf(value);
  const type = classOf(value);
  if (isList(value)) return `${type}(${value.length})`;
  return `${type === 'Object' ? '' : `${type} `}{}`;
}

/** Whether the line of a value would name members. */
const hasMembers = (value: unknown): value is object =>
  isObject(value) && !(isProxy(value) || isDate(value) || isRegExp(value) || isNativeError(value));

/** What has none. */
function wholeOf(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > longestLine ? value.slice(0, longestLine) : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (isFunction(value)) return isClass(value) ? `class ${nameOf(value)}` : `${nameOf(value)}()`;
  if (!isObject(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (isProxy(value)) return 'a Proxy';
  if (isDate(value)) return dateOf(Date.prototype.getTime.call(value));
  if (isRegExp(value)) return RegExp.prototype.toString.call(value);
  const { value: message } = Object.getOwnPropertyDescriptor(value, 'message') ?? {};
  return typeof message === 'string' ? `${classOf(value)}: ${message}` : classOf(value);
}

const dateOf = (time: number) => (Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString());
