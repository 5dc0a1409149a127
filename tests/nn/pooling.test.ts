// Common to all poolings: windows, adaptive windows, errors, and the modules.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arange, DtypeError, gradcheck, nn, ones, ShapeError, type Tensor, ValueError, zeros } from '../../src';
import { expectClose } from '../support/close';
import { row } from '../support/tensors';

const {
  maxPool1d,
  maxPool2d,
  maxPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  lpPool1d,
  lpPool2d,
  lpPool3d,
} = nn.functional;

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

/** Starts of the windows along a dimension, relative to the input's first position. */
function starts(size: number, span: number, stride: number, padding: number, ceilMode: boolean): number[] {
  const found: number[] = [];
  for (let at = -padding; ; at += stride) {
    const fits = at + span <= size + padding;
    const reachesOut = ceilMode && at < size && at + span < size + padding + stride;
    if (!fits && !reachesOut) return found;
    found.push(at);
  }
}

test('matches the definition, with every option', () => {
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

  test('divides the positions into windows that may overlap', () => {
    expect(adaptiveAvgPool1d(x, 3).tolist()).toEqual([[1.5, 3, 4.5]]);
    expect(adaptiveAvgPool1d(row(1, 2), [3]).tolist()).toEqual([[1, 1.5, 2]]);
    const { values, indices } = adaptiveMaxPool1d(x, 3, { returnIndices: true });
    expect([values.tolist(), indices.tolist()]).toEqual([[[2, 4, 5]], [[1, 3, 4]]]);
    expect(adaptiveMaxPool1d(x, 1).tolist()).toEqual([[5]]);
  });

  test('null keeps a size; 0 gives an empty result', () => {
    const image = arange(6).float().reshape(1, 2, 3);
    expect(adaptiveAvgPool2d(image, [1, null]).tolist()).toEqual([[[1.5, 2.5, 3.5]]]);
    expect(adaptiveMaxPool2d(image, [null, 1]).tolist()).toEqual([[[2], [5]]]);
    expect(adaptiveAvgPool2d(image, [0, 2]).shape).toEqual([1, 0, 2]);
    expect(adaptiveAvgPool2d(zeros([2, 0, 3, 3]), 2).shape).toEqual([2, 0, 2, 2]);
    expect(() => adaptiveAvgPool2d(zeros([2, 1, 0, 3]), 2)).toThrow(ShapeError);
    expectClose(adaptiveAvgPool2d(image, 1), [[[2.5]]]);
    const volume = arange(12).float().reshape(1, 2, 2, 3);
    expect(adaptiveAvgPool3d(volume, [1, 2, null]).tolist()).toEqual([
      [
        [
          [3, 4, 5],
          [6, 7, 8],
        ],
      ],
    ]);
    const { values, indices } = adaptiveMaxPool3d(volume, [2, 1, 2], { returnIndices: true });
    expect(values.tolist()).toEqual([[[[4, 5]], [[10, 11]]]]);
    expect(indices.tolist()).toEqual([[[[4, 5]], [[10, 11]]]]);
  });

  test('gradients', () => {
    const leaf = arange(24).to('float64').mul(7).sin().reshape(2, 3, 4).detach().requiresGrad_();
    expect(gradcheck((a) => adaptiveAvgPool2d(a, [2, 3]).square(), [leaf])).toBe(true);
    expect(gradcheck((a) => adaptiveMaxPool2d(a, 2).square(), [leaf])).toBe(true);
    expect(gradcheck((a) => lpPool2d(a.square().add(0.1), 3, 2, { stride: 1, ceilMode: true }), [leaf])).toBe(true);
  });
});

describe('rejects', () => {
  const x = ones([1, 2, 4, 4]);
  test.each<[string, () => unknown, Error]>([
    [
      'dimensions',
      () => maxPool2d(ones([4, 4]), 2),
      new ShapeError('maxPool2d: the input has shape [4, 4]; expected [N, C, H, W], or [C, H, W] for a single case'),
    ],
    [
      'an empty input',
      () => maxPool2d(ones([2, 1, 3, 0]), 1),
      new ShapeError(
        'maxPool2d: an input of shape [2, 1, 3, 0] has no elements to pool: the last 3 sizes must be 1 or more',
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
      'a window with only padding',
      () => maxPool1d(row(1), 2, { padding: 2, dilation: 3 }),
      new ShapeError('maxPool1d: a window of [2] covers only padding in an input of shape [1, 1]'),
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
      'bytes',
      () => avgPool2d(x.to('uint8'), 2),
      new DtypeError("avgPool2d: needs a float32 or float64 tensor, got uint8; convert it with to('float32')"),
    ],
    [
      'adaptive windows of integers',
      () => adaptiveMaxPool2d(x.to('int32'), 2),
      new DtypeError("adaptiveMaxPool2d: needs a float32 or float64 tensor, got int32; convert it with to('float32')"),
    ],
    [
      'dimensions of a volume',
      () => maxPool3d(ones([4, 4, 4]), 2),
      new ShapeError(
        'maxPool3d: the input has shape [4, 4, 4]; expected [N, C, D, H, W], or [C, D, H, W] for a single case',
      ),
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

  test('match the functions', () => {
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
    const v = arange(32).float().reshape(1, 2, 4, 4);
    same(new nn.MaxPool3d(2, { stride: 1 })(v), maxPool3d(v, 2, { stride: 1 }));
    same(new nn.AvgPool3d(2, { divisorOverride: 3 })(v), avgPool3d(v, 2, { divisorOverride: 3 }));
    same(new nn.AdaptiveAvgPool3d([1, null, 2])(v), adaptiveAvgPool3d(v, [1, null, 2]));
    same(new nn.AdaptiveMaxPool3d([2, 1, 3])(v), adaptiveMaxPool3d(v, [2, 1, 3]));
    same(new nn.LPPool3d(2, 2, { stride: 1 })(v), lpPool3d(v, 2, 2, { stride: 1 }));
    same(new nn.LPPool1d(2, 2, { stride: 1 })(x.at(0)), lpPool1d(x.at(0), 2, 2, { stride: 1 }));
  });

  test('return indices on request', () => {
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
