import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arange,
  DtypeError,
  gather,
  IndexError,
  indexSelect,
  manualSeed,
  nonzero,
  ones,
  randint,
  randn,
  ShapeError,
  stack,
  takeAlongDim,
  tensor,
  zeros,
} from '../../../src';
import { ints } from '../../support/tensors';

const x = arange(6).float().reshape(2, 3);

/** A shape, a dimension, and an index for it with its shape and elements. */
const lookups = fc
  .record({ shape: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }), d: fc.nat(2) })
  .chain(({ shape, d }) => {
    const dim = d % shape.length;
    return fc.tuple(...shape.map((n, i) => fc.integer({ min: 1, max: i === dim ? 4 : n }))).chain((sizes) => {
      const count = sizes.reduce((a, b) => a * b, 1);
      const positions = fc.array(fc.nat(shape[dim] - 1), { minLength: count, maxLength: count });
      return positions.map((index) => ({ shape, dim, index: ints(index).reshape(sizes) }));
    });
  });

function everyIndex(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>((all, n) => all.flatMap((i) => Array.from({ length: n }, (_, k) => [...i, k])), [[]]);
}

describe('gather of many rows, by a kernel', () => {
  const [rows, n, m] = [70, 90, 110];
  manualSeed(1);
  const many = randn([rows, n]);
  const index = randint(0, n, [rows, m]);

  test('reads the same as single positions, from a view too', () => {
    const positions = index.tolist() as number[][];
    const expected = positions.map((row, r) => row.map((p) => many.at(r, p).item()));
    expect(many.gather(1, index).tolist()).toEqual(expected);
    expect(many.t().contiguous().t().gather(-1, index).tolist()).toEqual(expected);
    const wide = stack([many, many.neg()]).at(1);
    expect(wide.gather(1, index).neg().tolist()).toEqual(expected);
    const doubles = many.double().gather(1, index).float();
    expect(doubles.tolist()).toEqual(expected);
  });

  test('names a position out of range, and returns nothing', () => {
    for (const wrong of [n, -1]) {
      const bad = index.clone();
      bad.at(rows - 1, m - 1).fill_(wrong);
      expect(() => many.gather(1, bad)).toThrow(IndexError);
      expect(() => many.gather(1, bad)).toThrow(`gather: position ${wrong} is out of range for ${n} elements`);
    }
  });

  test('the gradient goes to the original positions, even if the index changes later', () => {
    const leaf = many.clone().requiresGrad_();
    const own = index.clone();
    const y = leaf.gather(1, own);
    own.fill_(0);
    y.sum().backward();
    const counts = zeros([rows, n]).scatterAdd(1, index, ones([rows, m]));
    expect(leaf.grad!.equal(counts)).toBe(true);
  });
});

describe('gather', () => {
  test('looks elements up along a dimension', () => {
    expect(
      gather(
        x,
        1,
        ints([
          [2, 0],
          [1, 1],
        ]),
      ).tolist(),
    ).toEqual([
      [2, 0],
      [4, 4],
    ]);
    expect(x.gather(0, ints([[1, 0]])).tolist()).toEqual([[3, 1]]);
    expect(
      tensor(7)
        .gather(0, ints([0, 0]))
        .tolist(),
    ).toEqual([7, 7]);
    expect(x.gather(0, zeros([0])).shape).toEqual([0]);
  });

  test('matches loops, and its gradient accumulates', () => {
    fc.assert(
      fc.property(lookups, ({ shape, dim, index }) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const y = arange(count).float().reshape(shape).requiresGrad_();
        const found = y.gather(dim, index);
        const expected = zeros(shape);
        for (const i of everyIndex(index.shape)) {
          const place = i.map((k, d) => (d === dim ? index.at(...i).item() : k));
          expect(found.at(...i).item()).toBe(y.at(...place).item());
          expected.setAt(place, expected.at(...place).item() + 1);
        }
        found.sum().backward();
        expect(y.grad!.tolist()).toEqual(expected.tolist());
        // scatterAdd is its transpose.
        expect(zeros(shape).scatterAdd(dim, index, zeros(index.shape).add(1)).tolist()).toEqual(expected.tolist());
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  test('the index may be changed before the backward step', () => {
    const y = tensor([1, 2, 3], { requiresGrad: true });
    const index = ints([0, 0]);
    const found = y.gather(0, index);
    index.fill_(2);
    found.sum().backward();
    expect(y.grad!.tolist()).toEqual([2, 0, 0]);
  });

  test('errors', () => {
    expect(() => x.gather(2, ints([[0]]))).toThrow(IndexError);
    expect(() => x.gather(0, ints([0]))).toThrow(ShapeError);
    expect(() => x.gather(1, ints([[0], [0], [0]]))).toThrow(ShapeError);
    expect(() => x.gather(1, ints([[3]]))).toThrow('gather: position 3 is out of range for 3 elements');
    expect(() => x.gather(1, ints([[-1]]))).toThrow(IndexError);
    expect(() => x.gather(1, tensor([[true]]))).toThrow(DtypeError);
  });
});

describe('entries and elements', () => {
  test('indexSelect', () => {
    expect(indexSelect(x, 1, ints([2, 2, 0])).tolist()).toEqual([
      [2, 2, 0],
      [5, 5, 3],
    ]);
    expect(x.indexSelect(0, ints([])).shape).toEqual([0, 3]);
    expect(
      tensor(4)
        .indexSelect(0, ints([0]))
        .item(),
    ).toBe(4);
    expect(() => x.indexSelect(0, ints([[0]]))).toThrow(ShapeError);
    expect(() => x.indexSelect(0, ints([-1]))).toThrow(IndexError);
    expect(() => x.indexSelect(0, tensor([true]))).toThrow(DtypeError);
  });

  test('takeAlongDim broadcasts and counts from the end', () => {
    expect(takeAlongDim(x, ints([[-1]]), 1).tolist()).toEqual([[2], [5]]);
    expect(x.takeAlongDim(ints([[0], [1]]), 0).tolist()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(x.takeAlongDim(ints([[5, 0]])).tolist()).toEqual([5, 0]);
    expect(() => x.takeAlongDim(ints([0]), 1)).toThrow(ShapeError);
    expect(() =>
      x.takeAlongDim(
        ints([
          [0, 0],
          [0, 0],
          [0, 0],
        ]),
        1,
      ),
    ).toThrow(ShapeError);
    expect(() => x.takeAlongDim(ints([[3]]), 1)).toThrow(IndexError);
  });

  test('take', () => {
    expect(x.take(ints([[5, -6]])).tolist()).toEqual([[5, 0]]);
    expect(
      x
        .t()
        .take(ints([1]))
        .tolist(),
    ).toEqual([3]);
    expect(() => x.take(ints([6]))).toThrow(IndexError);
  });

  test('maskedSelect broadcasts', () => {
    expect(x.maskedSelect(x.gt(2)).tolist()).toEqual([3, 4, 5]);
    expect(x.maskedSelect(tensor([true, false, true])).tolist()).toEqual([0, 2, 3, 5]);
    expect(
      tensor([1, 2])
        .maskedSelect(tensor([[true], [false]]))
        .tolist(),
    ).toEqual([1, 2]);
    expect(tensor(3).maskedSelect(tensor(true)).tolist()).toEqual([3]);
    const y = tensor([1, 2], { requiresGrad: true });
    y.maskedSelect(
      tensor([
        [true, true],
        [false, true],
      ]),
    )
      .sum()
      .backward();
    expect(y.grad!.tolist()).toEqual([1, 2]);
    expect(() => x.maskedSelect(zeros([3]))).toThrow(DtypeError);
    expect(() => x.maskedSelect(tensor([true, false]))).toThrow(ShapeError);
  });

  test('nonzero', () => {
    const y = tensor([
      [0, 5],
      [7, 0],
    ]);
    expect(nonzero(y).tolist()).toEqual([
      [0, 1],
      [1, 0],
    ]);
    const places = y.nonzero({ asTuple: true });
    expect(y.at(...places).tolist()).toEqual([5, 7]);
    expect(tensor(3).nonzero().shape).toEqual([1, 0]);
    expect(tensor(0).nonzero().shape).toEqual([0, 0]);
    expect(
      tensor(3)
        .nonzero({ asTuple: true })
        .map((t) => t.tolist()),
    ).toEqual([[0]]);
    expect(zeros([2, 0]).nonzero().shape).toEqual([0, 2]);
  });
});
