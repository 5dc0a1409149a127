import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { buildIfStale } from '../../../kernel-setup/setup/build.mjs';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { StudyError, tuner } from '../../../src';
import { describeRedis, ended, RedisServer, startWorker } from './redis-server';
import { folderOfTest, objective, space, timesTold, undisturbed } from './setting';

beforeAll(() => buildIfStale(paths));

const options = { sampler: tuner.random(), trials: 6, seed: 5 };

test('an unreachable Redis is an error with advice, without the password, and nothing is lost', async () => {
  const journal = path.join(folderOfTest(), 'run.jsonl');
  const study = tuner.study(space, { ...options, journal });
  study.tell((study.ask() as tuner.Trial).number, 1);
  const before = fs.readFileSync(journal);
  const run = study.run(objective(), { runner: tuner.redis('redis://user:secret@127.0.0.1:1') });
  const error = await run.catch((caught: unknown) => caught as Error);
  expect(error).toBeInstanceOf(StudyError);
  expect((error as Error).message).toMatch(
    /^Redis at redis:\/\/user:…@127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED.*redis-server --appendonly yes/,
  );
  expect(fs.readFileSync(journal)).toEqual(before);
  const worker = startWorker('redis://127.0.0.1:1');
  await ended(worker);
  expect(worker.exitCode).toBe(1);
  expect(worker.said).toMatch(/^Redis at redis:\/\/127\.0\.0\.1:1 cannot be reached/);
});

describeRedis('Redis', () => {
  test('two workers, one of which runs two at once: the table of the bare search; both end when nothing is left', async () => {
    const { url } = await RedisServer.start();
    const workers = [startWorker(url, '--until-empty'), startWorker(url, '--until-empty', '--concurrency', '2')];
    await expect.poll(() => workers.every(({ said }) => /waits for trials/.test(said))).toBe(true);
    const study = await tuner.study(space, options).run(objective(), { runner: tuner.redis(url) });
    expect(study.table()).toEqual(undisturbed(6, 5));
    expect(study.trials[3]!.reports.map(([step]) => step)).toEqual([1, 2, 3]);
    const names = new Set(study.timeline().map(({ worker }) => worker));
    expect([...names].every((name) => /:\d+(\/[12])?$/.test(name!))).toBe(true);
    expect(names.size).toBe(3);
    await Promise.all(workers.map(ended));
    expect(workers.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  test('a worker that was stopped for longer than its lease finds its trial done: it counts once', async () => {
    const { url } = await RedisServer.start();
    const journal = path.join(folderOfTest(), 'run.jsonl');
    const workers = [startWorker(url), startWorker(url)];
    const [sleeper] = workers as [ReturnType<typeof startWorker>, ReturnType<typeof startWorker>];
    const study = tuner.study(space, { ...options, trials: 3, journal });
    const run = study.run(objective('sleeping'), { runner: tuner.redis(url, { places: 3 }) });
    // As if its machine had been suspended; its child continues and ends the trial.
    await expect.poll(() => sleeper.said).toMatch(/ trial \d+ /);
    sleeper.kill('SIGSTOP');
    await run;
    const before = fs.readFileSync(journal);
    sleeper.kill('SIGCONT');
    await expect.poll(() => sleeper.said).toMatch(/lock/i);
    expect(fs.readFileSync(journal)).toEqual(before);
    expect(study.table()).toEqual(undisturbed(3, 5));
    expect(timesTold(journal)).toEqual({ 0: 1, 1: 1, 2: 1 });
  });

  test('a crash costs only its own trial, which is repeated; one that crashes each time fails', async () => {
    const { url } = await RedisServer.start();
    startWorker(url);
    const journal = path.join(folderOfTest(), 'run.jsonl');
    const study = tuner.study(space, { ...options, journal });
    await study.run(objective('crashing'), { runner: tuner.redis(url), retries: 1 });
    expect(study.trials[4]!.reason).toMatch(
      /^lost 2 times: its process ended with code 7: this process has had enough/,
    );
    const others = (rows: readonly tuner.Row[]) => rows.filter(({ number }) => number !== 4);
    expect(others(study.table())).toMatchObject(others(undisturbed(6, 5)));
  });

  test('a worker that is asked to end releases its trial immediately, and the next one runs it', async () => {
    const { url } = await RedisServer.start();
    const first = startWorker(url);
    const study = tuner.study(space, { ...options, trials: 1 });
    const run = study.run(objective('sleeping'), { runner: tuner.redis(url) });
    await expect.poll(() => first.said).toMatch(/ trial 0 /);
    first.kill('SIGTERM');
    await ended(first);
    expect(first.exitCode).toBe(0);
    startWorker(url);
    await run;
    expect(study.table()).toEqual(undisturbed(1, 5));
  });

  test('an error if Redis is away for longer than patience; the same call continues when it is back', async () => {
    const server = await RedisServer.start();
    const { url } = server;
    startWorker(url);
    const journal = path.join(folderOfTest(), 'run.jsonl');
    const open = () => {
      const study = tuner.study(space, { ...options, journal });
      onTestFinished(() => study.close());
      return study;
    };
    let told = 0;
    const run = open().run(objective(), {
      runner: tuner.redis(url, { patience: 500 }),
      onTrial: () => {
        told++;
        if (told === 2) void server.kill();
      },
    });
    await expect(run).rejects.toThrow(StudyError);
    await server.restart();
    const study = await open().run(objective(), { runner: tuner.redis(url) });
    expect(study.table()).toEqual(undisturbed(6, 5));
    expect(Object.values(timesTold(journal))).toEqual(Array(6).fill(1));
  });

  test("a driver's answer to a report reaches the trial: a hopeless one is pruned", async () => {
    const { url } = await RedisServer.start();
    startWorker(url);
    // A pruner's decision, by hand: trial 0 stops at its third report.
    const study = tuner.study(space, { ...options, trials: 1 });
    const decide = study.report.bind(study);
    study.report = (number, step, value) => {
      decide(number, step, value);
      return step === 2 ? 'stop' : 'go on';
    };
    await study.run(objective('untilStopped'), { runner: tuner.redis(url) });
    expect(study.trials).toMatchObject([
      {
        state: 'pruned',
        value: 2,
        reports: [
          [0, 0],
          [1, 1],
          [2, 2],
        ],
      },
    ]);
  });
});
