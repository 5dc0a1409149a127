import { inspect } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  displaySymbol,
  manualSeed,
  nn,
  ones,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';

class Block extends nn.Module {
  inner = new nn.Linear(3, 3, { bias: false });
  act = new nn.ReLU();
  forward(x: Tensor): Tensor {
    return this.act(this.inner(x));
  }
}

class Net extends nn.Module {
  first = new nn.Linear(2, 3);
  block = new Block();
  scale = new nn.Parameter(ones([1]));
  offset = new nn.Buffer(zeros([1]));
  note = 'not a parameter';
  plain = ones([1]);
  constructor(readonly depth = 2) {
    super();
  }
  forward(x: Tensor): Tensor {
    let y = this.first(x);
    for (let i = 0; i < this.depth; i++) y = this.block(y);
    return y.mul(this.scale).add(this.offset);
  }
}

let net: Net;
beforeEach(() => {
  manualSeed(420);
  net = new Net();
});

describe('a module', () => {
  test('is called like a function, and is an instance of its classes', () => {
    const x = rand([4, 2]);
    expect(net(x).tolist()).toEqual(net.forward(x).tolist());
    expect(net(x).shape).toEqual([4, 3]);
    expect(net).toBeInstanceOf(Net);
    expect(net).toBeInstanceOf(nn.Module);
    expect(net.constructor).toBe(Net);
    expect({} instanceof nn.Module).toBe(false);
  });

  test('has the properties that its class declares and none of a function', () => {
    expect(Object.keys(net.block)).toEqual(['training', 'inner', 'act']);
    expect(Object.keys(net)).toEqual(expect.arrayContaining(['first', 'note', 'plain', 'depth']));
    expect(Reflect.ownKeys(net)).toEqual(Object.keys(net));
    const members = net as unknown as Record<string, unknown>;
    for (const name of ['name', 'length', 'call', 'bind', 'arguments', 'caller', 'prototype'])
      expect([name, members[name], name in members]).toEqual([name, undefined, false]);
  });

  test('accepts other inputs, and returns other outputs, than one tensor', () => {
    class Pair extends nn.Module<[a: Tensor, b: Tensor, factor?: number], { sum: Tensor; difference: Tensor }> {
      forward(a: Tensor, b: Tensor, factor = 1) {
        return { sum: a.add(b).mul(factor), difference: a.sub(b) };
      }
    }
    const { sum, difference } = new Pair()(tensor([1]), tensor([2]), 3);
    expect([sum.tolist(), difference.tolist()]).toEqual([[9], [-1]]);
  });

  test('works with private fields, getters, and a subclass of a subclass', () => {
    class Deep extends Net {
      #calls = 0;
      override forward(x: Tensor): Tensor {
        this.#calls++;
        return super.forward(x).neg();
      }
      get title(): string {
        return `called ${this.#calls} times`;
      }
    }
    const deep = new Deep(1);
    deep(rand([1, 2]));
    expect(deep.title).toBe('called 1 times');
    expect(deep.parameters().length).toBe(4);
  });
});

test('names such as run and hooks are free', () => {
  class Runner extends nn.Module {
    hooks = 3;
    override length = 4;
    constructor(override readonly name = 'mine') {
      super();
    }
    run() {
      return 'my own';
    }
    override call(x: Tensor) {
      return this.forward(x);
    }
    forward(x: Tensor) {
      return x.mul(this.hooks);
    }
  }
  const runner = new Runner();
  runner.registerForwardHook((_, __, y) => y.neg());
  expect([runner.run(), runner(tensor([2])).tolist()]).toEqual(['my own', [-6]]);
  expect([runner.name, runner.length, runner.call(tensor([2])).tolist()]).toEqual(['mine', 4, [6]]);
});

describe('parameters and modules', () => {
  test('are listed in order, those of a module before those of nested modules', () => {
    expect(net.namedParameters().map(([name]) => name)).toEqual([
      'scale',
      'first.weight',
      'first.bias',
      'block.inner.weight',
    ]);
    expect(net.parameters()).toEqual(net.namedParameters().map(([, p]) => p));
    expect(net.namedParameters({ recurse: false })).toEqual([['scale', net.scale]]);
    expect(net.namedBuffers().map(([name]) => name)).toEqual(['offset']);
    expect(net.buffers({ recurse: false })).toEqual([net.offset]);
    expect(net.namedChildren()).toEqual([
      ['first', net.first],
      ['block', net.block],
    ]);
    expect(net.children()).toEqual([net.first, net.block]);
    expect(net.namedModules().map(([name]) => name)).toEqual(['', 'first', 'block', 'block.inner', 'block.act']);
    expect(net.modules()[0]).toBe(net);
  });

  test('are counted once if they are shared, but saved under every name', () => {
    class Shared extends nn.Module {
      a = new nn.Linear(2, 2);
      b = this.a;
      own = this.a.weight;
      forward(x: Tensor) {
        return this.b(this.a(x));
      }
    }
    const shared = new Shared();
    expect(shared.namedParameters().map(([name]) => name)).toEqual(['own', 'a.bias']);
    expect(shared.namedModules().map(([name]) => name)).toEqual(['', 'a']);
    expect(Object.keys(shared.stateDict())).toEqual(['own', 'a.weight', 'a.bias', 'b.weight', 'b.bias']);
  });

  test('a replaced property is listed in its new form', () => {
    net.scale = new nn.Parameter(tensor([5]));
    (net as { block: nn.Module }).block = new nn.Identity();
    expect(net.namedParameters().map(([name]) => name)).toEqual(['scale', 'first.weight', 'first.bias']);
    expect(net.parameters()[0].tolist()).toEqual([5]);
  });
});

describe('train, eval, apply, requiresGrad_, zeroGrad', () => {
  test('apply to every module and return the module', () => {
    expect(net.training).toBe(true);
    expect(net.eval()).toBe(net);
    expect(net.modules().map((m) => m.training)).toEqual([false, false, false, false, false]);
    expect(net.block.train()).toBe(net.block);
    expect(net.modules().map((m) => m.training)).toEqual([false, false, true, true, true]);
    const visited: string[] = [];
    expect(net.apply((m) => visited.push(m.constructor.name))).toBe(net);
    expect(visited).toEqual(['Linear', 'Linear', 'ReLU', 'Block', 'Net']);
  });

  test('frozen parameters get no gradient', () => {
    expect(net.block.requiresGrad_(false)).toBe(net.block);
    net(rand([4, 2]))
      .sum()
      .backward();
    expect(net.block.inner.weight.grad).toBeNull();
    expect(net.first.weight.grad?.shape).toEqual([3, 2]);
    net.requiresGrad_();
    expect(net.parameters().every((p) => p.requiresGrad)).toBe(true);
  });

  test('zeroGrad sets gradients to null, or to zeros', () => {
    const backward = () =>
      net(rand([4, 2]))
        .sum()
        .backward();
    backward();
    net.zeroGrad();
    expect(net.parameters().map((p) => p.grad)).toEqual([null, null, null, null]);
    backward();
    net.scale.grad = null;
    const kept = net.first.bias!.grad!;
    net.zeroGrad({ setToNone: false });
    expect(net.first.bias!.grad).toBe(kept);
    expect(kept.tolist()).toEqual([0, 0, 0]);
    expect(net.scale.grad).toBeNull();
  });

  test('zeroGrad ends the history of a gradient', () => {
    net.scale.pow(2).sum().backward(undefined, { createGraph: true });
    expect(net.scale.grad!.requiresGrad).toBe(true);
    net.zeroGrad({ setToNone: false });
    expect([net.scale.grad!.tolist(), net.scale.grad!.requiresGrad]).toEqual([[0], false]);
  });
});

describe('stateDict and loadStateDict', () => {
  test('names, order, sharing of memory, no gradients', () => {
    const state = net.stateDict();
    expect(Object.keys(state)).toEqual(['scale', 'offset', 'first.weight', 'first.bias', 'block.inner.weight']);
    expect(state.scale.requiresGrad).toBe(false);
    state.scale.fill_(3);
    expect(net.scale.item()).toBe(3);
  });

  test('non-persistent buffers are omitted', () => {
    class Cache extends nn.Module {
      seen = new nn.Buffer(zeros([2]), { persistent: false });
      forward(x: Tensor) {
        return x;
      }
    }
    expect(new Cache().stateDict()).toEqual({});
    expect(new Cache().buffers().length).toBe(1);
  });

  test('copies values, in place', () => {
    const other = new Net();
    const weight = other.first.weight;
    expect(other.loadStateDict(net.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(other.first.weight).toBe(weight);
    const x = rand([3, 2]);
    expect(other(x).tolist()).toEqual(net(x).tolist());
    net.scale.detach().fill_(9);
    expect(other.scale.item()).toBe(1);
    expect(weight.version).toBeGreaterThan(0);
  });

  test('converts dtypes', () => {
    const linear = new nn.Linear(1, 1, { bias: false });
    linear.loadStateDict({ weight: tensor([[1.5]], { dtype: 'float64' }) });
    expect([linear.weight.item(), linear.weight.dtype]).toEqual([1.5, 'float32']);
  });

  test('names missing and unexpected entries and mismatched shapes, and changes nothing', () => {
    const { scale: _, ...rest } = net.stateDict();
    const state: Record<string, Tensor> = { ...rest, stray: ones([1]) };
    const before = net.first.bias!.tolist();
    state['first.bias'] = ones([3]);
    expect(() => net.loadStateDict(state)).toThrow(
      new ValueError('loadStateDict: the state does not fit Net: missing: scale; unexpected: stray'),
    );
    expect(net.first.bias!.tolist()).toEqual(before);
    const result = net.loadStateDict(state, { strict: false });
    expect(result).toEqual({ missingKeys: ['scale'], unexpectedKeys: ['stray'] });
    expect(net.first.bias!.tolist()).toEqual([1, 1, 1]);
    const wrong = { ...net.stateDict(), 'first.bias': ones([4]) };
    for (const strict of [true, false])
      expect(() => net.loadStateDict(wrong, { strict })).toThrow(
        new ShapeError(
          'loadStateDict: the state does not fit Net: shape of first.bias: the module has [3], the state [4]',
        ),
      );
    expect(() => net.loadStateDict({ ...net.stateDict(), scale: 3 as unknown as Tensor })).toThrow(
      'no tensor but number',
    );
  });
});

describe('printing', () => {
  test('matches PyTorch', () => {
    expect(String(net)).toBe(
      [
        'Net(',
        '  (first): Linear(inFeatures=2, outFeatures=3, bias=True)',
        '  (block): Block(',
        '    (inner): Linear(inFeatures=3, outFeatures=3, bias=False)',
        '    (act): ReLU()',
        '  )',
        ')',
      ].join('\n'),
    );
  });

  test('in a terminal and in a notebook', () => {
    const relu = new nn.ReLU();
    expect(inspect(relu)).toBe('ReLU()');
    expect((relu as unknown as Record<symbol, () => unknown>)[displaySymbol]()).toEqual({ 'text/plain': 'ReLU()' });
  });

  test('extra lines of a custom class', () => {
    class Wordy extends nn.Module {
      inner = new nn.Identity();
      override extraRepr() {
        return 'a=1\nb=2';
      }
      forward(x: Tensor) {
        return x;
      }
    }
    expect(String(new Wordy())).toBe('Wordy(\n  a=1\n  b=2\n  (inner): Identity()\n)');
  });
});
