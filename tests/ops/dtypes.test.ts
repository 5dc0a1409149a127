// Which dtypes operations accept, and how a number is promoted with a tensor: PyTorch's rules.
import { describe, expect, test } from 'vitest';
import { DtypeError, IndexError, nn, slice, type Tensor, tensor } from '../../src';
import { bytes, ints } from '../support/tensors';

const flags = tensor([
  [true, false],
  [true, true],
]);

describe('bool tensors', () => {
  const refusing: Record<string, (x: Tensor) => unknown> = {
    abs: (x) => x.abs(),
    abs_: (x) => x.clone().abs_(),
    ceil: (x) => x.ceil(),
    floor: (x) => x.floor(),
    trunc: (x) => x.trunc(),
    round: (x) => x.round(),
    relu: (x) => x.relu(),
    hardtanh: (x) => nn.functional.hardtanh(x),
    softsign: (x) => nn.functional.softsign(x),
    pow: (x) => x.pow(x),
    addcmul: (x) => x.addcmul(x, x),
    floorDivide: (x) => x.floorDivide(flags.at(0, 0)),
    median: (x) => x.median(),
    'median along': (x) => x.median(0),
    argmax: (x) => x.argmax(),
    kthvalue: (x) => x.kthvalue(1),
    topk: (x) => x.topk(1),
    trace: (x) => x.trace(),
  };
  test.each(Object.entries(refusing))('%s needs numbers', (_, f) => {
    expect(() => f(flags)).toThrow(DtypeError);
    expect(() => f(flags)).toThrow("needs numbers, got a bool tensor; convert it with to('uint8')");
    expect(() => f(flags.to('uint8'))).not.toThrow();
  });

  test('have powers of numbers', () => {
    expect(flags.pow(2).tolist()).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(flags.pow(2).dtype).toBe('int32');
  });
});

describe('integers', () => {
  test.each(['frac', 'hypot', 'logaddexp'] as const)('%s needs a float', (name) => {
    const x = ints([1, 2]);
    const f = (other: Tensor) => (name === 'frac' ? other.frac() : x[name](other));
    expect(() => f(x)).toThrow(
      new DtypeError(`${name}: needs a float32 or float64 tensor, got int32; convert it with to('float32')`),
    );
    expect(f(tensor([1.5, 2])).dtype).toBe('float32');
  });

  test('a non-integer power is explained', () => {
    expect(() => bytes([2]).pow(-1)).toThrow(
      new DtypeError("pow: a power of -1 of uint8 numbers is not whole; convert the tensor with to('float32')"),
    );
  });

  test('maskedFill truncates fractions, as all writes do', () => {
    const x = ints([1, 2]);
    expect(x.maskedFill(x.gt(1), 2.9).tolist()).toEqual([1, 2]);
    expect(x.maskedFill(x.gt(1), tensor(-2.9)).tolist()).toEqual([1, -2]);
    expect(() => x.maskedFill(x.gt(1), Number.NaN)).toThrow(
      new DtypeError("maskedFill: a tensor of dtype int32 cannot hold NaN; convert it with to('float32')"),
    );
  });
});

describe('a number with bytes is a byte', () => {
  const x = bytes([255, 1, 0]);

  test.each<[string, () => Tensor, unknown]>([
    ['add', () => x.add(256), [255, 1, 0]],
    ['floorDivide', () => x.floorDivide(-1), [1, 0, 0]],
    ['remainder', () => x.remainder(-2), [1, 1, 0]],
    ['fmod', () => x.fmod(-2), [1, 1, 0]],
    ['div, rounded', () => x.div(-2, { roundingMode: 'trunc' }), [1, 0, 0]],
    ['maximum of a scalar', () => x.maximum(tensor(-1, { dtype: 'int32' })), [255, 255, 255]],
  ])('%s', (_, f, expected) => expect(f().tolist()).toEqual(expected));

  test('but not in a quotient, which is a float, nor in a comparison', () => {
    expect(x.gt(-1).tolist()).toEqual([true, true, true]);
    expect(x.eq(tensor(-1, { dtype: 'int32' })).tolist()).toEqual([false, false, false]);
    expect(x.div(-1).tolist()).toEqual([-255, -1, -0]);
    expect(x.div(tensor(-1, { dtype: 'int32' })).tolist()).toEqual([-255, -1, -0]);
  });

  test('256 is 0, by which an integer cannot be divided', () => {
    expect(() => x.floorDivide(256)).toThrow('floorDivide: a division of integers by 0');
  });

  test('a truth value counts as 0 or 1', () => {
    expect(x.floorDivide(true as unknown as number).tolist()).toEqual([255, 1, 0]);
    expect(() => x.remainder(false as unknown as number)).toThrow('a division of integers by 0');
  });
});

describe('in place', () => {
  test.each(['eq_', 'ne_', 'lt_', 'le_', 'gt_', 'ge_'] as const)('%s writes 1 and 0', (name) => {
    const x = tensor([1, 2, 3]);
    const expected = x[name.slice(0, -1) as 'eq'](2).to('float32').tolist();
    expect(x[name](2)).toBe(x);
    expect(x.tolist()).toEqual(expected);
    expect(x.dtype).toBe('float32');
  });

  test('logic', () => {
    const y = tensor([0, 1, 1]);
    expect(tensor([0, 0, 2]).logicalOr_(y).tolist()).toEqual([0, 1, 1]);
    expect(tensor([0, 0, 2]).logicalAnd_(y).tolist()).toEqual([0, 0, 1]);
    expect(tensor([0, 0, 2]).logicalXor_(y).tolist()).toEqual([0, 1, 0]);
    expect(ints([0, 3]).logicalNot_().tolist()).toEqual([1, 0]);
    expect(
      tensor([0, 3, -1])
        .heaviside_(tensor([5, 5, 5]))
        .tolist(),
    ).toEqual([5, 1, 0]);
  });

  test('running sums and products keep the history', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(2);
    expect(y.cumsum_(0).tolist()).toEqual([2, 6]);
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([4, 2]);
    expect(tensor([1, 2, 3]).cumprod_(0).tolist()).toEqual([1, 2, 6]);
    expect(() => ints([1, 2]).cumsum_(0, { dtype: 'float32' })).toThrow('cumsum_: the result is float32');
  });

  test('conversions in other operations', () => {
    const rows = tensor([
      [3, 4],
      [0.3, 0.4],
    ]);
    expect(rows.renorm_(2, 0, 1)).toBe(rows);
    expect(rows.at(0, 0).item()).toBeCloseTo(0.6, 6);
    expect(rows.at(1, 0).item()).toBeCloseTo(0.3, 6);
    const sums = tensor([
      [1, 1],
      [1, 1],
    ]);
    expect(sums.addr_(tensor([1, 2]), tensor([3, 4]), { alpha: 2 }).tolist()).toEqual([
      [7, 9],
      [13, 17],
    ]);
    expect(() => tensor([1, 1]).addr_(tensor([1, 2]), tensor([3, 4]))).toThrow('addr_: the result has shape [2, 2]');
    expect(
      tensor([1, 2])
        .scatterReduce_(0, ints([1, 1]), tensor([5, 7]), 'amax')
        .tolist(),
    ).toEqual([1, 7]);
    expect(tensor([1, 2], { dtype: 'float64' }).floatPower_(3).tolist()).toEqual([1, 8]);
    expect(() => tensor([1]).floatPower_(3)).toThrow('floatPower_: the result is float64');
    expect(tensor([1]).polygamma_(1).item()).toBeCloseTo(Math.PI ** 2 / 6, 6);
    const leaf = tensor([[1, 2]], { requiresGrad: true });
    expect(() => leaf.renorm_(2, 0, 1)).toThrow('renorm_: this leaf requires a gradient');
  });
});

describe('an index', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);

  test("out of range is reported under the called method's name", () => {
    expect(() => x.setAt(5, 1)).toThrow(
      new IndexError('setAt: position 5 is out of range for dimension 0 of size 2; positions are -2 to 1'),
    );
    expect(() => x.setAt([[5]], 1)).toThrow('setAt: position 5 is out of range');
    expect(() => x.setAt([0, 0, 0], 1)).toThrow('setAt: 3 positions for a tensor of shape [2, 2]');
    expect(() => x.setAt([tensor([true])], 1)).toThrow('setAt: a mask of shape [1] does not fit');
    expect(() => x.select(0, 2)).toThrow('select: position 2 is out of range');
    expect(() => x.indexPut([ints([2])], tensor([1]))).toThrow('indexPut: position 2 is out of range');
    expect(() => x.indexPut_([null], tensor([1]))).toThrow('indexPut_: needs at least one list');
    expect(x.tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("'s node is named after its last step, as in PyTorch", () => {
    const w = tensor(x.tolist() as number[][], { requiresGrad: true });
    const names = [
      w.at(0),
      w.at(0, slice(1)),
      w.at(slice(1), 0),
      w.at(slice(), null),
      w.at(0, slice()),
      w.at(slice(0)),
    ];
    expect(names.map((y) => y.gradFn!.name)).toEqual([
      'SelectBackward0',
      'SliceBackward0',
      'SelectBackward0',
      'UnsqueezeBackward0',
      'SelectBackward0',
      'SliceBackward0',
    ]);
  });
});
