// Hyperband and ASHA: integer tables, and rungs that continue from the one below.
import { describe, expect, test } from 'vitest';
import { tuner } from '../../src';

/** The table by the formulas of the paper, in exact integers. */
function exactly(R: number, eta: number, min = 1): string {
  const [r, n] = [BigInt(R), BigInt(eta)];
  const up = (a: bigint, b: bigint) => (a + b - 1n) / b;
  let most = 0n;
  while (n ** (most + 1n) * BigInt(min) <= r) most++;
  const rows: string[] = [];
  for (let s = most; s >= 0n; s--) {
    const first = up((most + 1n) * n ** s, s + 1n);
    for (let i = 0n; i <= s; i++) rows.push(`${first / n ** i}x${up(r, n ** (s - i))}`);
    rows.push('|');
  }
  return rows.join(' ');
}
const told = (table: readonly (readonly tuner.Rung[])[]) =>
  table.map((rungs) => `${rungs.map(({ trials, resource }) => `${trials}x${resource}`).join(' ')} |`).join(' ');

describe("Hyperband's table", () => {
  test.each([
    [27, 3, [27, 12, 6, 4]],
    [81, 3, [81, 34, 15, 8, 5]],
    [243, 3, [243, 98, 41, 18, 9, 6]],
    [1000, 10, [1000, 134, 20, 4]],
    [125, 5, [125, 34, 10, 4]],
  ])('for R = %i and η = %i begins with %j trials', (max, reduction, firsts) => {
    expect(tuner.hyperbandTable({ max, reduction }).map(([rung]) => rung!.trials)).toEqual(firsts);
  });

  test('is exact for all R up to 10,000 and η from 2 to 10', () => {
    let tables = 0;
    for (let reduction = 2; reduction <= 10; reduction++)
      for (let max = 1; max <= 10_000; max++) {
        const ours = told(tuner.hyperbandTable({ max, reduction }));
        if (ours !== exactly(max, reduction)) expect(ours, `${max}, ${reduction}`).toBe(exactly(max, reduction));
        tables++;
      }
    expect(tables).toBe(90_000);
  }, 120_000);

  test('has no rung below min', () => {
    for (const min of [2, 3, 7])
      for (let max = min; max < 200; max++) {
        const table = tuner.hyperbandTable({ max, min, reduction: 3 });
        expect(told(table)).toBe(exactly(max, 3, min));
        for (const { resource } of table.flat()) expect(resource).toBeGreaterThanOrEqual(min);
      }
  });
});

const space = tuner.space({ x: tuner.float(0, 1) });
/** A loss that decreases with training towards a value set by the parameters; early on others are better. */
const lossOf = (x: number, steps: number) => (x - 0.3) ** 2 + (1 - x) / steps;

/** Runs all trials, `workers` at a time; `choose` selects the one that ends next. */
function run(search: tuner.Search<{ readonly x: number }>, workers = 1, choose = (_count: number) => 0): void {
  const running: tuner.Trial<{ readonly x: number }>[] = [];
  for (;;) {
    let next = search.ask();
    while (typeof next === 'object' && running.push(next) < workers) next = search.ask();
    if (next === 'done') return;
    const [trial] = running.splice(choose(running.length), 1);
    search.tell(trial!.number, lossOf(trial!.params.x, trial!.resource!));
  }
}

describe('Hyperband', () => {
  const options = { sampler: tuner.random(), pruner: tuner.hyperband({ max: 27 }), seed: 4 };

  test('fills its table; the best of each rung continue from their checkpoints, η times as long', () => {
    const search = new tuner.Search(space, options);
    run(search);
    const table = tuner.hyperbandTable({ max: 27 });
    const { trials } = search;
    expect(trials.length).toBe(table.flat().reduce((sum, rung) => sum + rung.trials, 0));
    table.forEach((rungs, bracket) => {
      rungs.forEach((rung, r) => {
        const here = trials.filter((one) => one.bracket === bracket && one.rung === r);
        expect(here.length).toBe(rung.trials);
        expect(new Set(here.map(({ resource }) => resource))).toEqual(new Set([rung.resource]));
        if (r === 0) {
          expect(here.every(({ from }) => from === undefined)).toBe(true);
          return;
        }
        const below = trials.filter((one) => one.bracket === bracket && one.rung === r - 1);
        const best = [...below].sort((a, b) => a.value! - b.value!).slice(0, rung.trials);
        expect(here.map(({ from }) => from)).toEqual(best.map(({ number }) => number));
        here.forEach((one, i) => {
          expect(one.params).toEqual(best[i]!.params);
        });
      });
    });
    expect(search.best!.resource).toBe(27);
  });

  test('has the same table whichever trial is requested and ends first', () => {
    const alone = new tuner.Search(space, options);
    run(alone);
    for (const [workers, choose] of [
      [4, (count: number) => count - 1],
      [7, (count: number) => Math.floor(count / 2)],
      [3, () => 0],
    ] as const) {
      const search = new tuner.Search(space, options);
      run(search, workers, choose);
      expect(search.table()).toEqual(alone.table());
    }
  });

  test('a failed trial is not promoted, and a rung of failures ends the bracket', () => {
    const search = new tuner.Search(space, { ...options, pruner: tuner.hyperband({ max: 9 }) });
    for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask())
      search.tell(
        trial.number,
        trial.bracket === 0 ? { failed: 'no memory' } : lossOf(trial.params.x, trial.resource!),
      );
    const first = search.trials.filter(({ bracket }) => bracket === 0);
    expect(first.length).toBe(9);
    expect(search.trials.filter(({ bracket }) => bracket === 1).map(({ rung }) => rung)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  test('stops a trial at the end of its rung, and counts it there', () => {
    const search = new tuner.Search(space, { ...options, pruner: tuner.hyperband({ max: 9 }) });
    for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask()) {
      let step = trial.from === undefined ? 0 : search.trials[trial.from]!.resource!;
      let decision = 'go on';
      while (decision === 'go on' && step < 9)
        decision = search.report(trial.number, ++step, lossOf(trial.params.x, step));
      expect(step).toBe(trial.resource);
      search.tell(trial.number, decision === 'stop' ? { pruned: true } : lossOf(trial.params.x, step));
    }
    const whole = new tuner.Search(space, { ...options, pruner: tuner.hyperband({ max: 9 }) });
    run(whole);
    expect(search.trials.map(({ value, from }) => [value, from])).toEqual(
      whole.trials.map(({ value, from }) => [value, from]),
    );
    expect(search.best!.number).toBe(whole.best!.number);
  });

  test('repeats its brackets as often as given, with new parameters', () => {
    const search = new tuner.Search(space, { ...options, pruner: tuner.hyperband({ max: 3, iterations: 2 }) });
    run(search);
    expect(search.trials.map(({ bracket, rung }) => `${bracket}${rung}`).join(' ')).toBe(
      '00 00 00 01 10 10 00 00 00 01 10 10',
    );
    expect(new Set(search.trials.map(({ params }) => params.x)).size).toBe(10);
  });
});

describe('ASHA', () => {
  test('promotes the best of a rung as soon as it is in the top 1/η, without waiting', () => {
    const search = new tuner.Search(space, {
      sampler: tuner.random(),
      pruner: tuner.asha({ max: 16, reduction: 4 }),
      trials: 80,
      seed: 2,
    });
    for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask())
      search.tell(trial.number, lossOf(trial.params.x, trial.resource!));
    const { trials } = search;
    for (const [rung, resource] of [1, 4, 16].entries())
      expect(new Set(trials.filter((one) => one.rung === rung).map((one) => one.resource))).toEqual(
        new Set([resource]),
      );
    for (const one of trials)
      if (one.from !== undefined) {
        const before = trials.filter(({ rung, number }) => rung === one.rung! - 1 && number < one.number);
        const better = before.filter(({ value }) => value! < trials[one.from!]!.value!);
        expect(better.length).toBeLessThan(Math.floor(before.length / 4));
        expect(one.params).toEqual(trials[one.from]!.params);
      }
    expect(new Set(trials.filter(({ from }) => from !== undefined).map(({ from }) => from)).size).toBe(
      trials.filter(({ from }) => from !== undefined).length,
    );
    expect(trials.filter(({ rung }) => rung === 2).length).toBeGreaterThan(1);
  });

  test('runs a grid to its end', () => {
    const search = new tuner.Search(space, {
      sampler: tuner.grid({ points: 9 }),
      pruner: tuner.asha({ max: 9, reduction: 3 }),
    });
    run(search);
    expect(search.trials.filter(({ from }) => from === undefined).length).toBe(9);
    expect(search.trials.filter(({ rung }) => rung === 1).length).toBeGreaterThanOrEqual(3);
    expect(search.best!.resource).toBe(9);
  });
});
