import { afterAll, expect, test, vi } from 'vitest';
import { StudyError } from '../../src';
import * as page from '../../src/platform/browser';

// The search in a page: its journals, locks and processes are those of platform/browser.ts.
vi.resetModules();
vi.doMock('../../src/platform', () => page);
const tuner = await import('../../src/tuner');

// Files share a process, so the platform of Node is restored for later ones.
afterAll(() => {
  vi.doUnmock('../../src/platform');
  vi.resetModules();
});

const space = tuner.space({ rate: tuner.float(1e-4, 1, { log: true }) });
const loss = ({ rate }: { rate: number }) => Math.abs(Math.log10(rate) + 2);
const open = (journal?: string, trials = 12) =>
  tuner.study(space, { sampler: tuner.random(), trials, seed: 3, ...(journal !== undefined && { journal }) });

test('in a page other programs are errors that suggest what to do instead', () => {
  expect(() => page.startProgram([], {}, { line: () => {}, end: () => {} })).toThrow(/trials then run in this page/);
  expect(() => page.optionalPackage('bullmq')).toThrow(StudyError);
});

test('there a study in memory has a unique name, and its process counts as running', () => {
  expect(page.newName()).toMatch(/^[0-9a-f]{32}$/);
  expect(page.newName()).not.toBe(page.newName());
  expect(page.isRunning(page.thisProcess())).toBe(true);
});

test('there a journal lasts as long as the kernel: the same code continues an interrupted study', async () => {
  const undisturbed = await open().run(loss);
  const first = open('runs/rate.jsonl');
  await first.run(loss, { onTrial: ({ number }) => number < 4 });
  const given = first.ask();
  const second = open('runs/rate.jsonl');
  expect(second.name).toBe(first.name);
  expect(second.trials.length).toBe(6);
  expect(given).toMatchObject({ number: 5 });
  // A trial that the first has requested by hand, without a result, is released by hand as well.
  second.giveBack(5);
  await second.run(loss);
  expect(second.table()).toEqual(undisturbed.table());
  expect(first.refresh().table()).toEqual(undisturbed.table());
  expect(() => tuner.study(space, { journal: 'runs/rate.jsonl', trials: 12 })).toThrow(/sampler/);
});

test('there a journal grows, is truncated and read like a file', () => {
  const file = page.openGrowing('grows.jsonl');
  file.append(new Uint8Array(5000).fill(7), true);
  file.append(new Uint8Array([1, 2, 3]), true);
  expect(file.size()).toBe(5003);
  expect([...page.openGrowing('grows.jsonl').readFrom(4999)]).toEqual([7, 1, 2, 3]);
  file.cut(5001);
  expect([...file.readFrom(5000)]).toEqual([1]);
  file.append(new Uint8Array([9]), true);
  expect([...file.readFrom(5000)]).toEqual([1, 9]);
});

test('there trials have a checkpoint folder only if one is named', async () => {
  const seen: (string | undefined)[] = [];
  const look = (params: { rate: number }, { checkpoint }: { checkpoint?: string }) => {
    seen.push(checkpoint);
    return loss(params);
  };
  await open('runs/two.jsonl', 1).run(look);
  await tuner.study(space, { trials: 1, checkpoints: 'kept' }).run(look);
  expect(seen).toEqual([undefined, 'kept/0']);
});
