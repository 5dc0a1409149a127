import { describe, expect, test } from 'vitest';
import { AutogradError, enableGrad, isGradEnabled, noGrad, ones, ShapeError, type Tensor, tensor } from '../../src';

const leaf = (values: number | number[]) => tensor(values, { requiresGrad: true });

describe('noGrad and enableGrad', () => {
  test('switch recording off and on, and give back what the body gives', () => {
    const x = leaf([1, 2]);
    expect(isGradEnabled()).toBe(true);
    const y = noGrad(() => {
      expect(isGradEnabled()).toBe(false);
      return x.mul(2);
    });
    expect(y.requiresGrad).toBe(false);
    expect(y.gradFn).toBeNull();
    expect(x.requiresGrad).toBe(true);
    noGrad(() => {
      expect(enableGrad(() => x.mul(2)).requiresGrad).toBe(true);
      expect(isGradEnabled()).toBe(false);
    });
    expect(isGradEnabled()).toBe(true);
  });

  test('recording is as before after an error', () => {
    expect(() =>
      noGrad(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(isGradEnabled()).toBe(true);
  });

  test('an asynchronous body is refused', () => {
    expect(() => noGrad(async () => 1)).toThrow(AutogradError);
    expect(() => enableGrad(async () => 1)).toThrow('enableGrad: the body must not be asynchronous');
    expect(isGradEnabled()).toBe(true);
  });

  test('leaves may be modified inside noGrad', () => {
    const w = leaf([1, 2]);
    w.pow(2).sum().backward();
    noGrad(() => w.sub_(w.grad!.mul(0.1)));
    expect(w.isLeaf).toBe(true);
    expect(w.requiresGrad).toBe(true);
    expect((w.tolist() as number[]).map((v) => Math.round(v * 1e5) / 1e5)).toEqual([0.8, 1.6]);
  });

  test('tensors made inside can require a gradient', () => {
    expect(noGrad(() => ones([2], { requiresGrad: true })).requiresGrad).toBe(true);
  });
});

describe('requiresGrad', () => {
  test('is set on leaves, and goes over to results', () => {
    const x = tensor([1, 2]);
    expect(x.requiresGrad_()).toBe(x);
    expect(x.requiresGrad).toBe(true);
    expect(x.mul(2).requiresGrad).toBe(true);
    expect(x.gt(0).requiresGrad).toBe(false);
    x.requiresGrad_(false);
    expect(x.mul(2).requiresGrad).toBe(false);
    x.requiresGrad = true;
    expect(x.mul(2).isLeaf).toBe(false);
  });

  test('cannot be switched off for results, nor on for integers', () => {
    const y = leaf([1, 2]).mul(2);
    expect(() => y.requiresGrad_(false)).toThrow(AutogradError);
    expect(() => y.requiresGrad_(false)).toThrow('only leaves can be switched off; use detach()');
    expect(y.requiresGrad).toBe(true);
    const whole = tensor([1, 2], { dtype: 'int32' });
    expect(() => whole.requiresGrad_()).toThrow("this one is int32; convert it with to('float32')");
    expect(whole.requiresGrad).toBe(false);
  });

  test('a frozen tensor gets no gradient', () => {
    const w = leaf([1, 2]);
    const frozen = leaf([3, 4]).requiresGrad_(false);
    w.mul(frozen).sum().backward();
    expect(w.grad!.tolist()).toEqual([3, 4]);
    expect(frozen.grad).toBeNull();
  });
});

describe('detach', () => {
  test('shares memory and version, not history', () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const d = y.detach();
    expect(d.requiresGrad).toBe(false);
    expect(d.isLeaf).toBe(true);
    expect(d.data).toBe(y.data);
    d.setAt(0, 50);
    expect(y.tolist()).toEqual([50, 4]);
    expect(y.version).toBe(1);
  });

  test('stops the gradient', () => {
    const x = leaf(3);
    x.mul(x.detach()).backward();
    expect(x.grad!.item()).toBe(3);
  });

  test('writing through it to a saved tensor is noticed', () => {
    const y = leaf([1, 2]).exp();
    y.detach().zero_();
    expect(() => y.sum().backward()).toThrow('modified in place');
  });
});

describe('hooks', () => {
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
    const remove = h.registerHook((g) => g.mul(10));
    h.registerHook((g) => g.add(1));
    const back = () => {
      x.grad = null;
      h.sum().backward(null, { retainGraph: true });
      return x.grad!.tolist();
    };
    expect(back()).toEqual([11, 11]);
    remove();
    expect(back()).toEqual([2, 2]);
    remove();
    expect(back()).toEqual([2, 2]);
  });

  test('a gradient of another shape is refused', () => {
    const x = leaf([1, 2]);
    x.registerHook(() => ones([3]));
    expect(() => x.sum().backward()).toThrow(ShapeError);
    expect(() => x.sum().backward()).toThrow('the gradient has shape [2], the hook returned [3]');
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
