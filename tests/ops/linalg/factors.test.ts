import { describe, expect, test } from 'vitest';
import {
  cholesky,
  eye,
  gradcheck,
  gradgradcheck,
  LinAlgError,
  linalg,
  manualSeed,
  NotImplementedError,
  ones,
  qr,
  randn,
  ShapeError,
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
const L = [
  [2, 0, 0],
  [-1, Math.sqrt(3), 0],
  [0.5, -Math.sqrt(3) / 2, Math.sqrt(3)],
];

describe('cholesky', () => {
  test("PyTorch's numbers, from one triangle", () => {
    expectClose(linalg.cholesky(A), L, 1e-14);
    expectClose(linalg.cholesky(A.tril()), L, 1e-14);
    expectClose(linalg.cholesky(A.triu(), { upper: true }).mT, L, 1e-14);
    expectClose(cholesky(A, true).mT, L, 1e-14);
    expectClose(linalg.cholesky(A.to('float32')), L, 1e-6);
    expect(linalg.cholesky(zeros([2, 0, 0])).shape).toEqual([2, 0, 0]);
  });

  test('the gradient is that of a symmetric matrix', () => {
    const x = A.clone().requiresGrad_();
    linalg.cholesky(x).sum().backward();
    expectClose(x.grad!, x.grad!.mT.tolist(), 1e-14);
  });

  test('errors', () => {
    expect(() =>
      linalg.cholesky(
        tensor([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toThrow(
      new LinAlgError(
        'cholesky: the matrix is not positive definite: its leading minor of order 2 is not above 0; adding a small ' +
          'multiple of the identity may help',
      ),
    );
    expect(() => linalg.cholesky(tensor([[[1]], [[-1]]]))).toThrow(/^cholesky: matrix 1 of the batch is not/);
    expect(() => linalg.cholesky(ones([2, 3]))).toThrow(ShapeError);
    expect(() => linalg.cholesky(eye(2), { upper: 1 as never })).toThrow(ValueError);
  });
});

describe('qr', () => {
  test("PyTorch's numbers, signs included", () => {
    const { Q, R } = linalg.qr(
      tensor(
        [
          [1, 0],
          [1, 1],
          [1, 2],
          [1, 3],
        ],
        float64,
      ),
    );
    const [a, b] = [0.6708203932499368, 0.22360679774997894];
    expectClose(
      Q,
      [
        [-0.5, a],
        [-0.5, b],
        [-0.5, -b],
        [-0.5, -a],
      ],
      1e-15,
    );
    expectClose(
      R,
      [
        [-2, -3],
        [0, -2.23606797749979],
      ],
      1e-14,
    );
  });

  test.each([
    [[5, 3], 'reduced', [5, 3], [3, 3]],
    [[5, 3], 'complete', [5, 5], [5, 3]],
    [[2, 3, 5], 'reduced', [2, 3, 3], [2, 3, 5]],
    [[2, 3, 5], 'complete', [2, 3, 3], [2, 3, 5]],
    [[0, 3], 'complete', [0, 0], [0, 3]],
    [[3, 0], 'reduced', [3, 0], [0, 0]],
  ] as const)('of %s, %s: product and orthogonality', (shape, mode, ofQ, ofR) => {
    manualSeed(1);
    const x = randn([...shape], float64);
    const { Q, R } = linalg.qr(x, mode);
    expect([Q.shape, R.shape]).toEqual([ofQ, ofR]);
    expectClose(Q.matmul(R), x.tolist(), 1e-13);
    const one = eye(Q.shape[Q.ndim - 1], float64).expand(Q.mT.matmul(Q).shape);
    expectClose(Q.mT.matmul(Q), one.tolist(), 1e-13);
    expectClose(R.tril(-1), R.mul(0).tolist(), 0);
  });

  test('R only, and the names of torch.qr', () => {
    const x = tensor([
      [3, 1],
      [4, 2],
    ]);
    expect(linalg.qr(x, 'r').Q.shape).toEqual([0]);
    expect(linalg.qr(x, 'r').R.tolist()).toEqual(linalg.qr(x).R.tolist());
    expect(qr(ones([3, 2]), false).Q.shape).toEqual([3, 3]);
  });

  test('first and second gradients of wide matrices', () => {
    manualSeed(2);
    const x = randn([2, 2, 4], float64).requiresGrad_();
    const both = (a: typeof x) => Object.values(linalg.qr(a));
    expect(gradcheck(both, [x])).toBe(true);
    expect(gradgradcheck(both, [x])).toBe(true);
  });

  test('gradients that do not exist are rejected', () => {
    const x = randn([3, 2], { requiresGrad: true });
    expect(() => linalg.qr(x, 'complete').R.sum().backward()).toThrow(NotImplementedError);
    const dependent = zeros([3, 2], { requiresGrad: true });
    expect(() => linalg.qr(dependent).R.sum().backward()).toThrow(LinAlgError);
    expect(() => linalg.qr(x, 'full' as never)).toThrow(ValueError);
    expect(() => linalg.qr(ones([2]))).toThrow(ShapeError);
  });
});
