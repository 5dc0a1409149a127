// For every operation of the table: forward mode, and all rows or columns at once, against the rows one after the other.
import { describe, expect, test } from 'vitest';
import { gradcheck, hessian, jacobian, jvp, manualSeed, randn, type Tensor } from '../../src';
import { isFloat } from '../../src/tensor/dtype';
import { build, entries, label, type Sample, samplesOf, tensorsOnly } from '../support/op-samples';

const differentiable = entries.filter((op) => op.vjps.some((v) => v !== null));

/** A sample as a function of its float inputs to its float outputs. */
function sampled(op: (typeof entries)[number], sample: Sample) {
  const { xs: all, f } = tensorsOnly(build(op, sample));
  const xs = all.filter((x) => isFloat(x.dtype)).map((x) => x.detach());
  const func = (...given: Tensor[]): Tensor[] => {
    let k = 0;
    const y = f(...all.map((x) => (isFloat(x.dtype) ? given[k++]! : x))) as Tensor | Tensor[];
    return (Array.isArray(y) ? y : [y]).filter(({ dtype }) => isFloat(dtype));
  };
  return { xs, func };
}

function expectEqual(found: Tensor, wanted: Tensor): void {
  expect(found.shape).toEqual(wanted.shape);
  expect(found.dtype).toBe(wanted.dtype);
  const [a, b] = [found.toArray(), wanted.toArray()];
  for (let i = 0; i < a.length; i++)
    if (!Object.is(a[i], b[i])) expect(Math.abs(a[i]! - b[i]!)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(b[i]!)));
}

test('most operations have a rule of their own', () => {
  const without = differentiable.filter((op) => op.jvp === undefined).map((op) => op.name);
  expect(without.length).toBeLessThan(0.15 * differentiable.length);
});

describe.each(differentiable.map((op) => [op.name, op] as const))('%s', (_, op) => {
  for (const sample of samplesOf(op))
    test(label(sample), () => {
      const { xs, func } = sampled(op, sample);
      const rows = jacobian(func, xs);
      manualSeed(7);
      const vs = xs.map((x) => randn(x.shape, { dtype: x.dtype }));
      const [ys, dys] = jvp(func, xs, vs);
      ys.forEach((y, k) => {
        const products = rows[k]!.map((block, i) =>
          block.reshape([y.numel(), xs[i]!.numel()]).mv(vs[i]!.reshape(-1)).reshape(y.shape),
        );
        expectEqual(
          dys[k]!,
          products.reduce((a, b) => a.add(b)),
        );
      });
      for (const strategy of ['reverse-mode', 'forward-mode'] as const)
        jacobian(func, xs, { vectorize: true, strategy }).forEach((row, k) => {
          row.forEach((block, i) => void expectEqual(block, rows[k]![i]!));
        });
    });

  test('what forward mode gives can be differentiated', () => {
    const [sample] = samplesOf(op);
    const { xs, func } = sampled(op, sample!);
    manualSeed(8);
    const vs = xs.map((x) => randn(x.shape, { dtype: x.dtype }));
    const changes = (...given: Tensor[]) => jvp(func, given, vs, { createGraph: true })[1] as Tensor[];
    const needed = xs.map((x) => x.requiresGrad_());
    expect(gradcheck(changes as never, needed as never)).toBe(true);
  });
});

test('Hessians, row by row and at once', () => {
  manualSeed(9);
  const [x, w] = [randn([3], { dtype: 'float64' }), randn([2, 3], { dtype: 'float64' })];
  const func = (a: Tensor, b: Tensor) => b.mv(a).tanh().pow(2).sum().add(a.prod());
  const rows = hessian(func, [x, w]);
  for (const outerJacobianStrategy of ['reverse-mode', 'forward-mode'] as const)
    hessian(func, [x, w], { vectorize: true, outerJacobianStrategy }).forEach((row, k) => {
      row.forEach((block, i) => void expectEqual(block, rows[k]![i]!));
    });
});
