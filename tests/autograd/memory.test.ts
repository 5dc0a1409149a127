// The tape never writes to gradient memory that user code can reach.
import { describe, expect, test } from 'vitest';
import { defineOp, grad, ones, optim, rand, type Tensor, tensor } from '../../src';
import { leaf } from '../support/tensors';

describe("a tensor that a custom operation's derivative", () => {
  const kept: Tensor[] = [];
  const doubled = defineOp({
    name: 'testKeeping',
    forward: (x: Tensor) => x.mul(2),
    saves: [],
    vjp: {
      x: (dy) => {
        const g = dy.mul(2);
        kept.push(dy, g);
        return g;
      },
    },
  });
  const values = () => kept.splice(0).map((t) => t.tolist());

  test('returned and kept does not become grad', () => {
    const x = leaf([1, 2]);
    doubled(x).mul(3).sum().backward();
    x.grad!.zero_();
    expect(values()).toEqual([
      [3, 3],
      [6, 6],
    ]);
    doubled(x).sum().backward();
    new optim.SGD([x], { lr: 1 }).zeroGrad({ setToNone: false });
    expect(x.grad!.tolist()).toEqual([0, 0]);
    expect(values()).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('returned and kept is not added to, on a leaf or a result', () => {
    const x = leaf([1, 2]);
    const h = x.mul(1);
    for (const t of [x, h]) doubled(t).add(doubled(t)).add(doubled(t)).sum().backward();
    expect(x.grad!.tolist()).toEqual([12, 12]);
    for (const v of values()) expect([1, 2]).toContain((v as number[])[0]);
  });

  test('returned in another shape or dtype and kept is not added to', () => {
    const gradients: Tensor[] = [];
    const spread = defineOp({
      name: 'testKeepingWide',
      forward: (x: Tensor) => x.double(),
      saves: [],
      vjp: {
        x: () => {
          gradients.push(
            tensor(
              [
                [1, 2],
                [3, 4],
              ],
              { dtype: 'float64' },
            ),
          );
          return gradients.at(-1)!;
        },
      },
    });
    const x = leaf([1, 2]);
    spread(x).add(spread(x)).add(spread(x)).sum().backward();
    x.grad!.zero_();
    for (const g of gradients)
      expect(g.tolist()).toEqual([
        [1, 2],
        [3, 4],
      ]);
  });

  test('received as the gradients of several results', () => {
    const seen: Tensor[] = [];
    const pair = defineOp({
      name: 'testKeepingPair',
      forward: (x: Tensor) => [x.mul(2), x.mul(3)],
      saves: [],
      vjp: {
        x: (dys) => {
          seen.push(...dys);
          return dys[0];
        },
      },
    });
    const x = leaf([1, 2]);
    const h = x.mul(1);
    const [p, q] = pair(h);
    p.mul(5).add(p.mul(7)).add(q.mul(11)).add(h.mul(13)).sum().backward();
    x.grad!.zero_();
    expect(seen.map((t) => t.tolist())).toEqual([
      [12, 12],
      [11, 11],
    ]);
  });
});

describe('a hook', () => {
  test.each(['tensor', 'pre', 'post'])('may keep its argument and its result: %s', (kind) => {
    const x = leaf([1, 2]);
    const h = x.mul(1);
    const y = h.mul(2);
    const kept: [Tensor, number[]][] = [];
    const keep = (g: Tensor) => {
      kept.push([g, g.tolist() as number[]]);
      return g;
    };
    const answer = (g: Tensor) => keep(keep(g).mul(1));
    if (kind === 'tensor') y.registerHook(answer);
    if (kind === 'pre') y.gradFn!.registerPrehook((gs) => gs.map((g) => answer(g!)));
    if (kind === 'post') y.gradFn!.registerHook((gs) => gs.map((g) => (g === null ? null : answer(g))));
    for (let i = 0; i < 2; i++) y.add(y.mul(3)).add(h.mul(5)).add(h).sum().backward(undefined, { retainGraph: true });
    x.grad!.zero_();
    expect(kept).toHaveLength(4);
    for (const [g, was] of kept) expect(g.tolist()).toEqual(was);
  });
});

describe('the gradient of a leaf shares no memory', () => {
  const independent = (x: Tensor, others: Tensor[]) => {
    const before = others.map((t) => t.tolist());
    x.grad!.add_(100);
    expect(others.map((t) => t.tolist())).toEqual(before);
    for (const t of others) expect(x.grad!.data.buffer).not.toBe(t.data.buffer);
  };

  test('with the starting gradient', () => {
    const x = leaf([1, 2]);
    const seed = tensor([3, 4]);
    x.add(1).backward(seed);
    independent(x, [seed]);
    const y = leaf([1, 2]);
    y.backward(seed);
    independent(y, [seed]);
    y.backward(seed);
    expect(seed.tolist()).toEqual([3, 4]);
  });

  test('with the gradient of another leaf', () => {
    const a = leaf([1, 2]);
    const b = leaf([3, 4]);
    a.add(b).sum().backward();
    independent(a, [b.grad!]);
  });

  test('with an operand', () => {
    // ∂(x·c)/∂x is c times 1.
    const x = leaf([1, 2]);
    const c = tensor([3, 4]);
    x.mul(c).sum().backward();
    independent(x, [c, x]);
  });

  test('with views that the gradient passed through', () => {
    const x = leaf([
      [1, 2],
      [3, 4],
    ]);
    const seed = ones([2, 2]);
    x.t().backward(seed);
    independent(x, [seed]);
    const y = leaf([1, 2]);
    const wide = ones([3, 2]);
    y.expand(3, 2).reshape(3, 2).backward(wide);
    expect(y.grad!.tolist()).toEqual([3, 3]);
    independent(y, [wide]);
  });

  test('with a gradient kept by a hook or retainGrad', () => {
    const x = leaf([1, 2]);
    const kept: Tensor[] = [];
    x.registerHook((g) => {
      kept.push(g);
    });
    const h = x.add(0);
    h.retainGrad();
    h.mul(2).sum().backward();
    expect(kept[0].tolist()).toEqual([2, 2]);
    independent(x, [kept[0], h.grad!]);
    const seed = ones([2]);
    const y = leaf([1, 2]).add(0);
    y.retainGrad();
    y.backward(seed);
    independent(y, [seed]);
  });
});

test('results of grad() do not change in later passes', () => {
  const x = leaf([1, 2]);
  const h = x.exp();
  const y = h.mul(h).sum();
  const found = grad(y, [h, x], { retainGraph: true });
  const was = found.map((g) => g.tolist());
  y.backward(undefined, { retainGraph: true });
  y.backward();
  x.grad!.zero_();
  expect(found.map((g) => g.tolist())).toEqual(was);
});

test('grad of a recorded pass may be changed without affecting the second derivative', () => {
  const x = leaf([0.5, 1]);
  x.exp().sum().backward(undefined, { createGraph: true });
  const slope = x.grad!;
  // The derivative of exp reads its result, which is also the gradient.
  const doubled = slope.mul(1);
  slope.detach().zero_();
  const [second] = grad(doubled.sum(), x);
  expect(second.at(1).item()).toBeCloseTo(Math.E, 5);
  expect(x.grad!.gradFn!.name).toBe('CopyBackwards');
});

test('grad accumulates in its own memory, as in PyTorch, and in new memory in a recorded pass', () => {
  const x = leaf([1, 2]);
  x.mul(2).sum().backward();
  const first = x.grad!;
  x.mul(3).sum().backward();
  expect(x.grad).toBe(first);
  expect(first.tolist()).toEqual([5, 5]);
  x.mul(x).sum().backward(undefined, { createGraph: true });
  expect(x.grad).not.toBe(first);
  expect(first.tolist()).toEqual([5, 5]);
  expect(x.grad!.tolist()).toEqual([7, 9]);
});

test('random sums through a custom operation: nothing that it has received or returned changes', () => {
  const seen: [Tensor, unknown][] = [];
  const note = (t: Tensor) => {
    seen.push([t, t.tolist()]);
    return t;
  };
  const own = defineOp({
    name: 'testNoting',
    forward: (a: Tensor, b: Tensor) => a.add(b),
    saves: [],
    vjp: { a: (dy) => note(note(dy).mul(2)), b: (dy) => note(dy) },
  });
  const x = leaf([1, 2, 3]);
  let nodes = [x, x.mul(2)];
  for (let i = 0; i < 40; i++) {
    const [a, b] = [0.31, 0.77].map((f) => nodes[Math.floor((f * (i + 3) * 7.7) % nodes.length)]);
    nodes = [...nodes.slice(-4), i % 2 === 0 ? own(a, b).mul(0.5) : a.add(b).mul(0.5)];
  }
  for (let i = 0; i < 3; i++) {
    nodes.at(-1)!.backward(rand([3]), { retainGraph: true });
    x.grad!.mul_(0);
  }
  expect(seen.length).toBeGreaterThan(100);
  for (const [t, was] of seen) expect(t.tolist()).toEqual(was);
});
