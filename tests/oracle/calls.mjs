// Translates a PyTorch call to ours, by the names and types of our declarations: no operation has an adapter.
import { camel, Tuple } from './values.mjs';

/** A call that does not match our declarations. */
export class BindError extends Error {}

/**
 * The arguments of our call for positional and named arguments of PyTorch's. A positional value is assigned to the next
 * parameter whose type accepts it; the rest go to the options, in the order of their declaration. This also
 * distinguishes `std(x, True)` from `std(x, 1)`.
 *
 * @param {import('../../tools/reference/api.mjs').Signature[]} signatures the overloads
 * @throws {BindError} if there is no parameter for an argument
 */
export function bind(signatures, args, kwargs, gradlab) {
  const given = args.flatMap((arg) => (arg instanceof Tuple ? arg.items : [arg]));
  const named = Object.entries(kwargs).map(([name, value]) => [camel(name), value]);
  for (const signature of signatures) {
    const bound = tryBind(signature, given, named, true, gradlab);
    if (Array.isArray(bound)) return bound;
  }
  // If no signature accepts the type, the library itself must reject what the compiler would reject.
  const failures = [];
  for (const signature of signatures) {
    const bound = tryBind(signature, given, named, false, gradlab);
    if (Array.isArray(bound)) return bound;
    failures.push(bound);
  }
  throw new BindError(failures[0] ?? 'cannot be called');
}

/** @returns {unknown[] | string} the arguments, or why they do not match */
function tryBind({ params, options }, positional, named, strict, gradlab) {
  const slots = [...params, ...options];
  const args = gathered(slots[0], positional, gradlab);
  const values = new Map();
  const rest = [];
  const fits = (slot, value) =>
    !strict || slot.accepts(kindOf(value, gradlab)) || (value === null && slot.optional) || slot.rest;
  let next = 0;
  for (const value of args) {
    while (next < slots.length && slots[next].optional && !fits(slots[next], value)) next++;
    if (next === slots.length) return `there is no parameter for argument ${args.indexOf(value)}`;
    const slot = slots[next];
    if (!fits(slot, value)) return `${slot.name} does not take ${kindOf(value, gradlab)}`;
    if (slot.rest) rest.push(value);
    else values.set(next++, value);
  }
  for (const [name, value] of named) {
    const at = slots.findIndex((slot) => slot.name === name);
    if (at < 0) return `there is no parameter ${name}`;
    if (values.has(at)) return `${name} is given twice`;
    if (!fits(slots[at], value)) return `${name} does not take ${kindOf(value, gradlab)}`;
    if (slots[at].rest) rest.push(value);
    else values.set(at, value);
  }
  const valueAt = (slot, i) => {
    const value = values.get(i);
    return value === null && !slot.accepts('null') ? undefined : value;
  };
  const call = params.filter((slot) => !slot.rest).map(valueAt);
  const given = options
    .map((slot, i) => [slot.name, valueAt(slot, params.length + i)])
    .filter(([, value]) => value !== undefined);
  while (given.length === 0 && rest.length === 0 && call.length > 0 && call[call.length - 1] === undefined) call.pop();
  return [...call, ...rest, ...(given.length > 0 ? [Object.fromEntries(given)] : [])];
}

/** Collects leading tensors into a list if our function takes one first: `meshgrid(x, y)`. */
function gathered(slot, args, gradlab) {
  const count = args.findIndex((arg) => !(arg instanceof gradlab.Tensor));
  const tensors = count < 0 ? args : args.slice(0, count);
  if (tensors.length === 0 || slot === undefined || slot.rest || slot.accepts('tensor') || !slot.accepts('array'))
    return args;
  return [tensors, ...args.slice(tensors.length)];
}

function kindOf(value, gradlab) {
  if (value === null) return 'null';
  if (value instanceof gradlab.Tensor) return 'tensor';
  return Array.isArray(value) ? 'array' : typeof value;
}

/**
 * Finds PyTorch's function, method or class by name, as something to call or construct.
 *
 * @throws {BindError} if it does not exist
 */
export function lookUp(name, api, gradlab) {
  const entry = api.find(name);
  if (entry === undefined) throw new BindError(`there is no ${name}`);
  if (entry.kind === 'function' || entry.kind === 'class')
    return { ...entry, target: entry.path.reduce((found, part) => found[part], gradlab) };
  const [method] = entry.path;
  const self = { name: 'input', optional: false, rest: false, accepts: (kind) => kind === 'tensor' };
  return {
    ...entry,
    signatures: entry.signatures.map(({ params, options }) => ({ params: [self, ...params], options })),
    target: (input, ...args) => {
      if (!(input instanceof gradlab.Tensor)) throw new BindError(`${method} is a method of a tensor`);
      return entry.kind === 'property' ? input[method] : input[method](...args);
    },
  };
}
