import { describe, expect, test } from 'vitest';
import {
  arange,
  flatten,
  IndexError,
  ones,
  permute,
  reshape,
  ShapeError,
  squeeze,
  type Tensor,
  t,
  tensor,
  transpose,
  unsqueeze,
  ValueError,
  zeros,
} from '../../../src';
import { expectShared } from '../../support/shared';

describe('view and reshape', () => {
  test('the same elements in another shape, sharing memory', () => {
    const x = arange(12);
    expect(x.view(3, 4).at(1, 2).item()).toBe(6);
    expect(x.view([2, -1]).shape).toEqual([2, 6]);
    expect(x.view(-1).shape).toEqual([12]);
    expect(tensor(5).view(1, 1).tolist()).toEqual([[5]]);
    expect(tensor([5]).view([]).shape).toEqual([]);
    expectShared(x, x.view(3, 4));
    expectShared(x, x.reshape(3, 4).reshape(4, 3));
    expect(zeros([0, 3]).view(3, 0, 2).shape).toEqual([3, 0, 2]);
  });

  test('view rejects what needs a copy, reshape copies', () => {
    const x = arange(6).reshape(2, 3).t();
    expect(() => x.view(6)).toThrow(ShapeError);
    expect(() => x.view(6)).toThrow(
      'view: shape [3, 2] with strides [1, 3] cannot be seen as [6] without copying; use reshape()',
    );
    const y = x.reshape(6);
    expect(y.tolist()).toEqual([0, 3, 1, 4, 2, 5]);
    y.zero_();
    expect(x.sum().item()).toBe(15);
    // A dimension can always be split, but two can be merged only if their memory is contiguous.
    expect(x.view(3, 2, 1).tolist()).toEqual([
      [[0], [3]],
      [[1], [4]],
      [[2], [5]],
    ]);
    const z = arange(24).reshape(2, 3, 4).transpose(0, 1);
    expect(z.view(3, 2, 2, 2).tolist()).toEqual(z.reshape(3, 2, 2, 2).tolist());
    expect(() => z.view(6, 4)).toThrow(ShapeError);
    expect(z.reshape(6, 4).at(1).tolist()).toEqual([12, 13, 14, 15]);
  });

  test('expanded tensors', () => {
    const x = tensor([1, 2]).expand(3, 2);
    expect(x.reshape(6).tolist()).toEqual([1, 2, 1, 2, 1, 2]);
    expect(
      tensor([[1]])
        .expand(2, 3)
        .view(6)
        .tolist(),
    ).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('counts must agree', () => {
    const x = arange(6);
    expect(() => x.reshape(4, 2)).toThrow(ShapeError);
    expect(() => x.reshape(4, 2)).toThrow('reshape: 6 elements do not fill shape [4, 2], which holds 8');
    expect(() => x.view(-1, 4)).toThrow('view: 6 elements do not fill shape [-1, 4], whose other sizes hold 4');
    expect(() => x.view(-1, -1)).toThrow(
      'view: only one size of [-1, -1] can be -1, which stands for the remaining elements',
    );
    expect(() => x.view(-1, -1)).toThrow(ShapeError);
    expect(() => x.view(2.5, -1)).toThrow(ShapeError);
    expect(() => x.view(-2, -3)).toThrow(ShapeError);
    expect(() => zeros([0]).view(-1, 0)).toThrow(ShapeError);
    expect(reshape(x, [3, 2]).shape).toEqual([3, 2]);
  });

  test('flatten merges adjacent dimensions', () => {
    const x = arange(24).reshape(2, 3, 4);
    expect(flatten(x).shape).toEqual([24]);
    expect(x.flatten(1).shape).toEqual([2, 12]);
    expect(x.flatten(0, 1).shape).toEqual([6, 4]);
    expect(x.flatten(1, 1)).toBe(x);
    expect(tensor(3).flatten().shape).toEqual([1]);
    expect(() => x.flatten(2, 1)).toThrow(ValueError);
    expect(() => x.flatten(2, 1)).toThrow('flatten: startDim 2 comes after endDim 1');
    expect(() => x.flatten(0, 3)).toThrow(IndexError);
  });
});

describe('orders of dimensions', () => {
  const x = arange(24).reshape(2, 3, 4);

  test('permute', () => {
    const y = x.permute(2, 0, 1);
    expect(y.shape).toEqual([4, 2, 3]);
    expect(y.at(3, 1, 2).item()).toBe(x.at(1, 2, 3).item());
    expect(permute(x, [-1, 0, 1]).equal(y)).toBe(true);
    expectShared(x, y);
    expect(tensor(1).permute().shape).toEqual([]);
    expect(() => x.permute(0, 1)).toThrow('permute: 2 dimensions for shape [2, 3, 4]; name each once');
    expect(() => x.permute(0, 1, 1)).toThrow(IndexError);
    expect(() => x.permute(0, 1, 3)).toThrow('permute: dimension 3 is outside [-3, 2]');
  });

  test('transpose, t, T and mT', () => {
    const y = arange(24).reshape(2, 3, 4);
    expect(y.transpose(0, -1).shape).toEqual([4, 3, 2]);
    expect(transpose(y, 1, 1).equal(y)).toBe(true);
    expect(y.mT.shape).toEqual([2, 4, 3]);
    expect(y.T.shape).toEqual([4, 3, 2]);
    const m = arange(6).reshape(2, 3);
    expect(t(m).tolist()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(m.T.equal(m.t())).toBe(true);
    expectShared(m, m.t());
    const v = arange(3);
    expectShared(v, v.t());
    expect(() => y.t()).toThrow(ShapeError);
    expect(() => y.t()).toThrow('t: needs at most two dimensions, got [2, 3, 4]; use transpose(dim0, dim1)');
    expect(() => y.transpose(0, 3)).toThrow(IndexError);
    expect(() => v.mT).toThrow(IndexError);
  });
});

describe('dimensions of size 1', () => {
  test('squeeze drops them', () => {
    const x = zeros([1, 3, 1, 2]);
    expect(x.squeeze().shape).toEqual([3, 2]);
    expect(x.squeeze(0).shape).toEqual([3, 1, 2]);
    expect(x.squeeze(1).shape).toEqual([1, 3, 1, 2]);
    expect(squeeze(x, [0, -2]).shape).toEqual([3, 2]);
    expect(x.squeeze([]).shape).toEqual([1, 3, 1, 2]);
    expect(tensor(1).squeeze(0).shape).toEqual([]);
    const w = ones([1, 2], { requiresGrad: true });
    expect([w.squeeze(), w.squeeze(0), w.squeeze([0])].map((y) => y.gradFn!.name)).toEqual([
      'SqueezeBackward0',
      'SqueezeBackward1',
      'SqueezeBackward2',
    ]);
    expectShared(x, x.squeeze());
    expect(() => x.squeeze(4)).toThrow(IndexError);
    expect(() => x.squeeze([0, -4])).toThrow(IndexError);
  });

  test('unsqueeze inserts one', () => {
    const x = arange(6).reshape(2, 3);
    expect(x.unsqueeze(0).shape).toEqual([1, 2, 3]);
    expect(x.unsqueeze(1).shape).toEqual([2, 1, 3]);
    expect(unsqueeze(x, -1).shape).toEqual([2, 3, 1]);
    expect(x.t().unsqueeze(1).tolist()).toEqual([[[0, 3]], [[1, 4]], [[2, 5]]]);
    expect(tensor(1).unsqueeze(0).shape).toEqual([1]);
    expectShared(x, x.unsqueeze(1));
    expect(() => x.unsqueeze(3)).toThrow('unsqueeze: dimension 3 is outside [-3, 2]');
  });

  test('expand broadcasts them without copying', () => {
    const x = tensor([[1], [2]]);
    const y = x.expand(2, 3);
    expect(y.tolist()).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(y.stride).toEqual([1, 0]);
    expect(y.data).toBe(x.data);
    expect(x.expand(4, -1, 2).shape).toEqual([4, 2, 2]);
    expect(ones([1, 0]).expand(3, 0).shape).toEqual([3, 0]);
    expect(tensor([1]).expand([0]).shape).toEqual([0]);
    x.fill_(7);
    expect(y.sum().item()).toBe(42);
    expect(() => x.expand(3, 3)).toThrow(ShapeError);
    expect(() => x.expand(3, 3)).toThrow('expand: shape [2, 1] does not stretch to [3, 3]; only sizes of 1 stretch');
    expect(() => x.expand(2)).toThrow(ShapeError);
    expect(() => x.expand(-1, 2, 1)).toThrow(ShapeError);
  });
});

test('sumToSize undoes broadcasting', () => {
  const x = ones([4, 2, 3]);
  expect(x.sumToSize([2, 1]).tolist()).toEqual([[12], [12]]);
  expect(x.sumToSize([3]).tolist()).toEqual([8, 8, 8]);
  expect(x.sumToSize([]).item()).toBe(24);
  expect(x.sumToSize([4, 2, 3]).equal(x)).toBe(true);
  expect(() => x.sumToSize([2])).toThrow('sumToSize: [2] does not broadcast to [4, 2, 3]');
  expect(() => x.sumToSize([1, 4, 2, 3])).toThrow(ShapeError);
});

describe('a list that the caller changes afterwards', () => {
  test.each<[string, readonly number[], (x: Tensor, list: readonly number[]) => Tensor]>([
    ['view', [6, 4], (x, size) => x.view(size)],
    ['reshape', [6, 4], (x, size) => x.reshape(size)],
    ['reshape of a transpose', [4, 6], (x, size) => x.transpose(0, 1).reshape(size)],
    ['permute', [1, 2, 0], (x, dims) => x.permute(dims)],
    ['expand', [2, 3, 4], (x, size) => x.expand(size)],
    ['sumToSize', [3, 1], (x, size) => x.sumToSize(size)],
    ['asStrided', [3, 2], (x, size) => x.asStrided(size, [1, 3])],
    ['sum', [2], (x, dims) => x.sum(dims)],
    ['flip', [0, 1], (x, dims) => x.flip(dims)],
  ])('changes neither the result of %s nor its gradient', (_, given, f) => {
    const gradient = (change: boolean) => {
      const x = arange(24).reshape(2, 3, 4).to('float32').requiresGrad_();
      const list = [...given];
      const y = f(x, list);
      const shape = [...y.shape];
      if (change) list.fill(0);
      expect(y.shape).toEqual(shape);
      y.mul(arange(y.numel()).view(y.shape)).sum().backward();
      return x.grad!.tolist();
    };
    expect(gradient(true)).toEqual(gradient(false));
  });
});
