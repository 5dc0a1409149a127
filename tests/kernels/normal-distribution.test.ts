// The normal distribution function by a table, compared with the one in float64 to full precision.
import { expect, test } from 'vitest';
import { nn, tensor } from '../../src';
import { phi } from '../../src/kernels/special';
import { ends, normalDistributionTable, perUnit } from '../../src/kernels/wasm/normal-distribution';
import { tableBytes } from '../../src/kernels/wasm/runtime';

const { gelu } = nn.functional;

test('each polynomial, from end to end of its interval', () => {
  const table = normalDistributionTable();
  expect(table.byteLength).toBeLessThanOrEqual(tableBytes);
  const count = (ends.last - ends.first) * perUnit + 1;
  expect(table.length).toBe(6 * count);
  let worst = 0;
  for (let k = 1; k < count - 1; k++)
    for (let i = -8; i <= 8; i++) {
      const r = i / (16 * perUnit);
      const got = table.subarray(6 * k, 6 * k + 6).reduceRight((sum, c) => sum * r + c, 0);
      const want = phi(ends.first + k / perUnit + r);
      worst = Math.max(worst, Math.abs(got - want) / want);
    }
  expect(worst).toBeLessThan(7e-9);
});

test('gelu of many float32 numbers is within a unit in the last place, far into the tail', () => {
  const x = Float32Array.from({ length: 60_000 }, (_, i) => -14.6 + (22 * i) / 60_000);
  const got = gelu(tensor(x)).toArray();
  let worst = 0;
  x.forEach((value, i) => {
    const want = value * phi(value);
    const unit = 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(want)))) - 23);
    worst = Math.max(worst, Math.abs(got[i] - want) / unit);
  });
  expect(worst).toBeLessThan(1);
});

test('special numbers, also far outside the table', () => {
  const given = [Number.NaN, Infinity, -Infinity, 0, -0, -20, -1e38, 20, 1e38, 1e-40];
  const x = tensor(Array.from({ length: 100 }, (_, i) => given[i % given.length]));
  const got = gelu(x).toArray();
  const want = [Number.NaN, Infinity, Number.NaN, 0, -0, -0, -0, 20, Math.fround(1e38), Math.fround(5e-41)];
  got.forEach((value, i) => {
    if (i % 10 === 9) expect(Math.abs(value - want[9])).toBeLessThan(2e-45);
    else expect(value).toBe(want[i % 10]);
  });
});
