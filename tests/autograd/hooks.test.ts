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

  test('a gradient of another shape or dtype is refused', () => {
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

  test('one of several outputs', () => {
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

  test('sees what hooks made of it, whichever came first', () => {
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

test('hooks are called in their order, and may be removed by one another', () => {
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
  // Removed during a pass, a hook is not called from the next one on.
  h.backward(undefined, { retainGraph: true });
  expect(calls).toEqual([0, 1, 2]);
  h.backward();
  expect(calls).toEqual([0, 1, 2, 0, 2]);
});

test('the same hook registered twice is called twice, and removed once', () => {
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

describe('hooks and changes in place', () => {
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

  test('retainGrad goes with the tensor', () => {
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

  test('is for leaves that require a gradient', () => {
    const hook = () => {};
    expect(() => leaf([1]).mul(2).registerPostAccumulateGradHook(hook)).toThrow(AutogradError);
    expect(() => leaf([1]).mul(2).registerPostAccumulateGradHook(hook)).toThrow('only leaves accumulate gradients');
    expect(() => tensor([1]).registerPostAccumulateGradHook(hook)).toThrow('does not require a gradient');
  });
});

describe('hooks of nodes', () => {
  const numbers = (gs: Gradients) => gs.map((g) => g?.tolist() ?? null);

  test('see the gradients of inputs and outputs, and replace them', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const y = a.mul(b);
    const seen: unknown[] = [];
    y.gradFn!.registerPrehook((outs) => {
      seen.push(['before', numbers(outs)]);
      return outs.map((g) => g!.mul(10));
    });
    const handle = y.gradFn!.registerHook((ins, outs) => {
      seen.push(['after', numbers(ins), numbers(outs)]);
      return [ins[0], ins[1]!.neg()];
    });
    y.sum().backward(undefined, { retainGraph: true });
    expect(seen).toEqual([
      ['before', [[1, 1]]],
      [
        'after',
        [
          [30, 40],
          [10, 20],
        ],
        [[10, 10]],
      ],
    ]);
    expect(a.grad!.tolist()).toEqual([30, 40]);
    expect(b.grad!.tolist()).toEqual([-10, -20]);
    handle.remove();
    y.sum().backward();
    expect(b.grad!.tolist()).toEqual([0, 0]);
  });

  test('come after those of the tensor and before retained gradients', () => {
    const h = leaf([1]).mul(1);
    const order: string[] = [];
    h.gradFn!.registerHook(() => {
      order.push('after');
    });
    h.gradFn!.registerPrehook((outs) => {
      order.push('before');
      return [outs[0]!.mul(2)];
    });
    h.registerHook(() => {
      order.push('tensor');
    });
    h.retainGrad();
    h.backward();
    expect(order).toEqual(['tensor', 'before', 'after']);
    expect(h.grad!.tolist()).toEqual([2]);
  });

  test('of a leaf run once its gradient has been added', () => {
    const w = leaf([1, 2]);
    const node = w.mul(1).gradFn!.nextFunctions[0][0]!;
    const order: string[] = [];
    node.registerHook((ins, outs) => {
      order.push(`${ins.length} ${outs[0]!.tolist()} ${w.grad!.tolist()}`);
    });
    w.registerPostAccumulateGradHook(() => {
      order.push('accumulated');
    });
    w.mul(3).sum().backward();
    expect(order).toEqual(['accumulated', '0 3,3 3,3']);
  });

  test('inputs without gradient, outputs that nothing used', () => {
    const x = leaf([1, 2, 3]);
    const parts = x.split([1, 2]);
    const seen: unknown[] = [];
    parts[0].gradFn!.registerPrehook((outs) => {
      seen.push(numbers(outs));
    });
    const y = parts[1].mul(tensor([1, 2]));
    y.gradFn!.registerHook((ins) => {
      seen.push(numbers(ins));
    });
    y.sum().backward(undefined, { retainGraph: true });
    expect(seen).toEqual([
      [[1, 2], null],
      [null, [1, 2]],
    ]);
    y.gradFn!.registerHook((ins) => [ins[0], ones([2])]);
    expect(() => y.sum().backward(undefined, { retainGraph: true })).toThrow('there is no gradient 1 to replace');
  });

  test('a wrong number of gradients is refused, and null stops one', () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const handle = y.gradFn!.registerHook(() => []);
    expect(() => y.sum().backward(undefined, { retainGraph: true })).toThrow(AutogradError);
    expect(() => y.sum().backward(undefined, { retainGraph: true })).toThrow(
      'hook: 2 gradients were given, the hook returned 0',
    );
    handle.remove();
    y.gradFn!.registerHook(() => [null, null]);
    y.sum().backward();
    expect(x.grad).toBeNull();
  });

  test('what a hook keeps does not change afterwards', () => {
    const x = leaf([1, 2]);
    const kept: Tensor[] = [];
    const y = x.mul(2);
    y.gradFn!.registerHook(([g]) => {
      kept.push(g!);
    });
    const z = x.mul(5);
    y.add(z).sum().backward();
    expect(kept[0].tolist()).toEqual([2, 2]);
    x.grad!.add_(1);
    expect(kept[0].tolist()).toEqual([2, 2]);
  });
});
