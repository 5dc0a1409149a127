import { describe, expect, test } from 'vitest';
import { noGrad, slice, tensor, zeros } from '../../src';
import { expectClose } from '../support/close';
import { leaf } from '../support/tensors';

describe('gradients through in-place changes', () => {
  test('each operation continues from the previous one', () => {
    // y = ((2x)·3 + 1)² → dy/dx = 2(6x + 1)·6
    const x = leaf([1, 2]);
    const y = x.mul(2);
    expect(y.mul_(3).add_(1).pow_(2)).toBe(y);
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([84, 156]);
    expect(y.gradFn!.name).toBe('PowBackward0');
  });

  test('with a tensor as the other operand', () => {
    const x = leaf([1, 2]);
    const w = leaf([3, 4]);
    const y = x.mul(1);
    y.mul_(w).sub_(w, { alpha: 2 });
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([3, 4]);
    expect(w.grad!.tolist()).toEqual([-1, 0]);
  });

  test('a plain tensor takes on the history of an operand', () => {
    const w = leaf([1, 2]);
    const total = zeros([2]);
    total.add_(w.mul(2)).add_(w);
    expect(total.requiresGrad).toBe(true);
    expect(total.isLeaf).toBe(false);
    total.sum().backward();
    expect(w.grad!.tolist()).toEqual([3, 3]);
  });

  test('relu_, exp_ and sqrt_ read their result', () => {
    const x = leaf([-1, 4]);
    x.mul(1).relu_().sum().backward();
    expect(x.grad!.tolist()).toEqual([0, 1]);
    const z = leaf([4, 9]);
    z.mul(1).sqrt_().sum().backward();
    expectClose(z.grad, [0.25, 1 / 6]);
    const e = leaf([0, 1]);
    e.mul(1).exp_().sum().backward();
    expectClose(e.grad, [1, Math.E]);
  });

  test('into a narrower dtype', () => {
    const x = tensor([1, 2], { dtype: 'float64', requiresGrad: true });
    const y = zeros([2]);
    y.add_(x.mul(3));
    expect(y.dtype).toBe('float32');
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([3, 3]);
    expect(x.grad!.dtype).toBe('float64');
  });
});

describe('views of tensors with history', () => {
  test('changing a view changes the gradient of its base', () => {
    // y = x, y[0] *= 10: dy/dx = (10, 1)
    const x = leaf([1, 2]);
    const y = x.mul(1);
    const v = y.at(0);
    v.mul_(10);
    expect(y.tolist()).toEqual([10, 2]);
    expect(y.gradFn!.name).toBe('CopySlices');
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([10, 1]);
  });

  test('the view itself has the history, too', () => {
    const x = leaf([1, 2]);
    const y = x.mul(1);
    const v = y.at(0);
    v.mul_(10);
    v.pow(2).backward();
    expect(x.grad!.tolist()).toEqual([200, 0]);
  });

  test('overwriting cuts the gradient of the old value', () => {
    const x = leaf([
      [1, 2],
      [3, 4],
    ]);
    const y = x.mul(2);
    y.setAt([slice(), 0], 0);
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([
      [0, 2],
      [0, 2],
    ]);
  });

  test('overwriting brings in the gradient of the new value', () => {
    const x = leaf([1, 2, 3]);
    const w = leaf(5);
    const y = x.mul(2);
    y.setAt(1, w.mul(3));
    y.mul(tensor([1, 10, 100]))
      .sum()
      .backward();
    expect(x.grad!.tolist()).toEqual([2, 0, 200]);
    expect(w.grad!.item()).toBe(30);
  });

  test('through a mask, values broadcasting', () => {
    const x = leaf([1, -2, 3, -4]);
    const w = leaf(7);
    const y = x.mul(1);
    y.setAt(x.lt(0), w);
    expect(y.tolist()).toEqual([1, 7, 3, 7]);
    y.mul(tensor([1, 10, 100, 1000]))
      .sum()
      .backward();
    expect(x.grad!.tolist()).toEqual([1, 0, 100, 0]);
    expect(w.grad!.item()).toBe(1010);
  });

  test('a plain tensor filled row by row has the history of its rows', () => {
    const w = leaf([1, 2]);
    const rows = zeros([3, 2]);
    for (let i = 0; i < 3; i++) rows.setAt(i, w.mul(i + 1));
    expect(rows.tolist()).toEqual([
      [1, 2],
      [2, 4],
      [3, 6],
    ]);
    rows.sum().backward();
    expect(w.grad!.tolist()).toEqual([6, 6]);
  });

  test('changing the base reaches earlier views', () => {
    const x = leaf([1, 2]);
    const y = x.mul(1);
    const v = y.view(2, 1);
    y.mul_(5);
    expect(v.tolist()).toEqual([[5], [10]]);
    v.pow(2).sum().backward();
    expect(x.grad!.tolist()).toEqual([2 * 25 * 1, 2 * 25 * 2]);
  });

  test('a view of a view, transposed, with two changes', () => {
    const x = leaf([
      [1, 2],
      [3, 4],
    ]);
    const y = x.mul(1);
    const row = y.t().at(1);
    const last = row.at(slice(1));
    row.mul_(10);
    last.mul_(10);
    expect(y.tolist()).toEqual([
      [1, 20],
      [3, 400],
    ]);
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([
      [1, 10],
      [1, 100],
    ]);
    expect(row.tolist()).toEqual([20, 400]);
  });

  test('views of plain tensors stay plain', () => {
    const x = zeros([2]);
    const v = x.at(0);
    x.add_(1);
    expect(v.requiresGrad).toBe(false);
    expect(v.gradFn).toBeNull();
    expect(v.mul(2).requiresGrad).toBe(false);
    expect(v.item()).toBe(1);
  });

  test('one view that overlaps another', () => {
    const x = leaf([1, 2, 3]);
    const y = x.mul(1);
    const head = y.at(slice(0, 2));
    const tail = y.at(slice(1, 3));
    head.mul_(2);
    tail.mul_(3);
    expect(y.tolist()).toEqual([2, 12, 9]);
    expect(head.tolist()).toEqual([2, 12]);
    head.sum().backward();
    expect(x.grad!.tolist()).toEqual([2, 6, 0]);
  });

  test('one part of a tensor, whose other parts are views from split', () => {
    const x = leaf([1, 2, 3]);
    const y = x.mul(1);
    y.narrow(0, 1, 2).mul_(4);
    const [a, b] = y.split([1, 2]);
    a.sum().add(b.sum()).add(y.sum()).backward();
    expect(x.grad!.tolist()).toEqual([2, 8, 8]);
  });

  test.each(['sinc', 'erfinv'] as const)('a result that the derivative does not read: %s', (name) => {
    const x = leaf([0.5, -0.25]);
    const y = x[name]();
    y.mul_(3);
    y.sum().backward();
    const twice = leaf([0.5, -0.25]);
    twice[name]().mul(3).sum().backward();
    expect(x.grad!.tolist()).toEqual(twice.grad!.tolist());
  });

  test('the values of max, whose derivative reads only the indices', () => {
    const x = leaf([
      [1, 5],
      [7, 2],
    ]);
    const { values, indices } = x.max(1);
    values.mul_(10);
    expect(values.tolist()).toEqual([50, 70]);
    values.sum().backward(undefined, { retainGraph: true });
    expect(x.grad!.tolist()).toEqual([
      [0, 10],
      [10, 0],
    ]);
    indices.add_(1);
    expect(() => values.sum().backward()).toThrow('MaxBackward0: a int32 tensor of shape [2]');
  });

  test('expanded views read, with the base modified', () => {
    const x = leaf([1, 2]);
    const y = x.mul(1);
    const wide = y.expand(3, 2);
    y.mul_(2);
    wide.sum().backward();
    expect(x.grad!.tolist()).toEqual([6, 6]);
  });

  test('second derivatives through a changed view', () => {
    const x = leaf([1, 2]);
    const y = x.pow(3);
    y.at(0).mul_(x.at(1));
    // f = x0³x1 + x1³ → ∂f/∂x0 = 3x0²x1, ∂f/∂x1 = x0³ + 3x1²
    y.sum().backward(null, { createGraph: true });
    expect(x.grad!.tolist()).toEqual([6, 13]);
    const g = x.grad!;
    x.grad = null;
    g.sum().backward();
    // 6x0x1 + 3x0² and 3x0² + 6x1
    expect(x.grad!.tolist()).toEqual([15, 15]);
  });
});

test('a view kept over updates of its leaf continues from the current leaf', () => {
  const w = leaf([1, 2]);
  const v = w.view(2, 1);
  noGrad(() => w.mul_(3));
  v.pow(2).sum().backward();
  expect(w.grad!.tolist()).toEqual([6, 12]);
  const later = noGrad(() => w.view(2, 1));
  noGrad(() => w.mul_(2));
  w.grad = null;
  v.pow(2).sum().backward();
  expect(w.grad!.tolist()).toEqual([12, 24]);
  expect(later.tolist()).toEqual([[6], [12]]);
});

describe('requiresGrad after a change', () => {
  test('of a leaf changed before it requires a gradient', () => {
    const a = zeros([2]);
    a.add_(5);
    a.view(2, 1).mul_(2);
    a.requiresGrad_();
    a.mul(a).sum().backward();
    expect(a.grad!.tolist()).toEqual([20, 20]);
  });

  test('of a view of a plain tensor that has received history', () => {
    const w = leaf([1, 2]);
    const x = zeros([2, 2]);
    const v = x.select(0, 1);
    expect(v.requiresGrad).toBe(false);
    x.add_(w);
    expect([v.requiresGrad, v.isLeaf, v.gradFn!.name]).toEqual([true, false, 'AsStridedBackward0']);
    v.mul(tensor([1, 10]))
      .sum()
      .backward();
    expect(w.grad!.tolist()).toEqual([1, 10]);
  });

  test('of the base of a view, and its other views', () => {
    const w = leaf([3, 4]);
    const base = zeros([3, 2]);
    const [first, all] = [base.select(0, 0), base.view(6)];
    first.copy_(w).mul_(w);
    expect([base.requiresGrad, all.requiresGrad]).toEqual([true, true]);
    all.sum().backward();
    expect(w.grad!.tolist()).toEqual([6, 8]);
  });

  test('of a detached tensor in the middle of a graph', () => {
    const [x, y] = [leaf([1, 2]), leaf([3, 4])];
    const a = x.mul(2);
    y.add(a).sum().backward(undefined, { retainGraph: true });
    a.detach_();
    y.add(a).sum().backward();
    expect([x.grad!.tolist(), y.grad!.tolist()]).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });
});
