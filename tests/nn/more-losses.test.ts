// Losses in closed form, their reductions, and first and second derivatives; tests/oracle has PyTorch's values.
import { describe, expect, test } from 'vitest';
import { DtypeError, grad, gradcheck, gradgradcheck, nn, ShapeError, type Tensor, tensor, ValueError } from '../../src';
import type { NestedInput } from '../../src/tensor/nested';
import { expectClose } from '../support/close';
import { double, ints } from '../support/tensors';

const F = nn.functional;
type Reduction = { reduction?: 'none' | 'mean' | 'sum' };

describe('closed forms', () => {
  const none = { reduction: 'none' } as const;

  test('absolute, smooth and Huber errors', () => {
    const [x, t] = [double([0, 0.5, -3]), double([0, 0, 0])];
    expectClose(F.l1Loss(x, t, none), [0, 0.5, 3], 1e-15);
    expectClose(F.smoothL1Loss(x, t, { ...none, beta: 2 }), [0, 0.0625, 2], 1e-15);
    expectClose(F.smoothL1Loss(x, t, { ...none, beta: 0 }), [0, 0.5, 3], 1e-15);
    expectClose(F.huberLoss(x, t, { ...none, delta: 2 }), [0, 0.125, 4], 1e-15);
  });

  test('weights: the mean is the weighted mean, but for Huber the mean of all elements, as in PyTorch', () => {
    const x = tensor(
      [
        [1, 2],
        [3, 5],
      ],
      { dtype: 'float64', requiresGrad: true },
    );
    const [t, weight] = [
      double([
        [0, 2.5],
        [3, 1],
      ]),
      double([
        [1, 2],
        [0.5, 3],
      ]),
    ];
    for (const [loss, each, sum, mean] of [
      [
        F.mseLoss,
        [
          [1, 0.5],
          [0, 48],
        ],
        49.5,
        49.5 / 6.5,
      ],
      [
        F.l1Loss,
        [
          [1, 1],
          [0, 12],
        ],
        14,
        14 / 6.5,
      ],
      [
        F.huberLoss,
        [
          [0.5, 0.25],
          [0, 10.5],
        ],
        11.25,
        11.25 / 4,
      ],
    ] as const) {
      expectClose(
        loss(x, t, { weight, ...none }),
        each.map((row) => [...row]),
        1e-15,
      );
      expectClose(loss(x, t, { weight, reduction: 'sum' }), sum, 1e-15);
      expectClose(loss(x, t, { weight }), mean, 1e-15);
      expect(loss(x, t, { weight: null }).item()).toBe(loss(x, t).item());
      expect(gradcheck((a) => loss(a, t, { weight }), [x])).toBe(true);
      expect(() => loss(x, t, { weight: double([1, 2]) })).toThrow(
        new ShapeError(`${loss.name}: a weight of shape [2] does not fit an input of shape [2, 2]; they must be equal`),
      );
    }
  });

  test('an infinite difference has the slope of the linear part', () => {
    const x = tensor([Number.POSITIVE_INFINITY, -1], { requiresGrad: true });
    F.huberLoss(x, tensor([0, 0]), { reduction: 'sum', delta: 2 }).backward();
    expect(x.grad!.tolist()).toEqual([2, -1]);
  });

  test('likelihoods', () => {
    const one = double([1]);
    const normal = F.gaussianNllLoss(double([3]), one, double([4]), { full: true });
    expectClose(normal, 0.5 * (Math.log(4) + 1 + Math.log(2 * Math.PI)), 1e-14);
    expectClose(F.poissonNllLoss(double([2]), one, { logInput: false, eps: 0 }), 2 - Math.log(2), 1e-14);
    expectClose(F.poissonNllLoss(double([2]), one), Math.exp(2) - 2, 1e-14);
    const three = F.poissonNllLoss(double([0]), double([3]), { full: true });
    expectClose(three, 1 + 3 * Math.log(3) - 3 + 0.5 * Math.log(6 * Math.PI), 1e-14);
  });

  test('binary cross-entropy of probabilities and of scores', () => {
    const [p, t] = [double([0.25, 0.75, 0, 1]), double([0, 1, 0, 1])];
    expectClose(F.binaryCrossEntropy(p, t, none), [Math.log(4 / 3), Math.log(4 / 3), 0, 0], 1e-14);
    expectClose(F.binaryCrossEntropy(double([0]), double([1]), none), [100], 1e-14);
    const scores = double([-800, 0, 800]);
    expectClose(F.binaryCrossEntropyWithLogits(scores, double([1, 1, 0]), none), [800, Math.log(2), 800], 1e-14);
    const posWeight = double([3]);
    expectClose(F.binaryCrossEntropyWithLogits(double([0]), double([1]), { posWeight }), 3 * Math.log(2), 1e-14);
  });

  test('divergence is 0 for equal distributions, and its batch mean divides by the batch size', () => {
    const t = double([
      [0.5, 0.5],
      [1, 0],
    ]);
    const x = double([
      [0.5, 0.5],
      [0.25, 0.75],
    ]).log();
    expectClose(F.klDiv(x, t, { reduction: 'none' }).sum(1), [0, Math.log(4)], 1e-14);
    expectClose(F.klDiv(x, t, { reduction: 'batchmean' }), Math.log(4) / 2, 1e-14);
  });

  test('margins', () => {
    expectClose(F.hingeEmbeddingLoss(double([0.3, 0.3, 2]), double([1, -1, -1]), none), [0.3, 0.7, 0], 1e-14);
    expectClose(
      F.marginRankingLoss(double([1, 1]), double([3, 3]), double([1, -1]), { ...none, margin: 0.5 }),
      [2.5, 0],
      1e-14,
    );
    expectClose(F.softMarginLoss(double([2]), double([-1])), Math.log(1 + Math.exp(2)), 1e-14);
    const [a, b] = [
      double([
        [1, 0],
        [1, 0],
      ]),
      double([
        [0, 1],
        [1, 0],
      ]),
    ];
    expectClose(F.cosineEmbeddingLoss(a, b, double([1, -1]), none), [1, 1], 1e-11);
    expectClose(F.multiMarginLoss(double([[1, 0.5, 3]]), ints([0]), none), [(0.5 + 3) / 3], 1e-14);
    expectClose(F.multiMarginLoss(double([[1, 0.5, 3]]), ints([0]), { ...none, p: 2 }), [(0.25 + 9) / 3], 1e-14);
    // Classes 2 and 0 against class 1; entries after -1 are ignored.
    expectClose(F.multilabelMarginLoss(double([0.2, 0.1, 1]), ints([2, 0, -1])), (0.1 + 0.9) / 3, 1e-14);
    const far = F.tripletMarginLoss(double([[0, 0]]), double([[3, 4]]), double([[0, 1]]), { eps: 0 });
    expectClose(far, 5, 1e-14);
    expectClose(
      F.tripletMarginLoss(double([[0, 0]]), double([[0, 9]]), double([[0, 10]]), { eps: 0, swap: true }),
      9,
      1e-14,
    );
  });
});

/** Every loss on a case away from its kinks. */
const all: [string, (options: Reduction, ...x: Tensor[]) => Tensor, Tensor[]][] = [
  ['l1Loss', (o, x, t) => F.l1Loss(x, t, o), [double([0.3, -2]), double([1, 1])]],
  ['smoothL1Loss', (o, x, t) => F.smoothL1Loss(x, t, o), [double([0.3, -2]), double([1, 1])]],
  ['huberLoss', (o, x, t) => F.huberLoss(x, t, o), [double([0.3, -2]), double([1, 1])]],
  [
    'gaussianNllLoss',
    (o, x, t, v) => F.gaussianNllLoss(x, t, v, o),
    [double([0.3, -2]), double([1, 1]), double([0.5, 2])],
  ],
  ['poissonNllLoss', (o, x, t) => F.poissonNllLoss(x, t, { ...o, full: true }), [double([0.3, -2]), double([0.4, 3])]],
  ['binaryCrossEntropy', (o, x, t) => F.binaryCrossEntropy(x, t, o), [double([0.3, 0.8]), double([0.1, 0.9])]],
  ['with logits', (o, x, t) => F.binaryCrossEntropyWithLogits(x, t, o), [double([0.3, -2]), double([0.1, 0.9])]],
  ['klDiv', (o, x, t) => F.klDiv(x, t, o), [double([-0.3, -2]), double([0.1, 0.9])]],
  ['hingeEmbeddingLoss', (o, x) => F.hingeEmbeddingLoss(x, double([1, -1]), o), [double([0.3, 0.2])]],
  ['marginRankingLoss', (o, a, b) => F.marginRankingLoss(a, b, double([1, -1]), o), [double([0.3, 2]), double([1, 1])]],
  ['softMarginLoss', (o, x) => F.softMarginLoss(x, double([1, -1]), o), [double([0.3, -2])]],
  [
    'cosineEmbeddingLoss',
    (o, a, b) => F.cosineEmbeddingLoss(a, b, double([1, -1]), o),
    [
      double([
        [0.3, -2],
        [1, 0.5],
      ]),
      double([
        [1, 1],
        [0.7, 0.2],
      ]),
    ],
  ],
  [
    'multiMarginLoss',
    (o, x) => F.multiMarginLoss(x, ints([2, 0]), { ...o, p: 2 }),
    [
      double([
        [0.3, -2, 1],
        [0.1, 0.7, 2],
      ]),
    ],
  ],
  [
    'multilabelMarginLoss',
    (o, x) =>
      F.multilabelMarginLoss(
        x,
        ints([
          [2, -1, 0],
          [0, 1, -1],
        ]),
        o,
      ),
    [
      double([
        [0.3, -2, 1],
        [0.1, 0.7, 2],
      ]),
    ],
  ],
  [
    'multilabelSoftMarginLoss',
    (o, x, t) => F.multilabelSoftMarginLoss(x, t, o),
    [
      double([
        [0.3, -2],
        [1, 3],
      ]),
      double([
        [0, 1],
        [1, 0],
      ]),
    ],
  ],
  [
    'tripletMarginLoss',
    (o, a, p, n) => F.tripletMarginLoss(a, p, n, o),
    [double([[0.3, -2]]), double([[1, 1]]), double([[0.7, 0.2]])],
  ],
];

describe.each(all)('%s', (_, loss, inputs) => {
  test('mean and sum are those of its elements', () => {
    const each = loss({ reduction: 'none' }, ...inputs);
    expectClose(loss({}, ...inputs), each.mean().item(), 1e-14);
    expectClose(loss({ reduction: 'sum' }, ...inputs), each.sum().item(), 1e-14);
  });

  test('first and second derivatives', () => {
    const xs = inputs.map((x) => x.clone().requiresGrad_());
    const f = (...given: Tensor[]) => loss({ reduction: 'none' }, ...given);
    expect(gradcheck(f, xs)).toBe(true);
    expect(gradgradcheck(f, xs)).toBe(true);
  });

  test('rejects an unknown reduction', () => {
    expect(() => loss({ reduction: 'average' } as unknown as Reduction, ...inputs)).toThrow(
      /reduction is 'average'; use 'mean', 'sum' or 'none'/,
    );
  });
});

test('modules pass their options on', () => {
  const [x, t] = [double([0.5, -3]), double([0, 0])];
  expectClose(new nn.HuberLoss({ delta: 2, reduction: 'sum' })(x, t), 4.125, 1e-15);
  expectClose(new nn.SmoothL1Loss({ beta: 0, reduction: 'sum' })(x, t), 3.5, 1e-15);
  const weighted = new nn.BCEWithLogitsLoss({ posWeight: double([3]), weight: double([2]) });
  expectClose(weighted(double([0]), double([1])), 6 * Math.log(2), 1e-14);
  expect(Object.keys(weighted.stateDict())).toEqual(['weight', 'posWeight']);
  expectClose(
    new nn.KLDivLoss({ reduction: 'batchmean', logTarget: true })(double([0]), double([Math.log(2)])),
    2 * Math.log(2),
    1e-14,
  );
  expectClose(
    new nn.TripletMarginLoss({ margin: 7, eps: 0 })(double([0, 0]), double([3, 4]), double([0, 1])),
    11,
    1e-14,
  );
});

describe('edge cases, with the values of PyTorch', () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  const leaf = (values: NestedInput) => double(values).requiresGrad_();

  test('where input and target are equal, smooth and Huber errors have their second derivative', () => {
    const target = double([0, 0, 0, 0, 0]);
    const curvature = (loss: (x: Tensor) => Tensor) => {
      const x = leaf([-0.5, 0, 0.5, 0.4, 0.6]);
      const [g] = grad(loss(x), [x], { createGraph: true });
      return grad(g.sum(), [x])[0].tolist();
    };
    expect(curvature((x) => F.smoothL1Loss(x, target, { beta: 0.5, reduction: 'sum' }))).toEqual([0, 2, 0, 2, 0]);
    expect(curvature((x) => F.huberLoss(x, target, { delta: 0.5, reduction: 'sum' }))).toEqual([0, 1, 0, 1, 0]);
  });

  test('class margins ignore NaN', () => {
    const x = leaf([
      [1, nan, 2],
      [nan, 1, 2],
    ]);
    const y = F.multiMarginLoss(x, ints([0, 0]));
    y.backward();
    expectClose(y, 1 / 3);
    expectClose(x.grad, [
      [-1 / 6, 0, 1 / 6],
      [0, 0, 0],
    ]);
    const z = leaf([1, nan, 2]);
    F.multilabelMarginLoss(z, ints([0, -1, 0])).backward();
    expectClose(z.grad, [-1 / 3, 0, 1 / 3]);
  });

  test('an infinite gradient affects only the class of the case', () => {
    const x = leaf([[1, 0, 2]]);
    F.nllLoss(x, ints([0]), { reduction: 'none' }).backward(double([inf]));
    expect(x.grad!.tolist()).toEqual([[-inf, 0, 0]]);
  });

  test('the class of a single case may be a list of one', () => {
    const x = tensor([-1, -2]);
    expect(F.nllLoss(x, ints([1]), { reduction: 'none' }).tolist()).toBe(2);
    expectClose(F.crossEntropy(x, ints([1])), 1.3132616);
  });

  test('probabilities of 0 and 1', () => {
    const x = leaf([0, 0.25, 1]);
    F.binaryCrossEntropy(x, double([0.5, 0.5, 0]), { reduction: 'sum' }).backward();
    expectClose(x.grad, [-500000001997.9014, -4 / 3, 1000000003995.8029], 1e-15);
    for (const t of [nan, 1.5, -0.1])
      expect(() => F.binaryCrossEntropy(tensor([0.5]), tensor([t]))).toThrow(ValueError);
  });

  test('dtypes', () => {
    const [floats, bools, whole] = [tensor([0.5, 1]), tensor([true, false]), ints([1, 0])];
    const expected = [0.47407699, Math.LN2];
    for (const target of [bools, whole, whole.to('uint8'), whole.to('float64')]) {
      const y = F.softMarginLoss(floats, target, { reduction: 'none' });
      expect(y.dtype).toBe('float32');
      expectClose(y, expected);
    }
    expect(F.huberLoss(floats, double([0, 0])).dtype).toBe('float32');
    const refused: (() => unknown)[] = [
      () => F.softMarginLoss(whole, floats),
      () => F.l1Loss(floats, bools),
      () => F.smoothL1Loss(whole, whole),
      () => F.huberLoss(whole, floats),
      () => F.binaryCrossEntropyWithLogits(floats, whole),
      () => F.klDiv(floats, whole),
    ];
    for (const call of refused) expect(call).toThrow(DtypeError);
    expect(F.smoothL1Loss(floats, bools).item()).toBeCloseTo(0.3125, 6);
    expect(F.l1Loss(whole, ints([3, 3]), { reduction: 'sum' }).item()).toBe(5);
  });
});
