import { describe, expect, test } from 'vitest';
import {
  addmm,
  addmv,
  addr,
  arange,
  baddbmm,
  bmm,
  cdist,
  cross,
  DtypeError,
  dot,
  full,
  IndexError,
  inner,
  kron,
  linalg,
  mm,
  mv,
  ones,
  outer,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  tensordot,
  ValueError,
  zeros,
} from '../../../src';
import { expectClose } from '../../support/close';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('products of fixed ranks', () => {
  const [m, v] = [
    tensor([
      [1, 2],
      [3, 4],
    ]),
    tensor([5, 6]),
  ];

  test('equal matmul, but accept only their ranks', () => {
    expect(mm(m, m).equal(m.matmul(m))).toBe(true);
    expect(mv(m, v).tolist()).toEqual([17, 39]);
    expect(dot(v, v).item()).toBe(61);
    expect(bmm(ones([3, 2, 4]), ones([3, 4, 1])).tolist()).toEqual(ones([3, 2, 1]).mul(4).tolist());
    expect(outer(v, tensor([1, 2, 3])).tolist()).toEqual([
      [5, 10, 15],
      [6, 12, 18],
    ]);
    expect(
      zeros([0])
        .dot(zeros([0]))
        .item(),
    ).toBe(0);
    const w = ones([2], { requiresGrad: true });
    expect(
      [m.mv(w), w.dot(v), m.mm(m.mul(w)), w.expand(1, 1, 2).bmm(ones([1, 2, 1]))].map((y) => y.gradFn!.name),
    ).toEqual(['MvBackward0', 'DotBackward0', 'MmBackward0', 'BmmBackward0']);
  });

  test('errors name the operation', () => {
    expect(() => m.mm(v)).toThrow('mm: got shapes [2, 2] and [2]; expected a matrix and a matrix; matmul() takes any');
    expect(() => m.mm(ones([3, 2]))).toThrow('mm: inner dimensions differ: [2, 2] · [3, 2]');
    expect(() => v.mv(v)).toThrow(ShapeError);
    expect(() => v.dot(ones([3]))).toThrow('dot: inner dimensions differ');
    expect(() => m.dot(v)).toThrow(ShapeError);
    expect(() => ones([2, 2, 2]).bmm(ones([1, 2, 2]))).toThrow(
      'bmm: got shapes [2, 2, 2] and [1, 2, 2]; expected a batch of matrices and a batch of matrices of the same length',
    );
    expect(() => m.outer(v)).toThrow('outer: needs two vectors, got [2, 2] and [2]');
    expect(() => v.outer(2 as unknown as Tensor)).toThrow(ValueError);
    expect(() => m.mm(m.double())).toThrow(
      "mm: both operands must have the same dtype, got float32 and float64; convert one with to('float64')",
    );
    expect(() => m.bool().mm(m.bool())).toThrow('mm: bool tensors have no sums');
    expect(() => m.bool().matmul(m.bool())).toThrow(DtypeError);
  });
});

describe('a tensor plus a product', () => {
  const [a, b] = [arange(6).float().reshape(2, 3), arange(12).float().reshape(3, 4)];

  test('with factors, and broadcasting', () => {
    expect(addmm(ones([4]), a, b, { beta: 10, alpha: 0.5 }).equal(a.mm(b).mul(0.5).add(10))).toBe(true);
    expect(addmv(tensor(1), a, tensor([1, 0, -1])).tolist()).toEqual([-1, -1]);
    expect(addr(ones([2, 1]), tensor([1, 2]), tensor([3, 4]), { beta: -1, alpha: 2 }).tolist()).toEqual([
      [5, 7],
      [11, 15],
    ]);
    expect(baddbmm(ones([2, 1]), ones([5, 2, 3]), ones([5, 3, 4])).tolist()).toEqual(full([5, 2, 4], 4).tolist());
    const y = zeros([2, 4]);
    expect(y.addmm_(a, b)).toBe(y);
    expect(y.equal(a.mm(b))).toBe(true);
  });

  test('with beta 0 the tensor does not matter', () => {
    const x = full([2, 4], nan, { requiresGrad: true });
    const y = x.addmm(a, b, { beta: 0 });
    expect(y.equal(a.mm(b))).toBe(true);
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual(zeros([2, 4]).tolist());
    expect(
      full([1], inf)
        .addr(tensor([1]), tensor([2]), { beta: 0 })
        .item(),
    ).toBe(2);
  });

  test('errors', () => {
    expect(() => zeros([3]).addmm(a, b)).toThrow('addmm: shapes [3] and [2, 4] do not broadcast');
    expect(() => zeros([5, 2, 4]).addmm(a, b)).toThrow(
      'addmm: shape [5, 2, 4] does not broadcast to that of the product, [2, 4]',
    );
    expect(() => zeros([2, 4]).addmm(a, a)).toThrow('addmm: inner dimensions differ');
    expect(() => zeros([4]).addmm_(a, b)).toThrow('addmm_: the result has shape [2, 4]');
    expect(() => zeros([2, 4]).addmm(a, b.double())).toThrow(DtypeError);
    expect(() => zeros([2, 4]).double().addmm(a, b)).toThrow(DtypeError);
    expect(() => zeros([2, 4]).int().addmm(a.int(), b.int(), { alpha: 0.5 })).toThrow(
      'addmm: int32 tensors need whole numbers beta and alpha, got 1 and 0.5',
    );
    expect(() => zeros([2]).addmv(a, ones([4]))).toThrow(ShapeError);
    expect(() => zeros([2]).addmv(ones([3]), a)).toThrow(
      'addmv: got shapes [3] and [2, 3]; expected a matrix and a vector',
    );
    expect(() => zeros([3, 3]).addr(tensor([1, 2]), tensor([3, 4]))).toThrow(ShapeError);
    expect(() => zeros([1, 2, 2]).addr(tensor([1, 2]), tensor([3, 4]))).toThrow(
      'addr: shape [1, 2, 2] does not broadcast to that of the product, [2, 2]',
    );
    expect(() => zeros([2, 2]).baddbmm(a, b)).toThrow(ShapeError);
  });
});

describe('sums of products over chosen dimensions', () => {
  const x = arange(24).float().reshape(2, 3, 4);

  test('inner, tensordot, vecdot', () => {
    expect(inner(tensor([1, 2]), tensor([3, 4])).item()).toBe(11);
    expect(inner(tensor(2), x).equal(x.mul(2))).toBe(true);
    expect(inner(x, ones([5, 4])).shape).toEqual([2, 3, 5]);
    expect(tensordot(x, x, { dims: 3 }).item()).toBe(4324);
    expect(x.tensordot(ones([3, 4, 5])).equal(x.sum([1, 2]).unsqueeze(1).expand(2, 5))).toBe(true);
    expect(
      x.tensordot(x, {
        dims: [
          [0, 2],
          [0, -1],
        ],
      }).shape,
    ).toEqual([3, 3]);
    expect(x.tensordot(tensor([2]), { dims: 0 }).shape).toEqual([2, 3, 4, 1]);
    // A size of 1 broadcasts.
    expect(
      ones([1, 3])
        .tensordot(x, { dims: [[0], [0]] })
        .equal(x.sum(0).unsqueeze(0).expand(3, 3, 4)),
    ).toBe(true);
    expect(linalg.vecdot(x, ones([4])).equal(x.sum(-1))).toBe(true);
    expect(linalg.vecdot(x, x, { dim: 0 }).equal(x.square().sum(0))).toBe(true);
  });

  test('cross', () => {
    const [a, b] = [tensor([1, 2, 3]), tensor([-2, 0, 5])];
    expect(cross(a, b).tolist()).toEqual([10, -11, 4]);
    expect(a.cross(b).dot(a).item()).toBe(0);
    const [rows, others] = [rand([4, 3, 3]), rand([1, 3, 3])];
    // Lagrange: |a × b|² = |a|² |b|² - (a · b)²
    const lengths = linalg.vecdot(rows, rows, { dim: 1 }).mul(linalg.vecdot(others, others, { dim: 1 }));
    const left = rows.cross(others, { dim: 1 }).square().sum(1);
    expectClose(left, lengths.sub(linalg.vecdot(rows, others, { dim: 1 }).square()).tolist(), 1e-5);
    expect(rows.cross(others, { dim: -2 }).equal(rows.cross(others))).toBe(true);
    expect(() => ones([2, 4]).cross(ones([2, 4]))).toThrow('with size 3 in a dimension');
    expect(() => a.cross(rows)).toThrow(ShapeError);
    expect(() => a.cross(b, { dim: 1 })).toThrow(IndexError);
  });

  test('kron', () => {
    expect(kron(tensor([1, 2]), tensor([[1, 0, -1]])).tolist()).toEqual([[1, 0, -1, 2, 0, -2]]);
    const [a, b, c, d] = [rand([2, 3]), rand([3, 2]), rand([3, 4]), rand([2, 1])].map((t) => t.double());
    // (a ⊗ b)(c ⊗ d) = ac ⊗ bd
    expectClose(a.kron(b).mm(c.kron(d)), a.mm(c).kron(b.mm(d)).tolist(), 1e-12);
    expect(kron(tensor(2), tensor(3)).item()).toBe(6);
  });

  test('errors', () => {
    expect(() => x.inner(ones([3]))).toThrow('inner: the last dimensions differ: [2, 3, 4] and [3]');
    expect(() => x.tensordot(x)).toThrow(
      'tensordot: dimensions [1,2] of [2, 3, 4] and [0,1] of [2, 3, 4] differ in size',
    );
    expect(() => x.tensordot(x, { dims: 4 })).toThrow(ValueError);
    expect(() => x.tensordot(x, { dims: [[0], [0, 1]] })).toThrow(ShapeError);
    expect(() =>
      x.tensordot(x, {
        dims: [
          [0, 0],
          [0, 0],
        ],
      }),
    ).toThrow(IndexError);
    expect(() => x.tensordot(x, { dims: [[3], [0]] })).toThrow(IndexError);
    expect(() => linalg.vecdot(x, x, { dim: 3 })).toThrow(IndexError);
    expect(() => linalg.vecdot(x, ones([3]))).toThrow(ShapeError);
  });
});

describe('distances of rows', () => {
  const [a, b] = [
    tensor([
      [0, 0],
      [3, 4],
    ]),
    tensor([
      [0, 0],
      [3, 0],
      [1, -1],
    ]),
  ];

  test('in any norm, in batches', () => {
    expectClose(cdist(a, b), [
      [0, 3, Math.SQRT2],
      [5, 4, Math.sqrt(29)],
    ]);
    expect(cdist(a, b, { p: 1 }).tolist()).toEqual([
      [0, 3, 2],
      [7, 4, 7],
    ]);
    expect(cdist(a, b, { p: inf }).at(1).tolist()).toEqual([4, 4, 5]);
    expect(cdist(a, b, { p: 0 }).at(1).tolist()).toEqual([2, 1, 2]);
    expect(cdist(ones([5, 1, 2, 3]), ones([4, 6, 3])).shape).toEqual([5, 4, 2, 6]);
  });

  test('a distance of 0 has derivative 0', () => {
    const x = a.clone().requiresGrad_();
    cdist(x, b).at('...', 0).sum().backward();
    expectClose(x.grad, [
      [0, 0],
      [0.6, 0.8],
    ]);
  });

  test('a NaN makes every distance of its row NaN; in the gradient for p = 1 it stays in place', () => {
    const [x, y] = [
      [
        [0, 3],
        [nan, 1],
      ],
      [
        [1, 2],
        [0, 0],
      ],
    ].map((rows) => tensor(rows, { dtype: 'float64', requiresGrad: true }));
    expect(cdist(x, y, { p: 0 }).tolist()).toEqual([
      [2, 1],
      [nan, nan],
    ]);
    const d = cdist(x, y, { p: 1 });
    d.backward(
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        { dtype: 'float64' },
      ),
    );
    expect(d.tolist()).toEqual([
      [2, 3],
      [nan, nan],
    ]);
    expect(x.grad!.tolist()).toEqual([
      [-1, 3],
      [nan, 1],
    ]);
    expect(y.grad!.tolist()).toEqual([
      [nan, 2],
      [nan, -6],
    ]);
  });

  test('each of equal largest differences has the whole gradient', () => {
    const x = tensor([[1, -1]], { requiresGrad: true });
    cdist(x, tensor([[0, 0]]), { p: inf }).backward();
    expect(x.grad!.tolist()).toEqual([[1, -1]]);
  });

  test('errors', () => {
    expect(() => cdist(a, ones([2, 3]))).toThrow('cdist: got shapes [2, 2] and [2, 3]; expected matrices');
    expect(() => cdist(tensor([1]), a)).toThrow(ShapeError);
    expect(() => cdist(a, b, { p: -1 })).toThrow(ValueError);
    expect(() => cdist(a, b.to('float64'))).toThrow(DtypeError);
    expect(() => cdist(a.to('int32'), b)).toThrow(DtypeError);
  });
});
