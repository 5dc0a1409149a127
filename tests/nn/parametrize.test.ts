import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  DtypeError,
  func,
  io,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
} from '../../src';
import { expectClose } from '../support/close';

const { cached, isParametrized, registerParametrization, removeParametrizations, typeBeforeParametrizations } =
  nn.utils.parametrize;
const { orthogonal, spectralNorm, weightNorm } = nn.utils.parametrizations;
const f64 = { dtype: 'float64' } as const;
const x = tensor(
  [
    [0.5, -1],
    [2, 0.25],
    [-0.75, 1.5],
  ],
  f64,
);

/** The program below each value: fill(net) in PyTorch 2.13, then what is called here. */
function fill<M extends nn.AnyModule>(net: M): M {
  net.double();
  noGrad(() => {
    net.parameters().forEach((p, k) => {
      const values = Float64Array.from({ length: p.numel() }, (_, i) => ((i * 0.37 + 0.11 + k * 0.23) % 1) - 0.5);
      p.copy_(tensor(values, f64).view(p.shape));
    });
  });
  return net;
}

const list = (net: nn.AnyModule, name = 'weight') =>
  (
    net as unknown as { parametrizations: nn.ModuleDict<InstanceType<typeof nn.utils.parametrize.ParametrizationList>> }
  ).parametrizations.get(name);

class Symmetric extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.triu().add(x.triu(1).transpose(-1, -2));
  }
  rightInverse(x: Tensor): Tensor {
    return x.triu();
  }
}
class Square extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.mul(x);
  }
}

describe('registerParametrization', () => {
  test('computes the tensor each time, from an original that stays the same parameter', () => {
    const net = fill(new nn.Linear(3, 3));
    const { weight } = net;
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
    expect(registerParametrization(net, 'weight', new Symmetric())).toBe(net);
    expect(list(net).original).toBe(weight);
    expectClose(
      net.weight,
      [
        [-0.39, -0.02, 0.35],
        [-0.02, 0.09, 0.46],
        [0.35, 0.46, -0.43],
      ],
      1e-12,
    );
    expect(Object.keys(net.stateDict())).toEqual(['bias', 'parametrizations.weight.original']);
    expect(Object.keys(io.toPytorch(net.stateDict()))).toEqual(['bias', 'parametrizations.weight.original']);
    expect([isParametrized(net), isParametrized(net, 'weight'), isParametrized(net, 'bias')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(typeBeforeParametrizations(net)).toBe(nn.Linear);
    expect(String(net)).toBe(
      'ParametrizedLinear(\n  inFeatures=3, outFeatures=3, bias=True\n  (parametrizations): ModuleDict(\n' +
        '    (weight): ParametrizationList(\n      (0): Symmetric()\n    )\n  )\n)',
    );
    net(ones([1, 3], f64))
      .sum()
      .backward();
    optimizer.step();
    expect(net.weight.equal(net.weight.t())).toBe(true);
    expect(list(net).original!.grad!.tolist()).toEqual([
      [1, 2, 2],
      [0, 1, 2],
      [0, 0, 1],
    ]);
  });

  test('the tensor can be set if there is an inverse; a second parametrization uses the result of the first', () => {
    const net = fill(new nn.Linear(3, 3));
    const { weight } = net;
    registerParametrization(net, 'weight', new Symmetric());
    net.weight = tensor(
      [
        [0, 4, 8],
        [4, 8, 12],
        [8, 12, 16],
      ],
      f64,
    ) as nn.Parameter;
    expect(list(net).original!.tolist()).toEqual([
      [0, 4, 8],
      [0, 8, 12],
      [0, 0, 16],
    ]);
    registerParametrization(net, 'weight', new Square());
    expect(net.weight.tolist()).toEqual([
      [0, 16, 64],
      [16, 64, 144],
      [64, 144, 256],
    ]);
    expect(() => {
      net.weight = ones([3, 3], f64) as nn.Parameter;
    }).toThrow(/Square has no rightInverse/);
    registerParametrization(net, 'bias', new Square());
    removeParametrizations(net, 'weight');
    expect(net.weight).toBe(weight);
    expect(net.weight.tolist()).toEqual([
      [0, 16, 64],
      [16, 64, 144],
      [64, 144, 256],
    ]);
    const before = list(net, 'bias').original!.tolist();
    removeParametrizations(net, 'bias', { leaveParametrized: false });
    expect(net.bias!.tolist()).toEqual(before);
    expect(String(net)).toBe('Linear(inFeatures=3, outFeatures=3, bias=True)');
    expect(net.constructor).toBe(nn.Linear);
    expect(Object.keys(net.stateDict())).toEqual(['weight', 'bias']);
  });

  test('buffers stay buffers; copies and calls with other parameters work', () => {
    const net = new nn.BatchNorm1d(2);
    registerParametrization(net, 'runningVar', new Square());
    expect(Object.keys(net.stateDict())).toContain('parametrizations.runningVar.original');
    expect(nn.isBuffer(list(net, 'runningVar').original)).toBe(true);
    const linear = registerParametrization(fill(new nn.Linear(3, 3)), 'weight', new Symmetric());
    const copy = linear.clone();
    expect(copy.weight.tolist()).toEqual(linear.weight.tolist());
    noGrad(() => list(copy).original!.fill_(1));
    expect(copy.weight.tolist()).not.toEqual(linear.weight.tolist());
    removeParametrizations(copy.clone(), 'weight');
    const other = removeParametrizations(linear.clone(), 'weight');
    expect([other.constructor === nn.Linear, isParametrized(linear), linear.weight.shape]).toEqual([
      true,
      true,
      [3, 3],
    ]);
    expect(String(copy)).toBe(String(linear));
    const w = ones([3, 3], f64).requiresGrad_();
    const y = func.functionalCall(linear, { 'parametrizations.weight.original': w }, ones([1, 3], f64));
    expectClose(y.sub(linear.bias!), [[3, 3, 3]], 1e-12);
    y.sum().backward();
    expect(w.grad!.tolist()).toEqual([
      [1, 2, 2],
      [0, 1, 2],
      [0, 0, 1],
    ]);
  });

  test('cached computes once', () => {
    let count = 0;
    class Counting extends nn.Module {
      forward(x: Tensor): Tensor {
        count++;
        return x.mul(2);
      }
    }
    const net = registerParametrization(new nn.Linear(2, 2), 'weight', new Counting());
    count = 0;
    const [a, b] = cached(() => [net.weight, cached(() => net.weight)]);
    expect([a === b, count]).toEqual([true, 1]);
    const { weight } = net;
    expect(net.weight === weight).toBe(false);
    expect(() => cached(async () => net.weight)).toThrow(AutogradError);
    expect(net.weight === net.clone().weight).toBe(false);
  });

  class Rows extends nn.Module {
    forward(x: Tensor): Tensor {
      return x.at(0);
    }
  }
  class Single extends nn.Module {
    forward(x: Tensor): Tensor {
      return x.float();
    }
  }
  class Three extends nn.Module<[Tensor], number> {
    forward(): number {
      return 3;
    }
  }
  class Odd extends nn.Module {
    forward(x: Tensor): Tensor {
      return x;
    }
    rightInverse(): Tensor {
      return 3 as never;
    }
  }

  test.each([
    [new Rows(), ShapeError, /returned shape \[3\] for \[3, 3\]/],
    [new Single(), DtypeError, /returned float32 for a float64 tensor/],
    [new Three(), ValueError, /must return a tensor, got 3/],
    [new Odd(), ValueError, /rightInverse.* must return a tensor/],
  ] as const)('rejects %s, first and second', (bad, kind, message) => {
    const net = fill(new nn.Linear(3, 3));
    const attempt = () => registerParametrization(net, 'weight', bad as nn.AnyModule);
    expect(attempt).toThrow(kind);
    expect(attempt).toThrow(message);
    expect(net.constructor).toBe(nn.Linear);
    registerParametrization(net, 'weight', new Square());
    expect(attempt).toThrow(kind);
    expect(list(net).size).toBe(1);
  });

  test('unsafe may change the shape; rejects missing names', () => {
    const net = fill(new nn.Linear(3, 3));
    registerParametrization(net, 'weight', new Rows(), { unsafe: true });
    expect(net.weight.shape).toEqual([3]);
    expect(() => registerParametrization(net, 'foo', new Square())).toThrow(
      /has no parameter or buffer foo; it has bias/,
    );
    expect(() => removeParametrizations(net, 'bias')).toThrow(/ParametrizedLinear has no parametrization of bias/);
    expect(() => registerParametrization({} as never, 'foo', new Square())).toThrow(ValueError);
  });
});

describe('weightNorm', () => {
  test.each([
    [
      0,
      [[0.39051248379533277], [0.4482186966202994], [0.46872166581031877]],
      [[4.237284513719242], [5.150415449883868], [1.8591257105504524]],
      [
        [-0.03702622950819735, 0.7220114754098361],
        [0.7119512195121946, 0.8899390243902444],
        [-1.9957237141556663, 0.3904676832043697],
      ],
    ],
    [
      1,
      [[0.5316954015223377, 0.5388877434122994]],
      [[5.969841926245524, 3.0813467559783865]],
      [
        [0.11014503006720962, 0.6193595041322316],
        [0.8039724089140429, -0.7264669421487598],
        [-2.649264237707818, -0.41526859504132346],
      ],
    ],
    [
      null,
      0.7570336848516056,
      6.3862911211773765,
      [
        [-0.978733205374279, 0.6737188099808062],
        [1.781170825335892, 0.03456333973128656],
        [-2.397984644913628, -1.665532629558542],
      ],
    ],
  ])('along dimension %j', (dim, g, gradG, gradV) => {
    const net = weightNorm(fill(new nn.Linear(2, 3)), { dim });
    net(x).pow(2).sum().backward();
    const [original0, original1] = list(net).originals;
    expectClose(original0, g, 1e-12);
    expectClose(original0.grad, gradG, 1e-12);
    expectClose(original1.grad, gradV, 1e-12);
    expect(Object.keys(net.stateDict())).toEqual([
      'bias',
      'parametrizations.weight.original0',
      'parametrizations.weight.original1',
    ]);
    expect(() => removeParametrizations(net, 'weight', { leaveParametrized: false })).toThrow(
      /computed from 2 tensors/,
    );
    const { weight } = net;
    removeParametrizations(net, 'weight');
    expect(nn.isParameter(net.weight)).toBe(true);
    expectClose(net.weight, weight.tolist(), 1e-12);
  });

  test('the weight can be set; rejects missing names', () => {
    const net = weightNorm(fill(new nn.Linear(2, 3)));
    net.weight = ones([3, 2], f64).mul(2) as nn.Parameter;
    expectClose(
      net.weight,
      [
        [2, 2],
        [2, 2],
        [2, 2],
      ],
      1e-12,
    );
    expect(() => weightNorm(net, { name: 'foo' })).toThrow(/has no parameter or buffer foo/);
  });
});

describe('spectralNorm', () => {
  test('as in PyTorch, from the same seed', () => {
    manualSeed(3);
    const net = spectralNorm(fill(new nn.Linear(2, 3, f64)));
    const state = () => net.stateDict();
    expect(Object.keys(state())).toEqual([
      'bias',
      'parametrizations.weight.original',
      'parametrizations.weight.0._u',
      'parametrizations.weight.0._v',
    ]);
    expectClose(
      state()['parametrizations.weight.0._u'],
      [-0.4251754121411401, 0.7636525112074102, -0.4858607938877433],
      1e-12,
    );
    expectClose(state()['parametrizations.weight.0._v'], [0.6722353547724826, -0.7403375093792792], 1e-12);
    net(x).pow(2).sum().backward();
    expectClose(
      list(net).original!.grad,
      [
        [-4.840041833150493, -6.061836309970415],
        [0.33933649209731875, 6.744731387462737],
        [5.089415157998683, -1.5155291067227825],
      ],
      1e-11,
    );
    expectClose(
      state()['parametrizations.weight.0._u'],
      [-0.4270669021257996, 0.7640931682241686, -0.48350335198613154],
      1e-12,
    );
    net.eval();
    const expected = [
      [-0.6733188441432699, -0.034529171494526695],
      [0.6042605011542166, -0.48340840092337334],
      [0.1553812717253701, 0.7941709443741135],
    ];
    expectClose(net.weight, expected, 1e-12);
    expectClose(net.weight, expected, 1e-12);
    expect(String(net)).toContain('(0): _SpectralNorm()');
  });

  test('of a transposed convolution, and of a vector', () => {
    manualSeed(3);
    const net = spectralNorm(fill(new nn.ConvTranspose1d(2, 3, 2, f64)), { nPowerIterations: 2 });
    expect(net.stateDict()['parametrizations.weight.0._u'].shape).toEqual([3]);
    expectClose(
      net.weight,
      [
        [
          [-0.49146203918417186, -0.02520318149662422],
          [0.4410556761909234, -0.3528445409527388],
          [0.11341431673480899, 0.5796731744223568],
        ],
        [
          [-0.21422704272130613, 0.2520318149662416],
          [-0.5418684021774204, -0.07560954448987266],
          [0.3906493131976751, -0.4032509039459864],
        ],
      ],
      1e-12,
    );
    const norm = spectralNorm(fill(new nn.LayerNorm(3)));
    expectClose(norm.weight!.norm(), 1, 1e-12);
  });

  test('rejects missing names', () => {
    expect(() => spectralNorm(new nn.Linear(2, 2), { dim: 4 })).toThrow(/spectralNorm/);
    expect(() => spectralNorm(new nn.Linear(2, 2), { nPowerIterations: 0 })).toThrow(ValueError);
    expect(() => spectralNorm(new nn.Linear(2, 2), { name: 'foo' })).toThrow(/has no parameter or buffer foo/);
  });
});

describe('orthogonal', () => {
  const linear = (n: number, k: number) => fill(new nn.Linear(k, n, { bias: false }));
  /** Adds numbers below the diagonal, of a wide matrix above it; then the gradient of a weighted sum. */
  function moved(net: nn.Linear): Tensor {
    const [n, k] = net.weight.shape;
    const by = tensor(
      Array.from({ length: n }, (_, i) => Array.from({ length: k }, (_, j) => 0.1 * i - 0.2 * j)),
      f64,
    );
    noGrad(() => list(net).original!.add_(n >= k ? by.tril(-1) : by.triu(1)));
    const { weight } = net;
    const weights = tensor(
      Float64Array.from({ length: n * k }, (_, i) => i + 1),
      f64,
    ).view([n, k]);
    weight.mul(weights).sum().backward();
    return weight;
  }
  const first = [
    [-0.7657369800333489, -0.4969710361205575, -0.40824829046386224],
    [-0.5497598831008659, 0.17634456120406897, 0.8164965809277259],
    [-0.3337827861683836, 0.8496601585286929, -0.40824829046386385],
  ];

  test.each([
    [
      'matrixExp',
      3,
      3,
      true,
      first,
      [
        [-0.8769281254722615, -0.41449383913733645, -0.24329389649742014],
        [-0.35664330147925183, 0.22185450340121748, 0.907516465322023],
        [-0.3221841372036886, 0.8825958512466454, -0.3423769050279588],
      ],
      [
        [0, 0, 0],
        [12.040437302325358, 0, 0],
        [9.023036893139956, -7.503210216167054, 0],
      ],
    ],
    [
      'cayley',
      3,
      3,
      true,
      first,
      [
        [-0.8765550908521088, -0.4148564325762846, -0.2440190833753164],
        [-0.35748554296904, 0.2217068325075643, 0.9072211235347163],
        [-0.3222658208209207, 0.8824625888781582, -0.34264342976493334],
      ],
      [
        [0, 0, 0],
        [11.946451342495028, 0, 0],
        [8.886299327791301, -7.47124515227641, 0],
      ],
    ],
    [
      'householder',
      3,
      3,
      true,
      first,
      [
        [-0.9429939566107979, -0.3260979424561428, -0.06650210313503291],
        [-0.1527660422227794, 0.24659715373643346, 0.957001765992455],
        [-0.2956770774664489, 0.9126061448921762, -0.2823563177368974],
      ],
      [
        [0, 0, 0],
        [20.57038165208641, 0, 0],
        [16.80731731194646, -12.643180634565457, 0],
      ],
    ],
    [
      'matrixExp',
      3,
      2,
      false,
      [
        [0.9365410268462464, -0.35049350517256533],
        [0.31026071055441223, 0.8376597019091194],
        [0.1631845474303535, 0.41890395871771663],
      ],
      [
        [0.8625514137629386, -0.47753121560625233],
        [0.34957837956979726, 0.8014045374711546],
        [0.36578684387619903, 0.3601592778789132],
      ],
      [
        [0, 0],
        [-1.549810454430569, 0],
        [1.5456755937307503, 3.5407286907873488],
      ],
    ],
    [
      'cayley',
      2,
      3,
      false,
      [
        [0.9432921905640789, -0.09274426116045684, 0.31874495328180874],
        [-0.05583112239012575, 0.9021801822586226, 0.4277309955012114],
      ],
      [
        [0.9750275972034834, -0.2119465227523611, -0.06633141175027604],
        [0.21979639396541154, 0.9636943456396418, 0.1516006378020362],
      ],
      [
        [0, -0.18100413668077886, 3.192920432903717],
        [0, 0, 4.850482408158371],
      ],
    ],
    [
      'householder',
      3,
      2,
      false,
      [
        [-0.7335026763130945, -0.16444428158727814],
        [0.6582716325886743, -0.41351548342428457],
        [0.169269848379945, 0.8955238819940116],
      ],
      [
        [-0.8370061538336808, -0.40994568030632667],
        [0.5138749098713338, -0.361284578690546],
        [-0.18802466712981267, 0.8375070103578703],
      ],
      [
        [0, 0],
        [-6.793369936535501, 0],
        [-13.712747046798752, -10.20707999170954],
      ],
    ],
    [
      'householder',
      2,
      3,
      false,
      [
        [-0.743700819611562, -0.03813850356982372, 0.6674238124719144],
        [0.5293792820298356, 0.5760892186795269, 0.6227991553292187],
      ],
      [
        [-0.21621422827508252, 0.21664161328473377, 0.9520072577899806],
        [0.6073038060360192, 0.7933265041919432, -0.042604517609707515],
      ],
      [
        [0, 2.5846415820007955, 1.886534077080209],
        [0, 0, 3.86342852447887],
      ],
    ],
  ] as const)(
    '%s of %i × %i, useTrivialization %s',
    (orthogonalMap, n, k, useTrivialization, start, after, gradient) => {
      const net = orthogonal(linear(n, k), { orthogonalMap, useTrivialization });
      expect(Object.keys(net.stateDict())).toEqual([
        'parametrizations.weight.original',
        ...(useTrivialization ? ['parametrizations.weight.0.base'] : []),
      ]);
      expectClose(net.weight, start as never, 1e-11);
      expectClose(moved(net), after as never, 1e-11);
      expectClose(list(net).original!.grad, gradient as never, 1e-10);
    },
  );

  test('stays orthogonal, can be set, and works for large angles', () => {
    const net = orthogonal(new nn.Linear(3, 5).double());
    noGrad(() => list(net).original!.add_(ones([5, 3], f64).tril(-1)));
    const isOne = () =>
      expectClose(
        net.weight.t().matmul(net.weight),
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
        1e-10,
      );
    isOne();
    const q = net.weight.detach().flip(0);
    net.weight = q as nn.Parameter;
    expectClose(net.weight, q.tolist(), 1e-10);
    const square = orthogonal(new nn.Linear(4, 4).double());
    noGrad(() => list(square).original!.add_(7));
    expectClose(
      square.weight.matmul(square.weight.t()),
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ],
      1e-9,
    );
  });

  test('rejects tensors that are not matrices', () => {
    expect(() => orthogonal(linear(2, 2), { orthogonalMap: 'x' as never })).toThrow(
      /use 'matrixExp', 'cayley' or 'householder'/,
    );
    expect(() => orthogonal(new nn.Linear(2, 2), { name: 'bias' })).toThrow(ShapeError);
    expect(() => orthogonal(linear(2, 2), { name: 'foo' })).toThrow(/has no parameter or buffer foo/);
    const net = orthogonal(linear(2, 2), { useTrivialization: false });
    expect(() => {
      net.weight = ones([2, 2], f64) as nn.Parameter;
    }).toThrow(/without useTrivialization/);
  });
});
