import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  DtypeError,
  gradcheck,
  gradgradcheck,
  IndexError,
  manualSeed,
  nn,
  ones,
  rand,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';
import { ints } from '../support/tensors';

const { crossEntropy, mseLoss, nllLoss } = nn.functional;

afterEach(() => {
  vi.restoreAllMocks();
});

describe('mseLoss', () => {
  const a = tensor([
    [1, 2],
    [3, 5],
  ]);
  const b = tensor([
    [1, 0],
    [0, 1],
  ]);

  test('mean, sum, none', () => {
    expect(mseLoss(a, b).item()).toBe(7.25);
    expect(mseLoss(a, b, { reduction: 'sum' }).item()).toBe(29);
    expect(mseLoss(a, b, { reduction: 'none' }).tolist()).toEqual([
      [0, 4],
      [9, 16],
    ]);
    expect(new nn.MSELoss()(a, b).item()).toBe(7.25);
    expect(new nn.MSELoss({ reduction: 'sum' })(a, b).item()).toBe(29);
    expect(mseLoss(zeros([0]), zeros([0])).item()).toBeNaN();
  });

  test('gradients of both sides, first and second', () => {
    const [x, t] = [a.clone().requiresGrad_(), b.clone().requiresGrad_()];
    const loss = mseLoss(x, t);
    expect(loss.gradFn?.name).toBe('MseLossBackward0');
    loss.backward();
    expect(x.grad!.tolist()).toEqual([
      [0, 1],
      [1.5, 2],
    ]);
    expect(t.grad!.tolist()).toEqual([
      [0, -1],
      [-1.5, -2],
    ]);
    const [p, q] = [randn([2, 3], { dtype: 'float64' }), randn([2, 3], { dtype: 'float64' })].map((v) =>
      v.requiresGrad_(),
    );
    for (const reduction of ['mean', 'sum', 'none'] as const)
      expect(gradgradcheck((u, v) => mseLoss(u, v, { reduction }), [p, q])).toBe(true);
  });

  test('broadcasts one side, with one warning', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const x = tensor([1, 2, 3]).requiresGrad_();
    const t = zeros([2, 1]);
    expect(mseLoss(x, t, { reduction: 'sum' }).item()).toBe(28);
    mseLoss(x, t).backward();
    expectClose(x.grad, [2 / 3, 4 / 3, 2]);
    expect(warn.mock.calls).toEqual([
      [
        'mseLoss: an input of shape [3] meets a target of shape [2, 1]; both are stretched to [2, 3], which is seldom what was meant: give them the same shape',
      ],
    ]);
  });

  test('promotes to the wider dtype', () => {
    const loss = mseLoss(tensor([1]), tensor([3], { dtype: 'float64' }));
    expect([loss.dtype, loss.item()]).toEqual(['float64', 4]);
    expect(mseLoss(tensor([1]), tensor([3], { dtype: 'int32' })).item()).toBe(4);
  });

  test('rejects mismatched arguments', () => {
    expect(() => mseLoss(zeros([2]), zeros([3]))).toThrow(ShapeError);
    expect(() => mseLoss(zeros([2]), [1, 2] as never)).toThrow(
      new ValueError('mseLoss: the target must be a tensor, got an array (make it a tensor with tensor(…))'),
    );
    expect(() => mseLoss(null as never, zeros([2]))).toThrow(
      new ValueError('mseLoss: the input must be a tensor, got null'),
    );
    expect(() => mseLoss(ints([1]), ints([2]))).toThrow(DtypeError);
    const wrong = { reduction: 'avg' as 'mean' };
    expect(() => mseLoss(a, b, wrong)).toThrow(
      new ValueError(`mseLoss: reduction is 'avg'; use 'mean', 'sum' or 'none'`),
    );
    expect(() => new nn.MSELoss(wrong)).toThrow(
      new ValueError(`MSELoss: reduction is 'avg'; use 'mean', 'sum' or 'none'`),
    );
  });
});

describe('nllLoss', () => {
  const logs = tensor([
    [-1, -2, -3],
    [-4, -5, -6],
  ]);

  test('picks the class of each case', () => {
    expect(nllLoss(logs, ints([2, 0])).item()).toBe(3.5);
    expect(nllLoss(logs, ints([2, 0]), { reduction: 'sum' }).item()).toBe(7);
    expect(nllLoss(logs, ints([2, 0]), { reduction: 'none' }).tolist()).toEqual([3, 4]);
    expect(nllLoss(logs.at(0), tensor(1, { dtype: 'int32' })).item()).toBe(2);
    expect(new nn.NLLLoss()(logs, ints([2, 0])).item()).toBe(3.5);
    expect(nllLoss(zeros([0, 3]), ints([])).item()).toBeNaN();
    expect(nllLoss(zeros([0, 3]), ints([]), { reduction: 'sum' }).item()).toBe(0);
    expect(nllLoss(logs, tensor([2, 0], { dtype: 'uint8' })).item()).toBe(3.5);
  });

  test('weights and ignored cases', () => {
    const weight = tensor([1, 10, 3]);
    expect(nllLoss(logs, ints([2, 0]), { weight }).item()).toBe((3 * 3 + 4) / 4);
    expect(nllLoss(logs, ints([2, 7]), { ignoreIndex: 7 }).item()).toBe(3);
    const x = logs.clone().requiresGrad_();
    const nothing = nllLoss(x, ints([-100, -100]));
    expect(nothing.item()).toBeNaN();
    nothing.backward();
    expect(x.grad!.abs().sum().item()).toBe(0);
  });

  test('ignores the other classes', () => {
    const x = tensor([[0, Number.NEGATIVE_INFINITY]]).requiresGrad_();
    const loss = nllLoss(x, ints([0]));
    expect(loss.item()).toBe(0);
    loss.backward();
    expect(x.grad!.tolist()).toEqual([[-1, 0]]);
  });

  test('names its node as PyTorch does', () => {
    expect(nllLoss(logs.clone().requiresGrad_(), ints([0, 0])).gradFn?.name).toBe('NllLossBackward0');
    const image = zeros([1, 3, 2], { requiresGrad: true });
    expect(nllLoss(image, ints([0, 1]).view(1, 2)).gradFn?.name).toBe('NllLoss2DBackward0');
  });
});

describe('crossEntropy', () => {
  test('of equal scores is ln C', () => {
    expect(crossEntropy(zeros([4, 3]), ints([0, 1, 2, 0])).item()).toBeCloseTo(Math.log(3), 6);
    expect(new nn.CrossEntropyLoss()(zeros([3]), tensor(1, { dtype: 'int32' })).item()).toBeCloseTo(Math.log(3), 6);
  });

  test('gradient is softmax minus one-hot, over the number of cases', () => {
    const x = tensor([
      [1, 2, 3],
      [0, 0, 5],
    ]).requiresGrad_();
    crossEntropy(x, ints([0, 2])).backward();
    const p = x.detach().softmax(1);
    expectClose(
      x.grad,
      p
        .sub(
          tensor([
            [1, 0, 0],
            [0, 0, 1],
          ]),
        )
        .div(2)
        .tolist(),
      1e-7,
    );
  });

  test('huge scores do not overflow', () => {
    expect(crossEntropy(tensor([[1000, 0]]), ints([1])).item()).toBe(1000);
  });

  test('accepts one-hot probabilities as targets', () => {
    manualSeed(1);
    const x = randn([3, 4, 2]);
    const target = tensor(
      [
        [0, 3],
        [1, 1],
        [2, 0],
      ],
      { dtype: 'int32' },
    );
    const oneHot = tensor([0, 1, 2, 3]).view(1, 4, 1).eq(target.unsqueeze(1)).float();
    const weight = tensor([1, 2, 0.5, 3]);
    for (const reduction of ['sum', 'none'] as const)
      for (const labelSmoothing of [0, 0.2])
        expectClose(
          crossEntropy(x, target, { weight, reduction, labelSmoothing }),
          crossEntropy(x, oneHot, { weight, reduction, labelSmoothing }).tolist(),
          1e-5,
        );
    expectClose(crossEntropy(x, target), crossEntropy(x, oneHot).item());
  });

  test("PyTorch's values and gradients with smoothing, weights, ignored cases and probabilities as targets", () => {
    const float64 = { dtype: 'float64' } as const;
    const rows = [
      [1, 2, 0.5],
      [0.1, -0.3, 2],
      [-1, 0, 4],
    ];
    const weight = tensor([1, 2, 0.5], float64);
    const classes = ints([1, 2, 0]);
    const shares = tensor(
      [
        [0.2, 0.8, 0],
        [0, 0.5, 0.5],
        [1, 0, 0],
      ],
      float64,
    );
    // torch.nn.functional.cross_entropy in float64: the loss and the first row of the gradient.
    const cases = [
      [
        classes,
        { labelSmoothing: 0.1 },
        1.9118175065745646,
        [0.06596352142960524, -0.10160053804052362, 0.035637016610918386],
      ],
      [
        classes,
        { labelSmoothing: 0.1, weight },
        1.7856858851607809,
        [0.11709880107879592, -0.1891373918602254, 0.0720385907814294],
      ],
      [
        classes,
        { labelSmoothing: 0.3, weight, ignoreIndex: 2 },
        1.937875835611555,
        [0.10154727361292028, -0.1666898304598052, 0.06514255684688496],
      ],
      [
        classes,
        { labelSmoothing: 0.2, weight, reduction: 'sum' },
        6.434815981698958,
        [0.35724381230727326, -0.5810251814451022, 0.2237813691378289],
      ],
      [
        shares,
        { labelSmoothing: 0.2, weight },
        2.8314400945092806,
        [0.05341599622924314, -0.12053008550632807, 0.06711408927708491],
      ],
      [
        classes,
        { labelSmoothing: 1 },
        1.9818175065745645,
        [-0.03403647857039476, 0.09839946195947635, -0.06436298338908161],
      ],
    ] as const;
    for (const [target, options, value, gradient] of cases) {
      const x = tensor(rows, { ...float64, requiresGrad: true });
      const loss = crossEntropy(x, target, options);
      loss.backward();
      expect(loss.item()).toBeCloseTo(value, 13);
      for (const [k, slope] of (x.grad!.at(0).tolist() as number[]).entries())
        expect(slope).toBeCloseTo(gradient[k]!, 13);
    }
  });

  test('smoothing excludes ignored cases and divides by their weights', () => {
    manualSeed(1);
    const x = randn([3, 4]);
    const weight = tensor([1, 2, 0.5, 3]);
    const kept = { weight, labelSmoothing: 0.3 };
    expectClose(crossEntropy(x, ints([1, -100, 3]), kept), crossEntropy(x.at([0, 2]), ints([1, 3]), kept).item());
  });

  test.each([0, 0.25])('gradients with smoothing %d, first and second', (labelSmoothing) => {
    manualSeed(1);
    const x = rand([2, 3], { dtype: 'float64', requiresGrad: true });
    const weight = tensor([1, 2, 0.5], { dtype: 'float64' });
    const target = rand([2, 3], { dtype: 'float64', requiresGrad: true });
    for (const reduction of ['mean', 'sum', 'none'] as const) {
      const options = { weight, reduction, labelSmoothing };
      const byClass = (u: Tensor) => crossEntropy(u, ints([2, 0]), options);
      const byProbability = (u: Tensor, t: Tensor) => crossEntropy(u, t, options);
      expect(gradcheck(byClass, [x]) && gradgradcheck(byClass, [x])).toBe(true);
      expect(gradcheck(byProbability, [x, target]) && gradgradcheck(byProbability, [x, target])).toBe(true);
    }
  });

  const x = zeros([2, 3]);
  test.each<[string, () => unknown, new (m: string) => Error, string]>([
    [
      'a target of another length',
      () => crossEntropy(x, ints([0, 1, 2])),
      ShapeError,
      'a target of shape [3] does not fit an input of shape [2, 3]; expected [2]',
    ],
    ['a scalar', () => crossEntropy(zeros([]), zeros([])), ShapeError, 'the input is a single number'],
    [
      'an invalid class',
      () => crossEntropy(x, ints([0, 3])),
      IndexError,
      'target 3 is not a class: there are 3, numbered from 0 to 2',
    ],
    [
      'classes in an array',
      () => crossEntropy(x, [0, 1] as never),
      ValueError,
      'the target must be a tensor, got an array',
    ],
    [
      'no input',
      () => crossEntropy(undefined as never, ints([0])),
      ValueError,
      'the input must be a tensor, got undefined',
    ],
    ['a negative class', () => crossEntropy(x, ints([0, -1])), IndexError, 'target -1 is not a class'],
    ['classes as floats', () => crossEntropy(x, tensor([0, 1.5])), DtypeError, 'got 1.5 in float32'],
    [
      'probabilities as integers',
      () => crossEntropy(x, zeros([2, 3], { dtype: 'int32' })),
      DtypeError,
      'holds probabilities',
    ],
    [
      'probabilities with ignoreIndex',
      () => crossEntropy(x, zeros([2, 3]), { ignoreIndex: 1 }),
      ValueError,
      'ignoreIndex 1 has no meaning',
    ],
    [
      'too few weights',
      () => crossEntropy(x, ints([0, 1]), { weight: ones([2]) }),
      ShapeError,
      'weights of shape [2] for 3 classes',
    ],
    [
      'weights of another dtype',
      () => crossEntropy(x, ints([0, 1]), { weight: ones([3], { dtype: 'float64' }) }),
      DtypeError,
      'crossEntropy: weight is float64, the input is float32',
    ],
    [
      'smoothing above 1',
      () => crossEntropy(x, ints([0, 1]), { labelSmoothing: 1.1 }),
      ValueError,
      'labelSmoothing is 1.1',
    ],
    [
      'an integer input',
      () => crossEntropy(zeros([2, 3], { dtype: 'int32' }), ints([0, 1])),
      DtypeError,
      'needs a float32 or float64',
    ],
    [
      'an unknown reduction',
      () => new nn.CrossEntropyLoss({ reduction: 'all' as 'sum' }),
      ValueError,
      "CrossEntropyLoss: reduction is 'all'",
    ],
  ])('rejects %s', (_, run, error, message) => {
    expect(run).toThrow(error);
    expect(run).toThrow(message);
  });
});

describe('modules', () => {
  test('weights are buffers, saved but not trained', () => {
    const loss = new nn.CrossEntropyLoss({ weight: tensor([1, 2, 3]), labelSmoothing: 0.1, ignoreIndex: 1 });
    expect([loss.parameters(), loss.namedBuffers().map(([name]) => name)]).toEqual([[], ['weight']]);
    expect(loss.stateDict().weight.tolist()).toEqual([1, 2, 3]);
    expect([loss.labelSmoothing, loss.ignoreIndex, loss.reduction]).toEqual([0.1, 1, 'mean']);
    expect(String(loss)).toBe('CrossEntropyLoss()');
    expect(new nn.NLLLoss().stateDict()).toEqual({});
  });
});
