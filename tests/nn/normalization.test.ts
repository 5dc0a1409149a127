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

  test('updates the running statistics, with the unbiased variance', () => {
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

  test('an empty batch gives an empty result, and leaves the running statistics unchanged', () => {
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

  test('explains mismatched shapes, and then changes nothing', () => {
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
    // If all elements are 0, eps decides: that of the dtype.
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

  test('explain mismatched shapes', () => {
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
