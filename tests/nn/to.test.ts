import { describe, expect, test } from 'vitest';
import { DtypeError, nn, ones, optim, rand, type Tensor, tensor } from '../../src';

describe('to', () => {
  test('converts floating-point parameters and buffers with their gradients, in place', () => {
    class Counting extends nn.Module {
      weight = new nn.Parameter(tensor([0.1, 2]));
      running = new nn.Buffer(tensor([0.5]));
      seen = new nn.Buffer(tensor([3], { dtype: 'int32' }));
      forward(x: Tensor) {
        return x.mul(this.weight);
      }
    }
    const counting = new Counting();
    const { weight } = counting;
    const sgd = new optim.SGD(counting.parameters(), { lr: 0.5 });
    counting(ones([2]))
      .sum()
      .backward();
    expect(counting.double()).toBe(counting);
    expect(counting.weight).toBe(weight);
    expect([weight, counting.running, counting.seen].map((x) => x.dtype)).toEqual(['float64', 'float64', 'int32']);
    expect([weight.grad!.dtype, weight.grad!.tolist(), weight.requiresGrad]).toEqual(['float64', [1, 1], true]);
    expect([weight.tolist(), weight.data]).toEqual([[Math.fround(0.1), 2], new Float64Array([Math.fround(0.1), 2])]);
    expect(weight.ndarray.data).toBe(weight.data);
    sgd.step();
    expect(weight.tolist()).toEqual([Math.fround(0.1) - 0.5, 1.5]);
    counting.zeroGrad();
    counting(ones([2], { dtype: 'float64' }))
      .sum()
      .backward();
    expect(weight.grad!.dtype).toBe('float64');
    expect(counting.float().weight.dtype).toBe('float32');
    expect(counting.to('float32').weight.version).toBe(3);
  });

  test('an earlier graph cannot be used afterwards', () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
    const y = net(rand([4, 2])).sum();
    net.double();
    expect(() => y.backward()).toThrow('modified in place');
  });

  test('rejects dtypes that are not floating-point', () => {
    const net = new nn.Linear(2, 3);
    expect(() => net.to('int32')).toThrow(DtypeError);
    expect(net.weight.dtype).toBe('float32');
  });
});
