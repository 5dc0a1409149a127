import { describe, expect, test } from 'vitest';
import { manualSeed, nn, ones, randn, ShapeError, tensor, ValueError } from '../../src';
import { expectClose } from '../support/close';

const F = nn.functional;

describe('layers of normalization', () => {
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

  test('without running statistics evaluation uses the batch as well', () => {
    const layer = new nn.BatchNorm1d(2, { trackRunningStats: false, affine: false }).eval();
    expect(layer.stateDict()).toEqual({});
    expectClose(layer(tensor([[0, 2], [2, 6]])), [[-1, -1], [1, 1]], 1e-5); // biome-ignore format: a matrix
  });

  test('options remove parameters', () => {
    expect(Object.keys(new nn.BatchNorm3d(2, { bias: false, trackRunningStats: false }).stateDict())).toEqual([
      'weight',
    ]);
    expect(Object.keys(new nn.InstanceNorm1d(2).stateDict())).toEqual([]);
    expect(Object.keys(new nn.InstanceNorm2d(2, { affine: true }).stateDict())).toEqual(['weight', 'bias']);
    expect(Object.keys(new nn.GroupNorm(1, 2, { affine: false }).stateDict())).toEqual([]);
    expect(new nn.LayerNorm([2, 3], { bias: false }).stateDict().weight.shape).toEqual([2, 3]);
    expect(new nn.RMSNorm(3, { dtype: 'float64' }).weight!.dtype).toBe('float64');
  });

  test('a failed call leaves the buffers unchanged', () => {
    const layer = new nn.BatchNorm1d(2);
    expect(() => layer(ones([1, 2]))).toThrow(ShapeError);
    expect(layer.numBatchesTracked!.item()).toBe(0);
  });

  test('InstanceNorm accepts a case without a batch', () => {
    manualSeed(1);
    const x = randn([2, 3, 4, 4], { dtype: 'float64' });
    const layer = new nn.InstanceNorm2d(3);
    expectClose(layer(x.select(0, 1)), layer(x).select(0, 1).tolist() as number[][][], 1e-12);
    const volumes = x.view(2, 3, 2, 2, 4);
    const y = new nn.InstanceNorm3d(3)(volumes);
    expectClose(y.view(2, 3, 4, 4), layer(x).tolist() as number[][][][], 1e-12);
    expectClose(new nn.InstanceNorm3d(3)(volumes.select(0, 1)), y.select(0, 1).tolist() as number[][][][], 1e-12);
    expect(() => new nn.InstanceNorm3d(3)(x.select(0, 0))).toThrow(ShapeError);
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
      'BatchNorm2d(3, eps=1e-05, momentum=0.1, affine=True, bias=True, trackRunningStats=True)',
      'BatchNorm1d(3, eps=0.001, momentum=None, affine=True, bias=True, trackRunningStats=True)',
      'InstanceNorm1d(4, eps=1e-05, momentum=0.1, affine=False, bias=False, trackRunningStats=False)',
      'GroupNorm(2, 4, eps=1e-05, affine=True, bias=True)',
      'LayerNorm((5,), eps=1e-05, elementwiseAffine=True, bias=True)',
      'LayerNorm((2, 5), eps=1e-05, elementwiseAffine=False, bias=False)',
      'RMSNorm((5,), eps=None, elementwiseAffine=True)',
    ]);
  });

  test('reject mismatched inputs and arguments', () => {
    expect(() => new nn.BatchNorm2d(3)(ones([2, 3]))).toThrow(
      new ShapeError('BatchNorm2d: needs an input of 4 dimensions, got shape [2, 3]'),
    );
    expect(() => new nn.BatchNorm1d(3)(ones([2, 3, 4, 4]))).toThrow('2 or 3 dimensions');
    expect(() => new nn.BatchNorm1d(1.5)).toThrow(ValueError);
    expect(() => new nn.BatchNorm1d(3, { affine: 1 as unknown as boolean })).toThrow(
      new ValueError('BatchNorm1d: affine must be true or false, got 1'),
    );
    expect(() => new nn.GroupNorm(3, 10)).toThrow(
      new ValueError('GroupNorm: 10 channels do not divide into 3 groups of one size'),
    );
    expect(() => new nn.LayerNorm([])).toThrow(ValueError);
    expect(() => new nn.LayerNorm('10' as unknown as number)).toThrow(ValueError);
  });
});
