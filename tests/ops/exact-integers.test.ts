// Sums and products of int32 compared with BigInt, which is exact: the result is the same number, or, if int32
// overflows, an error that names the operation.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { einsum, linalg, type Tensor, tensor, ValueError } from '../../src';
import { linear } from '../../src/ops/table/exact-integers';

const MAX = 2 ** 31 - 1;
const MIN = -(2 ** 31);
type Big = bigint[];

/** Small numbers, zeros, and the whole range of int32 with its ends. */
const number = fc.oneof(
  { arbitrary: fc.integer({ min: -9, max: 9 }), weight: 6 },
  { arbitrary: fc.constant(0), weight: 6 },
  fc.integer({ min: MIN, max: MAX }),
  fc.constantFrom(MAX, MIN, MAX - 1, MIN + 1, 46340, 46341, 65536, -65536),
);
const list = (n: number) => fc.array(number, { minLength: n, maxLength: n });
const int32 = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  tensor([...values], { dtype: 'int32' }).reshape([...shape]);
const big = (values: readonly number[]): Big => values.map(BigInt);
const fits = (v: bigint) => v >= MIN && v <= MAX;

/** Compares a result for lists of the given lengths with its exact value. */
function agrees(
  op: string,
  lengths: readonly number[],
  compute: (...lists: number[][]) => Tensor,
  exact: (...lists: Big[]) => Big,
) {
  test(op, () => {
    const seen = { right: 0, refused: 0 };
    fc.assert(
      fc.property(fc.tuple(...lengths.map(list)), (lists) => {
        const expected = exact(...lists.map(big));
        if (!expected.every(fits)) {
          seen.refused++;
          expect(() => compute(...lists)).toThrow(ValueError);
          expect(() => compute(...lists)).toThrow(new RegExp(`^${op}: .*float64`));
          return;
        }
        seen.right++;
        const y = compute(...lists);
        expect(y.dtype).toBe('int32');
        expect(Array.from(y.toArray())).toEqual(expected.map(Number));
      }),
      { seed: 8, numRuns: 400 },
    );
    expect(Math.min(seen.right, seen.refused)).toBeGreaterThan(10);
  });
}

const sum = (values: Big) => values.reduce((a, b) => a + b, 0n);
const dot = (a: Big, b: Big) => sum(a.map((v, i) => v * b[i]));
const rows = (a: Big, n: number) => Array.from({ length: a.length / n }, (_, i) => a.slice(i * n, (i + 1) * n));
const columns = (a: Big, n: number) => Array.from({ length: n }, (_, j) => a.filter((_, i) => i % n === j));
/** The product of row-major matrices with inner dimension `k`; the second has `n` columns. */
const product = (a: Big, b: Big, k: number, n: number) =>
  rows(a, k).flatMap((row) => columns(b, n).map((column) => dot(row, column)));

describe('totals', () => {
  agrees(
    'sum',
    [5],
    (x) => int32(x).sum(),
    (x) => [sum(x)],
  );
  agrees(
    'sum',
    [6],
    (x) => int32(x, [2, 3]).sum(0),
    (x) => columns(x, 3).map(sum),
  );
  agrees(
    'prod',
    [4],
    (x) => int32(x).prod(),
    (x) => [x.reduce((a, b) => a * b, 1n)],
  );
  agrees(
    'cumsum',
    [4],
    (x) => int32(x).cumsum(0),
    (x) => x.map((_, i) => sum(x.slice(0, i + 1))),
  );
  agrees(
    'cumprod',
    [3],
    (x) => int32(x).cumprod(0),
    (x) => x.map((_, i) => x.slice(0, i + 1).reduce((a, b) => a * b)),
  );
  agrees(
    'diff',
    [3],
    (x) => int32(x).diff(2),
    ([a, b, c]) => [c - 2n * b + a],
  );
  agrees(
    'sum',
    [9],
    (x) => int32(x, [3, 3]).trace(),
    (x) => [x[0] + x[4] + x[8]],
  );
});

describe('products', () => {
  agrees(
    'matmul',
    [6, 6],
    (a, b) => int32(a, [2, 3]).matmul(int32(b, [3, 2])),
    (a, b) => product(a, b, 3, 2),
  );
  agrees(
    'mm',
    [4, 4],
    (a, b) =>
      int32(a, [2, 2])
        .t()
        .mm(int32(b, [2, 2])),
    ([a, b, c, d], z) => product([a, c, b, d], z, 2, 2),
  );
  agrees(
    'bmm',
    [4, 4],
    (a, b) => int32(a, [2, 1, 2]).bmm(int32(b, [2, 2, 1])),
    (a, b) => [dot(a.slice(0, 2), b.slice(0, 2)), dot(a.slice(2), b.slice(2))],
  );
  agrees(
    'mv',
    [4, 2],
    (a, b) => int32(a, [2, 2]).mv(int32(b)),
    (a, b) => product(a, b, 2, 1),
  );
  agrees(
    'dot',
    [3, 3],
    (a, b) => int32(a).dot(int32(b)),
    (a, b) => [dot(a, b)],
  );
  agrees(
    'inner',
    [4, 2],
    (a, b) => int32(a, [2, 2]).inner(int32(b)),
    (a, b) => product(a, b, 2, 1),
  );
  agrees(
    'outer',
    [2, 2],
    (a, b) => int32(a).outer(int32(b)),
    (a, b) => product(a, b, 1, 2),
  );
  agrees(
    'kron',
    [2, 2],
    (a, b) => int32(a).kron(int32(b)),
    (a, b) => product(a, b, 1, 2),
  );
  agrees(
    'tensordot',
    [4, 4],
    (a, b) => int32(a, [2, 2]).tensordot(int32(b, [2, 2])),
    (a, b) => [dot(a, b)],
  );
  agrees(
    'tensordot',
    [2, 3],
    (a, b) => int32(a, [2, 1]).tensordot(int32(b, [3, 1]), { dims: [[1], [0]] }),
    (a, b) => a.map((v) => v * sum(b)),
  );
  agrees(
    'vecdot',
    [2, 2],
    (a, b) => linalg.vecdot(int32(a), int32(b)),
    (a, b) => [dot(a, b)],
  );
  agrees(
    'einsum',
    [4, 4],
    (a, b) => einsum('ij,jk->', int32(a, [2, 2]), int32(b, [2, 2])),
    (a, b) => [sum(product(a, b, 2, 2))],
  );
  agrees(
    'cross',
    [3, 3],
    (a, b) => int32(a).cross(int32(b)),
    (a, b) => [1, 2, 0].map((i) => a[i] * b[(i + 1) % 3] - a[(i + 1) % 3] * b[i]),
  );
});

describe('a tensor plus a product', () => {
  const factors = { beta: 3, alpha: -2 };
  const plus = (a: Big, p: Big) => p.map((v, i) => 3n * a[i % a.length] - 2n * v);
  agrees(
    'addmm',
    [2, 4, 4],
    (x, a, b) => int32(x).addmm(int32(a, [2, 2]), int32(b, [2, 2]), factors),
    (x, a, b) => plus(x, product(a, b, 2, 2)),
  );
  agrees(
    'addmv',
    [2, 4, 2],
    (x, a, b) => int32(x).addmv(int32(a, [2, 2]), int32(b), factors),
    (x, a, b) => plus(x, product(a, b, 2, 1)),
  );
  agrees(
    'baddbmm',
    [1, 2, 2],
    (x, a, b) => int32(x).baddbmm(int32(a, [1, 1, 2]), int32(b, [1, 2, 1]), factors),
    (x, a, b) => plus(x, [dot(a, b)]),
  );
  agrees(
    'addr',
    [2, 2, 2],
    (x, a, b) => int32(x).addr(int32(a), int32(b), factors),
    (x, a, b) => plus(x, product(a, b, 1, 2)),
  );
  agrees(
    'addmm',
    [1, 2, 2],
    (x, a, b) => int32(x).addmm(int32(a, [1, 2]), int32(b, [2, 1]), { beta: 0 }),
    (_, a, b) => [dot(a, b)],
  );
});

test('intermediate results of a product of three tensors may exceed int32', () => {
  const [a, b, c] = [int32([65536, 3]), int32([65536, 5]), int32([0, 7])];
  expect(einsum('i,i,i->', a, b, c).item()).toBe(105);
  expect(einsum('i,i,i->i', a, b, c).tolist()).toEqual([0, 105]);
  expect(() => einsum('i,j,k->', a, b, c)).toThrow('einsum: 30068441193 does not fit into int32');
});

test('sums of more numbers than float64 adds exactly are computed from halves', () => {
  const x = int32([MAX, MIN, -1, 65535, 1 - MAX, MAX]);
  const total = (t: Tensor) => tensor([sum(Array.from(t.toArray(), BigInt))].map(Number), { dtype: 'float64' });
  const calls: Tensor[] = [];
  const y = linear('sum', x, 2 ** 40, (t) => {
    calls.push(t);
    return total(t);
  });
  expect(calls.map((t) => t.dtype)).toEqual(['float64', 'float64']);
  expect(y.tolist()).toEqual([65534]);
  expect(() => linear('sum', int32([MAX, 1]), 2 ** 40, total)).toThrow('sum: 2147483648 does not fit into int32');
});

test('products beyond 2⁵³ that cancel leave an exact remainder', () => {
  // MAX² - (MAX - 1)(MAX + 1) = 1
  const [a, b] = [int32([MAX, MAX - 1]), int32([MAX, MIN])];
  const [row, column] = [a.reshape(1, 2), b.reshape(2, 1)];
  const one = [
    a.dot(b),
    a.inner(b),
    linalg.vecdot(a, b),
    einsum('i,i', a, b),
    a.tensordot(b, { dims: 1 }),
    row.mm(column).at(0, 0),
    row.mv(b).at(0),
    row.matmul(column).at(0, 0),
    row.unsqueeze(0).bmm(column.unsqueeze(0)).at(0, 0, 0),
    int32([0]).addmm(row, column).at(0, 0),
    int32([0]).addmv(row, b).at(0),
    int32([0]).baddbmm(row.unsqueeze(0), column.unsqueeze(0)).at(0, 0, 0),
    int32([MAX, MIN, 0])
      .cross(int32([1 - MAX, MAX, 0]))
      .at(2),
  ];
  for (const y of one) expect(y.item()).toBe(1);
});
