import { ValueError } from '../../../errors';

/**
 * The exact mean of `see` over all sets of remaining terms when each is dropped with probability p: all 2ⁿ sets,
 * weighted by their probability. `see` receives the sum of the remaining terms.
 * @throws {ValueError} if there are more than 16 terms.
 */
export function overMasks(terms: readonly number[], p: number, see: (sum: number) => number): number {
  if (terms.length > 16) throw new ValueError(`overMasks: 2ⁿ sets are too many for ${terms.length} terms; at most 16`);
  let mean = 0;
  for (let mask = 0; mask < 2 ** terms.length; mask++) {
    let [sum, chance] = [0, 1];
    terms.forEach((term, i) => {
      const stays = ((mask >> i) & 1) === 1;
      if (stays) sum += term;
      chance *= stays ? 1 - p : p;
    });
    mean += chance * see(sum);
  }
  return mean;
}
