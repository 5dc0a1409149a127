// The search as a state machine: every decision follows from space, options and log.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { io, StudyError, tuner, ValueError } from '../../src';
import { seedOf } from '../../src/tuner/hash';

const space = tuner.space({
  rate: tuner.float(1e-4, 1, { log: true }),
  act: tuner.categorical(['relu', 'tanh']),
  width: tuner.int(4, 64),
  slope: tuner.when({ act: 'relu' }, tuner.float(0, 0.5)),
});
const lossOf = ({ rate, width, slope = 0.2 }: { rate: number; width: number; slope?: number }) =>
  (Math.log10(rate) + 2) ** 2 + ((width - 30) / 30) ** 2 + slope;

describe('a search', () => {
  test('numbers its trials, receives their values and ends', () => {
    const search = new tuner.Search(space, { sampler: tuner.random(), trials: 20, seed: 3 });
    const numbers: number[] = [];
    for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask()) {
      numbers.push(trial.number);
      expect('slope' in trial.params).toBe(trial.params.act === 'relu');
      search.tell(trial.number, lossOf(trial.params));
    }
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(search.ask()).toBe('done');
    expect(search.best!.value).toBe(Math.min(...search.trials.map(({ value }) => value!)));
    expect(new Set(search.trials.map(({ seed }) => seed)).size).toBe(20);
  });

  test('continues from its log, through JSON, as if uninterrupted', () => {
    const whole = new tuner.Search(space, { trials: 12, seed: 5 });
    for (let trial = whole.ask(); typeof trial === 'object'; trial = whole.ask())
      whole.tell(trial.number, lossOf(trial.params));
    for (const cut of [0, 1, 2, 7, 13]) {
      const rest = new tuner.Search(space, { trials: 12, seed: 5 });
      rest.replay(JSON.parse(JSON.stringify(whole.events.slice(0, cut))));
      for (const { number, state } of rest.trials) if (state === 'running') rest.giveBack(number);
      for (let trial = rest.ask(); typeof trial === 'object'; trial = rest.ask())
        rest.tell(trial.number, lossOf(trial.params));
      expect(rest.table()).toEqual(whole.table());
    }
  });

  test('rejects mismatched values, and changes nothing', () => {
    const search = new tuner.Search(space, { trials: 3 });
    expect(() => search.tell(0, 1)).toThrow(StudyError);
    const { number } = search.ask() as tuner.Trial;
    expect(() => search.tell(number, Number.NaN)).toThrow(ValueError);
    expect(() => search.tell(7, 1)).toThrow('there is no trial 7');
    search.tell(number, 1);
    expect(() => search.tell(number, 2)).toThrow('trial 0 has ended already (complete)');
    const before = JSON.stringify(search.events);
    expect(() => search.replay([{ kind: 'told', number: 4, value: 1 }])).toThrow(StudyError);
    expect(JSON.stringify(search.events)).toBe(before);
    expect(search.trials).toMatchObject([{ number: 0, state: 'complete', value: 1 }]);
  });
});

/** An action on a search; a number selects the trial. */
type Deed = {
  readonly what: 'ask' | 'tell' | 'prune' | 'fail' | 'break' | 'report' | 'giveBack';
  readonly pick: number;
};
const deeds = fc.array(
  fc.record<Deed>({
    what: fc.constantFrom(
      'ask',
      'ask',
      'ask',
      'tell',
      'tell',
      'prune',
      'fail',
      'break',
      'report',
      'report',
      'giveBack',
    ),
    pick: fc.nat(1000),
  }),
  { maxLength: 120 },
);
const options = fc.record({
  sampler: fc.constantFrom<tuner.Sampler>(
    tuner.random(),
    tuner.tpe({ startup: 3 }),
    tuner.tpe({ startup: 3, multivariate: false, constantLiar: false }),
    tuner.tpe({ startup: 2, group: true }),
  ),
  pruner: fc.constantFrom<tuner.Pruner>(
    { kind: 'none' },
    tuner.median({ startup: 2 }),
    tuner.hyperband({ max: 9 }),
    tuner.asha({ max: 9, reduction: 3 }),
  ),
  direction: fc.constantFrom<tuner.Direction>('minimize', 'maximize'),
  seed: fc.nat(0xffffffff),
  trials: fc.integer({ min: 1, max: 30 }),
});

/** Performs all possible actions, and returns the answers of the search. */
function perform(search: tuner.Search<never>, list: readonly Deed[]): string[] {
  const answers: string[] = [];
  for (const { what, pick } of list) {
    if (what === 'ask') {
      answers.push(JSON.stringify(search.ask()));
      continue;
    }
    const running = search.trials.filter(({ state }) => state === 'running');
    if (running.length === 0) continue;
    const { number, params } = running[pick % running.length]! as tuner.TrialRecord;
    const value = lossOf(params as Parameters<typeof lossOf>[0]);
    if (what === 'tell') search.tell(number, value);
    if (what === 'prune') search.tell(number, { pruned: true });
    if (what === 'fail') search.tell(number, { failed: 'no memory' });
    if (what === 'break') search.tell(number, { value, constraints: [pick - 500] });
    if (what === 'giveBack') search.giveBack(number);
    if (what === 'report') answers.push(search.report(number, pick % 12, value + 1 / (1 + pick)));
  }
  return answers;
}

describe('in any sequence of actions', () => {
  const make = (chosen: tuner.SearchOptions) => new tuner.Search(space, chosen) as tuner.Search<never>;

  test('the same log gives the same decisions, wherever it is split', () => {
    fc.assert(
      fc.property(options, deeds, deeds, (chosen, before, after) => {
        const search = make(chosen);
        perform(search, before);
        const twin = make(chosen).replay(JSON.parse(JSON.stringify(search.events)));
        expect(perform(twin, after)).toEqual(perform(search, after));
        expect(twin.table()).toEqual(search.table());
        expect(twin.events).toEqual(search.events);
      }),
      { numRuns: 60 },
    );
  });

  test('no number is given to two trials, none beyond the limit, and released trials are issued again unchanged', () => {
    fc.assert(
      fc.property(options, deeds, (chosen, list) => {
        const search = make(chosen);
        perform(search, list);
        const asked = search.events.filter((event) => event.kind === 'asked');
        const first = new Map<number, string>();
        const open = new Set<number>();
        for (const event of search.events) {
          if (event.kind === 'asked') {
            expect(open.has(event.number)).toBe(false);
            const { drawn: _, ...trial } = event;
            expect(JSON.stringify(trial)).toBe(first.get(event.number) ?? JSON.stringify(trial));
            first.set(event.number, JSON.stringify(trial));
            open.add(event.number);
          } else if (event.kind !== 'reported') open.delete(event.number);
        }
        expect(first.size).toBeLessThanOrEqual(chosen.trials);
        expect(search.trials.length).toBe(first.size);
        expect(asked.every(({ params }) => space.fault(params) === undefined)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('with random search the table does not depend on which trial ends first', () => {
    fc.assert(
      fc.property(options, fc.array(fc.nat(1000), { minLength: 60, maxLength: 60 }), (chosen, picks) => {
        if (chosen.pruner.kind === 'median' || chosen.pruner.kind === 'asha') return;
        const tables = [picks, [0]].map((order) => {
          const search = new tuner.Search(space, { ...chosen, sampler: tuner.random() });
          const running: number[] = [];
          for (let i = 0; ; i++) {
            let trial = search.ask();
            for (; typeof trial === 'object' && running.push(trial.number) < 4; ) trial = search.ask();
            if (trial === 'done') return search.table();
            const [number] = running.splice(order[i % order.length]! % running.length, 1);
            search.tell(number!, lossOf(search.trials.find((one) => one.number === number)!.params));
          }
        });
        expect(tables[0]).toEqual(tables[1]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('entries of another study are rejected, and nothing is changed', () => {
  const begun = () => {
    const search = new tuner.Search(space, { trials: 9, sampler: tuner.random() });
    search.ask();
    search.ask();
    search.tell(0, 1);
    search.ask();
    search.giveBack(2);
    return search;
  };
  const asked = begun().events[0]! as Extract<tuner.SearchEvent, { kind: 'asked' }>;
  const wrong: [string, (search: tuner.Search<never>) => unknown, string, typeof StudyError | typeof ValueError][] = [
    ['a trial that was never requested', (s) => s.tell(9, 1), 'there is no trial 9; asked so far are 3', StudyError],
    ['an invalid number', (s) => s.tell('1' as never, 1), "there is no trial '1'", StudyError],
    ['a trial that has ended', (s) => s.report(0, 1, 1), 'trial 0 has ended already (complete)', StudyError],
    [
      'a trial that was released',
      (s) => s.tell(2, 1),
      'trial 2 was given back; ask() must issue it again first',
      StudyError,
    ],
    ['a trial released twice', (s) => s.giveBack(2), 'trial 2 was given back', StudyError],
    ['NaN', (s) => s.tell(1, Number.NaN), "expected a number, got NaN: tell { failed: 'the loss is NaN' }", ValueError],
    ['a string as value', (s) => s.tell(1, '0.5' as never), 'expected a number, { value, constraints', ValueError],
    ['no outcome', (s) => s.tell(1, undefined as never), 'expected a number, { value', ValueError],
    ['NaN as a constraint', (s) => s.tell(1, { value: 1, constraints: [Number.NaN] }), 'has a constraint', ValueError],
    ['a failure without a reason', (s) => s.tell(1, { failed: true as never }), 'a failure has a reason', ValueError],
    ['a report of NaN', (s) => s.report(1, 0, Number.NaN), 'if training has diverged', ValueError],
    ['an invalid step', (s) => s.report(1, 0.5, 1), 'the step must be a whole number', ValueError],
    ['a log with a duplicate trial', (s) => s.replay([asked]), 'trial 0 was asked already and is complete', StudyError],
    [
      'a log of another space',
      (s) => s.replay([{ ...asked, number: 3, params: { momentum: 0.9 } }]),
      'trial 3 is of another space: there is no parameter momentum; the space has rate, act, width, slope',
      StudyError,
    ],
    [
      'a log of other bounds',
      (s) => s.replay([{ ...asked, number: 3, params: { rate: 2, act: 'tanh', width: 5 } }]),
      'trial 3 is of another space: rate cannot be 2',
      StudyError,
    ],
    ['a log of another seed', (s) => s.replay([{ ...asked, number: 3, seed: 5 }]), 'another seed', StudyError],
    [
      'a log that continues nothing',
      (s) => s.replay([{ ...asked, number: 3, seed: seedOf(0, 3), from: 8 }]),
      'trial 3 continues trial 8, which was never asked',
      StudyError,
    ],
    [
      'half a log',
      (s) =>
        s.replay([
          { kind: 'told', number: 1, value: 3 },
          { kind: 'told', number: 1, value: 4 },
        ]),
      'replay: event 6: trial 1 has ended already',
      StudyError,
    ],
  ];
  test.each(wrong)('%s', (_, deed, message, type) => {
    const search = begun() as tuner.Search<never>;
    const before = JSON.stringify([search.events, search.trials]);
    expect(() => deed(search)).toThrow(type);
    expect(() => deed(search)).toThrow(message);
    expect(JSON.stringify([search.events, search.trials])).toBe(before);
    expect(search.ask()).toMatchObject({ number: 2 });
  });

  test('the settings of another study, by name', () => {
    const search = new tuner.Search(space, { trials: 4 });
    expect(() => search.checkStudy(JSON.parse(JSON.stringify(search.study)))).not.toThrow();
    const other = new tuner.Search(space, { trials: 4, seed: 1, direction: 'maximize' });
    expect(() => search.checkStudy(other.study)).toThrow(
      'direction is "minimize" here and "maximize" there; seed is 0 here and 1 there',
    );
    expect(other.fingerprint).not.toBe(search.fingerprint);
    expect(new tuner.Search(space, { trials: 99 }).fingerprint).toBe(search.fingerprint);
  });

  const options: [string, tuner.SearchOptions, string][] = [
    ['no end', {}, 'this search would never end: say how many trials there are, { trials: 50 }'],
    ['a misspelt option', { trial: 5 } as never, 'did you mean trials'],
    ['no trials', { trials: 0 }, 'trials must be a whole number from 1 on'],
    ['a direction', { trials: 1, direction: 'up' as never }, "direction must be 'minimize' or 'maximize', got \"up\""],
    ['a seed', { trials: 1, seed: -1 }, 'seed must be a whole number from 0 to 4294967295'],
    ['a sampler', { trials: 1, sampler: 'tpe' as never }, 'the sampler must be made by tuner.tpe()'],
    ['a pruner', { trials: 1, pruner: {} as never }, 'the pruner must be made by tuner.median()'],
    [
      'a grid for Hyperband',
      { sampler: tuner.grid(), pruner: tuner.hyperband({ max: 9 }) },
      'or tuner.asha() with the grid',
    ],
  ];
  test.each(options)('%s', (_, chosen, message) => {
    expect(() => new tuner.Search(space, chosen)).toThrow(ValueError);
    expect(() => new tuner.Search(space, chosen)).toThrow(message);
  });
  test('an invalid space', () => {
    expect(() => new tuner.Search({ rate: 1 } as never, { trials: 1 })).toThrow(
      'the space must be made by tuner.space',
    );
  });
});

test('infinities are values, and survive JSON', () => {
  const search = new tuner.Search(space, { trials: 30, seed: 8, sampler: tuner.tpe({ startup: 4 }) });
  for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask()) {
    search.report(trial.number, 0, Number.POSITIVE_INFINITY);
    search.tell(trial.number, trial.number % 2 === 0 ? Number.POSITIVE_INFINITY : lossOf(trial.params));
  }
  const again = new tuner.Search(space, { trials: 30, seed: 8, sampler: tuner.tpe({ startup: 4 }) });
  again.replay(JSON.parse(JSON.stringify(search.events)));
  expect(again.table()).toEqual(search.table());
  expect(again.trials[2]).toMatchObject({ value: Number.POSITIVE_INFINITY, reports: [[0, Number.POSITIVE_INFINITY]] });
  expect(search.best!.value).toBeLessThan(10);
});

test('the best trial violates no constraint', () => {
  const search = new tuner.Search(space, { trials: 3 });
  search.tell((search.ask() as tuner.Trial).number, { value: 1, constraints: [0.1, -5] });
  expect(search.best).toBeUndefined();
  search.tell((search.ask() as tuner.Trial).number, { value: 3, constraints: [0, -1] });
  search.tell((search.ask() as tuner.Trial).number, 4);
  expect(search.best).toMatchObject({ number: 1, value: 3 });
});

test('a table becomes a CSV file and arrays of an npz file', async () => {
  const odd = tuner.space({
    'a,b': tuner.categorical(['say "hi"', 'x\ny', null]),
    n: tuner.int(1, 9),
    m: tuner.when({ n: 5 }, tuner.int(0, 3)),
  });
  const search = new tuner.Search(odd, { trials: 8, sampler: tuner.random(), seed: 1 });
  for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask())
    search.tell(trial.number, trial.number === 2 ? { failed: 'no memory' } : trial.params.n / 3);
  const rows = search.table();
  // Parsed like Python's csv: quotes doubled within quotes.
  const cells: string[][] = [[]];
  for (const [, quoted, plain, end] of tuner.csv(rows).matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/g)) {
    cells.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (end === '\r\n') cells.push([]);
  }
  expect(cells.pop()).toEqual([]);
  const [head, ...lines] = cells;
  expect(head).toEqual(Object.keys(rows[0]!));
  expect(lines).toEqual(
    rows.map((row) => Object.values(row).map((value) => (value === undefined ? '' : String(value)))),
  );

  const columns = tuner.arrays(rows);
  const read = await io.decodeNpz(await io.encodeNpz(columns));
  expect(read.params_n!.tolist()).toEqual(rows.map((row) => row.params_n));
  expect(read['state=failed']!.tolist()).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
  expect(columns.value![2]).toBeNaN();
  expect(columns['params_a,b=null']!.map(Boolean)).toEqual(rows.map((row) => row['params_a,b'] === null));
  expect(tuner.csv([])).toBe('\r\n');
  expect(tuner.arrays([])).toEqual({});
});
