// What is recorded for notebooks: it is whole, and its program gives it again.
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

  test('is small, and nothing is missing', () => {
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

  test('the chosen cell is the least of the second grid, and medians lie between least and largest', () => {
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

  test('mirrored units whose weights are mirrored, too, have the same losses to the last digit', () => {
    expect(ladder.mirroredWeights).toEqual({ 2: 0, 6: 0 });
  });

  test('the program gives it again', () => {
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
