// Values and gradients where finite differences fail: at kinks, ties, zeros of either sign, NaN and infinities. The
// numbers in data/corners.json are PyTorch's (2.13, float64; elementwise functions called with one element at a time,
// because its vectorized loops treat NaN differently); the incoming gradient is 1, 1.25, 1.5, …
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { arange, cdist, grad, nn, Tensor, tensor } from '../../src';
import { opTable } from '../../src/ops/table/table';
import { build, entries, samplesOf } from '../support/op-samples';

type Json = number | string | boolean | null | Json[] | { [key: string]: Json };
interface Corner {
  readonly op: string;
  readonly inputs: readonly Json[];
  readonly args: readonly Json[];
  readonly y: Json;
  readonly g: readonly (Json | null)[];
}
const corners: readonly Corner[] = JSON.parse(readFileSync(join(__dirname, 'data/corners.json'), 'utf8'));

const special: Record<string, number> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity, '-0': -0 };
/** Numbers that JSON lacks are strings in it. */
function decoded(v: Json): unknown {
  if (typeof v === 'string') return special[v] ?? v;
  if (Array.isArray(v)) return v.map(decoded);
  return typeof v === 'object' && v !== null
    ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, decoded(x)]))
    : v;
}
const numbers = (v: Json) => (decoded(Array.isArray(v) ? v : [v]) as number[]).flat(9);

/** Functions whose operation takes what they prepare. */
const functions: Record<string, (xs: Tensor[], args: never[]) => Tensor> = {
  scatterReduce: ([a, src], args) =>
    a.scatterReduce(0, tensor([0, 0, 1, 1, 2], { dtype: 'int32' }), src, ...(args as unknown as ['sum'])),
  maxPool1d: ([x], args) => nn.functional.maxPool1d(x, ...(args as unknown as [2])),
  cdist: ([a, b], args) => cdist(a, b, ...args),
};

function expectNumbers(what: string, got: ArrayLike<number>, expected: readonly number[], signed: boolean): void {
  expected.forEach((e, i) => {
    const v = got[i];
    const same =
      Number.isNaN(e) || Math.abs(e) === Infinity || (signed && e === 0)
        ? Object.is(v, e)
        : Math.abs(v - e) <= 3e-8 * Math.max(1, Math.abs(e));
    expect(same, `${what} ${i}: ${Object.is(v, -0) ? '-0' : v}, PyTorch has ${Object.is(e, -0) ? '-0' : e}`).toBe(true);
  });
}

test.each(corners.map((corner, i) => [corner.op, JSON.stringify(corner.args), i, corner] as const))(
  '%s %s, corner %i',
  (name, _args, _i, corner) => {
    const args = corner.args.map(decoded);
    const xs = corner.inputs.map((input) => {
      if (!Array.isArray(input)) return decoded(input);
      const values = decoded(input) as number[];
      return typeof values[0] === 'boolean' ? tensor(values) : tensor(values, { dtype: 'float64', requiresGrad: true });
    });
    const called =
      name in functions ? functions[name](xs as Tensor[], args as never[]) : opTable.get(name)!.invoke(...xs, ...args);
    const y = called instanceof Tensor ? called : (called as { values: Tensor }).values;
    expectNumbers('element', y.toArray(), numbers(corner.y), true);
    const floats = xs.filter((x): x is Tensor => x instanceof Tensor && x.dtype === 'float64');
    if (!y.requiresGrad)
      return expect(corner.g.flatMap((g) => (g === null ? [] : numbers(g))).every((v) => v === 0)).toBe(true);
    const gradOutputs = arange(3, 3 + y.numel())
      .to('float64')
      .add(1)
      .div(4)
      .reshape(y.shape);
    const gradients = grad(y, floats, { gradOutputs, allowUnused: true });
    gradients.forEach((g, i) => {
      const expected = corner.g[i] === null ? new Array(floats[i].numel()).fill(0) : numbers(corner.g[i]);
      expectNumbers(`gradient ${i} of element`, g?.toArray() ?? new Float64Array(expected.length), expected, false);
    });
  },
);

/** The operations by which some corners are reached. */
const reached: Record<string, readonly string[]> = {
  scatterReduce: ['reducedAt'],
  maxPool1d: ['maxPool', 'maxPoolBack'],
  cdist: ['rowDistances'],
  relu: ['whereInside'],
  prod: ['productBefore'],
  cumprod: ['recurrence'],
};
/** Differentiable operations without corners: sums, products, and those that move elements about. */
const without = `
  addmm addmv arranged baddbmm cat cholesky clone cofactors col2im constantPad converted convolution
  convolutionTransposed convolutionWeight copy det diagEmbed diagonal eigh expand flip im2col linear lstmSteps lstsq matmul
  inverted meetingPoint mirrored nllLoss nllLossNone nllLossSum permute pick qr readAt readView repeat resample rsub slogdet
  solve split spreadView squeeze stack standardize sum svd transpose tril triu unbind unfold unsqueeze updatedMean
  view writeAt writeView
`
  .trim()
  .split(/\s+/);

test('every operation with a derivative has corners, or stands among those that have none', () => {
  const seen = new Set(corners.flatMap(({ op }) => [op, ...(reached[op] ?? [])]));
  const missing = entries.filter((op) => op.vjps.some((v) => v !== null) && !seen.has(op.name)).map(({ name }) => name);
  const advice =
    'add lines with PyTorch’s values to data/corners.json, or the name to `without`; see src/ops/README.md';
  expect(missing.sort(), advice).toEqual(without.sort());
});

describe.each(entries.filter((op) => op.vjps.some((v) => v !== null)).map((op) => [op.name, op] as const))(
  '%s',
  (_, op) => {
    test('a gradient that a hook of a leaf keeps stays as it was', () => {
      for (const sample of samplesOf(op)) {
        const { inputs, call } = build(op, sample);
        const leaves = inputs.filter((x): x is Tensor => x instanceof Tensor && x.requiresGrad);
        const kept: { g: Tensor; before: number[] }[] = [];
        for (const leaf of leaves)
          leaf.registerHook((g) => {
            kept.push({ g, before: Array.from(g.toArray()) });
          });
        for (let pass = 0; pass < 2; pass++) {
          const y = call(...inputs);
          for (const t of Array.isArray(y) ? y : [y]) if (t.requiresGrad) t.sum().backward(null, { retainGraph: true });
        }
        for (const leaf of leaves) leaf.grad?.zero_();
        for (const { g, before } of kept) expect(Array.from(g.toArray())).toEqual(before);
      }
    });
  },
);
