// For every operation of the table, integers up to the ends of int32: the result is exact, as that of float64 is, or a
// typed error, which names float64 where int32 cannot hold the result.
import { describe, expect, test } from 'vitest';
import { DtypeError, GradlabError, noGrad, type Tensor, tensor } from '../../src';
import type { TableEntry } from '../../src/ops/table/table';
import { entries, label, results, type Sample, samplesOf } from '../support/op-samples';

const MAX = 2 ** 31 - 1;
const MIN = -(2 ** 31);
/** Numbers that inputs are filled with, from the first on. */
const patterns: Record<string, readonly number[]> = {
  small: [1, 0, 3, -2, 5, 2, -4],
  positive: [2, 1, 4, 3, 7],
  'up to products beyond int32': [46341, 46340, -3, 65536, 0, -46341, 30000],
  'up to the ends': [MAX, MIN, 0, 1, MAX - 1, -1, 16777217, MIN + 1],
};

type Dtypes = 'int32' | 'float64';

/** Calls the operation on a sample whose inputs are filled with the pattern; what is not differentiated is a mask. */
function run(op: TableEntry, sample: Sample, pattern: readonly number[], dtype: Dtypes, round = (v: number) => v) {
  let used = 0;
  const derivative = op.vjps.some((v) => v !== null);
  const inputs = sample.inputs.map((input, i) => {
    if (typeof input === 'number') return input;
    const count = input.reduce((n, m) => n * m, 1);
    const flat = Array.from({ length: count }, (_, k) => round(pattern[(used + k) % pattern.length]));
    used += count;
    const isMask = derivative && op.vjps[op.isList ? 0 : i] === null;
    return tensor(isMask ? flat.map((v) => v > 0) : flat, { dtype: isMask ? 'bool' : dtype }).reshape(input);
  });
  const y = noGrad(() => results(op.invoke(...(op.isList ? [inputs] : inputs), ...sample.args)));
  return Array.isArray(y) ? (y as Tensor[]) : [y as Tensor];
}

/** What came of a call. */
function outcome(compute: () => Tensor[]): Tensor[] | GradlabError {
  try {
    return compute();
  } catch (error) {
    if (error instanceof GradlabError) return error;
    throw error;
  }
}

const numbers = (y: Tensor) => Array.from(y.toArray());
const inside = (v: number) => v >= MIN && v <= MAX;
const isRange = (error: GradlabError) => error.message.includes('does not fit into int32');

/** Operations that never get integers: their callers refuse integers, or they are derivatives. */
const internal = new Set([
  'nllLoss',
  'nllLossSum',
  'nllLossNone',
  'mseLoss',
  'mseLossSum',
  'mseLossNone',
  'resample',
  'standardize',
  'spreadView',
  'convolutionWeight',
  'rowDistances',
  'inverted',
  'solve',
  'lstsq',
  'mirrored',
  'eigh',
  'svd',
  'cholesky',
  'qr',
  'det',
  'slogdet',
  'cofactors',
]);

/** What the operations did, by name. */
const seen = { whole: new Set<string>(), beyond: new Set<string>(), refused: new Set<string>() };

function check(op: TableEntry, sample: Sample, pattern: readonly number[]): void {
  const got = outcome(() => run(op, sample, pattern, 'int32'));
  if (got instanceof DtypeError) {
    seen.refused.add(op.name);
    return;
  }
  const exact = outcome(() => run(op, sample, pattern, 'float64'));
  if (got instanceof GradlabError) {
    // A division by 0, say, which has no whole result, or what float64 refuses, too.
    if (!isRange(got)) return;
    seen.beyond.add(op.name);
    expect(got.message).toContain('float64');
    expect(exact).not.toBeInstanceOf(GradlabError);
    expect((exact as Tensor[]).flatMap(numbers).every(inside)).toBe(false);
    return;
  }
  expect(exact).not.toBeInstanceOf(GradlabError);
  const rounded = outcome(() => run(op, sample, pattern, 'float64', Math.fround)) as Tensor[];
  got.forEach((y, k) => {
    if (y.dtype === 'int32') seen.whole.add(op.name);
    const expected = numbers((y.dtype === 'float32' ? rounded : (exact as Tensor[]))[k]);
    numbers(y).forEach((v, i) => {
      const e = expected[i];
      // In integers, 0 to a negative power is 0.
      if (y.dtype === 'int32') expect(Number.isFinite(e) ? [Math.trunc(e), Math.floor(e)] : [0]).toContain(v);
      else if (y.dtype === 'bool') expect(v).toBe(Number(e !== 0));
      else if (Number.isNaN(e) || Math.abs(Math.fround(e)) === Infinity) expect(v).toBe(Math.fround(e));
      else expect(Math.abs(v - e)).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(e)));
    });
  });
}

const tested = entries.filter(({ name }) => !internal.has(name));

describe.each(tested.map((op) => [op.name, op] as const))('%s', (_, op) => {
  for (const [name, pattern] of Object.entries(patterns))
    for (const sample of samplesOf(op)) test(`${label(sample)}, ${name}`, () => check(op, sample, pattern));
});

test('the checks have seen results of every kind', () => {
  expect(seen.whole.size).toBeGreaterThan(60);
  expect(seen.beyond.size).toBeGreaterThan(15);
  expect(seen.refused.size).toBeGreaterThan(15);
});
