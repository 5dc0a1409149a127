import { noGrad } from '../autograd';
import { whole } from '../cancellation';
import { describe } from '../describe';
import { ShapeError, ValueError } from '../errors';
import { formatShape, sameShape } from '../tensor/shape';
import { Tensor } from '../tensor/tensor';
import type { AnyModule } from './module';
import { isModule } from './module-tree';
import { isBuffer, isParameter } from './parameter';

/** Parameters (and buffers) by name, such as `'0.weight'`. */
export type StateDict = Record<string, Tensor>;

/** The differences that `loadStateDict` found; both lists are empty if it was strict. */
export interface LoadResult {
  /** Names the module has and the state has not. */
  missingKeys: string[];
  /** Names the state has and the module has not. */
  unexpectedKeys: string[];
}

/** All parameters and persistent buffers by path, without gradients. @internal */
export function stateOf(module: AnyModule, prefix: string): StateDict {
  const entries = module.members();
  const own = [
    ...entries.filter(([, value]) => isParameter(value)),
    ...entries.filter(([, value]) => isBuffer(value) && value.persistent),
  ].map(([name, value]) => [prefix + name, (value as Tensor).detach()] as const);
  const inner = entries.map(([name, value]) => (isModule(value) ? stateOf(value, `${prefix}${name}.`) : {}));
  return Object.assign(Object.fromEntries(own), ...inner);
}

/** Copies a state into a module. @throws as {@link Module.loadStateDict}. @internal */
export function loadState(module: AnyModule, state: StateDict, strict: boolean): LoadResult {
  if (typeof state !== 'object' || state === null || Array.isArray(state) || state instanceof Tensor)
    throw new ValueError(`loadStateDict: a state is an object of tensors by name, got ${describe(state)}`);
  const own = stateOf(module, '');
  const missingKeys = Object.keys(own).filter((key) => !Object.hasOwn(state, key));
  const unexpectedKeys = Object.keys(state).filter((key) => !Object.hasOwn(own, key));
  const shared = Object.keys(own).filter((key) => Object.hasOwn(state, key));
  const misfits = shared.filter(
    (key) => !(state[key] instanceof Tensor) || !sameShape(state[key].shape, own[key].shape),
  );
  const faults = misfits.map((key) => {
    const given = state[key] instanceof Tensor ? formatShape(state[key].shape) : `no tensor but ${typeof state[key]}`;
    return `shape of ${key}: the module has ${formatShape(own[key].shape)}, the state ${given}`;
  });
  if (strict && unexpectedKeys.length > 0) faults.unshift(`unexpected: ${unexpectedKeys.join(', ')}`);
  if (strict && missingKeys.length > 0) faults.unshift(`missing: ${missingKeys.join(', ')}`);
  if (faults.length > 0) {
    const message = `loadStateDict: the state does not fit ${module.constructor.name}: ${faults.join('; ')}`;
    throw misfits.length === faults.length ? new ShapeError(message) : new ValueError(message);
  }
  whole(() =>
    noGrad(() => {
      for (const key of shared) own[key].copy_(state[key]);
    }),
  );
  return { missingKeys, unexpectedKeys };
}
