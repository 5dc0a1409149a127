import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  func,
  getRngState,
  manualSeed,
  nn,
  noGrad,
  ones,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';

const { functionalCall, grad, gradAndValue, stackModuleState, vmap } = func;
const f64 = { dtype: 'float64' } as const;

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

const x = tensor(
  [
    [0.5, -1],
    [2, 0.25],
    [-0.75, 1.5],
  ],
  f64,
);
const y = tensor([[1], [-1], [0.5]], f64);

describe('func.grad', () => {
  test('returns gradients in the form of the argument', () => {
    const slope = grad((v: Tensor) => v.pow(3).sum());
    expect(slope(tensor([1, 2])).tolist()).toEqual([3, 12]);
    expect(slope(tensor([1, 2])).requiresGrad).toBe(false);
    const loss = ({ w, b }: { w: Tensor; b: Tensor[] }, v: Tensor) => v.mul(w).add(b[0]).pow(2).sum();
    const g = grad(loss)({ w: tensor([2, 3]), b: [tensor([1]), tensor(5)] }, tensor([1, 2]));
    expect(g.w.tolist()).toEqual([6, 28]);
    expect(g.b.map((t) => t.tolist())).toEqual([[20], 0]);
  });

  test('of several arguments, and with the value', () => {
    const [gradients, value] = gradAndValue((a: Tensor, b: Tensor) => a.mul(b).sum(), { argnums: [0, -1] })(
      x.at(0),
      x.at(1),
    );
    expect(gradients.map((g) => g.tolist())).toEqual([
      [2, 0.25],
      [0.5, -1],
    ]);
    expect([value.item(), value.requiresGrad]).toEqual([0.75, false]);
  });

  test('again, and through backward()', () => {
    const f = (v: Tensor) => v.sin().mul(v).mul(v);
    expectClose(
      vmap(grad(grad(f)))(tensor([0.3, 1, -2], f64)),
      [1.7108473816738856, 3.002680208280456, 5.147769546028503],
      1e-12,
    );
    const v = tensor(2, { requiresGrad: true });
    const w = tensor(3, { requiresGrad: true });
    const g = grad((t: Tensor) => t.pow(3).mul(w))(v);
    g.backward();
    expect([g.item(), v.grad!.item(), w.grad!.item()]).toEqual([36, 36, 12]);
    expect(noGrad(() => grad(f)(tensor(1))).item()).toBeCloseTo(2 * Math.sin(1) + Math.cos(1), 6);
  });

  test('rejects functions without gradient', () => {
    expect(() => grad((v: Tensor) => v)(x)).toThrow(ShapeError);
    expect(() => grad((v: Tensor) => v)(x)).toThrow(/must return a single number, .* got shape \[3, 2\]/);
    expect(() => grad((v: Tensor) => v.sum(), { argnums: 1 as 0 })(x)).toThrow(
      /names argument 1; the function was called with 1/,
    );
    expect(() => grad((v: number) => tensor(v))(3)).toThrow(/argument 0 must be a tensor/);
    expect(() => grad(3 as never)).toThrow(ValueError);
    expect(() => grad((v: Tensor) => v, { argnums: 0.5 as 0 })).toThrow(ValueError);
    expect(grad((_: Tensor) => tensor(1))(x).tolist()).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });
});

describe('func.vmap', () => {
  test('a gradient for each example', () => {
    // torch.func.vmap(grad(loss), in_dims=(None, 0, 0))(params, x, y), PyTorch 2.13
    const net = fill(new nn.Sequential(new nn.Linear(2, 2), new nn.Tanh(), new nn.Linear(2, 1)));
    const params = Object.fromEntries(net.namedParameters().map(([path, p]) => [path, p.detach()]));
    const loss = (p: Record<string, Tensor>, a: Tensor, b: Tensor) => functionalCall(net, p, a).sub(b).pow(2).mean();
    const g = vmap(grad(loss), { inDims: [null, 0, 0] })(params, x, y);
    expectClose(
      g['0.weight'],
      [
        [
          [-0.029258704516642437, 0.058517409033284874],
          [-0.1358593330457502, 0.2717186660915004],
        ],
        [
          [0.19795423510117485, 0.024744279387646857],
          [1.4450500437098723, 0.18063125546373404],
        ],
        [
          [0.04016382913758397, -0.08032765827516794],
          [0.2056800641895074, -0.4113601283790148],
        ],
      ],
      1e-12,
    );
    expectClose(
      g['0.bias'],
      [
        [-0.058517409033284874, -0.2717186660915004],
        [0.09897711755058743, 0.7225250218549362],
        [-0.0535517721834453, -0.2742400855860099],
      ],
      1e-12,
    );
    expectClose(
      g['2.weight'],
      [
        [[0.3014751588842439, -0.5429071915070205]],
        [[-2.286476356687499, 2.126186695561205]],
        [[-0.07896548260734931, 0.3403278649723088]],
      ],
      1e-12,
    );
    expectClose(g['2.bias'], [[-0.933341367351818], [3.1002604262043896], [-0.7730910517628091]], 1e-12);
  });

  test('an ensemble', () => {
    const nets = [fill(new nn.Linear(2, 1)), fill(new nn.Linear(2, 1), 0.3)];
    const [params, buffers] = stackModuleState(nets);
    const out = vmap((p: Record<string, Tensor>, b: Record<string, Tensor>) => functionalCall(nets[0], [p, b], x))(
      params,
      buffers,
    );
    expectClose(
      out,
      [
        [[-0.335], [-0.945], [0.1025]],
        [[-0.185], [0.03], [0.6275]],
      ],
      1e-12,
    );
    out.sum().backward();
    expectClose(params.weight.grad, [[[1.75, 0.75]], [[1.75, 0.75]]], 1e-12);
  });

  test('dimensions in and out, trees, and chunks', () => {
    const f = (a: Tensor, b: Tensor) => [a.add(b), { sum: a.sum() }] as const;
    const [sums, { sum }] = vmap(f, { inDims: [1, 0], outDims: [1, 0] })(x, tensor([10, 20], f64));
    expect(sums.tolist()).toEqual([
      [10.5, 19],
      [12, 20.25],
      [9.25, 21.5],
    ]);
    expect(sum.tolist()).toEqual([1.75, 0.75]);
    expect(vmap((a: Tensor) => a.mul(2), { inDims: -1, outDims: -1, chunkSize: 1 })(x).tolist()).toEqual(
      x.mul(2).tolist(),
    );
    const nested = vmap((p: { 'a.b': Tensor; c: Tensor[] }) => p['a.b'].add(p.c[0]), {
      inDims: [{ 'a.b': 0, c: null }],
    });
    expect(nested({ 'a.b': tensor([1, 2]), c: [tensor(5)] }).tolist()).toEqual([6, 7]);
    const table = vmap((a: Tensor) => vmap((b: Tensor) => a.mul(b))(tensor([1, 10])))(tensor([1, 2, 3]));
    expect(table.tolist()).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(vmap((a: Tensor, n: number) => a.mul(n))(tensor([1, 2]), 3).tolist()).toEqual([3, 6]);
    expect(vmap((a: Tensor) => ({ 'a.b': a }))(tensor([1, 2]))['a.b'].tolist()).toEqual([1, 2]);
  });

  test('random numbers', () => {
    const draw = (randomness: 'error' | 'same' | 'different') => {
      manualSeed(3);
      return vmap((a: Tensor) => a.add(rand([2])), { randomness })(zeros([3, 2]));
    };
    expect(() => draw('error')).toThrow(/drawn random numbers; say with randomness/);
    manualSeed(3);
    const state = getRngState();
    expect(() => vmap((a: Tensor) => a.add(rand([2])))(zeros([3, 2]))).toThrow(ValueError);
    expect(getRngState().equal(state)).toBe(true);
    const same = draw('same');
    expect(same.at(0).tolist()).toEqual(same.at(2).tolist());
    const different = draw('different');
    expect(different.at(0).tolist()).not.toEqual(different.at(2).tolist());
    manualSeed(3);
    expect(different.tolist()).toEqual(rand([3, 2]).tolist());
  });

  test('rejects mismatched arguments', () => {
    const id = (a: Tensor, _b?: Tensor) => a;
    expect(() => vmap(id)(x, ones([2]))).toThrow(/same size in the dimension that is gone through, got 3, 2/);
    expect(() => vmap(id, { inDims: '0' as unknown as number })).toThrow(
      new ValueError("vmap: inDims must be a dimension, null, or a list or record of these, got '0'"),
    );
    expect(() => vmap(id, { inDims: null })(x)).toThrow(/no argument has a dimension to go through/);
    expect(() => vmap(id, { inDims: 3 })(x)).toThrow(/inDims\[0\] is 3, but the argument has shape \[3, 2\]/);
    expect(() => vmap(id, { inDims: [0, 0] })(x)).toThrow(/inDims has 2 entries for 1 arguments/);
    expect(() => vmap(id, { inDims: [{ a: 0 }] })(x)).toThrow(/must be a dimension or null for a tensor/);
    expect(() => vmap(id, { outDims: [0, 1] })(x)).toThrow(/outDims has 2 entries for 1 results/);
    expect(() => vmap(id, { outDims: 3 })(x)).toThrow(/outDims is 3/);
    expect(() => vmap(id, { randomness: 'x' as never })).toThrow(ValueError);
    expect(() => vmap(id, { chunkSize: 0 })).toThrow(/chunkSize is 0/);
    expect(() => vmap((_: Tensor) => 3 as unknown as Tensor)(x)).toThrow(/must return tensors/);
    expect(() => vmap(async (a: Tensor) => a)(x)).toThrow(AutogradError);
    expect(() => vmap((a: Tensor, b: Tensor) => b.add_(a), { inDims: [0, null] })(x, zeros([2], f64))).toThrow(
      /modified in place/,
    );
    expect(() => vmap((a: Tensor) => ones([a.at(0).toArray()[0] + 1]))(tensor([[0], [1]]))).toThrow(
      /\[1\] for one example and \[2\] for another/,
    );
    expect(() => vmap(3 as never)).toThrow(ValueError);
  });
});
