import { describe, expect, test } from 'vitest';
import { AutogradError, cat, GradlabError, type Tensor, tensor, where } from '../../src';
import type { Node } from '../../src/autograd/node';
import { leaf } from '../support/tensors';

describe('nodes', () => {
  test('a leaf has none, a result has one named as in PyTorch', () => {
    const x = leaf([1, 2]);
    expect(x.gradFn).toBeNull();
    expect(x.isLeaf).toBe(true);
    expect(tensor([1]).isLeaf).toBe(true);
    const names = (...ys: Tensor[]) => ys.map((y) => y.gradFn!.name);
    expect(names(x.add(1), x.sub(1), x.mul(2), x.div(2), x.neg(), x.exp(), x.log(), x.relu(), x.tanh())).toEqual([
      'AddBackward0',
      'SubBackward0',
      'MulBackward0',
      'DivBackward0',
      'NegBackward0',
      'ExpBackward0',
      'LogBackward0',
      'ReluBackward0',
      'TanhBackward0',
    ]);
    const m = leaf([
      [1, 2],
      [3, 4],
    ]);
    expect(names(x.pow(2), x.pow(x), x.sum(), m.sum(0), x.mean(), m.mean(1), x.clone(), x.double())).toEqual([
      'PowBackward0',
      'PowBackward1',
      'SumBackward0',
      'SumBackward1',
      'MeanBackward0',
      'MeanBackward1',
      'CloneBackward0',
      'ToCopyBackward0',
    ]);
    expect(names(x.matmul(x), m.matmul(x), m.matmul(m), m.t(), m.view(4), x.expand(2, 2), m.unsqueeze(0))).toEqual([
      'DotBackward0',
      'MvBackward0',
      'MmBackward0',
      'TransposeBackward0',
      'ViewBackward0',
      'ExpandBackward0',
      'UnsqueezeBackward0',
    ]);
    expect(names(x.at(0), m.at([0, 1]), cat([x, x]), where(x.gt(0), x, 0), m.split(1)[0], x.unbind()[0])).toEqual([
      'SelectBackward0',
      'IndexBackward0',
      'CatBackward0',
      'WhereBackward0',
      'SplitBackward0',
      'UnbindBackward0',
    ]);
  });

  test('nextFunctions lead back to the leaves', () => {
    const x = leaf([3, 4]);
    const y = x.pow(2).sum();
    const [[pow, output]] = y.gradFn!.nextFunctions;
    // The exponent is a number, which has no gradient.
    expect(pow!.nextFunctions).toHaveLength(1);
    expect(pow!.name).toBe('PowBackward0');
    expect(output).toBe(0);
    const [[end]] = pow!.nextFunctions;
    expect(end!.name).toBe('AccumulateGrad');
    expect(end!.variable).toBe(x);
    expect(end!.nextFunctions).toEqual([]);
    expect(end!.saved).toEqual({});
    expect(pow!.variable).toBeNull();
  });

  test('inputs without gradient have no edge', () => {
    const x = leaf([1, 2]);
    const y = x.mul(tensor([3, 4]));
    expect(y.gradFn!.nextFunctions.map(([n]) => n?.name ?? null)).toEqual(['AccumulateGrad', null]);
    const z = tensor([3, 4]).mul(x);
    expect(z.gradFn!.nextFunctions.map(([n]) => n?.name ?? null)).toEqual([null, 'AccumulateGrad']);
  });

  test('edges have the index of the output they come from', () => {
    const x = leaf([1, 2, 3]);
    const [, b] = x.split([1, 2]);
    expect(b.mul(2).gradFn!.nextFunctions[0][1]).toBe(1);
  });

  test('one leaf has one accumulating node', () => {
    const x = leaf([1, 2]);
    const a = x.add(1).gradFn!.nextFunctions[0][0];
    const b = x.mul(x).gradFn!.nextFunctions.map(([n]) => n);
    expect(b).toEqual([a, a]);
  });
});

describe('saved values', () => {
  test("have PyTorch's names", () => {
    const x = leaf([3, 4]);
    const y = x.pow(2).sum();
    const pow = y.gradFn!.nextFunctions[0][0]!;
    expect(pow.saved.exponent).toBe(2);
    expect(pow.saved.self).toBe(x);
    expect(y.gradFn!.saved).toEqual({});
    const e = x.exp();
    expect(e.gradFn!.saved.result).toBe(e);
    const w = leaf([5, 6]);
    const p = x.mul(w);
    expect(p.gradFn!.saved).toEqual({ self: x, other: w });
    expect(x.softmax(0).gradFn!.saved.dim).toBe(0);
    expect(x.sum(0, { keepdim: true }).gradFn!.saved).toEqual({ dim: 0, keepdim: true });
  });

  test('are only those that the requested gradients need', () => {
    const x = leaf([1, 2]);
    const c = tensor([3, 4]);
    // ∂(x·c)/∂x needs c, not x.
    expect(x.mul(c).gradFn!.saved).toEqual({ other: c });
    expect(c.mul(x).gradFn!.saved).toEqual({ self: c });
    expect(c.div(x).gradFn!.saved).toEqual({ self: c, other: x });
    expect(x.add(c).gradFn!.saved).toEqual({});
  });
});

describe('freeing', () => {
  test('a second pass throws, with advice', () => {
    const x = leaf(3);
    const y = x.pow(2);
    y.backward();
    expect(() => y.backward()).toThrow(AutogradError);
    expect(() => y.backward()).toThrow(
      'PowBackward0: the values saved for the backward pass were freed by an earlier one; call the first backward with ' +
        '{ retainGraph: true } to go through the graph a second time',
    );
    expect(() => y.gradFn!.saved).toThrow(AutogradError);
    expect(x.grad!.item()).toBe(6);
  });

  test('retainGraph allows it', () => {
    const x = leaf(3);
    const y = x.pow(2);
    y.backward(null, { retainGraph: true });
    y.backward();
    expect(x.grad!.item()).toBe(12);
    expect(() => y.backward()).toThrow(AutogradError);
  });

  test('createGraph implies it, unless set otherwise', () => {
    const x = leaf(3);
    const y = x.pow(2);
    y.backward(null, { createGraph: true });
    y.backward();
    expect(x.grad!.item()).toBe(12);
    const z = x.pow(2);
    z.backward(null, { createGraph: true, retainGraph: false });
    expect(() => z.backward()).toThrow(AutogradError);
  });

  test('a graph without saved tensors can be traversed again', () => {
    const x = leaf([1, 2]);
    const y = x.add(1).sum();
    y.backward();
    y.backward();
    expect(x.grad!.tolist()).toEqual([2, 2]);
  });

  test('a shared part of a graph is freed by the first pass', () => {
    const x = leaf(2);
    const h = x.exp();
    h.mul(2).backward();
    expect(() => h.mul(3).backward()).toThrow('ExpBackward0');
  });

  test('saved tensors are released', () => {
    const x = leaf([1, 2]);
    const y = x.exp().sum();
    const exp = y.gradFn!.nextFunctions[0][0] as Node;
    expect(exp.output).not.toBeNull();
    y.backward();
    expect(exp.output).toBeNull();
  });

  test('reading what a rule does not save throws instead of returning null', () => {
    const [x, w] = [leaf(2), leaf(3)];
    const kept = x.mul(tensor(3)).gradFn as Node;
    expect(() => kept.a).toThrow(GradlabError);
    expect(() => kept.a).toThrow('MulBackward0: the derivative reads input 0, which the rule of mul does not save');
    expect(() => kept.y).toThrow('the derivative reads its result');
    expect(() => (cat([x.view(1), w.view(1)]).gradFn as Node).xs).toThrow('CatBackward0: the derivative reads input 0');
    // An omitted argument is null, and a number is always saved.
    expect((x.clamp(1).gradFn as Node).c).toBeNull();
    expect((x.pow(3).gradFn as Node).b).toBe(3);
  });
});

describe('after an error', () => {
  test('a retry starts with clean state', () => {
    const x = leaf(2);
    const h = x.pow(2);
    let fails = true;
    h.registerHook(() => {
      if (fails) throw new Error('from a hook');
    });
    const y = h.mul(3).add(h);
    expect(() => y.backward(null, { retainGraph: true })).toThrow('from a hook');
    expect(x.grad).toBeNull();
    fails = false;
    y.backward();
    expect(x.grad!.item()).toBe(16);
  });

  test('recording is enabled again', () => {
    const x = leaf(2);
    const y = x.pow(2);
    y.registerHook(() => {
      throw new Error('from a hook');
    });
    expect(() => y.backward()).toThrow('from a hook');
    expect(x.mul(2).requiresGrad).toBe(true);
  });
});
