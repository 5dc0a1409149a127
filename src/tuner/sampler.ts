import { onlyValue, type Space } from './space';
import type { AnyParams, Choice, Direction, TrialRecord } from './types';

/** The state of a sampler, which makes suggestions. @internal */
export interface Suggester {
  /** Number of words drawn by each of its generators. */
  readonly drawn: readonly number[];
  /** Moves the generators to these positions. */
  seek(drawn: readonly number[]): void;
  /** Returns the parameters of a new trial: the `index`-th that does not continue another. */
  suggest(index: number, trials: readonly TrialRecord[], direction: Direction): AnyParams;
  /** Number of different points, may be infinite. */
  readonly size: number;
}

/** Draws the values of a trial's active parameters in order. @internal */
export function drawEach(space: Space<unknown>, draw: (name: string) => Choice): AnyParams {
  const params: Record<string, Choice> = {};
  for (const name of space.names)
    if (space.isActive(name, params)) {
      const only = onlyValue(space.plain(name));
      params[name] = only === undefined ? draw(name) : only;
    }
  return params;
}
