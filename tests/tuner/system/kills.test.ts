// kill -9 of all participants of a search, at moments drawn by a seed: no trial is lost, none counts twice, and the
// table is that of an uninterrupted search. GRADLAB_KILLS=200 kills more often.
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildIfStale } from '../../../kernel-setup/setup/build.mjs';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { Generator, rand, tuner } from '../../../src';
import { describeRedis, ended, RedisServer, start, startWorker } from './redis-server';
import { folderOfTest, space, timesTold, undisturbed } from './setting';

beforeAll(() => buildIfStale(paths));

const kills = Number(process.env.GRADLAB_KILLS ?? 10);
const seed = 11;

/** Integers below `n`, drawn by a seed. */
function dice() {
  const generator = new Generator().manualSeed(seed);
  return (n: number) => Math.floor(rand([], { generator, dtype: 'float64' }).item() * n);
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The child processes of a process. */
const childrenOf = (pid: number): number[] =>
  fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/**
 * Runs a search, and calls `kill` each time its journal has grown by some lines; `kill` restarts what it has killed.
 * Returns the numbers of kills by kind, the trials whose worker was killed, and what was dropped.
 */
async function searchUnderFire(
  journal: string,
  trials: number,
  url: string | undefined,
  victims: readonly string[],
  kill: (victim: string, driver: ReturnType<typeof start>, draw: (n: number) => number) => Promise<void>,
): Promise<Record<string, number>> {
  const draw = dice();
  const drive = () =>
    start(process.execPath, [
      path.join(import.meta.dirname, 'driver.mjs'),
      ...[journal, String(trials), String(seed), ...(url === undefined ? [] : [url])],
    ]);
  const size = () => (fs.existsSync(journal) ? fs.statSync(journal).size : 0);
  const counts: Record<string, number> = Object.fromEntries(victims.map((victim) => [victim, 0]));
  let driver = drive();
  for (let done = 0; done < kills; done++) {
    const until = size() + draw(1500);
    while (size() < until && driver.exitCode === null) await sleep(5);
    await sleep(draw(60));
    expect(driver.exitCode, `the search ended after ${done} kills: ${driver.said}`).toBeNull();
    const victim = victims[draw(victims.length)]!;
    counts[victim]!++;
    if (victim === 'driver') {
      driver.kill('SIGKILL');
      await ended(driver);
      driver = drive();
    } else await kill(victim, driver, draw);
  }
  await ended(driver);
  expect(driver.exitCode, driver.said).toBe(0);
  return counts;
}

/** Expects the table of an uninterrupted search, to the bit, and each trial to be recorded once. */
function expectWhole(journal: string, trials: number, counts: Record<string, number>): void {
  const study = tuner.study(space, { sampler: tuner.random(), journal, trials, seed });
  const losses = study.timeline().filter(({ state }) => state === 'lost').length;
  console.log(`${JSON.stringify(counts)} killed: ${trials} trials, ${losses} runs given out again`);
  expect(study.table()).toEqual(undisturbed(trials, seed));
  expect(timesTold(journal)).toEqual(Object.fromEntries(Array.from({ length: trials }, (_, i) => [i, 1])));
  expect(losses).toBeGreaterThan(0);
}

test.skipIf(process.platform !== 'linux')(
  'processes: the driver and the processes of trials (only on Linux)',
  async () => {
    const journal = path.join(folderOfTest(), 'run.jsonl');
    const trials = 4 * kills;
    const counts = await searchUnderFire(journal, trials, undefined, ['driver', 'trial'], async (_, driver, draw) => {
      const children = childrenOf(driver.pid!);
      if (children.length > 0) process.kill(children[draw(children.length)]!, 'SIGKILL');
    });
    expectWhole(journal, trials, counts);
  },
);

describeRedis('Redis', () => {
  test('the driver, workers and Redis itself', async () => {
    const server = await RedisServer.start();
    const workers = [startWorker(server.url), startWorker(server.url)];
    const journal = path.join(folderOfTest(), 'run.jsonl');
    const trials = 4 * kills;
    const counts = await searchUnderFire(
      journal,
      trials,
      server.url,
      ['driver', 'worker', 'redis'],
      async (victim, _, draw) => {
        if (victim === 'redis') {
          await server.kill();
          await server.restart();
          return;
        }
        const which = draw(workers.length);
        workers[which]!.kill('SIGKILL');
        workers[which] = startWorker(server.url);
      },
    );
    expectWhole(journal, trials, counts);
  });
});
