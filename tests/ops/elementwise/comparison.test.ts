import { expect, test } from 'vitest';
import {
  eq,
  equal,
  ge,
  gt,
  le,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  lt,
  ne,
  ones,
  tensor,
  zeros,
} from '../../../src';

const a = tensor([1, 2, 3]);
const b = tensor([3, 2, 1]);

test('comparisons return bools', () => {
  expect(a.eq(b).dtype).toBe('bool');
  expect(a.eq(b).tolist()).toEqual([false, true, false]);
  expect(a.ne(b).tolist()).toEqual([true, false, true]);
  expect(a.lt(b).tolist()).toEqual([true, false, false]);
  expect(a.le(b).tolist()).toEqual([true, true, false]);
  expect(a.gt(b).tolist()).toEqual([false, false, true]);
  expect(a.ge(b).tolist()).toEqual([false, true, true]);
  expect([eq, ne, lt, le, gt, ge].map((f) => f(a, 2).tolist())).toEqual([
    [false, true, false],
    [true, false, true],
    [true, false, false],
    [true, true, false],
    [false, false, true],
    [false, true, true],
  ]);
});

test('NaN is unequal to everything, and unordered', () => {
  const x = tensor([Number.NaN]);
  expect([x.eq(x), x.ne(x), x.lt(0), x.ge(0)].map((t) => t.item())).toEqual([0, 1, 0, 0]);
});

test('numbers that the dtype cannot hold are compared exactly', () => {
  const bytes = tensor([0, 200], { dtype: 'uint8' });
  expect([bytes.lt(300), bytes.gt(-1), bytes.eq(456), bytes.le(199.5)].map((t) => t.tolist())).toEqual([
    [true, true],
    [true, true],
    [false, false],
    [true, false],
  ]);
  expect(tensor([2], { dtype: 'int32' }).lt(2.5).tolist()).toEqual([true]);
  // With float32 a number counts as float32, so 0.1 equals the element made of it.
  expect(tensor([0.1]).eq(0.1).tolist()).toEqual([true]);
  expect(
    tensor([0.1])
      .eq(tensor(0.1, { dtype: 'float64' }))
      .tolist(),
  ).toEqual([true]);
});

test('they broadcast and need no history', () => {
  const x = tensor([[1], [2]], { requiresGrad: true });
  expect(x.lt(tensor([1.5, 2.5])).tolist()).toEqual([
    [true, true],
    [false, true],
  ]);
  expect(x.lt(0).requiresGrad).toBe(false);
});

test('logic treats every nonzero value as true', () => {
  const p = tensor([0, 1, 2, 0]);
  const q = tensor([0, 0, 5, -1]);
  expect(p.logicalAnd(q).tolist()).toEqual([false, false, true, false]);
  expect(p.logicalOr(q).tolist()).toEqual([false, true, true, true]);
  expect(p.logicalNot().tolist()).toEqual([true, false, false, true]);
  expect(logicalAnd(p, ones([4])).tolist()).toEqual([false, true, true, false]);
  expect(logicalXor(p, q).tolist()).toEqual([false, true, false, true]);
  expect(logicalOr(p, q).tolist()).toEqual([false, true, true, true]);
  expect(logicalNot(p).tolist()).toEqual([true, false, false, true]);
  expect(p.logicalNot().toArray()).toEqual(Uint8Array.of(1, 0, 0, 1));
});

test('equal compares shape and every element', () => {
  expect(equal(a, tensor([1, 2, 3]))).toBe(true);
  expect(a.equal(b)).toBe(false);
  expect(ones([2, 2]).equal(ones([4]))).toBe(false);
  expect(zeros([0]).equal(zeros([0]))).toBe(true);
  expect(tensor([Number.NaN]).equal(tensor([Number.NaN]))).toBe(false);
  const m = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(
    m.t().equal(
      tensor([
        [1, 3],
        [2, 4],
      ]),
    ),
  ).toBe(true);
});
