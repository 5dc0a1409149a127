// The expected strings are PyTorch's with names in camelCase and dtypes without `torch.`.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arange, type CreationOptions, full, type NestedInput, ones, slice, tensor, zeros } from '../../src';

const shown = (values: NestedInput, options?: CreationOptions) => tensor(values, options).toString();
const lines = (...text: string[]) => text.join('\n');

describe('numbers', () => {
  test.each<[string, NestedInput, string]>([
    ['integral numbers have a point and no decimals', [6, 8], 'tensor([6., 8.])'],
    ['fractions have four decimals', [1, 2.5], 'tensor([1.0000, 2.5000])'],
    ['widths are aligned', [1.5, -10], 'tensor([  1.5000, -10.0000])'],
    ['one number', 25, 'tensor(25.)'],
    ['one fraction', 2.71836, 'tensor(2.7184)'],
    ['ratios above 1000 are scientific', [1000.5, 1], 'tensor([1.0005e+03, 1.0000e+00])'],
    ['ratios of exactly 1000 are not', [1000, 1], 'tensor([1000.,    1.])'],
    ['large integral numbers with a large ratio are scientific', [100000, 1], 'tensor([1.0000e+05, 1.0000e+00])'],
    ['1e8 is not', [1e8, 1e8], 'tensor([100000000., 100000000.])'],
    ['above 1e8 is', [1e9], 'tensor([1.0000e+09])'],
    ['below 1e-4 is', [0.00001, 0.00002], 'tensor([1.0000e-05, 2.0000e-05])'],
    ['1e-4 is not', [0.00015], 'tensor([0.0002])'],
    ['zeros do not affect the choice', [0, 0.5], 'tensor([0.0000, 0.5000])'],
    ['zeros in scientific notation', [0, 1e-7], 'tensor([0.0000e+00, 1.0000e-07])'],
    ['negative numbers in scientific notation', [-1e-7, 1], 'tensor([-1.0000e-07,  1.0000e+00])'],
    ['the smallest float32', [1e-45], 'tensor([1.4013e-45])'],
    ['infinities and NaN with integral numbers', [Number.POSITIVE_INFINITY, Number.NaN, 1], 'tensor([inf, nan, 1.])'],
    ['negative infinity is padded', [1.5, Number.NEGATIVE_INFINITY], 'tensor([1.5000,   -inf])'],
    ['only infinities and zeros', [Number.POSITIVE_INFINITY, 0], 'tensor([inf, 0.])'],
    ['negative zero keeps its sign', [-0, 0], 'tensor([-0., 0.])'],
    ['negative zero with fractions', [-0, 0.5], 'tensor([-0.0000, 0.5000])'],
    ['ties go to the even digit', [0.03125, 0.09375], 'tensor([0.0312, 0.0938])'],
  ])('%s', (_, values, expected) => {
    expect(shown(values)).toBe(expected);
  });

  test('float32 elements print with float32 precision', () => {
    // The nearest float32 to 2.00005 is above it, the nearest float64 below.
    expect(shown([2.00005])).toBe('tensor([2.0001])');
    expect(shown([2.00005], { dtype: 'float64' })).toBe('tensor([2.0000], dtype=float64)');
  });

  test('scientific notation: ties go to the even digit, exponents have two digits or three', () => {
    expect(shown([1.00005e10, 1.00015e10], { dtype: 'float64' })).toBe(
      'tensor([1.0000e+10, 1.0002e+10], dtype=float64)',
    );
    expect(shown([1e-100], { dtype: 'float64' })).toBe('tensor([1.0000e-100], dtype=float64)');
  });
});

describe('other dtypes', () => {
  test('integers', () => {
    expect(
      shown(
        [
          [1, -20],
          [300, 4],
        ],
        { dtype: 'int32' },
      ),
    ).toBe(lines('tensor([[  1, -20],', '        [300,   4]])'));
    expect(shown(-7, { dtype: 'int32' })).toBe('tensor(-7)');
    expect(shown([1, 2], { dtype: 'uint8' })).toBe('tensor([1, 2], dtype=uint8)');
  });

  test('bools', () => {
    expect(shown([true, false])).toBe('tensor([ True, False])');
    expect(shown([true, true])).toBe('tensor([True, True])');
    expect(shown(false)).toBe('tensor(False)');
  });

  test('float64 is named', () => {
    expect(shown([1, 2], { dtype: 'float64' })).toBe('tensor([1., 2.], dtype=float64)');
  });

  test('empty tensors show their size, and every dtype except the default', () => {
    expect(shown([])).toBe('tensor([])');
    expect(zeros([0, 3]).toString()).toBe('tensor([], size=(0, 3))');
    expect(zeros([0], { dtype: 'int32' }).toString()).toBe('tensor([], dtype=int32)');
    expect(zeros([1, 0, 2], { dtype: 'bool' }).toString()).toBe('tensor([], size=(1, 0, 2), dtype=bool)');
  });
});

describe('history', () => {
  test('leaves and results', () => {
    const x = tensor([3, 4], { requiresGrad: true });
    expect(x.toString()).toBe('tensor([3., 4.], requiresGrad=True)');
    expect(x.pow(2).toString()).toBe('tensor([ 9., 16.], gradFn=<PowBackward0>)');
    expect(x.pow(2).sum().toString()).toBe('tensor(25., gradFn=<SumBackward0>)');
    expect(x.detach().toString()).toBe('tensor([3., 4.])');
    expect(x.double().mul(2).sum().toString()).toBe('tensor(14., dtype=float64, gradFn=<SumBackward0>)');
    expect(zeros([0, 2], { requiresGrad: true }).toString()).toBe('tensor([], size=(0, 2), requiresGrad=True)');
  });

  test('a suffix that is too long goes to a separate line', () => {
    const x = ones([17], { requiresGrad: true });
    expect(x.at(slice(0, 13)).toString()).toBe(
      'tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.],\n       gradFn=<SliceBackward0>)',
    );
    expect(x.at(slice(0, 10)).toString()).toBe(
      'tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1.], gradFn=<SliceBackward0>)',
    );
  });
});

describe('lines', () => {
  test('rows wrap at 80 characters', () => {
    expect(full([20], 0.5).toString()).toBe(
      lines(
        'tensor([0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000,',
        '        0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000,',
        '        0.5000, 0.5000])',
      ),
    );
    expect(full([1, 10], 0.5).toString()).toBe(
      lines('tensor([[0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000,', '         0.5000]])'),
    );
  });

  test('matrices in three dimensions are separated by a blank line', () => {
    expect(zeros([2, 2, 2]).toString()).toBe(
      lines('tensor([[[0., 0.],', '         [0., 0.]],', '', '        [[0., 0.],', '         [0., 0.]]])'),
    );
    expect(zeros([2, 1, 1, 1]).toString()).toBe(lines('tensor([[[[0.]]],', '', '', '        [[[0.]]]])'));
  });

  test('views print by shape', () => {
    expect(arange(4).reshape(2, 2).t().toString()).toBe(lines('tensor([[0, 2],', '        [1, 3]])'));
    expect(tensor(1).expand(3).toString()).toBe('tensor([1., 1., 1.])');
  });
});

describe('summaries', () => {
  test('1000 elements are printed, 1001 are not', () => {
    expect(arange(1000).toString()).not.toContain('...');
    expect(arange(1001).toString()).toBe('tensor([   0,    1,    2,  ...,  998,  999, 1000])');
  });

  test('a large matrix', () => {
    expect(arange(10000).reshape(100, 100).toString()).toBe(
      lines(
        'tensor([[   0,    1,    2,  ...,   97,   98,   99],',
        '        [ 100,  101,  102,  ...,  197,  198,  199],',
        '        [ 200,  201,  202,  ...,  297,  298,  299],',
        '        ...,',
        '        [9700, 9701, 9702,  ..., 9797, 9798, 9799],',
        '        [9800, 9801, 9802,  ..., 9897, 9898, 9899],',
        '        [9900, 9901, 9902,  ..., 9997, 9998, 9999]])',
      ),
    );
  });

  test('only long dimensions are cut', () => {
    expect(full([2, 600], 0.25).toString()).toBe(
      lines(
        'tensor([[0.2500, 0.2500, 0.2500,  ..., 0.2500, 0.2500, 0.2500],',
        '        [0.2500, 0.2500, 0.2500,  ..., 0.2500, 0.2500, 0.2500]])',
      ),
    );
    expect(ones([1001, 2]).toString()).toBe(
      lines(
        'tensor([[1., 1.],',
        '        [1., 1.],',
        '        [1., 1.],',
        '        ...,',
        '        [1., 1.],',
        '        [1., 1.],',
        '        [1., 1.]])',
      ),
    );
  });

  test('three dimensions', () => {
    expect(zeros([10, 2, 100]).toString()).toBe(
      lines(
        'tensor([[[0., 0., 0.,  ..., 0., 0., 0.],',
        '         [0., 0., 0.,  ..., 0., 0., 0.]],',
        '',
        '        [[0., 0., 0.,  ..., 0., 0., 0.],',
        '         [0., 0., 0.,  ..., 0., 0., 0.]],',
        '',
        '        [[0., 0., 0.,  ..., 0., 0., 0.],',
        '         [0., 0., 0.,  ..., 0., 0., 0.]],',
        '',
        '        ...,',
        '',
        '        [[0., 0., 0.,  ..., 0., 0., 0.],',
        '         [0., 0., 0.,  ..., 0., 0., 0.]],',
        '',
        '        [[0., 0., 0.,  ..., 0., 0., 0.],',
        '         [0., 0., 0.,  ..., 0., 0., 0.]],',
        '',
        '        [[0., 0., 0.,  ..., 0., 0., 0.],',
        '         [0., 0., 0.,  ..., 0., 0., 0.]]])',
      ),
    );
  });

  test('hidden elements do not influence the format', () => {
    const x = ones([2000]);
    x.setAt(1000, 1e-9);
    expect(x.toString()).toBe('tensor([1., 1., 1.,  ..., 1., 1., 1.])');
    x.setAt(1, 0.5);
    expect(x.toString()).toBe('tensor([1.0000, 0.5000, 1.0000,  ..., 1.0000, 1.0000, 1.0000])');
  });
});

test('any values print, with every number in one width and within the line', () => {
  const value = fc.oneof(
    fc.double({ noDefaultInfinity: false }),
    fc.integer({ min: -1000, max: 1000 }),
    fc.constantFrom(0, -0, 0.00005, 1e8, 123456.789),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 40 }),
      fc.constantFrom('float32', 'float64', 'int32', 'bool'),
      (values, dtype) => {
        const fitting = dtype === 'int32' ? values.map((v) => (Math.abs(v) < 2 ** 31 ? v : 0)) : values;
        const text = tensor(fitting, { dtype: dtype as 'float32' }).toString();
        expect(text.startsWith('tensor([')).toBe(true);
        const inside = text.slice('tensor(['.length, text.indexOf(']'));
        const cells = inside.split(/,\s?\n? {0,8}/).map((c) => c.trim());
        expect(cells).toHaveLength(values.length);
        if (dtype !== 'bool')
          for (const c of cells)
            expect(Number.isNaN(Number(c.replace(/inf/, 'Infinity').replace('nan', '0')))).toBe(false);
        for (const line of text.split('\n').slice(0, -1)) expect(line.length).toBeLessThanOrEqual(81);
      },
    ),
    { seed: 20, numRuns: 300 },
  );
});
