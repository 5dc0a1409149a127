// Every operation of the table inside vmap: values and gradients equal those of a loop over the examples.
import { describe, expect, test } from 'vitest';
import { func, grad, stack, type Tensor, zeros } from '../../src';
import { kinds } from '../../src/ops/batching/kinds';
import { opTable } from '../../src/ops/table/table';
import { Tensor as TensorClass } from '../../src/tensor/tensor';
import { expectClose } from '../support/close';
import { build, entries, label, results, samplesOf, tensorsOnly } from '../support/op-samples';

const SIZE = 3;
const tolerance = 1e-9;

/** Different values for each example for which the operation is valid; masks are shifted. */
function examplesOf(x: Tensor): Tensor[] {
  const flat = x.detach().reshape(-1);
  const n = flat.numel();
  return Array.from({ length: SIZE }, (_, i) =>
    (n === 0 ? flat.clone() : flat.roll(i, 0)).reshape([...x.shape]).clone(),
  );
}

const listed = (y: Tensor | readonly Tensor[]) => (y instanceof TensorClass ? [y] : (y as readonly Tensor[]));

/** A sum of all results with different weights, so that each gradient matters. */
function total(ys: readonly Tensor[]): Tensor {
  let sum: Tensor = zeros([], { dtype: 'float64' });
  ys.forEach((y) => {
    if (!y.requiresGrad) return;
    const n = y.numel();
    const weights = zeros([n], { dtype: y.dtype });
    for (let k = 0; k < n; k++) weights.data[k] = Math.cos(k + 1);
    sum = sum.add(y.mul(weights.reshape([...y.shape])).sum());
  });
  return sum;
}

function gradients(ys: readonly Tensor[], leaves: readonly Tensor[]) {
  const wanted = leaves.filter((x) => x.requiresGrad);
  const y = total(ys);
  if (wanted.length === 0 || !y.requiresGrad) return [];
  return grad(y, wanted, { allowUnused: true, materializeGrads: true });
}

const cases = entries.flatMap((op) =>
  samplesOf(op).map((sample) => ({ op, sample, name: `${op.name} ${label(sample)}` })),
);

test('each operation states how all examples are computed', () => {
  const slow = [...opTable.values()].filter(({ rule, isOwn }) => !isOwn && rule.batch === 'one by one');
  expect(slow.map(({ name }) => name).sort()).toEqual(
    'convolutionWeight maxPoolBack medianOfAll readView recurrence renorm spreadView writeView'.split(' '),
  );
  for (const { name, rule } of opTable.values())
    expect(typeof rule.batch === 'function' || rule.batch === 'one by one' || rule.batch in kinds, name).toBe(true);
});

describe.each([...new Set(entries)].map((op) => [op.name, op] as const))('%s', (_, op) => {
  for (const { sample, name } of cases.filter((c) => c.op === op)) {
    const { xs } = tensorsOnly(build(op, sample));
    // Each input alone batched, and all together.
    const choices =
      xs.length < 2 ? [xs.map(() => true)] : [xs.map(() => true), ...xs.map((_, i) => xs.map((_, k) => k === i))];
    test.each(choices.map((c) => [c.map((b) => (b ? 'batched' : 'shared')).join(', '), c] as const))(
      `${name}: %s`,
      (_, batched) => {
        const c = tensorsOnly(build(op, sample));
        const leaves = c.xs.map((x, i) => {
          const all = batched[i] ? stack(examplesOf(x), i % 2 === 1 ? -1 : 0) : x.detach().clone();
          return x.requiresGrad ? all.requiresGrad_() : all;
        });
        const dims = c.xs.map((_, i) => (batched[i] ? (i % 2 === 1 ? -1 : 0) : null));
        const f = (...given: Tensor[]) => [...listed(results(c.f(...given)))] as Tensor[];
        let expected: Tensor[];
        try {
          const rows = Array.from({ length: SIZE }, (_, i) =>
            f(...leaves.map((x, k) => (batched[k] ? x.select(dims[k]!, i) : x))),
          );
          expected = rows[0].map((_, k) => stack(rows.map((row) => row[k])));
        } catch (error) {
          expect(() => func.vmap(f, { inDims: dims })(...leaves)).toThrow((error as Error).constructor as never);
          return;
        }
        const found = func.vmap(f, { inDims: dims })(...leaves);
        expect(found.map((y) => [y.shape, y.dtype])).toEqual(expected.map((y) => [y.shape, y.dtype]));
        found.forEach((y, k) => {
          expectClose(y, expected[k].tolist() as never, tolerance);
        });
        const [g, h] = [gradients(found, leaves), gradients(expected, leaves)];
        expect(g.length).toBe(h.length);
        g.forEach((t, k) => {
          expectClose(t, h[k].tolist() as never, tolerance);
        });
      },
    );
  }
});
