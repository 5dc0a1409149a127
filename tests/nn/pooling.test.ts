import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arange,
  DtypeError,
  gradcheck,
  IndexError,
  nn,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';

const {
  maxPool1d,
  maxPool2d,
  avgPool1d,
  avgPool2d,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  lpPool1d,
  lpPool2d,
} = nn.functional;
const { NaN: nan, NEGATIVE_INFINITY: lowest } = Number;
const row = (...values: number[]) => tensor([values]);

describe('maxPool', () => {
  test('windows stand side by side, or as far apart as the stride says', () => {
    expect(maxPool1d(row(1, 3, 2, 5, 4), 2).tolist()).toEqual([[3, 5]]);
    expect(maxPool1d(row(1, 3, 2, 5, 4), 2, { stride: 1 }).tolist()).toEqual([[3, 3, 5, 5]]);
    expect(maxPool1d(row(1, 3, 2, 5, 4), [2], { ceilMode: true }).tolist()).toEqual([[3, 5, 4]]);
    expect(maxPool1d(row(1, 3, 2, 5, 4), 2, { stride: 1, dilation: 2 }).tolist()).toEqual([[2, 5, 4]]);
  });

  test('padding is never the largest, and never a place', () => {
    const y = maxPool1d(row(-1, -3, -2), 2, { padding: 1, returnIndices: true });
    expect([y.values.tolist(), y.indices.tolist(), y.indices.dtype]).toEqual([[[-1, -2]], [[0, 2]], 'int32']);
    const none = maxPool1d(row(lowest, lowest), 2, { padding: 1, returnIndices: true });
    expect([none.values.tolist(), none.indices.tolist()]).toEqual([[[lowest, lowest]], [[0, 1]]]);
  });

  test('images: indices count the places of one image', () => {
    const images = arange(32).float().reshape(1, 2, 4, 4);
    const { values, indices } = maxPool2d(images, 2, { returnIndices: true });
    expect(indices.tolist()).toEqual([
      [
        [
          [5, 7],
          [13, 15],
        ],
        [
          [5, 7],
          [13, 15],
        ],
      ],
    ]);
    expect(values.tolist()).toEqual([
      [
        [
          [5, 7],
          [13, 15],
        ],
        [
          [21, 23],
          [29, 31],
        ],
      ],
    ]);
    expect(maxPool2d(images.transpose(2, 3), 2).tolist()).toEqual(maxPool2d(images, 2).transpose(2, 3).tolist());
  });

  test('the first of equals has the gradient, and one that is the largest twice has it twice', () => {
    const x = row(7, 7, 7).requiresGrad_();
    maxPool1d(x, 3).sum().backward();
    expect(x.grad!.tolist()).toEqual([[1, 0, 0]]);
    const image = tensor([
      [
        [1, 2],
        [2, 2],
      ],
    ]).requiresGrad_();
    const y = maxPool2d(image, 2);
    expect(y.gradFn?.name).toBe('MaxPool2DWithIndicesBackward0');
    y.sum().backward();
    expect(image.grad!.tolist()).toEqual([
      [
        [0, 1],
        [0, 0],
      ],
    ]);
    const z = row(1, 5, 2).requiresGrad_();
    maxPool1d(z, 2, { stride: 1 }).mul(row(1, 10)).sum().backward();
    expect(z.grad!.tolist()).toEqual([[0, 11, 0]]);
  });

  test('NaN wins over everything, the last of several', () => {
    const { values, indices } = maxPool1d(row(1, nan, 2, nan, 9), 5, { returnIndices: true });
    expect([values.tolist(), indices.tolist()]).toEqual([[[nan]], [[3]]]);
  });

  test('integers stay what they are; no cases give none', () => {
    expect(maxPool1d(row(1, 3).to('int32'), 2).dtype).toBe('int32');
    expect(maxPool2d(zeros([0, 2, 4, 4]), 2).shape).toEqual([0, 2, 2, 2]);
  });
});

describe('avgPool', () => {
  test('the mean of each window, with the zeros of the padding or without', () => {
    expect(avgPool1d(row(1, 3, 2, 6), 2).tolist()).toEqual([[2, 4]]);
    expect(avgPool1d(row(1, 3, 2, 6), 2, { padding: 1 }).tolist()).toEqual([[0.5, 2.5, 3]]);
    expect(avgPool1d(row(1, 3, 2, 6), 2, { padding: 1, countIncludePad: false }).tolist()).toEqual([[1, 2.5, 6]]);
  });

  test('a window beyond the end counts what there is of input and padding', () => {
    expect(avgPool1d(row(1, 3, 2, 6, 8), 2, { ceilMode: true }).tolist()).toEqual([[2, 4, 8]]);
    expect(avgPool1d(row(2, 4, 6), 3, { stride: 2, padding: 1, ceilMode: true }).tolist()).toEqual(
      [[2, 10 / 3]].map((list) => list.map(Math.fround)),
    );
  });

  test('a divisor of your own', () => {
    expect(avgPool2d(ones([1, 2, 2]), 2, { divisorOverride: -2 }).tolist()).toEqual([[[-2]]]);
    const x = ones([1, 4, 4]).requiresGrad_();
    avgPool2d(x, [2, 4], { stride: [] }).sum().backward();
    expect(x.grad!.tolist()).toEqual([new Array(4).fill(new Array(4).fill(0.125))]);
  });
});

const whole = (min: number, max: number) => fc.integer({ min, max });
const pair = (min: number, max: number) => fc.tuple(whole(min, max), whole(min, max));
const poolings = fc
  .record({
    kernel: pair(1, 3),
    stride: pair(1, 4),
    dilation: pair(1, 2),
    share: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    room: pair(0, 5),
    ceilMode: fc.boolean(),
    countIncludePad: fc.boolean(),
  })
  .map((p) => {
    const span = p.kernel.map((k, d) => p.dilation[d] * (k - 1) + 1);
    const padding = span.map((n, d) => Math.floor((n / 2) * p.share[d]));
    return { ...p, span, padding, sizes: span.map((n, d) => n + p.room[d]) };
  });

/** Where windows start along a dimension, counted from the input's first place. */
function starts(size: number, span: number, stride: number, padding: number, ceilMode: boolean): number[] {
  const found: number[] = [];
  for (let at = -padding; ; at += stride) {
    const fits = at + span <= size + padding;
    const reachesOut = ceilMode && at < size && at + span < size + padding + stride;
    if (!fits && !reachesOut) return found;
    found.push(at);
  }
}

test('pooling by its definition, with every option', () => {
  fc.assert(
    fc.property(poolings, ({ sizes, kernel, stride, dilation, padding, span, ceilMode, countIncludePad }) => {
      const [h, w] = sizes;
      const x = arange(h * w)
        .mul(7)
        .float()
        .add(1)
        .sin()
        .to('float64')
        .reshape(1, h, w);
      const at = (i: number, j: number) => x.data[x.offset + i * w + j];
      const windows = (spans: readonly number[]) =>
        sizes.map((n, d) => starts(n, spans[d], stride[d], padding[d], ceilMode));
      const [rows, columns] = windows(span);
      const { values, indices } = maxPool2d(x, kernel, { stride, padding, dilation, ceilMode, returnIndices: true });
      const places = rows.map((top) =>
        columns.map((left) => {
          let best = -1;
          for (let k = 0; k < kernel[0]; k++)
            for (let l = 0; l < kernel[1]; l++) {
              const [i, j] = [top + k * dilation[0], left + l * dilation[1]];
              if (i < 0 || i >= h || j < 0 || j >= w) continue;
              if (best < 0 || at(i, j) > at(Math.floor(best / w), best % w)) best = i * w + j;
            }
          return best;
        }),
      );
      expect(indices.tolist()).toEqual([places]);
      expect(values.tolist()).toEqual([places.map((list) => list.map((p) => at(Math.floor(p / w), p % w)))]);

      const plain = kernel.map((k) => Math.floor(k / 2));
      const pad = padding.map((n, d) => Math.min(n, plain[d]));
      const [tops, lefts] = sizes.map((n, d) => starts(n, kernel[d], stride[d], pad[d], ceilMode));
      const means = tops.map((top) =>
        lefts.map((left) => {
          let [sum, inside, all] = [0, 0, 0];
          for (let i = top; i < top + kernel[0]; i++)
            for (let j = left; j < left + kernel[1]; j++) {
              if (i < h + pad[0] && j < w + pad[1]) all++;
              if (i < 0 || i >= h || j < 0 || j >= w) continue;
              inside++;
              sum += at(i, j);
            }
          return sum / (countIncludePad ? all : inside);
        }),
      );
      expectClose(avgPool2d(x, kernel, { stride, padding: pad, ceilMode, countIncludePad }), [means], 1e-12);
    }),
    { seed: 5, numRuns: 200 },
  );
});

describe('adaptive pooling', () => {
  const x = row(1, 2, 3, 4, 5);

  test('shares out the places, which may overlap', () => {
    expect(adaptiveAvgPool1d(x, 3).tolist()).toEqual([[1.5, 3, 4.5]]);
    expect(adaptiveAvgPool1d(row(1, 2), [3]).tolist()).toEqual([[1, 1.5, 2]]);
    const { values, indices } = adaptiveMaxPool1d(x, 3, { returnIndices: true });
    expect([values.tolist(), indices.tolist()]).toEqual([[[2, 4, 5]], [[1, 3, 4]]]);
    expect(adaptiveMaxPool1d(x, 1).tolist()).toEqual([[5]]);
  });

  test('null keeps a size; 0 leaves nothing', () => {
    const image = arange(6).float().reshape(1, 2, 3);
    expect(adaptiveAvgPool2d(image, [1, null]).tolist()).toEqual([[[1.5, 2.5, 3.5]]]);
    expect(adaptiveMaxPool2d(image, [null, 1]).tolist()).toEqual([[[2], [5]]]);
    expect(adaptiveAvgPool2d(image, [0, 2]).shape).toEqual([1, 0, 2]);
    expect(adaptiveAvgPool2d(zeros([2, 0, 3, 3]), 2).shape).toEqual([2, 0, 2, 2]);
    expect(() => adaptiveAvgPool2d(zeros([2, 1, 0, 3]), 2)).toThrow(ShapeError);
    expectClose(adaptiveAvgPool2d(image, 1), [[[2.5]]]);
  });

  test('gradients', () => {
    const leaf = arange(24).to('float64').mul(7).sin().reshape(2, 3, 4).detach().requiresGrad_();
    expect(gradcheck((a) => adaptiveAvgPool2d(a, [2, 3]).square(), [leaf])).toBe(true);
    expect(gradcheck((a) => adaptiveMaxPool2d(a, 2).square(), [leaf])).toBe(true);
    expect(gradcheck((a) => lpPool2d(a.square().add(0.1), 3, 2, { stride: 1, ceilMode: true }), [leaf])).toBe(true);
  });
});

describe('lpPool', () => {
  test('the norm of each window', () => {
    expect(lpPool1d(row(3, 4, 6, 8), 2, 2).tolist()).toEqual([[5, 10]]);
    expect(lpPool1d(row(3, 4, 6, 8, 2), 1, 2, { stride: 3, ceilMode: true }).tolist()).toEqual([[7, 10]]);
    expect(lpPool2d(ones([1, 2, 2]), 2, 2).tolist()).toEqual([[[2]]]);
  });

  test('has gradient 0 where the sum is 0, as in PyTorch', () => {
    const x = zeros([1, 2]).requiresGrad_();
    lpPool1d(x, 2, 2).sum().backward();
    expect(x.grad!.tolist()).toEqual([[0, 0]]);
  });
});

describe('maxUnpool', () => {
  const { maxUnpool1d, maxUnpool2d } = nn.functional;
  const places = (...values: number[]) => tensor([values], { dtype: 'int32' });

  test('puts elements back, between zeros', () => {
    expect(maxUnpool1d(row(5, 6), places(1, 2), 2).tolist()).toEqual([[0, 5, 6, 0]]);
    expect(maxUnpool1d(row(5, 6), places(1, 4), 2, { outputSize: [5] }).tolist()).toEqual([[0, 5, 0, 0, 6]]);
    expect(maxUnpool1d(row(5, 6), places(0, 1), 2, { padding: 1 }).tolist()).toEqual([[5, 6]]);
    expect(maxUnpool1d(zeros([0, 2, 3]), zeros([0, 2, 3], { dtype: 'int32' }), 2).shape).toEqual([0, 2, 6]);
  });

  test('undoes the pooling of images', () => {
    const x = arange(32).mul(7).float().sin().reshape(2, 1, 4, 4);
    const { values, indices } = maxPool2d(x, 2, { returnIndices: true });
    const back = maxUnpool2d(values, indices, 2);
    expect(maxPool2d(back.abs(), 2).tolist()).toEqual(values.abs().tolist());
    expect(back.sum().item()).toBeCloseTo(values.sum().item(), 5);
    expect(back.ne(0).sum().item()).toBe(8);
    const [pool, unpool] = [
      new nn.MaxPool1d(3, { stride: 2, returnIndices: true }),
      new nn.MaxUnpool1d(3, { stride: 2 }),
    ];
    const z = row(1, 2, 3, 4, 5, 6);
    const pooled = pool(z);
    expect(unpool(pooled.values, pooled.indices, { outputSize: z.shape.slice(1) }).tolist()).toEqual([
      [0, 0, 3, 0, 5, 0],
    ]);
    expect(new nn.MaxUnpool2d(2)(values, indices).tolist()).toEqual(back.tolist());
    expect(String(unpool)).toBe('MaxUnpool1d(kernelSize=3, stride=2, padding=0)');
  });

  test('gradients come from where the elements went', () => {
    const x = row(5, 6).to('float64').requiresGrad_();
    expect(gradcheck((a) => maxUnpool1d(a, places(1, 2), 2).square(), [x])).toBe(true);
  });

  test('refuses sizes and places that cannot be', () => {
    expect(() => maxUnpool1d(row(5, 6), places(1, 9), 2)).toThrow(IndexError);
    expect(() => maxUnpool1d(row(5, 6), places(1), 2)).toThrow(
      new ShapeError('maxUnpool1d: indices of shape [1, 1] for an input of shape [1, 2]; they must be equal'),
    );
    expect(() => maxUnpool1d(row(5, 6), places(1, 2), 2, { outputSize: [7] })).toThrow(
      new ValueError(
        'maxUnpool1d: outputSize is [7]; it must be near [4], by less than the stride [2], and more than 0',
      ),
    );
  });
});

describe('what does not fit', () => {
  const x = ones([1, 2, 4, 4]);
  test.each<[string, () => unknown, Error]>([
    [
      'dimensions',
      () => maxPool2d(ones([4, 4]), 2),
      new ShapeError('maxPool2d: the input has shape [4, 4]; expected [N, C, H, W], or [C, H, W] for a single case'),
    ],
    [
      'nothing to pool',
      () => maxPool2d(ones([2, 1, 3, 0]), 1),
      new ShapeError(
        'maxPool2d: an input of shape [2, 1, 3, 0] has nothing to pool: the last 3 sizes must be 1 or more',
      ),
    ],
    [
      'a window larger than the input',
      () => avgPool2d(x, 5),
      new ShapeError('avgPool2d: a window of [5, 5] does not fit an input of shape [1, 2, 4, 4]'),
    ],
    [
      'padding',
      () => maxPool2d(x, [3, 2], { padding: 2 }),
      new ValueError('maxPool2d: padding [2, 2] is more than half of a window of [3, 2]'),
    ],
    [
      'a window that sees padding alone',
      () => maxPool1d(row(1), 2, { padding: 2, dilation: 3 }),
      new ShapeError('maxPool1d: a window of [2] sees nothing but padding in an input of shape [1, 1]'),
    ],
    [
      'stride',
      () => maxPool2d(x, 2, { stride: 0 }),
      new ValueError('maxPool2d: stride is 0; it must be a whole number, 1 or more, or a list of 2'),
    ],
    [
      'divisor',
      () => avgPool2d(x, 2, { divisorOverride: 0 }),
      new ValueError('avgPool2d: divisorOverride is 0; it must be a number other than 0'),
    ],
    [
      'integers',
      () => avgPool2d(x.to('int32'), 2),
      new DtypeError("avgPool2d: needs a float32 or float64 tensor, got int32; convert it with to('float32')"),
    ],
    [
      'bools',
      () => maxPool2d(x.to('bool'), 2),
      new DtypeError("maxPool2d: needs numbers, got a bool tensor; convert it with to('uint8')"),
    ],
    [
      'an adaptive size',
      () => adaptiveAvgPool2d(x, [-1, 2]),
      new ValueError(
        "adaptiveAvgPool2d: outputSize is [-1, 2]; it must be a whole number, 0 or more, or a list of 2, where null keeps the input's size",
      ),
    ],
    [
      'a norm',
      () => lpPool1d(row(1), 0, 1),
      new ValueError('lpPool1d: normType is 0; it must be a number other than 0'),
    ],
  ])('%s', (_, run, error) => {
    expect(run).toThrow(error);
    expect(run).toThrow(error.constructor as never);
  });
});

describe('modules', () => {
  const x = arange(16).float().reshape(1, 4, 4);

  test('compute what the functions do', () => {
    const options = { stride: 2, padding: 1, ceilMode: true };
    const same = (a: Tensor, b: Tensor) => expect(a.tolist()).toEqual(b.tolist());
    same(new nn.MaxPool2d(3, { ...options, dilation: 1 })(x), maxPool2d(x, 3, options));
    same(new nn.MaxPool1d(2)(x.at(0)), maxPool1d(x.at(0), 2));
    same(
      new nn.AvgPool2d(2, { ...options, divisorOverride: 3 })(x),
      avgPool2d(x, 2, { ...options, divisorOverride: 3 }),
    );
    same(
      new nn.AvgPool1d(2, { countIncludePad: false, padding: 1 })(x.at(0)),
      avgPool1d(x.at(0), 2, { countIncludePad: false, padding: 1 }),
    );
    same(new nn.AdaptiveAvgPool2d([2, null])(x), adaptiveAvgPool2d(x, [2, null]));
    same(new nn.AdaptiveAvgPool1d(3)(x.at(0)), adaptiveAvgPool1d(x.at(0), 3));
    same(new nn.AdaptiveMaxPool1d(3)(x.at(0)), adaptiveMaxPool1d(x.at(0), 3));
    same(new nn.AdaptiveMaxPool2d(3)(x), adaptiveMaxPool2d(x, 3));
    same(new nn.LPPool2d(2, 2)(x), lpPool2d(x, 2, 2));
    same(new nn.LPPool1d(2, 2, { stride: 1 })(x.at(0)), lpPool1d(x.at(0), 2, 2, { stride: 1 }));
  });

  test('give indices if asked to', () => {
    const { values, indices } = new nn.MaxPool2d(2, { returnIndices: true })(x);
    expect(values.tolist()).toEqual(indices.tolist());
    expect(new nn.AdaptiveMaxPool2d(1, { returnIndices: true })(x).indices.tolist()).toEqual([[[15]]]);
  });

  test("print as PyTorch's", () => {
    expect(String(new nn.MaxPool2d(2))).toBe(
      'MaxPool2d(kernelSize=2, stride=2, padding=0, dilation=1, ceilMode=False)',
    );
    expect(String(new nn.MaxPool2d([3, 2], { stride: [2, 1], ceilMode: true }))).toBe(
      'MaxPool2d(kernelSize=(3, 2), stride=(2, 1), padding=0, dilation=1, ceilMode=True)',
    );
    expect(String(new nn.AvgPool1d(2))).toBe('AvgPool1d(kernelSize=(2,), stride=(2,), padding=(0,))');
    expect(String(new nn.AvgPool2d(2, { stride: 1 }))).toBe('AvgPool2d(kernelSize=2, stride=1, padding=0)');
    expect(String(new nn.AdaptiveAvgPool2d([1, null]))).toBe('AdaptiveAvgPool2d(outputSize=(1, None))');
    expect(String(new nn.AdaptiveMaxPool1d(3))).toBe('AdaptiveMaxPool1d(outputSize=3)');
    expect(String(new nn.LPPool2d(1.5, 3))).toBe('LPPool2d(normType=1.5, kernelSize=3, stride=None, ceilMode=False)');
  });
});
