import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  grad,
  hessian,
  hvp,
  isGradEnabled,
  jacobian,
  jvp,
  noGrad,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  vhp,
  vjp,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';
import { double } from '../support/tensors';

const square = double([
  [1, 2],
  [3, 4],
]);

describe('jacobian', () => {
  test('of one output by one input has both shapes concatenated', () => {
    // ∂ Σ_j exp(x_ij) / ∂x_kl = [i = k] exp(x_kl)
    const J = jacobian((x: Tensor) => x.exp().sum(1), square);
    expectClose(J, [
      [
        [Math.E, Math.E ** 2],
        [0, 0],
      ],
      [
        [0, 0],
        [Math.E ** 3, Math.E ** 4],
      ],
    ]);
    expect(J.requiresGrad).toBe(false);
    expect(jacobian((x: Tensor) => x.sum(), ones([2, 3])).shape).toEqual([2, 3]);
    expect(jacobian((x: Tensor) => x.expand(2, 3), tensor(1)).shape).toEqual([2, 3]);
    expect(jacobian((x: Tensor) => x.mul(2), zeros([0])).shape).toEqual([0, 0]);
  });

  test('of several inputs and outputs is a list of lists, outputs first', () => {
    const [x, y] = [double([1, 2]), double([3, 4])];
    const byInput = jacobian((x: Tensor, y: Tensor) => x.exp().mul(2).add(y.mul(3)), [x, y]);
    expectClose(byInput[0], [
      [2 * Math.E, 0],
      [0, 2 * Math.E ** 2],
    ]);
    expectClose(byInput[1], [
      [3, 0],
      [0, 3],
    ]);
    const byOutput = jacobian((x: Tensor) => [x.sum(), x.mul(x)], x);
    expect(byOutput.map((t) => t.tolist())).toEqual([
      [1, 1],
      [
        [2, 0],
        [0, 4],
      ],
    ]);
    const both = jacobian((x: Tensor, y: Tensor) => [x.mul(y).sum(), y.sum()], [x, y]);
    expect(both.map((row) => row.map((t) => t.tolist()))).toEqual([
      [
        [3, 4],
        [1, 2],
      ],
      [
        [0, 0],
        [1, 1],
      ],
    ]);
  });

  test('does not change its inputs, and works inside noGrad', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    // A captured x is a constant: only the argument varies.
    const J = noGrad(() => jacobian((v: Tensor) => v.mul(x), x));
    expect(J.tolist()).toEqual([
      [1, 0],
      [0, 2],
    ]);
    expect(x.grad).toBeNull();
    expect(isGradEnabled()).toBe(true);
    expect(jacobian((_: Tensor) => tensor([5]), x).tolist()).toEqual([[0, 0]]);
  });

  test('with createGraph it can be differentiated', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const J = jacobian((v: Tensor) => v.pow(3), x, { createGraph: true });
    expect(J.requiresGrad).toBe(true);
    J.sum().backward();
    expect(x.grad!.tolist()).toEqual([6, 12]);
    expect(jacobian((v: Tensor) => v.pow(3), tensor([1, 2]), { createGraph: true }).requiresGrad).toBe(true);
  });

  test('in strict mode independence throws', () => {
    const strict = { strict: true };
    const x = double([1, 2]);
    expect(() => jacobian(() => x, x, strict)).toThrow(AutogradError);
    expect(() => jacobian(() => x, x, strict)).toThrow(
      'jacobian: output 0 of the function does not depend on the inputs (strict mode)',
    );
    const first = (a: Tensor, _: Tensor) => a.mul(2);
    expect(() => jacobian(first, [x, x], strict)).toThrow(
      'jacobian: output 0 does not depend on input 1 (strict mode)',
    );
    expect(() => jacobian((a: Tensor) => a.mul(2), x, { strict: true, createGraph: true })).toThrow(
      'the derivative with respect to input 0 does not depend on the inputs (strict mode)',
    );
    expect(jacobian((a: Tensor) => a.mul(2), x, strict).tolist()).toEqual([
      [2, 0],
      [0, 2],
    ]);
  });

  test('needs tensors', () => {
    expect(() => jacobian((x: Tensor) => x, 3 as never)).toThrow(ValueError);
    expect(() => jacobian((x: Tensor) => x, [square, 3] as never)).toThrow('input 1 must be a tensor, got 3');
    expect(() => jacobian(() => 4 as never, square)).toThrow('each output of the function must be a tensor');
    expect(() => jacobian((x: Tensor) => x, tensor([1, 2], { dtype: 'int32' }))).toThrow('int32');
  });
});

describe('hessian', () => {
  test('of one input has its shape twice', () => {
    const H = hessian((x: Tensor) => x.pow(3).sum(), square);
    expect(H.shape).toEqual([2, 2, 2, 2]);
    const expected = zeros([2, 2, 2, 2], { dtype: 'float64' });
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])
      expected.setAt([i, j, i, j], 6 * square.at(i, j).item());
    expectClose(H, expected.tolist() as number[][]);
  });

  test('of several inputs is a list of lists', () => {
    // f = Σ x²y: ∂²f/∂x² = 2y, ∂²f/∂x∂y = 2x, ∂²f/∂y² = 0
    const f = (x: Tensor, y: Tensor) => x.mul(x).mul(y).sum();
    const H = hessian(f, [double([1, 2]), double([3, 4])]);
    expect(H.map((row) => row.map((t) => t.tolist()))).toEqual([
      [
        [
          [6, 0],
          [0, 8],
        ],
        [
          [2, 0],
          [0, 4],
        ],
      ],
      [
        [
          [2, 0],
          [0, 4],
        ],
        [
          [0, 0],
          [0, 0],
        ],
      ],
    ]);
  });

  test('is zero for linear functions, or ones independent of the input', () => {
    expect(hessian((x: Tensor) => x.sum(), ones([2])).tolist()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(hessian(() => tensor(3), ones([1])).tolist()).toEqual([[0]]);
    expect(hessian((x: Tensor) => x.pow(2).reshape(1), tensor(4)).item()).toBe(2);
  });

  test('with createGraph: third derivatives', () => {
    const x = tensor(2, { requiresGrad: true });
    const H = hessian((v: Tensor) => v.pow(4), x, { createGraph: true });
    expect(H.item()).toBe(48);
    expect(grad(H, x)[0].item()).toBe(48);
  });

  test('errors', () => {
    expect(() => hessian((x: Tensor) => x.mul(x), ones([2]))).toThrow(ShapeError);
    expect(() => hessian((x: Tensor) => x.mul(x), ones([2]))).toThrow(
      'hessian: the function must return a single number, got shape [2]',
    );
    expect(() => hessian(((x: Tensor) => [x.sum()]) as never, ones([2]))).toThrow('got a list of 1');
    const strict = { strict: true };
    expect(() => hessian((x: Tensor) => x.sum(), ones([2]), strict)).toThrow(AutogradError);
    expect(() => hessian((x: Tensor) => x.sum(), ones([2]), strict)).toThrow(
      'hessian: the derivative with respect to input 0 does not depend on the inputs (strict mode)',
    );
    expect(() => hessian((x: Tensor, y: Tensor) => x.pow(2).add(y.pow(2)), [tensor(1), tensor(2)], strict)).toThrow(
      'hessian: the gradient of input 0 does not depend on input 1 (strict mode)',
    );
  });
});

describe('vjp and jvp', () => {
  test('return the outputs and the product', () => {
    const [y, g] = vjp((x: Tensor) => x.exp().sum(1), square, double([1, 10]));
    expectClose(y, [Math.E + Math.E ** 2, Math.E ** 3 + Math.E ** 4]);
    expectClose(g, [
      [Math.E, Math.E ** 2],
      [10 * Math.E ** 3, 10 * Math.E ** 4],
    ]);
    expect([y.requiresGrad, g.requiresGrad]).toEqual([false, false]);
    const [z, dz] = jvp(
      (x: Tensor) => x.exp().sum(1),
      square,
      double([
        [1, 0],
        [0, 10],
      ]),
    );
    expectClose(z, y.tolist() as number[]);
    expectClose(dz, [Math.E, 10 * Math.E ** 4]);
  });

  test('of several inputs and outputs', () => {
    const f = (x: Tensor, y: Tensor) => [x.mul(y), x.add(y)];
    const [x, y] = [double([1, 2]), double([3, 4])];
    const [out, gs] = vjp(f, [x, y], [double([1, 1]), double([10, 0])]);
    expect(out.map((t) => t.tolist())).toEqual([
      [3, 8],
      [4, 6],
    ]);
    expect(gs.map((t) => t.tolist())).toEqual([
      [13, 4],
      [11, 2],
    ]);
    const [, ds] = jvp(f, [x, y], [double([1, 0]), double([0, 1])]);
    expect(ds.map((t) => t.tolist())).toEqual([
      [3, 2],
      [1, 1],
    ]);
  });

  test('v may be omitted for a scalar', () => {
    expect(vjp((x: Tensor) => x.pow(2).sum(), double([1, 2]))[1].tolist()).toEqual([2, 4]);
    expect(jvp((x: Tensor) => x.mul(double([1, 2])), double(5))[1].tolist()).toEqual([1, 2]);
    expect(() => vjp((x: Tensor) => x, double([1, 2]))).toThrow(
      'vjp: v can be left out only if the output is a single',
    );
    expect(() => jvp((x: Tensor) => x, double([1, 2]))).toThrow('jvp: v can be left out only if the input is a single');
  });

  test('v must match in shape', () => {
    expect(() => vjp((x: Tensor) => x, double([1, 2]), ones([3]))).toThrow(ShapeError);
    expect(() => vjp((x: Tensor) => x, double([1, 2]), ones([3]))).toThrow(
      'vjp: v has shape [3], the output 0 has [2]',
    );
    expect(() => jvp((x: Tensor) => x, double([1, 2]), [ones([2]), ones([2])])).toThrow(
      'jvp: v has 2 tensors for 1 inputs',
    );
  });

  test('zeros, or in strict mode an error, for results independent of the inputs', () => {
    const x = double([1, 2]);
    const half = (a: Tensor, _: Tensor) => a.mul(2);
    expect(vjp(half, [x, x], x)[1].map((t) => t.tolist())).toEqual([
      [2, 4],
      [0, 0],
    ]);
    expect(() => vjp(half, [x, x], x, { strict: true })).toThrow('vjp: the outputs do not depend on input 1');
    expect(() => jvp(half, [x, x], [x, x], { strict: true })).toThrow('jvp: the outputs do not depend on input 1');
    const [, ds] = jvp((a: Tensor) => [a.mul(3), x], x, x);
    expect(ds.map((t) => t.tolist())).toEqual([
      [3, 6],
      [0, 0],
    ]);
    expect(() => jvp((a: Tensor) => [a.mul(3), x], x, x, { strict: true })).toThrow('output 1 of the function');
  });

  test('with createGraph both can be differentiated', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const [y, g] = vjp((v: Tensor) => v.pow(3).sum(), x, null, { createGraph: true });
    y.add(g.sum()).backward();
    expect(x.grad!.tolist()).toEqual([3 + 6, 12 + 12]);
    x.grad = null;
    jvp((v: Tensor) => v.pow(3), x, ones([2]), { createGraph: true })[1]
      .sum()
      .backward();
    expect(x.grad!.tolist()).toEqual([6, 12]);
  });
});

describe('hvp and vhp', () => {
  const f = (x: Tensor, y: Tensor) => x.mul(x).mul(y).sum();
  const [x, y] = [double([1, 2]), double([3, 4])];
  const v = [double([1, 0]), double([0, 1])];

  test.each([
    ['hvp', hvp],
    ['vhp', vhp],
  ] as const)('%s returns the value and the product', (_, product) => {
    const [value, gs] = product(f, [x, y], v);
    expect(value.item()).toBe(3 + 16);
    expect(gs.map((t) => t.tolist())).toEqual([
      [6, 4],
      [2, 0],
    ]);
    expect(product((t: Tensor) => t.pow(3), double(2))[1].item()).toBe(12);
    expect(product((t: Tensor) => t.sum(), x, x)[1].tolist()).toEqual([0, 0]);
    const w = tensor(2, { requiresGrad: true });
    product((t: Tensor) => t.pow(4), w, null, { createGraph: true })[1].backward();
    expect(w.grad!.item()).toBe(48);
  });

  test.each([
    ['hvp', hvp],
    ['vhp', vhp],
  ] as const)('%s errors', (name, product) => {
    expect(() => product((t: Tensor) => t, x, x)).toThrow(
      `${name}: the function must return a single number, got shape [2]`,
    );
    expect(() => product((t: Tensor) => t.sum(), x)).toThrow(`${name}: v can be left out only`);
    expect(() => product((t: Tensor) => t.sum(), x, ones([3]))).toThrow(ShapeError);
    expect(() => product((t: Tensor) => t.sum(), x, x, { strict: true })).toThrow(AutogradError);
  });
});
