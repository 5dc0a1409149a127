import { describe } from '../describe';
import { ValueError } from '../errors';
import { type GridSampler, GridSuggester } from './grid';
import { type RandomSampler, RandomSuggester } from './random';
import type { Suggester } from './sampler';
import type { Space } from './space';
import { type TpeSampler, TpeSuggester } from './tpe';

/** Any sampler of the tuner, made by `tuner.tpe()`, `tuner.random()` or `tuner.grid()`: plain data. */
export type Sampler = GridSampler | RandomSampler | TpeSampler;

/**
 * Returns the suggester of a sampler; `longest` is the last step of the longest trials, if lengths differ.
 * @throws {ValueError} if it is not a sampler, or does not fit the space.
 * @internal
 */
export function suggesterOf(sampler: Sampler, space: Space<unknown>, seed: number, longest?: number): Suggester {
  switch (sampler?.kind) {
    case 'grid':
      return new GridSuggester(sampler, space);
    case 'random':
      return new RandomSuggester(space, seed);
    case 'tpe':
      return new TpeSuggester(sampler, space, seed, longest);
    default:
      throw new ValueError(
        `Search: the sampler must be made by tuner.tpe(), tuner.random() or tuner.grid(), got ${describe(sampler)}`,
      );
  }
}
