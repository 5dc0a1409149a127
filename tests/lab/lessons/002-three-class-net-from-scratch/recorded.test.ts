import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

type Runs = [rate: number, ...results: (number | null)[]][];
const { steps, biased, batches } = JSON.parse(
  readFileSync(path.join('notebooks', '002-gradient-descent', 'three-class-net.recorded.json'), 'utf8'),
) as Record<'steps' | 'biased' | 'batches', Record<string, Runs>>;
const median = (results: (number | null)[]) =>
  results.map((one) => one ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[Math.floor(results.length / 2)]!;
const best = (runs: Runs) => Math.min(...runs.map(([, ...results]) => median(results)));

it('has the step counts that the chapter lists', () => {
  const rules = ['plain', 'momentum 0.5', 'momentum 0.9', 'momentum 0.99', 'Nesterov 0.9', 'Adam'];
  const row = (inputs: string) => rules.map((rule) => best(steps[`${inputs}, ${rule}`]!));
  expect(row('raw')).toEqual([328, 156, 73, 72, 103, 42]);
  expect(row('centred')).toEqual([45, 31, 25, 26, 27, 16]);
  expect(['plain', 'momentum 0.9'].map((rule) => best(steps[`only scaled, ${rule}`]!))).toEqual([315, 60]);
  expect(row('scaled')).toEqual([24, 16, 14, 14, 14, 14]);
});

it('has the step counts of nets with biases, and of batches', () => {
  const pair = (part: Record<string, Runs>, inputs: string) =>
    ['plain', 'momentum 0.9'].map((rule) => best(part[`${inputs}, ${rule}`]!));
  expect(['raw', 'centred', 'scaled'].map((inputs) => pair(biased, inputs))).toEqual([
    [383, 86],
    [114, 37],
    [36, 12],
  ]);
  expect(['raw', 'centred'].map((inputs) => pair(batches, inputs))).toEqual([
    [450, 190],
    [90, 90],
  ]);
});
