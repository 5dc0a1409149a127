import { beforeEach, describe, expect, test } from 'vitest';
import { AutogradError, grad, nn, noGrad, ones, type Tensor, tensor, ValueError } from '../../src';
import { leaf } from '../support/tensors';

/** `y = 2x₁ + 3x₂`, with a parameter 2. */
class Mix extends nn.Module<[a: Tensor, b: Tensor, note?: string]> {
  scale = new nn.Parameter(tensor([2, 2]));
  forward(a: Tensor, b: Tensor, _note?: string): Tensor {
    return a.mul(this.scale).add(b.mul(3));
  }
}
const lists = (gradients: readonly (Tensor | null)[]) => gradients.map((g) => g?.tolist() ?? null);

let mix: Mix;
beforeEach(() => {
  mix = new Mix();
});

describe('forward hooks', () => {
  test('see the module, its inputs and output, in the order of registration', () => {
    const seen: unknown[] = [];
    mix.registerForwardPreHook(
      (module, args) => void seen.push(['pre', module === mix, args.length, args[0].tolist()]),
    );
    mix.registerForwardHook((module, args, output) => {
      seen.push(['post', module === mix, args.length, output.tolist()]);
    });
    mix.registerForwardHook(() => void seen.push('second'));
    mix(tensor([1, 0]), tensor([0, 1]), 'note');
    expect(seen).toEqual([['pre', true, 3, [1, 0]], ['post', true, 3, [2, 3]], 'second']);
    expect(Reflect.ownKeys(mix)).toEqual(['training', 'scale']);
  });

  test('replace inputs and outputs', () => {
    const x = tensor([1, 1]);
    const pre = mix.registerForwardPreHook((_, [a, b]) => [a.mul(10), b]);
    expect(mix(x, x).tolist()).toEqual([23, 23]);
    const post = mix.registerForwardHook((_, __, y) => y.neg());
    mix.registerForwardHook((_, __, y) => y.add(1));
    expect(mix(x, x).tolist()).toEqual([-22, -22]);
    pre.remove();
    expect(mix(x, x).tolist()).toEqual([-4, -4]);
    post.remove();
    post.remove();
    expect(mix(x, x).tolist()).toEqual([6, 6]);
  });

  test('one input need not be a list', () => {
    const relu = new nn.ReLU();
    relu.registerForwardPreHook((_, [x]) => x.neg());
    expect(relu(tensor([-1, 2])).tolist()).toEqual([1, 0]);
  });

  test('of nested modules are called as well, and forward() itself calls none', () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
    const shapes: string[] = [];
    for (const [name, module] of net.namedModules())
      module.registerForwardHook((_, __, y) => void shapes.push(`${name}: ${(y as Tensor).shape}`));
    net(ones([4, 2]));
    expect(shapes).toEqual(['0: 4,3', '1: 4,3', ': 4,3']);
    net.forward(ones([4, 2]));
    expect(shapes.slice(3)).toEqual(['0: 4,3', '1: 4,3']);
  });

  test('are differentiable', () => {
    mix.registerForwardHook((_, __, y) => y.mul(y));
    const [a, b] = [leaf([1, 2]), leaf([1, 1])];
    mix(a, b).sum().backward();
    // y = (2a + 3b)², dy/da = 2·(2a + 3b)·2.
    expect(a.grad!.tolist()).toEqual([20, 28]);
  });
});

describe('full backward hooks', () => {
  test('see the gradients of all inputs and outputs, null if there is none', () => {
    const seen: unknown[] = [];
    mix.registerFullBackwardHook((module, gradInput, gradOutput) => {
      seen.push([module === mix, lists(gradInput), lists(gradOutput)]);
    });
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    mix(a, b, 'note').backward(tensor([1, 10]));
    expect(seen).toEqual([[true, [[2, 20], [3, 30], null], [[1, 10]]]]);
    expect([a.grad!.tolist(), b.grad!.tolist(), mix.scale.grad!.tolist()]).toEqual([
      [2, 20],
      [3, 30],
      [1, 20],
    ]);
    seen.length = 0;
    mix(a, tensor([1, 1]))
      .sum()
      .backward();
    expect(seen).toEqual([[true, [[2, 2], null], [[1, 1]]]]);
  });

  test('are called if only parameters have gradients, and may then change none', () => {
    const seen: unknown[] = [];
    mix.registerFullBackwardHook((_, gradInput, gradOutput) => void seen.push([lists(gradInput), lists(gradOutput)]));
    mix(tensor([1, 2]), tensor([1, 1]))
      .sum()
      .backward();
    expect(seen).toEqual([[[null, null], [[1, 1]]]]);
    mix.registerFullBackwardHook(() => [ones([2]), null]);
    expect(() =>
      mix(tensor([1, 2]), tensor([1, 1]))
        .sum()
        .backward(),
    ).toThrow(ValueError);
  });

  test('replace the gradients of inputs, one hook after the other, but not those of parameters', () => {
    const hook = mix.registerFullBackwardHook((_, [a, b]) => [a!.mul(100), b]);
    mix.registerFullBackwardHook((_, [a, b]) => [a!.add(1), b!.neg()]);
    const [a, b] = [leaf([1, 1]), leaf([1, 1])];
    mix(a, b).sum().backward();
    expect([a.grad!.tolist(), b.grad!.tolist(), mix.scale.grad!.tolist()]).toEqual([
      [201, 201],
      [-3, -3],
      [1, 1],
    ]);
    hook.remove();
    a.grad = null;
    mix(a, b).sum().backward();
    expect(a.grad!.tolist()).toEqual([3, 3]);
  });

  test('replace the gradients of outputs before the module', () => {
    const seen: unknown[] = [];
    mix.registerFullBackwardPreHook((module, [g]) => {
      seen.push(module === mix);
      return [g!.mul(10)];
    });
    mix.registerFullBackwardHook((_, __, gradOutput) => void seen.push(lists(gradOutput)));
    const a = leaf([1, 1]);
    mix(a, tensor([0, 0]))
      .sum()
      .backward();
    expect(seen).toEqual([true, [[10, 10]]]);
    expect([a.grad!.tolist(), mix.scale.grad!.tolist()]).toEqual([
      [20, 20],
      [10, 10],
    ]);
  });

  test('of modules with several outputs; an unused output has no gradient', () => {
    class Pair extends nn.Module<[Tensor], [Tensor, Tensor]> {
      forward(x: Tensor): [Tensor, Tensor] {
        return [x.mul(2), x.mul(5)];
      }
    }
    const pair = new Pair();
    const seen: unknown[] = [];
    pair.registerFullBackwardHook((_, gradInput, gradOutput) => void seen.push([lists(gradInput), lists(gradOutput)]));
    const x = leaf([1]);
    const [y1, y2] = pair(x);
    y2.backward();
    expect(seen).toEqual([[[[5]], [null, [1]]]]);
    y1.backward();
    expect(seen[1]).toEqual([[[2]], [[1], null]]);
    expect(x.grad!.tolist()).toEqual([7]);
  });

  test('an input that the module does not use gets no gradient', () => {
    class First extends nn.Module<[Tensor, Tensor]> {
      forward(a: Tensor, _b: Tensor) {
        return a.mul(3);
      }
    }
    const first = new First();
    const seen: unknown[] = [];
    first.registerFullBackwardHook((_, gradInput) => void seen.push(lists(gradInput)));
    const [a, b] = [leaf([1]), leaf([1])];
    first(a, b).sum().backward();
    expect(seen).toEqual([[[3], null]]);
    expect(b.grad).toBeNull();
  });

  test('run once for each call of the module, the last call first', () => {
    const linear = new nn.Linear(1, 1, { bias: false });
    linear.weight.detach().fill_(2);
    const seen: unknown[] = [];
    linear.registerFullBackwardHook(
      (_, gradInput, gradOutput) => void seen.push([...lists(gradInput), ...lists(gradOutput)]),
    );
    const x = leaf([1]);
    linear(linear(x)).sum().backward();
    expect(seen).toEqual([
      [[2], [1]],
      [[4], [2]],
    ]);
    expect(linear.weight.grad!.item()).toBe(4);
  });

  test('support second derivatives', () => {
    class Cube extends nn.Module {
      forward(x: Tensor) {
        return x.pow(3);
      }
    }
    const cube = new Cube();
    let calls = 0;
    cube.registerFullBackwardHook(() => void calls++);
    const x = leaf([2]);
    const [first] = grad([cube(x).sum()], [x], { createGraph: true });
    const [second] = grad([first!.sum()], [x]);
    expect([first!.tolist(), second!.tolist(), calls]).toEqual([[12], [12], 1]);
  });

  test('record nothing inside noGrad, and cost nothing for modules without hooks', () => {
    let calls = 0;
    mix.registerFullBackwardHook(() => void calls++);
    const y = noGrad(() => mix(leaf([1, 1]), leaf([1, 1])));
    expect([y.requiresGrad, calls]).toEqual([false, 0]);
    expect(mix(leaf([1, 1]), leaf([1, 1])).gradFn!.name).toBe('BackwardHookFunctionBackward');
    expect(new Mix()(leaf([1, 1]), leaf([1, 1])).gradFn!.name).toBe('AddBackward0');
  });

  test('outputs cannot be modified in place, as that would bypass the hook', () => {
    mix.registerFullBackwardHook(() => undefined);
    const y = mix(leaf([1, 1]), leaf([1, 1]));
    expect(() => y.mul_(2)).toThrow(AutogradError);
  });

  test('lists of another length are rejected', () => {
    mix.registerFullBackwardHook(() => [null]);
    expect(() =>
      mix(leaf([1, 1]), leaf([1, 1]))
        .sum()
        .backward(),
    ).toThrow('the hook returned 1 gradients for 2 inputs');
  });
});
