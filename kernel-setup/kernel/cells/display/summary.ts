import { inspect } from 'node:util';
import { isProxy } from 'node:util/types';

/** The method of this name summarizes an object in a few lines: dtype and shape of a tensor, layers of a module. */
export const summarySymbol = Symbol.for('Jupyter.summary');
const longest = 2_000;

/** A summary of a value in a few lines, or `null` if it is undefined. It runs no getter and does not look into proxies. */
export function summaryOf(value: unknown): string | null {
  if (value === undefined) return null;
  const text = describe(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** The value of a variable of the cells, if it has one. */
export function valueNamed(vars: object, name: string): { value: unknown } | undefined {
  const read = Object.getOwnPropertyDescriptor(vars, name)?.get;
  if (read === undefined) return undefined;
  try {
    return { value: read() };
  } catch {
    return undefined; // declared, but not initialised yet
  }
}

function describe(value: unknown): string {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return brief(value);
  if (isProxy(value)) return 'a Proxy';
  const own = methodOf(value, summarySymbol);
  if (own !== undefined) return String(own.call(value));
  if (Array.isArray(value)) return `Array of ${value.length}: ${brief(value)}`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return `${value.constructor.name} of ${(value as Uint8Array).length}: ${brief(value)}`;
  if (value instanceof Map || value instanceof Set)
    return `${value.constructor.name} of ${value.size}: ${brief(value)}`;
  return brief(value);
}

/** A method, looked up without running a getter. */
export function methodOf(value: object, name: symbol): ((this: unknown) => unknown) | undefined {
  for (let at: object | null = value; at !== null; at = prototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found !== undefined) return typeof found.value === 'function' ? found.value : undefined;
  }
  return undefined;
}

/** The prototype, unless that is a proxy. */
export function prototypeOf(value: object): object | null {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return isProxy(prototype) ? null : prototype;
}

const brief = (value: unknown) =>
  inspect(value, {
    depth: 1,
    maxArrayLength: 6,
    maxStringLength: 200,
    breakLength: 80,
    getters: false,
    customInspect: false,
  });
