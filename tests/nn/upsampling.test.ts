import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arange, DtypeError, gradcheck, nn, ones, ShapeError, tensor, ValueError, zeros } from '../../src';
import { expectClose } from '../support/close';

const { interpolate, upsample, upsampleNearest, upsampleBilinear, adaptiveAvgPool2d } = nn.functional;
const row = (...values: number[]) => tensor([[values]]);
const image = (...rows: number[][]) => tensor([[rows]]);

describe('one dimension', () => {
  test('nearest uses the position rounded down, nearest-exact the one below the centre', () => {
    expect(interpolate(row(1, 2), { scaleFactor: 2 }).tolist()).toEqual([[[1, 1, 2, 2]]]);
    expect(interpolate(row(1, 2), { size: 3 }).tolist()).toEqual([[[1, 1, 2]]]);
    expect(interpolate(row(1, 2), { size: [3], mode: 'nearest-exact' }).tolist()).toEqual([[[1, 2, 2]]]);
    expect(interpolate(row(1, 2, 3, 4), { size: 2 }).tolist()).toEqual([[[1, 3]]]);
    expect(interpolate(row(1, 2, 3, 4), { size: 2, mode: 'nearest-exact' }).tolist()).toEqual([[[2, 4]]]);
    expect(interpolate(tensor([[[1, 2]]], { dtype: 'uint8' }), { size: 3 }).dtype).toBe('uint8');
  });

  test('linear, from edge to edge or from centre to centre', () => {
    expectClose(interpolate(row(0, 10), { size: 4, mode: 'linear' }), [[[0, 2.5, 7.5, 10]]]);
    expectClose(interpolate(row(0, 3), { size: 4, mode: 'linear', alignCorners: true }), [[[0, 1, 2, 3]]]);
    expectClose(interpolate(row(5, 7), { size: 1, mode: 'linear', alignCorners: true }), [[[5]]]);
    expectClose(interpolate(row(4, 6), { size: 2, mode: 'linear' }), [[[4, 6]]]);
  });

  test('a factor is used directly, or recomputed from the sizes', () => {
    const x = row(0, 1, 2, 3);
    // 6 elements, with steps of 1 / 1.7 and of 4 / 6.
    const given = [0, 1, 2, 3, 4, 5].map((i) => Math.max((i + 0.5) / 1.7 - 0.5, 0));
    const worked = [0, 1, 2, 3, 4, 5].map((i) => Math.min(Math.max(((i + 0.5) * 4) / 6 - 0.5, 0), 3));
    expectClose(interpolate(x, { scaleFactor: 1.7, mode: 'linear' }), [[given]]);
    expectClose(interpolate(x, { scaleFactor: 1.7, mode: 'linear', recomputeScaleFactor: true }), [[worked]]);
  });
});

describe('two and three dimensions', () => {
  test('bilinear', () => {
    const x = image([0, 1], [2, 3]);
    const expected = [
      [
        [
          [0, 0.5, 1],
          [1, 1.5, 2],
          [2, 2.5, 3],
        ],
      ],
    ];
    expectClose(interpolate(x, { size: [3, 3], mode: 'bilinear', alignCorners: true }), expected);
    expectClose(upsampleBilinear(x, { size: 3 }), expected);
    expectClose(upsample(x, { size: 3, mode: 'bilinear', alignCorners: true }), expected);
    expect(upsampleNearest(x, { scaleFactor: [1, 2] }).tolist()).toEqual([
      [
        [
          [0, 0, 1, 1],
          [2, 2, 3, 3],
        ],
      ],
    ]);
  });

  test('bicubic: the weights of the kernel with slope -0.75 at a quarter', () => {
    const y = interpolate(image([0, 1]), { size: [1, 4], mode: 'bicubic' });
    expectClose(y, [[[[-0.10546875, 0.2265625, 0.7734375, 1.10546875]]]]);
  });

  test('area is adaptive average pooling', () => {
    const x = arange(20).float().reshape(1, 1, 4, 5);
    expectClose(interpolate(x, { size: [3, 2], mode: 'area' }), adaptiveAvgPool2d(x, [3, 2]).tolist());
    expectClose(interpolate(ones([1, 1, 2, 2, 2]), { scaleFactor: 0.5, mode: 'area' }), [[[[[1]]]]]);
  });

  test('trilinear', () => {
    const x = arange(8).float().reshape(1, 1, 2, 2, 2);
    const y = interpolate(x, { size: 3, mode: 'trilinear', alignCorners: true });
    expect(y.at(0, 0, 1, 1, 1).item()).toBe(3.5);
    expect(y.at(0, 0, 2, 0, 1).item()).toBe(4.5);
  });

  test('antialias averages over the area of an element', () => {
    expectClose(interpolate(image([0, 7, 14, 21]), { size: [1, 2], mode: 'bilinear', antialias: true }), [[[[5, 16]]]]);
    expectClose(interpolate(image([0, 1]), { size: [1, 4], mode: 'bilinear', antialias: true }), [
      [[[0, 0.25, 0.75, 1]]],
    ]);
    // The kernel has slope -0.5 here: weights -0.0234375, 0.2265625, 0.8671875 and -0.0703125 at a quarter.
    const cubic = interpolate(image([0, 0, 1, 1]), { size: [1, 8], mode: 'bicubic', antialias: true });
    expectClose(cubic.at(0, 0, 0, 4), 0.8671875 - 0.0703125);
  });
});

const modes = ['nearest', 'nearest-exact', 'bilinear', 'bicubic', 'area'] as const;

test('every mode keeps constants, and distributes the whole gradient', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }));
  const options = fc.record({ mode: fc.constantFrom(...modes), align: fc.boolean(), antialias: fc.boolean() });
  fc.assert(
    fc.property(sizes, sizes, options, ([h, w], size, { mode, align, antialias }) => {
      const isSmooth = mode === 'bilinear' || mode === 'bicubic';
      const x = ones([1, 2, h, w], { dtype: 'float64' }).mul(3).requiresGrad_();
      const y = interpolate(x, { size, mode, ...(isSmooth ? { alignCorners: align, antialias } : {}) });
      expectClose(
        y,
        ones([1, 2, ...size])
          .mul(3)
          .tolist(),
        1e-12,
      );
      y.sum().backward();
      expectClose(x.grad!.sum(), y.numel(), 1e-12);
    }),
    { seed: 1, numRuns: 150 },
  );
});

test('gradients of every mode', () => {
  const x = arange(12).to('float64').mul(5).sin().reshape(1, 1, 3, 4).detach().requiresGrad_();
  for (const mode of modes)
    for (const size of [
      [2, 6],
      [5, 3],
    ])
      expect(gradcheck((a) => interpolate(a, { size, mode }).square(), [x])).toBe(true);
});

test.each([
  ['nearest', 'UpsampleNearest2DBackward0'],
  ['nearest-exact', 'UpsampleNearestExact2DBackward0'],
  ['bilinear', 'UpsampleBilinear2DBackward0'],
  ['bicubic', 'UpsampleBicubic2DBackward0'],
  ['area', 'AdaptiveAvgPool2DBackward0'],
] as const)('the node of %s is %s', (mode, name) => {
  expect(interpolate(ones([1, 1, 2, 2]).requiresGrad_(), { size: 3, mode }).gradFn?.name).toBe(name);
});

describe('rejects', () => {
  const x = ones([1, 1, 2, 2]);
  test.each<[string, () => unknown, Error]>([
    ['no size', () => interpolate(x), new ValueError('interpolate: give either size or scaleFactor, got neither')],
    [
      'two sizes',
      () => interpolate(x, { size: 2, scaleFactor: 2 }),
      new ValueError('interpolate: give either size or scaleFactor, got both'),
    ],
    [
      'dimensions for the mode',
      () => interpolate(x, { size: 2, mode: 'linear' }),
      new ShapeError("interpolate: mode 'linear' needs [N, C] and 1 more dimensions, got [1, 1, 2, 2]"),
    ],
    [
      'too few dimensions',
      () => upsampleNearest(ones([1, 2]), { size: 2 }),
      new ShapeError("upsampleNearest: mode 'nearest' needs [N, C] and 1 to 3 more dimensions, got [1, 2]"),
    ],
    [
      'sizes for the dimensions',
      () => interpolate(x, { size: [2, 2, 2] }),
      new ValueError('interpolate: size is [2, 2, 2]; it must be a whole number, or a list of 2'),
    ],
    [
      'an empty output',
      () => interpolate(x, { scaleFactor: 0.3 }),
      new ShapeError(
        'interpolate: from [1, 1, 2, 2] to [0, 0]; sizes must be 1 or more, only the dimension of cases may be empty',
      ),
    ],
    [
      'alignCorners',
      () => interpolate(x, { size: 2, alignCorners: false }),
      new ValueError("interpolate: alignCorners has no meaning for mode 'nearest'; leave it out"),
    ],
    [
      'recomputeScaleFactor',
      () => interpolate(x, { size: 2, recomputeScaleFactor: true }),
      new ValueError('interpolate: recomputeScaleFactor has no meaning for a given size; leave it out'),
    ],
    [
      'antialias',
      () => interpolate(x, { size: 2, antialias: true }),
      new ValueError("interpolate: antialias is for the modes 'bilinear' and 'bicubic', not 'nearest'"),
    ],
    [
      'mode',
      () => interpolate(x, { size: 2, mode: 'best' as 'area' }),
      new ValueError(
        `interpolate: mode is 'best'; use 'nearest', 'nearest-exact', 'linear', 'bilinear', 'bicubic', 'trilinear' or 'area'`,
      ),
    ],
    [
      'integers',
      () => interpolate(x.to('int32'), { size: 2 }),
      new DtypeError("interpolate: needs a float32 or float64 tensor, got int32; convert it with to('float32')"),
    ],
  ])('%s', (_, run, error) => {
    expect(run).toThrow(error);
    expect(run).toThrow(error.constructor as never);
  });

  test('accepts an empty batch', () => {
    expect(interpolate(zeros([0, 1, 2, 2]), { size: 3 }).shape).toEqual([0, 1, 3, 3]);
  });
});

test('modules match the functions, and print as in PyTorch', () => {
  const x = image([0, 1], [2, 4]);
  const bilinear = new nn.Upsample({ size: [3, 5], mode: 'bilinear' });
  expect(bilinear(x).tolist()).toEqual(interpolate(x, { size: [3, 5], mode: 'bilinear' }).tolist());
  expect(new nn.UpsamplingNearest2d({ scaleFactor: 2 })(x).tolist()).toEqual(
    interpolate(x, { scaleFactor: 2 }).tolist(),
  );
  expect(new nn.UpsamplingBilinear2d({ size: 4 })(x).tolist()).toEqual(upsampleBilinear(x, { size: 4 }).tolist());
  expect(String(bilinear)).toBe("Upsample(size=(3, 5), mode='bilinear')");
  expect(String(new nn.Upsample({ scaleFactor: 2 }))).toBe("Upsample(scaleFactor=2.0, mode='nearest')");
  expect(String(new nn.UpsamplingNearest2d({ scaleFactor: [2, 1.5] }))).toBe(
    "UpsamplingNearest2d(scaleFactor=(2.0, 1.5), mode='nearest')",
  );
});

test("an invalid mode is rejected by the layer's constructor", () => {
  expect(() => new nn.Upsample({ size: 2, mode: 'seven' as 'area' })).toThrow(
    new ValueError(
      "Upsample: mode is 'seven'; use 'nearest', 'nearest-exact', 'linear', 'bilinear', 'bicubic', 'trilinear' or 'area'",
    ),
  );
  for (const mode of ['nearest', 'nearest-exact', 'bilinear', 'bicubic', 'area'] as const)
    expect(new nn.Upsample({ size: 2, mode })(ones([1, 1, 4, 4])).tolist(), mode).toEqual(ones([1, 1, 2, 2]).tolist());
});
