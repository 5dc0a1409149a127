import { describe, expect, test } from 'vitest';
import {
  AutogradError,
  DtypeError,
  IndexError,
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
import { expectClose } from '../support/close';

describe('Linear', () => {
  test('computes x Wᵀ + b for any leading dimensions', () => {
    const linear = new nn.Linear(2, 3);
    linear.loadStateDict({
      weight: tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      bias: tensor([10, 20, 30]),
    });
    expect(linear(tensor([1, 1])).tolist()).toEqual([13, 27, 41]);
    expect(linear(ones([2, 1, 2])).tolist()).toEqual([[[13, 27, 41]], [[13, 27, 41]]]);
    expect(linear(zeros([0, 2])).shape).toEqual([0, 3]);
    expect(linear(ones([1, 2])).gradFn?.name).toBe('AddmmBackward0');
  });

  test('without a bias has none, and draws none', () => {
    manualSeed(420);
    const linear = new nn.Linear(2, 2, { bias: false });
    const next = rand(1).item();
    expect([linear.bias, linear.namedParameters().map(([name]) => name)]).toEqual([null, ['weight']]);
    manualSeed(420);
    rand(4);
    expect(rand(1).item()).toBe(next);
    expect(linear(ones([1, 2])).gradFn?.name).toBe('MmBackward0');
  });

  test('float64', () => {
    const linear = new nn.Linear(2, 2, { dtype: 'float64' });
    expect(linear(ones([2], { dtype: 'float64' })).dtype).toBe('float64');
    expect(() => linear(ones([2]))).toThrow(
      new DtypeError(
        "linear: input, weight and bias must have one dtype, got float32, float64 and float64; convert with to('float32')",
      ),
    );
  });

  test('explains mismatched shapes', () => {
    expect(() => new nn.Linear(20, 13)(ones([5, 8]))).toThrow(
      new ShapeError(
        'linear: an input of shape [5, 8] does not fit a weight of shape [13, 20]; the weight is [out, in], and the last dimension of the input is in',
      ),
    );
    expect(() => new nn.Linear(2, 1.5)).toThrow(
      new ValueError('Linear: outFeatures is 1.5; it must be a whole number, 0 or more'),
    );
    expect(() => new nn.Linear(-1, 2)).toThrow(ValueError);
    expect(() => new nn.Linear(2, 1)([1, 2] as never)).toThrow(
      new ValueError('Linear: the input must be a tensor, got an array (make it a tensor with tensor(…))'),
    );
    expect(new nn.Linear(0, 2)(zeros([3, 0])).shape).toEqual([3, 2]);
  });

  test('functional: a vector as weight gives one output without its dimension', () => {
    const w = tensor([1, 2]).requiresGrad_();
    const b = tensor(0.5).requiresGrad_();
    const y = nn.functional.linear(
      tensor([
        [1, 1],
        [2, 0],
      ]),
      w,
      b,
    );
    expect(y.tolist()).toEqual([3.5, 2.5]);
    y.sum().backward();
    expect([w.grad!.tolist(), b.grad!.tolist()]).toEqual([[3, 1], 2]);
  });
});

describe('Sequential', () => {
  const layers = () => [new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1)] as const;

  test('applies its modules in turn', () => {
    const [a, b, c] = layers();
    const net = new nn.Sequential(a, b, c);
    const x = rand([4, 2]);
    expect(net(x).tolist()).toEqual(c(b(a(x))).tolist());
    expect(new nn.Sequential()(x)).toBe(x);
    expect([net.size, net.at(0), net.at(-1), [...net]]).toEqual([3, a, c, [a, b, c]]);
    expect(net.namedParameters().map(([name]) => name)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    expect(() => net.at(3)).toThrow(IndexError);
    expect(() => net.at(-4)).toThrow(IndexError);
    expect(() => net.at(0.5)).toThrow(IndexError);
  });

  test('keeps the order of more than ten modules', () => {
    const net = new nn.Sequential(...Array.from({ length: 12 }, () => new nn.Identity()));
    expect(net.namedChildren().map(([name]) => name)).toEqual([...Array(12).keys()].map(String));
  });

  test('runs a module twice if it is listed twice', () => {
    const double = new (class Double extends nn.Module {
      forward(x: Tensor) {
        return x.mul(2);
      }
    })();
    const net = new nn.Sequential(double, double);
    expect([net(tensor([1])).tolist(), net.size, net.children().length]).toEqual([[4], 2, 1]);
  });

  test('accepts names, and further modules', () => {
    const [a, b, c] = layers();
    const net = new nn.Sequential({ hidden: a, act: b });
    expect(net.append(c)).toBe(net);
    expect(net.namedChildren().map(([name]) => name)).toEqual(['hidden', 'act', '2']);
    expect(String(net)).toBe(
      'Sequential(\n  (hidden): Linear(inFeatures=2, outFeatures=3, bias=True)\n  (act): ReLU()\n  (2): Linear(inFeatures=3, outFeatures=1, bias=True)\n)',
    );
    expect(net(rand([4, 2])).shape).toEqual([4, 1]);
  });

  test('rejects other values, and reserved names', () => {
    expect(() => new nn.Sequential(new nn.ReLU(), 3 as unknown as nn.Module)).toThrow(
      new ValueError('Sequential: entry 1 is 3, not a module'),
    );
    expect(() => new nn.Sequential({ forward: new nn.ReLU() })).toThrow(
      new ValueError('Sequential: the name forward is taken already; choose another'),
    );
    expect(() => new nn.Sequential({ 1: new nn.ReLU() })).toThrow('the name 1 is a number');
  });
});

describe('ModuleList', () => {
  test('registers its modules, and cannot be called', () => {
    const [a, b] = [new nn.Linear(2, 2), new nn.Linear(2, 2)];
    const list = new nn.ModuleList([a, b]);
    expect([list.size, list.at(1), list.at(-2), [...list]]).toEqual([2, b, a, [a, b]]);
    expect(list.namedParameters().map(([name]) => name)).toEqual(['0.weight', '0.bias', '1.weight', '1.bias']);
    list.append(new nn.Linear(2, 1));
    expect(String(list)).toBe(
      'ModuleList(\n  (0-1): 2 x Linear(inFeatures=2, outFeatures=2, bias=True)\n  (2): Linear(inFeatures=2, outFeatures=1, bias=True)\n)',
    );
    expect(() => (list as unknown as () => void)()).toThrow(ValueError);
    expect(() => list.at(3)).toThrow(IndexError);
    expect(() => new nn.ModuleList([null as unknown as nn.Module])).toThrow(
      'ModuleList: entry 0 is null, not a module',
    );
  });
});

describe('activations', () => {
  const x = tensor([[-1, 0, 2]]);
  test.each([
    ['ReLU', new nn.ReLU(), nn.functional.relu, [[0, 0, 2]]],
    ['Sigmoid', new nn.Sigmoid(), nn.functional.sigmoid, [[0.2689414, 0.5, 0.8807971]]],
    ['Tanh', new nn.Tanh(), nn.functional.tanh, [[-0.7615942, 0, 0.9640276]]],
    ['Softmax', new nn.Softmax(1), (t: Tensor) => nn.functional.softmax(t, 1), [[0.0420101, 0.1141952, 0.8437947]]],
    [
      'LogSoftmax',
      new nn.LogSoftmax(-1),
      (t: Tensor) => nn.functional.logSoftmax(t, -1),
      [[-3.1698461, -2.1698461, -0.1698461]],
    ],
  ] as const)('%s, as a module and as a function', (_, module, f, want) => {
    expectClose(module(x), want as unknown as number[][]);
    expect(module(x).tolist()).toEqual(f(x).tolist());
  });

  test('print their options', () => {
    expect(
      [new nn.ReLU({ inplace: true }), new nn.Softmax(1), new nn.LogSoftmax(-1), new nn.Flatten(), new nn.Tanh()].map(
        String,
      ),
    ).toEqual([
      'ReLU(inplace=True)',
      'Softmax(dim=1)',
      'LogSoftmax(dim=-1)',
      'Flatten(startDim=1, endDim=-1)',
      'Tanh()',
    ]);
  });

  test('ReLU in place overwrites its input', () => {
    const y = tensor([-1, 2]);
    expect(new nn.ReLU({ inplace: true })(y)).toBe(y);
    expect(y.tolist()).toEqual([0, 2]);
    expect(() => new nn.ReLU({ inplace: true })(ones([1], { requiresGrad: true }))).toThrow(AutogradError);
  });

  test('softmax converts first if a dtype is given', () => {
    const y = nn.functional.softmax(tensor([1, 2], { dtype: 'int32' }), 0, { dtype: 'float64' });
    expect(y.dtype).toBe('float64');
    expectClose(y, [0.2689414213699951, 0.7310585786300049], 1e-15);
    expect(() => nn.functional.softmax(x, 2)).toThrow(IndexError);
  });

  test('Flatten and Identity', () => {
    expect(new nn.Flatten()(zeros([2, 3, 4])).shape).toEqual([2, 12]);
    expect(new nn.Flatten(0, 1)(zeros([2, 3, 4])).shape).toEqual([6, 4]);
    expect(new nn.Identity()(x)).toBe(x);
  });
});
