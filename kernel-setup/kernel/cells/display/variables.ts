// The panel of variables. It runs no getter of a cell and does not look into proxies. Classes can describe their values by a
// method.
import { isDate, isMap, isNativeError, isProxy, isRegExp, isSet, isTypedArray } from 'node:util/types';
import { lastResult } from '../../given-names';
import type { Variable } from '../../process-messages';
import { bundleOf, type Shown } from './bundle';
import { methodOf, prototypeOf, summarySymbol, valueNamed } from './summary';

/** Maximum number of members listed for one value. */
const most = 100;
/** Maximum number of members shown in a value's line. */
const inLine = 5;
const longestLine = 120;

/** Listed objects by the numbers that front ends use to request their members. They are held weakly. */
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

/** The members of a listed object; empty if it was collected. */
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

/** A variable as a cell would display it. */
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

/** The lines of a value's own summary. If the method throws, the value is listed like any other. */
function ownLines(value: unknown): [string, string] | undefined {
  if (!isObject(value) || isProxy(value)) return undefined;
  try {
    const [first, ...more] = String(methodOf(value, summarySymbol)?.call(value) ?? '').split(/\s*\n\s*/);
    return first === '' ? undefined : [first, more.join(' · ') || first];
  } catch {
    return undefined;
  }
}

/** 0 if it has no members. */
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

/** Elements of sparse arrays have no descriptor. */
function property(name: string, descriptor: PropertyDescriptor | undefined): Variable {
  const words = (text: string) => ({ name, value: text, type: '', reference: 0 });
  if (descriptor === undefined) return words('empty');
  return descriptor.get === undefined ? variable(name, descriptor.value) : words('a getter, which is not called');
}

function* propertiesOf(value: object): Generator<[string, PropertyDescriptor]> {
  for (const name of Object.keys(value)) yield [name, Object.getOwnPropertyDescriptor(value, name)!];
}

/** A gradlab tensor. Its accessors have no side effects. */
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

/** Callable objects that summarize themselves, such as gradlab modules, are not listed as functions. */
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

/** The class name from the prototype chain. */
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

/** The `prototype` of a class is read-only; that of a function is writable or missing. */
const isClass = (value: object) => Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;

/** A value in one line, with a few members. */
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

/** A value in a few characters, without members. */
function shortOf(value: unknown): string {
  if (!hasMembers(value)) return wholeOf(value);
  const type = classOf(value);
  if (isList(value)) return `${type}(${value.length})`;
  return `${type === 'Object' ? '' : `${type} `}{}`;
}

/** Whether a value's line lists members. */
const hasMembers = (value: unknown): value is object =>
  isObject(value) && !(isProxy(value) || isDate(value) || isRegExp(value) || isNativeError(value));

/** A value without members. */
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
