import { describe, expect, test } from 'vitest';
import {
  DtypeError,
  eye,
  gradcheck,
  gradgradcheck,
  LinAlgError,
  linalg,
  manualSeed,
  noGrad,
  ones,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../../src';
import { expectClose } from '../../support/close';

const float64 = { dtype: 'float64' } as const;
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
const heights = tensor([1, 2, 2, 5], float64);

function checked(f: (...xs: Tensor[]) => Tensor | readonly Tensor[], ...shapes: number[][]): void {
  manualSeed(4);
  const xs = shapes.map((shape) => randn(shape, float64).requiresGrad_());
  expect(gradcheck(f, xs)).toBe(true);
  expect(gradgradcheck(f, xs)).toBe(true);
}

describe('solve', () => {
  test("PyTorch's numbers", () => {
    const B = tensor(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      float64,
    );
    const x = [
      [5 / 6, 4 / 3],
      [9 / 4, 3],
      [13 / 6, 8 / 3],
    ];
    expectClose(linalg.solve(A, B), x, 1e-14);
    expectClose(linalg.solve(A, B.mT, { left: false }).mT, x, 1e-14); // A is symmetric
    expectClose(
      linalg.solve(A, B.select(1, 0)),
      x.map(([first]) => first),
      1e-14,
    );
    expectClose(linalg.solve(A.to('float32'), B.to('float32')), x, 1e-6);
    expect(linalg.solve(A.to('float32'), B.to('float32')).dtype).toBe('float32');
  });

  test('batches of vectors and of matrices broadcast', () => {
    manualSeed(1);
    const matrices = randn([2, 3, 3], float64);
    const vectors = randn([2, 3], float64);
    const x = linalg.solve(matrices, vectors);
    expect(x.shape).toEqual([2, 3]);
    expectClose(matrices.matmul(x.unsqueeze(-1)).squeeze(-1), vectors.tolist(), 1e-12);
    const wide = randn([4, 1, 3, 2], float64);
    const y = linalg.solve(matrices, wide);
    expect(y.shape).toEqual([4, 2, 3, 2]);
    expectClose(matrices.matmul(y), wide.expand([4, 2, 3, 2]).tolist(), 1e-12);
    expect(linalg.solve(zeros([0, 3, 3]), zeros([3, 2])).shape).toEqual([0, 3, 2]);
  });

  test('of triangular matrices, reads only the triangle', () => {
    const L = tensor([
      [2, Number.NaN],
      [1, 4],
    ]).nanToNum({ nan: 9 });
    const B = tensor([[2], [9]]);
    expect(linalg.solveTriangular(L, B, { upper: false }).tolist()).toEqual([[1], [2]]);
    expect(linalg.solveTriangular(L, B, { upper: false, unitriangular: true }).tolist()).toEqual([[2], [7]]);
    expectClose(linalg.solveTriangular(L, B, { upper: true }), [[-9.125], [2.25]], 1e-6);
    expect(linalg.solveTriangular(L, B.mT, { upper: false, left: false }).tolist()).toEqual([[-0.125, 2.25]]);
  });

  test('first and second gradients, also with broadcasting', () => {
    checked((a, b) => linalg.solve(a, b), [2, 3, 3], [3, 2]);
    checked((a, b) => linalg.solve(a, b, { left: false }), [3, 3], [2, 2, 3]);
    checked((a, b) => linalg.solve(a, b), [3, 3], [3]);
    checked(linalg.inv, [2, 3, 3]);
    checked((a, b) => linalg.solveTriangular(a, b, { upper: true }), [3, 3], [3, 2]);
  });

  test('200 equations', () => {
    manualSeed(2);
    const [a, x] = [randn([200, 200], float64), randn([200, 3], float64)];
    expectClose(linalg.solve(a, a.matmul(x)), x.tolist(), 1e-9);
    expectClose(linalg.inv(a).matmul(a), eye(200, float64).tolist(), 1e-9);
  });

  test('errors show the given values', () => {
    const singular = tensor([
      [1, 2],
      [2, 4],
    ]);
    expect(() => linalg.solve(singular, ones([2]))).toThrow(
      new LinAlgError(
        'solve: the matrix is singular (shape [2, 2]): elimination comes to a zero in row 2; linalg.lstsq and linalg.pinv ' +
          'take any matrix',
      ),
    );
    const batch = eye(2).unsqueeze(0).expand([2, 2, 2]).clone();
    batch.setAt([1, 1, 1], 0);
    expect(() => linalg.inv(batch)).toThrow(/^inv: matrix 1 of the batch is singular/);
    expect(() => linalg.inv(ones([2, 3]))).toThrow(
      new ShapeError('inv: needs square matrices, got 2 rows and 3 columns ([2, 3])'),
    );
    expect(() => linalg.inv(ones([2]))).toThrow(/^inv: needs a matrix or a batch of matrices, got shape \[2\]/);
    expect(() => linalg.inv(ones([2, 2], { dtype: 'int32' }))).toThrow(DtypeError);
    expect(() => linalg.solve(eye(2), ones([3]))).toThrow(
      new ShapeError('solve: A has 2 rows ([2, 2]), B has 3 ([3]); the counts must be equal'),
    );
    expect(() => linalg.solve(eye(2), ones([2], float64))).toThrow(DtypeError);
    expect(() => linalg.solve(eye(2), [1, 2] as never)).toThrow(ValueError);
    expect(() => linalg.solve(ones([2, 2, 2]), ones([3, 2, 1]))).toThrow(ShapeError);
    expect(() => linalg.solveTriangular(eye(2), ones([2]), { upper: true })).toThrow(ShapeError);
    expect(() => linalg.solveTriangular(eye(2), ones([2, 1]), {} as never)).toThrow(ValueError);
  });
});

test('the argument of an inverse may change afterwards: the derivative reads the result', () => {
  const a = tensor([
    [2, 1],
    [1, 3],
  ]).requiresGrad_();
  const b = a.mul(1);
  const inverse = linalg.inv(b);
  noGrad(() => b.add_(1));
  inverse.select(0, 0).select(0, 0).backward();
  // PyTorch 2.13
  expectClose(
    a.grad!,
    [
      [-0.36, 0.12],
      [0.12, -0.04],
    ],
    1e-6,
  );
  expect(String(inverse)).toContain('LinalgInvExBackward0');
});

describe('least squares', () => {
  test("PyTorch's numbers, and the extra results of each driver", () => {
    const found = linalg.lstsq(tall, heights, { driver: 'gelsd' });
    expectClose(found.solution, [0.7, 1.2], 1e-14);
    expectClose(found.residuals, [1.8], 1e-13);
    expect(found.rank.item()).toBe(2);
    expectClose(found.singularValues, [4.10003044816824, 1.090756766696107], 1e-13);
    const usual = linalg.lstsq(tall, heights);
    expect([usual.residuals.shape, usual.rank.item(), usual.singularValues.shape]).toEqual([[0], 2, [0]]);
    const quick = linalg.lstsq(tall, heights, { driver: 'gels' });
    expect([quick.residuals.shape, quick.rank.shape]).toEqual([[1], [0]]);
    expect(linalg.lstsq(zeros([3, 2], float64), ones([3, 1], float64)).rank.item()).toBe(0);
  });

  test('the residual is orthogonal to the columns, and the shortest of many solutions is returned', () => {
    manualSeed(5);
    const [a, b] = [randn([7, 3], float64), randn([7, 2], float64)];
    const error = a.matmul(linalg.lstsq(a, b).solution).sub(b);
    expectClose(a.mT.matmul(error), zeros([3, 2]).tolist(), 1e-12);
    const deficient = randn([5, 2], float64).matmul(randn([2, 4], float64));
    const { solution, rank } = linalg.lstsq(deficient, b.narrow(0, 0, 5));
    expect(rank.item()).toBe(2);
    expectClose(deficient.mT.matmul(deficient.matmul(solution).sub(b.narrow(0, 0, 5))), zeros([4, 2]).tolist(), 1e-12);
    // It has no component in the null space.
    const rows = linalg.pinv(deficient).matmul(deficient);
    expectClose(rows.matmul(solution), solution.tolist(), 1e-12);
  });

  test('polynomials of degree 9, whose equations are badly conditioned', () => {
    const x = Array.from({ length: 40 }, (_, i) => i / 39);
    const powers = tensor(
      x.map((v) => Array.from({ length: 10 }, (_, k) => v ** k)),
      float64,
    );
    const weights = tensor([1, -2, 3, -4, 5, -5, 4, -3, 2, -1], float64);
    expectClose(linalg.lstsq(powers, powers.mv(weights)).solution, weights.tolist(), 1e-7);
  });

  test('first and second gradients of tall, wide and square matrices', () => {
    checked((a, b) => linalg.lstsq(a, b).solution, [4, 2], [4, 2]);
    checked((a, b) => linalg.lstsq(a, b).solution, [2, 3], [2]);
    checked((a, b) => linalg.lstsq(a, b).solution, [2, 2, 2], [2, 2, 1]);
    checked((a, b) => linalg.lstsq(a, b, { driver: 'gelss' }).residuals, [4, 2], [4, 2]);
  });

  test('errors', () => {
    expect(() => linalg.lstsq(tall, ones([3], float64))).toThrow(ShapeError);
    expect(() => linalg.lstsq(tall, heights, { driver: 'qr' as never })).toThrow(ValueError);
    expect(() => linalg.lstsq(tall, heights, { rcond: -1 })).toThrow(ValueError);
    expect(() => linalg.lstsq(tensor([[Number.NaN]]), tensor([1]))).toThrow(LinAlgError);
  });
});

describe('pseudoinverse', () => {
  test("PyTorch's numbers", () => {
    expectClose(
      linalg.pinv(tall),
      [
        [0.7, 0.4, 0.1, -0.2],
        [-0.3, -0.1, 0.1, 0.3],
      ],
      1e-14,
    );
    expect(linalg.pinv(zeros([2, 3])).tolist()).toEqual(zeros([3, 2]).tolist());
    expect(linalg.pinv(zeros([0, 3])).shape).toEqual([3, 0]);
    expectClose(
      linalg.pinv(
        tensor(
          [
            [2, 9],
            [0, 1e-9],
          ],
          float64,
        ),
        { hermitian: true },
      ),
      [
        [0.5, 0],
        [0, 1e9],
      ],
      1e-3,
    );
  });

  test('the four conditions of Penrose', () => {
    manualSeed(6);
    const a = randn([2, 5, 3], float64).matmul(randn([2, 3, 4], float64));
    const p = a.pinverse(1e-12);
    expectClose(a.matmul(p).matmul(a), a.tolist(), 1e-11);
    expectClose(p.matmul(a).matmul(p), p.tolist(), 1e-11);
    expectClose(a.matmul(p), a.matmul(p).mT.tolist(), 1e-11);
    expectClose(p.matmul(a), p.matmul(a).mT.tolist(), 1e-11);
  });

  test('tolerances for 0', () => {
    const a = tensor([1, 1e-3, 1e-6], float64).diag();
    const kept = (p: Tensor) => p.diagonal().gt(0).sum().item();
    expect([linalg.pinv(a), linalg.pinv(a, { rtol: 1e-2 }), linalg.pinv(a, { atol: 1e-4 })].map(kept)).toEqual([
      3, 1, 2,
    ]);
    expect(linalg.matrixRank(a).item()).toBe(3);
    expect(linalg.matrixRank(a.to('float32')).item()).toBe(3);
    expect(linalg.matrixRank(a, { atol: 1e-4 }).item()).toBe(2);
    expect(linalg.matrixRank(a, { rtol: 1e-2, atol: 1e-9 }).item()).toBe(1);
    expect(linalg.matrixRank(ones([2, 3, 3])).tolist()).toEqual([1, 1]);
    expect(linalg.matrixRank(zeros([2, 0, 3])).tolist()).toEqual([0, 0]);
    expect(
      linalg
        .matrixRank(
          tensor([
            [1, 5],
            [0, 1],
          ]),
          { hermitian: true },
        )
        .item(),
    ).toBe(2);
    expect(linalg.matrixRank(a).dtype).toBe('int32');
    expect(() => linalg.pinv(a, { rtol: -1 })).toThrow(ValueError);
    expect(() => linalg.matrixRank(ones([2, 3]), { hermitian: true })).toThrow(ShapeError);
  });

  test('first and second gradients', () => {
    checked((a) => linalg.pinv(a), [4, 2]);
    checked((a) => linalg.pinv(a), [2, 3]);
    checked((a) => linalg.pinv(a.add(a.mT), { hermitian: true }), [3, 3]);
  });
});
