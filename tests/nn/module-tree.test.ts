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

  test('have prefixes, and may list duplicates', () => {
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
    // As in PyTorch, the prefix of a state is used literally.
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

  test('may be replaced by the same kind, and be null', () => {
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
        [() => net.registerBuffer('x', 3 as unknown as Tensor), 'registerBuffer: x is 3, not a tensor'],
        [
          () => net.registerParameter('x', tensor([1]) as nn.Parameter),
          'registerParameter: x is not a parameter; create one with new nn.Parameter(…)',
        ],
        [() => net.addModule('x', {} as nn.Module), 'addModule: x is an object, not a module'],
      ] as [() => unknown, string][]
    ).map(([call, message]) => [message, call] as const),
  )('%s', (message, set) => {
    expect(set).toThrow(ValueError);
    expect(set).toThrow(message);
    expect(Object.keys(net)).toEqual(['training', 'block', 'same']);
  });
});

describe('replacing a parameter, a buffer or a module', () => {
  const ask: [string, (module: nn.Module) => unknown][] = [
    ['parameters', (module) => module.parameters()],
    ['namedParameters', (module) => module.namedParameters()],
    ['stateDict', (module) => module.stateDict()],
    ['zeroGrad', (module) => module.zeroGrad()],
    ['train', (module) => module.train()],
  ];

  test.each(ask)('by a tensor is rejected by %s', (_, look) => {
    const block = new Block();
    look(block);
    Object.assign(block.linear, { weight: ones([2, 2]) });
    expect(() => look(block)).toThrow(ValueError);
    expect(() => look(block)).toThrow(
      'Linear: weight was a parameter and is now a float32 tensor of shape [2, 2], which the module would not know; ' +
        'assign new nn.Parameter(…) or null',
    );
  });

  test.each<[string, () => object]>([
    ['Linear', () => new nn.Linear(2, 2)],
    ['Conv2d', () => new nn.Conv2d(1, 1, 2)],
    ['BatchNorm1d', () => new nn.BatchNorm1d(2)],
    ['LayerNorm', () => new nn.LayerNorm(2)],
    ['Embedding', () => new nn.Embedding(2, 2)],
    ['PReLU', () => new nn.PReLU()],
    ['Bilinear', () => new nn.Bilinear(2, 2, 2)],
  ])('by %s is rejected before any listing', (_, make) => {
    const layer = make() as nn.Module;
    Object.assign(layer, { weight: ones([2, 2]) });
    expect(() => layer.parameters()).toThrow('weight was a parameter and is now a float32 tensor');
  });

  test('in other layers, and in copies, is rejected as well', () => {
    const attention = new nn.MultiheadAttention(2, 1);
    Object.assign(attention, { inProjWeight: ones([6, 2]) });
    expect(() => attention.stateDict()).toThrow('inProjWeight was a parameter');
    const lstm = new nn.LSTM(2, 2);
    Object.assign(lstm, { weightIhL0: ones([8, 2]) });
    expect(() => lstm.train()).toThrow('weightIhL0 was a parameter');
    const norm = new nn.BatchNorm1d(2);
    Object.assign(norm, { runningMean: zeros([2]) });
    expect(() => norm.buffers()).toThrow('runningMean was a buffer');
    const copy = new Block().clone();
    Object.assign(copy.linear, { weight: ones([2, 2]) });
    expect(() => copy.parameters()).toThrow('Linear: weight was a parameter');
  });

  test('by other values is rejected for modules and buffers', () => {
    const block = new Block();
    block.parameters();
    Object.assign(block, { linear: (x: Tensor) => x });
    expect(() => block.parameters()).toThrow('Block: linear was a module and is now a function');
    const other = new Block();
    other.parameters();
    Object.assign(other, { running: zeros([2]) });
    expect(() => other.buffers()).toThrow('running was a buffer and is now a float32 tensor of shape [2]');
  });

  test('by null, or another of the same kind, is allowed', () => {
    const block = new Block();
    block.parameters();
    block.linear = new nn.Linear(2, 2, { bias: false });
    block.bias = new nn.Parameter(ones([1]));
    expect(block.parameters()).toHaveLength(2);
    block.bias = null;
    expect(block.parameters()).toHaveLength(1);
  });
});
