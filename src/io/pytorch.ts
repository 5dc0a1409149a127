// Names in states: camelCase here, snake_case in PyTorch.

import { describe } from '../describe';
import { ValueError } from '../errors';
import { checkDepth, mapNested } from '../nested-values';
import { Tensor } from '../tensor/tensor';

/** Names that differ from the rule. */
const exceptions = new Map([['hDiag', 'H_diag']]);
const opposite = new Map([...exceptions].map(([ours, theirs]) => [theirs, ours]));

const snake = (name: string): string =>
  exceptions.get(name) ?? name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string): string =>
  opposite.get(name) ?? name.replace(/(?<=[a-zA-Z0-9])_([a-z0-9])/g, (_, next: string) => next.toUpperCase());

/**
 * Renames a state as in PyTorch: `runningMean` becomes `running_mean`, `weightIhL0` `weight_ih_l0`, in paths such as
 * `encoder.norm.runningMean`, and in the states of optimizers, such as `paramGroups`. Write it to a file with
 * {@link saveSafetensors} or {@link save}.
 *
 * @example
 * const net = new nn.BatchNorm1d(1);
 * Object.keys(io.toPytorch(net.stateDict()))
 * // ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']
 * @throws {ValueError} if two names become the same.
 */
export function toPytorch<T extends object>(state: T): { [name: string]: T[keyof T] } {
  return renamed('toPytorch', state, snake) as { [name: string]: T[keyof T] };
}

/** Additional fields of PyTorch's parameter groups, which do not change the result of a step. */
const machinery = ['foreach', 'capturable', 'differentiable', 'fused'];

/**
 * Renames weights of PyTorch, to load them into a net. With `like`, the state of the module (or optimizer) it is for, names match
 * regardless of their spelling: `layer_1`, `layer1` and `Layer1` are the same. In the states of optimizers, PyTorch's
 * settings of how to compute are dropped, and step counts become numbers.
 *
 * @example
 * const net = new nn.Linear(2, 1);
 * await io.saveSafetensors('linear.safetensors', net.stateDict());
 * const state = await io.loadSafetensors('linear.safetensors');
 * net.loadStateDict(io.fromPytorch(state, net.stateDict())) // { missingKeys: [], unexpectedKeys: [] }
 * @throws {ValueError} if two names become the same.
 */
export function fromPytorch<T extends object>(state: object, like: T): T;
export function fromPytorch<T extends object>(state: T): { [name: string]: T[keyof T] };
export function fromPytorch(state: object, like?: object): object {
  const known = new Map<string, string>();
  if (like !== undefined) {
    requireObject('fromPytorch', like);
    for (const name of Object.keys(like)) {
      const plain = plainOf(name);
      if (known.has(plain))
        throw new ValueError(
          `fromPytorch: ${describe(name)} and ${describe(known.get(plain))} differ in their spelling alone`,
        );
      known.set(plain, name);
    }
  }
  const named = renamed('fromPytorch', state, camel, known) as { paramGroups?: unknown; state?: unknown };
  if (!Array.isArray(named.paramGroups)) return named;
  const paramGroups = named.paramGroups.map((group: object) =>
    Object.fromEntries(Object.entries(group).filter(([name]) => !machinery.includes(name))),
  );
  return { ...named, paramGroups, state: counted(named.state) };
}

const plainOf = (name: string): string => name.replace(/_/g, '').toLowerCase();

/** Fields of optimizer states that are one-element tensors in PyTorch and numbers here. */
const numbers = ['step', 'eta', 'mu', 'muProduct', 'hDiag', 'ro'];
/** Fields that only hold scratch memory. */
const scratch = ['al'];

/** Converts the state of an optimizer: one-element tensors become numbers. */
function counted(state: unknown): unknown {
  if (!isPlain(state)) return state;
  const plain = (value: unknown) =>
    mapNested('fromPytorch', value, (one) => (one instanceof Tensor ? one.item() : one));
  const one = (remembered: unknown) =>
    isPlain(remembered)
      ? Object.fromEntries(
          Object.entries(remembered)
            .filter(([name]) => !scratch.includes(name))
            .map(([name, value]) => [name, numbers.includes(name) ? plain(value) : value]),
        )
      : remembered;
  return Object.fromEntries(Object.entries(state).map(([number, remembered]) => [number, one(remembered)]));
}

/** @internal */
export function isPlain(value: unknown): value is Record<string, unknown> {
  const prototype = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  // Objects of another realm have another `Object.prototype`.
  return (
    prototype === null ||
    (prototype !== undefined && Object.getPrototypeOf(prototype) === null && !Array.isArray(value))
  );
}

function requireObject(op: string, state: unknown): void {
  if (!isPlain(state)) throw new ValueError(`${op}: needs a state, such as net.stateDict(), got ${describe(state)}`);
}

function renamed(
  op: string,
  state: object,
  rename: (name: string) => string,
  known?: ReadonlyMap<string, string>,
  depth = 0,
): object {
  requireObject(op, state);
  const names = new Map<string, string>();
  const entries = Object.entries(state).map(([name, value]) => {
    const to = known?.get(plainOf(name)) ?? rename(name);
    if (names.has(to))
      throw new ValueError(`${op}: ${describe(names.get(to))} and ${describe(name)} would both become ${describe(to)}`);
    names.set(to, name);
    return [to, inside(op, value, rename, depth + 1)];
  });
  return Object.fromEntries(entries);
}

function inside(op: string, value: unknown, rename: (name: string) => string, depth = 1): unknown {
  checkDepth(op, depth);
  if (Array.isArray(value)) return value.map((item) => inside(op, item, rename, depth + 1));
  return isPlain(value) ? renamed(op, value, rename, undefined, depth) : value;
}
