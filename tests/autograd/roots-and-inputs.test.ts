// Start and end of a backward pass: several roots, starting gradients, selected inputs, and errors.
import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  backward,
  grad,
  noGrad,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { leaf } from '../support/tensors';

describe('backward of several tensors', () => {
  test('adds up their gradients', () => {
    const x = leaf([1, 2]);
    backward([x.sum(), x.mul(x).sum()]);
    expect(x.grad!.tolist()).toEqual([3, 5]);
    x.grad = null;
    backward(x.pow(2).sum());
    expect(x.grad!.tolist()).toEqual([2, 4]);
  });

  test('weighted by gradTensors, null for single numbers', () => {
    const x = leaf([1, 2]);
    backward([x.mul(2), x.sum()], { gradTensors: [tensor([1, 10]), null] });
    expect(x.grad!.tolist()).toEqual([3, 21]);
    x.grad = null;
    backward(x.mul(2), { gradTensors: tensor([1, 10]) });
    expect(x.grad!.tolist()).toEqual([2, 20]);
    expect(() => backward([x.mul(2), x.sum()], { gradTensors: [tensor([1, 10])] })).toThrow(ValueError);
    expect(() => backward([x.mul(2), x.sum()], { gradTensors: [null, null] })).toThrow(AutogradError);
    expect(() => backward([x.sum(), tensor(3)])).toThrow('backward: output 1 does not require a gradient');
  });

  test('with duplicates, or one that depends on another', () => {
    const x = leaf([1, 2]);
    const h = x.mul(3);
    backward([h, h], { gradTensors: [ones([2]), tensor([10, 20])] });
    expect(x.grad!.tolist()).toEqual([33, 63]);
    x.grad = null;
    const k = x.exp();
    backward([k.mul(0).sum(), k.sum(), x.sum()]);
    expect(x.grad!.toArray()[0]).toBeCloseTo(Math.E + 1, 5);
  });

  test('shares their common part', () => {
    const x = leaf(2);
    const h = x.exp();
    backward([h.mul(2), h.mul(3)]);
    expect(x.grad!.item()).toBeCloseTo(5 * Math.exp(2), 5);
    // Separately, the first pass would free what the second needs.
    const k = x.exp();
    backward(k.mul(2));
    expect(() => backward(k.mul(3))).toThrow('were freed by an earlier one');
  });
});

describe('inputs', () => {
  test('of backward: only their grad accumulates', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const y = a.mul(b).sum();
    y.backward(undefined, { inputs: [a], retainGraph: true });
    expect(a.grad!.tolist()).toEqual([3, 4]);
    expect(b.grad).toBeNull();
    y.backward(null, { inputs: b });
    expect(b.grad!.tolist()).toEqual([1, 2]);
    expect(a.grad!.tolist()).toEqual([3, 4]);
  });

  test('of backward that are not leaves retain their gradient', () => {
    const x = leaf([1, 2]);
    const h = x.mul(3);
    h.pow(2)
      .sum()
      .backward(undefined, { inputs: [h] });
    expect(h.grad!.tolist()).toEqual([6, 12]);
    expect(h.retainsGrad).toBe(true);
    expect(x.grad).toBeNull();
  });

  test('of backward that depend on each other', () => {
    const [x, y] = [leaf([2]), leaf([5])];
    const h = x.mul(3);
    h.mul(h)
      .add(y)
      .backward(undefined, { inputs: [x, h] });
    expect([h.grad!.item(), x.grad!.item(), y.grad]).toEqual([12, 36, null]);
  });

  test('of backward that the result does not depend on get nothing', () => {
    const [x, unused] = [leaf([1]), leaf([2])];
    x.mul(2).backward(undefined, { inputs: [unused] });
    expect([x.grad, unused.grad]).toEqual([null, null]);
    x.backward(ones([1]), { inputs: [unused] });
    expect(x.grad).toBeNull();
  });

  test('hooks of other leaves are not called', () => {
    const [a, b] = [leaf([1]), leaf([2])];
    const calls: string[] = [];
    a.registerHook(() => {
      calls.push('a');
    });
    b.registerHook(() => {
      calls.push('b');
    });
    b.registerPostAccumulateGradHook(() => {
      calls.push('b accumulated');
    });
    a.mul(b).backward(undefined, { inputs: [b] });
    expect(calls).toEqual(['b', 'b accumulated']);
  });

  test('must exist, and require a gradient', () => {
    const x = leaf([1]);
    expect(() => x.mul(2).backward(undefined, { inputs: [] })).toThrow(ValueError);
    expect(() => x.mul(2).backward(undefined, { inputs: [] })).toThrow('backward: the list of inputs is empty');
    expect(() => x.mul(2).backward(undefined, { inputs: [tensor([1])] })).toThrow(AutogradError);
    expect(() => x.mul(2).backward(undefined, { inputs: [tensor([1])] })).toThrow('backward: input 0 does not require');
    expect(() => grad(x.mul(2), [])).toThrow(ValueError);
    expect(() => grad(x.mul(2), [])).toThrow('grad: the list of inputs is empty');
    expect(x.grad).toBeNull();
  });
});

describe('unused inputs of grad', () => {
  const [x, unused] = [leaf([1, 2]), leaf([3])];
  const y = () => x.mul(2).sum();

  test('give null, zeros, or an error', () => {
    expect(grad(y(), [x, unused], { allowUnused: true })[1]).toBeNull();
    const [gx, g] = grad(y(), [x, unused], { materializeGrads: true });
    expect([gx.tolist(), g.tolist(), g.dtype]).toEqual([[2, 2], [0], 'float32']);
    expect(grad(y(), unused, { materializeGrads: true, allowUnused: true })[0].tolist()).toEqual([0]);
    expect(() => grad(y(), unused, { allowUnused: false })).toThrow(AutogradError);
    expect(() => grad(y(), unused, { materializeGrads: true, allowUnused: false } as never)).toThrow(ValueError);
  });

  test('types say when a gradient may be null', () => {
    const certain: [Tensor] = grad(y(), x);
    const list: Tensor[] = grad(y(), [x], { createGraph: true });
    const filled: Tensor[] = grad(y(), [x], { materializeGrads: true });
    const maybe: (Tensor | null)[] = grad(y(), [x], { allowUnused: true });
    // @ts-expect-error one of them may be null
    const wrong: Tensor[] = grad(y(), [x], { allowUnused: true });
    expect([certain, list, filled, maybe, wrong].map((gs) => gs.length)).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('starting gradients', () => {
  test('are tensors of any dtype with the right shape', () => {
    const x = tensor([1, 2], { dtype: 'float64', requiresGrad: true });
    x.mul(2).backward(tensor([1, 10], { dtype: 'int32' }));
    expect(x.grad!.tolist()).toEqual([2, 20]);
    expect(x.grad!.dtype).toBe('float64');
    expect(() => x.mul(2).backward(ones([2, 1]))).toThrow(ShapeError);
    expect(() => grad(x.mul(2), x, { gradOutputs: ones([]) })).toThrow(
      'grad: the gradient has shape [], the output has [2]',
    );
    expect(() => x.sum().backward(3 as never)).toThrow(ValueError);
    expect(() => x.sum().backward(3 as never)).toThrow('must be a tensor or null, got 3');
  });

  test('may have a history', () => {
    const [x, v] = [leaf([1, 2]), leaf([3, 4])];
    const [g] = grad(x.pow(2), x, { gradOutputs: v, createGraph: true });
    const [gv] = grad(g.sum(), v);
    expect(gv.tolist()).toEqual([2, 4]);
  });

  test('default to 1 for a single number only', () => {
    const x = leaf([2]);
    x.mul(3).view(1, 1, 1).backward();
    expect(x.grad!.tolist()).toEqual([3]);
    expect(() => leaf([]).backward()).toThrow('only for a single number, the output has shape [0]');
  });
});

describe('not differentiable', () => {
  test('integers do not require a gradient', () => {
    expect(() => tensor([1, 2], { dtype: 'int32', requiresGrad: true })).toThrow(AutogradError);
    expect(() => tensor([true]).requiresGrad_()).toThrow(AutogradError);
    const x = leaf([1.5]);
    for (const y of [x.to('int32'), x.gt(1), x.argmax()]) {
      expect([y.requiresGrad, y.isLeaf, y.gradFn]).toEqual([false, true, null]);
      expect(() => y.backward()).toThrow(AutogradError);
    }
  });

  test('results made inside noGrad, and detached ones', () => {
    const x = leaf([1]);
    expect(() => noGrad(() => x.mul(2)).backward()).toThrow('outside noGrad?');
    expect(() => x.mul(2).detach().backward()).toThrow(AutogradError);
    // The pass itself may run inside.
    noGrad(() => {
      const y = leaf([1]);
      expect(y.mul(2).requiresGrad).toBe(false);
    });
    const y = x.mul(2);
    noGrad(() => y.backward());
    expect(x.grad!.tolist()).toEqual([2]);
  });

  test('a graph that has been freed, partly or completely', () => {
    const x = leaf([1, 2]);
    const h = x.exp();
    const [y, z] = [h.sum(), h.mul(h).sum()];
    y.backward();
    expect(() => z.backward()).toThrow(AutogradError);
    const k = zeros([2]).add(x);
    k.sum().backward();
    k.sum().backward();
    expect(x.grad!.toArray()[0]).toBeCloseTo(Math.E + 2, 5);
  });
});
