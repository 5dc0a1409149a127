import { onlyValue, type Space } from './space';
import type { AnyParams, Choice, Direction, TrialRecord } from './types';

/** What makes suggestions: a sampler at work. @internal */
export interface Suggester {
  /** How many words each of its generators has given. */
  readonly drawn: readonly number[];
  /** Goes on from there. */
  seek(drawn: readonly number[]): void;
  /** The values of a new trial: the `index`-th that is not a continuation. */
  suggest(index: number, trials: readonly TrialRecord[], direction: Direction): AnyParams;
  /** How many there are, if they end. */
  readonly size: number;
}

/** The values of the parameters that a trial has, drawn one after the other. @internal */
export function drawEach(space: Space<unknown>, draw: (name: string) => Choice): AnyParams {
  const params: Record<string, Choice> = {};
  for (const name of space.names)
    if (space.isActive(name, params)) {
      const only = onlyValue(space.plain(name));
      params[name] = only === undefined ? draw(name) : only;
    }
  return params;
}
