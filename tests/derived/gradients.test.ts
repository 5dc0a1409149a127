// For every operation of the table: first and second derivatives against central differences, and the proof that
// these checks would notice a wrong sign.
import { describe, expect, test } from 'vitest';
import { GradcheckError, gradcheck, gradgradcheck, type Tensor } from '../../src';
import type { TableEntry } from '../../src/ops/table/table';
import { build, entries, type Layout, label, samplesOf, tensorsOnly } from '../support/op-samples';

const differentiable = entries.filter((op) => op.vjps.some((v) => v !== null));
const layouts: readonly Layout[] = ['contiguous', 'gaps', 'swapped'];

test('the table has operations of every kind', () => {
  expect(differentiable.length).toBeGreaterThan(30);
  expect(new Set(entries.map((op) => op.inputs))).toEqual(new Set([1, 2, 3]));
  expect(entries.some((op) => op.rule.isView)).toBe(true);
  expect(entries.some((op) => op.rule.inPlace)).toBe(true);
});

describe.each(differentiable.map((op) => [op.name, op] as const))('%s', (_, op) => {
  for (const sample of samplesOf(op)) {
    for (const layout of layouts) {
      // view() refuses what it cannot see without copying.
      if (op.name === 'view' && layout === 'swapped') continue;
      test(`first derivative of ${label(sample)}, ${layout}`, () => {
        const { xs, f } = tensorsOnly(build(op, sample, layout));
        expect(gradcheck(f, xs)).toBe(true);
      });
    }
    test(`second derivative of ${label(sample)}`, () => {
      const { xs, f } = tensorsOnly(build(op, sample));
      expect(gradgradcheck(f, xs)).toBe(true);
    });
  }

  const names = op.inputNames;
  op.vjps.forEach((vjp, i) => {
    if (vjp === null) return;
    test(`a wrong sign in the derivative of ${names[i]} is noticed`, () => {
      expect(noticed(op, i, (g) => g.neg()) || noticed(op, i, (g) => g.add(1))).toBe(true);
      // Where the derivative is not identically zero, the sign alone must be noticed.
      if (!isZero(op, i)) expect(noticed(op, i, (g) => g.neg())).toBe(true);
    });
  });
});

/** Whether gradcheck fails on some sample once the derivative of input `i` is spoilt. */
function noticed(op: TableEntry, i: number, spoil: (g: Tensor) => Tensor): boolean {
  const right = op.vjps[i]!;
  op.vjps[i] = (dy, n, index) => spoil(right(dy, n, index)!);
  try {
    return samplesOf(op).some((sample) => {
      const { xs, f } = tensorsOnly(build(op, sample));
      try {
        gradcheck(f, xs);
        return false;
      } catch (error) {
        if (error instanceof GradcheckError) return true;
        throw error;
      }
    });
  } finally {
    op.vjps[i] = right;
  }
}

/** Whether the derivative of input `i` is zero on every sample, as that of `sign` is. */
function isZero(op: TableEntry, i: number): boolean {
  let largest = 0;
  const right = op.vjps[i]!;
  op.vjps[i] = (dy, n, index) => {
    const g = right(dy, n, index)!;
    for (const v of g.toArray()) largest = Math.max(largest, Math.abs(v));
    return g;
  };
  try {
    for (const sample of samplesOf(op)) {
      const { xs, f } = tensorsOnly(build(op, sample));
      gradcheck(f, xs);
    }
  } finally {
    op.vjps[i] = right;
  }
  return largest === 0;
}
