// Nested passes: a hook or a derivative starts another pass. Values are PyTorch's.
import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  backward,
  defineOp,
  enableGrad,
  GradcheckError,
  grad,
  gradcheck,
  hessian,
  isGradEnabled,
  jacobian,
  noGrad,
  setGradEnabled,
  type Tensor,
  tensor,
} from '../../src';
import { expectClose } from '../support/close';

const leaf = (v: number | number[]) => tensor(v, { dtype: 'float64', requiresGrad: true });
const KEEP = { retainGraph: true };

/** Calls `body` only the first time. */
const once = (body: () => void) => {
  let called = false;
  return () => {
    if (called) return;
    called = true;
    body();
  };
};

describe('a hook', () => {
  test('takes a gradient with respect to a leaf that the outer pass has not reached yet', () => {
    const x = leaf(2);
    const [a, b] = [x.mul(2), x.mul(3)];
    const inner: number[] = [];
    a.registerHook(() => {
      inner.push(enableGrad(() => grad(x.pow(3), x)[0].item()));
      expect(enableGrad(() => grad(x.pow(3), b, { allowUnused: true }))).toEqual([null]);
    });
    a.add(b).backward();
    expect(inner).toEqual([12]);
    expect(x.grad!.item()).toBe(5);
  });

  test('starts a pass, whose hook starts one, whose hook is called, too', () => {
    const x = leaf(2);
    const a = x.mul(x);
    const b = a.mul(x);
    const seen: [number, number][] = [];
    b.registerHook(() => {
      const d = enableGrad(() => x.exp());
      d.registerHook(() => {
        const c = enableGrad(() => x.mul(x).mul(x));
        c.registerHook((g) => {
          seen.push([3, g.item()]);
        });
        seen.push([
          2,
          grad(
            enableGrad(() => c.mul(a)),
            x,
            KEEP,
          )[0].item(),
        ]);
      });
      d.backward(null, KEEP);
      seen.push([1, x.grad!.item()]);
    });
    b.add(a).backward();
    expect(seen).toEqual([
      [3, 4],
      [2, 80],
      [1, Math.exp(2)],
    ]);
    expect(x.grad!.item()).toBeCloseTo(16 + Math.exp(2), 12);
  });

  test('traverses the same graph, whose leaves and retained gradients add up', () => {
    const x = leaf(2);
    const a = x.mul(x);
    const b = a.sin();
    const y = b.mul(a);
    a.retainGrad();
    const calls: number[] = [];
    let inner = Number.NaN;
    const again = once(() => {
      y.backward(null, KEEP);
      inner = x.grad!.item();
    });
    b.registerHook((g) => {
      again();
      calls.push(g.item());
    });
    y.backward(null, KEEP);
    expect(calls).toEqual([4, 4]);
    expect(inner).toBeCloseTo(-13.485507915049503, 12);
    expect(x.grad!.item()).toBeCloseTo(2 * inner, 12);
    expect(a.grad!.item()).toBeCloseTo(inner / 2, 12);
  });

  test('of a leaf adds to the same leaf', () => {
    const x = leaf(2);
    const seen: unknown[] = [];
    const inner = once(() => enableGrad(() => x.pow(3)).backward());
    x.registerHook((g) => {
      seen.push([g.item(), x.grad?.item() ?? null]);
      inner();
    });
    x.mul(5).add(x.mul(x)).backward();
    expect(seen).toEqual([
      [9, null],
      [12, null],
    ]);
    expect(x.grad!.item()).toBe(21);
  });

  test('that is called after accumulation adds to grad', () => {
    const x = leaf(2);
    const seen: number[] = [];
    const inner = once(() => enableGrad(() => x.pow(3)).backward());
    x.registerPostAccumulateGradHook(() => {
      seen.push(x.grad!.item());
      inner();
    });
    x.mul(5).add(x.mul(x)).backward();
    expect(seen).toEqual([9, 21]);
    expect(x.grad!.item()).toBe(21);
  });

  test('of one of several outputs traverses the others', () => {
    const x = leaf([1, 2, 3]);
    const [p, q] = x.split([1, 2]);
    const squares = q.mul(q);
    let inner: unknown;
    squares.registerHook(() => {
      inner = grad(p, x, { gradOutputs: tensor([7], { dtype: 'float64' }), retainGraph: true })[0].tolist();
    });
    squares.sum().add(p.mul(2).sum()).backward();
    expect(inner).toEqual([7, 0, 0]);
    expect(x.grad!.tolist()).toEqual([2, 4, 6]);
  });

  test('of a node starts a pass before or after the node has run', () => {
    const x = leaf(3);
    const h = x.mul(x);
    const y = h.mul(h);
    const found: number[] = [];
    const inner = () => {
      found.push(grad(h, x, KEEP)[0].item());
    };
    h.gradFn!.registerPrehook(once(inner));
    h.gradFn!.registerHook(once(inner));
    y.add(h).backward(null, KEEP);
    expect(found).toEqual([6, 6]);
    expect(x.grad!.item()).toBe(4 * 27 + 6);
  });

  test('uses functional derivatives', () => {
    const x = leaf([1, 2]);
    const y = x.mul(x);
    const cube = (v: Tensor) => v.pow(3);
    y.registerHook(() => {
      expectClose(jacobian(cube, x), [
        [3, 0],
        [0, 12],
      ]);
      expectClose(
        hessian((v) => cube(v).sum(), x),
        [
          [6, 0],
          [0, 12],
        ],
      );
      expect(isGradEnabled()).toBe(false);
      // Recording is disabled here, so the tape has no gradient.
      expect(() => gradcheck(cube, [x])).toThrow(GradcheckError);
      expect(enableGrad(() => gradcheck(cube, [x]))).toBe(true);
    });
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([2, 4]);
  });

  test('differentiates a gradient again', () => {
    const x = leaf(2);
    const a = x.mul(1);
    const b = a.mul(a);
    const found: unknown[] = [];
    b.registerHook(
      once(() => {
        const [slope] = grad(b, a, { createGraph: true });
        found.push(slope.item(), slope.requiresGrad, isGradEnabled(), grad(slope, x, KEEP)[0].item());
      }),
    );
    b.backward();
    expect(found).toEqual([4, true, false, 2]);
    expect(x.grad!.item()).toBe(4);
  });
});

describe('an inner pass that throws', () => {
  test('leaves the outer pass unchanged', () => {
    const x = leaf(2);
    const a = x.mul(2);
    const b = a.mul(a);
    b.registerHook(() => {
      const d = enableGrad(() => a.mul(x).mul(1));
      d.registerHook(() => {
        throw new RangeError('stop');
      });
      const all = enableGrad(() => d.add(b).add(a).add(x.exp()));
      expect(() => all.backward(null, KEEP)).toThrow(new RangeError('stop'));
      expect(isGradEnabled()).toBe(false);
    });
    b.add(a).backward();
    expect(x.grad!.item()).toBe(18);
  });

  test('and is not caught ends both, and leaves no state', () => {
    const x = leaf(2);
    const a = x.mul(2);
    const b = a.mul(a);
    let fails = true;
    a.registerHook(() => {
      if (fails) throw new RangeError('inside');
    });
    const z = x.mul(3);
    z.registerHook(once(() => enableGrad(() => b.add(z)).backward(null, KEEP)));
    const y = b.add(z).add(x);
    expect(() => y.backward(null, KEEP)).toThrow('inside');
    expect([x.grad, isGradEnabled()]).toEqual([null, true]);
    fails = false;
    y.backward(null, KEEP);
    expect(x.grad!.item()).toBe(20);
  });

  test('and frees what the outer pass still needs causes an error there', () => {
    const x = leaf(2);
    const a = x.mul(x);
    const b = a.sin();
    const y = b.mul(a);
    b.registerHook(once(() => expect(grad(a, x)[0].item()).toBe(4)));
    expect(() => y.backward()).toThrow(AutogradError);
    expect(() => y.backward()).toThrow('were freed by an earlier one');
    expect(x.grad).toBeNull();
  });
});

describe('a derivative of a custom operation', () => {
  test('takes gradients of what it computes, with another such operation inside', () => {
    const inner = defineOp({
      name: 'testInnerCube',
      forward: (x: Tensor) => x.pow(3),
      saves: ['x'],
      vjp: { x: (dy, { x }) => dy.mul(jacobian((v: Tensor) => v.pow(3), x)) },
    });
    const outer = defineOp({
      name: 'testOuterCube',
      forward: (x: Tensor) => x.pow(3),
      saves: ['x'],
      vjp: {
        x: (dy, { x }) => {
          const again = x.detach().requiresGrad_();
          return dy.mul(
            grad(
              enableGrad(() => inner(again)),
              again,
            )[0],
          );
        },
      },
    });
    const x = leaf(2);
    const a = outer(x);
    a.add(outer(a.mul(x))).backward();
    expect(x.grad!.item()).toBe(24588);
  });

  test('traverses the graph that contains it', () => {
    const [x, w] = [leaf(2), leaf(3)];
    const shared = x.mul(w).sin();
    const scaled = defineOp({
      name: 'testScaledBySlope',
      forward: (v: Tensor) => v.mul(1),
      saves: [],
      vjp: { x: (dy) => dy.mul(grad(shared, x, KEEP)[0]) },
    });
    scaled(shared).mul(w).add(shared.mul(shared)).backward();
    expectClose(x.grad, 23.2823, 1e-5);
    expectClose(w.grad, 15.2421, 1e-5);
  });
});

describe('modes', () => {
  test('a mode set by a hook applies to its node', () => {
    const x = leaf(2);
    const a = x.mul(x);
    const seen: unknown[] = [];
    a.registerHook(() => {
      setGradEnabled(true);
      seen.push(isGradEnabled());
    });
    a.gradFn!.registerPrehook(() => {
      seen.push(isGradEnabled());
    });
    a.gradFn!.registerHook(() => {
      seen.push(isGradEnabled());
    });
    x.registerHook((g) => {
      seen.push(isGradEnabled(), g.requiresGrad);
    });
    a.mul(a).backward();
    expect(seen).toEqual([true, true, true, false, true]);
    expect(x.grad!.requiresGrad).toBe(false);
  });

  test('a recorded pass is recorded in its hooks, also inside noGrad', () => {
    const x = leaf(2);
    const y = x.mul(x);
    const seen: boolean[] = [];
    x.registerHook(() => {
      seen.push(isGradEnabled());
    });
    noGrad(() => {
      y.backward(null, { createGraph: true });
      seen.push(isGradEnabled());
    });
    expect(seen).toEqual([true, false]);
    expect(x.grad!.requiresGrad).toBe(true);
  });

  test('an inner pass without graph does not end the recording of the outer one', () => {
    const x = leaf(2);
    const y = x.mul(x).mul(x);
    y.registerHook(once(() => backward(enableGrad(() => x.mul(5)))));
    const [slope] = grad(y, x, { createGraph: true });
    expect(x.grad!.item()).toBe(5);
    expect(grad(slope, x)[0].item()).toBe(12);
  });
});
