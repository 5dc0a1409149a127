import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  DtypeError,
  type Gradients,
  grad,
  noGrad,
  ones,
  RemovableHandle,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
} from '../../src';
import { leaf } from '../support/tensors';

describe('hooks of tensors', () => {
  test('see the gradient, on leaves and results', () => {
    const x = leaf([1, 2]);
    const h = x.mul(3);
    const seen: [string, unknown][] = [];
    x.registerHook((g) => {
      seen.push(['x', g.tolist()]);
    });
    h.registerHook((g) => {
      seen.push(['h', g.tolist()]);
    });
    h.mul(tensor([10, 20]))
      .sum()
      .backward();
    expect(seen).toEqual([
      ['h', [10, 20]],
      ['x', [30, 60]],
    ]);
  });

  test('can replace it, one after another, and be removed', () => {
    const x = leaf([1, 2]);
    const h = x.mul(1);
    const handle = h.registerHook((g) => g.mul(10));
    h.registerHook((g) => g.add(1));
    const back = () => {
      x.grad = null;
      h.sum().backward(null, { retainGraph: true });
      return x.grad!.tolist();
    };
    expect(back()).toEqual([11, 11]);
    handle.remove();
    expect(back()).toEqual([2, 2]);
    handle.remove();
    expect(back()).toEqual([2, 2]);
  });

  test('a result that is not a gradient is rejected', () => {
    const x = leaf([1, 2]);
    const calls: Tensor[] = [];
    const handle = x.registerHook(((g: Tensor) => calls.push(g)) as never);
    expect(() => x.sum().backward()).toThrow(ValueError);
    expect(() => x.sum().backward()).toThrow('a hook must return nothing or a gradient, got 2');
    handle.remove();
    x.registerHook((async () => {}) as never);
    expect(() => x.sum().backward()).toThrow('got a promise');
    const y = leaf(1).mul(2);
    y.gradFn!.registerPrehook((([g]: Gradients) => g) as never);
    expect(() => y.backward()).toThrow(
      'a hook of a node must return nothing or a list of gradients, got a float32 tensor',
    );
  });

  test('a gradient of another shape or dtype is rejected', () => {
    const x = leaf([1, 2]);
    const handle = x.registerHook(() => ones([3]));
    expect(() => x.sum().backward()).toThrow(ShapeError);
    expect(() => x.sum().backward()).toThrow('the gradient has shape [2], the hook returned [3]');
    handle.remove();
    x.registerHook((g) => g.double());
    expect(() => x.sum().backward()).toThrow(DtypeError);
    expect(() => x.sum().backward()).toThrow('the gradient is float32, the hook returned float64');
    expect(x.grad).toBeNull();
  });

  test('work on one of several outputs', () => {
    const x = leaf([1, 2, 3]);
    const [a, b] = x.split([1, 2]);
    b.registerHook((g) => g.mul(100));
    a.sum().add(b.sum()).backward();
    expect(x.grad!.tolist()).toEqual([1, 100, 100]);
  });

  test('need a tensor that requires a gradient', () => {
    expect(() => tensor([1]).registerHook(() => {})).toThrow(AutogradError);
    expect(() => tensor([1]).registerHook(() => {})).toThrow('so the hook would never be called');
  });
});

describe('retainGrad', () => {
  test('keeps the gradient of a result', () => {
    const x = leaf([1, 2]);
    const h: Tensor = x.mul(3);
    expect(h.retainsGrad).toBe(false);
    h.retainGrad();
    h.retainGrad();
    expect(h.retainsGrad).toBe(true);
    h.pow(2).sum().backward(null, { retainGraph: true });
    expect(h.grad!.tolist()).toEqual([6, 12]);
    h.pow(2).sum().backward();
    expect(h.grad!.tolist()).toEqual([12, 24]);
  });

  test('sees the gradient after hooks, in any order of registration', () => {
    const h = leaf([1]).mul(3);
    h.retainGrad();
    h.registerHook((g) => g.mul(7));
    h.sum().backward();
    expect(h.grad!.tolist()).toEqual([7]);
  });

  test('does nothing on leaves, and throws without history', () => {
    const x = leaf([1]);
    x.retainGrad();
    expect(x.retainsGrad).toBe(false);
    expect(() => tensor([1]).retainGrad()).toThrow(AutogradError);
  });

  test('keeps the gradient of one output of several', () => {
    const x = leaf([1, 2, 3]);
    const [a, b] = x.split([1, 2]);
    b.retainGrad();
    expect(a.retainsGrad).toBe(false);
    a.sum().add(b.mul(4).sum()).backward();
    expect(b.grad!.tolist()).toEqual([4, 4]);
    expect(a.grad).toBeNull();
  });
});

test('hooks are called in order, and may remove each other', () => {
  const h = leaf([1]).mul(2);
  const calls: number[] = [];
  const handles: RemovableHandle[] = [];
  for (let i = 0; i < 3; i++)
    handles.push(
      h.registerHook(() => {
        calls.push(i);
        if (i === 0) handles[1].remove();
      }),
    );
  expect(handles[0]).toBeInstanceOf(RemovableHandle);
  // A hook removed during a pass is skipped from the next pass on.
  h.backward(undefined, { retainGraph: true });
  expect(calls).toEqual([0, 1, 2]);
  h.backward();
  expect(calls).toEqual([0, 1, 2, 0, 2]);
});

test('a hook registered twice is called twice, and removed once', () => {
  const x = leaf([1]);
  const hook = (g: Tensor) => g.mul(3);
  const first = x.registerHook(hook);
  x.registerHook(hook);
  x.sum().backward();
  expect(x.grad!.item()).toBe(9);
  first.remove();
  first.remove();
  x.grad = null;
  x.sum().backward();
  expect(x.grad!.item()).toBe(3);
});

describe('hooks and in-place changes', () => {
  test('a hook sees the gradient of the value it was registered for', () => {
    const x = leaf([1, 2]);
    const h = x.mul(1);
    const seen: unknown[] = [];
    h.registerHook((g) => {
      seen.push(['before', g.tolist()]);
    });
    h.mul_(10);
    h.registerHook((g) => {
      seen.push(['after', g.tolist()]);
    });
    h.sum().backward();
    expect(seen).toEqual([
      ['after', [1, 1]],
      ['before', [10, 10]],
    ]);
  });

  test('retainGrad follows the tensor', () => {
    const h = leaf([1, 2]).mul(1);
    h.retainGrad();
    h.mul_(10);
    expect(h.retainsGrad).toBe(true);
    h.sum().backward();
    expect(h.grad!.tolist()).toEqual([1, 1]);
    const base = leaf([1, 2]).mul(1);
    const v = base.view(2, 1);
    v.retainGrad();
    base.retainGrad();
    v.mul_(3);
    expect([v.retainsGrad, base.retainsGrad]).toEqual([true, true]);
    v.mul(2).sum().backward(undefined, { retainGraph: true });
    expect(v.grad!.tolist()).toEqual([[2], [2]]);
    expect(base.grad!.tolist()).toEqual([2, 2]);
  });
});

describe('registerPostAccumulateGradHook', () => {
  test('is called with the leaf once its grad is up to date', () => {
    const w = leaf([1, 2]);
    const seen: unknown[] = [];
    w.registerHook((g) => g.mul(2));
    const handle = w.registerPostAccumulateGradHook((leaf) => {
      expect(leaf).toBe(w);
      seen.push(leaf.grad!.tolist());
    });
    for (let i = 0; i < 2; i++) w.mul(w).sum().backward();
    expect(seen).toEqual([
      [4, 8],
      [8, 16],
    ]);
    handle.remove();
    w.sum().backward();
    expect(seen).toHaveLength(2);
  });

  test('can update the leaf in the middle of the backward pass', () => {
    const w = leaf([1, 2]);
    w.registerPostAccumulateGradHook((leaf) => {
      noGrad(() => leaf.sub_(leaf.grad!.mul(0.5)));
      leaf.grad = null;
    });
    w.mul(2).sum().backward();
    expect(w.tolist()).toEqual([0, 1]);
    expect(w.grad).toBeNull();
  });

  test('is not called by grad(), which accumulates nothing', () => {
    const w = leaf([1]);
    w.registerPostAccumulateGradHook(() => {
      throw new Error('called');
    });
    expect(grad(w.mul(2), w)[0].item()).toBe(2);
  });

  test('is only for leaves that require a gradient', () => {
    const hook = () => {};
    expect(() => leaf([1]).mul(2).registerPostAccumulateGradHook(hook)).toThrow(AutogradError);
    expect(() => leaf([1]).mul(2).registerPostAccumulateGradHook(hook)).toThrow('only leaves accumulate gradients');
    expect(() => tensor([1]).registerPostAccumulateGradHook(hook)).toThrow('does not require a gradient');
  });
});
