import type { AnyModule } from './module';

const passing = new WeakSet<object>();

/**
 * Says of classes of modules that they keep neither their input nor their output, and show them to nobody. It does not
 * hold for classes derived from them.
 * @internal
 */
export function passOn(...classes: readonly object[]): void {
  for (const each of classes) passing.add(each);
}

/** Whether a module, as it is, only passes tensors on; see {@link passOn}. @internal */
export function passesOn(module: AnyModule): boolean {
  return passing.has(module.constructor) && !module.isHooked && !Object.hasOwn(module, 'forward');
}
