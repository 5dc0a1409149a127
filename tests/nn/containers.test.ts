import { describe, expect, test } from 'vitest';
import { IndexError, nn, ones, optim, type Tensor, tensor, ValueError, zeros } from '../../src';

const linear = (from: number, to: number) => new nn.Linear(from, to);

describe('ModuleDict', () => {
  class Heads extends nn.Module<[x: Tensor, head: string]> {
    heads = new nn.ModuleDict({ left: linear(2, 1), right: linear(2, 3) });
    forward(x: Tensor, head: string) {
      return this.heads.get(head)(x);
    }
  }

  test('contains modules by name, and finds their parameters', () => {
    const net = new Heads();
    expect(net(ones([4, 2]), 'right').shape).toEqual([4, 3]);
    expect(net.namedParameters().map(([name]) => name)).toEqual([
      'heads.left.weight',
      'heads.left.bias',
      'heads.right.weight',
      'heads.right.bias',
    ]);
    expect(String(net)).toBe(
      [
        'Heads(',
        '  (heads): ModuleDict(',
        '    (left): Linear(inFeatures=2, outFeatures=1, bias=True)',
        '    (right): Linear(inFeatures=2, outFeatures=3, bias=True)',
        '  )',
        ')',
      ].join('\n'),
    );
  });

  test('is read and changed like a map, in the order of its entries', () => {
    const [a, b, c] = [new nn.ReLU(), new nn.Tanh(), new nn.Identity()];
    const dict = new nn.ModuleDict<nn.Module>([
      ['2', a],
      ['1', b],
    ]);
    expect([dict.keys(), dict.values(), dict.size, dict.has('1'), dict.has('3')]).toEqual([
      ['2', '1'],
      [a, b],
      2,
      true,
      false,
    ]);
    expect(dict.namedChildren().map(([name]) => name)).toEqual(['2', '1']);
    expect(dict.set('0', c).update({ '2': b })).toBe(dict);
    expect(dict.entries()).toEqual([
      ['2', b],
      ['1', b],
      ['0', c],
    ]);
    expect(dict.pop('1')).toBe(b);
    expect([dict.keys(), Object.keys(dict)]).toEqual([
      ['2', '0'],
      ['0', '2', 'training'],
    ]);
  });

  test('rejects other values, and reserved names', () => {
    const dict = new nn.ModuleDict({ a: new nn.ReLU() });
    expect(() => dict.get('b')).toThrow(new ValueError('ModuleDict: there is no b; the names are a'));
    expect(() => dict.pop('b')).toThrow(ValueError);
    expect(() => dict.set('train', new nn.ReLU())).toThrow('the name train is taken already');
    expect(() => dict.set('x.y', new nn.ReLU())).toThrow("'x.y' cannot be a name");
    expect(() => dict.update({ c: new nn.ReLU(), d: 3 as unknown as nn.ReLU })).toThrow('entry d is 3, not a module');
    expect(dict.keys()).toEqual(['a']);
    expect(() => (dict as unknown as () => void)()).toThrow('ModuleDict: a collection cannot be called');
  });
});

describe('ModuleList and Sequential', () => {
  test('grow', () => {
    const list = new nn.ModuleList<nn.Module>([new nn.ReLU()]);
    const [tanh, linears] = [new nn.Tanh(), [linear(2, 2), linear(2, 2)]];
    expect(list.extend(linears).append(new nn.ReLU())).toBe(list);
    list.insert(1, tanh);
    expect([...list].map((m) => m.constructor.name)).toEqual(['ReLU', 'Tanh', 'Linear', 'Linear', 'ReLU']);
    expect(list.at(-1)).toBe(list.at(4));
    expect(() => list.at(5)).toThrow(new IndexError('ModuleList: position 5 is outside -5 to 4'));
    expect(Object.keys(list.stateDict())).toEqual(['2.weight', '2.bias', '3.weight', '3.bias']);
    expect(String(list)).toContain('(2-3): 2 x Linear(inFeatures=2, outFeatures=2, bias=True)');
    const net = new nn.Sequential(linear(1, 2)).extend([new nn.ReLU(), linear(2, 3)]);
    expect([net(ones([5, 1])).shape, net.size]).toEqual([[5, 3], 3]);
  });

  test('keep the order of more than ten', () => {
    const list = new nn.ModuleList(Array.from({ length: 12 }, (_, i) => linear(1, i + 1)));
    expect([...list].map((m) => m.outFeatures)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});

describe('ParameterList and ParameterDict', () => {
  class Poly extends nn.Module {
    weights = new nn.ParameterList([zeros([1]), zeros([1]), new nn.Parameter(zeros([1]))]);
    scales = new nn.ParameterDict({ a: ones([1]) });
    forward(x: Tensor): Tensor {
      let y = this.scales.get('a').mul(0);
      for (const w of this.weights) y = y.mul(x).add(w);
      return y;
    }
  }

  test('contain parameters that are trained and saved', () => {
    const net = new Poly();
    expect(Object.keys(net.stateDict())).toEqual(['weights.0', 'weights.1', 'weights.2', 'scales.a']);
    expect(net.parameters().every(nn.isParameter)).toBe(true);
    const x = tensor([-1, -0.5, 0, 0.5, 1]);
    const y = x.mul(x).mul(2).sub(x).add(3);
    const optimizer = new optim.LBFGS(net.parameters(), { lineSearchFn: 'strong_wolfe', maxIter: 50 });
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = net(x).sub(y).square().mean();
      loss.backward();
      return loss;
    });
    [...net.weights].forEach((w, i) => {
      expect(w.item()).toBeCloseTo([2, -1, 3][i], 3);
    });
  });

  test('print as in PyTorch', () => {
    const list = new nn.ParameterList([zeros([2, 3]), zeros([4], { dtype: 'float64' })]);
    expect(String(list)).toBe(
      [
        'ParameterList(',
        '    (0): Parameter containing: [float32 of size 2x3]',
        '    (1): Parameter containing: [float64 of size 4]',
        ')',
      ].join('\n'),
    );
    expect(String(new nn.ParameterDict({ a: zeros([2]), b: zeros([]) }))).toBe(
      [
        'ParameterDict(',
        '    (a): Parameter containing: [float32 of size 2]',
        '    (b): Parameter containing: [float32 of size ]',
        ')',
      ].join('\n'),
    );
  });

  test('reject other values', () => {
    expect(() => new nn.ParameterList([3 as unknown as Tensor])).toThrow('entry 0 is 3, not a tensor');
    expect(() => new nn.ParameterDict({ a: {} as Tensor })).toThrow('entry a is an object, not a tensor');
    expect(() => new nn.ParameterDict({ eval: zeros([1]) })).toThrow('the name eval is taken already');
    expect(() => (new nn.ParameterList() as unknown as () => void)()).toThrow('a collection cannot be called');
  });
});
