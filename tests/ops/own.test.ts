import { describe, expect, test } from 'vitest';
import {
  defineOp,
  grad,
  isGradEnabled,
  NotImplementedError,
  notDifferentiable,
  notImplemented,
  type Tensor,
  tensor,
  ValueError,
} from '../../src';
import { opTable } from '../../src/ops/table';
import { expectClose } from '../support/close';

const leaf = (values: number | number[]) => tensor(values, { requiresGrad: true });

describe('defineOp', () => {
  test('makes a differentiable function of one tensor', () => {
    const swish = defineOp({
      name: 'testSwish',
      forward: (x: Tensor) => x.mul(x.sigmoid()),
      saves: ['x'],
      vjp: {
        x: (dy, { x }) => {
          const s = x.sigmoid();
          return dy.mul(s.add(x.mul(s).mul(s.rsub(1))));
        },
      },
    });
    const x = leaf([-1, 0, 2]);
    const y = swish(x);
    const s = (v: number) => 1 / (1 + Math.exp(-v));
    expectClose(y, [-s(-1), 0, 2 * s(2)]);
    expect(y.gradFn!.name).toBe('TestSwishBackward0');
    expect(y.gradFn!.saved.self).toBe(x);
    y.sum().backward();
    expectClose(
      x.grad,
      [-1, 0, 2].map((v) => s(v) + v * s(v) * (1 - s(v))),
    );
    expect(swish(tensor([1])).requiresGrad).toBe(false);
    const [g] = grad(swish(x).sum(), x, { createGraph: true });
    const [h] = grad(g.sum(), x);
    expectClose(h.at(1), 0.5);
  });

  test('of two and three tensors, with further arguments, rules in any order', () => {
    const scaled = defineOp({
      name: 'testScaled',
      forward: (a: Tensor, b: Tensor, factor: number) => a.sub(b).mul(factor),
      vjp: {
        b: (dy, { args: [factor] }) => dy.mul(-factor),
        a: (dy, { args: [factor] }) => dy.mul(factor),
      },
    });
    const a = leaf([5, 6]);
    const b = leaf([1, 2]);
    scaled(a, b, 10).sum().backward();
    expect(a.grad!.tolist()).toEqual([10, 10]);
    expect(b.grad!.tolist()).toEqual([-10, -10]);
    const fused = defineOp({
      name: 'testFused',
      forward: (a: Tensor, b: Tensor, c: Tensor) => a.mul(b).add(c),
      vjp: { c: (dy) => dy, a: (dy, { b }) => dy.mul(b), b: (dy, { a }) => dy.mul(a) },
    });
    const [x, y, z] = [leaf(2), leaf(3), leaf(4)];
    expect(fused(x, y, z).item()).toBe(10);
    fused(x, y, z).backward();
    expect([x, y, z].map((t) => t.grad!.item())).toEqual([3, 2, 1]);
  });

  test('broadcasting and dtypes are undone', () => {
    const product = defineOp({
      name: 'testProduct',
      forward: (a: Tensor, b: Tensor) => a.mul(b),
      vjp: { a: (dy, { b }) => dy.mul(b), b: (dy, { a }) => dy.mul(a) },
    });
    const a = leaf([1, 2]);
    const b = tensor([[3], [4]], { dtype: 'float64', requiresGrad: true });
    product(a, b).sum().backward();
    expect(a.grad!.tolist()).toEqual([7, 7]);
    expect(a.grad!.dtype).toBe('float32');
    expect(b.grad!.tolist()).toEqual([[3], [3]]);
  });

  test('forward is not recorded, and may give back its input or a view of it', () => {
    const modes: boolean[] = [];
    const reversed = defineOp({
      name: 'testReversedGradient',
      forward: (x: Tensor) => {
        modes.push(isGradEnabled());
        return x;
      },
      vjp: { x: (dy) => dy.neg() },
    });
    const x = leaf([1, 2]);
    const y = reversed(x);
    expect(modes).toEqual([false]);
    expect(x.isLeaf).toBe(true);
    expect(y.data).not.toBe(x.data);
    y.mul(3).sum().backward();
    expect(x.grad!.tolist()).toEqual([-3, -3]);
    const row = defineOp({
      name: 'testRow',
      forward: (x: Tensor) => x.view(1, 2),
      vjp: { x: (dy) => dy.view(2).mul(5) },
    });
    x.grad = null;
    row(x).sum().backward();
    expect(x.grad!.tolist()).toEqual([5, 5]);
  });

  test('the same name again replaces the operation', () => {
    const make = (factor: number) =>
      defineOp({ name: 'testAgain', forward: (x: Tensor) => x.mul(factor), vjp: { x: (dy) => dy.mul(factor) } });
    const first = make(2);
    const second = make(3);
    const x = leaf(1);
    expect([first(x).item(), second(x).item()]).toEqual([2, 3]);
    first(x).add(second(x)).backward();
    expect(x.grad!.item()).toBe(5);
  });

  test('inputs without derivative, or without one written', () => {
    const pick = defineOp({
      name: 'testPick',
      forward: (a: Tensor, b: Tensor) => a.at(b),
      vjp: { a: notImplemented('left as an exercise'), b: notDifferentiable },
    });
    const x = leaf([1, 2]);
    const y = pick(x, tensor([1], { dtype: 'int32' }));
    expect(y.tolist()).toEqual([2]);
    expect(() => y.backward()).toThrow(NotImplementedError);
    expect(() => y.backward()).toThrow('testPick: the gradient is not implemented: left as an exercise');
  });

  test("gradlab's own operations and impossible names are refused", () => {
    const rule = { forward: (x: Tensor) => x.mul(1), vjp: { x: (dy: Tensor) => dy } };
    const exp = opTable.get('exp');
    expect(() => defineOp({ name: 'exp', ...rule })).toThrow(ValueError);
    expect(() => defineOp({ name: 'exp', ...rule })).toThrow("exp is one of gradlab's own operations");
    expect(opTable.get('exp')).toBe(exp);
    expect(() => defineOp({ name: 'my op', ...rule })).toThrow("'my op' is not a name");
  });

  test('a result that is modified in place is noticed, as with any operation', () => {
    const cube = defineOp({
      name: 'testCube',
      forward: (x: Tensor) => x.pow(3),
      vjp: { x: (dy, { x }) => dy.mul(x.pow(2)).mul(3) },
    });
    const y = cube(leaf([1, 2]));
    y.add_(1);
    expect(() => y.sum().backward()).toThrow('modified in place');
  });
});
