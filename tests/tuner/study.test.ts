import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { FormatError, StudyError, tuner, ValueError } from '../../src';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-study-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

let journal: string;
let files = 0;
beforeEach(() => {
  journal = path.join(folder, `${++files}`, 'run.jsonl');
});

const space = tuner.space({ x: tuner.float(-5, 5), act: tuner.categorical(['relu', 'tanh']) });
const options = { sampler: tuner.random(), trials: 7, seed: 3 };
const value = ({ x, act }: { x: number; act: string }) => x ** 2 + (act === 'relu' ? 0 : 1);
/** The table of an uninterrupted search, without journal and runner. */
function undisturbed(trials = options.trials) {
  const search = new tuner.Search(space, { ...options, trials });
  for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask())
    search.tell(trial.number, value(trial.params));
  return search.table();
}
const lines = () => fs.readFileSync(journal, 'utf8').split('\n').slice(0, -1);
const told = () =>
  lines()
    .map((line) => JSON.parse(line).entry.event)
    .filter((event) => event?.kind === 'told')
    .map(({ number }) => number);

test('a run in this process, of a synchronous or asynchronous objective: the table of the bare search', async () => {
  const study = tuner.study(space, options);
  expect(await study.run(value)).toBe(study);
  expect(study.table()).toEqual(undisturbed());
  expect(study.best?.value).toBe(Math.min(...undisturbed().map((row) => Number(row.value))));
  const later = await tuner.study(space, options).run(async (params) => value(params));
  expect(later.table()).toEqual(undisturbed());
});

test('each trial has ended on the timeline when it is over, by this process, one after the other', async () => {
  const study = await tuner.study(space, options).run(value);
  const spans = study.timeline();
  expect(spans.map(({ number, state }) => [number, state])).toEqual(
    Array.from({ length: 7 }, (_, i) => [i, 'complete']),
  );
  for (const [i, { worker, began, ended }] of spans.entries()) {
    expect(worker).toBe(`process ${process.pid}`);
    expect(ended).toBeGreaterThanOrEqual(began);
    if (i > 0) expect(began).toBeGreaterThanOrEqual(spans[i - 1]!.ended!);
  }
});

test('truncated after any line it resumes by the same code, records each trial once, and ends with the same table', async () => {
  await tuner.study(space, { ...options, journal }).run((params, trial) => {
    trial.report(1, params.x);
    return value(params);
  });
  const all = lines();
  expect(all.length).toBe(1 + 3 * 7);
  for (let count = 0; count <= all.length; count++) {
    fs.writeFileSync(journal, all.slice(0, count).join('\n') + (count === 0 ? '' : '\n'));
    const study = await tuner.study(space, { ...options, journal }).run(value);
    expect(study.table()).toEqual(undisturbed());
    expect(told().sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    study.close();
  }
});

test('an incomplete line is reported, and more trials may follow', async () => {
  await tuner.study(space, { ...options, journal }).run(value);
  const whole = fs.readFileSync(journal);
  fs.writeFileSync(journal, whole.subarray(0, whole.length - 5));
  const study = tuner.study(space, { ...options, trials: 9, journal });
  expect(study.dropped?.text).toMatch(/^\{"length":\d+,"crc32":"/);
  await study.run(value);
  expect(study.table()).toEqual(undisturbed(9));
});

test("two studies on one journal share the trials, and each reads the other's results", async () => {
  const one = tuner.study(space, { ...options, journal });
  const two = tuner.study(space, { ...options, journal });
  for (let study = one, trial = study.ask(); trial !== 'done'; study = study === one ? two : one, trial = study.ask()) {
    if (trial === 'wait') throw new Error('nobody has a trial');
    study.tell(trial.number, value(trial.params));
  }
  expect(one.refresh().table()).toEqual(undisturbed());
  expect(two.refresh().table()).toEqual(undisturbed());
  expect(() => two.tell(0, 1)).toThrow(StudyError);
});

test('an error, an invalid value, or a reported NaN of an objective is a failure of its trial, with the reason', async () => {
  const study = await tuner.study(space, options).run(({ x }, trial) => {
    if (trial.number === 1) throw new RangeError('out of memory');
    if (trial.number === 3) return Number.NaN;
    if (trial.number === 4) trial.report(2, Number.NaN);
    if (trial.number === 5) return 'good' as never;
    if (trial.number === 6) return Number.POSITIVE_INFINITY;
    return x;
  });
  expect(study.trials.map(({ state }) => state)).toEqual([
    ...['complete', 'failed', 'complete', 'failed', 'failed', 'failed', 'complete'],
  ]);
  expect(study.trials[1]!.reason).toBe('RangeError: out of memory');
  expect(study.trials[3]!.reason).toMatch(/returned NaN, expected a number/);
  expect(study.trials[4]!.reason).toMatch(/the value of step 2 is NaN/);
  expect(study.trials[5]!.reason).toMatch(/returned 'good', expected a number/);
  expect(study.trials[6]!.value).toBe(Number.POSITIVE_INFINITY);
});

test('five consecutive failures end a run: the objective itself fails', async () => {
  const study = tuner.study(space, { ...options, journal });
  const run = study.run(() => {
    throw new Error('no such data');
  });
  await expect(run).rejects.toThrow(StudyError);
  await expect(run).rejects.toThrow('5 trials failed one after the other, trial 4 by: Error: no such data');
  expect(tuner.study(space, { ...options, journal }).trials.length).toBe(5);
});

test('onTrial receives each trial, and ends the run by returning false; the next call continues', async () => {
  const heard: number[] = [];
  const study = tuner.study(space, { ...options, journal });
  await study.run(value, { onTrial: ({ number }) => heard.push(number) < 3 });
  expect(heard).toEqual([0, 1, 2]);
  expect(study.trials.length).toBe(3);
  await study.run(value, { onTrial: ({ number }) => heard.push(number) });
  expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('an interrupted run loses its trial to the next one, and cannot record it any more', async () => {
  const study = tuner.study(space, { ...options, journal });
  let go = (_: number): void => {};
  const first = study.run(
    () =>
      new Promise<number>((resolve) => {
        go = resolve;
      }),
  );
  await expect.poll(() => study.trials.length).toBe(1);
  const second = tuner.study(space, { ...options, journal });
  await second.run(value);
  expect(second.table()).toEqual(undisturbed());
  go(123);
  await expect(first).rejects.toThrow(/another run of the study has begun/);
  expect(told().length).toBe(7);
});

test('a decision that cannot be written is not made', () => {
  const study = tuner.study(space, { ...options, journal });
  const trial = study.ask();
  study.close();
  expect(() => study.ask()).toThrow();
  expect(() => study.tell(0, 1)).toThrow();
  expect(study.trials.map(({ state }) => state)).toEqual(['running']);
  expect(trial).toMatchObject({ number: 0 });
});

test('a trial has a checkpoint folder, the same one when it is repeated', async () => {
  const folders: (string | undefined)[] = [];
  const study = tuner.study(space, { trials: 2, seed: 1, journal });
  await study.run((params, { checkpoint }) => {
    folders.push(checkpoint);
    return params.x;
  });
  const beside = journal.replace('run.jsonl', 'run.checkpoints');
  expect(folders).toEqual([path.join(beside, '0'), path.join(beside, '1')]);
  await tuner.study(space, { trials: 1, seed: 1 }).run((_, { checkpoint }) => {
    folders.push(checkpoint);
    return 0;
  });
  expect(folders[2]).toBeUndefined();
});

test('mistakes are reported before anything is changed', async () => {
  tuner.study(space, { ...options, journal });
  const before = fs.readFileSync(journal);
  const other = tuner.space({ x: tuner.float(-5, 6) });
  expect(() => tuner.study(other, { ...options, journal })).toThrow(StudyError);
  expect(() => tuner.study(other, { ...options, journal })).toThrow(
    `${journal}: this log is of another study: space is`,
  );
  expect(fs.readFileSync(journal)).toEqual(before);
  fs.writeFileSync(`${journal}.csv`, 'a,b\n');
  expect(() => tuner.study(space, { ...options, journal: `${journal}.csv` })).toThrow(FormatError);
  expect(() => tuner.study(space, { ...options, journl: journal } as never)).toThrow(/did you mean journal/);
  const study = tuner.study(space, options);
  await expect(study.run({ module: './objective.mjs' })).rejects.toThrow(ValueError);
  await expect(study.run(value, { runner: tuner.processes({ workers: 1 }) })).rejects.toThrow(
    /a function cannot be sent/,
  );
  await expect(study.run(value, { retries: -1 })).rejects.toThrow(/retries/);
  expect(() => tuner.processes({ workers: 0 })).toThrow(/workers is 0; it must be a whole number, 1 or more/);
  expect(() => tuner.redis('127.0.0.1')).toThrow(/address of a Redis server/);
  expect(() => tuner.redis('redis://127.0.0.1', { queue: 'a b' })).toThrow(/a queue has a name/);
  expect(study.trials).toEqual([]);
});
