import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  defineOp,
  detectAnomaly,
  enableGrad,
  grad,
  gradcheck,
  gradgradcheck,
  isGradEnabled,
  NotImplementedError,
  notDifferentiable,
  notImplemented,
  type Tensor,
  tensor,
  ValueError,
  withSaved,
} from '../../src';
import { opTable } from '../../src/ops/table/table';
import { expectClose } from '../support/close';
import { leaf } from '../support/tensors';

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

  test('undoes broadcasting and dtype conversion in gradients', () => {
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

  test('forward is not recorded, and may return its input or a view of it', () => {
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

  test('defining the same name again replaces the operation', () => {
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

  test("rejects names of gradlab's own operations, and invalid names", () => {
    const rule = { forward: (x: Tensor) => x.mul(1), vjp: { x: (dy: Tensor) => dy } };
    const exp = opTable.get('exp');
    expect(() => defineOp({ name: 'exp', ...rule })).toThrow(ValueError);
    expect(() => defineOp({ name: 'exp', ...rule })).toThrow("exp is one of gradlab's own operations");
    expect(opTable.get('exp')).toBe(exp);
    expect(() => defineOp({ name: 'my op', ...rule })).toThrow("'my op' is not a name");
  });

  test('an in-place change of a saved result is detected, as for any operation', () => {
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

describe('several outputs', () => {
  const sumAndProduct = defineOp({
    name: 'testSumAndProduct',
    forward: (a: Tensor, b: Tensor) => [a.add(b), a.mul(b)],
    saves: { a: ['b'], b: ['a'] },
    vjp: {
      a: ([ds, dp], { b }) => ds.add(dp.mul(b)),
      b: ([ds, dp], { a }) => ds.add(dp.mul(a)),
    },
  });

  test('have a gradient each; that of an unused one is zero', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const [s, p] = sumAndProduct(a, b);
    expect([s.tolist(), p.tolist()]).toEqual([
      [4, 6],
      [3, 8],
    ]);
    expect([s.outputNr, p.outputNr, s.gradFn === p.gradFn]).toEqual([0, 1, true]);
    p.sum().backward();
    expect([a.grad!.tolist(), b.grad!.tolist()]).toEqual([
      [3, 4],
      [1, 2],
    ]);
    const xs = [leaf([1, 2]).double().detach().requiresGrad_(), leaf([3, 4]).double().detach().requiresGrad_()];
    expect(gradcheck((x, y) => sumAndProduct(x, y), xs)).toBe(true);
    expect(gradgradcheck((x, y) => sumAndProduct(x, y), xs)).toBe(true);
  });

  test('some of which are not differentiable', () => {
    const split = defineOp({
      name: 'testFractions',
      forward: (x: Tensor) => {
        const whole = x.detach().to('int32');
        const floor = whole.float();
        return [x.sub(floor), floor, whole];
      },
      nonDifferentiable: [1],
      saves: [],
      vjp: { x: ([d, none]) => d.add(none.mul(1000)) },
    });
    const x = leaf([1.25, 2.5]);
    const [fraction, floor, whole] = split(x);
    expect([fraction, floor, whole].map((t) => t.requiresGrad)).toEqual([true, false, false]);
    expect(floor.isLeaf).toBe(true);
    expect(whole.dtype).toBe('int32');
    fraction.sum().backward();
    expect(x.grad!.tolist()).toEqual([1, 1]);
  });

  test('that are an input, duplicates, or views', () => {
    const twice = defineOp({
      name: 'testTwice',
      forward: (x: Tensor) => {
        const y = x.mul(2);
        return [y, y, x, y.view(2, 1)];
      },
      vjp: { x: ([a, b, c, d]) => a.mul(2).add(b.mul(20)).add(c.mul(100)).add(d.view(2).mul(2000)) },
    });
    const x = leaf([1, 2]);
    const ys = twice(x);
    expect(new Set(ys.map((y) => y.data)).size).toBe(4);
    expect(x.isLeaf).toBe(true);
    ys.map((y) => y.sum())
      .reduce((a, b) => a.add(b))
      .backward();
    expect(x.grad!.tolist()).toEqual([2122, 2122]);
  });
});

describe('intermediate values', () => {
  let computed = 0;
  const gaussian = defineOp({
    name: 'testGaussian',
    forward: (x: Tensor, width: number) => {
      computed++;
      const scaled = x.div(width);
      const bell = scaled.mul(scaled).neg().exp();
      return withSaved(bell.mul(width), { scaled, bell, factor: -2 });
    },
    saves: [],
    vjp: { x: (dy, { kept }) => dy.mul(kept.bell).mul(kept.scaled).mul(kept.factor) },
  });

  test('are saved for the derivative', () => {
    const x = tensor([0.5, 1], { dtype: 'float64', requiresGrad: true });
    const before = computed;
    const y = gaussian(x, 3);
    expectClose(y, [3 * Math.exp(-1 / 36), 3 * Math.exp(-1 / 9)]);
    expect(y.gradFn!.saved.factor).toBe(-2);
    expectClose(y.gradFn!.saved.scaled as Tensor, [1 / 6, 1 / 3]);
    y.sum().backward();
    expect(computed).toBe(before + 1);
    expectClose(x.grad, [(-1 / 3) * Math.exp(-1 / 36), (-2 / 3) * Math.exp(-1 / 9)]);
    expect(gradcheck((t) => gaussian(t, 2), [x])).toBe(true);
  });

  test('are released by the backward pass, unless it retains the graph', () => {
    const y = gaussian(leaf([1]), 2);
    y.backward(undefined, { retainGraph: true });
    y.backward();
    expect(() => y.backward()).toThrow('TestGaussianBackward0: the values saved for the backward pass were freed');
    expect(() => y.gradFn!.saved).toThrow(AutogradError);
  });

  test('modified in place are detected', () => {
    const shown = defineOp({
      name: 'testShown',
      forward: (x: Tensor) => {
        const y = x.exp();
        return withSaved(y, { y });
      },
      saves: [],
      vjp: { x: (dy, { kept }) => dy.mul(kept.y) },
    });
    const y = shown(leaf([1, 2]));
    y.add_(1);
    expect(() => y.sum().backward()).toThrow('modified in place: it is at version 1, expected version 0');
  });
});

describe('a derivative may return', () => {
  test('a list of inputs, each with its own', () => {
    const weighted = defineOp({
      name: 'testWeighted',
      forward: (xs: readonly Tensor[], weights: readonly number[]) =>
        xs.map((x, i) => x.mul(weights[i])).reduce((a, b) => a.add(b)),
      saves: [],
      vjp: { xs: (dy, { args: [weights] }, k) => dy.mul(weights[k]) },
    });
    const xs = [leaf([1]), leaf([2]), leaf([3]), leaf([4])];
    expect(weighted(xs, [1, 10, 100, 1000]).item()).toBe(4321);
    weighted(xs, [1, 10, 100, 1000]).backward();
    expect(xs.map((x) => x.grad!.item())).toEqual([1, 10, 100, 1000]);
  });

  test('null for no gradient; undefined, or another shape, is an error', () => {
    const make = (name: string, rule: (dy: Tensor) => Tensor | null) =>
      defineOp({ name, forward: (x: Tensor) => x.mul(1), vjp: { x: rule } });
    const x = leaf([1, 2]);
    const none = make('testNull', () => null)(x).sum();
    none.backward(undefined, { retainGraph: true });
    expect(x.grad).toBeNull();
    expect(grad(none, x, { allowUnused: true })).toEqual([null]);
    const nothing = make('testNothing', (() => {}) as never)(x).sum();
    expect(() => nothing.backward()).toThrow(AutogradError);
    expect(() => nothing.backward()).toThrow(
      'testNothing: the derivative of x must return a tensor or null, got undefined',
    );
    const wrong = make('testWrongShape', () => tensor([1, 2, 3]))(x).sum();
    expect(() => wrong.backward()).toThrow(
      "TestWrongShapeBackward0: the gradient of input 0 has shape [3], to which the input's [2] does not broadcast",
    );
    expect(() => detectAnomaly(() => nothing.backward())).toThrow('its backward step failed: testNothing');
  });

  test('once differentiable: a second derivative throws', () => {
    const modes: boolean[] = [];
    const opaque = defineOp({
      name: 'testOpaque',
      forward: (x: Tensor) => x.pow(3),
      saves: ['x'],
      onceDifferentiable: true,
      vjp: {
        x: (dy, { x }) => {
          modes.push(isGradEnabled());
          return dy.mul(x.pow(2)).mul(3);
        },
      },
    });
    const x = leaf([1, 2]);
    expect(grad(opaque(x).sum(), x)[0].requiresGrad).toBe(false);
    const [g] = grad(opaque(x).sum(), x, { createGraph: true });
    expect(g.tolist()).toEqual([3, 12]);
    expect(modes).toEqual([false, false]);
    expect(() => g.sum().backward()).toThrow(AutogradError);
    expect(() => g.sum().backward()).toThrow(
      'testOpaque: this operation is declared as onceDifferentiable: it has no second derivative',
    );
  });
});

test('rejects inputs and results that are not tensors', () => {
  const twice = defineOp({
    name: 'twice',
    forward: (x: Tensor) => x.mul(2),
    saves: [],
    vjp: { x: (dy) => dy.mul(2) },
  });
  expect(() => twice(3 as never)).toThrow(new ValueError('twice: the first input must be a tensor, got 3'));
  const joined = defineOp({
    name: 'joined',
    forward: (xs: readonly Tensor[]) => xs[0],
    saves: [],
    vjp: { xs: (dy) => dy },
  });
  expect(() => joined([tensor([1]), null as never])).toThrow('joined: each input must be a tensor, got null');
  const number = defineOp({
    name: 'number',
    forward: (x: Tensor) => x.item() as never,
    saves: [],
    vjp: { x: (dy) => dy },
  });
  expect(() => number(tensor(3))).toThrow(
    new ValueError('number: the result of its forward computation must be a tensor, got 3'),
  );
});

test('rejects a computation that modifies its input', () => {
  const wrong = defineOp({ name: 'testInput', forward: (x: Tensor) => x.add_(1), vjp: { x: (dy) => dy } });
  expect(() => wrong(tensor([1]))).toThrow(AutogradError);
  expect(() => wrong(tensor([1]).view(1))).toThrow('testInput: its forward computation has modified an input in place');
});

test('a derivative may run its own backward pass', () => {
  // Recomputes its interior in the backward step, as checkpointing does.
  const w = leaf([3, 4]);
  const inside = (x: Tensor) => x.mul(w).sin();
  const checkpointed = defineOp({
    name: 'testCheckpoint',
    forward: (x: Tensor) => inside(x),
    saves: ['x'],
    vjp: {
      x: (dy, { x }) => {
        const again = x.detach().requiresGrad_();
        enableGrad(() => inside(again)).backward(dy);
        return again.grad;
      },
    },
  });
  const gradients = (f: (x: Tensor) => Tensor) => {
    w.grad = null;
    const x = leaf([0.5, 1]);
    f(x.mul(2)).mul(w).sum().backward();
    return [x.grad!, w.grad!];
  };
  const [[gx, gw], [ex, ew]] = [gradients(checkpointed), gradients(inside)];
  expectClose(gx, ex.tolist() as number[]);
  expectClose(gw, ew.tolist() as number[]);
});

test('rejects a missing output in the list of outputs without derivative', () => {
  const wrong = defineOp({
    name: 'testNoOutput',
    forward: (x: Tensor) => x.mul(2),
    nonDifferentiable: [1],
    saves: [],
    vjp: { x: (dy) => dy },
  });
  expect(() => wrong(leaf(1))).toThrow('testNoOutput: nonDifferentiable names output 1; there are 1');
});
