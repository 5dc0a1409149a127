// Recycling: layers between which the memory of activations may be reused.
import { ownership } from '../autograd/ownership';
import type { AnyModule } from './module';
import { invoke } from './module-tree';

/**
 * Prototypes of layers that only pass tensors on, each with the names of the methods that a call runs; an own property
 * may override one.
 */
const passing = new Map<unknown, readonly PropertyKey[]>();

/**
 * Declares that modules of these classes neither keep nor expose their input and output. Derived classes are not
 * included.
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

/** Whether a module currently only passes tensors on; see {@link passOn}. @internal */
export function passesOn(module: AnyModule): boolean {
  const names = passing.get(Object.getPrototypeOf(module));
  if (names === undefined || module.isHooked || !ownership.look()) return false;
  for (const name of names) if (Object.hasOwn(module, name)) return false;
  return true;
}
