// For every operation of the table: the tape may write to what a derivative has made just now, so this must share no
// memory with what came in, what is saved, or the gradient of another input; and no derivative writes to any of these.
import { describe, expect, test } from 'vitest';
import { noGrad, rand, type Tensor } from '../../src';
import type { Node } from '../../src/autograd';
import { Tensor as TensorClass, tensorsMade } from '../../src/tensor/tensor';
import { build, entries, label, samplesOf } from '../support/op-samples';

/** Whether two tensors look at memory in common; small ones lie side by side in one buffer. */
function overlap({ data: a }: Tensor, { data: b }: Tensor): boolean {
  return (
    a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
  );
}

/** All tensors among values, lists and objects of them. */
function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof TensorClass) return [value as Tensor];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(tensorsIn) : [];
}

const snapshot = (tensors: readonly Tensor[]) => tensors.map((t) => [t.version, Array.from(t.toArray())]);

describe.each(entries.filter((op) => op.vjps.some((v) => v !== null)).map((op) => [op.name, op] as const))(
  '%s',
  (_, op) => {
    test.each(samplesOf(op).map((s) => [label(s), s] as const))('%s', (_, sample) => {
      const { inputs, call } = build(op, sample);
      const ys = [call(...inputs)].flat() as Tensor[];
      const node = ys.find((y) => y.requiresGrad)?.gradFn as Node | undefined;
      if (node === undefined) return;
      const seeds = ys.map((y) => rand(y.shape, { dtype: 'float64' }));
      const others = [...seeds, ...ys, ...tensorsIn(inputs), ...tensorsIn(node.args)];
      const before = snapshot(others);
      noGrad(() => {
        for (let i = 0; i < node.inputs.length; i++) {
          const vjp = op.vjps[op.isList ? 0 : i];
          if (vjp === null || node.inputs[i].next === null) continue;
          const made = tensorsMade();
          const g = vjp(node.outputs === null ? seeds[0] : seeds, node, i);
          if (g === null) continue;
          if (g.birth > made && g.owner === null) for (const t of others) expect(overlap(g, t)).toBe(false);
          others.push(g);
        }
      });
      expect(snapshot(others.slice(0, before.length))).toEqual(before);
    });
  },
);
