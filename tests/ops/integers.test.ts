// int32 replaces PyTorch's int64: results are PyTorch's, or an error that names the operation and float64.
import { describe, expect, test } from 'vitest';
import { arange, full, fullLike, mul, nn, pow, randint, type Tensor, tensor, ValueError } from '../../src';

const MAX = 2 ** 31 - 1;
const MIN = -(2 ** 31);
const int32 = (values: number[] | number[][]) => tensor(values, { dtype: 'int32' });
const bytes = (values: number[]) => tensor(values, { dtype: 'uint8' });
const edges = () => int32([MAX, MIN]);

/** Expects an overflow error that names the operation, the number and what to use. */
function refused(op: string, value: number | RegExp, compute: () => unknown): void {
  expect(compute).toThrow(ValueError);
  expect(compute).toThrow(`${op}: ${typeof value === 'number' ? `${value} does not fit into int32` : ''}`);
  if (typeof value !== 'number') expect(compute).toThrow(value);
  expect(compute).toThrow('float64');
}

describe('elements', () => {
  test('overflow of sums, differences, products and signs throws', () => {
    refused('add', MAX + 1, () => edges().add(1));
    refused('add', 2 * MAX, () => edges().add(edges()));
    refused('add', 5147483647, () => edges().add(int32([1, 1]), { alpha: 3e9 }));
    refused('sub', MIN - 1, () => edges().sub(1));
    refused('rsub', -3e9 - MAX, () => edges().rsub(-3e9));
    refused('mul', 2 * MAX, () => edges().mul(2));
    refused('neg', MAX + 1, () => edges().neg());
    refused('abs', MAX + 1, () => edges().abs());
    refused('pow', /does not fit into int32/, () => edges().pow(2));
    refused('pow', /does not fit into int32/, () => edges().square());
    refused('addcmul', MAX + 6, () => int32([MAX]).addcmul(int32([2]), int32([3])));
    refused('floorDivide', MAX + 1, () => edges().floorDivide(-1));
    refused('div', MAX + 1, () => edges().div(-1, { roundingMode: 'trunc' }));
    refused('mul', 3e9, () => mul(3e9, edges()));
  });

  test('a result in range is right, whatever the intermediate values and the other number', () => {
    expect(
      edges()
        .add(int32([-1, 1]))
        .tolist(),
    ).toEqual([MAX - 1, MIN + 1]);
    expect(edges().sub(edges()).tolist()).toEqual([0, 0]);
    expect(
      edges()
        .add(int32([-1, 1]), { alpha: MAX })
        .tolist(),
    ).toEqual([0, -1]);
    expect(
      int32([MIN])
        .addcmul(int32([46341]), int32([46340]))
        .tolist(),
    ).toEqual([-41708]);
    expect(
      edges()
        .remainder(2 ** 31)
        .tolist(),
    ).toEqual([MAX, 0]);
    expect(
      edges()
        .fmod(-(2 ** 40))
        .tolist(),
    ).toEqual([MAX, MIN]);
    expect(
      edges()
        .floorDivide(2 ** 40)
        .tolist(),
    ).toEqual([0, -1]);
    expect(edges().clamp(-3e9, 3e9).tolist()).toEqual([MAX, MIN]);
    expect(
      edges()
        .gt(2 ** 40)
        .tolist(),
    ).toEqual([false, false]);
    expect(
      edges()
        .lt(2 ** 31)
        .tolist(),
    ).toEqual([true, true]);
    expect(
      edges()
        .ne(MAX + 2 ** 32)
        .tolist(),
    ).toEqual([true, true]);
  });

  test('a rejected in-place operation changes nothing', () => {
    const x = edges();
    refused('add', MAX + 1, () => x.add_(1));
    refused('pow', /does not fit/, () => x.pow_(2));
    expect(x.tolist()).toEqual([MAX, MIN]);
    expect(x.version).toBe(0);
  });

  test('powers are exact', () => {
    const bases = [-46340, -7, -2, -1, 0, 1, 2, 3, 5, 46340];
    for (const base of bases)
      for (let e = 0; Math.abs(base) ** e < MAX && e < 40; e++)
        expect(
          int32([base])
            .pow(int32([e]))
            .item(),
          `${base}^${e}`,
        ).toBe(Number(BigInt(base) ** BigInt(e)));
    expect(
      int32([5, 3, 7])
        .pow(int32([13, 19, 11]))
        .tolist(),
    ).toEqual([1220703125, 1162261467, 1977326743]);
    expect(pow(2, int32([0, 30])).tolist()).toEqual([1, 2 ** 30]);
    refused('pow', MAX + 1, () => pow(2, int32([31])));
  });

  test('a negative power of a tensor is truncated to an integer', () => {
    const y = int32([2, -1, 0, 1, -1, 1]).pow(int32([-1, -3, -1, -5, -2, MIN]));
    expect(y.tolist()).toEqual([0, -1, 0, 1, 1, 1]);
  });

  test('bytes wrap around', () => {
    expect(bytes([1, 200, 3, 255]).pow(5).tolist()).toEqual([1, 0, 243, 255]);
    expect(
      bytes([3, 7])
        .pow(bytes([255, 201]))
        .tolist(),
    ).toEqual([171, 71]);
    expect(bytes([1, 200]).add(300).tolist()).toEqual([45, 244]);
    expect(
      bytes([1, 200])
        .mul(bytes([2, 2]))
        .tolist(),
    ).toEqual([2, 144]);
    expect(
      bytes([3, 200])
        .pow(int32([3, 4]))
        .tolist(),
    ).toEqual([27, 1600000000]);
  });

  test('casts and shifts wrap around', () => {
    const wide: Tensor = tensor([2 ** 40 + 5, -3, 2 ** 32 + 1], { dtype: 'float64' });
    expect(wide.to('int32').tolist()).toEqual([5, -3, 1]);
    expect(int32([1, 3]).bitwiseLeftShift(31).tolist()).toEqual([MIN, MIN]);
    expect(int32([1, -8]).bitwiseLeftShift(32).tolist()).toEqual([0, 0]);
    expect(int32([8, -8]).bitwiseRightShift(40).tolist()).toEqual([0, -1]);
  });
});

describe('with float32', () => {
  const odd = int32([16777217, -16777219, MAX, 5]);

  test('integers are rounded to float32 first, as in PyTorch', () => {
    const sines = edges().sin().tolist() as number[];
    expect(sines[0]).toBeCloseTo(-0.9713101983070374, 6);
    expect(sines[1]).toBeCloseTo(0.9713101983070374, 6);
    expect(odd.add(0.25).tolist()).toEqual([16777216, -16777220, 2147483648, 5.25]);
    expect(odd.eq(tensor([16777216, -16777220, 2147483648, 5])).tolist()).toEqual([true, true, true, true]);
    expect(odd.eq(16777216.5).tolist()).toEqual([true, false, false, false]);
    expect(odd.lt(16777216.5).tolist()).toEqual([false, true, false, true]);
    expect(odd.logsumexp(0).item()).toBe(2147483648);
  });

  test('integers and float64 are compared exactly', () => {
    expect(odd.eq(16777216).tolist()).toEqual([false, false, false, false]);
    expect(odd.gt(tensor([16777216, -16777220, MAX - 0.5, 5], { dtype: 'float64' })).tolist()).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

test('bitwise operations reject a number with more than 32 bits', () => {
  refused('bitwiseAnd', 2 ** 40, () => edges().bitwiseAnd(2 ** 40));
  refused('bitwiseOr', 2 ** 31, () => edges().bitwiseOr(2 ** 31));
  refused('bitwiseXor', -(2 ** 32), () => edges().bitwiseXor_(-(2 ** 32)));
  expect(edges().bitwiseAnd(MIN).tolist()).toEqual([0, MIN]);
  expect(bytes([1, 200]).bitwiseAnd(300).tolist()).toEqual([0, 8]);
});

test('random integers are within int32', () => {
  refused('random_', /asked for 0 to 1099511627775; use float64/, () => edges().random_(0, 2 ** 40));
  refused('randint', /asked for 0 to 2147483648; use float64/, () => randint(0, 2 ** 31 + 1, [2]));
  refused('geometric_', /does not fit/, () => edges().geometric_(1e-15));
});

describe('totals', () => {
  test('overflow of a sum throws, over any dimensions', () => {
    refused('sum', 4999950000, () => arange(100000).sum());
    expect(arange(65536).sum().item()).toBe(2147450880);
    expect(arange(100000).sum(null, { dtype: 'float64' }).item()).toBe(4999950000);
    refused('sum', 2 * MAX, () =>
      int32([
        [MAX, 1],
        [MAX, 2],
      ]).sum(0),
    );
    refused('sum', 2 * MAX, () =>
      int32([
        [MAX, 1],
        [MAX, 2],
      ]).sum([0], { keepdim: true }),
    );
    refused('sum', 2 * MAX, () => tensor([MAX, MAX], { dtype: 'float64' }).sum(null, { dtype: 'int32' }));
    refused('sum', 2 * MAX, () => int32([MAX, MAX]).nansum());
    refused('cumsum', 2 * MAX, () => int32([MAX, MAX]).cumsum(0));
    expect(int32([MAX, -1]).cumsum(0).tolist()).toEqual([MAX, MAX - 1]);
    expect(bytes([255, 255]).sum().item()).toBe(510);
    expect(tensor([true, true]).sum().item()).toBe(2);
    expect(bytes([255, 255]).sum(null, { dtype: 'uint8' }).item()).toBe(254);
  });

  test('overflow of a product throws; with a factor of 0 it is 0, after any others', () => {
    refused('prod', 2 ** 31, () => int32([2 ** 16, 2 ** 15]).prod());
    refused('prod', /Infinity does not fit/, () => int32(new Array(40).fill(MAX)).prod());
    expect(
      int32([...new Array(40).fill(MAX), 0, MAX])
        .prod()
        .item(),
    ).toBe(0);
    expect(int32([MAX, -1]).prod().item()).toBe(-MAX);
    expect(bytes([16, 16]).prod().item()).toBe(256);
    expect(bytes(new Array(50).fill(3)).prod(null, { dtype: 'uint8' }).item()).toBe(201);
    expect(bytes(new Array(50).fill(3)).cumprod(0, { dtype: 'uint8' }).at(-1).item()).toBe(201);
    refused('cumprod', 2 ** 31, () => int32([2 ** 16, 2 ** 15, 0]).cumprod(0));
  });

  test('differences of differences may exceed int32 in between', () => {
    expect(
      int32([MIN, MAX, MAX, MIN + 1])
        .diff(3)
        .tolist(),
    ).toEqual([1]);
    refused('diff', 2 ** 32 - 1, () => edges().flip(0).diff());
  });
});

describe('writing', () => {
  const index = int32([0, 0]);

  test('a number that the dtype cannot hold is rejected, and nothing is changed', () => {
    const x = edges();
    refused('fill_', 3e9, () => x.fill_(3e9));
    refused('fill_', Number.NaN, () => x.fill_(Number.NaN));
    refused('copy_', -3e9, () => x.copy_(-3e9));
    refused('setAt', 3e9, () => x.setAt(0, 3e9));
    refused('setAt', 3e9, () => x.setAt([[0]], 3e9));
    refused('setAt', 3e9, () => x.setAt(x.gt(0), 3e9));
    refused('maskedFill', 3e9, () => x.maskedFill_(x.gt(0), 3e9));
    refused('scatter', 3e9, () => x.scatter(0, index, 3e9));
    refused('indexFill', 3e9, () => x.indexFill_(0, index, 3e9));
    refused('where', 3e9, () => x.where(x.lt(0), 3e9));
    refused('pad', 3e9, () => nn.functional.pad(x, [1, 0], { value: 3e9 }));
    refused('threshold', 3e9, () => nn.functional.threshold(x, 0, 3e9));
    expect(x.tolist()).toEqual([MAX, MIN]);
    expect(() => bytes([1]).fill_(300)).toThrow('fill_: 300 does not fit into uint8');
    expect(bytes([1]).fill_(-1).tolist()).toEqual([255]);
    const written = bytes([1, 2]);
    written.setAt(tensor([true, false]), -2);
    expect(written.tolist()).toEqual([254, 2]);
    expect(x.clone().fill_(2.7).tolist()).toEqual([2, 2]);
  });

  test('a byte accepts integers from -255 on, which wrap around, and fractions between 0 and 255', () => {
    const makers: ((n: number) => Tensor)[] = [
      (n) => full([1], n, { dtype: 'uint8' }),
      (n) => fullLike(bytes([1]), n),
      (n) => bytes([n]),
      (n) => bytes([1]).fill_(n),
    ];
    for (const make of makers) {
      for (const [given, byte] of [
        [-2, 254],
        [-255, 1],
        [1.5, 1],
        [255, 255],
      ])
        expect(make(given).tolist(), String(given)).toEqual([byte]);
      for (const n of [-0.5, -2.5, -256, 255.9, 256, Number.NaN])
        expect(() => make(n), String(n)).toThrow(`: ${n} does not fit into uint8`);
    }
    expect(arange(-2, 3, { dtype: 'uint8' }).tolist()).toEqual([254, 255, 0, 1, 2]);
    expect(arange(-0.5, 3, { dtype: 'uint8' }).tolist()).toEqual([0, 0, 1, 2]);
  });

  test('several additions to one position are exact', () => {
    const x = edges();
    refused('scatterAdd', MAX + 2, () => x.scatterAdd(0, index, int32([1, 1])));
    refused('scatterAdd', MAX + 2, () => x.scatterAdd_(0, index, int32([1, 1])));
    refused('scatterAdd', MAX + 2, () => x.scatter(0, index, 1, { reduce: 'add' }));
    refused('indexPut', MAX + 2, () => x.indexPut_([index], int32([1, 1]), { accumulate: true }));
    refused('indexAdd', MAX + 2, () => x.indexAdd_(0, index, int32([1, 1])));
    refused('indexAdd', -3e9 - 1, () => int32([-1]).indexAdd(0, int32([0]), int32([1]), { alpha: -3e9 }));
    refused('scatterReduce', MAX + 2, () => x.scatterReduce_(0, index, int32([1, 1]), 'sum'));
    refused('scatterReduce', 2 * MAX, () => x.scatterReduce(0, int32([0]), int32([2]), 'prod'));
    expect(x.tolist()).toEqual([MAX, MIN]);
    expect(x.scatterAdd(0, index, int32([1, -1])).tolist()).toEqual([MAX, MIN]);
    expect(x.indexAdd(0, index, int32([MAX, -MAX]), { alpha: 7 }).tolist()).toEqual([MAX, MIN]);
    expect(x.scatterReduce(0, index, int32([MAX, MAX]), 'mean').tolist()).toEqual([MAX, MIN]);
    expect(x.scatterReduce(0, int32([0, 0, 1]), int32([MAX, 0, 0]), 'prod').tolist()).toEqual([0, 0]);
    expect(
      bytes([3, 255])
        .scatterReduce(0, index, bytes([251, 249]), 'prod')
        .tolist(),
    ).toEqual([105, 255]);
  });

  test('positions beyond int32 are out of range', () => {
    const x = edges();
    expect(() => x.at([2 ** 32])).toThrow('at: position 4294967296 is out of range');
    expect(() => x.setAt([[-(2 ** 32)]], 1)).toThrow('setAt: position -4294967296 is out of range');
  });

  test('sums of windows', () => {
    const columns = int32(new Array(4).fill(MAX)).reshape(1, 4, 1);
    expect(nn.functional.fold(columns, [2, 2], 2).tolist()).toEqual([
      [
        [
          [MAX, MAX],
          [MAX, MAX],
        ],
      ],
    ]);
    refused('fold', 2 * MAX, () => nn.functional.fold(int32(new Array(4).fill(MAX)).reshape(1, 2, 2), [3, 1], [2, 1]));
    refused('avgPool2d', 4 * MAX, () =>
      nn.functional.avgPool2d(int32(new Array(4).fill(MAX)).reshape(1, 2, 2), 2, { divisorOverride: 1 }),
    );
  });

  test('convolutions', () => {
    const image = int32([MAX, MAX, 2, -3]);
    const [line, plane] = [image.reshape(1, 1, 4), image.reshape(1, 1, 2, 2)];
    const { conv1d, conv2d, convTranspose1d } = nn.functional;
    refused('conv1d', /does not fit/, () => conv1d(line, int32([MAX, 1]).reshape(1, 1, 2)));
    refused('conv2d', 2 * MAX, () => conv2d(plane, int32([2]).reshape(1, 1, 1, 1)));
    refused('convTranspose1d', 2 * MAX, () => convTranspose1d(line, int32([1, 1]).reshape(1, 1, 2)));
    // MAX·MAX + MAX·(1 - MAX) - MAX = 0
    const cancelled = conv1d(line.narrow(2, 0, 2), int32([MAX, 1 - MAX]).reshape(1, 1, 2), { bias: int32([-MAX]) });
    expect(cancelled.tolist()).toEqual([[[0]]]);
    expect(convTranspose1d(line, int32([1, -1]).reshape(1, 1, 2)).tolist()).toEqual([[[MAX, 0, 2 - MAX, -5, 3]]]);
  });

  test('ranges', () => {
    refused('arange', MAX + 1, () => arange(2 ** 31, 2 ** 31 + 1));
    refused('arange', 5e9 - 1, () => arange(5e9));
    refused('full', 3e9, () => full([1], 3e9, { dtype: 'int32' }));
    refused('tensor', -3e9, () => tensor([-3e9], { dtype: 'int32' }));
  });
});

test('a bool with a recorded tensor counts as 1, as in PyTorch', () => {
  const yes = true as unknown as number;
  const x = tensor([1, 2], { requiresGrad: true });
  const y = x.mul(3).mul_(yes).add_(yes);
  expect(y.tolist()).toEqual([4, 7]);
  y.add(x.pow(yes)).sum().backward();
  expect(x.grad!.tolist()).toEqual([4, 4]);
});
