import { describe, expect, test } from 'vitest';
import { AutogradError, type Gradients, grad, ones, type Tensor, tensor } from '../../src';
import { leaf } from '../support/tensors';

describe('hooks of nodes', () => {
  const numbers = (gs: Gradients) => gs.map((g) => g?.tolist() ?? null);

  test('see the gradients of inputs and outputs, and replace them', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const y = a.mul(b);
    const seen: unknown[] = [];
    y.gradFn!.registerPrehook((outs) => {
      seen.push(['before', numbers(outs)]);
      return outs.map((g) => g!.mul(10));
    });
    const handle = y.gradFn!.registerHook((ins, outs) => {
      seen.push(['after', numbers(ins), numbers(outs)]);
      return [ins[0], ins[1]!.neg()];
    });
    y.sum().backward(undefined, { retainGraph: true });
    expect(seen).toEqual([
      ['before', [[1, 1]]],
      [
        'after',
        [
          [30, 40],
          [10, 20],
        ],
        [[10, 10]],
      ],
    ]);
    expect(a.grad!.tolist()).toEqual([30, 40]);
    expect(b.grad!.tolist()).toEqual([-10, -20]);
    handle.remove();
    y.sum().backward();
    expect(b.grad!.tolist()).toEqual([0, 0]);
  });

  test('come after those of the tensor and after its gradient is retained', () => {
    const h = leaf([1]).mul(1);
    const order: string[] = [];
    h.gradFn!.registerHook(() => {
      order.push('after');
    });
    h.gradFn!.registerPrehook((outs) => {
      order.push('before');
      return [outs[0]!.mul(2)];
    });
    h.registerHook(() => {
      order.push('tensor');
    });
    h.retainGrad();
    h.backward();
    expect(order).toEqual(['tensor', 'before', 'after']);
    expect(h.grad!.tolist()).toEqual([1]);
  });

  test("see the same as grad(): the incoming gradient of a node that runs, else the one after the tensor's hooks", () => {
    const found = (names: string) => {
      const x = leaf(2);
      const a = x.mul(3);
      const b = a.mul(5);
      const calls: string[] = [];
      a.registerHook((g) => {
        calls.push(`tensor ${g.item()}`);
        return g.mul(10);
      });
      a.gradFn!.registerPrehook(([g]) => {
        calls.push(`before ${g!.item()}`);
        return [g!.mul(100)];
      });
      a.retainGrad();
      const inputs = [...names].map((name) => ({ x, a, b })[name]!);
      return [grad(b, inputs).map((g) => g.item()), calls, a.grad?.item()];
    };
    expect(found('a')).toEqual([[50], ['tensor 5'], 50]);
    expect(found('x')).toEqual([[15000], ['tensor 5', 'before 50'], 50]);
    expect(found('ax')).toEqual([[5, 15000], ['tensor 5', 'before 50'], 50]);
    expect(found('b')).toEqual([[1], [], undefined]);
    expect(found('ba')).toEqual([[1, 50], ['tensor 5'], 50]);
  });

  test('of a leaf are called by backward with inputs, and not by grad()', () => {
    const calls = (run: (y: Tensor, x: Tensor) => void) => {
      const seen: string[] = [];
      const x = leaf(2);
      x.registerHook(() => {
        seen.push('tensor');
      });
      const y = x.mul(3);
      const [[node]] = y.gradFn!.nextFunctions;
      node!.registerPrehook(() => {
        seen.push('before');
      });
      node!.registerHook(() => {
        seen.push('after');
      });
      run(y, x);
      return seen;
    };
    expect(calls((y, x) => grad(y, x))).toEqual(['tensor']);
    expect(calls((y) => y.backward())).toEqual(['tensor', 'before', 'after']);
    expect(calls((y, x) => y.backward(null, { inputs: x }))).toEqual(['tensor', 'before', 'after']);
  });

  test('of a result among the inputs of backward are called, and it is freed', () => {
    const x = leaf(2);
    const a = x.exp();
    const y = a.mul(a);
    const seen: unknown[] = [];
    a.gradFn!.registerHook((ins) => {
      seen.push(numbers(ins));
    });
    y.backward(null, { inputs: [a] });
    expect(seen).toEqual([[null]]);
    expect(x.grad).toBeNull();
    expect(() => a.backward()).toThrow('were freed by an earlier one');
  });

  test('after a hook has removed the gradient, later ones receive null', () => {
    const x = leaf(2);
    const a = x.mul(3);
    const seen: unknown[] = [];
    a.gradFn!.registerPrehook(() => [null]);
    a.gradFn!.registerHook((ins, outs) => {
      seen.push(numbers(ins), numbers(outs));
    });
    a.mul(2).backward();
    expect(seen).toEqual([[null, null], [null]]);
    expect(x.grad).toBeNull();
  });

  test('of a leaf run once its gradient has been added', () => {
    const w = leaf([1, 2]);
    const node = w.mul(1).gradFn!.nextFunctions[0][0]!;
    const order: string[] = [];
    node.registerHook((ins, outs) => {
      order.push(`${ins.length} ${outs[0]!.tolist()} ${w.grad!.tolist()}`);
    });
    w.registerPostAccumulateGradHook(() => {
      order.push('accumulated');
    });
    w.mul(3).sum().backward();
    expect(order).toEqual(['accumulated', '0 3,3 3,3']);
  });

  test('receive null for inputs without gradient and unused outputs', () => {
    const x = leaf([1, 2, 3]);
    const parts = x.split([1, 2]);
    const seen: unknown[] = [];
    parts[0].gradFn!.registerPrehook((outs) => {
      seen.push(numbers(outs));
    });
    const y = parts[1].mul(tensor([1, 2]));
    y.gradFn!.registerHook((ins) => {
      seen.push(numbers(ins));
    });
    y.sum().backward(undefined, { retainGraph: true });
    expect(seen).toEqual([
      [[1, 2], null],
      [null, [1, 2]],
    ]);
    y.gradFn!.registerHook((ins) => [ins[0], ones([2])]);
    expect(() => y.sum().backward(undefined, { retainGraph: true })).toThrow('there is no gradient 1 to replace');
  });

  test('a wrong number of gradients is rejected, and null stops one', () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const handle = y.gradFn!.registerHook(() => []);
    expect(() => y.sum().backward(undefined, { retainGraph: true })).toThrow(AutogradError);
    expect(() => y.sum().backward(undefined, { retainGraph: true })).toThrow(
      'hook: 2 gradients were given, the hook returned 0',
    );
    handle.remove();
    y.gradFn!.registerHook(() => [null, null]);
    y.sum().backward();
    expect(x.grad).toBeNull();
  });

  test('a gradient kept by a hook does not change afterwards', () => {
    const x = leaf([1, 2]);
    const kept: Tensor[] = [];
    const y = x.mul(2);
    y.gradFn!.registerHook(([g]) => {
      kept.push(g!);
    });
    const z = x.mul(5);
    y.add(z).sum().backward();
    expect(kept[0].tolist()).toEqual([2, 2]);
    x.grad!.add_(1);
    expect(kept[0].tolist()).toEqual([2, 2]);
  });
});
