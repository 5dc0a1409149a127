import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arange, gradcheck, gradgradcheck, nn, ones, rand, ShapeError, tensor, ValueError, zeros } from '../../../src';

const { pad } = nn.functional;
const x = arange(4).float().reshape(1, 4);

describe('pad', () => {
  test('with a number, the last dimension first', () => {
    expect(pad(tensor([[1, 2]]), [1, 2, 0, 1]).tolist()).toEqual([
      [0, 1, 2, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect(pad(tensor([1, 2]), [1, 0], { value: 9 }).tolist()).toEqual([9, 1, 2]);
    expect(pad(tensor([1, 2, 3]), [-1, 2], { value: 5 }).tolist()).toEqual([2, 3, 5, 5]);
    expect(pad(tensor([1, 2, 3]), [-2, -1]).shape).toEqual([0]);
    expect(pad(tensor([true]), [1, 1], { value: 3 }).tolist()).toEqual([true, true, true]);
    expect(pad(tensor(7), []).item()).toBe(7);
    expect(pad(ones([2, 3]).t(), [0, 1]).shape).toEqual([3, 3]);
  });

  test('with elements of the tensor', () => {
    const row = (mode: nn.functional.PadMode, sides: number[]) => pad(x, sides, { mode }).tolist();
    expect(row('reflect', [3, 2])).toEqual([[3, 2, 1, 0, 1, 2, 3, 2, 1]]);
    expect(row('replicate', [3, 2])).toEqual([[0, 0, 0, 0, 1, 2, 3, 3, 3]]);
    expect(row('circular', [3, 4])).toEqual([[1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]]);
    expect(row('reflect', [-1, 2])).toEqual([[1, 2, 3, 2, 1]]);
    expect(row('replicate', [2, -4])).toEqual([[0, 0]]);
    expect(row('circular', [-1, 2])).toEqual([[1, 2, 3, 1, 2]]);
    const y = arange(4).float().reshape(1, 2, 2);
    expect(pad(y, [1, 0, 0, 1], { mode: 'circular' }).tolist()).toEqual([
      [
        [1, 0, 1],
        [3, 2, 3],
        [1, 0, 1],
      ],
    ]);
    expect(pad(zeros([0, 2, 3]), [1, 1], { mode: 'reflect' }).shape).toEqual([0, 2, 5]);
    expect(
      pad(ones([1, 2, 2, 2]), [1, 1, 1, 1, 1, 1], { mode: 'replicate' })
        .sum()
        .item(),
    ).toBe(64);
  });

  test('derivatives of every mode, in one to three dimensions', () => {
    const inputs = [rand([2, 4]), rand([2, 3, 4]), rand([1, 2, 3, 3])];
    for (const mode of ['constant', 'reflect', 'replicate', 'circular'] as const)
      inputs.forEach((input, i) => {
        const sides = [1, 2, 2, -1, 1, 1].slice(0, 2 * (i + 1));
        const f = (t: typeof input) => pad(t, sides, { mode }).pow(2);
        const w = input.double().detach().requiresGrad_();
        expect(gradcheck(f, [w])).toBe(true);
        expect(gradgradcheck(f, [w])).toBe(true);
      });
    const w = ones([2, 3], { requiresGrad: true });
    expect(pad(w, [1, 1]).gradFn!.name).toBe('ConstantPadNdBackward0');
    expect(pad(w, [1, 1], { mode: 'reflect' }).gradFn!.name).toBe('ReflectionPad1DBackward0');
  });

  test('padding and then cropping returns the tensor', () => {
    const side = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(
        fc.tuple(side, side, side, side),
        fc.constantFrom('constant', 'reflect', 'replicate', 'circular'),
        (sides, mode) => {
          const y = rand([2, 4, 4]);
          const wide = pad(y, sides, { mode: mode as nn.functional.PadMode });
          expect(
            pad(
              wide,
              sides.map((n) => -n),
            ).equal(y),
          ).toBe(true);
        },
      ),
      { seed: 5 },
    );
  });

  test('errors', () => {
    expect(() => pad(x, [1])).toThrow('pad: 1 counts for shape [1, 4]; give two for each padded dimension, last first');
    expect(() => pad(x, [1, 1, 1, 1, 1, 1])).toThrow(ShapeError);
    expect(() => pad(x, [-3, -2])).toThrow('pad: [-3, -2] takes more away from shape [1, 4] than there is');
    expect(() => pad(x, [4, 0], { mode: 'reflect' })).toThrow(
      "pad: mode 'reflect' cannot add 4 at an end of dimension 1 of shape [1, 4]; it adds up to 3",
    );
    expect(() => pad(x, [5, 0], { mode: 'circular' })).toThrow(ShapeError);
    expect(() => pad(x, [1, 1, 1, 1], { mode: 'replicate' })).toThrow(
      "pad: mode 'replicate' with 4 counts does not pad",
    );
    expect(() => pad(zeros([2, 0]), [1, 1], { mode: 'circular' })).toThrow(ShapeError);
    expect(() => pad(x, [1, 1], { mode: 'reflect', value: 2 })).toThrow(ValueError);
    expect(() => pad(x, [1, 1], { mode: 'mirror' as 'reflect' })).toThrow(
      "pad: mode is 'mirror'; use 'constant', 'reflect', 'replicate' or 'circular'",
    );
    expect(() => pad(x, [0.5, 1])).toThrow(ValueError);
  });
});

describe('padding layers', () => {
  const image = arange(4).float().reshape(1, 2, 2);

  test('pad the last dimensions', () => {
    expect(new nn.ConstantPad1d([1, 0], 3.5)(x).tolist()).toEqual([[3.5, 0, 1, 2, 3]]);
    expect(new nn.ZeroPad2d([1, 0, 0, 1])(image).tolist()).toEqual([
      [
        [0, 0, 1],
        [0, 2, 3],
        [0, 0, 0],
      ],
    ]);
    expect(new nn.ReflectionPad1d(1)(x).tolist()).toEqual([[1, 0, 1, 2, 3, 2]]);
    expect(new nn.ReplicationPad2d(1)(image).at(0, 0).tolist()).toEqual([0, 0, 1, 1]);
    expect(new nn.CircularPad2d(1)(image).at(0, 0).tolist()).toEqual([3, 2, 3, 2]);
    for (const layer of [
      new nn.ConstantPad3d(1, 2),
      new nn.ZeroPad3d(1),
      new nn.ReflectionPad3d(1),
      new nn.ReplicationPad3d(1),
      new nn.CircularPad3d(1),
    ])
      expect(layer(ones([1, 2, 2, 2])).shape).toEqual([1, 4, 4, 4]);
    expect(new nn.ZeroPad1d(1)(x).equal(new nn.ConstantPad2d([1, 1, 0, 0], 0)(x))).toBe(true);
  });

  test("print PyTorch's form", () => {
    expect(String(new nn.ConstantPad1d(1, 3.5))).toBe('ConstantPad1d(padding=(1, 1), value=3.5)');
    expect(String(new nn.ReflectionPad2d([1, 2, 3, 4]))).toBe('ReflectionPad2d((1, 2, 3, 4))');
  });

  test('errors', () => {
    expect(() => new nn.ZeroPad2d([1, 2])).toThrow(
      'ZeroPad2d: padding is [1, 2]; it must be a whole number, or a list of 4',
    );
    expect(() => new nn.ReflectionPad1d(1.5)).toThrow(ValueError);
    expect(() => new nn.CircularPad1d(1)(ones([1, 1, 2, 2]))).toThrow(ShapeError);
    expect(() => new nn.CircularPad2d(1)(x)).toThrow(ShapeError);
  });
});

test('Unflatten undoes Flatten', () => {
  const y = arange(24).reshape(2, 3, 4);
  const net = new nn.Sequential(new nn.Flatten(), new nn.Unflatten(1, [3, -1]));
  expect(net(y).equal(y)).toBe(true);
  expect(String(net.at(1))).toBe('Unflatten(dim=1, unflattenedSize=(3, -1))');
  expect(() => new nn.Unflatten(1, 3 as unknown as number[])).toThrow(ValueError);
});

describe('pixels and channels', () => {
  const { pixelShuffle, pixelUnshuffle } = nn.functional;
  const y = arange(16).reshape(1, 4, 2, 2);

  test('pixelShuffle interleaves channels', () => {
    expect(pixelShuffle(y, 2).tolist()).toEqual([
      [
        [
          [0, 4, 1, 5],
          [8, 12, 9, 13],
          [2, 6, 3, 7],
          [10, 14, 11, 15],
        ],
      ],
    ]);
    expect(pixelUnshuffle(pixelShuffle(y, 2), 2).equal(y)).toBe(true);
    const layers = new nn.Sequential(new nn.PixelUnshuffle(2), new nn.PixelShuffle(2));
    expect(layers(y.squeeze(0)).equal(y.squeeze(0))).toBe(true);
    expect(String(layers)).toContain('PixelUnshuffle(downscaleFactor=2)');
  });

  test('errors', () => {
    expect(() => pixelShuffle(y, 3)).toThrow('pixelShuffle: 4 channels do not divide by 3² = 9');
    expect(() => pixelUnshuffle(y, 4)).toThrow(ShapeError);
    expect(() => pixelShuffle(y, 0)).toThrow(ValueError);
    expect(() => pixelShuffle(x, 1)).toThrow('pixelShuffle: needs images [C, H, W], got shape [1, 4]');
  });
});

test('reflect and replicate reject padding that leaves no elements', () => {
  for (const mode of ['reflect', 'replicate'] as const)
    expect(() => pad(x, [-2, -2], { mode })).toThrow(
      `pad: mode '${mode}' with [-2, -2] leaves no elements of shape [1, 4]`,
    );
  expect(pad(x.unsqueeze(0), [-2, -2], { mode: 'circular' }).shape).toEqual([1, 1, 0]);
});
