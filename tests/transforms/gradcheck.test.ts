import { describe, expect, test } from 'vitest';
import { defineOp, GradcheckError, gradcheck, gradgradcheck, type Tensor, tensor, ValueError } from '../../src';

const x = () => tensor([0.5, -1.25, 2], { dtype: 'float64', requiresGrad: true });

describe('gradcheck', () => {
  test('accepts correct gradients, of several inputs and outputs', () => {
    expect(gradcheck((a) => a.sin(), [x()])).toBe(true);
    expect(gradcheck((a, b) => [a.mul(b), a.sub(b).tanh()], [x(), x()])).toBe(true);
  });

  test('names the element with a wrong gradient', () => {
    const wrong = defineOp({
      name: 'wrongSquare',
      forward: (a: Tensor) => a.mul(a),
      saves: ['x'],
      vjp: { x: (dy, { x: a }) => dy.mul(a) },
    });
    expect(() => gradcheck(wrong, [x()])).toThrow(GradcheckError);
    expect(() => gradcheck(wrong, [x()])).toThrow(
      /element 0 of output 0 with respect to element 0 of input 0 \(shape \[3\]\): the tape gives 0\.5, central differences give 1$/,
    );
  });

  test('detects a missing gradient', () => {
    expect(() => gradcheck((a) => a.mul(a.detach()), [x()])).toThrow(GradcheckError);
  });

  test('leaves the inputs unchanged, also when the function throws', () => {
    const a = x();
    gradcheck((b) => b.exp(), [a]);
    expect(a.tolist()).toEqual([0.5, -1.25, 2]);
    expect(a.grad).toBeNull();
    let calls = 0;
    const third = (b: Tensor) => {
      if (++calls === 3) throw new Error('enough');
      return b.exp();
    };
    expect(() => gradcheck(third, [a])).toThrow('enough');
    expect(a.tolist()).toEqual([0.5, -1.25, 2]);
  });

  test('returns false instead of throwing, on request', () => {
    const quiet = { raiseException: false };
    const half = (a: Tensor) => a.mul(a.detach());
    expect(gradcheck(half, [x()], quiet)).toBe(false);
    expect(gradcheck((a) => a.exp(), [x()], quiet)).toBe(true);
    expect(gradgradcheck(half, [x()], quiet)).toBe(false);
    expect(() => gradcheck((a) => a, [tensor([1])], quiet)).toThrow(ValueError);
  });

  test('respects its tolerances', () => {
    const offBy = (amount: number) =>
      defineOp({ name: 'offBy', forward: (a: Tensor) => a.mul(2), saves: [], vjp: { x: (dy) => dy.mul(2 + amount) } });
    expect(gradcheck(offBy(1e-3), [x()])).toBe(true);
    expect(() => gradcheck(offBy(1e-2), [x()])).toThrow(GradcheckError);
    expect(gradcheck(offBy(1e-2), [x()], { rtol: 0.1 })).toBe(true);
  });

  test('needs float64 inputs that require a gradient', () => {
    expect(() => gradcheck((a) => a, [tensor([1])])).toThrow(ValueError);
    expect(() => gradcheck((a) => a.mul(2), [tensor([1], { requiresGrad: true })])).toThrow('float64');
  });
});

describe('gradgradcheck', () => {
  test('accepts correct second derivatives', () => {
    expect(gradgradcheck((a) => a.pow(3), [x()])).toBe(true);
  });

  test('detects a first derivative that is correct but cannot be differentiated', () => {
    const frozen = defineOp({
      name: 'frozenCube',
      forward: (a: Tensor) => a.pow(3),
      saves: ['x'],
      vjp: { x: (dy, { x: a }) => dy.mul(a.detach().pow(2).mul(3)) },
    });
    expect(gradcheck(frozen, [x()])).toBe(true);
    expect(() => gradgradcheck(frozen, [x()])).toThrow(GradcheckError);
  });
});
