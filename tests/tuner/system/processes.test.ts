import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildIfStale } from '../../../kernel-setup/setup/build.mjs';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { tuner } from '../../../src';
import { isAlive } from '../../support/processes';
import { ended, start } from './redis-server';
import { folderOfTest, objective, space, timesTold, undisturbed } from './setting';

beforeAll(() => buildIfStale(paths));

const options = { sampler: tuner.random(), trials: 8, seed: 5 };
const runner = tuner.processes({ workers: 2 });

test('two processes, which compute and report: the table of the bare search, by two workers', async () => {
  const study = await tuner.study(space, options).run(objective(), { runner });
  expect(study.table()).toEqual(undisturbed(8, 5));
  expect(new Set(study.timeline().map(({ worker }) => worker))).toEqual(
    new Set([1, 2].map((number) => `${process.pid}/${number}`)),
  );
  expect(study.trials[3]!.reports.map(([step, value]) => value / step)).toEqual(
    Array(3).fill(expect.closeTo(study.trials[3]!.params.x, 12)),
  );
});

test('a crash costs only its own trial, which is repeated; one that crashes each time fails, with its last output', async () => {
  const journal = path.join(folderOfTest(), 'run.jsonl');
  const study = await tuner.study(space, { ...options, journal }).run(objective('crashing'), { runner });
  const expected = undisturbed(8, 5);
  expect(study.table().filter(({ number }) => number !== 4)).toMatchObject(
    expected.filter(({ number }) => number !== 4),
  );
  expect(study.trials[4]!.state).toBe('failed');
  expect(study.trials[4]!.reason).toMatch(/^lost 3 times: its process ended with code 7: this process has had enough/);
  const losses = study.timeline().filter(({ state }) => state === 'lost');
  expect(losses.map(({ number }) => number).sort()).toEqual([2, 4, 4]);
  expect(Object.values(timesTold(journal))).toEqual(Array(8).fill(1));
});

test('a missing module or export is a failure that names it', async () => {
  const study = tuner.study(space, options);
  await expect(study.run(objective('missing'), { runner })).rejects.toThrow(
    /exports no function missing; it has atOnce, crashing, default, endless, sleeping, untilStopped/,
  );
  await expect(tuner.study(space, options).run({ module: './nowhere.mjs' }, { runner })).rejects.toThrow(
    /nowhere\.mjs/,
  );
});

test('a run that ends also ends its processes, in the middle of their trials', async () => {
  const journal = path.join(folderOfTest(), 'run.jsonl');
  const study = tuner.study(space, { ...options, journal });
  const files = [0, 1].map((number) => path.join(journal.replace('.jsonl', '.checkpoints'), String(number), 'pid'));
  const run = study.run(objective('endless'), { runner }).catch((error: Error) => error.message);
  await expect
    .poll(() => files.every((file) => fs.existsSync(file) && fs.readFileSync(file, 'utf8') !== ''))
    .toBe(true);
  // Another run takes over.
  await tuner.study(space, { ...options, journal }).run(objective('atOnce'), { runner });
  expect(await run).toMatch(/another run of the study has begun/);
  const pids = files.map((file) => Number(fs.readFileSync(file, 'utf8')));
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  expect(Object.values(timesTold(journal))).toEqual(Array(8).fill(1));
});

test('two programs search simultaneously in one journal: each does a part, no trial twice, the same table', async () => {
  const journal = path.join(folderOfTest(), 'run.jsonl');
  const drive = () =>
    start(process.execPath, [path.join(import.meta.dirname, 'driver.mjs'), journal, '40', '5'], {
      GRADLAB_TOGETHER: '2',
    });
  const drivers = [drive(), drive()];
  await Promise.all(drivers.map(ended));
  expect(drivers.map(({ exitCode, said }) => [exitCode, said])).toEqual(Array(2).fill([0, '']));
  const study = tuner.study(space, { ...options, trials: 40, journal });
  expect(study.table()).toEqual(undisturbed(40, 5));
  expect(timesTold(journal)).toEqual(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [i, 1])));
  const programs = new Set(study.timeline().map(({ worker }) => worker!.split('/')[0]));
  expect(programs).toEqual(new Set(drivers.map(({ pid }) => String(pid))));
});
