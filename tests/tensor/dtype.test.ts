import { describe, expect, test } from 'vitest';
import { bool, type Dtype, DtypeError, float32, float64, int32, isFloat, promoteTypes, tensor, uint8 } from '../../src';

const all: readonly Dtype[] = [bool, uint8, int32, float32, float64];

test('names', () => {
  expect(all).toEqual(['bool', 'uint8', 'int32', 'float32', 'float64']);
  expect(all.map(isFloat)).toEqual([false, false, false, true, true]);
});

describe('promotion', () => {
  test('promoteTypes takes the stronger category, then the wider type', () => {
    all.forEach((a, i) => {
      all.forEach((b, j) => {
        expect(promoteTypes(a, b)).toBe(all[Math.max(i, j)]);
      });
    });
  });

  test('an invalid dtype promotes with none, and is neither float nor integer', () => {
    for (const given of ['seven', 3, undefined] as unknown as Dtype[]) {
      expect(() => isFloat(given)).toThrow(DtypeError);
      expect(() => promoteTypes(given, 'float32')).toThrow(DtypeError);
      expect(() => promoteTypes('float64', given)).toThrow('promoteTypes: unknown dtype');
    }
  });

  // PyTorch: torch.result_type of tensors with dimensions, 0-d tensors and Python numbers.
  const one = (dtype: Dtype) => tensor([1], { dtype });
  const scalar = (dtype: Dtype) => tensor(1, { dtype });

  test('two tensors with dimensions promote', () => {
    expect(one('int32').add(one('float32')).dtype).toBe('float32');
    expect(one('float32').add(one('float64')).dtype).toBe('float64');
    expect(one('uint8').add(one('int32')).dtype).toBe('int32');
    expect(one('bool').add(one('uint8')).dtype).toBe('uint8');
    expect(one('bool').add(one('bool')).dtype).toBe('bool');
  });

  test('a 0-d tensor counts only if its category is stronger', () => {
    expect(one('float32').mul(scalar('float64')).dtype).toBe('float32');
    expect(scalar('float64').mul(one('float32')).dtype).toBe('float32');
    expect(one('int32').mul(scalar('float64')).dtype).toBe('float64');
    expect(one('uint8').mul(scalar('int32')).dtype).toBe('uint8');
    expect(one('bool').mul(scalar('int32')).dtype).toBe('int32');
    expect(scalar('float32').mul(scalar('float64')).dtype).toBe('float64');
  });

  test('a plain number is an integer if it is integral, else float32', () => {
    expect(one('int32').add(2).dtype).toBe('int32');
    expect(one('int32').add(2.5).tolist()).toEqual([3.5]);
    expect(one('int32').add(2.5).dtype).toBe('float32');
    expect(one('uint8').add(2).dtype).toBe('uint8');
    expect(one('bool').add(1).dtype).toBe('int32');
    expect(one('bool').add(1).tolist()).toEqual([2]);
    expect(one('bool').mul(0.5).dtype).toBe('float32');
    expect(one('float64').mul(0.1).dtype).toBe('float64');
    expect(one('float64').mul(0.1).item()).toBe(0.1);
    expect(scalar('int32').mul(0.5).dtype).toBe('float32');
    expect(one('int32').add(Number.POSITIVE_INFINITY).dtype).toBe('float32');
  });

  test('a number with float32 is rounded to float32 first', () => {
    expect(one('float32').mul(0.1).item()).toBe(Math.fround(0.1));
    expect(tensor([0.1]).eq(0.1).tolist()).toEqual([true]);
    expect(tensor([0.1], { dtype: 'float64' }).eq(0.1).tolist()).toEqual([true]);
    expect(
      tensor([0.1])
        .eq(tensor([0.1], { dtype: 'float64' }))
        .tolist(),
    ).toEqual([false]);
  });

  test('division, roots and similar functions give floats', () => {
    expect(one('int32').div(one('int32')).dtype).toBe('float32');
    expect(tensor([7], { dtype: 'int32' }).div(2).tolist()).toEqual([3.5]);
    expect(one('bool').exp().dtype).toBe('float32');
    expect(one('float64').sqrt().dtype).toBe('float64');
    expect(one('int32').abs().dtype).toBe('int32');
    expect(one('int32').sum().dtype).toBe('int32');
    expect(one('bool').sum().dtype).toBe('int32');
    expect(one('uint8').sum().dtype).toBe('int32');
    expect(one('int32').gt(0).dtype).toBe('bool');
  });

  test('bool sums and products are bool', () => {
    const a = tensor([true, true, false, false]);
    const b = tensor([true, false, true, false]);
    expect(a.add(b).tolist()).toEqual([true, true, true, false]);
    expect(a.mul(b).tolist()).toEqual([true, false, false, false]);
    expect(a.add(b).toArray()).toEqual(Uint8Array.of(1, 1, 1, 0));
  });

  test('bytes wrap around', () => {
    expect(tensor([250], { dtype: 'uint8' }).add(10).tolist()).toEqual([4]);
  });
});

describe('operations that a dtype does not support throw', () => {
  const flags = tensor([true, false]);
  const whole = tensor([1, 2], { dtype: 'int32' });
  test.each<[string, () => unknown, string]>([
    ['neg of bools', () => flags.neg(), 'neg: bool tensors have no difference'],
    ['sub of bools', () => flags.sub(flags), 'sub: bool tensors have no difference'],
    ['sub of a bool', () => tensor([1, 2]).sub(flags), 'sub: bool tensors have no difference'],
    ['sub from a bool', () => flags.sub(1), 'sub: bool tensors have no difference'],
    ['a fractional alpha of integers', () => whole.add(whole, { alpha: 0.5 }), 'add: alpha is 0.5, but must be whole'],
    ['mean of integers', () => whole.mean(), 'mean: needs a float32 or float64 tensor, got int32'],
    ['softmax of integers', () => whole.softmax(0), 'softmax: needs a float32 or float64 tensor, got int32'],
    ['integers to a negative power', () => whole.pow(-1), 'pow: a power of -1 of int32 numbers is not whole'],
    [
      'matmul of two dtypes',
      () => whole.matmul(tensor([1, 2])),
      'matmul: both operands must have the same dtype, got int32 and float32',
    ],
    ['conversion to an unknown dtype', () => whole.to('int64' as Dtype), "to: unknown dtype 'int64'"],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(DtypeError);
    expect(run).toThrow(message);
  });

  test('other operations do not throw', () => {
    expect(flags.add(1).tolist()).toEqual([2, 1]);
    expect(whole.to('float32').pow(-1).tolist()).toEqual([1, 0.5]);
    expect(whole.reciprocal().tolist()).toEqual([1, 0.5]);
    expect(whole.pow(0.5).dtype).toBe('float32');
    expect(whole.mean(null, { dtype: 'float64' }).item()).toBe(1.5);
    expect(whole.softmax(0, { dtype: 'float64' }).dtype).toBe('float64');
  });
});
