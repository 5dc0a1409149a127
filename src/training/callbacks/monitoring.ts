import { describe } from '../../describe';
import { ValueError } from '../../errors';
import { requireOneOf, requireSizes } from '../../ops/table/arguments';
import type { Run } from './callback';

/** Options of callbacks that monitor one number of each epoch. */
export interface MonitorOptions<N extends string> {
  /** The number: `'loss'`, `'valLoss'`, the name of a metric, or `val…` of one. */
  monitor: N;
  /** Whether a lower or a higher value is better. Default: lower for losses; the library's metrics declare it. */
  mode?: 'min' | 'max';
}

/** @throws {ValueError} unless it has the name of a number, and a known mode. @internal */
export function checkMonitoring(who: string, { monitor, mode }: MonitorOptions<string>): void {
  if (typeof monitor !== 'string')
    throw new ValueError(
      `${who}: monitor must be the name of a number of the epoch, such as 'valLoss', got ${describe(monitor)}`,
    );
  if (mode !== undefined) requireOneOf(who, { mode }, ['min', 'max']);
}

/** Returns the direction of a number. @throws {ValueError} if it is unknown. @internal */
export function directionOf(who: string, run: Run, { monitor, mode }: MonitorOptions<string>): 'min' | 'max' {
  const found = mode ?? run.modeOf(monitor);
  if (found === undefined)
    throw new ValueError(`${who}: is a high ${monitor} good? Say mode: 'max' if it is, else mode: 'min'`);
  return found;
}

/** Whether a value is better by more than `minDelta`, added as Keras adds it. @internal */
export const isBetter = (mode: 'min' | 'max', value: number, best: number, minDelta = 0): boolean =>
  mode === 'min' ? value + minDelta < best : value - minDelta > best;

/** @throws {ValueError} unless they are whole numbers, 0 or more. @internal */
export const requireCounts = (who: string, counts: Record<string, number>): void => requireSizes(who, counts, 0);
