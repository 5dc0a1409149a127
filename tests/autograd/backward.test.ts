import { describe, expect, test } from 'vitest';
import { AutogradError, grad, matmul, ones, ShapeError, stack, type Tensor, tensor, where, zeros } from '../../src';
import { expectClose } from '../support/close';
import { leaf } from '../support/tensors';

describe('gradients by hand', () => {
  test('a chain of pointwise operations', () => {
    const x = leaf([3, 4]);
    x.pow(2).sum().backward();
    expect(x.grad!.tolist()).toEqual([6, 8]);
  });

  test('a sum of products over shared inputs', () => {
    // y = a·b + a → ∂y/∂a = b + 1, ∂y/∂b = a
    const a = leaf(2);
    const b = leaf(3);
    a.mul(b).add(a).backward();
    expect(a.grad!.item()).toBe(4);
    expect(b.grad!.item()).toBe(2);
  });

  test('the same tensor twice in one operation', () => {
    const x = leaf([1, 2, 3]);
    x.mul(x).sum().backward();
    expect(x.grad!.tolist()).toEqual([2, 4, 6]);
    const y = leaf([2]);
    y.add(y).backward();
    expect(y.grad!.tolist()).toEqual([2]);
  });

  test('a linear model with squared error', () => {
    // L = mean((X w + b - y)²): ∂L/∂w = 2/n Xᵀ r, ∂L/∂b = 2/n Σ r with r = (1, 2, -1)
    const X = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const w = leaf([1, -1]);
    const b = leaf(0.5);
    const target = tensor([-1.5, -2.5, 0.5]);
    matmul(X, w).add(b).sub(target).pow(2).mean().backward();
    expectClose(w.grad, [(2 / 3) * (1 + 6 - 5), (2 / 3) * (2 + 8 - 6)]);
    expectClose(b.grad, (2 / 3) * 2);
  });

  test('broadcasting sums the gradient back to the shape of the input', () => {
    const a = leaf([[1], [2]]);
    const b = leaf([10, 20, 30]);
    a.mul(b).sum().backward();
    expect(a.grad!.tolist()).toEqual([[60], [60]]);
    expect(b.grad!.tolist()).toEqual([3, 3, 3]);
  });

  test('a diamond: both paths are summed before going on', () => {
    const x = leaf(2);
    const h = x.pow(2);
    let calls = 0;
    h.registerHook(() => {
      calls++;
    });
    h.mul(3).add(h.pow(2)).backward();
    // dy/dh = 3 + 2h = 11, dh/dx = 4
    expect(x.grad!.item()).toBe(44);
    expect(calls).toBe(1);
  });

  test('a loop and a branch of JavaScript', () => {
    const x = leaf(0.5);
    let y: Tensor = x;
    for (let i = 0; i < 5; i++) y = y.item() > 0.3 ? y.mul(y) : y.mul(2);
    // 0.5 → 0.25 → 0.5 → 0.25 → 0.5 → 0.25: derivative 1 · 2 · 1 · 2 · 1
    expect(y.item()).toBe(0.25);
    y.backward();
    expect(x.grad!.item()).toBe(4);
  });
});

describe('the starting gradient', () => {
  test('is 1 by default for a single number of any shape', () => {
    const x = leaf([[3]]);
    x.mul(2).backward();
    expect(x.grad!.tolist()).toEqual([[2]]);
  });

  test('must be given for other shapes', () => {
    const x = leaf([1, 2]);
    expect(() => x.mul(2).backward()).toThrow(AutogradError);
    expect(() => x.mul(2).backward()).toThrow(
      'backward: a gradient can be created implicitly only for a single number, the output has shape [2]',
    );
    x.mul(2).backward(tensor([1, 10]));
    expect(x.grad!.tolist()).toEqual([2, 20]);
    expect(() => x.mul(2).backward(tensor([[1, 10]]))).toThrow(ShapeError);
    expect(() => x.mul(2).backward(ones([3]))).toThrow('the gradient has shape [3], the output has [2]');
    expect(x.grad!.tolist()).toEqual([2, 20]);
  });

  test('is converted to the dtype of the output', () => {
    const x = tensor([1, 2], { dtype: 'float64', requiresGrad: true });
    x.backward(ones([2], { dtype: 'int32' }));
    expect(x.grad!.dtype).toBe('float64');
    expect(x.grad!.tolist()).toEqual([1, 1]);
  });

  test('of a leaf is its own gradient', () => {
    const x = leaf(5);
    x.backward();
    expect(x.grad!.item()).toBe(1);
  });

  test('throws without history', () => {
    expect(() => tensor(1).backward()).toThrow(AutogradError);
    expect(() => tensor(1).backward()).toThrow('does not require a gradient and has no gradFn');
    expect(() => leaf([1]).detach().backward()).toThrow(AutogradError);
  });
});

describe('accumulation', () => {
  test('gradients add up until they are cleared', () => {
    const x = leaf([1, 2]);
    for (let i = 1; i <= 3; i++) {
      x.mul(2).sum().backward();
      expect(x.grad!.tolist()).toEqual([2 * i, 2 * i]);
    }
    x.grad = null;
    x.mul(5).sum().backward();
    expect(x.grad!.tolist()).toEqual([5, 5]);
    x.grad!.zero_();
    x.mul(7).sum().backward();
    expect(x.grad!.tolist()).toEqual([7, 7]);
  });

  test('happens in place, in the tensor that grad is', () => {
    const x = leaf([1, 2]);
    x.sum().backward();
    const first = x.grad!;
    x.sum().backward();
    expect(x.grad).toBe(first);
    expect(first.tolist()).toEqual([2, 2]);
  });

  test('only leaves that require a gradient get one', () => {
    const x = leaf([1, 2]);
    const c = tensor([3, 4]);
    const h = x.mul(c);
    h.sum().backward();
    expect(x.grad!.tolist()).toEqual([3, 4]);
    expect(c.grad).toBeNull();
    expect(h.grad).toBeNull();
  });

  test('a leaf that no longer requires a gradient gets none', () => {
    const x = leaf(2);
    const y = x.mul(3);
    const calls: string[] = [];
    x.registerHook(() => {
      calls.push('hook');
    });
    x.registerPostAccumulateGradHook(() => {
      calls.push('accumulated');
    });
    x.requiresGrad_(false);
    y.backward(null, { retainGraph: true });
    expect([x.grad, calls]).toEqual([null, ['hook', 'accumulated']]);
    x.requiresGrad_(true);
    y.backward();
    expect(x.grad!.item()).toBe(3);
    const z = leaf(2);
    const h = z.mul(3);
    const w = h.mul(h);
    z.requiresGrad_(false);
    expect(grad(w, h, { retainGraph: true })[0].item()).toBe(12);
    w.backward();
    expect(z.grad).toBeNull();
  });

  test('a leaf that lost its history gets none until it requires a gradient again', () => {
    const x = leaf(2);
    const y = x.add(3);
    x.detach_();
    y.backward();
    expect(x.grad).toBeNull();
    x.requiresGrad_();
    y.backward();
    expect(x.grad!.item()).toBe(1);
  });

  test('a leaf that has become a result has no grad to add to', () => {
    const x = leaf(2);
    const y = x.add(3);
    x.requiresGrad_(false);
    x.mul_(leaf(4));
    expect(() => y.backward()).toThrow(AutogradError);
    expect(() => y.backward()).toThrow('a leaf of shape [] has been modified in place, so that it is a result now');
    expect(x.grad).toBeNull();
  });

  test('dtype and shape of the gradient are those of the leaf', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const d = tensor([[3], [4]], { dtype: 'float64', requiresGrad: true });
    x.mul(d).sum().backward();
    expect([x.grad!.dtype, x.grad!.shape]).toEqual(['float32', [2]]);
    expect([d.grad!.dtype, d.grad!.shape]).toEqual(['float64', [2, 1]]);
    expect(x.grad!.tolist()).toEqual([7, 7]);
    expect(d.grad!.tolist()).toEqual([[3], [3]]);
  });
});

describe('several inputs and outputs', () => {
  test('where sends the gradient to the selected side', () => {
    const a = leaf([1, 2, 3]);
    const b = leaf([4, 5, 6]);
    where(tensor([true, false, true]), a, b)
      .mul(tensor([10, 20, 30]))
      .sum()
      .backward();
    expect(a.grad!.tolist()).toEqual([10, 0, 30]);
    expect(b.grad!.tolist()).toEqual([0, 20, 0]);
  });

  test('a list of inputs, one of them twice', () => {
    const a = leaf([1, 2]);
    const b = leaf([3, 4]);
    stack([a, b, a])
      .mul(tensor([[1], [10], [100]]))
      .sum()
      .backward();
    expect(a.grad!.tolist()).toEqual([101, 101]);
    expect(b.grad!.tolist()).toEqual([10, 10]);
  });

  test('unused outputs count as zero', () => {
    const x = leaf([1, 2, 3, 4, 5]);
    const [, middle] = x.split([2, 2, 1]);
    middle.mul(3).sum().backward();
    expect(x.grad!.tolist()).toEqual([0, 0, 3, 3, 0]);
    const m = leaf([
      [1, 5],
      [7, 2],
    ]);
    m.max(1)
      .values.mul(tensor([1, 10]))
      .sum()
      .backward();
    expect(m.grad!.tolist()).toEqual([
      [0, 1],
      [10, 0],
    ]);
    expect(m.max(1).indices.requiresGrad).toBe(false);
  });

  test('all outputs together', () => {
    const x = leaf([1, 2, 3]);
    const [a, b, c] = x.unbind();
    a.mul(b).mul(c).backward();
    expect(x.grad!.tolist()).toEqual([6, 3, 2]);
  });
});

test('a chain of 100,000 operations does not overflow the stack', () => {
  const x = leaf([1, 2]);
  let y: Tensor = x;
  for (let i = 0; i < 100_000; i++) y = y.add(1);
  y.sum().backward();
  expect(x.grad!.tolist()).toEqual([1, 1]);
  expect(y.tolist()).toEqual([100_001, 100_002]);
});

test('a wide graph: 10,000 uses of one leaf', () => {
  const x = leaf(1);
  let y = zeros([]);
  for (let i = 0; i < 10_000; i++) y = y.add(x);
  y.backward();
  expect(x.grad!.item()).toBe(10_000);
});

test('grad accepts only possible gradients of the tensor', () => {
  const x = tensor([1, 2], { requiresGrad: true });
  const g = tensor([3, 4]);
  x.grad = g;
  expect(x.grad).toBe(g);
  expect(() => {
    x.grad = tensor([1, 2, 3]);
  }).toThrow('grad: a gradient of shape [3] does not fit a tensor of shape [2]');
  expect(() => {
    x.grad = tensor([1, 2], { dtype: 'float64' });
  }).toThrow("convert it with to('float32')");
  expect(x.grad).toBe(g);
  x.grad = null;
  expect(x.grad).toBeNull();
});

describe('a number that is recorded once for many calls', () => {
  test.each([
    [0, -0],
    [-0, 0],
    [Number.NaN, 2],
    [2, Number.NaN],
  ])('%d and then %d', (first, second) => {
    const slopes = [first, second].map((by) => {
      const x = leaf([1, -2]);
      x.div(by).sum().backward();
      return x.grad!.tolist();
    });
    expect(slopes).toEqual([first, second].map((by) => [1 / by, 1 / by]));
  });
});

test('backward accepts options without a gradient', () => {
  const x = leaf([1, 2]);
  const y = x.pow(2).sum();
  y.backward({ retainGraph: true });
  y.backward(null, { retainGraph: true });
  y.backward({});
  expect(x.grad!.tolist()).toEqual([6, 12]);
  expect(() => y.backward({ retain: true } as object)).toThrow('backward: there is no option retain');
  expect(() => y.backward([1] as unknown as Tensor)).toThrow('backward: options are given as an object');
});
