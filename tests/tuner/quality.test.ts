// The best value of a hundred trials, compared with Optuna's (data/quantiles.json, 15 seeds; see make.py).
// GRADLAB_SEEDS=15 runs as many, and prints the table.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tuner } from '../../src';
import { functions, samplers } from './functions';

const seeds = Number(process.env.GRADLAB_SEEDS ?? 3);
const theirs = JSON.parse(readFileSync(join(__dirname, 'data/quantiles.json'), 'utf8')) as Record<
  string,
  Record<'median' | '90 %', number>
>;

/** The best values of studies with 100 trials, sorted. */
function bests(name: keyof typeof functions, sampler: tuner.Sampler): number[] {
  const { space, value } = functions[name];
  const found = Array.from({ length: seeds }, (_, seed) => {
    const search = new tuner.Search(space, { sampler, seed, trials: 100 });
    for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask())
      search.tell(trial.number, value(trial.params));
    return search.best!.value!;
  });
  return found.sort((a, b) => a - b);
}

/** As in NumPy, linear between two. */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at % 1);
}

const names = ['sphere', 'branin', 'hartmann', 'mixed'] as const;
const cases = names.flatMap((name) =>
  (['multivariate', 'univariate'] as const).map((sampler) => [name, sampler] as const),
);

test.each(cases)(
  "%s, %s: the median is within the 90 % range of Optuna's, and better than random search",
  (name, sampler) => {
    const ours = bests(name, samplers[sampler]);
    const dice = bests(name, samplers.random);
    const median = quantile(ours, 0.5);
    const wanted = theirs[`${name}/${sampler}`]!;
    if (process.env.GRADLAB_SEEDS !== undefined)
      console.log(
        `${name} ${sampler}: ${median} [${quantile(ours, 0.9)}], Optuna ${wanted.median} [${wanted['90 %']}], dice ${quantile(dice, 0.5)}`,
      );
    expect(median).toBeLessThanOrEqual(wanted['90 %']);
    expect(median).toBeLessThan(quantile(dice, 0.5));
  },
);
