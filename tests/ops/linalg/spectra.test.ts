// Eigenvectors and singular vectors are determined up to signs, and up to rotations for equal values. So the tests
// check products, orthogonality and projections.
import { describe, expect, test } from 'vitest';
import {
  DtypeError,
  eye,
  gradcheck,
  gradgradcheck,
  LinAlgError,
  linalg,
  manualSeed,
  ones,
  randn,
  ShapeError,
  svd,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../../src';
import { expectClose } from '../../support/close';

const float64 = { dtype: 'float64' } as const;
const inf = Number.POSITIVE_INFINITY;
const A = tensor(
  [
    [4, -2, 1],
    [-2, 4, -2],
    [1, -2, 4],
  ],
  float64,
);
const tall = tensor(
  [
    [1, 0],
    [1, 1],
    [1, 2],
    [1, 3],
  ],
  float64,
);

/** The largest difference of elements. */
const distance = (x: Tensor, y: Tensor) => (x.numel() === 0 ? 0 : x.sub(y).abs().max().item());
const isOrthonormal = (q: Tensor) =>
  expect(distance(q.mT.matmul(q), eye(q.shape[q.ndim - 1], float64))).toBeLessThan(1e-12);
const holds = (x: Tensor) => expect(x.all().item()).toBe(1);
const checked = (f: (x: Tensor) => Tensor | readonly Tensor[], x: Tensor) => {
  expect(gradcheck(f, [x])).toBe(true);
  expect(gradgradcheck(f, [x])).toBe(true);
};
const random = (...shape: number[]) => {
  manualSeed(3);
  return randn(shape, float64).requiresGrad_();
};

describe('eigh', () => {
  test("PyTorch's eigenvalues, from one triangle", () => {
    const values = [1.627718676730985, 3, 7.372281323269014];
    for (const found of [linalg.eigvalsh(A), linalg.eigvalsh(A.tril()), linalg.eigvalsh(A.triu(), 'U')])
      expectClose(found, values, 1e-13);
    expectClose(linalg.eigvalsh(A.to('float32')), values, 1e-5);
    const other = A.clone();
    other.setAt([0, 2], Number.NaN);
    expectClose(linalg.eigvalsh(other), values, 1e-13);
  });

  test.each<[string, () => Tensor]>([
    ['a random matrix', () => random(2, 20, 20)],
    ['200 × 200', () => random(200, 200)],
    ['equal eigenvalues', () => eye(5, float64)],
    ['a diagonal matrix out of order', () => tensor([3, -1, 2, -1], float64).diag()],
    ['rank 1', () => ones([50, 50], float64)],
    ['zeros', () => zeros([3, 3], float64)],
    [
      'pairs of opposite eigenvalues',
      () =>
        tensor(
          [
            [0, 1],
            [1, 0],
          ],
          float64,
        ),
    ],
    [
      'graded numbers',
      () =>
        tensor([1, 1e-5, 1e-10, 1e-15], float64)
          .diag()
          .add(tensor([1e-8], float64)),
    ],
    ['huge numbers', () => random(4, 4).mul(1e200)],
    ['tiny numbers', () => random(4, 4).mul(1e-200)],
    ['a 1 × 1 matrix', () => tensor([[-2]], float64)],
    ['an empty matrix', () => zeros([2, 0, 0], float64)],
  ])('of %s: product, order and orthogonality', (_, make) => {
    const x = make().detach();
    const symmetric = x.add(x.mT);
    const { eigenvalues, eigenvectors } = linalg.eigh(symmetric);
    const size = symmetric.numel() === 0 ? 1 : symmetric.abs().max().item() || 1;
    const again = eigenvectors.mul(eigenvalues.unsqueeze(-2)).matmul(eigenvectors.mT);
    expect(distance(again.div(size), symmetric.div(size))).toBeLessThan(1e-12);
    isOrthonormal(eigenvectors);
    holds(eigenvalues.diff().ge(0));
  });

  test('the sign of a vector makes its largest element positive', () => {
    const { eigenvectors } = linalg.eigh(random(5, 5).detach());
    holds(eigenvectors.amax(0).ge(eigenvectors.amin(0).abs()));
  });

  test('first and second gradients; of eigenvalues also if they are equal', () => {
    const both = (x: Tensor) => Object.values(linalg.eigh(x.add(x.mT)));
    checked(both, random(4, 4));
    checked((x) => linalg.eigvalsh(x.add(x.mT)), random(2, 3, 3));
    const one = eye(3, { ...float64, requiresGrad: true });
    linalg.eigvalsh(one).sum().backward();
    expectClose(one.grad!, eye(3).tolist(), 1e-14);
  });

  test('the gradient is symmetric, as in PyTorch, whichever triangle is read', () => {
    for (const uplo of ['L', 'U'] as const) {
      const x = A.clone().requiresGrad_();
      linalg
        .eigh(x, uplo)
        .eigenvectors.square()
        .mul(tensor([1, 2, 3], float64))
        .sum(0)
        .mul(A.select(0, 0))
        .sum()
        .backward();
      expectClose(x.grad!, x.grad!.mT.tolist(), 1e-13);
    }
  });

  test('errors', () => {
    expect(() => linalg.eigh(ones([2, 3]))).toThrow(ShapeError);
    expect(() => linalg.eigh(ones([2, 2], { dtype: 'int32' }))).toThrow(DtypeError);
    expect(() => linalg.eigh(ones([2, 2]), 'X' as never)).toThrow(ValueError);
    expect(() => linalg.eigvalsh(tensor([[Number.NaN]]))).toThrow(
      new LinAlgError('eigh: the matrix holds numbers that are not finite, such as NaN'),
    );
  });
});

describe('svd', () => {
  test("PyTorch's singular values", () => {
    expectClose(linalg.svdvals(tall), [4.10003044816824, 1.090756766696107], 1e-14);
    expectClose(linalg.svdvals(tall.mT.to('float32')), [4.10003044816824, 1.090756766696107], 1e-6);
    // Of Hilbert's matrix, the smallest is 1.6e13 times smaller than the largest.
    const hilbert = tensor(
      Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (_v, j) => 1 / (i + j + 1))),
      float64,
    );
    expectClose(linalg.svdvals(hilbert).narrow(0, 9, 1).mul(1e13), [1.0931538], 1e-2);
  });

  test.each<[string, () => Tensor]>([
    ['a random matrix', () => random(2, 20, 20)],
    ['200 × 200', () => random(200, 200)],
    ['a tall matrix', () => random(60, 7)],
    ['a wide batch', () => random(3, 4, 9)],
    ['equal singular values', () => eye(5, float64)],
    ['rank 1', () => ones([30, 20], float64)],
    ['rank 5 of 100', () => random(100, 5).matmul(random(5, 100))],
    ['zeros', () => zeros([4, 3], float64)],
    [
      'nilpotent',
      () =>
        tensor(
          [
            [0, 1, 0],
            [0, 0, 1],
            [0, 0, 0],
          ],
          float64,
        ),
    ],
    ['huge numbers', () => random(4, 5).mul(1e200)],
    ['tiny numbers', () => random(5, 4).mul(1e-200)],
    ['no rows', () => zeros([2, 0, 3], float64)],
    ['no columns', () => zeros([3, 0], float64)],
  ])('of %s: product, order and orthogonality', (_, make) => {
    const x = make().detach();
    const size = x.numel() === 0 ? 1 : x.abs().max().item() || 1;
    for (const fullMatrices of [true, false]) {
      const { U, S, Vh } = linalg.svd(x, { fullMatrices });
      const [m, n] = x.shape.slice(-2);
      const k = Math.min(m, n);
      expect([U.shape.slice(-2), Vh.shape.slice(-2)]).toEqual(
        fullMatrices
          ? [
              [m, m],
              [n, n],
            ]
          : [
              [m, k],
              [k, n],
            ],
      );
      const again = U.narrow(-1, 0, k)
        .mul(S.div(size).unsqueeze(-2))
        .matmul(Vh.narrow(-2, 0, k));
      expect(distance(again, x.div(size))).toBeLessThan(1e-12);
      isOrthonormal(U);
      isOrthonormal(Vh.mT);
      holds(S.ge(0));
      holds(S.diff().le(0));
    }
  });

  test.each([[[5, 3]], [[3, 5]], [[4, 4]]])('of %s: the largest element of each right vector is positive', (shape) => {
    for (const fullMatrices of [true, false]) {
      const rows = linalg.svd(random(...shape).detach(), { fullMatrices }).Vh.narrow(0, 0, Math.min(...shape));
      holds(rows.amax(1).ge(rows.amin(1).abs()));
    }
  });

  test('in the form of torch.svd', () => {
    const { U, S, V } = svd(tall);
    expectClose(U.mul(S).matmul(V.mT), tall.tolist(), 1e-14);
    expect(tall.svd(false).U.shape).toEqual([4, 4]);
    expect(tall.svd(true, false).U.tolist()).toEqual(zeros([4, 2]).tolist());
  });

  test('first and second gradients', () => {
    checked((x) => Object.values(linalg.svd(x)), random(3, 3));
    checked((x) => Object.values(linalg.svd(x, { fullMatrices: false })), random(2, 4, 2));
    checked((x) => Object.values(linalg.svd(x, { fullMatrices: false })), random(2, 4));
    checked(linalg.svdvals, random(3, 4));
  });

  test('singular values have a gradient if they are equal or 0, vectors have none', () => {
    const one = eye(3, { ...float64, requiresGrad: true });
    linalg.svdvals(one).sum().backward();
    expectClose(one.grad!, eye(3).tolist(), 1e-14);
    one.grad = null;
    linalg.svd(one).U.mul(random(3, 3).detach()).sum().backward();
    expect(one.grad!.isfinite().all().item()).toBe(0);
    const projection = tensor(
      [
        [2, 0],
        [0, 0],
      ],
      { ...float64, requiresGrad: true },
    );
    linalg.svdvals(projection).select(0, 0).backward();
    expectClose(
      projection.grad!,
      [
        [1, 0],
        [0, 0],
      ],
      1e-14,
    );
  });

  test('with square factors, the additional vectors have no gradient', () => {
    const x = random(4, 2);
    const { U } = linalg.svd(x);
    U.narrow(-1, 2, 2).sum().backward();
    expectClose(x.grad!, zeros([4, 2]).tolist(), 0);
  });

  test('errors', () => {
    expect(() => linalg.svd(tensor([[1, inf]]))).toThrow(
      new LinAlgError('svd: the matrix holds numbers that are not finite, such as NaN'),
    );
    expect(() => linalg.svd(tensor([[[1]], [[Number.NaN]]]))).toThrow(/^svd: matrix 1 of the batch holds/);
    expect(() => linalg.svdvals(ones([3]))).toThrow(ShapeError);
    expect(() => linalg.svd(ones([2, 2]), { fullMatrices: 'no' as never })).toThrow(ValueError);
  });
});

describe('norms', () => {
  test.each([
    ['fro', 4.242640687119285],
    ['nuc', 5.190787214864347],
    [2, 4.10003044816824],
    [-2, 1.090756766696107],
    [1, 6],
    [-1, 4],
    [inf, 4],
    [-inf, 1],
  ] as const)("of a matrix, %s: PyTorch's numbers", (ord, value) => {
    expectClose(linalg.norm(tall, ord), value, 1e-14);
    expectClose(linalg.matrixNorm(tall, ord), value, 1e-14);
    const batch = tall.unsqueeze(1).expand([4, 3, 2]);
    const kept = linalg.matrixNorm(batch, ord, { dim: [0, 2], keepdim: true });
    expect(kept.shape).toEqual([1, 3, 1]);
    expectClose(kept.flatten(), [value, value, value], 1e-14);
    expect(linalg.norm(batch, ord, { dim: [0, -1], dtype: 'float32' }).dtype).toBe('float32');
    checked((x) => linalg.matrixNorm(x, ord), random(2, 3, 2));
  });

  test('of vectors, of all elements, and of empty tensors', () => {
    expect(linalg.norm(tensor([3, 4])).item()).toBe(5);
    expect(linalg.norm(tensor([3, -4]), inf).item()).toBe(4);
    expect(linalg.norm(tensor([[[3, -4]]])).item()).toBe(5);
    expect(linalg.norm(tensor([[3, -4]]), 1, { dim: 1 }).tolist()).toEqual([7]);
    expect(
      tensor([
        [3, 0],
        [0, -4],
      ])
        .norm('nuc')
        .item(),
    ).toBeCloseTo(7, 6);
    for (const ord of ['fro', 'nuc', 1, 2, inf] as const) expect(linalg.norm(zeros([3, 0]), ord).item()).toBe(0);
    expect(() => linalg.norm(zeros([3, 0]), -1)).toThrow(ShapeError);
  });

  test('condition numbers', () => {
    expectClose(linalg.cond(tall), 4.10003044816824 / 1.090756766696107, 1e-13);
    expectClose(linalg.cond(tall, -2), 1.090756766696107 / 4.10003044816824, 1e-13);
    expectClose(linalg.cond(A, 1), 6, 1e-13);
    expectClose(linalg.cond(A, 'fro'), A.norm().mul(A.inverse().norm()).item(), 1e-12);
    expect(
      linalg
        .cond(
          tensor([
            [1, 0],
            [0, 0],
          ]),
        )
        .item(),
    ).toBe(inf);
    expect(() =>
      linalg.cond(
        tensor([
          [1, 0],
          [0, 0],
        ]),
        1,
      ),
    ).toThrow(LinAlgError);
  });

  test('errors', () => {
    expect(() => linalg.norm(ones([2, 2, 2]), 2)).toThrow(ShapeError);
    expect(() => linalg.norm(ones([2]), 'nuc')).toThrow(ValueError);
    expect(() => linalg.matrixNorm(ones([2]))).toThrow(ShapeError);
    expect(() => linalg.matrixNorm(ones([2, 2]), 3)).toThrow(ValueError);
    expect(() => linalg.matrixNorm(ones([2, 2]), 'fro', { dim: [1, -1] })).toThrow(ValueError);
    expect(() => linalg.norm(ones([2, 2], { dtype: 'int32' }))).toThrow(DtypeError);
  });
});
