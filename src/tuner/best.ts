import type { Direction, TrialRecord } from './types';

/**
 * Whether a trial replaces the best so far (`undefined` at first): it is complete, satisfies all constraints, and has
 * trained longer, or equally long with a better value.
 * @internal
 */
export function isBetter(one: TrialRecord, best: TrialRecord | undefined, direction: Direction): boolean {
  if (one.state !== 'complete' || one.constraints?.some((by) => by > 0)) return false;
  const longer = (one.resource ?? 0) - (best?.resource ?? 0);
  if (best === undefined || longer !== 0) return longer >= 0;
  return direction === 'minimize' ? one.value! < best.value! : one.value! > best.value!;
}
