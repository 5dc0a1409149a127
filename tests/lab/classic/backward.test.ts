import { describe, expect, it } from 'vitest';
import { Generator, nn, randn, type Tensor, tensor } from '../../../src';
import { classic } from '../../../src/lab';

const { matrices, countProducts } = classic.backward;
const float64 = { dtype: 'float64' } as const;
const series = (shape: [number, number], f: (i: number) => number) =>
  tensor(
    Array.from({ length: shape[0] * shape[1] }, (_, i) => f(i)),
    float64,
  ).reshape(shape);

/** 2-3-2 with biases and given weights, and what follows its second layer. */
function given(...last: nn.Module[]) {
  const net = new nn.Sequential(new nn.Linear(2, 3, float64), new nn.Tanh(), new nn.Linear(3, 2, float64), ...last);
  const weights = [
    series([3, 2], (i) => Math.cos(2 * i)),
    series([1, 3], (i) => 0.1 * i).flatten(),
    series([2, 3], (i) => Math.sin(3 * i)),
    series([1, 2], (i) => 0.2 - 0.3 * i).flatten(),
  ];
  for (const [i, p] of [...net.parameters()].entries()) p.detach().copy_(weights[i]!);
  return net;
}
const x = series([3, 2], (i) => Math.sin(i + 1));
const half = series([3, 2], (i) => 0.5 * i);
const flat = (t: Tensor) => t.flatten().tolist() as number[];
const close = (got: Tensor, wanted: readonly number[], digits = 14) => {
  const numbers = flat(got);
  expect(numbers.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) expect(numbers[i]).toBeCloseTo(value, digits);
};

/** A net's gradients from its own tape, in the shapes of `dW`. */
function byTape(net: nn.Sequential, x: Tensor, y: Tensor, loss: (output: Tensor, y: Tensor) => Tensor) {
  net.zeroGrad();
  loss(net(x), y).backward();
  const found = [...net.parameters()].map(({ grad }) => (grad!.ndim === 2 ? grad!.t() : grad!).clone());
  net.zeroGrad();
  return found;
}

describe('matrices', () => {
  // PyTorch 2.13, float64: z.grad and o.grad with retain_grad, and the parameters' gradients, dW transposed.
  it.each([
    {
      name: 'squared error',
      last: [],
      y: half,
      loss: undefined,
      cost: 2.344924775653139,
      F: [
        0.14087845326646, -0.341006930108607, -0.358248096128199, -0.218800014915358, -0.628097064031784,
        -0.925434844837888,
      ],
      P: [
        -0.14053525949330056, 0.20285585200717, -0.2611162832638768, -0.09017153071779108, 0.06684618824862881,
        -0.042182918867175706, -0.3813888064445304, 0.4079262123754009, -0.42629897239204306,
      ],
      dW: [
        0.08647484108903097, -0.16991876298694225, 0.15379166911475037, 0.008171250925765011, 0.03062111058453379,
        -0.04874494413964946,
      ],
      db: [-0.3892539518899507, 0.544838982598172, -0.5035925336148477],
    },
    {
      name: 'cross entropy',
      last: [],
      y: tensor([0, 1, 0], { dtype: 'int32' }),
      loss: nn.functional.crossEntropy,
      cost: 0.39342791724565274,
      F: [
        -0.093253081258739, 0.093253081258739, 0.095098462053256, -0.095098462053256, -0.134410907867659,
        0.134410907867659,
      ],
      P: [
        0.038431318592478156, -0.06319695350237428, 0.08669770095823742, -0.03919183413020841, 0.06444755501270547,
        -0.08841335764343727, 0.05539321975038913, -0.09108932144725584, 0.1249622697560295,
      ],
      dW: [
        -0.006268316710182971, 0.03223233980816343, -0.047359628646588596, 0.04449377842936615, -0.05777549827486286,
        0.06207588482591722,
      ],
      db: [0.02842280186400338, -0.08747160549173853, 0.09891846106685243],
    },
    {
      name: 'squared error behind softmax, whose slopes are a matrix for each sample',
      last: [new nn.Softmax(1)],
      y: half,
      loss: undefined,
      cost: 1.3433732256926298,
      F: [
        0.063167130204562, -0.063167130204562, 0.004797864877044, -0.004797864877044, 0.055629815330024,
        -0.055629815330024,
      ],
      P: [
        -0.02603234201697271, 0.0428079172991614, -0.05872669182555168, -0.0019772888055220386, 0.003251479087365965,
        -0.004460590993169101, -0.02292607522808829, 0.037699932327198454, -0.051719225024453794,
      ],
      dW: [
        -0.0064323897034790425, 0.001054911987235261, 0.004007299391467878, -0.014637184371029658, 0.022589792966473263,
        -0.022073313515061595,
      ],
      db: [-0.03487707666440068, 0.06875828740031584, -0.07820780252277193],
    },
  ])('matches PyTorch: $name', ({ last, y, loss, cost, F, P, dW, db }) => {
    const { loss: c, layers } = matrices(given(...last), x, y, loss && { loss });
    expect(c).toBeCloseTo(cost, 14);
    close(layers[1]!.F, F);
    close(layers[0]!.P, P);
    close(layers[0]!.dW, dW);
    close(layers[0]!.db!, db);
    expect(layers[1]!.dg.shape).toEqual(last.length ? [3, 2, 2] : [3, 2]);
  });

  it('agrees with the tape and with finite differences, for six layers and three activations', () => {
    const generator = new Generator().manualSeed(122);
    const from = { ...float64, generator };
    const sizes = [4, 6, 5, 5, 4, 3, 2];
    const acts = [new nn.Tanh(), new nn.Sigmoid(), new nn.ReLU(), new nn.Tanh(), new nn.LeakyReLU(), new nn.Sigmoid()];
    const net: nn.Sequential = new nn.Sequential();
    for (const [l, act] of acts.entries()) {
      const linear = new nn.Linear(sizes[l]!, sizes[l + 1]!, { ...float64, bias: l % 2 === 0 });
      linear.weight.detach().copy_(randn(linear.weight.shape, from));
      net.append(new nn.Sequential(linear, act));
    }
    const [x, y] = [randn([7, 4], from), randn([7, 2], from)];
    const { layers } = matrices(net, x, y);
    const found = layers.flatMap(({ dW, db }) => (db ? [dW, db] : [dW]));
    for (const [i, wanted] of byTape(net, x, y, nn.functional.mseLoss).entries()) {
      expect(found[i]!.sub(wanted).abs().max().item()).toBeLessThan(1e-14);
    }
    const { weight } = (net.at(2) as nn.Sequential).at(0) as nn.Linear;
    const raw = weight.detach();
    const costAt = (by: number) => {
      raw.setAt([1, 2], raw.at(1, 2).item() + by);
      const { loss } = matrices(net, x, y);
      raw.setAt([1, 2], raw.at(1, 2).item() - by);
      return loss;
    };
    const slope = (costAt(1e-5) - costAt(-1e-5)) / 2e-5;
    expect(layers[2]!.dW.at(2, 1).item()).toBeCloseTo(slope, 8);
  });

  it('returns the quantities of the formulas, in their shapes', () => {
    const net = given(new nn.Tanh(), new nn.Softplus());
    const before = [...net.parameters()].map((p) => p.detach().clone());
    const { layers } = matrices(net, x, half);
    expect(layers.map(({ activation }) => activation)).toEqual(['Tanh', 'Tanh, Softplus']);
    for (const { I, W, b, Z, dg, O, P, F, dW, db } of layers) {
      expect(Z.sub(I.matmul(W).add(b!)).abs().max().item()).toBe(0);
      expect(F.sub(P.mul(dg)).abs().max().item()).toBe(0);
      expect(dW.sub(I.t().matmul(F)).abs().max().item()).toBe(0);
      expect([O.shape, P.shape, F.shape, dW.shape, db!.shape]).toEqual([Z.shape, Z.shape, Z.shape, W.shape, b!.shape]);
      expect([I, W, Z, dg, O, P, F, dW].some(({ requiresGrad }) => requiresGrad)).toBe(false);
    }
    expect(layers[0]!.dg.sub(layers[0]!.Z.tanh().square().neg().add(1)).abs().max().item()).toBeLessThan(1e-15);
    expect([...net.parameters()].map(({ grad }) => grad)).toEqual([null, null, null, null]);
    for (const [i, p] of [...net.parameters()].entries()) expect(p.sub(before[i]!).abs().max().item()).toBe(0);
    expect(matrices([new nn.Linear(2, 1, float64)], x, half.narrow(1, 0, 1)).layers[0]).toMatchObject({
      activation: '',
    });
  });

  it('rejects nets that cannot be written this way', () => {
    const linear = new nn.Linear(2, 3, float64);
    const norm = new nn.BatchNorm1d(3, float64);
    expect(() => matrices([linear, norm], x, half)).toThrow('BatchNorm1d takes the samples of a batch together');
    expect(norm.numBatchesTracked!.item()).toBe(0);
    class Centred extends nn.Module {
      forward(z: Tensor) {
        return z.sub(z.mean(0));
      }
    }
    expect(() => matrices([linear, new Centred()], x, half)).toThrow('Centred takes the samples');
    expect(() => matrices([new nn.Tanh(), linear], x, half)).toThrow('begins with Tanh');
    expect(() => matrices([], x, half)).toThrow('no layers');
    expect(() => matrices([linear], half.t(), half)).toThrow('x must be [n, 2]');
    expect(() => matrices([linear, new nn.Flatten(0)], x, half)).toThrow('activations keep the shape');
    expect(() => matrices(given(), x, half, { loss: (o, y) => o.sub(y) })).toThrow('must be one number');
  });

  it('supports batch norm with fixed statistics', () => {
    const net = new nn.Sequential(new nn.Linear(2, 3, float64), new nn.BatchNorm1d(3, float64)).eval();
    const target = series([3, 3], Math.sin);
    const { dW, db } = matrices(net, x, target).layers[0]!;
    const [wanted, bias] = byTape(net as unknown as nn.Sequential, x, target, nn.functional.mseLoss);
    expect(dW.sub(wanted!).abs().max().item()).toBeLessThan(1e-15);
    expect(db!.sub(bias!).abs().max().item()).toBeLessThan(1e-15);
  });
});

describe('countProducts', () => {
  it.each([true, false])('counts both passes of the tape, with bias %s', (bias) => {
    const sizes = [4, 5, 3, 1];
    const layers = [0, 1, 2].map((l) => new nn.Linear(sizes[l]!, sizes[l + 1]!, { bias }));
    const net = new nn.Sequential(...layers.flatMap((layer) => [layer, new nn.Tanh()]));
    const [n, weights] = [6, 38];
    let loss: Tensor;
    expect(
      countProducts(() => {
        loss = net(randn([n, 4])).sum();
      }),
    ).toEqual({ products: 3, multiplications: n * weights });
    // Two for each layer, except for the unneeded data gradient.
    expect(countProducts(() => loss.backward())).toEqual({ products: 5, multiplications: n * (2 * weights - 20) });
  });

  it('counts convolutions in both passes', () => {
    const conv = new nn.Conv2d(2, 3, 3);
    const input = randn([4, 2, 6, 6], { requiresGrad: true });
    let y: Tensor;
    const each = 4 * 3 * 16 * (2 * 9);
    const forward = () => {
      y = conv(input);
    };
    expect(countProducts(forward)).toEqual({ products: 1, multiplications: each });
    expect(countProducts(() => y.sum().backward())).toEqual({ products: 2, multiplications: 2 * each });
    const whole = (shape: number[]) => randn(shape).mul(9).to('int32');
    const { conv2d } = nn.functional;
    expect(countProducts(() => conv2d(whole([1, 1, 3, 3]), whole([1, 1, 2, 2]))).products).toBe(1);
  });

  it('counts products with vectors, of batches and under other names, and restores everything', () => {
    const [a, b, v] = [randn([2, 3, 4]), randn([2, 4, 5]), randn([4])];
    const kept = Object.getPrototypeOf(a).matmul;
    expect(countProducts(() => a.bmm(b))).toEqual({ products: 1, multiplications: 2 * 3 * 4 * 5 });
    expect(countProducts(() => v.matmul(v))).toEqual({ products: 1, multiplications: 4 });
    expect(countProducts(() => a.at(0).mv(v))).toEqual({ products: 1, multiplications: 12 });
    expect(countProducts(() => 3)).toEqual({ products: 0, multiplications: 0 });
    expect(() => countProducts(() => a.matmul(v.add(1).reshape(1, 4)))).toThrow('matmul');
    expect(() => countProducts(async () => a)).toThrow('asynchronous');
    expect(Object.getPrototypeOf(a).matmul).toBe(kept);
  });
});
