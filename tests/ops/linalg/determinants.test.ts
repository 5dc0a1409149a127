import { describe, expect, test } from 'vitest';
import {
  eye,
  gradcheck,
  gradgradcheck,
  LinAlgError,
  linalg,
  logdet,
  ones,
  randn,
  ShapeError,
  tensor,
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
const singular = () =>
  tensor(
    [
      [1, 2, 3],
      [2, 4, 6],
      [1, 0, 1],
    ],
    { ...float64, requiresGrad: true },
  );

test("PyTorch's numbers", () => {
  expectClose(A.det(), 36, 1e-12);
  const { sign, logabsdet } = A.neg().slogdet();
  expect(sign.item()).toBe(-1);
  expectClose(logabsdet, Math.log(36), 1e-14);
  expectClose(A.logdet(), Math.log(36), 1e-14);
  expect(
    linalg
      .det(
        tensor([
          [0, 1],
          [1, 0],
        ]),
      )
      .item(),
  ).toBe(-1);
  expect(logdet(A.neg()).item()).toBeNaN();
  expect(linalg.det(zeros([2, 0, 0])).tolist()).toEqual([1, 1]);
  expect(linalg.det(randn([2, 3, 4, 4])).shape).toEqual([2, 3]);
  expectClose(linalg.det(eye(200, float64).mul(0.5)), 0.5 ** 200, 1e-75);
  expectClose(
    linalg.slogdet(eye(2000, float64).narrow(0, 0, 300).narrow(1, 0, 300).mul(1e-9)).logabsdet,
    300 * Math.log(1e-9),
    1e-9,
  );
});

describe('singular matrices', () => {
  test('have determinant 0, sign 0 and logarithm -Infinity', () => {
    const s = singular().detach();
    expectClose(s.det(), 0, 1e-15);
    expect(Math.abs(s.slogdet().sign.item())).toBe(0);
    expect(s.logdet().item()).toBe(Number.NEGATIVE_INFINITY);
  });

  test('have the gradient of the determinant: the cofactors, where PyTorch returns zeros', () => {
    const s = singular();
    s.det().backward();
    expectClose(
      s.grad!,
      [
        [4, 4, -4],
        [-2, -2, 2],
        [0, 0, 0],
      ],
      1e-12,
    );
    expect(gradcheck(linalg.det, [singular()])).toBe(true);
    expect(gradgradcheck(linalg.det, [singular()])).toBe(true);
    // Of rank 1, all cofactors are 0, and the second derivative is not.
    const flat = ones([3, 3], { ...float64, requiresGrad: true });
    expect(gradcheck(linalg.det, [flat])).toBe(true);
    expect(gradgradcheck(linalg.det, [flat])).toBe(true);
  });

  test('have no gradient of the logarithm', () => {
    expect(() => singular().slogdet().logabsdet.backward()).toThrow(LinAlgError);
  });
});

test('first and second gradients of a matrix with equal singular values', () => {
  const x = eye(3, float64).requiresGrad_();
  expect(gradcheck((a) => [linalg.det(a), linalg.slogdet(a).logabsdet], [x])).toBe(true);
  expect(gradgradcheck((a) => [linalg.det(a), linalg.slogdet(a).logabsdet], [x])).toBe(true);
});

test('only square matrices have one', () => {
  expect(() => ones([2, 3]).det()).toThrow(ShapeError);
  expect(() => ones([3]).slogdet()).toThrow(/^slogdet: needs a matrix/);
});
