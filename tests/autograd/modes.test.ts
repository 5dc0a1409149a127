import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  enableGrad,
  isGradEnabled,
  noGrad,
  ones,
  setGradEnabled,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { leaf } from '../support/tensors';

describe('noGrad and enableGrad', () => {
  test("switch recording off and on, and return the body's result", () => {
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

  test('recording is restored after an error', () => {
    expect(() =>
      noGrad(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(isGradEnabled()).toBe(true);
  });

  test('an asynchronous body is rejected', () => {
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

describe('setGradEnabled', () => {
  test('applies to a body, and returns its result', () => {
    const x = leaf([1, 2]);
    expect(setGradEnabled(false, () => x.mul(2)).requiresGrad).toBe(false);
    expect(noGrad(() => setGradEnabled(true, () => x.mul(2))).requiresGrad).toBe(true);
    expect(isGradEnabled()).toBe(true);
    expect(() => setGradEnabled(true, async () => 1)).toThrow('setGradEnabled: the body must not be asynchronous');
    for (const mode of [undefined, null, 0, 'on', tensor(1)] as unknown[] as boolean[]) {
      expect(() => setGradEnabled(mode)).toThrow('setGradEnabled: expected true or false, got ');
      expect(() => setGradEnabled(mode, () => 1)).toThrow(ValueError);
    }
    expect(isGradEnabled()).toBe(true);
  });

  test('applies permanently, inside noGrad until its end', () => {
    setGradEnabled(false);
    expect(isGradEnabled()).toBe(false);
    expect(leaf([1]).mul(2).requiresGrad).toBe(false);
    setGradEnabled(true);
    expect(isGradEnabled()).toBe(true);
    noGrad(() => {
      setGradEnabled(true);
      expect(isGradEnabled()).toBe(true);
    });
    setGradEnabled(false, () => {
      setGradEnabled(true);
    });
    expect(isGradEnabled()).toBe(true);
  });
});

describe('requiresGrad', () => {
  test('is set on leaves, and inherited by results', () => {
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

  test('cannot be disabled for results, nor enabled for integers', () => {
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

  test('writing through it to a saved tensor is detected', () => {
    const y = leaf([1, 2]).exp();
    y.detach().zero_();
    expect(() => y.sum().backward()).toThrow('modified in place');
  });

  test('in place makes a leaf of a result', () => {
    const x = leaf([1, 2]);
    const y = x.mul(3).split([1, 1])[1].mul(2);
    expect(y.detach_()).toBe(y);
    expect([y.requiresGrad, y.isLeaf, y.gradFn, y.outputNr]).toEqual([false, true, null, 0]);
    y.requiresGrad_();
    y.mul(5).sum().backward();
    expect(y.grad!.tolist()).toEqual([5]);
    expect(x.grad).toBeNull();
    const w = leaf([1]);
    w.detach_();
    expect(w.requiresGrad).toBe(false);
  });

  test('in place rejects views', () => {
    const v = leaf([1, 2]).mul(2).at(0);
    expect(() => v.detach_()).toThrow(AutogradError);
    expect(() => v.detach_()).toThrow(
      'detach_: a view cannot be detached in place from the history of its base; use detach()',
    );
    expect(() => zeros([2]).view(2, 1).detach_()).toThrow(AutogradError);
    expect(v.requiresGrad).toBe(true);
  });
});

test('outputNr is the index of the output', () => {
  const x = leaf([1, 2, 3]);
  expect(x.outputNr).toBe(0);
  expect(x.split(1).map((t) => t.outputNr)).toEqual([0, 1, 2]);
  expect(x.mul(2).outputNr).toBe(0);
});
