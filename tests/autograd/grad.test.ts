import { describe, expect, test } from 'vitest';
import { AutogradError, grad, ones, type Tensor, tensor, ValueError } from '../../src';
import { expectClose } from '../support/close';
import { leaf } from '../support/tensors';

describe('grad', () => {
  test('returns gradients and leaves grad unchanged', () => {
    const x = leaf([1, 2]);
    const w = leaf([3, 4]);
    const [gx, gw] = grad(x.mul(w).sum(), [x, w]);
    expect(gx.tolist()).toEqual([3, 4]);
    expect(gw.tolist()).toEqual([1, 2]);
    expect(x.grad).toBeNull();
    expect(w.grad).toBeNull();
    expect(gx.requiresGrad).toBe(false);
    expect(grad(x.pow(3).sum(), x)[0].tolist()).toEqual([3, 12]);
  });

  test('of intermediate tensors', () => {
    const x = leaf(2);
    const h = x.pow(2);
    const [gh, gx] = grad(h.pow(3), [h, x]);
    expect(gh.item()).toBe(48);
    expect(gx.item()).toBe(192);
    const y = x.pow(2);
    expect(grad(y, y)[0].item()).toBe(1);
  });

  test('of several outputs is that of their sum, weighted by gradOutputs', () => {
    const x = leaf([1, 2]);
    expect(grad([x.sum(), x.pow(2).sum()], x)[0].tolist()).toEqual([3, 5]);
    const weights = [tensor([1, 10]), tensor([100, 1000])];
    expect(grad([x.mul(2), x.mul(x)], x, { gradOutputs: weights })[0].tolist()).toEqual([202, 4020]);
    const y = x.sum();
    expect(grad([y, y], x)[0].tolist()).toEqual([2, 2]);
    expect(() => grad([x.mul(2), x.mul(3)], x, { gradOutputs: ones([2]) })).toThrow(ValueError);
    expect(() => grad([x.mul(2), x.mul(3)], x, { gradOutputs: ones([2]) })).toThrow(
      'grad: 1 gradients to start from for 2 outputs; give one for each',
    );
  });

  test('of the same input named twice', () => {
    const x = leaf(3);
    expect(grad(x.pow(2), [x, x]).map((g) => g.item())).toEqual([6, 6]);
  });

  test('of an output of several', () => {
    const x = leaf([1, 2, 3]);
    const [a, b] = x.split([1, 2]);
    const [ga, gb] = grad(a.sum().add(b.mul(5).sum()), [a, b]);
    expect(ga.tolist()).toEqual([1]);
    expect(gb.tolist()).toEqual([5, 5]);
  });

  test('rejects inputs without history, and unused ones unless allowed', () => {
    const x = leaf(1);
    const unused = leaf(2);
    expect(() => grad(x.mul(2), tensor(1))).toThrow(AutogradError);
    expect(() => grad(x.mul(2), tensor(1))).toThrow('grad: input 0 does not require a gradient');
    expect(() => grad(x.mul(2), [x, unused])).toThrow('grad: input 1 was not used to compute the outputs');
    const [gx, none] = grad(x.mul(2), [x, unused], { allowUnused: true });
    expect(gx!.item()).toBe(2);
    expect(none).toBeNull();
    expect(() => grad(x.mul(tensor([1, 2])), x)).toThrow('only for a single number');
  });

  test('visits only paths to the inputs', () => {
    const x = leaf([1, 2]);
    const other = leaf([3, 4]);
    const calls: string[] = [];
    x.registerHook(() => {
      calls.push('x');
    });
    other.registerHook(() => {
      calls.push('other');
    });
    const h = x.exp();
    const y = h.mul(other);
    expect(grad(y.sum(), h)[0].tolist()).toEqual([3, 4]);
    expect(calls).toEqual([]);
    // The graph before h was not traversed, so it is not freed.
    h.sum().backward();
    expectClose(x.grad, [Math.E, Math.E ** 2]);
    expect(calls).toEqual(['x']);
  });

  test('frees the visited graph unless retainGraph', () => {
    const x = leaf(2);
    const y = x.pow(3);
    expect(grad(y, x, { retainGraph: true })[0].item()).toBe(12);
    expect(grad(y, x)[0].item()).toBe(12);
    expect(() => grad(y, x)).toThrow(AutogradError);
  });
});

describe('higher derivatives', () => {
  test('of a power, one after another', () => {
    const x = leaf(2);
    let y: Tensor = x.pow(4);
    const found = [];
    for (let i = 0; i < 4; i++) {
      [y] = grad(y, x, { createGraph: true });
      found.push(y.item());
    }
    expect(found).toEqual([32, 48, 48, 24]);
  });

  test('of a function of two variables: the Hessian', () => {
    // f = a²b + sin(b) → H = [[2b, 2a], [2a, -sin b]]
    const a = tensor(1.5, { requiresGrad: true, dtype: 'float64' });
    const b = tensor(0.5, { requiresGrad: true, dtype: 'float64' });
    const f = a.pow(2).mul(b).add(b.sin());
    const [fa, fb] = grad(f, [a, b], { createGraph: true });
    expectClose(fa, 1.5, 1e-12);
    expectClose(fb, 1.5 ** 2 + Math.cos(0.5), 1e-12);
    const rows = [fa, fb].map((g) => grad(g, [a, b], { retainGraph: true }).map((h) => h.item()));
    expect(rows[0]).toEqual([1, 3]);
    expect(rows[1][0]).toBe(3);
    expect(rows[1][1]).toBeCloseTo(-Math.sin(0.5), 12);
  });

  test('through backward with createGraph', () => {
    const x = leaf([1, 2]);
    x.pow(3).sum().backward(null, { createGraph: true });
    expect(x.grad!.tolist()).toEqual([3, 12]);
    expect(x.grad!.requiresGrad).toBe(true);
    const [second] = grad(x.grad!.sum(), x);
    expect(second.tolist()).toEqual([6, 12]);
  });

  test('a gradient penalty', () => {
    // ‖∇ Σ x²w‖² = Σ (2xw)², whose gradient with respect to w is 8x²w
    const x = leaf([1, 2]);
    const w = leaf([3, 4]);
    const [gx] = grad(x.pow(2).mul(w).sum(), x, { createGraph: true });
    gx.pow(2).sum().backward();
    expect(w.grad!.tolist()).toEqual([24, 128]);
    expect(x.grad!.tolist()).toEqual([8 * 9, 8 * 2 * 16]);
  });

  test('without createGraph the result has no history', () => {
    const x = leaf(2);
    const [g] = grad(x.pow(3), x);
    expect(g.requiresGrad).toBe(false);
    expect(() => grad(g, x)).toThrow('grad: output 0 does not require a gradient');
  });

  test('accumulating with createGraph keeps the history of both passes', () => {
    const x = leaf(2);
    x.pow(2).backward(null, { createGraph: true });
    x.pow(3).backward(null, { createGraph: true });
    expect(x.grad!.item()).toBe(4 + 12);
    const [g] = grad(x.grad!, x);
    expect(g.item()).toBe(2 + 12);
  });
});
