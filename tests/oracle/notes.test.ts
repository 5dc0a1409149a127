// The runner of the notes' programs must detect wrong values; oracle.test.ts checks that ours are PyTorch's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as gradlab from '../../src';
import { runAll } from './notes.mjs';

const notes = JSON.parse(readFileSync(join(__dirname, 'data', 'notes.json'), 'utf8')) as {
  three_class_net: { losses: Record<string, number>; X_first5: number[] }[];
};

test('detects other data and other losses', () => {
  const [net] = notes.three_class_net;
  const other = { ...net, losses: { 0: net.losses[0] * (1 + 3e-5) }, X_first5: net.X_first5.toReversed() };
  const results = [...runAll({ ...notes, three_class_net: [other], mynet: {} }, gradlab)];
  expect(results.filter(({ error }) => error !== undefined).map(({ id }) => id)).toEqual([
    'three_class_net, seed 420: X',
    'three_class_net, seed 420: loss before step 1',
  ]);
});
