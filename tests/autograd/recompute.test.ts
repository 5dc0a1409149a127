import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  explain,
  getRngState,
  grad,
  gradcheck,
  gradgradcheck,
  manualSeed,
  nn,
  noGrad,
  ones,
  rand,
  randn,
  recompute,
  type Tensor,
  tensor,
  ValueError,
} from '../../src';
import { expectClose } from '../support/close';

/** Values and gradients of `run` on an input and a net, with or without recomputation. */
function compared(net: nn.AnyModule, run: (part: typeof recompute, x: Tensor) => Tensor, shape: number[]) {
  const direct = ((fn: (...args: unknown[]) => unknown, ...args: unknown[]) => fn(...args)) as typeof recompute;
  return [direct, recompute].map((part) => {
    manualSeed(5);
    const x = randn(shape).requiresGrad_();
    net.zeroGrad();
    const y = run(part, x);
    y.sum().backward();
    return {
      y: y.tolist(),
      x: x.grad?.tolist(),
      parameters: net.parameters().map((p) => p.grad?.tolist()),
      after: rand([2]).tolist(),
    };
  });
}

describe('recompute', () => {
  test('gradients of inputs and parameters, bit for bit, with dropout', () => {
    const net = new nn.Sequential(
      new nn.Sequential(new nn.Linear(8, 16), new nn.Dropout(0.4), new nn.Tanh(), new nn.Linear(16, 8)),
      new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Dropout(0.3), new nn.Linear(16, 4)),
    );
    const [a, b] = compared(net, (part, x) => part(net.at(1), part(net.at(0), x)), [5, 8]);
    expect(b).toEqual(a);
    expect(a.x).toBeDefined();
  });

  test('nested', () => {
    const net = new nn.Sequential(new nn.Linear(4, 4), new nn.Dropout(0.5), new nn.Linear(4, 4));
    const [a, b] = compared(
      net,
      (part, x) => part((z: Tensor) => part(net.at(0), part(net.at(1), z).sin()).mul(part(net.at(2), z)), x),
      [3, 4],
    );
    expect(b).toEqual(a);
  });

  test('several outputs, some without a gradient, some that are inputs or views of them', () => {
    const net = new nn.Linear(4, 4);
    const [a, b] = compared(
      net,
      (part, x) => {
        const [p, q, r, s, t] = part(
          (z: Tensor) => [net(z).exp(), z.view([-1]), z, z.detach().mul(2), z.narrow(0, 0, 1).mul(net.weight)],
          x,
        );
        expect(s.requiresGrad).toBe(false);
        return p.sum().add(q.mul(3).sum()).add(r.sum()).add(t.sum());
      },
      [2, 4],
    );
    // The input is also used outside, where the order of the sum differs.
    expect({ ...b, x: 0 }).toEqual({ ...a, x: 0 });
    expectClose(tensor(b.x as number[][]), a.x!);
  });

  test('keeps no intermediate values', () => {
    const x = rand([4]).requiresGrad_();
    const w = rand([4]).requiresGrad_();
    let count = 0;
    const y = recompute((z: Tensor) => {
      count++;
      return z.mul(w).exp().sin();
    }, x);
    expect(y.gradFn!.name).toBe('RecomputeBackward0');
    expect(y.gradFn!.nextFunctions.map(([n]) => n!.variable)).toEqual(expect.arrayContaining([x, w]));
    expect(y.gradFn!.saved).toEqual({});
    // Not even as the base of the result.
    const seen = recompute((z: Tensor) => z.exp().view([2, 2]), x);
    expect([seen.owner, seen.viewOf, y.owner]).toEqual([null, null, null]);
    expect(count).toBe(1);
    y.sum().backward();
    expect(count).toBe(2);
    expect(() => y.sum().backward()).toThrow(/freed/);
    expect(count).toBe(2);
  });

  test('releases what it does not keep', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
    const x = rand([4]).requiresGrad_();
    const inner: WeakRef<Tensor>[] = [];
    const y = recompute((z: Tensor) => {
      const h = z.exp();
      inner.push(new WeakRef(h));
      return h.sin().view([2, 2]);
    }, x);
    // A WeakRef that is read or created keeps its target until the end of the turn.
    await new Promise((done) => setTimeout(done, 0));
    gc();
    expect(inner[0].deref() === undefined).toBe(true);
    y.sum().backward();
    expect(inner.length).toBe(2);
  });

  test('for grad(), for some of the inputs, and twice', () => {
    const x = rand([4]).requiresGrad_();
    const w = rand([4]).requiresGrad_();
    const f = (z: Tensor) => z.mul(w).exp();
    const [y, plain] = [recompute(f, x).sum(), f(x).sum()];
    const expected = grad(plain, [x, w], { retainGraph: true }).map((g) => g.tolist());
    expect(grad(y, [x, w], { retainGraph: true }).map((g) => g.tolist())).toEqual(expected);
    expect(grad(y, [w], { retainGraph: true })[0].tolist()).toEqual(expected[1]);
    y.backward(null, { inputs: x });
    expect([x.grad!.tolist(), w.grad]).toEqual([expected[0], null]);
  });

  test('second derivatives', () => {
    const x = rand([3], { dtype: 'float64' }).requiresGrad_();
    const w = rand([3], { dtype: 'float64' }).requiresGrad_();
    const f = (a: Tensor, b: Tensor) => recompute((z: Tensor) => z.mul(b).exp().mul(z), a);
    expect(gradcheck(f, [x, w])).toBe(true);
    expect(gradgradcheck(f, [x, w])).toBe(true);
  });

  test('hooks see each gradient once', () => {
    const x = rand([3]).requiresGrad_();
    const h = x.mul(2);
    let [ofH, ofX, after] = [0, 0, 0];
    h.retainGrad();
    h.registerHook((g) => {
      ofH++;
      return g.mul(10);
    });
    x.registerHook(() => {
      ofX++;
    });
    x.registerPostAccumulateGradHook(() => {
      after++;
    });
    recompute((z: Tensor) => z.mul(x), h)
      .sum()
      .backward();
    expect([ofH, ofX, after]).toEqual([1, 1, 1]);
    const [values, own] = [x.tolist() as number[], h.grad!.tolist()];
    expect(own).toEqual(values.map((v) => Math.fround(v * 10)));
    x.grad!.toArray().forEach((g, i) => {
      expect(g).toBeCloseTo(values[i] * 22, 4);
    });
  });

  test('the generator continues as without recomputation', () => {
    manualSeed(1);
    const x = ones([3]).requiresGrad_();
    const y = recompute((z: Tensor) => z.mul(rand([3])), x);
    rand([7]);
    const before = getRngState();
    y.sum().backward();
    expect(getRngState().equal(before)).toBe(true);
    expect(x.grad!.tolist()).toEqual(y.tolist());
  });

  test('without recording, and without inputs to differentiate', () => {
    const x = rand([2]).requiresGrad_();
    expect(noGrad(() => recompute((z: Tensor) => z.mul(2), x)).requiresGrad).toBe(false);
    expect(recompute((z: Tensor) => z.detach(), x).requiresGrad).toBe(false);
    expect(recompute((z: Tensor) => z, x)).toBe(x);
    // A new leaf inside cannot receive its gradient.
    const y = recompute((z: Tensor) => z.mul(ones([2], { requiresGrad: true })), x);
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([1, 1]);
  });

  test('detects an in-place change, and a function that behaves differently', () => {
    const w = rand([2]).requiresGrad_();
    const x = rand([2]).requiresGrad_();
    const y = recompute((z: Tensor) => z.mul(w), x);
    noGrad(() => w.add_(1));
    expect(() => y.sum().backward()).toThrow(AutogradError);
    expect(() => y.sum().backward()).toThrow(/modified in place: it is at version 1, expected version 0/);
    let n = 1;
    const z = recompute((t: Tensor) => t.mul(1).expand([n++, 2]).mul(1), x);
    expect(() => z.sum().backward()).toThrow(/gives outputs of other shapes/);
    const other = recompute((t: Tensor) => (n++ % 2 ? t.mul(2) : t.mul(w).detach().mul(tensor(1))), x);
    if (other.requiresGrad) expect(() => other.sum().backward()).toThrow(/gives other outputs/);
    let first = true;
    const more = recompute((t: Tensor) => {
      const out = first ? t.mul(2) : t.mul(w);
      first = false;
      return out;
    }, x);
    expect(() => more.sum().backward()).toThrow(/uses other tensors/);
    expect(() => recompute(() => 3 as never)).toThrow(ValueError);
    expect(() => recompute((async () => x) as never)).toThrow(/must not be asynchronous/);
  });

  test('can be inspected', () => {
    const x = rand([2]).requiresGrad_();
    const y = recompute((z: Tensor) => z.mul(2), x).sum();
    expect(String(explain(y, { x }))).toContain('recompute');
  });
});
