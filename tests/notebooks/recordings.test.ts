// Recorded data of notebooks: it is complete, and its program reproduces it.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const program = path.join(paths.root, 'tools', 'recordings', 'activations.mjs');
const file = path.join(paths.notebooks, '004-neural-networks', 'activation-functions.recorded.json');
const read = (name: string) => JSON.parse(fs.readFileSync(name, 'utf8'));

describe('activation functions', () => {
  const { race, ladder, depth } = read(file);

  test('is small and complete', () => {
    expect(fs.statSync(file).size).toBeLessThan(60_000);
    const activations = ['sigmoid', 'tanh', 'relu', 'leaky', 'prelu', 'elu', 'gelu'];
    for (const layers of [2, 8])
      for (const name of activations) {
        const { test, learned, right, first, second } = race.SGD[layers][name];
        expect([...test, learned, right].map((curve) => curve.length)).toEqual(Array(5).fill(21));
        expect([first.length, second.length]).toEqual([name === 'prelu' ? 24 : 20, 12]);
        expect(race.Adam[layers][name].test.flat()).toHaveLength(3);
      }
    for (const [optimizer, depths] of [
      ['SGD', [2, 6, 12]],
      ['SGD without momentum', [6, 12]],
      ['Adam', [6, 12]],
    ] as const)
      for (const layers of depths)
        expect(Object.values(ladder[optimizer][layers]).map((rung) => (rung as { curve: [] }).curve.length)).toEqual(
          Array(6).fill(21),
        );
    expect(Object.values(depth).map((series) => (series as { slopes: number[] }).slopes.length)).toEqual(
      Array(8).fill(20),
    );
  });

  test('the chosen cell is the minimum of the second grid, and medians are between minimum and maximum', () => {
    for (const optimizer of ['SGD', 'Adam'])
      for (const layers of [2, 8])
        for (const { rate, gain, second, test } of Object.values(race[optimizer][layers]) as {
          rate: number;
          gain: number;
          second: [number, number, number | null][];
          test: [number[], number[], (number | null)[]];
        }[]) {
          const losses = second.map(([, , loss]) => loss ?? Number.POSITIVE_INFINITY);
          const chosen = second.find(([r, g]) => r === rate && g === gain)!;
          expect(chosen[2]).toBe(Math.min(...losses));
          const [median, least, largest] = test;
          for (const [epoch, middle] of median.entries()) {
            expect(middle).toBeGreaterThanOrEqual(least[epoch]!);
            expect(middle).toBeLessThanOrEqual(largest[epoch] ?? Number.POSITIVE_INFINITY);
          }
        }
  });

  test('mirrored units with mirrored weights have the same losses to the last digit', () => {
    expect(ladder.mirroredWeights).toEqual({ 2: 0, 6: 0 });
  });

  test('the program reproduces it', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recorded-'));
    try {
      const to = path.join(folder, 'again.json');
      execFileSync(process.execPath, [program, '--processes', '1', '--to', to, 'depth/tanh'], { stdio: 'ignore' });
      const again = read(to);
      expect(again.about).toEqual(read(file).about);
      for (const what of ['slopes', 'arrives'])
        for (const [layers, value] of again.depth.tanh[what].entries())
          expect(value / depth.tanh[what][layers]).toBeCloseTo(1, 2);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});

describe('batches', () => {
  const program = path.join(paths.root, 'tools', 'recordings', 'batches.mjs');
  const file = path.join(paths.notebooks, '004-neural-networks', 'batches.recorded.json');
  const recorded = read(file);
  type Runs = { losses: (number | null)[][]; right: (number | null)[][]; courses: number[][] };

  test('is small and complete', () => {
    expect(fs.statSync(file).size).toBeLessThan(40_000);
    for (const [kind, rates] of Object.entries(recorded.rates) as [string, number[]][])
      for (const [schedule, batches] of [
        ['constant', recorded.batches],
        ['falling', [4, 16, 64]],
      ])
        for (const batch of batches) {
          const { losses, right, courses } = recorded.runs[kind][schedule][batch] as Runs;
          expect([losses.length, right.length]).toEqual([rates.length, rates.length]);
          expect(courses.map((course) => course.length)).toEqual([21, 21, 21]);
          // The curves are those of the rate with the lowest median.
          const middle = (three: (number | null)[]) =>
            three.map((loss) => loss ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[1]!;
          expect(middle(courses.map((course) => course[20]!))).toBe(Math.min(...losses.map(middle)));
        }
    type Fresh = { rates: number[]; losses: number[][]; right: number[][]; course: number[] };
    for (const kind of Object.keys(recorded.rates))
      for (const batch of recorded.batches) {
        const { rates, losses, course } = recorded.fresh[kind].constant[batch] as Fresh;
        expect(rates[1]! / rates[0]!).toBe(2);
        const nets = kind === 'Adam' ? 5 : 9;
        expect(losses.map((one) => one.length)).toEqual([nets, nets]);
        expect(course[20]).toBe(
          Math.min(...losses.map((all) => all.map((one) => one ?? 1e9).sort((a, b) => a - b)[(nets - 1) / 2]!)),
        );
      }
  });

  test('the program reproduces what is omitted', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recorded-'));
    try {
      const to = path.join(folder, 'again.json');
      const less = structuredClone(recorded);
      delete less.runs.momentum.falling[64];
      fs.writeFileSync(to, JSON.stringify(less));
      execFileSync(process.execPath, [program, '--to', to], { stdio: 'ignore' });
      const again = read(to);
      expect(again.about).toEqual(recorded.about);
      const losses = ({ runs }: typeof recorded) => (runs.momentum.falling[64] as Runs).losses.slice(0, 8).flat();
      for (const [i, loss] of losses(again).entries()) expect(loss! / losses(recorded)[i]!).toBeCloseTo(1, 2);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);
});

describe('batch norm', () => {
  const program = path.join(paths.root, 'tools', 'recordings', 'batch-norm.mjs');
  const file = path.join(paths.notebooks, '004-neural-networks', 'batch-norm.recorded.json');
  const recorded = read(file);
  type Runs = { losses: (number | null)[][]; right: (number | null)[][] };
  type Fresh = { rate: number; losses: (number | null)[]; right: (number | null)[]; courses: number[][] };
  const middle = (all: (number | null)[]) =>
    all.map((loss) => loss ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[(all.length - 1) / 2]!;

  test('is small and complete', () => {
    expect(fs.statSync(file).size).toBeLessThan(60_000);
    const names = Object.keys(recorded.runs);
    expect(Object.keys(recorded.fresh)).toEqual(names);
    for (const name of names) {
      const isLong = name.endsWith('60 epochs');
      const rates: number[] = isLong ? [0.003, 0.01, 0.03] : recorded.rates[name.split(', ')[2]!];
      const { losses, right } = recorded.runs[name] as Runs;
      expect([losses.length, right.length]).toEqual([rates.length, rates.length]);
      const fresh = recorded.fresh[name] as Fresh;
      const ends = losses.map(middle);
      expect(fresh.rate).toBe(rates[ends.indexOf(Math.min(...ends))]);
      // A curve ends where training diverged.
      expect(fresh.courses.map((course) => course.length === (isLong ? 60 : 20))).toEqual(
        fresh.losses.map((loss) => loss !== null),
      );
    }
  });

  test('the program reproduces what is omitted', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recorded-'));
    try {
      const to = path.join(folder, 'again.json');
      const less = structuredClone(recorded);
      const name = 'ReLU, plain, momentum, falling, × 1';
      delete less.fresh[name];
      fs.writeFileSync(to, JSON.stringify(less));
      execFileSync(process.execPath, [program, '--to', to], { stdio: 'ignore' });
      const again = read(to);
      expect(again.about).toEqual(recorded.about);
      const firsts = ({ fresh }: typeof recorded) => (fresh[name] as Fresh).courses.map(([loss]) => loss!);
      for (const [i, loss] of firsts(again).entries()) expect(loss / firsts(recorded)[i]!).toBeCloseTo(1, 2);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);
});

describe('stochastic gradient descent', () => {
  const program = path.join(paths.root, 'tools', 'recordings', 'sgd.mjs');
  const file = path.join(paths.notebooks, '003-nyu-week-2', 'sgd.recorded.json');
  const recorded = read(file);
  type Runs = { rates: number[]; reached: { steps: number; right: number }[][][] };

  test('is small and complete, and the best rates are not at the end of the range', () => {
    expect(fs.statSync(file).size).toBeLessThan(60_000);
    for (const kind of ['SGD', 'momentum', 'Adam'])
      for (const batch of recorded.batches) {
        const { rates, reached } = recorded.runs[kind][batch] as Runs;
        expect(reached.map((nets) => nets.length)).toEqual(rates.map(() => 5));
        const medians = reached.map(
          (nets) => nets.map((net) => net[1]?.steps ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[2]!,
        );
        const best = medians.indexOf(Math.min(...medians));
        expect(best).toBeGreaterThan(0);
        expect(best).toBeLessThan(rates.length - 1);
      }
    for (const draws of Object.values(recorded.valleys)) expect(Object.keys(draws as object)).toHaveLength(6);
  });

  test('the program reproduces what is omitted', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recorded-'));
    try {
      const to = path.join(folder, 'again.json');
      const less = structuredClone(recorded);
      delete less.runs.momentum[64];
      delete less.valleys.long[5];
      fs.writeFileSync(to, JSON.stringify(less));
      execFileSync(process.execPath, [program, '--to', to], { stdio: 'ignore' });
      const again = read(to);
      expect(again.about).toEqual(recorded.about);
      expect(again.runs.momentum[64]).toEqual(recorded.runs.momentum[64]);
      expect(again.valleys.long[5]).toEqual(recorded.valleys.long[5]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);
});
