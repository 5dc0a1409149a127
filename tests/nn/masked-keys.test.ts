// Masked keys do not affect attention, whatever they contain: outputs and gradients are those of any other numbers
// there.
import { describe, expect, test } from 'vitest';
import { full, func, grad, manualSeed, nn, ones, randn, type Tensor, zeros } from '../../src';

const { scaledDotProductAttention } = nn.functional;
const [heads, queries, keys, size] = [2, 3, 5, 4];
const padding = [3, 4];
const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** Numbers with others in the masked rows of keys. */
function inputs(filling: number | null, rows = padding): Tensor[] {
  manualSeed(1);
  const [q, k, v] = [queries, keys, keys].map((n) => randn([1, heads, n, size], { dtype: 'float64' }));
  if (filling !== null) for (const x of [k, v]) for (const row of rows) x.select(2, row).fill_(filling);
  return [q, k, v].map((x) => x.requiresGrad_());
}

const allowed = () => {
  const mask = ones([queries, keys], { dtype: 'bool' });
  for (const key of padding) mask.select(1, key).fill_(0);
  return mask;
};
const added = () =>
  zeros([queries, keys], { dtype: 'float64' }).maskedFill(allowed().logicalNot(), Number.NEGATIVE_INFINITY);

describe.each([
  ['truth values', allowed],
  ['numbers that are added', added],
])('scaledDotProductAttention with %s', (_, mask) => {
  test.each(bad)('%s in keys and values', (filling) => {
    const results = [null, filling].map((value) => {
      const xs = inputs(value);
      const y = scaledDotProductAttention(xs[0], xs[1], xs[2], { attnMask: mask() });
      return [y, ...grad(y.mul(y).sum(), xs)].map((x) => x.tolist());
    });
    expect(results[1].flat(9)).toEqual(results[0].flat(9).map((x) => expect.closeTo(x as number, 12)));
  });
});

test('a causal mask: rows before the NaN key are unchanged, later ones are NaN', () => {
  const rows = (filling: number | null) => {
    manualSeed(2);
    const xs = [1, 2, 3].map(() => randn([1, 4, size], { dtype: 'float64' }));
    if (filling !== null) for (const x of [xs[1], xs[2]]) x.select(1, 2).fill_(filling);
    const [q, k, v] = xs.map((x) => x.requiresGrad_());
    const y = scaledDotProductAttention(q, k, v, { isCausal: true });
    const seen = y.narrow(1, 0, 2);
    return [y, ...grad(seen.mul(seen).sum(), [q, k, v])].map((x) => x.tolist()) as number[][][][];
  };
  const [expected, found] = [rows(null), rows(Number.NaN)];
  expect(found[0][0].slice(0, 2).flat()).toEqual(
    expected[0][0]
      .slice(0, 2)
      .flat()
      .map((x) => expect.closeTo(x, 12)),
  );
  expect(found[0][0].slice(2).flat().every(Number.isNaN)).toBe(true);
  // Queries of these rows; later rows also see the keys and values.
  expect(found[1][0].slice(0, 2).flat()).toEqual(
    expected[1][0]
      .slice(0, 2)
      .flat()
      .map((x) => expect.closeTo(x, 12)),
  );
});

test.each([true, false])('MultiheadAttention with keyPaddingMask, needWeights: %s', (needWeights) => {
  manualSeed(3);
  const layer = new nn.MultiheadAttention(size, heads, { batchFirst: true });
  const x = randn([2, keys, size]);
  const keyPaddingMask = zeros([2, keys], { dtype: 'bool' });
  keyPaddingMask.select(1, 4).fill_(1);
  const [output, weights] = layer(x, x, x, { keyPaddingMask, needWeights });
  for (const filling of bad) {
    const other = x.clone();
    other.select(1, 4).fill_(filling);
    const [found, own] = layer(x, other, other, { keyPaddingMask, needWeights });
    expect(found.sub(output).abs().max().item()).toBeLessThan(1e-6);
    if (needWeights) expect(own!.sub(weights!).abs().max().item()).toBeLessThan(1e-6);
    else expect(own).toBe(null);
  }
});

test('unmasked values matter: a NaN affects its row, an infinite value is the mean', () => {
  const [q, k] = inputs(null);
  const v = full([1, heads, keys, size], 1, { dtype: 'float64' });
  v.select(2, 0).fill_(Number.POSITIVE_INFINITY);
  expect(scaledDotProductAttention(q, k, v, { attnMask: allowed() }).tolist()).toEqual(
    full([1, heads, queries, size], Number.POSITIVE_INFINITY).tolist(),
  );
  v.select(2, 1).fill_(Number.NEGATIVE_INFINITY);
  const y = scaledDotProductAttention(q, k, v, { attnMask: allowed() });
  expect(y.isnan().all().item()).toBe(1);
});

test('inside vmap', () => {
  const [q, k, v] = inputs(Number.NaN).map((x) => x.detach());
  const [, k0, v0] = inputs(0).map((x) => x.detach());
  const attend = (a: Tensor, b: Tensor, c: Tensor) => scaledDotProductAttention(a, b, c, { attnMask: allowed() });
  const y = func.vmap(attend)(q, k, v);
  expect(
    y
      .sub(attend(q, k0, v0))
      .abs()
      .max()
      .item(),
  ).toBeLessThan(1e-12);
});
