// vmap computes all examples at once: nets against PyTorch, nesting, randomness, errors.
import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  arange,
  defineOp,
  func,
  getRngState,
  grad as gradOf,
  hessian,
  jacobian,
  linalg,
  manualSeed,
  nn,
  noGrad,
  ones,
  rand,
  randn,
  randperm,
  stack,
  type Tensor,
  tensor,
  ValueError,
  where,
  zeros,
  zerosLike,
} from '../../src';
import { tensorsMade } from '../../src/tensor/tensor';
import { expectClose } from '../support/close';

const { functionalCall, grad, stackModuleState, vmap } = func;
const f64 = { dtype: 'float64' } as const;
type Params = Record<string, Tensor>;

function fill<M extends nn.AnyModule>(net: M, s = 0): M {
  net.double();
  noGrad(() => {
    net.parameters().forEach((p, k) => {
      const values = Float64Array.from({ length: p.numel() }, (_, i) => ((i * 0.37 + 0.11 + k * 0.23 + s) % 1) - 0.5);
      p.copy_(tensor(values, f64).view(p.shape));
    });
  });
  return net;
}
const waves = (shape: number[], start = 0) =>
  arange(
    shape.reduce((n, m) => n * m, 1),
    f64,
  )
    .add(start)
    .sin()
    .view(shape);
const detached = (net: nn.AnyModule): Params =>
  Object.fromEntries(net.namedParameters().map(([path, p]) => [path, p.detach()]));

describe('against torch.func, PyTorch 2.13', () => {
  test('a gradient for each picture', () => {
    const net = fill(new nn.Sequential(new nn.Conv2d(1, 2, 2), new nn.Tanh(), new nn.Flatten(), new nn.Linear(8, 3)));
    const loss = (p: Params, a: Tensor, b: Tensor) =>
      nn.functional.crossEntropy(functionalCall(net, p, a.unsqueeze(0)) as Tensor, b.unsqueeze(0));
    const y = tensor([0, 2, 1, 2], { dtype: 'int32' });
    const g = vmap(grad(loss), { inDims: [null, 0, 0] })(detached(net), waves([4, 1, 3, 3]), y);
    const sums = (t: Tensor) => t.flatten(1).sum(1);
    expect(Object.values(g).map((t) => t.shape)).toEqual([
      [4, 2, 1, 2, 2],
      [4, 2],
      [4, 3, 8],
      [4, 3],
    ]);
    expectClose(sums(g['0.weight']), [0.08519720574472, 0.15423987014808, 0.07828397272535, 0.07402249630487], 1e-12);
    expectClose(
      sums(g['0.weight'].abs()),
      [0.65722026382623, 1.19964467277564, 0.60307995439529, 1.2376513804448],
      1e-12,
    );
    expectClose(sums(g['0.bias']), [0.06276984138208, -0.31141738282861, 0.36716373901948, -0.18555329621891], 1e-12);
    expectClose(
      sums(g['3.weight'].abs()),
      [2.91563171325857, 2.70821712921634, 3.60915090584021, 3.11662165635752],
      1e-12,
    );
    expectClose(
      sums(g['3.bias'].abs()),
      [1.25127973721218, 1.26036684697293, 1.54850851838522, 1.1167752779218],
      1e-12,
    );
  });

  test('an ensemble, and a gradient for each of its nets', () => {
    const nets = [0, 0.3, 0.6].map((s) =>
      fill(new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 2)), s),
    );
    const [params, buffers] = stackModuleState(nets);
    const z = arange(6, f64).cos().view(2, 3);
    const call = (p: Params, b: Params, a: Tensor) => functionalCall(nets[0], [p, b], a) as Tensor;
    expectClose(
      vmap(call, { inDims: [0, 0, null] })(params, buffers, z).flatten(),
      [
        0.2549434963194, -0.18875119257819, 0.58463275288505, -0.55828353724392, -0.0656264839254, -0.25817812832405,
        -0.17958974239582, 0.0414875186032, 0.10063966904294, 0.1120141531327, -0.3204248654097, 0.51701282735019,
      ],
      1e-12,
    );
    const g = vmap(
      grad((p: Params, a: Tensor) => call(p, {}, a).pow(2).sum()),
      { inDims: [0, null] },
    )(params, z);
    expectClose(g['0.weight'].flatten(1).sum(1), [-1.03379770057966, 0.50603518712229, 0.14163310656147], 1e-12);
  });

  test('a Jacobian and a Hessian for each example, and the gradient of such gradients', () => {
    const w = arange(6, f64).cos().view(2, 3);
    const f = (a: Tensor) => w.matmul(a).tanh().mul(a.at(0));
    const x = waves([2, 3], 0.5);
    expectClose(
      vmap((a: Tensor) => jacobian(f, a))(x).flatten(),
      [
        0.92555709715139, 0.15075623647684, -0.11611412762488, -0.95557382979138, -0.14043300165218, 0.06094380926901,
        -0.78006637632494, -0.13698446361379, 0.10550695521721, 0.853932531995, 0.13055933177208, -0.05665892575247,
      ],
      1e-12,
    );
    expectClose(
      vmap((a: Tensor) => hessian((b: Tensor) => f(b).sum(), a))(x).flatten(),
      [
        0.22874513585796, 0.03315508730382, -0.05457358142551, 0.03315508730382, 0.03105644214464, 0.02193715651003,
        -0.05457358142551, 0.02193715651003, -0.03679691151811, 0.30802276400522, 0.04369163440874, -0.10176227817474,
        0.04369163440874, 0.03405700510623, 0.01142705330668, -0.10176227817474, 0.01142705330668, -0.02514377171747,
      ],
      1e-12,
    );
    const outer = grad((v: Tensor) =>
      vmap(
        grad((a: Tensor, b: Tensor) => a.mul(b).sin().sum()),
        { inDims: [0, null] },
      )(x, v)
        .pow(2)
        .sum(),
    );
    expectClose(outer(x.at(0)), [1.76556566303319, -0.59047400710214, 1.71609326668442], 1e-12);
  });
});

describe('all examples at once', () => {
  const net = new nn.Sequential(new nn.Linear(5, 7), new nn.Tanh(), new nn.Linear(7, 3));
  const loss = (p: Params, a: Tensor, b: Tensor) => nn.functional.crossEntropy(functionalCall(net, p, a) as Tensor, b);
  const made = (n: number) => {
    const [x, y] = [randn([n, 5]), zeros([n], { dtype: 'int32' })];
    const params = detached(net);
    const before = tensorsMade();
    vmap(grad(loss), { inDims: [null, 0, 0] })(params, x, y);
    return tensorsMade() - before;
  };

  test('gradients of a net with two layers take as many operations for 64 examples as for 2', () => {
    expect(made(64)).toBe(made(2));
    expect(made(64)).toBeLessThan(150);
  });

  test('so do typical layers', () => {
    const count = (f: (x: Tensor) => Tensor, shape: readonly number[]) =>
      [2, 40].map((n) => {
        const x = rand([n, ...shape]);
        const before = tensorsMade();
        vmap(f)(x);
        return tensorsMade() - before;
      });
    const conv = new nn.Conv2d(2, 3, 3);
    const lstm = new nn.LSTM(4, 3);
    const attention = new nn.MultiheadAttention(4, 2);
    const layer = new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 6, dropout: 0 });
    const functions: [(x: Tensor) => Tensor, readonly number[]][] = [
      [(x) => conv(x), [2, 5, 5]],
      [(x) => conv(x), [3, 2, 5, 5]],
      [(x) => nn.functional.maxPool2d(x, 2), [3, 4, 4]],
      [(x) => lstm(x)[0], [3, 4]],
      [(x) => attention(x, x, x)[0], [3, 4]],
      [(x) => layer(x), [3, 4]],
      [(x) => nn.functional.layerNorm(x, [4]), [3, 4]],
      [(x) => nn.functional.groupNorm(x, 2), [3, 4, 2]],
      [(x) => nn.functional.binaryCrossEntropy(x, x), [3]],
      [(x) => x.sort(0).values.cumsum(0).softmax(-1), [3, 4]],
      [(x) => linalg.inv(x), [3, 3]],
      [(x) => x.norm().add(x.var()).add(x.max()), [3, 3]],
      [(x) => where(x.gt(0.5), x, 0).at(0), [3, 3]],
      [(x) => x.gather(1, x.argsort(1)), [3, 3]],
      [(x) => nn.functional.oneHot(x.mul(3).int(), 3).float().mul(x.unsqueeze(-1)), [3]],
    ];
    functions.forEach(([f, shape], i) => {
      const [few, many] = count(f, shape);
      expect(many, `function ${i}`).toBe(few);
    });
  });

  test('nested', () => {
    const [a, b] = [waves([3, 4]), waves([5, 4], 2)];
    const all = vmap((u: Tensor) => vmap((v: Tensor) => u.dot(v))(b))(a);
    expectClose(all, a.matmul(b.t()).tolist(), 1e-12);
    const inner = (u: Tensor) => vmap((v: Tensor) => v.mul(u.sum()).softmax(0), { inDims: 1, outDims: 1 })(u.outer(u));
    expectClose(vmap(inner)(a), stack([0, 1, 2].map((i) => inner(a.at(i)))).tolist(), 1e-12);
    const slopes = (u: Tensor) => vmap(grad((v: Tensor) => v.mul(u).sin().sum()))(b);
    expectClose(vmap(slopes)(a), stack([0, 1, 2].map((i) => slopes(a.at(i)))).tolist(), 1e-12);
    const twice = vmap(grad((u: Tensor) => vmap((v: Tensor) => v.mul(u).exp().sum())(b).sum()));
    const once = grad((u: Tensor) => vmap((v: Tensor) => v.mul(u).exp().sum())(b).sum());
    expectClose(twice(a), stack([0, 1, 2].map((i) => once(a.at(i)))).tolist(), 1e-12);
    // A loop inside a batch: the median of all elements has no batching rule.
    const median = (u: Tensor) => vmap((v: Tensor) => v.mul(u).median())(b);
    expectClose(vmap(median)(a), stack([0, 1, 2].map((i) => median(a.at(i)))).tolist(), 1e-12);
  });

  test('backward() through it, and captured tensors', () => {
    const w = waves([4, 2]).requiresGrad_();
    const x = waves([3, 4], 1).requiresGrad_();
    const y = vmap((a: Tensor) => a.matmul(w).tanh().sum(), { chunkSize: 2 })(x);
    y.mul(tensor([1, 2, 3], f64))
      .sum()
      .backward();
    const [gw, gx] = [w.grad!, x.grad!];
    w.grad = x.grad = null;
    x.matmul(w)
      .tanh()
      .sum(1)
      .mul(tensor([1, 2, 3], f64))
      .sum()
      .backward();
    expectClose(gw, w.grad!.tolist(), 1e-12);
    expectClose(gx, x.grad!.tolist(), 1e-12);
    expect(vmap((a: Tensor) => noGrad(() => a.matmul(w)))(x).requiresGrad).toBe(false);
  });

  test('custom operations, and functions that read memory, loop over the examples', () => {
    const cube = defineOp({
      name: 'vmapCube',
      forward: (x: Tensor) => tensor(x.toArray().map((v) => v ** 3)).view(x.shape),
      vjp: { x: (dy, { x }) => dy.mul(x.pow(2).mul(3)) },
      saves: ['x'],
    });
    const x = waves([3, 2]);
    expectClose(vmap(cube)(x), x.pow(3).tolist(), 1e-12);
    expectClose(vmap(grad((a: Tensor) => cube(a).sum()))(x), x.pow(2).mul(3).tolist(), 1e-12);
    expectClose(vmap((a: Tensor) => tensor(a.toArray()))(x), x.tolist(), 0);
  });

  test('dtypes of scalars', () => {
    const add = (a: Tensor, b: Tensor) => a.add(b);
    const doubles = ones([3], f64);
    expect(vmap(add, { inDims: [0, null] })(doubles, ones([2])).dtype).toBe('float32');
    expect(vmap(add, { inDims: [null, 0] })(ones([2]), doubles).dtype).toBe('float32');
    expect(vmap(add)(ones([3]), doubles).dtype).toBe('float64');
    expect(vmap(add, { inDims: [0, null] })(ones([3]), ones([], f64)).dtype).toBe('float64');
  });

  test('no examples', () => {
    expect(vmap((a: Tensor) => a.sin())(zeros([0, 3])).shape).toEqual([0, 3]);
    expect(vmap((a: Tensor) => a.outer(a).median())(zeros([0, 3])).shape).toEqual([0]);
    expect(vmap((a: Tensor) => a.outer(a).softmax(0))(zeros([0, 3])).shape).toEqual([0, 3, 3]);
  });
});

describe('in place', () => {
  test('tensors of each example', () => {
    const x = waves([3, 4]);
    const before = x.clone();
    const y = vmap((a: Tensor) => {
      const b = a.mul(2);
      b.add_(a).at(0).zero_();
      b.setAt(1, 7);
      b.setAt(b.lt(0), 5);
      return zerosLike(b).copy_(b);
    })(x);
    expect(x.equal(before)).toBe(true);
    const loop = stack(
      [0, 1, 2].map((i) => {
        const b = x.at(i).mul(3);
        b.setAt(0, 0);
        b.setAt(1, 7);
        b.setAt(b.lt(0), 5);
        return b;
      }),
    );
    expectClose(y, loop.tolist(), 1e-12);
    vmap((a: Tensor) => a.mul_(2))(x);
    expectClose(x, before.mul(2).tolist(), 0);
  });

  test('with gradients', () => {
    const x = waves([3, 4]).requiresGrad_();
    const f = (a: Tensor) => {
      const b = a.mul(2);
      b.at(1).mul_(a.at(0));
      return b.mul_(a).sum();
    };
    vmap(f)(x).sum().backward();
    const g = x.grad!;
    x.grad = null;
    for (const i of [0, 1, 2]) f(x.at(i)).backward();
    expectClose(g, x.grad!.tolist(), 1e-12);
  });

  test('rejects tensors shared by all examples', () => {
    const shared = zeros([2], f64);
    const x = ones([3, 2], f64);
    for (const write of [
      (a: Tensor) => shared.add_(a),
      (a: Tensor) => shared.copy_(a),
      (a: Tensor) => shared.setAt(0, a.at(0)),
      (a: Tensor) => shared.indexAdd_(0, tensor([0, 1], { dtype: 'int32' }), a),
      (a: Tensor) => shared.bernoulli_(a),
    ])
      expect(() => vmap(write, { randomness: 'different' })(x)).toThrow(/modified in place/);
    expect(shared.tolist()).toEqual([0, 0]);
    const norm = new nn.BatchNorm1d(2).double();
    expect(() => vmap((a: Tensor) => norm(a.unsqueeze(0).mul(ones([3, 1], f64))))(x)).toThrow(/modified in place/);
    norm.eval();
    expect(vmap((a: Tensor) => norm(a.unsqueeze(0)))(x).shape).toEqual([3, 1, 2]);
  });
});

describe('random numbers', () => {
  const draws: [string, (a: Tensor) => Tensor][] = [
    ['rand', (a) => a.add(rand([2]))],
    ['dropout', (a) => nn.functional.dropout(a.add(1), 0.5)],
    ['bernoulli', (a) => a.add(0.5).bernoulli()],
    ['normal_', (a) => a.clone().normal_()],
    ['in-place filling of a shared tensor', (a) => a.add(zeros([2]).uniform_())],
    ['gumbelSoftmax', (a) => nn.functional.gumbelSoftmax(a)],
    ['rrelu', (a) => nn.functional.rrelu(a.sub(1), { training: true })],
  ];
  test.each(draws)('%s', (_, draw) => {
    manualSeed(5);
    const x = zeros([40, 2]);
    const state = getRngState();
    expect(() => vmap(draw)(x)).toThrow(/drawn random numbers; say with randomness/);
    expect(getRngState().equal(state)).toBe(true);
    const same = vmap(draw, { randomness: 'same' })(x);
    expect(same.equal(same.at(0).expand([40, 2]))).toBe(true);
    const different = vmap(draw, { randomness: 'different' })(x);
    expect(different.equal(different.at(0).expand([40, 2]))).toBe(false);
  });

  test('permutations', () => {
    const p = vmap((a: Tensor) => randperm(5).add(a), { randomness: 'different' })(zeros([4]));
    expect(p.sort(1).values.tolist()).toEqual(Array.from({ length: 4 }, () => [0, 1, 2, 3, 4]));
  });

  test('nested', () => {
    const f = (outer: 'same' | 'different', inner: 'same' | 'different') =>
      vmap((a: Tensor) => vmap((b: Tensor) => b.add(rand([2])), { randomness: inner })(a), { randomness: outer })(
        zeros([3, 4, 2]),
      );
    const distinct = (x: Tensor) => new Set([...x.select(2, 0).toArray()]).size;
    expect(distinct(f('same', 'same'))).toBe(1);
    expect(distinct(f('same', 'different'))).toBe(4);
    expect(distinct(f('different', 'same'))).toBe(3);
    expect(distinct(f('different', 'different'))).toBe(12);
  });
});

describe('rejects', () => {
  const x = ones([2, 3]);
  test.each<[string, (a: Tensor) => unknown, RegExp]>([
    ['item()', (a) => a.mul(a.sum().item()), /asked for item\(\)/],
    ['tolist()', (a) => tensor(a.tolist()), /asked for tolist\(\)/],
    ['decisions', (a) => ((a.sum() as never) > 0 ? a : a.neg()), /asked for a number or a truth value/],
    ['equal()', (a) => (a.equal(a) ? a : a), /gives a boolean and no tensor/],
  ])('%s', (_, f, message) => {
    expect(() => vmap(f as (a: Tensor) => Tensor)(x)).toThrow(ValueError);
    expect(() => vmap(f as (a: Tensor) => Tensor)(x)).toThrow(message);
  });

  test('results whose shape depends on values', () => {
    const y = tensor([
      [1, 0],
      [1, 1],
    ]);
    expect(() => vmap((a: Tensor) => a.nonzero())(y)).toThrow(/what nonzero gives depends on the numbers/);
    expect(() => vmap((a: Tensor) => a.at(a.gt(0)))(y)).toThrow(/depends on the numbers/);
  });

  test('backward() and gradients that would sum over the examples', () => {
    const w = ones([3], { requiresGrad: true });
    const pass = (a: Tensor) => {
      a.mul(w).sum().backward();
      return a;
    };
    expect(() => vmap(pass)(x)).toThrow(AutogradError);
    expect(() => vmap((a: Tensor) => gradOf(a.mul(w).sum(), w)[0])(x)).toThrow(/use func.grad/);
    expectClose(vmap((a: Tensor) => gradOf(w.mul(w), w, { gradOutputs: a })[0])(x), x.mul(2).tolist(), 0);
    expect(() => vmap((a: Tensor) => a.requiresGrad_().retainGrad() as never)(x)).toThrow(AutogradError);
  });

  test('tensors of a finished vmap', () => {
    let kept = x;
    vmap((a: Tensor) => {
      kept = a;
      return a;
    })(x);
    expect(() => kept.add(1)).toThrow(/belongs to a vmap that is over/);
    expect(() => vmap((a: Tensor) => a.add(kept))(x)).toThrow(/belongs to a vmap that is over/);
    expect(() => vmap((a: Tensor) => a.add(1).view([5]))(x)).toThrow();
    expect(ones([2]).add(1).tolist()).toEqual([2, 2]);
  });

  test('outDims null for results that differ', () => {
    expect(vmap((_: Tensor) => ones([2]), { outDims: null })(x).tolist()).toEqual([1, 1]);
    expect(vmap((_: Tensor) => ones([2]))(x).shape).toEqual([2, 2]);
    expect(() => vmap((a: Tensor) => a, { outDims: null })(x)).toThrow(/outDims is null/);
  });

  test('prints as a batched tensor', () => {
    let text = '';
    vmap((a: Tensor) => {
      text = `${a}`;
      return a;
    })(ones([2]));
    expect(text).toBe('BatchedTensor(level=1, value=tensor([1., 1.]))');
  });
});
