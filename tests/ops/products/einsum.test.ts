import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arange,
  einsum,
  gradcheck,
  gradgradcheck,
  ones,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
} from '../../../src';
import { expectClose } from '../../support/close';

const a = tensor([
  [1, 2],
  [3, 4],
]);
const v = tensor([5, 6]);

describe('equations', () => {
  test('products of matrices and vectors', () => {
    expect(einsum('ij,jk->ik', a, a).equal(a.matmul(a))).toBe(true);
    expect(einsum('ij,j->i', [a, v]).tolist()).toEqual([17, 39]);
    expect(einsum('i,i->', v, v).item()).toBe(61);
    expect(einsum('i,j->ij', v, v).equal(v.outer(v))).toBe(true);
    expect(einsum('ij->ji', a).equal(a.t())).toBe(true);
    expect(einsum('bij,bjk->bik', ones([3, 2, 4]), ones([3, 4, 5])).tolist()).toEqual(ones([3, 2, 5]).mul(4).tolist());
    expect(einsum(' i j , j k -> i k ', a, a).equal(a.matmul(a))).toBe(true);
  });

  test('without an arrow: letters that occur once, in alphabetical order', () => {
    expect(einsum('ba', a).equal(a.t())).toBe(true);
    expect(einsum('ij,jk', a, a).equal(a.matmul(a))).toBe(true);
    expect(einsum('ij,ij', a, a).item()).toBe(30);
    expect(einsum('aB', ones([2, 3])).shape).toEqual([3, 2]);
    expect(einsum('...a', ones([2, 3])).shape).toEqual([2, 3]);
  });

  test('a repeated letter takes the diagonal', () => {
    expect(einsum('ii->i', a).tolist()).toEqual([1, 4]);
    expect(einsum('ii', a).item()).toBe(5);
    expect(einsum('iji->j', arange(12).reshape(2, 3, 2)).tolist()).toEqual([7, 11, 15]);
    expect(einsum('iii', ones([3, 3, 3])).item()).toBe(3);
    expect(einsum('ii,i->i', a, v).tolist()).toEqual([5, 24]);
  });

  test('ellipses broadcast', () => {
    expect(einsum('...ij,...jk->...ik', ones([4, 1, 2, 3]), ones([5, 3, 2])).shape).toEqual([4, 5, 2, 2]);
    expect(einsum('i...->...', a).tolist()).toEqual([4, 6]);
    expect(einsum('i...->i', ones([2, 3, 4])).tolist()).toEqual([12, 12]);
    expect(einsum('...,...', a, v).tolist()).toEqual([
      [5, 12],
      [15, 24],
    ]);
    expect(einsum('...j,j...->j...', a, a).shape).toEqual([2, 2]);
  });

  test('sizes of 1 broadcast', () => {
    expect(einsum('ij,ij->ij', ones([1, 3]), a.repeat(2, 1).at('...', [0, 1, 0])).shape).toEqual([4, 3]);
    expect(einsum('ij,jk->ik', tensor([[2], [3]]), a).tolist()).toEqual([
      [8, 12],
      [12, 18],
    ]);
  });

  test('three tensors and more', () => {
    const [x, y, z] = [rand([2, 3]), rand([3, 4]), rand([4, 5])];
    const want = x.matmul(y).matmul(z);
    expectClose(einsum('ij,jk,kl->il', x, y, z), want.tolist());
    expectClose(einsum('ij,jk,kl->', x, y, z), want.sum().tolist());
    expectClose(
      einsum('bn,anm,bm->ba', x, rand([4, 3, 3]).mul(0).add(1), x),
      x.sum(1).square().unsqueeze(1).repeat(1, 4).tolist(),
    );
  });
});

test('errors', () => {
  expect(() => einsum('ij,jk->ik', a)).toThrow("einsum: 'ij,jk->ik' is for 2 tensors, got 1");
  expect(() => einsum('ijk->i', a)).toThrow("einsum: 'ijk' in 'ijk->i' has 3 letters for a tensor of shape [2, 2]");
  expect(() => einsum('i->i', a)).toThrow(ShapeError);
  expect(() => einsum('i1->i', a)).toThrow("einsum: '1' in 'i1->i'");
  expect(() => einsum('i.j->i', a)).toThrow(ValueError);
  expect(() => einsum('......', a)).toThrow("has more than one '...'");
  expect(() => einsum('ij->k', a)).toThrow(
    "einsum: 'k' in the result of 'ij->k' must be in an input, and only once in the result",
  );
  expect(() => einsum('ij->ii', a)).toThrow(ValueError);
  expect(() => einsum('ij->i->j', a)).toThrow("more than one '->'");
  expect(() => einsum('ij,jk->ik', a, ones([3, 2]))).toThrow(
    "einsum: 'j' has sizes 2 and 3, which must be equal or one",
  );
  expect(() => einsum('ii->i', ones([2, 3]))).toThrow(ShapeError);
  expect(() => einsum('ij->ij')).toThrow('einsum: needs one tensor or more, got none');
  expect(() => einsum('i', 3 as unknown as Tensor)).toThrow(ValueError);
});

/** The sum over all assignments of positions to letters, term by term. */
function naive(terms: readonly string[], output: string, tensors: readonly Tensor[]): number[] {
  const letters = [...new Set(terms.join(''))];
  const size = (letter: string) =>
    Math.max(...terms.flatMap((term, k) => [...term].flatMap((c, d) => (c === letter ? [tensors[k].shape[d]] : []))));
  const total = new Map<string, number>();
  const visit = (rest: readonly string[], at: Map<string, number>): void => {
    if (rest.length === 0) {
      const product = tensors.reduce((p, t, k) => {
        const index = [...terms[k]].map((c, d) => (t.shape[d] === 1 ? 0 : at.get(c)!));
        return p * (t.at(...index) as Tensor).item();
      }, 1);
      const key = [...output].map((c) => at.get(c)).join();
      total.set(key, (total.get(key) ?? 0) + product);
      return;
    }
    for (let i = 0; i < size(rest[0]); i++) visit(rest.slice(1), new Map(at).set(rest[0], i));
  };
  // The letters of the result first, so that its elements are in order.
  visit([...output, ...letters.filter((c) => !output.includes(c))], new Map());
  return [...total.values()];
}

test('every equation equals its sum by definition, with its derivatives', () => {
  const term = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }).map((cs) => cs.join(''));
  const stretch = fc.infiniteStream(fc.integer({ min: 0, max: 5 }));
  fc.assert(
    fc.property(
      fc.array(term, { minLength: 1, maxLength: 3 }),
      fc.shuffledSubarray(['a', 'b', 'c']),
      stretch,
      (terms, order, ones) => {
        const sizes: Record<string, number> = { a: 2, b: 3, c: 1 };
        const output = order.filter((c) => terms.some((t) => t.includes(c))).join('');
        const tensors = terms.map((t) => {
          // Sometimes a size of 1, if the letter does not mean a diagonal.
          const shape = [...t].map((c) =>
            ones.next().value === 0 && t.indexOf(c) === t.lastIndexOf(c) ? 1 : sizes[c],
          );
          return rand(shape, { dtype: 'float64', requiresGrad: true });
        });
        const equation = `${terms.join(',')}->${output}`;
        const y = einsum(equation, tensors);
        expectClose(y.reshape(-1), naive(terms, output, tensors), 1e-12);
        expect(gradcheck((...xs) => einsum(equation, xs), tensors)).toBe(true);
      },
    ),
    { seed: 17, numRuns: 120 },
  );
});

test('second derivatives', () => {
  const xs = [
    rand([2, 3], { dtype: 'float64', requiresGrad: true }),
    rand([3, 3], { dtype: 'float64', requiresGrad: true }),
  ];
  expect(gradgradcheck((x, y) => einsum('ij,jj->i', x, y), xs)).toBe(true);
});
