// Replaces tensors of a module by others during a call.

import { whole } from '../cancellation';
import { describe } from '../describe';
import { ValueError } from '../errors';
import { soon } from '../platform';
import { Tensor } from '../tensor/tensor';
import type { AnyModule } from './module';
import { isModule } from './module-tree';
import { isBuffer, isParameter, standIns } from './parameter';

/** Tensors by path that replace a module's own; `null` for none. */
export type StateInPlace = Readonly<Record<string, Tensor | null>>;

/** A property of a module, and its replacement. */
export interface Place {
  readonly path: string;
  readonly module: Record<string, unknown>;
  readonly name: string;
  readonly value: Tensor | null;
}

/** @internal */
export function isPlainRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Tensor) && !(Symbol.iterator in value);
}

/**
 * Finds the properties that the given tensors replace. Nothing is changed yet.
 * @throws {ValueError} for a path without a parameter or buffer, a value that is no tensor, tied ones with different
 *   values, and in strict mode for one that is missing.
 * @internal
 */
export function putInPlace(
  op: string,
  module: AnyModule,
  given: StateInPlace,
  { tieWeights, strict }: { tieWeights: boolean; strict: boolean },
): Place[] {
  if (!isModule(module)) throw new ValueError(`${op}: the first argument must be a module, got ${describe(module)}`);
  const all = { removeDuplicate: false };
  const own = new Map<string, Tensor>([...module.namedParameters(all), ...module.namedBuffers(all)]);
  const values = new Map(Object.entries(given));
  for (const [path, value] of values)
    if (value !== null && !(value instanceof Tensor))
      throw new ValueError(`${op}: the value of '${path}' must be a tensor or null, got ${describe(value)}`);
  // All paths are resolved before other checks.
  for (const path of values.keys()) placeOf(op, module, path, own);
  if (tieWeights) tie(op, own, values);
  if (strict) {
    const missing = [...own.keys()].filter((path) => !values.has(path));
    if (missing.length > 0)
      throw new ValueError(`${op}: strict, but missing are ${missing.join(', ')}; give them, or leave strict out`);
  }
  return [...values].map(([path, value]) => ({ path, ...placeOf(op, module, path, own), value }));
}

/** Replaces shared tensors at all their paths. */
function tie(op: string, own: ReadonlyMap<string, Tensor>, values: Map<string, Tensor | null>): void {
  const groups = new Map<Tensor, string[]>();
  for (const [path, tensor] of own) groups.set(tensor, [...(groups.get(tensor) ?? []), path]);
  for (const paths of groups.values()) {
    const given = paths.filter((path) => values.has(path));
    if (paths.length < 2 || given.length === 0) continue;
    const value = values.get(given[0])!;
    if (given.some((path) => values.get(path) !== value))
      throw new ValueError(
        `${op}: ${given.join(' and ')} are one tensor of the module, but are given different ones; ` +
          'give one, or pass { tieWeights: false }',
      );
    for (const path of paths) values.set(path, value);
  }
}

function placeOf(
  op: string,
  root: AnyModule,
  path: string,
  own: ReadonlyMap<string, Tensor>,
): { module: Record<string, unknown>; name: string } {
  const at = path.lastIndexOf('.');
  const name = path.slice(at + 1);
  let module: AnyModule | null = root;
  for (const part of at < 0 ? [] : path.slice(0, at).split('.')) {
    const next: unknown = module === null ? null : new Map(module.members()).get(part);
    module = isModule(next) ? next : null;
  }
  const found = module === null ? undefined : new Map(module.members()).get(name);
  if (module === null || (found !== null && !(found instanceof Tensor))) {
    const has = own.size === 0 ? 'it has none' : `it has ${[...own.keys()].join(', ')}`;
    throw new ValueError(`${op}: '${path}' is not a parameter or buffer of ${root.constructor.name}; ${has}`);
  }
  return { module: module as unknown as Record<string, unknown>, name };
}

/** The properties to restore, for all running calls. */
const running: (() => void)[] = [];
let isWatched = false;

/**
 * Runs `body` with the tensors swapped in, and restores the originals. `reset` receives values that were assigned
 * meanwhile.
 * @internal
 */
export function swapped<T>(places: readonly Place[], body: () => T, reset: (path: string, now: unknown) => void): T {
  const before = places.map(({ module, name }) => module[name]);
  const kinds = places.flatMap(({ value }, i) => {
    const was = before[i];
    return value === null || (!isParameter(was) && !isBuffer(was)) || isParameter(value) || isBuffer(value)
      ? []
      : [[value, isParameter(was) ? 'parameter' : 'buffer'] as const];
  });
  const putBack = () =>
    whole(() => {
      for (const [value] of kinds) standIns.remove(value);
      places.forEach(({ module, name, path, value }, i) => {
        const now = module[name];
        module[name] = before[i];
        if (now !== value) reset(path, now);
      });
    });
  watch();
  running.push(putBack);
  const depth = running.length;
  try {
    for (const { module, name, value } of places) module[name] = value;
    for (const [value, kind] of kinds) standIns.add(value, kind);
    return body();
  } finally {
    if (running.length >= depth) {
      running.length = depth - 1;
      putBack();
    }
  }
}

/** Restores the originals soon after an interrupt of a cell, which skips every `finally`: then no call is running. */
function watch(): void {
  if (isWatched) return;
  isWatched = true;
  soon(() => {
    isWatched = false;
    for (let putBack = running.pop(); putBack !== undefined; putBack = running.pop()) putBack();
  });
}
