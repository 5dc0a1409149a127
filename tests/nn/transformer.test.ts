import { describe, expect, test } from 'vitest';
import { io, manualSeed, nn, noGrad, ones, rand, ShapeError, type Tensor, tensor, ValueError } from '../../src';
import { expectClose } from '../support/close';

const f64 = { dtype: 'float64' } as const;
const small = { dimFeedforward: 6, dropout: 0, ...f64 };

/** The same numbers as in the PyTorch program for the values below. */
function fill<M extends nn.AnyModule>(net: M): M {
  noGrad(() => {
    net.parameters().forEach((p, k) => {
      const values = Float64Array.from(
        { length: p.numel() },
        (_, i) => 0.8 * (((i * 0.37 + 0.11 + k * 0.23) % 1) - 0.5),
      );
      p.copy_(tensor(values, f64).view(p.shape));
    });
  });
  return net;
}

function data(shape: number[], o = 0): Tensor {
  const n = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float64Array.from({ length: n }, (_, i) => Math.sin(i * 0.7 + o)),
    f64,
  ).view(shape);
}

/**
 * Expects the first elements and sum of the output, first elements of the input's gradient, and the norm of all other
 * gradients.
 */
function expectRun(
  net: nn.AnyModule,
  x: Tensor,
  y: Tensor,
  [first, sum, gradient, all]: readonly [readonly number[], number, readonly number[], number],
) {
  const weights = tensor(
    Float64Array.from({ length: y.numel() }, (_, i) => i + 1),
    f64,
  ).view(y.shape);
  y.mul(weights).sum().backward();
  expectClose(y.flatten().narrow(0, 0, 6), [...first], 1e-11);
  expectClose(y.sum(), sum, 1e-11);
  expectClose(x.grad!.flatten().narrow(0, 0, 4), [...gradient], 1e-10);
  const size = net.parameters().reduce((s, p) => s + (p.grad?.abs().sum().item() ?? 0), 0);
  expect(size).toBeCloseTo(all, 8);
}

const causal = nn.Transformer.generateSquareSubsequentMask(3, f64);
const padding = tensor([
  [false, false, true],
  [false, false, false],
]);

describe('TransformerEncoderLayer', () => {
  test.each([
    [
      'by default',
      {},
      {},
      [
        [
          0.17002926582962924, -0.42487616731878886, -0.5650760129694503, 0.18843934647395746, 0.01956034292567732,
          -0.725695673047707,
        ],
        -3.6140862393928463,
        [-0.13678322647206623, 0.08294445472809817, 0.041947983328913946, 0.032977853930838796],
        792.655947731266,
      ],
    ],
    [
      'pre-norm, causal, gelu',
      { normFirst: true, activation: 'gelu' as const },
      { srcMask: causal, isCausal: true },
      [
        [
          0.5593777240261975, -0.000749793713308522, 0.9885275436485541, 1.5776658250566697, 0.8746868137528241,
          -1.008471684129308,
        ],
        6.03033048944194,
        [0.8949408131425565, 3.002905019443834, 3.488085521288224, 2.6140686461253853],
        1349.4479073600112,
      ],
    ],
    [
      'batch first, padded, without biases, tanh',
      { batchFirst: true, bias: false, layerNormEps: 1e-3, activation: (x: Tensor) => x.tanh() },
      { srcKeyPaddingMask: padding },
      [
        [
          -0.289131928291592, -0.00019435366984437357, 0.08793125553239532, 0.13355664771634518, 0.2718785296467775,
          -0.013668259201713365,
        ],
        -0.02096258017811245,
        [0.2710108582740927, 0.019196535027175693, -0.43387983450068957, 0.0029114229596626795],
        99.95616898086948,
      ],
    ],
  ] as const)('%s', (_, options, masks, expected) => {
    const net = fill(new nn.TransformerEncoderLayer(4, 2, { ...small, ...options }));
    const x = data('batchFirst' in options ? [2, 3, 4] : [3, 2, 4]).requiresGrad_();
    expectRun(net, x, net(x, masks), expected);
  });

  test('without a batch', () => {
    const net = fill(new nn.TransformerEncoderLayer(4, 2, small));
    const x = data([3, 4]).requiresGrad_();
    expectRun(net, x, net(x), [
      [
        0.16956714685989935, -0.43025431029719624, -0.5667060777989763, 0.18862765987777208, 0.017055392590196217,
        -0.7209225053906346,
      ],
      -1.8315347998605211,
      [-0.18131401440106198, 0.14233444374757992, -0.0011396877234458472, 0.05681609093833627],
      226.719780766109,
    ]);
  });

  test('names and printed form', () => {
    const net = new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 6 });
    expect(Object.keys(io.toPytorch(net.stateDict()))).toEqual([
      'self_attn.in_proj_weight',
      'self_attn.in_proj_bias',
      'self_attn.out_proj.weight',
      'self_attn.out_proj.bias',
      'linear1.weight',
      'linear1.bias',
      'linear2.weight',
      'linear2.bias',
      'norm1.weight',
      'norm1.bias',
      'norm2.weight',
      'norm2.bias',
    ]);
    expect(String(net)).toBe(`TransformerEncoderLayer(
  (selfAttn): MultiheadAttention(
    (outProj): Linear(inFeatures=4, outFeatures=4, bias=True)
  )
  (linear1): Linear(inFeatures=4, outFeatures=6, bias=True)
  (dropout): Dropout(p=0.1, inplace=False)
  (linear2): Linear(inFeatures=6, outFeatures=4, bias=True)
  (norm1): LayerNorm((4,), eps=1e-05, elementwiseAffine=True, bias=True)
  (norm2): LayerNorm((4,), eps=1e-05, elementwiseAffine=True, bias=True)
  (dropout1): Dropout(p=0.1, inplace=False)
  (dropout2): Dropout(p=0.1, inplace=False)
)`);
  });

  test("draws PyTorch's initial weights and dropout", () => {
    // torch.manual_seed(1); TransformerEncoderLayer(4, 2, 6, 0.5)(x), in float64; then torch.rand(1)
    manualSeed(1);
    const net = new nn.TransformerEncoderLayer(4, 2, { ...small, dropout: 0.5 });
    expectClose(
      net(data([3, 2, 4]))
        .flatten()
        .narrow(0, 0, 5),
      [-0.40813824241265056, -0.03852534588860486, -1.1427125908091165, 1.589376179110372, 1.176391383442025],
      1e-11,
    );
    expectClose(rand([1], f64), [0.4061942176213168], 1e-12);
  });

  test('rejects mismatched arguments', () => {
    expect(() => new nn.TransformerEncoderLayer(4, 2, { activation: 'x' as never })).toThrow(
      /activation is 'x'; use 'relu' or 'gelu'/,
    );
    expect(() => new nn.TransformerEncoderLayer(4, 3)).toThrow(ValueError);
    expect(() => new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 0 })).toThrow(ValueError);
    const net = new nn.TransformerEncoderLayer(4, 2, small);
    expect(() => net(data([3, 2, 4]), { isCausal: true })).toThrow(ValueError);
    expect(() => net(data([3, 2, 5]))).toThrow(ShapeError);
  });
});

describe('TransformerDecoderLayer', () => {
  test.each([
    [
      'by default',
      {},
      {},
      [
        [
          -0.15116237528411153, 0.11376674778332677, 0.17852456173165307, 0.013223143593218559, -0.29458214414123557,
          0.07595718620466539,
        ],
        0.838813670304654,
        [0.09563118550298394, -0.10515408094518702, -0.21455564521210724, 0.23368902680574305],
        1126.9115656572385,
      ],
    ],
    [
      'pre-norm, causal, gelu, padded memory',
      { normFirst: true, activation: 'gelu' as const },
      {
        tgtMask: causal,
        tgtIsCausal: true,
        memoryKeyPaddingMask: tensor([
          [false, true],
          [false, false],
        ]),
      },
      [
        [
          0.5027650163086799, -0.1929712172571748, 0.7732692220604407, 1.9206567421723557, 0.8596835740772452,
          -1.6421687726343075,
        ],
        3.260269771093434,
        [0.9687334350101854, 1.175998013717218, 1.5302301489596952, 6.325038402312902],
        2082.58619191176,
      ],
    ],
    [
      'batch first, padded, memory mask',
      { batchFirst: true },
      {
        tgtKeyPaddingMask: padding,
        memoryMask: tensor(
          [
            [0, -1],
            [0.5, 0],
            [0, 2],
          ],
          f64,
        ),
      },
      [
        [
          -0.15311558413807194, 0.09146160855226368, 0.1770473205720596, 0.00937243329383546, -0.3172029519654026,
          0.10394535467630153,
        ],
        0.7874175113091515,
        [0.08649671607533135, -0.17740775017473273, -0.1293932439492121, 0.26755436576049296],
        1183.132125502129,
      ],
    ],
  ] as const)('%s', (_, options, masks, expected) => {
    const net = fill(new nn.TransformerDecoderLayer(4, 2, { ...small, ...options }));
    const x = data('batchFirst' in options ? [2, 3, 4] : [3, 2, 4]).requiresGrad_();
    expectRun(net, x, net(x, data([2, 2, 4], 1), masks), expected);
    expect(Object.keys(io.toPytorch(net.stateDict()))).toEqual([
      'self_attn.in_proj_weight',
      'self_attn.in_proj_bias',
      'self_attn.out_proj.weight',
      'self_attn.out_proj.bias',
      'multihead_attn.in_proj_weight',
      'multihead_attn.in_proj_bias',
      'multihead_attn.out_proj.weight',
      'multihead_attn.out_proj.bias',
      'linear1.weight',
      'linear1.bias',
      'linear2.weight',
      'linear2.bias',
      'norm1.weight',
      'norm1.bias',
      'norm2.weight',
      'norm2.bias',
      'norm3.weight',
      'norm3.bias',
    ]);
  });
});

describe('stacks', () => {
  test('TransformerEncoder', () => {
    const layer = new nn.TransformerEncoderLayer(4, 2, small);
    const net = new nn.TransformerEncoder(layer, 2, { norm: new nn.LayerNorm(4, f64) });
    expect(net.layers.at(0).linear1.weight.tolist()).toEqual(net.layers.at(1).linear1.weight.tolist());
    expect(net.layers.at(0).linear1.weight).not.toBe(layer.linear1.weight);
    fill(net);
    const x = data([3, 2, 4]).requiresGrad_();
    expectRun(net, x, net(x, { mask: causal }), [
      [
        0.19239859998550288, -0.6881563142393935, 0.19022794121428047, 0.5293575991259112, 0.25844785083583227,
        -0.6758315239359203,
      ],
      1.607352676761894,
      [-0.010501840333617694, 0.015728919580941386, -0.02475664940717846, 0.01982794399815775],
      1203.7309515504592,
    ]);
  });

  test('TransformerDecoder', () => {
    const net = fill(new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2, small), 2));
    const x = data([3, 2, 4]).requiresGrad_();
    expectRun(net, x, net(x, data([2, 2, 4], 1), { tgtMask: causal }), [
      [
        -0.019596256878751155, 0.2511527078874569, 0.260833224652422, -0.5965362548397721, -0.015609813758887321,
        0.25159242640151475,
      ],
      -0.6000638223150978,
      [0.002829601952387866, -0.003413432638996339, -0.005227673206202212, 0.006197915086115138],
      1084.592324569674,
    ]);
    const printed = String(
      new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2, { activation: new nn.GELU() }), 2),
    );
    expect(printed).toContain('(0-1): 2 x TransformerDecoderLayer(');
    expect(printed).toContain(
      "(dropout3): Dropout(p=0.1, inplace=False)\n      (activation): GELU(approximate='none')",
    );
  });

  test('reject values that are not layers', () => {
    expect(() => new nn.TransformerEncoder({} as never, 2)).toThrow(/must be a layer, got an object/);
    expect(() => new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2), -1)).toThrow(ValueError);
    expect(() => new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2), 1, { norm: 3 as never })).toThrow(
      /norm/,
    );
  });
});

describe('Transformer', () => {
  const options = { dModel: 4, nhead: 2, numEncoderLayers: 2, numDecoderLayers: 1, ...small };

  test('as in PyTorch', () => {
    const net = fill(new nn.Transformer({ ...options, batchFirst: true }));
    const x = data([2, 3, 4]).requiresGrad_();
    expectRun(net, x, net(data([2, 2, 4], 1), x, { tgtMask: causal, tgtIsCausal: true }), [
      [
        0.07591730045396812, 0.18821521587103018, 0.38927435324295684, 0.08501440895517262, 0.18033077413890777,
        0.21561016216886617,
      ],
      4.603293025588907,
      [-0.016334755786959074, 0.01934606068047833, -0.009853989201558382, 0.002462710705805428],
      1131.5112855694179,
    ]);
    const names = Object.keys(io.toPytorch(net.stateDict()));
    expect(names.length).toBe(46);
    expect(names).toContain('decoder.layers.0.multihead_attn.in_proj_weight');
    expect(names.slice(24, 27)).toEqual([
      'encoder.norm.weight',
      'encoder.norm.bias',
      'decoder.layers.0.self_attn.in_proj_weight',
    ]);
  });

  test('draws its initial weights as PyTorch does', () => {
    // torch.manual_seed(1); Transformer(4, 2, 1, 1, 6, 0.), in float64
    manualSeed(1);
    const net = new nn.Transformer({ ...options, numEncoderLayers: 1 });
    const first = net
      .parameters()
      .slice(0, 3)
      .map((p) => p.flatten().at(0).item());
    [0.1937351978544244, 0, -0.6576502569133962].forEach((v, i) => {
      expect(first[i]).toBeCloseTo(v, 12);
    });
  });

  test('custom parts', () => {
    const customEncoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, small), 1);
    const net = new nn.Transformer({ ...options, customEncoder });
    expect(net.encoder).toBe(customEncoder);
    expect(net(data([3, 2, 4]), data([1, 2, 4])).shape).toEqual([1, 2, 4]);
  });

  test('rejects mismatched arguments', () => {
    const net = new nn.Transformer(options);
    expect(() => net(data([2, 2, 4]), data([2, 3, 4]))).toThrow(
      /\[2, 2, 4\] and target \[2, 3, 4\] must have the same number of cases/,
    );
    expect(() => net(data([2, 2, 5]), data([2, 2, 5]))).toThrow(/must be dModel, 4/);
    expect(nn.Transformer.generateSquareSubsequentMask(2).tolist()).toEqual([
      [0, -Infinity],
      [0, 0],
    ]);
    expect(ones([1]).add(nn.Transformer.generateSquareSubsequentMask(1)).tolist()).toEqual([[1]]);
  });
});
