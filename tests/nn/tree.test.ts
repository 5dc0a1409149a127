import { beforeEach, describe, expect, test } from 'vitest';
import { nn, ones, type Tensor, tensor, ValueError, zeros } from '../../src';

class Block extends nn.Module {
  linear = new nn.Linear(2, 2);
  running = new nn.Buffer(zeros([2]));
  bias: nn.Parameter | null = null;
  size = 2;
  forward(x: Tensor): Tensor {
    return this.linear(x);
  }
}

class Net extends nn.Module {
  block = new Block();
  same = this.block;
  forward(x: Tensor): Tensor {
    return this.same(this.block(x));
  }
}

let net: Net;
beforeEach(() => {
  net = new Net();
});

describe('paths', () => {
  test('lead to modules, parameters and buffers', () => {
    expect(net.getSubmodule('')).toBe(net);
    expect(net.getSubmodule('block.linear')).toBe(net.block.linear);
    expect(net.getParameter('same.linear.weight')).toBe(net.block.linear.weight);
    expect(net.block.getParameter('linear.bias')).toBe(net.block.linear.bias);
    expect(net.getBuffer('block.running')).toBe(net.block.running);
    const list = new nn.Sequential(new nn.Linear(1, 2), new nn.ReLU());
    expect(list.getSubmodule('1')).toBe(list.at(1));
    expect(list.getParameter('0.weight').shape).toEqual([2, 1]);
  });

  test.each(
    (
      [
        [
          () => net.getSubmodule('block.conv'),
          "getSubmodule: 'block.conv': Block has no conv; it has training, linear, running",
        ],
        [() => net.getSubmodule('block.size'), "getSubmodule: 'block.size': size is not a module"],
        [() => net.getParameter('block.running'), "getParameter: 'block.running' is not a parameter"],
        [() => net.getParameter('block.bias'), "getParameter: 'block.bias' is not a parameter"],
        [() => net.getParameter('weight'), "getParameter: 'weight': Net has no weight; it has training, block, same"],
        [() => net.getParameter('other.weight'), "getSubmodule: 'other': Net has no other"],
        [() => net.getBuffer('block.linear.weight'), "getBuffer: 'block.linear.weight' is not a buffer"],
      ] as [() => unknown, string][]
    ).map(([call, message]) => [message, call] as const),
  )('%s', (message, look) => {
    expect(look).toThrow(ValueError);
    expect(look).toThrow(message);
  });

  test('have prefixes, and may list what stands twice', () => {
    const names = (entries: [string, unknown][]) => entries.map(([name]) => name);
    expect(names(net.namedParameters({ prefix: 'net' }))).toEqual(['net.block.linear.weight', 'net.block.linear.bias']);
    expect(names(net.namedParameters({ removeDuplicate: false }))).toEqual([
      'block.linear.weight',
      'block.linear.bias',
      'same.linear.weight',
      'same.linear.bias',
    ]);
    expect(names(net.namedBuffers({ prefix: 'net', removeDuplicate: false }))).toEqual([
      'net.block.running',
      'net.same.running',
    ]);
    expect(names(net.block.namedBuffers({ prefix: 'b', recurse: false }))).toEqual(['b.running']);
    expect(names(net.namedModules({ prefix: 'net' }))).toEqual(['net', 'net.block', 'net.block.linear']);
    expect(names(net.namedModules({ removeDuplicate: false }))).toEqual([
      '',
      'block',
      'block.linear',
      'same',
      'same.linear',
    ]);
    // As in PyTorch, the prefix of a state stands there as it is.
    expect(Object.keys(net.block.stateDict({ prefix: 'enc.' }))).toEqual([
      'enc.running',
      'enc.linear.weight',
      'enc.linear.bias',
    ]);
  });
});

describe('members by computed names', () => {
  test('are found like those that a class declares', () => {
    class Grown extends nn.Module {
      constructor(sizes: number[]) {
        super();
        sizes.forEach((n, i) => {
          this.registerParameter(`w${i}`, new nn.Parameter(ones([n])));
          this.registerBuffer(`b${i}`, zeros([n]), { persistent: i === 0 });
          this.addModule(`layer${i}`, new nn.Linear(n, n));
        });
      }
      forward(x: Tensor) {
        return x;
      }
    }
    const grown = new Grown([1, 2]);
    expect(Object.keys(grown.stateDict())).toEqual([
      'w0',
      'w1',
      'b0',
      'layer0.weight',
      'layer0.bias',
      'layer1.weight',
      'layer1.bias',
    ]);
    expect([grown.getParameter('w1').shape, grown.getBuffer('b1').shape]).toEqual([[2], [2]]);
  });

  test('may be replaced by their like, and be null', () => {
    const b = new Block();
    b.registerBuffer('running', ones([3]));
    b.registerParameter('bias', new nn.Parameter(ones([4])));
    b.addModule('linear', new nn.Linear(1, 1));
    expect([b.running.shape, b.bias!.shape, b.linear.weight.shape]).toEqual([[3], [4], [1, 1]]);
    b.registerBuffer('later', null);
    b.registerParameter('bias', null);
    expect(Object.keys(b.stateDict())).toEqual(['running', 'linear.weight', 'linear.bias']);
    b.registerBuffer('later', ones([1]));
    expect(b.getBuffer('later').tolist()).toEqual([1]);
  });

  test.each(
    (
      [
        [() => net.registerBuffer('', ones([1])), "registerBuffer: '' cannot be a name"],
        [() => net.registerParameter('a.b', new nn.Parameter(ones([1]))), "registerParameter: 'a.b' cannot be a name"],
        [() => net.registerParameter('block', new nn.Parameter(ones([1]))), 'the name block is taken already'],
        [() => net.registerBuffer('train', ones([1])), 'the name train is taken already'],
        [() => net.addModule('forward', new nn.ReLU()), 'the name forward is taken already'],
        [() => net.registerBuffer('x', 3 as unknown as Tensor), 'registerBuffer: x is number, not a tensor'],
        [
          () => net.registerParameter('x', tensor([1]) as nn.Parameter),
          'registerParameter: x is no parameter; make one with new nn.Parameter(…)',
        ],
        [() => net.addModule('x', {} as nn.Module), 'addModule: x is object, not a module'],
      ] as [() => unknown, string][]
    ).map(([call, message]) => [message, call] as const),
  )('%s', (message, set) => {
    expect(set).toThrow(ValueError);
    expect(set).toThrow(message);
    expect(Object.keys(net)).toEqual(['training', 'block', 'same']);
  });
});
