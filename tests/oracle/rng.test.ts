// The runner of random numbers must detect wrong ones; oracle.test.ts checks that ours are PyTorch's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { runAll } from './rng.mjs';

interface Vectors {
  entries: { seed: string; calls: { fn: string; args: unknown[] }[]; out: Record<string, unknown>[] }[];
}

const packed = readFileSync(join(__dirname, 'data', 'rng.json.gz'));
const vectors = JSON.parse(gunzipSync(packed).toString('utf8')) as Vectors;

describe('the runner detects', () => {
  const [entry] = vectors.entries.filter((e) => e.calls[0].fn === 'randn' && !e.out[0].exact && e.calls.length === 2);
  const errors = (change: object) =>
    [...runAll({ entries: [{ ...entry, ...change }] }, gradlab)].map(({ error }) => error);
  const changed = (change: object) => ({ out: [{ ...entry.out[0], ...change }, entry.out[1]] });
  const [first] = entry.out[0].head as number[];

  test('nothing if all values are right', () => {
    expect(errors({})).toEqual([undefined, undefined]);
  });

  test.each<[string, object, RegExp]>([
    ['a value five units off', changed({ head: [first * (1 + 8 * 2 ** -52)] }), /^value 0 is/],
    ['another dtype', changed({ dtype: 'float32' }), /^dtype float64 instead of float32/],
    ['another number of values', changed({ n: 7 }), /values instead of 7$/],
    ['a later value', changed({ exact: true, sha256: '0' }), /^the values after the first \d+ differ$/],
    ['an unknown function', { calls: [{ fn: 'poisson', args: [] }, entry.calls[1]] }, /^unknown function poisson$/],
    ['another seed', { seed: '421' }, /^value 0 is/],
  ])('%s', (_, change, message) => {
    expect(errors(change)[0]).toMatch(message);
  });

  test('another state afterwards', () => {
    expect(errors({ calls: [{ fn: 'randn', args: [17, 'float64'] }, entry.calls[1]] })[1]).toMatch(/^value 0 is/);
  });
});
