import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  arange,
  DtypeError,
  grad,
  noGrad,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  where,
  zeros,
} from '../../src';
import { leaf } from '../support/tensors';

describe('forbidden in-place changes', () => {
  test('a leaf that requires a gradient', () => {
    const x = leaf([1, 2]);
    for (const run of [() => x.add_(1), () => x.zero_(), () => x.fill_(3), () => x.copy_(ones([2])), () => x.exp_()]) {
      expect(run).toThrow(AutogradError);
      expect(run).toThrow('this leaf requires a gradient');
    }
    expect(() => x.mul_(2)).toThrow(
      'mul_: this leaf requires a gradient, so it must not be modified in place while operations are recorded; put the ' +
        'update inside noGrad(() => …), or compute a new tensor instead of changing this one',
    );
    expect(x.tolist()).toEqual([1, 2]);
    expect(x.version).toBe(0);
  });

  test('a view of such a leaf', () => {
    const x = leaf([1, 2]);
    for (const run of [
      () => x.at(0).add_(1),
      () => x.view(2, 1).zero_(),
      () => x.setAt(0, 5),
      () => x.setAt([[0]], 5),
    ]) {
      expect(run).toThrow(AutogradError);
      expect(run).toThrow('this is a view of a leaf that requires a gradient');
    }
    expect(() => x.setAt(0, 5)).toThrow('setAt: this is a view');
    expect(x.tolist()).toEqual([1, 2]);
  });

  test('a view made inside noGrad of a tensor with history', () => {
    const h = leaf([1, 2]).mul(2);
    const v = noGrad(() => h.at(0));
    expect(() => v.zero_()).toThrow(AutogradError);
    expect(() => v.zero_()).toThrow('this view was made inside noGrad');
    expect(h.tolist()).toEqual([2, 4]);
    noGrad(() => v.zero_());
    expect(h.tolist()).toEqual([0, 4]);
  });

  test('one of several views made together, or a view of one', () => {
    const w = leaf([5]);
    for (const make of [
      (x: Tensor) => x.split(1)[0],
      (x: Tensor) => x.unbind()[0],
      (x: Tensor) => x.split([1, 1])[1].view(-1).at(0),
      (x: Tensor) => noGrad(() => x.unbind()[0]),
    ]) {
      const h = leaf([1, 2]).mul(2);
      const part = make(h);
      expect(() => part.mul_(0)).toThrow(AutogradError);
      expect(() => part.mul_(0)).toThrow(
        'mul_: this is one of several views that one operation made (split, unbind, …)',
      );
      expect(() => part.reshape(1).setAt(0, 3)).toThrow('setAt: this is one of several views');
      expect(h.tolist()).toEqual([2, 4]);
      noGrad(() => part.zero_());
      expect(noGrad(() => part.sum()).item()).toBe(0);
      // Without history the change is allowed, until one is added.
      const plain = make(zeros([2])).reshape(-1);
      plain.add_(1);
      expect(() => plain.add_(w)).toThrow(AutogradError);
      expect(plain.tolist()).toEqual([1]);
    }
  });

  test('the base of several views, if they are used afterwards', () => {
    const h = leaf([1, 2]).mul(2);
    const [a, b] = h.unbind();
    const before = a.mul(3);
    h.mul_(10);
    for (const [op, use] of [
      ['mul', () => a.mul(1)],
      ['view', () => a.view(1)],
      ['backward', () => b.backward()],
      ['grad', () => grad(h.sum(), a)],
    ] as const) {
      expect(use).toThrow(AutogradError);
      expect(use).toThrow(
        `${op}: this is one of several views that one operation made (split, unbind, …), and their base`,
      );
    }
    expect(String(a)).toBe('tensor(20., gradFn=<UnbindBackward0>)');
    expect(noGrad(() => b.mul(1)).item()).toBe(40);
    before.backward();
    expect(h.unbind()[1].item()).toBe(40);
  });

  test('a view that is itself a leaf', () => {
    const v = zeros([2]).at(0).requiresGrad_();
    expect(() => v.add_(1)).toThrow('add_: this view is a leaf that requires a gradient');
    noGrad(() => v.add_(1));
    expect(v.item()).toBe(1);
  });

  test('an expanded tensor, whose elements share memory', () => {
    const x = tensor([1]).expand(3);
    expect(() => x.add_(1)).toThrow(ShapeError);
    expect(() => x.add_(1)).toThrow(
      'add_: several elements of this expanded tensor of shape [3] share one place in memory; clone() it before writing',
    );
    expect(() => x.setAt(0, 1)).not.toThrow();
    expect(x.tolist()).toEqual([1, 1, 1]);
    expect(() =>
      noGrad(() =>
        tensor([[1], [2]])
          .expand(2, 2)
          .zero_(),
      ),
    ).toThrow(ShapeError);
    expect(tensor([1]).expand(1).add_(1).tolist()).toEqual([2]);
  });

  test("results that the tensor's dtype cannot hold", () => {
    const whole = arange(3);
    expect(() => whole.add_(0.5)).toThrow(DtypeError);
    expect(() => whole.add_(0.5)).toThrow(
      "add_: the result is float32, which a tensor of dtype int32 cannot hold; convert it first with to('float32'), or use add()",
    );
    expect(() => whole.div_(2)).toThrow(DtypeError);
    const flags = tensor([true, false]);
    expect(() => flags.add_(1)).toThrow('add_: the result is int32, which a tensor of dtype bool cannot hold');
    expect(() => tensor([1, 2]).add_(ones([3, 2]))).toThrow(ShapeError);
    expect(() => tensor([1, 2]).add_(ones([3, 2]))).toThrow(
      'add_: the result has shape [3, 2], which does not fit into the tensor of shape [2]',
    );
    expect(whole.tolist()).toEqual([0, 1, 2]);
    expect(flags.tolist()).toEqual([true, false]);
    expect([whole.version, flags.version]).toEqual([0, 0]);
  });
});

describe('version counters', () => {
  test('count every change, shared by all views', () => {
    const x = zeros([2, 2]);
    expect(x.version).toBe(0);
    x.add_(1);
    x.at(0).mul_(2);
    x.t().setAt([0, 1], 7);
    x.setAt(x.gt(1), 0);
    x.detach().zero_();
    expect(x.version).toBe(5);
    expect(x.view(4).version).toBe(5);
    expect(x.clone().version).toBe(0);
    x.mul(2).add(1);
    expect(x.version).toBe(5);
  });

  test('a saved tensor that was modified is an error, not a wrong gradient', () => {
    const x = leaf([1, 2]);
    const w = tensor([3, 4]);
    const y = x.mul(w).sum();
    w.add_(1);
    expect(() => y.backward()).toThrow(AutogradError);
    expect(() => y.backward()).toThrow(
      'MulBackward0: a float32 tensor of shape [2] that is needed for the gradient was modified in place: it is at ' +
        'version 1, expected version 0',
    );
    expect(x.grad).toBeNull();
  });

  test.each<[string, (x: Tensor) => Tensor]>([
    ['an output', (x) => x.exp().add_(1)],
    [
      'an input, through a view',
      (x) => {
        const h = x.add(0);
        const y = h.pow(2);
        h.at(0).zero_();
        return y;
      },
    ],
    [
      'a condition',
      (x) => {
        const mask = tensor([true, false]);
        const y = where(mask, x, 0);
        mask.setAt(0, 0);
        return y;
      },
    ],
  ])('%s', (_, build) => {
    const x = leaf([1, 2]);
    expect(() => build(x).sum().backward()).toThrow(AutogradError);
  });

  test('an update of parameters between forward and backward is detected', () => {
    const w = leaf([1, 2]);
    const y = w.pow(2).sum();
    noGrad(() => w.sub_(0.1));
    expect(() => y.backward()).toThrow('version 1, expected version 0');
  });

  test('a tensor that is not needed for the gradient may change', () => {
    const x = leaf([1, 2]);
    const c = tensor([3, 4]);
    const y = x.add(c).sum();
    c.zero_();
    y.backward();
    expect(x.grad!.tolist()).toEqual([1, 1]);
    const h = x.mul(3);
    const z = h.relu();
    h.zero_();
    x.grad = null;
    z.sum().backward();
    expect(x.grad!.tolist()).toEqual([3, 3]);
  });

  test('positions are copied when they are used', () => {
    const x = leaf([1, 2, 3]);
    const at = tensor([0, 2], { dtype: 'int32' });
    const y = x.at(at).sum();
    at.fill_(1);
    y.backward();
    expect(x.grad!.tolist()).toEqual([1, 0, 1]);
  });
});
