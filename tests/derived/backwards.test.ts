// Views of an ndarray may run backwards, also along dimensions of size 1: results and gradients are those of a copy.
import { describe, expect, test } from 'vitest';
import { grad, ones, type Tensor } from '../../src';
import { isFloat } from '../../src/tensor/dtype';
import { build, entries, type Layout, label, samplesOf, tensorsOnly } from '../support/op-samples';

/** Operations whose arguments speak of places in memory. */
const ofMemory = ['readView', 'spreadView', 'writeView', 'asStrided'];

describe.each(entries.filter((op) => !ofMemory.includes(op.name)).map((op) => [op.name, op] as const))(
  '%s',
  (_, op) => {
    test.each(samplesOf(op).map((s) => [label(s), s] as const))('%s', (_, sample) => {
      const resultsWith = (layout: Layout, dtype: 'float32' | 'float64') => {
        const { xs, f } = tensorsOnly(build(op, sample, layout, dtype));
        const ys = [f(...xs)].flat() as Tensor[];
        const wanted = xs.filter((x) => x.requiresGrad);
        const heads = ys.filter((y) => y.requiresGrad);
        const gradients =
          wanted.length === 0 || heads.length === 0
            ? []
            : grad(heads, wanted, {
                gradOutputs: heads.map((y) => ones(y.shape, { dtype: y.dtype })),
                allowUnused: true,
              });
        return [...ys, ...gradients].map((y) => y && [y.shape, isFloat(y.dtype) ? y.toArray() : y.tolist()]);
      };
      for (const dtype of ['float64', 'float32'] as const) {
        const expected = resultsWith('contiguous', dtype);
        const found = resultsWith('backwards', dtype);
        expect(found.map((y) => y?.[0])).toEqual(expected.map((y) => y?.[0]));
        found.forEach((y, i) => {
          const [a, b] = [y, expected[i]].map((z) => Array.from((z?.[1] ?? []) as number[]).flat(9));
          a.forEach((v, k) => {
            const close =
              Object.is(v, b[k]) || Math.abs(Number(v) - Number(b[k])) <= 1e-5 * (1 + Math.abs(Number(b[k])));
            if (!close) throw new Error(`${dtype}, result ${i}: ${v} at ${k}, where a copy gives ${b[k]}`);
          });
        });
      }
    });
  },
);
