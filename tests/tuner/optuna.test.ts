// Optuna's suggestions, number for number: data/optuna.npz has those of Optuna 5.0.0 (see make.py). Here each study
// uses only our values of our own suggestions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { io, tuner } from '../../src';
import { argsort } from '../../src/tuner/argsort';
import { functions, samplers } from './functions';

const tensors = await io.loadNpz(join(__dirname, 'data/optuna.npz'));
const portable = await io.loadNpz(join(__dirname, 'data/optuna-portable.npz'));

type Name = keyof typeof functions;

/** Trial after trial. */
function plain(name: Name, sampler: tuner.Sampler, seed: number, trials: number): tuner.Search {
  const { space, value } = functions[name];
  const search = new tuner.Search(space, { sampler, seed, trials });
  for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask())
    search.tell(trial.number, value(trial.params));
  return search;
}

/** Four at once, with results in another order, some failed, pruned or infeasible. */
function crowded(name: Name, sampler: tuner.Sampler, seed: number, trials: number): tuner.Search {
  const { space, value } = functions[name];
  const search = new tuner.Search(space, { sampler, seed, trials, direction: 'maximize' });
  const running: tuner.Trial[] = [];
  const tell = () => {
    const trial = (search.trials.length % 3 === 0 ? running.pop() : running.shift())!;
    const { number: n } = trial;
    const y = -value(trial.params);
    if (n % 8 === 3) search.tell(n, { failed: 'as planned' });
    else if (n % 5 === 2) {
      for (let step = 0; step < n % 4; step++) search.report(n, step, y + (n % 3) - step);
      search.tell(n, { pruned: true });
    } else if (n % 7 === 5) search.tell(n, { value: y, constraints: [1 / n, -1] });
    else search.tell(n, y);
  };
  for (let i = 0; i < trials; i++) {
    if (running.length === 4) tell();
    running.push(search.ask() as tuner.Trial);
  }
  return search;
}

/** The deviation of a suggestion, relative to the parameter's range, or on a log scale to the value. */
function deviation(parameter: tuner.PlainParameter, ours: tuner.Choice | undefined, theirs: number): number {
  if (ours === undefined || Number.isNaN(theirs)) return ours === undefined && Number.isNaN(theirs) ? 0 : Infinity;
  if (parameter.kind === 'categorical') return parameter.choices[theirs] === ours ? 0 : Infinity;
  const { low, high, log } = parameter;
  const difference = Math.abs((ours as number) - theirs);
  return difference === 0 ? 0 : difference / (log ? theirs : high - low);
}

describe('suggestions are those of Optuna 5.0.0', () => {
  const keys = Object.keys(tensors).filter((key) => !key.startsWith('median/'));
  const cases = [
    ...keys.map((key) => ({ key, sort: 'vector' as const, wanted: tensors[key]! })),
    ...Object.entries(portable).map(([key, wanted]) => ({ key, sort: 'portable' as const, wanted })),
  ];
  let largest = 0;
  afterAll(() => {
    if (process.env.GRADLAB_FIGURES) console.log(`${cases.length} searches of Optuna's: off by at most ${largest}`);
  });
  test('in four functions, five seeds, sixty trials, and more', () => {
    expect(keys.length).toBe(65);
    expect(Object.keys(portable).length).toBe(32);
  });

  test('the sorts differ on integers', () => {
    const differ = Object.keys(portable).filter(
      (key) => !portable[key]!.nanToNum({ nan: -1 }).equal(tensors[key]!.nanToNum({ nan: -1 })),
    );
    expect(differ.length).toBeGreaterThan(10);
  });

  test.each(cases)('$key, $sort', ({ key, sort, wanted: found }) => {
    const [way, name, sampler, seed] = key.split('/') as ['plain' | 'crowded', Name, keyof typeof samplers, string];
    const wanted = found.tolist() as number[][];
    const chosen = samplers[sampler];
    const sorted = chosen.kind === 'tpe' ? { ...chosen, numpySort: sort } : chosen;
    const search = { plain, crowded }[way](name, sorted, Number(seed), wanted.length);
    const { space } = functions[name];
    const worst = search.trials.map(({ params }, n) =>
      Math.max(...space.names.map((one, p) => deviation(space.plain(one), params[one], wanted[n]![p]!))),
    );
    largest = Math.max(largest, ...worst);
    expect(worst.length).toBe(wanted.length);
    expect(Math.max(...worst), `first off at trial ${worst.findIndex((by) => by > 1e-9)}`).toBeLessThan(1e-9);
  });
});

test('equal numbers have NumPy’s order, by both of its sorts', () => {
  const orders = JSON.parse(readFileSync(join(__dirname, 'data/argsort.json'), 'utf8'));
  for (const sort of ['vector', 'portable'] as const)
    for (const [key, wanted] of Object.entries(orders[sort])) {
      const [n, m] = key.split('/').map(Number) as [number, number];
      const values = Array.from({ length: n }, (_, i) => ((i * i * 7919 + i * n) % (10 * m + 7)) % m);
      let order = 0;
      for (const k of argsort(values, sort)) order = Math.imul(order ^ k, 16777619);
      expect([sort, key, order >>> 0]).toEqual([sort, key, wanted]);
    }
});

describe('the median rule stops where that of Optuna 5.0.0 does', () => {
  const medians = [{}, { startup: 2, warmup: 3, interval: 3 }, { startup: 0, minTrials: 4 }];
  const cases = medians.flatMap((options, i) =>
    (['minimize', 'maximize'] as const).map((direction) => ({ key: `median/${i}/${direction}`, options, direction })),
  );
  test.each(cases)('$key $options', ({ key, options, direction }) => {
    const space = tuner.space({ x: tuner.float(0, 1) });
    const pruner = tuner.median(options);
    const search = new tuner.Search(space, { sampler: tuner.random(), pruner, direction, trials: 60 });
    const stops = Array.from({ length: 60 }, (_, n) => {
      search.ask();
      let value = 0;
      for (let step = 0; step < 10; step += n % 3 === 0 ? 2 : 1) {
        value = ((n * 7919) % 101) / 101 + ((n * 31 + step * 17) % 13) / 13 / (step + 1);
        if (search.report(n, step, value) === 'go on') continue;
        search.tell(n, { pruned: true });
        return step;
      }
      search.tell(n, value);
      return -1;
    });
    expect(stops).toEqual(tensors[key]!.tolist());
    expect(stops.filter((step) => step >= 0).length).toBeGreaterThan(5);
  });
});
