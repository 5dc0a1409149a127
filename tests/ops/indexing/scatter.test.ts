import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  arange,
  cat,
  DtypeError,
  full,
  gradcheck,
  IndexError,
  manualSeed,
  nn,
  ones,
  randint,
  randn,
  ShapeError,
  scatter,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../../src';
import { setSwitches } from '../../../src/kernels/wasm/runtime';
import { ints } from '../../support/tensors';

const { NaN: nan } = Number;

describe('scatter', () => {
  const index = ints([[0, 2]]);

  test('writes elements or one number at the index', () => {
    expect(scatter(zeros([2, 3]), 1, index, tensor([[5, 6]])).tolist()).toEqual([
      [5, 0, 6],
      [0, 0, 0],
    ]);
    expect(zeros([3, 2]).scatter(0, index, 7).tolist()).toEqual([
      [7, 0],
      [0, 0],
      [0, 7],
    ]);
    expect(
      tensor(1)
        .scatter(0, ints([0]).at(0), 9)
        .item(),
    ).toBe(9);
    // Of a larger source, only the part that the index covers.
    expect(
      zeros([1, 3])
        .scatter(
          1,
          index,
          tensor([
            [1, 2, 3],
            [4, 5, 6],
          ]),
        )
        .tolist(),
    ).toEqual([[1, 0, 2]]);
    expect(
      zeros([2])
        .scatter(0, zeros([0]), tensor([1]))
        .tolist(),
    ).toEqual([0, 0]);
  });

  test('adds or multiplies', () => {
    const x = tensor([1, 2, 3]);
    const twice = ints([0, 0]);
    expect(x.scatter(0, twice, tensor([4, 5]), { reduce: 'add' }).tolist()).toEqual([10, 2, 3]);
    expect(x.scatter(0, twice, tensor([4, 5]), { reduce: 'multiply' }).tolist()).toEqual([20, 2, 3]);
    expect(x.scatter(0, twice, 2, { reduce: 'multiply' }).tolist()).toEqual([4, 2, 3]);
    expect(x.scatterAdd(0, twice, tensor([4, 5])).tolist()).toEqual([10, 2, 3]);
  });

  test('in place', () => {
    const oneHot = zeros([2, 3]);
    expect(oneHot.scatter_(1, ints([[2], [0]]), 1)).toBe(oneHot);
    expect(oneHot.tolist()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(
      tensor([1, 2])
        .scatter_(0, ints([1]), 5, { reduce: 'multiply' })
        .tolist(),
    ).toEqual([1, 10]);
    expect(
      tensor([1, 2])
        .scatterAdd_(0, ints([1, 1]), tensor([5, 6]))
        .tolist(),
    ).toEqual([1, 13]);
    const leaf = zeros([2], { requiresGrad: true });
    expect(() => leaf.scatter_(0, ints([1]), 5)).toThrow(AutogradError);
    expect(() => leaf.scatter_(0, ints([1]), 5)).toThrow('scatter_: this leaf');
  });

  test('gradients', () => {
    const x = tensor([1, 2, 3], { requiresGrad: true });
    const src = tensor([4, 5], { requiresGrad: true });
    x.scatter(0, ints([2, 0]), src).backward(tensor([10, 20, 30]));
    expect(x.grad!.tolist()).toEqual([0, 20, 0]);
    expect(src.grad!.tolist()).toEqual([30, 10]);
  });

  test('errors', () => {
    const x = zeros([2, 3]);
    expect(() => x.scatter(2, index, 1)).toThrow(IndexError);
    expect(() => x.scatter(1, ints([[3]]), 1)).toThrow(IndexError);
    expect(() => x.scatter(1, ints([0]), 1)).toThrow(ShapeError);
    expect(() => x.scatter(1, index, tensor([[1]]))).toThrow(ShapeError);
    expect(() => x.scatter(1, index, tensor([1, 2]))).toThrow(ShapeError);
    expect(() => x.scatter(1, index, ints([[1, 2]]))).toThrow(DtypeError);
    expect(() => x.scatter(1, tensor([[true]]), 1)).toThrow(DtypeError);
    expect(() => x.scatter(1, index, 1, { reduce: 'sum' as 'add' })).toThrow(ValueError);
    expect(() => x.scatter(1, index, null as unknown as number)).toThrow(ValueError);
  });
});

describe('scatterReduce', () => {
  const x = tensor([1, 2, 3]);
  const index = ints([0, 0, 2]);
  const src = tensor([4, 6, -5]);

  test('of every kind', () => {
    expect(x.scatterReduce(0, index, src, 'sum').tolist()).toEqual([11, 2, -2]);
    expect(x.scatterReduce(0, index, src, 'prod', { includeSelf: false }).tolist()).toEqual([24, 2, -5]);
    expect(x.scatterReduce(0, index, src, 'mean', { includeSelf: false }).tolist()).toEqual([5, 2, -5]);
    expect(x.scatterReduce(0, index, src, 'mean').tolist()).toEqual([Math.fround(11 / 3), 2, -1]);
    expect(x.scatterReduce(0, index, src, 'amax').tolist()).toEqual([6, 2, 3]);
    expect(x.scatterReduce(0, index, src, 'amin', { includeSelf: false }).tolist()).toEqual([4, 2, -5]);
    expect(x.scatterReduce(0, index, tensor([nan, 1, 1]), 'amax').tolist()).toEqual([nan, 2, 3]);
    expect(
      ints([1, 2])
        .scatterReduce(0, ints([0]), ints([-4]), 'mean')
        .tolist(),
    ).toEqual([-2, 2]);
    expect(() => x.scatterReduce(0, index, src, 'max' as 'amax')).toThrow(ValueError);
  });

  test('the product has the right gradient if one element is 0', () => {
    const values = [tensor([2, 0, 3], { dtype: 'float64' }), tensor([4, 0, 5], { dtype: 'float64' })];
    for (const t of values) t.requiresGrad_();
    for (const includeSelf of [true, false])
      expect(gradcheck((a, b) => a.scatterReduce(0, ints([0, 0, 2]), b, 'prod', { includeSelf }), values)).toBe(true);
  });

  test('equals share the gradient of the maximum', () => {
    const y = tensor([6, 2, 3], { requiresGrad: true });
    const s = tensor([4, 6, 1], { requiresGrad: true });
    y.scatterReduce(0, index, s, 'amax').sum().backward();
    expect(y.grad!.tolist()).toEqual([0.5, 1, 1]);
    expect(s.grad!.tolist()).toEqual([0, 0.5, 0]);
  });
});

describe('whole entries', () => {
  const rows = () => arange(6).float().reshape(3, 2);

  test('added, copied, filled', () => {
    expect(
      rows()
        .indexAdd(0, ints([0, 0]), ones([2, 2]), { alpha: 10 })
        .tolist(),
    ).toEqual([
      [20, 21],
      [2, 3],
      [4, 5],
    ]);
    expect(
      rows()
        .indexCopy(1, ints([1]), tensor([[7], [8], [9]]))
        .tolist(),
    ).toEqual([
      [0, 7],
      [2, 8],
      [4, 9],
    ]);
    expect(
      rows()
        .indexFill(0, ints([-1, 0]), 9)
        .tolist(),
    ).toEqual([
      [9, 9],
      [2, 3],
      [9, 9],
    ]);
    expect(
      tensor(1)
        .indexAdd(0, ints([0]), tensor(4))
        .item(),
    ).toBe(5);
    const y = rows();
    y.indexAdd_(0, ints([1]), ones([1, 2]))
      .indexCopy_(0, ints([0]), zeros([1, 2]))
      .indexFill_(1, ints([1]), -1);
    expect(y.tolist()).toEqual([
      [0, -1],
      [3, -1],
      [4, -1],
    ]);
  });

  test('gradients', () => {
    const x = rows().requiresGrad_();
    const source = ones([1, 2], { requiresGrad: true });
    const value = tensor(5, { requiresGrad: true });
    x.indexCopy(0, ints([0]), source)
      .indexFill(0, ints([2, 2]), value)
      .sum()
      .backward();
    expect(x.grad!.tolist()).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
    expect(source.grad!.tolist()).toEqual([[1, 1]]);
    expect(value.grad!.item()).toBe(2);
  });

  test('errors', () => {
    expect(() => rows().indexAdd(0, ints([0]), ones([2, 2]))).toThrow(ShapeError);
    expect(() => rows().indexAdd(0, ints([3]), ones([1, 2]))).toThrow(IndexError);
    expect(() => rows().indexCopy(0, ints([0]), ints([[1, 2]]))).toThrow(DtypeError);
    expect(() => rows().indexCopy(2, ints([0]), ones([1, 2]))).toThrow(IndexError);
    expect(() => rows().indexFill(0, ints([0]), ones([2]))).toThrow(ShapeError);
    expect(() => rows().indexFill(0, ints([[0]]), 1)).toThrow(ShapeError);
  });
});

describe('maskedScatter', () => {
  test('fills true positions in order; tensor and mask broadcast', () => {
    const x = zeros([2, 2]);
    const mask = tensor([true, false]);
    expect(x.maskedScatter(mask, tensor([1, 2, 3])).tolist()).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(
      zeros([2])
        .maskedScatter(
          tensor([
            [true, true],
            [false, true],
          ]),
          tensor([1, 2, 3]),
        )
        .tolist(),
    ).toEqual([
      [1, 2],
      [0, 3],
    ]);
    expect(x.maskedScatter_(mask, tensor([4, 5])).tolist()).toEqual([
      [4, 0],
      [5, 0],
    ]);
    const source = tensor([1, 2, 3], { requiresGrad: true });
    x.maskedScatter(mask, source).sum().backward();
    expect(source.grad!.tolist()).toEqual([1, 1, 0]);
  });

  test('errors', () => {
    expect(() => zeros([2]).maskedScatter(tensor([true, true]), tensor([1]))).toThrow(ValueError);
    expect(() => zeros([2]).maskedScatter(tensor([1, 1]), tensor([1, 2]))).toThrow(DtypeError);
    expect(() => zeros([2]).maskedScatter(tensor([true, true]), ints([1, 2]))).toThrow(DtypeError);
    expect(() => zeros([2]).maskedScatter_(tensor([[true, true]]), tensor([1, 2]))).toThrow(ShapeError);
  });
});

describe('indexPut', () => {
  test('at lists of positions and masks', () => {
    const x = zeros([3, 2]);
    expect(x.indexPut([ints([0, 2])], tensor([1, 2])).tolist()).toEqual([
      [1, 2],
      [0, 0],
      [1, 2],
    ]);
    expect(x.indexPut([null, ints([1, 1])], ones([3, 2]), { accumulate: true }).tolist()).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
    expect(x.indexPut_([tensor([true, false, true]), ints([0])], tensor([[5]]).reshape(1)).tolist()).toEqual([
      [5, 0],
      [0, 0],
      [5, 0],
    ]);
    const values = tensor([3], { requiresGrad: true });
    x.indexPut([ints([0, 1])], values)
      .sum()
      .backward();
    expect(values.grad!.tolist()).toEqual([4]);
  });

  test('errors', () => {
    const x = zeros([3, 2]);
    expect(() => x.indexPut([ints([3])], tensor([1]))).toThrow(IndexError);
    expect(() => x.indexPut([ints([0])], ones([3]))).toThrow(ShapeError);
    expect(() => x.indexPut([ints([0])], ints([1]))).toThrow(DtypeError);
    expect(() => x.indexPut([null], ones([2]))).toThrow(ValueError);
  });
});

describe('adding in many rows, by a kernel', () => {
  const [rows, n, m] = [70, 90, 110];
  manualSeed(4);
  const x = randn([rows, n]);
  const src = randn([rows, m + 5]);
  const index = randint(0, n, [rows, m]);
  const withLoops = <T>(compute: () => T): T => {
    const before = setSwitches({ wasm: false });
    try {
      return compute();
    } finally {
      setSwitches(before);
    }
  };
  const same = (compute: () => Tensor) => expect(compute().tolist()).toEqual(withLoops(compute).tolist());

  test('has the bits of the loop, in a new tensor and in place, also of transposed ones', () => {
    same(() => x.scatterAdd(1, index, src));
    same(() => x.t().contiguous().t().scatterAdd(1, index, src));
    same(() => x.clone().scatterAdd_(1, index, src));
    same(() => x.scatterAdd(1, index.narrow(1, 0, 80), src));
    same(() => x.scatter(1, index, src, { reduce: 'add' }));
    const special = src.clone();
    special.narrow(1, 0, 3).fill_(Number.NaN);
    special.narrow(1, 3, 3).fill_(Infinity);
    same(() => x.scatterAdd(1, index, special));
    const negative = full([rows, n], -0);
    same(() => negative.scatterAdd(1, index, full([rows, m], -0)));
  });

  test('sends gradients to both', () => {
    const gradients = () => {
      const [a, b] = [x, src].map((t) => t.detach().clone().requiresGrad_());
      a.scatterAdd(1, index, b).pow(2).sum().backward();
      return cat([a.grad!.reshape(-1), b.grad!.reshape(-1)]);
    };
    same(gradients);
  });

  test('of gather comes back', () =>
    same(() => {
      const a = x.clone().requiresGrad_();
      a.gather(1, index).pow(2).sum().backward();
      return a.grad!;
    }));

  test.each([-1, n])('position %i is out of range, and nothing has changed', (wrong) => {
    const bad = index.clone();
    bad.at(rows - 1, m - 1).fill_(wrong);
    const y = x.clone();
    expect(() => y.scatterAdd(1, bad, src)).toThrow(IndexError);
    expect(() => y.scatterAdd_(1, bad, src)).toThrow(`scatterAdd: position ${wrong} is out of range for 90 elements`);
    expect(y.tolist()).toEqual(x.tolist());
  });

  test.each([256, 300, 5000])('whole rows of %i', (width) => {
    const [a, b] = [randn([20, width]), randn([40, width])];
    const places = randint(0, 20, [40]);
    same(() => a.indexAdd(0, places, b));
    same(() => a.clone().indexAdd_(0, places, b.t().contiguous().t(), { alpha: -0.5 }));
    same(() => {
      const weight = a.clone().requiresGrad_();
      nn.functional.embedding(places, weight).pow(2).sum().backward();
      return weight.grad!;
    });
  });
});

test('in-place index operations send their gradients back', () => {
  const leaf = tensor(
    [
      [2, 3],
      [5, 7],
    ],
    { requiresGrad: true },
  );
  const src = tensor([[4, 5]], { requiresGrad: true });
  const y = leaf.mul(1);
  expect(y.scatterReduce_(0, ints([[1, 1]]), src, 'prod').tolist()).toEqual([
    [2, 3],
    [20, 35],
  ]);
  y.backward(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  expect(leaf.grad!.tolist()).toEqual([
    [1, 2],
    [12, 20],
  ]);
  expect(src.grad!.tolist()).toEqual([[15, 28]]);
});
