import { describe, expect, test } from 'vitest';
import {
  arange,
  DtypeError,
  gradcheck,
  manualSeed,
  nn,
  ones,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';

const { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, convTranspose3d } = nn.functional;

describe('conv1d', () => {
  const x = tensor([[1, 2, 4, 8]]);

  test('slides the kernel without flipping it', () => {
    expect(conv1d(x, tensor([[[1, 10]]])).tolist()).toEqual([[21, 42, 84]]);
    expect(conv1d(x, tensor([[[1, 10]]]), { bias: tensor([0.5]) }).tolist()).toEqual([[21.5, 42.5, 84.5]]);
  });

  test('stride, padding and dilation', () => {
    expect(conv1d(x, tensor([[[1, 10]]]), { stride: 2 }).tolist()).toEqual([[21, 84]]);
    expect(conv1d(x, tensor([[[1, 10]]]), { padding: 1 }).tolist()).toEqual([[10, 21, 42, 84, 8]]);
    expect(conv1d(x, tensor([[[1, 10]]]), { dilation: [2] }).tolist()).toEqual([[41, 82]]);
  });

  test("'same' puts an odd zero at the end; 'valid' puts none", () => {
    expect(conv1d(x, tensor([[[1, 10]]]), { padding: 'same' }).tolist()).toEqual([[21, 42, 84, 8]]);
    expect(conv1d(x, tensor([[[1, 10, 100]]]), { padding: 'same' }).tolist()).toEqual([[210, 421, 842, 84]]);
    expect(conv1d(x, tensor([[[1, 10]]]), { padding: 'valid' }).tolist()).toEqual([[21, 42, 84]]);
  });

  test('sums over channels, within groups', () => {
    const two = tensor([
      [1, 2],
      [3, 5],
    ]);
    expect(conv1d(two, tensor([[[1], [10]]])).tolist()).toEqual([[31, 52]]);
    expect(conv1d(two, tensor([[[1]], [[10]]]), { groups: 2 }).tolist()).toEqual([
      [1, 2],
      [30, 50],
    ]);
  });

  test('accepts batches, single cases and integers', () => {
    expect(conv1d(x.unsqueeze(0), tensor([[[1, 10]]])).tolist()).toEqual([[[21, 42, 84]]]);
    expect(conv1d(zeros([0, 1, 4]), tensor([[[1, 10]]])).shape).toEqual([0, 1, 3]);
    const y = conv1d(x.to('int32'), tensor([[[1, 10]]], { dtype: 'int32' }));
    expect([y.dtype, y.tolist()]).toEqual(['int32', [[21, 42, 84]]]);
  });
});

describe('conv2d and conv3d', () => {
  test('an edge filter finds the edge', () => {
    const image = tensor([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ]).unsqueeze(0);
    const sobel = tensor([
      [-1, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ]).reshape(1, 1, 3, 3);
    expect(conv2d(image, sobel).tolist()).toEqual([[[4, 4]]]);
    expect(conv2d(image, sobel, { padding: [1, 0] }).tolist()).toEqual([
      [
        [3, 3],
        [4, 4],
        [3, 3],
      ],
    ]);
  });

  test('each dimension has its own stride', () => {
    const image = arange(12).float().reshape(1, 3, 4);
    const y = conv2d(image, ones([1, 1, 1, 1]), { stride: [2, 3] });
    expect(y.tolist()).toEqual([
      [
        [0, 3],
        [8, 11],
      ],
    ]);
  });

  test('in three dimensions', () => {
    const volume = arange(8).float().reshape(1, 1, 2, 2, 2);
    expect(conv3d(volume, ones([1, 1, 2, 2, 2])).tolist()).toEqual([[[[[28]]]]]);
    expect(conv3d(volume, ones([1, 1, 1, 2, 2])).tolist()).toEqual([[[[[6]], [[22]]]]]);
    expect(convTranspose3d(ones([1, 1, 1, 1, 1]), volume).tolist()).toEqual(volume.tolist());
  });

  test('records one node, with or without bias', () => {
    const x = ones([1, 1, 2, 2]);
    const w = ones([1, 1, 2, 2]).requiresGrad_();
    expect(conv2d(x, w).gradFn?.name).toBe('ConvolutionBackward0');
    expect(conv2d(x, w, { bias: ones([1]) }).gradFn?.name).toBe('ConvolutionBackward0');
    expect(convTranspose2d(x, w).gradFn?.name).toBe('ConvolutionBackward0');
  });

  test('gradients for the bias only, and with asymmetric padding', () => {
    const bias = zeros([2]).requiresGrad_();
    conv2d(ones([3, 1, 2, 2]), ones([2, 1, 1, 1]), { bias })
      .sum()
      .backward();
    expect(bias.grad!.tolist()).toEqual([12, 12]);
    const leaf = (shape: number[]) =>
      arange(shape.reduce((n, m) => n * m, 1))
        .to('float64')
        .sin()
        .reshape(shape)
        .detach()
        .requiresGrad_();
    const f = (x: Tensor, w: Tensor) => conv2d(x, w, { padding: 'same', dilation: [1, 2], groups: 2 }).square();
    expect(gradcheck(f, [leaf([2, 3, 4]), leaf([2, 1, 2, 2])])).toBe(true);
  });
});

describe('transposed convolution', () => {
  test('each element adds the kernel', () => {
    const w = tensor([[[1, 10, 100]]]);
    expect(convTranspose1d(tensor([[1, 2]]), w).tolist()).toEqual([[1, 12, 120, 200]]);
    expect(convTranspose1d(tensor([[1, 2]]), w, { stride: 2 }).tolist()).toEqual([[1, 10, 102, 20, 200]]);
    expect(convTranspose1d(tensor([[1, 2]]), w, { stride: 2, padding: 1 }).tolist()).toEqual([[10, 102, 20]]);
    expect(convTranspose1d(tensor([[1, 2]]), w, { stride: 2, padding: 1, outputPadding: 1 }).tolist()).toEqual([
      [10, 102, 20, 200],
    ]);
    expect(convTranspose1d(tensor([[1, 2]]), w, { dilation: 2, bias: tensor([0.5]) }).tolist()).toEqual([
      [1.5, 2.5, 10.5, 20.5, 100.5, 200.5],
    ]);
  });

  test('groups', () => {
    const y = convTranspose2d(ones([2, 1, 1]), arange(8).float().reshape(2, 2, 1, 2), { groups: 2 });
    expect(y.tolist()).toEqual([[[0, 1]], [[2, 3]], [[4, 5]], [[6, 7]]]);
  });
});

describe('rejects', () => {
  const x = ones([1, 2, 4, 4]);
  const w = ones([4, 2, 3, 3]);
  test.each<[string, () => Tensor, Error]>([
    [
      'channels',
      () => conv2d(ones([1, 3, 4, 4]), w),
      new ShapeError('conv2d: an input of shape [1, 3, 4, 4] has 3 channels; a weight of shape [4, 2, 3, 3] needs 2'),
    ],
    [
      'a kernel larger than the input',
      () => conv2d(ones([1, 2, 1, 4]), w, { dilation: [1, 2] }),
      new ShapeError(
        'conv2d: a kernel of [3, 5] places does not fit an input of shape [1, 2, 1, 4], which is [1, 4] with its padding',
      ),
    ],
    [
      'groups',
      () => conv2d(x, w, { groups: 3 }),
      new ShapeError('conv2d: 3 groups do not divide the 4 channels of a weight of shape [4, 2, 3, 3]'),
    ],
    [
      'dimensions',
      () => conv2d(ones([4, 4]), w),
      new ShapeError('conv2d: the input has shape [4, 4]; expected [N, C, H, W], or [C, H, W] for a single case'),
    ],
    ['bias', () => conv2d(x, w, { bias: ones([2]) }), new ShapeError('conv2d: the bias has shape [2]; expected [4]')],
    [
      'stride',
      () => conv2d(x, w, { stride: 0 }),
      new ValueError('conv2d: stride is 0; it must be a whole number, 1 or more, or a list of 2'),
    ],
    [
      'padding',
      () => conv2d(x, w, { padding: [1, 1, 1] }),
      new ValueError('conv2d: padding is [1, 1, 1]; it must be a whole number, 0 or more, or a list of 2'),
    ],
    [
      "stride with 'same'",
      () => conv2d(x, w, { padding: 'same', stride: 2 }),
      new ValueError("conv2d: padding 'same' needs a stride of 1, got [2, 2]"),
    ],
    [
      'dtypes',
      () => conv2d(x, w.to('float64')),
      new DtypeError(
        "conv2d: input, weight and bias must have one dtype, and not bool, got float32, float64; convert with to('float32')",
      ),
    ],
    [
      'outputPadding',
      () => convTranspose2d(x, ones([2, 1, 3, 3]), { outputPadding: 1 }),
      new ValueError(
        'convTranspose2d: outputPadding [1, 1] must be less than the stride [1, 1] or the dilation [1, 1]',
      ),
    ],
    [
      'an empty output',
      () => convTranspose2d(x, ones([2, 1, 1, 1]), { padding: 2 }),
      new ShapeError(
        'convTranspose2d: an input of shape [1, 2, 4, 4] gives an output of [0, 0]; every size must be 1 or more',
      ),
    ],
    [
      'channels of a transposed convolution',
      () => convTranspose2d(x, ones([4, 1, 1, 1])),
      new ShapeError(
        'convTranspose2d: an input of shape [1, 2, 4, 4] has 2 channels; a weight of shape [4, 1, 1, 1] needs 4',
      ),
    ],
  ])('%s', (_, run, error) => {
    expect(run).toThrow(error);
    expect(run).toThrow(error.constructor as never);
  });
});

describe('modules', () => {
  test("start with PyTorch's draws: the weight, then the bias, uniform in ±1/√fan", () => {
    for (const [make, shape, out] of [
      [() => new nn.Conv2d(4, 6, [3, 5], { groups: 2 }), [6, 2, 3, 5], 6],
      [() => new nn.Conv1d(3, 2, 4), [2, 3, 4], 2],
      [() => new nn.ConvTranspose2d(4, 6, 3, { groups: 2 }), [4, 3, 3, 3], 6],
      [() => new nn.ConvTranspose1d(5, 2, 2), [5, 2, 2], 2],
      [() => new nn.Conv3d(1, 2, 2), [2, 1, 2, 2, 2], 2],
    ] as const) {
      manualSeed(420);
      const conv = make();
      const next = rand(1).item();
      manualSeed(420);
      const bound = 1 / Math.sqrt(shape.slice(1).reduce<number>((n, m) => n * m, 1));
      const drawn = (sizes: readonly number[]) =>
        rand([...sizes])
          .mul(2 * bound)
          .sub(bound)
          .tolist();
      expectClose(conv.weight, drawn(shape), 1e-7);
      expectClose(conv.bias, drawn([out]), 1e-7);
      expect(rand(1).item()).toBe(next);
    }
  });

  test('without a bias', () => {
    const conv = new nn.Conv1d(1, 2, 2, { bias: false, dtype: 'float64' });
    expect(conv.namedParameters().map(([name]) => name)).toEqual(['weight']);
    expect(conv(ones([1, 3], { dtype: 'float64' })).dtype).toBe('float64');
  });

  test('pad in four ways', () => {
    const run = (paddingMode: nn.PaddingMode, padding: number | 'same' = 1, kernel = 3) => {
      const conv = new nn.Conv1d(1, 1, kernel, { padding, paddingMode, bias: false });
      conv.loadStateDict({ weight: ones([1, 1, kernel]) });
      expect(conv(tensor([[[1, 2, 3]]])).tolist()).toEqual([conv(tensor([[1, 2, 3]])).tolist()]);
      return conv(tensor([[1, 2, 3]])).tolist();
    };
    expect(run('zeros')).toEqual([[3, 6, 5]]);
    expect(run('reflect')).toEqual([[5, 6, 7]]);
    expect(run('replicate')).toEqual([[4, 6, 8]]);
    expect(run('circular')).toEqual([[6, 6, 6]]);
    expect(run('replicate', 'same', 2)).toEqual([[3, 5, 6]]);
    const conv = new nn.Conv2d(1, 1, [1, 3], { padding: [0, 1], paddingMode: 'circular', bias: false });
    conv.loadStateDict({ weight: ones([1, 1, 1, 3]) });
    expect(conv(tensor([[[1, 2, 3]]])).tolist()).toEqual([[[6, 6, 6]]]);
  });

  test('a transposed convolution accepts its output size', () => {
    const conv = new nn.ConvTranspose1d(1, 1, 3, { stride: 2, bias: false });
    conv.loadStateDict({ weight: tensor([[[1, 10, 100]]]) });
    const x = tensor([[1, 2]]);
    expect(conv(x).tolist()).toEqual([[1, 10, 102, 20, 200]]);
    expect(conv(x, { outputSize: [6] }).tolist()).toEqual([[1, 10, 102, 20, 200, 0]]);
    expect(conv(x, { outputSize: [1, 6] }).shape).toEqual([1, 6]);
    expect(() => conv(x, { outputSize: [7] })).toThrow(
      new ValueError('ConvTranspose1d: outputSize is [7]; for an input of shape [1, 2] it must be from [5] to [6]'),
    );
    expect(() => conv(x, { outputSize: [1, 1, 6] })).toThrow(ShapeError);
  });

  test("print as PyTorch's", () => {
    expect(String(new nn.Conv2d(1, 6, 5, { padding: 2 }))).toBe(
      'Conv2d(1, 6, kernelSize=(5, 5), stride=(1, 1), padding=(2, 2))',
    );
    expect(String(new nn.Conv1d(4, 4, 3, { padding: 'same', groups: 2, dilation: 2, bias: false }))).toBe(
      'Conv1d(4, 4, kernelSize=(3,), stride=(1,), padding=same, dilation=(2,), groups=2, bias=False)',
    );
    expect(String(new nn.Conv2d(1, 1, 3, { padding: 1, paddingMode: 'reflect' }))).toBe(
      'Conv2d(1, 1, kernelSize=(3, 3), stride=(1, 1), padding=(1, 1), paddingMode=reflect)',
    );
    expect(String(new nn.ConvTranspose2d(2, 3, [2, 4], { stride: 2, outputPadding: [1, 0] }))).toBe(
      'ConvTranspose2d(2, 3, kernelSize=(2, 4), stride=(2, 2), outputPadding=(1, 0))',
    );
  });

  test('work in a Sequential', () => {
    const net = new nn.Sequential(
      new nn.Conv2d(1, 2, 3),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.ConvTranspose2d(2, 1, 2, { stride: 2 }),
    );
    expect(net(rand([5, 1, 6, 6])).shape).toEqual([5, 1, 4, 4]);
  });

  test.each<[string, () => unknown, string]>([
    ['groups', () => new nn.Conv2d(4, 6, 3, { groups: 3 }), 'Conv2d: 3 groups do not divide 4 and 6 channels'],
    ['channels', () => new nn.Conv1d(1.5, 1, 3), 'Conv1d: inChannels is 1.5; it must be a whole number, 1 or more'],
    [
      'kernel',
      () => new nn.Conv2d(1, 1, 0),
      'Conv2d: kernelSize is 0; it must be a whole number, 1 or more, or a list of 2',
    ],
    [
      'mode',
      () => new nn.ConvTranspose2d(1, 1, 1, { paddingMode: 'circular' as 'zeros' }),
      "ConvTranspose2d: paddingMode is 'circular'; use 'zeros'",
    ],
  ])('reject an invalid %s', (_, run, message) => {
    expect(run).toThrow(new ValueError(message));
  });
});

describe('the bias of the functions', () => {
  const { functional: F } = nn;
  const spatial = (rank: number) => Array.from({ length: rank }, () => 3);
  const all = [
    ...([F.conv1d, F.conv2d, F.conv3d] as const).map((f, i) => [`conv${i + 1}d`, f, i + 1] as const),
    ...([F.convTranspose1d, F.convTranspose2d, F.convTranspose3d] as const).map(
      (f, i) => [`convTranspose${i + 1}d`, f, i + 1] as const,
    ),
  ];

  test.each(all)('%s takes it before the options or among them', (_, f, rank) => {
    const [x, weight] = [rand([1, 2, ...spatial(rank)]), rand([2, 2, ...spatial(rank).map(() => 2)])];
    const bias = tensor([1, 2]);
    const expected = f(x, weight, { bias, stride: 2 }).tolist();
    expect(f(x, weight, bias, { stride: 2 }).tolist()).toEqual(expected);
    expect(f(x, weight, bias).tolist()).toEqual(f(x, weight, { bias }).tolist());
    expect(f(x, weight, null, { stride: 2 }).tolist()).toEqual(f(x, weight, { stride: 2 }).tolist());
    expect(f(x, weight, null).tolist()).toEqual(f(x, weight).tolist());
    expect(() => f(x, weight, bias, { bias })).toThrow(
      'the bias is given twice, before the options and among them; give one',
    );
    expect(() => f(x, weight, [1, 2] as unknown as Tensor, {})).toThrow(
      'the bias must be a tensor or null, got an array',
    );
    expect(() => f(x, weight, { Stride: 2 } as object)).toThrow('there is no option Stride; did you mean stride?');
  });
});
