// A training that is killed and resumed ends like an uninterrupted one, to the bit. GRADLAB_KILLS=100 for more kill
// points.
import { beforeAll, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { below, compare } from './resume/kill';

beforeAll(() => buildIfStale(paths), 120_000);

test('killed at random points, it ends with the same weights, moments, generators, history and files', {
  timeout: 600_000,
}, () => {
  const wanted = Number(process.env.GRADLAB_KILLS ?? 10);
  const seeds = below(1000, 27);
  let killed = 0;
  while (killed < wanted) {
    const seed = seeds.next().value;
    const found = compare(seed, Math.min(5, wanted - killed));
    expect(found.undisturbed.isKilled).toBe(false);
    expect(Object.keys(found.undisturbed.files)).toContain('end.safetensors');
    expect(found.resumed.files, `seed ${seed}, killed at ${found.killed}`).toEqual(found.undisturbed.files);
    killed += found.killed.length;
  }
  expect(killed).toBeGreaterThanOrEqual(wanted);
});

test('killed while it removed an old checkpoint, it lists none that is gone', () => {
  const { killed, resumed, undisturbed } = compare(308, 1);
  expect(killed).toEqual(['loss 38']);
  expect(resumed.files).toEqual(undisturbed.files);
}, 120_000);

test('killed after the last batch of an epoch, its history has the learning rate of that batch', () => {
  const { killed, resumed, undisturbed } = compare(679, 5);
  expect(killed).toEqual(['loss 15', 'loss 30', 'rename 2', 'rename 4', 'rename 3']);
  expect(resumed.files).toEqual(undisturbed.files);
}, 300_000);
