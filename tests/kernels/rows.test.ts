// The kernels of decompositions, compared with loops, and decompositions with each of them.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eye, linalg, manualSeed, ones, randn, type Tensor, tensor, zeros } from '../../src';
import { type Rows, roomForRows, stepOf } from '../../src/kernels/decompositions/rows';
import { type Switches, setSwitches } from '../../src/kernels/wasm/runtime';

const float64 = { dtype: 'float64' } as const;
const names = ['combine', 'spread', 'mirror', 'rotate'] as const;

/** The result of a kernel on the same numbers, without the padding at the end of rows. */
function left(name: (typeof names)[number], n: number, k: number, wasm: boolean): number[][] {
  const before = setSwitches({ wasm });
  const step = stepOf(n);
  const rows = k + 1;
  const size = (rows + 1) * step + 2 * rows + 2;
  const room: Rows = roomForRows(size);
  const { f, at } = room;
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647 - 0.5;
  };
  for (let i = 0; i <= rows; i++) for (let j = 0; j < n; j++) f[at + i * step + j] = random();
  const [vector, factors] = [at + rows * step, at + (rows + 1) * step];
  for (let i = 0; i < 2 * rows; i++) f[factors + i] = random();
  room[name](n, k, factors, at, step, vector);
  setSwitches(before);
  return Array.from({ length: rows + 1 }, (_, i) => Array.from(f.subarray(at + i * step, at + i * step + n)));
}

test.each(names)('%s of any number of rows and columns', (name) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 }), (n, k) => {
      const [got, wanted] = [left(name, n, k, true), left(name, n, k, false)];
      got.forEach((row, i) => {
        row.forEach((x, j) => {
          expect(Math.abs(x - wanted[i][j])).toBeLessThan(1e-14);
        });
      });
    }),
    { numRuns: 100, seed: 3 },
  );
});

const distance = (x: Tensor, y: Tensor) => (x.numel() === 0 ? 0 : x.sub(y).abs().max().item());
const isOrthonormal = (q: Tensor) =>
  expect(distance(q.mT.matmul(q), eye(q.shape[q.ndim - 1], float64))).toBeLessThan(1e-12);

const bidiagonal = (d: number[], e: number[]) => tensor(d, float64).diag().add(tensor(e, float64).diag(1));
const matrices: [string, () => Tensor][] = [
  ...[1, 2, 3, 9, 16, 33].map((n): [string, () => Tensor] => [`${n} × ${n}`, () => randn([n, n], float64)]),
  ['tall', () => randn([23, 6], float64)],
  ['wide', () => randn([5, 18], float64)],
  ['equal columns', () => randn([12, 1], float64).expand([12, 12]).clone()],
  ['zeros', () => zeros([7, 7], float64)],
  ['ones', () => ones([9, 9], float64)],
  ['equal values', () => eye(8, float64).mul(3)],
  ['two values', () => tensor([1, 2, 1, 2, 1, 2], float64).diag()],
  ['a 0 first on the diagonal', () => bidiagonal([0, 1, 2, 3], [1, 1, 1])],
  ['a 0 on the diagonal', () => bidiagonal([1, 2, 0, 3, 4], [1, 1, 1, 1])],
  ['a 0 last on the diagonal', () => bidiagonal([3, 2, 1, 0], [1, 1, 1])],
  ['only zeros on the diagonal', () => bidiagonal([0, 0, 0, 0, 0], [1, 2, 3, 4])],
  [
    'graded',
    () =>
      randn([10, 10], float64).mul(
        tensor(
          Array.from({ length: 10 }, (_, i) => 100 ** -i),
          float64,
        ),
      ),
  ],
  [
    'graded rows',
    () =>
      randn([10, 10], float64).mul(
        tensor(
          Array.from({ length: 10 }, (_, i) => [100 ** -i]),
          float64,
        ),
      ),
  ],
  ['huge', () => randn([6, 6], float64).mul(1e290)],
  ['tiny', () => randn([6, 6], float64).mul(1e-280)],
];

describe.each<[string, Partial<Switches>]>([
  ['with fused multiply-add', {}],
  ['with two roundings', { fma: false }],
  ['with loops', { wasm: false }],
])('decompositions, %s', (_, switches) => {
  let before: Switches;
  beforeEach(() => {
    before = setSwitches(switches);
    manualSeed(4);
    // Memory left by a decomposition does not affect the next one.
    linalg.qr(ones([40, 40], float64).mul(Number.NaN));
  });
  afterEach(() => void setSwitches(before));

  test.each(matrices)('of %s', (_name, make) => {
    const x = make();
    const size = x.abs().max().item() || 1;
    const unit = x.div(size);
    const { U, S, Vh } = linalg.svd(x, { fullMatrices: false });
    expect(distance(U.mul(S.div(size).unsqueeze(-2)).matmul(Vh), unit)).toBeLessThan(1e-13);
    isOrthonormal(U);
    isOrthonormal(Vh.mT);
    expect(S.diff().le(0).all().item()).toBe(1);
    const { Q, R } = linalg.qr(x);
    expect(distance(Q.matmul(R.div(size)), unit)).toBeLessThan(1e-13);
    isOrthonormal(Q);
    const gram = unit.matmul(unit.mT);
    const { eigenvalues, eigenvectors } = linalg.eigh(gram);
    const again = eigenvectors.mul(eigenvalues.unsqueeze(-2)).matmul(eigenvectors.mT);
    expect(distance(again, gram)).toBeLessThan(1e-12);
    isOrthonormal(eigenvectors);
    const positive = gram.add(eye(gram.shape[0], float64));
    const factor = linalg.cholesky(positive);
    expect(distance(factor.matmul(factor.mT), positive)).toBeLessThan(1e-12);
    expect(distance(factor, factor.tril())).toBe(0);
    expect(distance(linalg.inv(positive).matmul(positive), eye(gram.shape[0], float64))).toBeLessThan(1e-12);
    expect(distance(positive.matmul(linalg.solve(positive, unit)), unit)).toBeLessThan(1e-12);
  });

  test('a NaN or an infinity affects only dependent results', () => {
    const x = tensor(
      [
        [1, Number.NaN, 2],
        [0, 1, 3],
        [0, 0, 4],
      ],
      float64,
    );
    expect(linalg.qr(x).R.select(1, 0).tolist()).toEqual([1, 0, 0]);
    expect(linalg.qr(x).R.select(0, 0).select(0, 2).item()).toBe(2);
    const a = tensor(
      [
        [Infinity, 0],
        [0, 2],
      ],
      float64,
    );
    expect(linalg.solve(a, tensor([1, 4], float64)).tolist()).toEqual([0, 2]);
    expect(linalg.det(a).item()).toBe(Infinity);
  });

  test('no zero has a sign', () => {
    const { eigenvectors } = linalg.eigh(tensor([2, 1, -3], float64).diag());
    expect(eigenvectors.tolist()).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });
});
