import { describe } from '../describe';
import { ValueError } from '../errors';
import { checkOptions } from '../options';

/**
 * Returns the defaults overridden by the given options; `undefined` counts as not given. The one place where options of
 * optimizers and schedulers are checked for their names.
 * @throws {ValueError} for an option that does not exist, naming those that do.
 * @internal
 */
export function complete<O extends object>(owner: string, defaults: O, given: Partial<O>): O {
  checkOptions(owner, given, Object.keys(defaults));
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return copyOf({ ...defaults, ...Object.fromEntries(set) });
}

/** Options whose lists are copies, so that the given ones stay the caller's to change. @internal */
export function copyOf<O extends object>(options: O): O {
  const copied = Object.entries(options).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]);
  return Object.fromEntries(copied) as O;
}

/**
 * @throws {ValueError} unless every named option is a number, 0 or more.
 * @internal
 */
export function checkNotNegative(owner: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options))
    if (!(typeof value === 'number' && value >= 0))
      throw new ValueError(`${owner}: ${name} is ${describe(value)}; it must be 0 or more`);
}

/**
 * @throws {ValueError} unless there are two decay rates in `[0, 1)`.
 * @internal
 */
export function checkBetas(owner: string, betas: readonly number[]): void {
  if (!Array.isArray(betas)) throw new ValueError(`${owner}: betas are a list of two numbers, got ${describe(betas)}`);
  if (betas.length !== 2 || ![...betas].every((beta) => typeof beta === 'number' && beta >= 0 && beta < 1))
    throw new ValueError(`${owner}: betas are ${describe(betas)}; both must be 0 or more and below 1`);
}

/**
 * The effect of weight decay on a parameter: its factor in this step, and its factor in the gradient.
 * @internal
 */
export function decays(group: { lr: number; weightDecay: number; decoupledWeightDecay: boolean }): [number, number] {
  return group.decoupledWeightDecay ? [1 - group.lr * group.weightDecay, 0] : [1, group.weightDecay];
}
