// Sizes beyond memory, or beyond an array's length, are rejected before anything is computed: no raw RangeError, no
// long loop, no crash.
import { expect, test } from 'vitest';
import { nn, ones, tensor, ValueError, zeros } from '../../src';

const F = nn.functional;
const x = zeros([1, 1, 4]);
const image = zeros([1, 1, 4, 4]);

test.each<[string, () => unknown, RegExp]>([
  ['zeros', () => zeros([1e6, 1e7]), /a float32 tensor of 10000000000000 elements takes 40000 GB, which cannot be had/],
  ['conv1d', () => F.conv1d(x, ones([1, 1, 2]), { padding: 1e13 }), /takes? 80000 GB/],
  ['conv1d, few results', () => F.conv1d(x, ones([1, 1, 2]), { padding: 1e13, stride: 1e9 }), /takes? 80000 GB/],
  [
    'interpolate',
    () => F.interpolate(image, { scaleFactor: 1e9 }),
    /of 16000000000000000000 elements takes 64000000000 GB/,
  ],
  ['interpolate, linear', () => F.interpolate(x, { scaleFactor: 1e13, mode: 'linear' }), /takes 160000 GB/],
  ['interpolate, area', () => F.interpolate(x, { size: 1e13, mode: 'area' }), /takes 40000 GB/],
  ['upsample', () => new nn.Upsample({ scaleFactor: 1e9 }).forward(image), /takes 64000000000 GB/],
  ['adaptiveAvgPool1d', () => F.adaptiveAvgPool1d(x, 1e13), /takes 40000 GB/],
  ['adaptiveMaxPool2d', () => F.adaptiveMaxPool2d(image, [1e7, 1e7]), /takes 400000 GB/],
  [
    'tolist',
    () => zeros([1]).expand([1e10]).tolist(),
    /tolist: would give a list of 10000000000 entries, where 67108864 are/,
  ],
  ['tensorSplit', () => zeros([4]).tensorSplit(1e10), /tensorSplit: would give a list of 10000000000 entries/],
  ['split', () => zeros([1]).expand([1e9]).split(1), /split: would give a list of 1000000000 entries/],
  ['unbind', () => zeros([1]).expand([1e9]).unbind(), /unbind: would give a list of 1000000000 entries/],
  ['chunk', () => zeros([0]).chunk(1e9), /chunk: would give a list of 1000000000 entries/],
])('%s', (_, run, message) => {
  expect(run).toThrow(ValueError);
  expect(run).toThrow(message);
});

test('fill_ accepts a number, or a scalar tensor, whose gradient is the sum', () => {
  const value = tensor(2.5, { requiresGrad: true });
  const y = zeros([3]).fill_(value);
  expect(y.tolist()).toEqual([2.5, 2.5, 2.5]);
  y.mul(tensor([1, 2, 4]))
    .sum()
    .backward();
  expect(value.grad!.item()).toBe(7);
  expect(zeros([2], { dtype: 'int32' }).fill_(tensor(-2.7)).tolist()).toEqual([-2, -2]);
  expect(() => zeros([3]).fill_(tensor([1, 2, 3]))).toThrow(
    /fill_: needs a single number, got a tensor of shape \[3\]/,
  );
  expect(() => zeros([3]).fill_('1' as never)).toThrow(/fill_: value must be a number/);
  expect(
    zeros([2])
      .fill_(true as never)
      .tolist(),
  ).toEqual([1, 1]);
});
