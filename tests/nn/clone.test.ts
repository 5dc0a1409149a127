import { describe, expect, test } from 'vitest';
import { AutogradError, Generator, nn, noGrad, ones, optim, rand, Tensor, tensor, ValueError, zeros } from '../../src';

class Tied extends nn.Module {
  a = new nn.Linear(2, 2, { bias: false });
  b = new nn.Linear(2, 2, { bias: false });
  running = new nn.Buffer(zeros([4]));
  part = new nn.Buffer(this.running.narrow(0, 1, 2), { persistent: false });
  extra: Record<string, unknown> = {
    list: [1, { two: 2 }],
    t: ones([2]),
    map: new Map([['k', [1]]]),
    set: new Set([3]),
  };
  same = this.extra;
  f = () => 1;
  constructor() {
    super();
    this.b.weight = this.a.weight;
  }
  forward(x: Tensor): Tensor {
    return this.b(this.a(x));
  }
}

describe('Module.clone', () => {
  // copy.deepcopy, PyTorch 2.13, gives the same results.
  test('copies parameters and buffers; shared ones stay shared', () => {
    const net = new Tied();
    net.a.weight.grad = ones([2, 2]);
    net.a.eval();
    net.a.weight.requiresGrad = false;
    const copy = net.clone();
    expect(copy).toBeInstanceOf(Tied);
    expect(String(copy)).toBe(String(net));
    expect(Object.keys(copy)).toEqual(Object.keys(net));
    expect(copy.a.weight).toBe(copy.b.weight);
    expect(copy.a.weight).not.toBe(net.a.weight);
    expect(copy.a.weight.tolist()).toEqual(net.a.weight.tolist());
    expect([copy.a.weight.requiresGrad, copy.a.training, copy.training, copy.a.weight.grad]).toEqual([
      false,
      false,
      true,
      null,
    ]);
    noGrad(() => copy.a.weight.fill_(7));
    expect(net.a.weight.tolist()).not.toEqual(copy.a.weight.tolist());
    expect(copy(ones([1, 2])).tolist()).toEqual([[196, 196]]);
    copy.running.fill_(3);
    expect(copy.part.tolist()).toEqual([3, 3]);
    expect(net.part.tolist()).toEqual([0, 0]);
    expect([copy.part.persistent, copy.running.persistent]).toEqual([false, true]);
    expect(copy.part.version).toBe(copy.running.version);
  });

  test('other properties are deep copies, functions are the same', () => {
    const net = new Tied();
    const date = new Date(5);
    Object.assign(net, { date, bytes: new Uint8Array([1, 2]), self: net, plain: new Generator().manualSeed(3) });
    const copy = net.clone() as Tied & { date: Date; bytes: Uint8Array; self: Tied; plain: Generator };
    expect(copy.extra.list).toEqual(net.extra.list);
    expect(copy.extra.map).toEqual(net.extra.map);
    expect(copy.extra.set).toEqual(net.extra.set);
    expect((copy.extra.t as Tensor).tolist()).toEqual([1, 1]);
    expect(copy.same).toBe(copy.extra);
    expect(copy.extra).not.toBe(net.extra);
    expect(copy.extra.list).not.toBe(net.extra.list);
    expect(copy.extra.t).not.toBe(net.extra.t);
    expect(copy.extra.map).not.toBe(net.extra.map);
    expect(copy.f).toBe(net.f);
    expect(copy.self).toBe(copy);
    expect([copy.date.getTime(), copy.date === date, [...copy.bytes]]).toEqual([5, false, [1, 2]]);
    expect(copy.plain.random()).toBe(new Generator().manualSeed(3).random());
    const leaf = ones([2]).requiresGrad_();
    leaf.grad = ones([2]);
    Object.assign(net, { leaf });
    const { leaf: other } = net.clone() as unknown as { leaf: Tensor };
    expect([other.requiresGrad, other.grad!.tolist(), other.grad === leaf.grad]).toEqual([true, [1, 1], false]);
  });

  test('hooks are copied: removing one here does not affect the copy', () => {
    const net = new nn.Linear(2, 2);
    const seen: unknown[] = [];
    const handle = net.registerForwardHook((module) => {
      seen.push(module);
    });
    const copy = net.clone();
    copy(ones([1, 2]));
    expect(seen).toEqual([copy]);
    handle.remove();
    net(ones([1, 2]));
    copy(ones([1, 2]));
    expect(seen).toEqual([copy, copy]);
  });

  test.each([
    ['Sequential', () => new nn.Sequential(new nn.Linear(4, 4), new nn.BatchNorm1d(4), new nn.Dropout(0.5))],
    ['Sequential by names', () => new nn.Sequential({ first: new nn.Linear(4, 4), last: new nn.Tanh() })],
    [
      'Conv2d in a list',
      () => new nn.Sequential(new nn.Unflatten(1, [1, 2, 2]), new nn.Conv2d(1, 2, 2), new nn.Flatten()),
    ],
    ['GRUCell', () => new nn.GRUCell(4, 3)],
  ])('%s computes the same', (_, make) => {
    const net = (make() as unknown as nn.Module).eval();
    const copy = net.clone();
    const x = rand([3, 4]);
    expect(copy(x).tolist()).toEqual(net(x).tolist());
    expect(Object.keys(copy.stateDict())).toEqual(Object.keys(net.stateDict()));
    const optimizer = new optim.SGD(copy.parameters(), { lr: 1 });
    copy(x).sum().backward();
    optimizer.step();
    expect(net.parameters().every((p) => p.grad === null)).toBe(true);
    expect(copy(x).tolist()).not.toEqual(net(x).tolist());
  });

  test('recurrent networks and attention', () => {
    const x = rand([3, 2, 4]);
    const lstm = new nn.LSTM(4, 3, { numLayers: 2, bidirectional: true });
    expect(lstm.clone()(x)[0].tolist()).toEqual(lstm(x)[0].tolist());
    const attention = new nn.MultiheadAttention(4, 2);
    expect(attention.clone()(x, x, x)[0].tolist()).toEqual(attention(x, x, x)[0].tolist());
    const list = new nn.ModuleList([new nn.Linear(1, 1)]);
    const copy = list.clone().append(new nn.Linear(1, 2));
    expect([list.size, copy.size]).toEqual([1, 2]);
  });

  test('runs no constructor, and calls a custom clone()', () => {
    let made = 0;
    class Own extends nn.Module {
      #secret = 3;
      constructor() {
        super();
        made++;
      }
      override clone(): this {
        return new Own() as this;
      }
      forward(x: Tensor): Tensor {
        return x.mul(this.#secret);
      }
    }
    const net = new nn.Sequential(new Own());
    const copy = net.clone();
    expect(made).toBe(2);
    expect(copy.at(0)).not.toBe(net.at(0));
    expect(copy(ones([1])).item()).toBe(3);
  });

  test('names what cannot be copied', () => {
    class Secret extends nn.Module {
      #secret = 3;
      forward(x: Tensor): Tensor {
        return x.mul(this.#secret);
      }
    }
    const net = new nn.Sequential({ head: new Secret() });
    expect(() => net.clone()).toThrow(ValueError);
    expect(() => net.clone()).toThrow(/head of this Sequential is of class Secret, which has the private name #secret/);
    const late = Object.assign(new nn.ReLU(), { waiting: { for: Promise.resolve() } });
    expect(() => late.clone()).toThrow(/waiting.for of this ReLU is of class Promise, one of JavaScript itself/);
    const y = ones([1]).requiresGrad_().mul(2);
    expect(() => Object.assign(new nn.ReLU(), { y }).clone()).toThrow(AutogradError);
    expect(() => Object.assign(new nn.ReLU(), { y }).clone()).toThrow(/y of this ReLU is the result of a recorded/);
  });
});

describe('structuredClone', () => {
  test('is rejected, with a hint at clone()', () => {
    expect(() => structuredClone(new nn.ReLU())).toThrow(/use clone\(\) of the module/);
    expect(() => structuredClone({ net: new nn.ReLU() })).toThrow(/use clone\(\)/);
    expect(() => structuredClone(tensor([1]))).toThrow(/use clone\(\) of the tensor/);
    expect(() => structuredClone(new nn.Linear(1, 1).weight)).toThrow(/use clone\(\) of the tensor/);
    expect(() => structuredClone([zeros([2]).narrow(0, 1, 1)])).toThrow(/use clone\(\)/);
    expect(tensor([1]).clone()).toBeInstanceOf(Tensor);
  });
});
