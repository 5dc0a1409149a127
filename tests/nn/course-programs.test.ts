// Programs of the course: random data and weights must be PyTorch's, and so must the losses after hundreds of steps.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as gradlab from '../../src';
import { runAll } from '../oracle/notes.mjs';

const file = join(__dirname, '..', 'oracle', 'data', 'notes.json');
const notes = JSON.parse(readFileSync(file, 'utf8')) as {
  three_class_net: { losses: Record<string, number>; X_first5: number[] }[];
};

test("the notes' programs give PyTorch's data, weights and losses", () => {
  const results = [...runAll(notes, gradlab)];
  expect(results.length).toBeGreaterThan(50);
  expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
});

test('the runner notices other data and other losses', () => {
  const [net] = notes.three_class_net;
  const other = { ...net, losses: { 0: net.losses[0] * (1 + 3e-5) }, X_first5: net.X_first5.toReversed() };
  const results = [...runAll({ ...notes, three_class_net: [other], mynet: {} }, gradlab)];
  expect(results.filter(({ error }) => error !== undefined).map(({ id }) => id)).toEqual([
    'three_class_net, seed 420: X',
    'three_class_net, seed 420: loss before step 1',
  ]);
});
