// Jacobians, products with them and second derivatives as function transforms: closed forms, and consistency between
// methods.
import { describe, expect, test } from 'vitest';
import {
  detectAnomaly,
  eye,
  func,
  manualSeed,
  nn,
  ones,
  rand,
  randn,
  recompute,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';

const { grad, hessian, jacfwd, jacrev, jvp, vjp, vmap } = func;
const doubles = (shape: number[]) => randn(shape, { dtype: 'float64' });
const list = (x: Tensor) => x.tolist() as number[];

/** A function with products, a reduction, an index and a branch of all elements. */
const f = (x: Tensor) =>
  x
    .outer(x)
    .softmax(1)
    .mv(x.sin())
    .add(x.at(0).mul(x.cumsum(0)));

describe.each([
  ['jacrev', jacrev],
  ['jacfwd', jacfwd],
] as const)('%s', (_, jac) => {
  test('closed forms', () => {
    const x = tensor([0.5, 1, 2]);
    expectClose(jac((a: Tensor) => a.pow(2))(x), x.mul(2).diag().tolist());
    expectClose(jac((a: Tensor) => a.sum())(x), [1, 1, 1]);
    expectClose(jac((a: Tensor) => a.outer(a))(x).sum([0, 1]), list(x.sum().mul(2).expand([3])));
    expect(jac((a: Tensor) => a.mul(2))(tensor(3)).tolist()).toBe(2);
    expect(jac((_: Tensor) => ones([2]))(x).tolist()).toEqual(zeros([2, 3]).tolist());
    expect(jac((a: Tensor) => a.mul(2))(zeros([0])).shape).toEqual([0, 0]);
    expect(jac((a: Tensor) => a.sum())(zeros([0])).shape).toEqual([0]);
  });

  test('the numbers equal those of one row at a time, for any chunk size', () => {
    manualSeed(1);
    const x = doubles([5]);
    const rows = jac(f)(x);
    expectClose(rows, func.jacrev(f)(x).tolist(), 1e-13);
    for (const chunkSize of [1, 2, 3, 5, 9]) expectClose(jac(f, { chunkSize })(x), rows.tolist(), 1e-13);
  });

  test('lists and records of tensors, of arguments and of results', () => {
    manualSeed(2);
    const p = { w: doubles([2, 3]), b: doubles([2]) };
    const x = doubles([3]);
    const model = (q: typeof p, a: Tensor) => ({ y: q.w.mv(a).add(q.b), parts: [a.sum()] });
    const both = jac(model as never, { argnums: [0, 1] })(...([p, x] as never[])) as never as {
      y: [typeof p, Tensor];
      parts: [typeof p, Tensor][];
    };
    expectClose(both.y[0].w, eye(2, { dtype: 'float64' }).reshape([2, 2, 1]).mul(x).tolist(), 0);
    expect(both.y[0].b.tolist()).toEqual(eye(2).tolist());
    expect(both.y[1].tolist()).toEqual(p.w.tolist());
    expect(both.parts[0]![0].w.tolist()).toEqual(zeros([2, 3]).tolist());
    expect(both.parts[0]![1].tolist()).toEqual([1, 1, 1]);
    expect((jac(model as never, { argnums: -1 })(...([p, x] as never[])) as never as { y: Tensor }).y.tolist()).toEqual(
      p.w.tolist(),
    );
  });

  test('inside vmap, and around it', () => {
    manualSeed(3);
    const xs = doubles([4, 3]);
    const each = xs.unbind().map((x) => jac(f)(x).tolist());
    expectClose(vmap(jac(f))(xs), each, 1e-13);
    const whole = jac(vmap(f))(xs);
    expect(whole.shape).toEqual([4, 3, 4, 3]);
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++)
        expectClose(whole.select(2, j).select(0, i), i === j ? each[i]! : zeros([3, 3]).tolist(), 1e-13);
  });

  test('is differentiable, by grad around it and by backward', () => {
    const slope = (x: Tensor) => jac((a: Tensor) => a.pow(3))(x).sum();
    expectClose(grad(slope)(tensor([1, 2])), [6, 12]);
    const x = tensor([1, 2], { requiresGrad: true });
    slope(x).backward();
    expectClose(x.grad!, [6, 12]);
    // A weight that is not an argument.
    const w = tensor([3, 4], { requiresGrad: true });
    jac((a: Tensor) => a.mul(w).pow(2))(tensor([1, 2]))
      .sum()
      .backward();
    expectClose(w.grad!, [2 * 2 * 3 * 1, 2 * 2 * 4 * 2]);
  });

  test('rejects invalid functions', () => {
    const x = ones([2]);
    expect(() => jac(f, { argnums: 1 })(x)).toThrow('argnums names argument 1; the function was called with 1');
    expect(() => jac(f, { chunkSize: 0 })).toThrow('chunkSize is 0; it must be a whole number above 0, or null');
    expect(() => jac(f, { argnums: [] })).toThrow(ValueError);
    expect(() => jac((a: Tensor) => a.sum().item() as never)(x)).toThrow('the function must return tensors');
    expect(() => jac(f)(3 as never)).toThrow('argument 0 must be a tensor');
  });
});

test('hessian: closed forms, all four ways, of a net’s parameters', () => {
  expect(hessian((x: Tensor) => x.pow(3).sum())(tensor([1, 2])).tolist()).toEqual([
    [6, 0],
    [0, 12],
  ]);
  manualSeed(4);
  const x = doubles([4]);
  const g = (a: Tensor) => f(a).pow(2).sum();
  const wanted = hessian(g)(x);
  for (const outer of [jacfwd, jacrev])
    for (const inner of [jacfwd, jacrev]) expectClose(outer(inner(g))(x), wanted.tolist(), 1e-12);
  expectClose(jacfwd(grad(g))(x), wanted.tolist(), 1e-12);
  expectClose(wanted.mT, wanted.tolist(), 1e-12);

  const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1)).to('float64');
  const p = Object.fromEntries(net.namedParameters());
  const data = doubles([5, 2]);
  const loss = (q: Record<string, Tensor>) => func.functionalCall(net, q, data).pow(2).mean();
  const h = hessian(loss as never)(p as never) as never as Record<string, Record<string, Tensor>>;
  expect(h['0.weight']!['2.bias']!.shape).toEqual([3, 2, 1]);
  expectClose(h['0.weight']!['2.weight']!, h['2.weight']!['0.weight']!.permute([2, 3, 0, 1]).tolist(), 1e-12);
  // A bias that is added last: the loss is quadratic in it.
  expectClose(h['2.bias']!['2.bias']!, [[2]]);
  expect(() => hessian(3 as never)).toThrow(ValueError);
});

describe('jvp', () => {
  test('returns the value and its change', () => {
    const [y, dy] = jvp((x: Tensor) => x.pow(2), [tensor([1, 2])], [tensor([1, 10])]);
    expect([y.tolist(), dy.tolist()]).toEqual([
      [1, 4],
      [2, 40],
    ]);
    expect(y.requiresGrad || dy.requiresGrad).toBe(false);
    const [, none] = jvp((_: Tensor) => ones([2]), [tensor([1])], [tensor([1])]);
    expect(none.tolist()).toEqual([0, 0]);
  });

  test('equals the product with the Jacobian: for lists and records, many tangents at once, and nested', () => {
    manualSeed(5);
    const [x, v] = [doubles([4]), doubles([4])];
    const wanted = jacrev(f)(x).mv(v);
    expectClose(jvp(f, [x], [v])[1], list(wanted), 1e-13);
    const [, tree] = jvp((p: { a: Tensor }) => [f(p.a)], [{ a: x }], [{ a: v }]);
    expectClose(tree[0]!, list(wanted), 1e-13);
    const vs = doubles([6, 4]);
    expectClose(vmap((u: Tensor) => jvp(f, [x], [u])[1])(vs), vs.mm(jacrev(f)(x).t()).tolist(), 1e-12);
    const xs = doubles([6, 4]);
    expectClose(
      vmap((a: Tensor, u: Tensor) => jvp(f, [a], [u])[1])(xs, vs),
      xs.unbind().map((a, i) => jvp(f, [a], [vs.select(0, i)])[1].tolist()),
      1e-12,
    );
    // vᵀ H v in forward mode twice.
    const g = (a: Tensor) => f(a).sum();
    const [, second] = jvp((a: Tensor) => jvp(g, [a], [v])[1], [x], [v]);
    expectClose(second, [v.dot(hessian(g)(x).mv(v)).item()].at(0)!, 1e-12);
    // The derivative by the tangent, and by the primal.
    const u = v.clone().requiresGrad_();
    jvp(g, [x], [u])[1].backward();
    expectClose(u.grad!, list(grad(g)(x)), 1e-12);
    expectClose(grad((a: Tensor) => jvp(g, [a], [v])[1])(x), list(hessian(g)(x).mv(v)), 1e-12);
  });

  test('of a whole net in train mode, against finite differences', () => {
    manualSeed(6);
    const net = new nn.Sequential(
      new nn.Conv2d(1, 2, 3),
      new nn.BatchNorm2d(2),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.LayerNorm([8]),
      new nn.GELU(),
      new nn.Linear(8, 3),
      new nn.LogSoftmax(1),
    ).to('float64');
    const x = doubles([3, 1, 6, 6]);
    const v = doubles([3, 1, 6, 6]);
    const [, dy] = jvp((a: Tensor) => net(a), [x], [v]);
    const h = 1e-6;
    const slope = net(x.add(v.mul(h)))
      .sub(net(x.sub(v.mul(h))))
      .div(2 * h);
    expectClose(dy, slope.tolist(), 1e-7);
  });

  test('what has been modified in place, and views of it', () => {
    manualSeed(7);
    const [x, v] = [doubles([3, 4]), doubles([3, 4])];
    const g = (a: Tensor) => {
      const y = a.mul(2);
      y.select(0, 1).mul_(a.select(0, 0));
      y.narrow(1, 0, 2).copy_(a.narrow(1, 1, 2).exp());
      y.add_(a.t().reshape([3, 4]));
      return y.mul(y).sum(1);
    };
    expectClose(jvp(g, [x], [v])[1], list(jacrev(g)(x).reshape([3, 12]).mv(v.reshape(-1))), 1e-12);
  });

  test('rejects mismatched arguments', () => {
    const x = ones([2]);
    expect(() => jvp(f, [x], [ones([3])])).toThrow(ShapeError);
    expect(() => jvp(f, [x], [ones([3])])).toThrow('jvp: the tangent[0] has shape [3], and what it goes with [2]');
    expect(() => jvp(f, [x], [] as never)).toThrow('must have the form of what it goes with');
    expect(() => jvp(f, x as never, x as never)).toThrow('primals and tangents are lists');
    expect(() => jvp(f as never, [{ a: x }], [{ b: x }])).toThrow('must have the form');
    expect(() => jvp((_: Tensor) => 1 as never, [x], [x])).toThrow('the function must return tensors');
  });
});

describe('vjp', () => {
  test('returns the value, and a function that may be called again', () => {
    const [y, pulledBack] = vjp((a: Tensor, b: Tensor) => a.mul(b), tensor([1, 2]), tensor([3, 4]));
    expect(y.tolist()).toEqual([3, 8]);
    for (let i = 1; i < 3; i++) {
      const [da, db] = pulledBack(tensor([i, 10 * i]));
      expect([da.tolist(), db.tolist()]).toEqual([
        [3 * i, 40 * i],
        [i, 20 * i],
      ]);
    }
  });

  test('vmap over it gives the Jacobian; its transpose is jvp', () => {
    manualSeed(8);
    const [x, u, v] = [doubles([4]), doubles([4]), doubles([4])];
    const [, pulledBack] = vjp(f, x);
    expectClose(vmap((e: Tensor) => pulledBack(e)[0])(eye(4, { dtype: 'float64' })), jacfwd(f)(x).tolist(), 1e-12);
    expectClose(u.dot(jvp(f, [x], [v])[1]), pulledBack(u)[0].dot(v).item(), 1e-12);
    expect(() => pulledBack(ones([3]))).toThrow('vjp: the vector has shape [3], and what it goes with [4]');
  });
});

describe('hasAux: further results of the function are returned without history', () => {
  const x = tensor([1, 2]);
  const both = (a: Tensor): [Tensor, { twice: Tensor; note: string }] => {
    const y = a.pow(3);
    return [y.sum(), { twice: y.mul(2), note: 'kept' }];
  };

  test.each<[string, () => unknown[], number[]]>([
    ['grad', () => grad(both, { hasAux: true })(x), [3, 12]],
    ['jacrev', () => jacrev(both, { hasAux: true })(x), [3, 12]],
    ['jacfwd', () => jacfwd(both, { hasAux: true })(x), [3, 12]],
  ])('%s', (_, call, slope) => {
    const [found, aux] = call() as [Tensor, ReturnType<typeof both>[1]];
    expectClose(found, slope);
    expect([aux.note, aux.twice.tolist(), aux.twice.requiresGrad]).toEqual(['kept', [2, 16], false]);
  });

  test('gradAndValue, jvp, and hessian', () => {
    const [slope, [value, aux]] = func.gradAndValue(both, { hasAux: true })(x);
    expect([slope.tolist(), value.item(), aux.note]).toEqual([[3, 12], 9, 'kept']);
    const [y, dy, more] = jvp(both, [x], [ones([2])], { hasAux: true });
    expect([y.item(), dy.item(), more.twice.tolist()]).toEqual([9, 15, [2, 16]]);
    const [h] = hessian(both, { hasAux: true })(x);
    expect(h.tolist()).toEqual([
      [6, 0],
      [0, 12],
    ]);
  });

  test('keeps the graph that leads to tensors other than the arguments', () => {
    const w = tensor([3, 4], { requiresGrad: true });
    const model = (a: Tensor): [Tensor, Tensor] => [a.mul(w).sum(), a.pow(2).mul(w)];
    for (const call of [
      () => grad(model, { hasAux: true })(x)[1],
      () => jacrev(model, { hasAux: true })(x)[1],
      () => jvp(model, [x], [ones([2])], { hasAux: true })[2],
    ]) {
      w.grad = null;
      call().sum().backward();
      expectClose(w.grad, [1, 4]);
    }
  });

  test('rejects a function without two results, and a flag that is not a boolean', () => {
    const one = (a: Tensor) => a.sum();
    for (const call of [grad, jacrev, jacfwd] as (typeof jacrev)[])
      expect(() => call(one as never, { hasAux: true })(x)).toThrow('with hasAux the function returns a list of two');
    expect(() => jvp(one as never, [x], [x], { hasAux: true })).toThrow(ValueError);
    expect(() => grad(one, { hasAux: 1 as never })).toThrow('hasAux must be true or false, got 1');
    expect(() => jvp(one, [x], [x], { hasAux: 'yes' as never })).toThrow(ValueError);
  });
});

test('in detectAnomaly, and through recomputed parts', () => {
  manualSeed(10);
  const x = doubles([3]);
  const wanted = jacrev(f)(x).tolist();
  for (const jac of [jacrev, jacfwd]) {
    expectClose(
      detectAnomaly(() => jac(f)(x)),
      wanted,
      1e-13,
    );
    expectClose(jac((a: Tensor) => recompute(f, a))(x), wanted, 1e-13);
  }
  // √(a²) at 0: 0 · ∞.
  const broken = (a: Tensor) => a.pow(2).sqrt();
  expect(() => detectAnomaly(() => jacrev(broken)(zeros([2])))).toThrow('its backward step gave NaN');
});

test('frees nothing of an outer graph', () => {
  const w = rand([3], { requiresGrad: true });
  const y = w.exp();
  jvp((a: Tensor) => a.mul(y), [ones([3])], [ones([3])]);
  jacfwd((a: Tensor) => a.mul(y))(ones([3]));
  jacrev((a: Tensor) => a.mul(y))(ones([3]));
  y.sum().backward();
  expectClose(w.grad!, list(y));
});
