// Recycling: between which layers the memory of activations may be used again.
import { ownership } from '../autograd/ownership';
import type { AnyModule } from './module';
import { invoke } from './module-tree';

/** Prototypes of layers that pass on, each with the names of what a call runs: an own property of that name takes its place. */
const passing = new Map<unknown, readonly PropertyKey[]>();

/**
 * Says of classes of modules that they keep neither their input nor their output, and show them to nobody. It does not
 * hold for classes derived from them.
 * @internal
 */
export function passOn(...classes: readonly { readonly prototype: object }[]): void {
  for (const { prototype } of classes) {
    const names: PropertyKey[] = [invoke];
    for (let at = prototype; at !== Object.prototype && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
      ownership.guard(at);
      if (!Object.hasOwn(at, invoke)) names.push(...Reflect.ownKeys(at).filter((key) => key !== 'constructor'));
      else break;
    }
    passing.set(prototype, names);
  }
}

/** Whether a module, as it is, only passes tensors on; see {@link passOn}. @internal */
export function passesOn(module: AnyModule): boolean {
  const names = passing.get(Object.getPrototypeOf(module));
  if (names === undefined || module.isHooked || !ownership.look()) return false;
  for (const name of names) if (Object.hasOwn(module, name)) return false;
  return true;
}
