// Live values by expression, and their members for completion. It runs no getter and does not look into proxies.
import { isProxy, isStringObject } from 'node:util/types';
import type { LiveExpression, LiveMember } from '../../process-messages';
import { valueNamed } from './summary';

/** Maximum number of members returned for one object. */
const most = 2_000;
/** Maximum length of lists to enumerate and of texts to parse as JSON. */
const longestList = 10_000;
const longestJson = 5_000_000;

/** The members of a value; empty if reading them would run code. */
export function membersOf(vars: object, expression: LiveExpression): LiveMember[] {
  const value = lookUp(vars, expression);
  if (value === undefined || value === null) return [];
  const members = new Map<string, LiveMember>();
  let at: object | null = Object(value) as object;
  while (at !== null && at !== Object.prototype && !isProxy(at) && members.size < most) {
    for (const name of namesOf(at)) {
      const isOfClass = name === 'constructor' && !Object.getOwnPropertyDescriptor(at, name)?.enumerable;
      const isHidden = isOfClass || /^\d+$/.test(name) || members.has(name);
      if (!isHidden && members.size < most) members.set(name, { name, isMethod: isMethod(at, name) });
    }
    at = Object.getPrototypeOf(at) as object | null;
  }
  return [...members.values()];
}

function namesOf(value: object): string[] {
  const isList = Array.isArray(value) || ArrayBuffer.isView(value) || isStringObject(value);
  if (isList && (value as { length?: number }).length! > longestList) return [];
  const names = Object.getOwnPropertyNames(value);
  return typeof value === 'function' ? names.filter((name) => !ofFunctions.has(name)) : names;
}

const ofFunctions = new Set(['length', 'name', 'arguments', 'caller', 'prototype']);

const isMethod = (owner: object, name: string) =>
  typeof Object.getOwnPropertyDescriptor(owner, name)?.value === 'function';

/** The value; undefined if there is none or reading it would run code. */
export function lookUp(vars: object, expression: LiveExpression): unknown {
  if ('name' in expression) return variable(vars, expression.name);
  if ('of' in expression) return member(lookUp(vars, expression.of), expression.key);
  const json = typeof expression.json === 'string' ? expression.json : lookUp(vars, expression.json);
  if (typeof json !== 'string' || json.length > longestJson) return undefined;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function variable(vars: object, name: string): unknown {
  if (Object.hasOwn(vars, name)) return valueNamed(vars, name)?.value;
  return name === 'process' ? process : member(globalThis, name);
}

function member(owner: unknown, key: string): unknown {
  if (owner === undefined || owner === null) return undefined;
  for (let at: object | null = Object(owner) as object; at !== null && !isProxy(at); at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return found.value as unknown;
  }
  return undefined;
}
