import { describe, expect, test } from 'vitest';
import {
  DtypeError,
  gradcheck,
  gradgradcheck,
  manualSeed,
  nn,
  ones,
  randn,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from '../../src';
import { expectClose } from '../support/close';

const F = nn.functional;
const double = (shape: number[], seed = 1): Tensor => {
  manualSeed(seed);
  return randn(shape, { dtype: 'float64' }).requiresGrad_();
};
/** Mean and biased variance over dimensions. */
const moments = (x: Tensor, dims: number[]) => {
  const mean = x.mean(dims, { keepdim: true });
  return { mean, variance: x.sub(mean).square().mean(dims, { keepdim: true }) };
};

describe('batchNorm', () => {
  // Two channels with means 2 and 20 and variance 1; with eps 3 the divisor is 2.
  const x = tensor([
    [1, 19],
    [3, 21],
  ]);

  test('standardizes every channel over the batch', () => {
    const y = F.batchNorm(x, null, null, { training: true, eps: 3 });
    expectClose(y, [
      [-0.5, -0.5],
      [0.5, 0.5],
    ]);
    const z = F.batchNorm(x, null, null, { training: true, eps: 3, weight: tensor([2, 4]), bias: tensor([0, 1]) });
    expectClose(z, [
      [-1, -1],
      [1, 3],
    ]);
  });

  test('moves the running statistics, with the unbiased variance', () => {
    const mean = zeros(2);
    const variance = ones(2);
    F.batchNorm(x, mean, variance, { training: true, momentum: 0.5 });
    expectClose(mean, [1, 10]);
    expectClose(variance, [1.5, 1.5]);
    const y = F.batchNorm(x, mean, variance, { eps: 2.5 });
    expectClose(y, [
      [0, 4.5],
      [1, 5.5],
    ]);
    expectClose(mean, [1, 10]);
  });

  test('of images has mean 0 and variance 1 in each channel', () => {
    const { mean, variance } = moments(
      F.batchNorm(double([3, 2, 4, 4]), null, null, { training: true, eps: 1e-12 }),
      [0, 2, 3],
    );
    expectClose(mean.flatten(), [0, 0], 1e-12);
    expectClose(variance.flatten(), [1, 1], 1e-9);
  });

  test('gradients, first and second, in training and outside', () => {
    const inputs = () => [double([3, 2, 2]), double([2], 2), double([2], 3)] as const;
    for (const training of [true, false]) {
      const running = () => [tensor([0.5, -1], { dtype: 'float64' }), tensor([2, 0.5], { dtype: 'float64' })] as const;
      const f = (a: Tensor, weight: Tensor, bias: Tensor) => F.batchNorm(a, ...running(), { weight, bias, training });
      expect(gradcheck(f, inputs())).toBe(true);
      expect(gradgradcheck(f, inputs())).toBe(true);
    }
  });

  test('nothing gives nothing, and leaves the running statistics alone', () => {
    const running = [zeros(3), ones(3)] as const;
    const weight = ones(3).requiresGrad_();
    const y = F.batchNorm(zeros([0, 3, 2]), ...running, { training: true, weight });
    expect([y.shape, running[0].tolist(), running[1].tolist()]).toEqual([
      [0, 3, 2],
      [0, 0, 0],
      [1, 1, 1],
    ]);
    y.sum().backward();
    expect(weight.grad!.tolist()).toEqual([0, 0, 0]);
    for (const training of [true, false])
      expect(F.batchNorm(zeros(0), zeros(0), ones(0), { training }).shape).toEqual([0]);
  });

  test('an output may be changed in place', () => {
    const a = double([4, 3]);
    F.batchNorm(a, null, null, { training: true }).relu_().sum().backward();
    const b = double([4, 3]);
    F.batchNorm(b, null, null, { training: true }).relu().sum().backward();
    expectClose(a.grad, b.grad!.tolist(), 0);
  });

  test('says what does not fit, and changes nothing then', () => {
    const running = [zeros(2), ones(2)] as const;
    expect(() => F.batchNorm(ones([1, 2]), ...running, { training: true })).toThrow(
      new ShapeError(
        'batchNorm: an input of shape [1, 2] has one value for each channel, which has no variance; it needs more than one',
      ),
    );
    expect(() => F.batchNorm(x, ...running, { training: true, weight: ones(3) })).toThrow(
      new ShapeError('batchNorm: weight has shape [3]; for this input of shape [2, 2] it must be [2]'),
    );
    expect(() => F.batchNorm(x, ...running, { training: true, eps: 0 })).toThrow(ValueError);
    expect(() => F.batchNorm(x, null, running[1])).toThrow(ValueError);
    expect(() => F.batchNorm(ones([3]), ...running)).toThrow(ShapeError);
    expect(() => F.batchNorm(x.to('float64'), ...running)).toThrow(DtypeError);
    expect(() => F.batchNorm(x.to('int32'), null, null, { training: true })).toThrow(DtypeError);
    expect(running.map((t) => t.tolist())).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});

describe('layerNorm, groupNorm, instanceNorm, rmsNorm', () => {
  test('layerNorm has mean 0 and variance 1 over the last dimensions', () => {
    const { mean, variance } = moments(F.layerNorm(double([2, 3, 4]), [3, 4], { eps: 1e-12 }), [1, 2]);
    expectClose(mean.flatten(), [0, 0], 1e-12);
    expectClose(variance.flatten(), [1, 1], 1e-9);
    expectClose(F.layerNorm(tensor([1, 3]), [2], { eps: 3, weight: tensor([2, 4]), bias: tensor([0, 1]) }), [-1, 3]);
  });

  test('groupNorm with one group is layerNorm of all but the cases, with a group for each channel instanceNorm', () => {
    const x = double([2, 4, 3]);
    expectClose(F.groupNorm(x, 1), F.layerNorm(x, [4, 3]).tolist() as number[][][], 1e-12);
    expectClose(F.groupNorm(x, 4), F.instanceNorm(x).tolist() as number[][][], 1e-12);
    const halves = x.split(2, 1).map((half) => F.layerNorm(half, [2, 3]));
    expectClose(F.groupNorm(x, 2).narrow(1, 0, 2), halves[0].tolist() as number[][][], 1e-12);
    expectClose(F.groupNorm(x, 2).narrow(1, 2, 2), halves[1].tolist() as number[][][], 1e-12);
  });

  test('instanceNorm is batchNorm of each case; running statistics take the mean over the cases', () => {
    const x = double([2, 3, 4]);
    const own = [zeros(3, { dtype: 'float64' }), ones(3, { dtype: 'float64' })];
    const y = F.instanceNorm(x, { runningMean: own[0], runningVar: own[1], momentum: 0.5 });
    const means = [0, 1].map((n) => {
      const running = [zeros(3, { dtype: 'float64' }), ones(3, { dtype: 'float64' })];
      const one = x.detach().narrow(0, n, 1);
      const expected = F.batchNorm(one, running[0], running[1], { training: true, momentum: 0.5 });
      expectClose(y.narrow(0, n, 1), expected.tolist() as number[][][], 1e-12);
      return running;
    });
    expectClose(own[0], means[0][0].add(means[1][0]).div(2).tolist() as number[], 1e-12);
    expectClose(own[1], means[0][1].add(means[1][1]).div(2).tolist() as number[], 1e-12);
    const still = F.instanceNorm(x, { runningMean: own[0], runningVar: own[1], useInputStats: false });
    expectClose(still, F.batchNorm(x, own[0], own[1]).tolist() as number[][][], 1e-12);
  });

  test('rmsNorm divides by the root mean square', () => {
    expectClose(F.rmsNorm(tensor([1, 7]), [2], { eps: 0, weight: tensor([1, 10]) }), [0.2, 14]);
    // Where all is 0, eps decides: that of the dtype.
    const tiny = tensor([2 ** -30, 0]).requiresGrad_();
    F.rmsNorm(tiny, [2]).sum().backward();
    expectClose(tiny.grad!.div(1000), [2 ** 11.5 / 1000, 2 ** 11.5 / 1000], 1e-4);
  });

  test('gradients, first and second', () => {
    const inputs = () => [double([2, 4, 3]), double([4], 2), double([4], 3)] as const;
    const group = (a: Tensor, weight: Tensor, bias: Tensor) => F.groupNorm(a, 2, { weight, bias });
    const instance = (a: Tensor, weight: Tensor, bias: Tensor) => F.instanceNorm(a, { weight, bias });
    const layer = (a: Tensor, weight: Tensor, bias: Tensor) =>
      F.layerNorm(a.transpose(1, 2), [4], { weight, bias, eps: 0.1 });
    for (const f of [group, instance, layer]) {
      expect(gradcheck(f, inputs())).toBe(true);
      expect(gradgradcheck(f, inputs())).toBe(true);
    }
    const rms = (a: Tensor, weight: Tensor) => F.rmsNorm(a.transpose(1, 2), [4], { weight });
    expect(gradgradcheck(rms, inputs().slice(0, 2))).toBe(true);
  });

  test('say what does not fit', () => {
    expect(() => F.layerNorm(ones([2, 4]), [3])).toThrow(
      new ShapeError('layerNorm: an input of shape [2, 4] does not end in the normalizedShape [3]'),
    );
    expect(() => F.layerNorm(ones([2]), [])).toThrow(ShapeError);
    expect(() => F.rmsNorm(ones([2, 3]), [3], { weight: ones(2) })).toThrow(ShapeError);
    expect(() => F.groupNorm(ones([2, 7, 4]), 2)).toThrow(
      new ShapeError(
        'groupNorm: the 7 channels of an input of shape [2, 7, 4] do not divide into 2 groups of one size',
      ),
    );
    expect(() => F.groupNorm(ones([1, 1, 1]), 1)).toThrow(ShapeError);
    expect(() => F.instanceNorm(ones([2, 3]))).toThrow(ShapeError);
    expect(() => F.instanceNorm(ones([2, 3, 2]), { useInputStats: false })).toThrow(ValueError);
    expect(() => F.layerNorm(ones([2], { dtype: 'int32' }), [2])).toThrow(DtypeError);
  });
});

describe('layers', () => {
  test('BatchNorm1d: parameters, buffers, running statistics, evaluation', () => {
    const layer = new nn.BatchNorm1d(2, { momentum: 0.5 });
    expect(Object.keys(layer.stateDict())).toEqual([
      'weight',
      'bias',
      'runningMean',
      'runningVar',
      'numBatchesTracked',
    ]);
    const x = tensor([
      [1, 19],
      [3, 21],
    ]);
    layer(x);
    expectClose(layer.runningMean, [1, 10]);
    expectClose(layer.runningVar, [1.5, 1.5]);
    expect(layer.numBatchesTracked!.item()).toBe(1);
    expect(layer.numBatchesTracked!.dtype).toBe('int32');
    layer.eval();
    expectClose(layer(x), F.batchNorm(x, layer.runningMean, layer.runningVar).tolist() as number[][]);
    expect(layer.numBatchesTracked!.item()).toBe(1);
    layer.resetRunningStats();
    expect([layer.runningMean!.tolist(), layer.runningVar!.tolist(), layer.numBatchesTracked!.item()]).toEqual([
      [0, 0],
      [1, 1],
      0,
    ]);
  });

  test('BatchNorm2d without momentum keeps the mean of all batches', () => {
    const layer = new nn.BatchNorm2d(1, { momentum: null });
    for (const v of [0, 3, 9]) layer(tensor([v, v + 2]).reshape([2, 1, 1, 1]));
    expectClose(layer.runningMean, [5]);
    expectClose(layer.runningVar, [2]);
  });

  test('without running statistics the batch decides in evaluation as well', () => {
    const layer = new nn.BatchNorm1d(2, { trackRunningStats: false, affine: false }).eval();
    expect(layer.stateDict()).toEqual({});
    expectClose(layer(tensor([[0, 2], [2, 6]])), [[-1, -1], [1, 1]], 1e-5); // biome-ignore format: a matrix
  });

  test('options leave out parameters', () => {
    expect(Object.keys(new nn.BatchNorm3d(2, { bias: false, trackRunningStats: false }).stateDict())).toEqual([
      'weight',
    ]);
    expect(Object.keys(new nn.InstanceNorm1d(2).stateDict())).toEqual([]);
    expect(Object.keys(new nn.InstanceNorm2d(2, { affine: true }).stateDict())).toEqual(['weight', 'bias']);
    expect(Object.keys(new nn.GroupNorm(1, 2, { affine: false }).stateDict())).toEqual([]);
    expect(new nn.LayerNorm([2, 3], { bias: false }).stateDict().weight.shape).toEqual([2, 3]);
    expect(new nn.RMSNorm(3, { dtype: 'float64' }).weight!.dtype).toBe('float64');
  });

  test('a failed call leaves the buffers alone', () => {
    const layer = new nn.BatchNorm1d(2);
    expect(() => layer(ones([1, 2]))).toThrow(ShapeError);
    expect(layer.numBatchesTracked!.item()).toBe(0);
  });

  test('InstanceNorm takes a case without a batch', () => {
    const x = double([2, 3, 4, 4]);
    const layer = new nn.InstanceNorm2d(3);
    expectClose(layer(x.select(0, 1)), layer(x).select(0, 1).tolist() as number[][][], 1e-12);
  });

  test('print as in PyTorch', () => {
    const printed = [
      new nn.BatchNorm2d(3),
      new nn.BatchNorm1d(3, { momentum: null, eps: 0.001 }),
      new nn.InstanceNorm1d(4),
      new nn.GroupNorm(2, 4),
      new nn.LayerNorm(5),
      new nn.LayerNorm([2, 5], { elementwiseAffine: false }),
      new nn.RMSNorm(5),
    ].map(String);
    expect(printed).toEqual([
      'BatchNorm2d(3, eps=1e-05, momentum=0.1, affine=True, trackRunningStats=True)',
      'BatchNorm1d(3, eps=0.001, momentum=None, affine=True, trackRunningStats=True)',
      'InstanceNorm1d(4, eps=1e-05, momentum=0.1, affine=False, trackRunningStats=False)',
      'GroupNorm(2, 4, eps=1e-05, affine=True)',
      'LayerNorm((5,), eps=1e-05, elementwiseAffine=True)',
      'LayerNorm((2, 5), eps=1e-05, elementwiseAffine=False)',
      'RMSNorm((5,), eps=None, elementwiseAffine=True)',
    ]);
  });

  test('refuse inputs and arguments that do not fit', () => {
    expect(() => new nn.BatchNorm2d(3)(ones([2, 3]))).toThrow(
      new ShapeError('BatchNorm2d: needs an input of 4 dimensions, got shape [2, 3]'),
    );
    expect(() => new nn.BatchNorm1d(3)(ones([2, 3, 4, 4]))).toThrow('2 or 3 dimensions');
    expect(() => new nn.BatchNorm1d(1.5)).toThrow(ValueError);
    expect(() => new nn.BatchNorm1d(3, { affine: 1 as unknown as boolean })).toThrow(
      new ValueError('BatchNorm1d: affine is number 1; it must be true or false'),
    );
    expect(() => new nn.GroupNorm(3, 10)).toThrow(
      new ValueError('GroupNorm: 10 channels do not divide into 3 groups of one size'),
    );
    expect(() => new nn.LayerNorm([])).toThrow(ValueError);
    expect(() => new nn.LayerNorm('10' as unknown as number)).toThrow(ValueError);
  });
});
