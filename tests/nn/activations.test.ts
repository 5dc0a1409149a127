import { describe, expect, test } from 'vitest';
import {
  DtypeError,
  grad,
  IndexError,
  manualSeed,
  nn,
  ShapeError,
  softmax,
  type Tensor,
  tensor,
  ValueError,
} from '../../src';
import { expectClose } from '../support/close';
import { double } from '../support/tensors';

const F = nn.functional;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const at = [-3, -1, -0.1, 0.5, 2];
const x = double(at);

/** Values at -3, -1, -0.1, 0.5 and 2, computed with 30 digits, or exact. */
const cases: [string, (x: Tensor) => Tensor, nn.Module, number[]][] = [
  ['gelu', F.gelu, new nn.GELU(), [-0.00404969409489, -0.158655253931, -0.0460172162723, 0.345731230637, 1.9544997361]],
  [
    "gelu 'tanh'",
    (t) => F.gelu(t, { approximate: 'tanh' }),
    new nn.GELU({ approximate: 'tanh' }),
    [-0.00363739208177, -0.158808009392, -0.0460172489546, 0.345714009825, 1.95459769409],
  ],
  ['silu', F.silu, new nn.SiLU(), [-0.142277619533, -0.26894142137, -0.0475020812521, 0.311229665601, 1.76159415596]],
  ['mish', F.mish, new nn.Mish(), [-0.145647461276, -0.303401461374, -0.0567885752128, 0.375245211305, 1.94395895953]],
  [
    'softplus',
    F.softplus,
    new nn.Softplus(),
    [0.0485873515737, 0.313261687518, 0.644396660074, 0.97407698418, 2.12692801104],
  ],
  [
    'logsigmoid',
    F.logsigmoid,
    new nn.LogSigmoid(),
    [-3.04858735157, -1.31326168752, -0.744396660074, -0.47407698418, -0.126928011043],
  ],
  ['softsign', F.softsign, new nn.Softsign(), [-0.75, -0.5, -1 / 11, 1 / 3, 2 / 3]],
  [
    'tanhshrink',
    F.tanhshrink,
    new nn.Tanhshrink(),
    [-2.00494524631, -0.238405844044, -0.000332005375044, 0.03788284274, 1.03597241992],
  ],
  ['relu', F.relu, new nn.ReLU(), [0, 0, 0, 0.5, 2]],
  ['relu6', F.relu6, new nn.ReLU6(), [0, 0, 0, 0.5, 2]],
  ['leakyRelu', F.leakyRelu, new nn.LeakyReLU(), [-0.03, -0.01, -0.001, 0.5, 2]],
  ['elu', F.elu, new nn.ELU(), [...[-3, -1, -0.1].map(Math.expm1), 0.5, 2]],
  [
    'celu',
    (t) => F.celu(t, { alpha: 2 }),
    new nn.CELU({ alpha: 2 }),
    [...[-3, -1, -0.1].map((v) => 2 * Math.expm1(v / 2)), 0.5, 2],
  ],
  [
    'selu',
    F.selu,
    new nn.SELU(),
    [...[-3, -1, -0.1].map((v) => 1.7580993408473766 * Math.expm1(v)), 0.5 * 1.0507009873554805, 2.101401974710961],
  ],
  ['hardtanh', F.hardtanh, new nn.Hardtanh(), [-1, -1, -0.1, 0.5, 1]],
  ['hardsigmoid', F.hardsigmoid, new nn.Hardsigmoid(), [0, 1 / 3, 2.9 / 6, 3.5 / 6, 5 / 6]],
  ['hardswish', F.hardswish, new nn.Hardswish(), [0, -1 / 3, -0.29 / 6, 1.75 / 6, 10 / 6]],
  ['hardshrink', F.hardshrink, new nn.Hardshrink(), [-3, -1, 0, 0, 2]],
  ['softshrink', F.softshrink, new nn.Softshrink(), [-2.5, -0.5, 0, 0, 1.5]],
  ['threshold', (t) => F.threshold(t, 0, 7), new nn.Threshold(0, 7), [7, 7, 7, 0.5, 2]],
];

describe.each(cases)('%s', (name, f, module, wanted) => {
  test('has its values, in both dtypes', () => {
    expectClose(f(x), wanted, 1e-11);
    expectClose(f(x.float()), f(x).tolist(), 1e-6);
  });

  test('the module computes the function', () => {
    expect(module(x).tolist()).toEqual(f(x).tolist());
  });

  test('propagates NaN', () => {
    expect(f(tensor([nan])).tolist()).toEqual([nan]);
  });

  test('in place, if it can be', () => {
    const copy = x.clone();
    const inPlace = () => (f as (x: Tensor, options: object) => Tensor)(copy, { inplace: true });
    if (/^(gelu|softplus|softshrink|hardshrink)$/.test(name)) expect(inPlace).toThrow('there is no option inplace');
    else if (!/^(gelu|celu|logsigmoid|softsign|tanhshrink|threshold)/.test(name)) {
      expect(inPlace()).toBe(copy);
      expect(copy.tolist()).toEqual(f(x).tolist());
    }
  });
});

describe('in-place functions', () => {
  test.each<[string, (x: Tensor) => Tensor, (x: Tensor) => Tensor]>([
    ['relu_', F.relu_, F.relu],
    ['leakyRelu_', F.leakyRelu_, F.leakyRelu],
    ['elu_', F.elu_, F.elu],
    ['celu_', F.celu_, F.celu],
    ['selu_', F.selu_, F.selu],
    ['hardtanh_', F.hardtanh_, F.hardtanh],
    ['rrelu_', F.rrelu_, F.rrelu],
    ['threshold_', (t) => F.threshold_(t, 0, 7), (t) => F.threshold(t, 0, 7)],
  ])('%s', (_, inPlace, plain) => {
    const leaf = double(at).requiresGrad_();
    const gradient = (y: Tensor) => {
      leaf.grad = null;
      y.sum().backward();
      return leaf.grad!.tolist();
    };
    const copy = leaf.mul(1);
    expect(inPlace(copy)).toBe(copy);
    expect(copy.tolist()).toEqual(plain(x).tolist());
    expect(gradient(copy)).toEqual(gradient(plain(leaf)));
  });

  test('modules with inplace overwrite their input', () => {
    const copy = x.clone();
    expect(new nn.ELU({ inplace: true })(copy)).toBe(copy);
    const t = x.clone();
    expect(new nn.Threshold(0, 7, { inplace: true })(t)).toBe(t);
    expect(t.tolist()).toEqual([7, 7, 7, 0.5, 2]);
  });
});

describe('kinks', () => {
  /** The derivative at a point. */
  const slope = (f: (x: Tensor) => Tensor, point: number) => {
    const leaf = double([point]).requiresGrad_();
    f(leaf).sum().backward();
    return leaf.grad!.item();
  };
  test("derivatives at kinks are PyTorch's", () => {
    expect([slope(F.relu, 0), slope((t) => F.leakyRelu(t, { negativeSlope: 0.5 }), 0), slope(F.elu, 0)]).toEqual([
      0, 0.5, 1,
    ]);
    expect([slope(F.hardtanh, -1), slope(F.hardtanh, 1), slope(F.relu6, 6), slope(F.relu6, 5)]).toEqual([0, 0, 0, 1]);
    expect([slope(F.hardsigmoid, -3), slope(F.hardsigmoid, 3), slope(F.hardsigmoid, 0)]).toEqual([0, 0, 1 / 6]);
    expect([slope(F.hardswish, -3), slope(F.hardswish, 3)]).toEqual([0, 1]);
    expect([slope(F.hardshrink, 0.5), slope(F.softshrink, -0.5), slope(F.softshrink, 0.6)]).toEqual([0, 0, 1]);
    expect([slope((t) => F.threshold(t, 1, 0), 1), slope((t) => F.threshold(t, 1, 0), 1.1)]).toEqual([0, 1]);
    expect(slope((t) => F.softplus(t, { threshold: 1 }), 1.5)).toBe(1);
  });

  test('derivatives in the tails are finite', () => {
    for (const f of [F.elu, F.selu, F.celu, F.softplus, F.mish, F.silu, F.gelu]) {
      expect(Math.abs(slope(f, 1000) - (f === F.selu ? 1.0507009873554805 : 1))).toBeLessThan(1e-12);
      expect(Math.abs(slope(f, -1000))).toBe(0);
    }
  });
});

describe('with further inputs', () => {
  const images = tensor([
    [[-1], [-2]],
    [[3], [-4]],
  ]);
  test('prelu: one weight, or one for each channel', () => {
    expect(F.prelu(images, tensor([0.5])).tolist()).toEqual([
      [[-0.5], [-1]],
      [[3], [-2]],
    ]);
    expect(F.prelu(images, tensor([0.5, 0.25])).tolist()).toEqual([
      [[-0.5], [-0.5]],
      [[3], [-1]],
    ]);
    expect(F.prelu(tensor(-2), tensor(0.5)).item()).toBe(-1);
    expect(() => F.prelu(images, tensor([1, 2, 3]))).toThrow(ShapeError);
    expect(() => F.prelu(images, tensor([1, 2, 3]))).toThrow('expected one number, or 2, one for each channel');
    expect(() => F.prelu(images, double([1]))).toThrow(DtypeError);
  });

  test('nn.PReLU learns its weight', () => {
    const layer = new nn.PReLU({ numParameters: 2, init: 0.1 });
    layer(images).sum().backward();
    expect(layer.weight.grad!.tolist()).toEqual([-1, -6]);
    expectClose(layer.stateDict().weight, [0.1, 0.1]);
    expect(() => new nn.PReLU({ numParameters: 0 })).toThrow(ValueError);
    expect(new nn.PReLU({ dtype: 'float64' }).weight.dtype).toBe('float64');
  });

  test('glu multiplies the halves of a dimension', () => {
    const m = tensor([
      [1, 0],
      [2, 0],
    ]);
    expect(F.glu(m).tolist()).toEqual([[0.5], [1]]);
    expectClose(new nn.GLU(0)(m), [[1 / (1 + Math.exp(-2)), 0]]);
    expect(() => F.glu(tensor([1, 2, 3]))).toThrow(ShapeError);
    expect(() => F.glu(tensor([1, 2, 3]))).toThrow('dimension -1 of the shape [3] has 3 elements');
    expect(() => F.glu(m, 2)).toThrow(IndexError);
    expect(() => F.glu(tensor(1))).toThrow(ShapeError);
  });

  test('softmax and related functions', () => {
    const m = double([0, Math.log(3)]);
    expectClose(F.softmax(m, 0), [0.25, 0.75]);
    expectClose(F.softmin(m, 0), [0.75, 0.25]);
    expectClose(F.logSoftmax(m, 0), [Math.log(0.25), Math.log(0.75)]);
    expect(F.softmin(tensor([1, 2], { dtype: 'int32' }), 0, { dtype: 'float64' }).dtype).toBe('float64');
    expect(new nn.Softmin(0)(m).tolist()).toEqual(F.softmin(m, 0).tolist());
    const picture = tensor([
      [[0], [1]],
      [[2], [3]],
    ]);
    expect(new nn.Softmax2d()(picture).tolist()).toEqual(softmax(picture, 0).tolist());
    expect(() => new nn.Softmax2d()(m)).toThrow(
      'Softmax2d: the input has shape [2]; expected [N, C, H, W], or [C, H, W] for a single case',
    );
  });
});

describe('rrelu', () => {
  test('draws a factor for each element below 0 in training', () => {
    manualSeed(420);
    const y = F.rrelu(tensor([-1, 2, -1, -1]), { training: true }).tolist() as number[];
    expect(y[1]).toBe(2);
    for (const v of [y[0], y[2], y[3]]) {
      expect(-v).toBeGreaterThanOrEqual(1 / 8);
      expect(-v).toBeLessThan(1 / 3);
    }
    expect(new Set(y).size).toBe(4);
    // The element above 0 consumed no random number.
    manualSeed(420);
    const z = F.rrelu(tensor([-1, -1, -1]), { training: true }).tolist();
    expect(z).toEqual([y[0], y[2], y[3]]);
  });

  test('uses the mean in evaluation', () => {
    const layer = new nn.RReLU({ lower: 0.25, upper: 0.75 });
    expect(
      layer
        .eval()(tensor([-2, 2]))
        .tolist(),
    ).toEqual([-1, 2]);
    const drawn = layer
      .train()(tensor([-2]))
      .item();
    expect(drawn).toBeLessThanOrEqual(-0.5);
    expect(drawn).toBeGreaterThan(-1.5);
    // By default from 1/8 to 1/3, and their mean in evaluation.
    expect(F.rrelu(tensor([-1])).item()).toBe(Math.fround(-(1 / 8 + 1 / 3) / 2));
    expect(() => F.rrelu(x, { lower: 1, upper: 0 })).toThrow(ValueError);
  });
});

test('rejects mismatched arguments', () => {
  expect(() => F.gelu(x, { approximate: 'erf' as 'none' })).toThrow("gelu: approximate is 'erf'; use 'none' or 'tanh'");
  expect(() => F.hardtanh(x, { minVal: 1, maxVal: -1 })).toThrow(ValueError);
  expect(() => new nn.Hardtanh({ minVal: 1, maxVal: 1 })).toThrow(ValueError);
  expect(() => F.softshrink(x, { lambd: -1 })).toThrow(ValueError);
  expect(() => F.celu(x, { alpha: 0 })).toThrow(ValueError);
  const whole = tensor([1, -1], { dtype: 'int32' });
  for (const f of [F.elu, F.gelu, F.silu, F.mish, F.leakyRelu, F.softplus, F.logsigmoid, F.hardswish, F.glu])
    expect(() => f(whole)).toThrow(DtypeError);
  expect([F.relu(whole), F.relu6(whole), F.hardtanh(whole)].map((t) => t.dtype)).toEqual(['int32', 'int32', 'int32']);
  expect(F.softsign(whole).dtype).toBe('float32');
});

test("modules print as PyTorch's", () => {
  const printed: [nn.Module, string][] = [
    [new nn.CELU({ alpha: 0.5 }), 'CELU(alpha=0.5)'],
    [new nn.ELU({ inplace: true }), 'ELU(alpha=1.0, inplace=True)'],
    [new nn.GELU(), "GELU(approximate='none')"],
    [new nn.GLU(), 'GLU(dim=-1)'],
    [new nn.Hardshrink(), 'Hardshrink(0.5)'],
    [new nn.Hardsigmoid(), 'Hardsigmoid()'],
    [new nn.Hardswish(), 'Hardswish()'],
    [new nn.Hardtanh({ inplace: true }), 'Hardtanh(minVal=-1.0, maxVal=1.0, inplace=True)'],
    [new nn.LeakyReLU(), 'LeakyReLU(negativeSlope=0.01)'],
    [new nn.LogSigmoid(), 'LogSigmoid()'],
    [new nn.LogSoftmax(1), 'LogSoftmax(dim=1)'],
    [new nn.Mish(), 'Mish()'],
    [new nn.PReLU(), 'PReLU(numParameters=1)'],
    [new nn.ReLU({ inplace: true }), 'ReLU(inplace=True)'],
    [new nn.ReLU6(), 'ReLU6()'],
    [new nn.RReLU(), 'RReLU(lower=0.125, upper=0.3333333333333333)'],
    [new nn.SELU(), 'SELU()'],
    [new nn.SiLU(), 'SiLU()'],
    [new nn.Softmin(0), 'Softmin(dim=0)'],
    [new nn.Softplus(), 'Softplus(beta=1.0, threshold=20.0)'],
    [new nn.Softshrink({ lambd: 1 }), 'Softshrink(1.0)'],
    [new nn.Threshold(0.1, 20), 'Threshold(threshold=0.1, value=20)'],
  ];
  for (const [module, text] of printed) expect(String(module)).toBe(text);
});

test('edges: tails and infinities', () => {
  const far = tensor([-1000, 1000, -inf, inf]);
  expect(F.softplus(far).tolist()).toEqual([0, 1000, 0, inf]);
  expect(F.logsigmoid(far).tolist()).toEqual([-1000, 0, -inf, 0]);
  expect(F.elu(far).tolist()).toEqual([-1, 1000, -1, inf]);
  expect(F.hardsigmoid(far).tolist()).toEqual([0, 1, 0, 1]);
  expect(F.relu6(far).tolist()).toEqual([0, 6, 0, 6]);
  expect(F.hardtanh(far).tolist()).toEqual([-1, 1, -1, 1]);
});

test('the slope of elu at 0 and at NaN', () => {
  const leaf = double([0, -0.5, nan, 2]).requiresGrad_();
  const [g] = grad(F.elu(leaf, { alpha: 1.5 }).sum(), [leaf], { createGraph: true });
  expectClose(g, [1.5, 0.9097959895689501, 1, 1], 1e-15);
  expectClose(grad(g.sum(), [leaf])[0], [0, 0.9097959895689501, 0, 0], 1e-15);
});
