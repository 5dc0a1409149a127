// The memory layout of results, compared with PyTorch.
import { expect, test } from 'vitest';
import { empty, emptyLike, ones, onesLike, type Tensor, tensor, zerosLike } from '../../src';
import { layoutOf } from '../../src/tensor/layout';
import { Tensor as Strided } from '../../src/tensor/tensor';

/** Operands, as sizes by strides, and the strides of PyTorch's `clone()`, `a + b` or `addcmul(a, b, c)`. */
const joint = `
3,1,4 by 1,12,3 -> 1,12,3
2,1,2,4 by 1,1,2,4 -> 1,1,2,4
2,2 by 1,2 -> 1,2
3,2,2 by 1,6,3 -> 1,6,3
3,1,3,4 by 2,2,24,6 -> 1,1,12,3
2,4,4 by 8,16,2 -> 4,8,1
3,4 by 1,3 -> 1,3
3,4,1,4 by 1,12,3,3 -> 1,12,3,3
1,2,4 by 8,1,2 -> 8,1,2
4,1,3 by 1,1,4 -> 1,1,4
3,3,2 by 2,0,1 & 3,3,2 by 1,6,3 -> 2,6,1
2,2,4 by 16,2,4 & 2,2,4 by 8,4,1 -> 8,1,2
4,3,3 by 1,4,0 & 3 by 1 -> 3,12,1
3,3,3,3 by 27,3,9,1 & 3,3,3,3 by 3,1,27,9 -> 27,3,9,1
3,1,4,2 by 16,48,2,8 & 3,1,4,2 by 1,1,3,12 -> 8,24,1,4
4,2 by 2,8 & 4,2 by 0,1 -> 1,4
3,4,4 by 1,3,0 & 3,4,4 by 1,3,12 -> 1,3,12
4,3,4 by 12,1,3 & 4,3,4 by 1,16,4 -> 12,1,3
1,3,1,2 by 6,1,6,3 & 2,3,1,2 by 1,4,0,2 -> 1,2,6,6
1 by 2 & 2,3 by 1,2 -> 1,2
3,1 by 1,3 & 1,1 by 8,3 -> 1,3
3,2,3 by 6,1,2 & 3,2,3 by 1,3,6 -> 6,1,2
2,2,1,3 by 1,6,3,2 & 2,2,1,3 by 12,6,12,2 -> 1,6,6,2
4,4,2 by 4,1,16 & 4,4,2 by 0,2,1 -> 4,1,16
1,3 by 3,1 & 2,1,3 by 1,2,2 -> 1,6,2
3,1,4,1 by 2,24,6,2 &  by  -> 1,12,3,1
1,2,3 by 0,1,2 & 1,2,3 by 2,1,2 & 1,2,3 by 1,3,1 -> 2,1,2
1,4,2 by 8,2,8 & 1,4,2 by 16,2,8 & 1,4,2 by 4,4,2 -> 4,1,4
4,3,4 by 1,4,12 & 4,3,4 by 12,4,1 & 4,3,4 by 1,4,12 -> 1,4,12
2,2,4 by 1,2,0 & 2,2,4 by 1,2,4 & 2,2,4 by 4,8,1 -> 1,2,4
1,1,2,4 by 8,3,1,2 & 1,1,2,4 by 3,3,4,1 & 4 by 1 -> 8,8,1,2
3,1,3,2 by 1,9,3,9 & 3,1,3,1 by 1,3,3,3 & 3,1,3,2 by 2,0,6,1 -> 1,9,3,9
`;

const list = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number));

/** A tensor with a layout such as `3,4 by 1,3`. */
function laid(text: string): Tensor {
  const [shape, stride] = text.split(' by ').map(list);
  return new Strided(new Float32Array(400), layoutOf(shape, stride), 0, 'float32');
}

test.each(joint.trim().split('\n'))('%s', (line) => {
  const [operands, stride] = line.split(' -> ');
  const [a, b, c] = operands.split(' & ').map(laid);
  const y = c !== undefined ? a.addcmul(b, c) : b !== undefined ? a.add(b) : a.clone();
  const wide = (strides: readonly number[]) => strides.filter((_, d) => y.shape[d] > 1);
  expect(wide(y.stride)).toEqual(wide(list(stride)));
  expect(new Set(places(y)).size).toBe(y.numel());
  expect(Math.max(...places(y))).toBe(y.numel() - 1);
});

/** Positions of the elements in memory. */
function places({ shape, stride }: Tensor): number[] {
  return shape.reduce((at, n, d) => at.flatMap((p) => Array.from({ length: n }, (_, i) => p + i * stride[d])), [0]);
}

test('values are correct in any memory order', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(x.t().mul(2).stride).toEqual([1, 3]);
  expect(x.t().mul(2).tolist()).toEqual([
    [2, 8],
    [4, 10],
    [6, 12],
  ]);
  expect(x.t().add(x.t()).stride).toEqual([1, 3]);
  expect(x.t().exp().stride).toEqual([1, 3]);
  expect(x.t().sub(x.reshape(3, 2)).tolist()).toEqual([
    [0, 2],
    [-1, 1],
    [-2, 0],
  ]);
  expect(Array.from(x.t().neg().toArray())).toEqual([-1, -4, -2, -5, -3, -6]);
  expect(Array.from(x.t().neg().data)).toEqual([-1, -2, -3, -4, -5, -6]);
  expect(x.t().to('float64').stride).toEqual([1, 3]);
});

test('...Like functions keep the memory layout', () => {
  const x = ones([2, 3, 4]).permute(2, 0, 1);
  for (const like of [zerosLike, onesLike, emptyLike]) expect(like(x).stride).toEqual([1, 12, 4]);
  expect(zerosLike(ones([3, 1]).expand(3, 4)).stride).toEqual([4, 1]);
});

test('contiguous() and reshape() give row-major order', () => {
  const x = ones([2, 3]).t();
  expect(x.contiguous().stride).toEqual([2, 1]);
  expect(x.reshape(6).stride).toEqual([1]);
  expect(x.clone().isContiguous()).toBe(false);
});

test('a gradient has the memory layout of its leaf', () => {
  const x = empty([2, 3]).t().requiresGrad_();
  x.mul(ones([3, 2]))
    .sum()
    .backward();
  expect(x.grad!.stride).toEqual([1, 3]);
  const gaps = empty([4, 3]).at(null).select(0, 0).narrow(1, 0, 2).detach().requiresGrad_();
  gaps.mul(2).t().sum().backward();
  expect(gaps.grad!.stride).toEqual([2, 1]);
  const y = ones([2, 3], { requiresGrad: true }).mul(2);
  y.retainGrad();
  y.t()
    .mul(ones([3, 2]))
    .sum()
    .backward();
  expect(y.grad!.stride).toEqual([3, 1]);
});
