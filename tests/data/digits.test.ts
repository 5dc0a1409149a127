// The numbers are those of scikit-learn 1.x, sklearn.datasets.load_digits(), computed by NumPy.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { data, ValueError } from '../../src';

const { digits } = data;
/** The pixels in the data set's format, 0 to 16. */
const counted = (x: { toArray(): ArrayLike<number> }) => Uint8Array.from(x.toArray(), (value) => value * 16);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test("1,797 rows of 64 pixels from 0 to 1, with scikit-learn's number of rows per class", async () => {
  const { x, y } = await digits();
  expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[1797, 64], 'float32', [1797], 'int32']);
  expect(y.bincount().tolist()).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  expect([x.min().item(), x.max().item()]).toEqual([0, 1]);
  expect(x.mul(16).round().equal(x.mul(16))).toBe(true);
});

test('the values are those of scikit-learn, in its order', async () => {
  const { x, y } = await digits();
  expect((y.tolist() as number[]).slice(0, 20)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect((y.tolist() as number[]).slice(-5)).toEqual([9, 0, 8, 9, 8]);
  const row = (i: number) => [...counted(x.at(i))];
  // biome-ignore format: eight rows of pixels
  expect(row(0)).toEqual([
    0, 0, 5, 13, 9, 1, 0, 0,
    0, 0, 13, 15, 10, 15, 5, 0,
    0, 3, 15, 2, 0, 11, 8, 0,
    0, 4, 12, 0, 0, 8, 8, 0,
    0, 5, 8, 0, 0, 9, 8, 0,
    0, 4, 11, 0, 1, 12, 7, 0,
    0, 2, 14, 5, 10, 12, 0, 0,
    0, 0, 6, 13, 10, 0, 0, 0,
  ]);
  // biome-ignore format: eight rows of pixels
  expect(row(1796)).toEqual([
    0, 0, 10, 14, 8, 1, 0, 0,
    0, 2, 16, 14, 6, 1, 0, 0,
    0, 0, 15, 15, 8, 15, 0, 0,
    0, 0, 5, 16, 16, 10, 0, 0,
    0, 0, 12, 15, 15, 12, 0, 0,
    0, 4, 16, 6, 4, 16, 6, 0,
    0, 8, 16, 10, 8, 16, 8, 0,
    0, 1, 8, 12, 14, 12, 1, 0,
  ]);
  expect(sha256(counted(x))).toBe('8f26b2bd9d135c256808f68f14fdabddde6d9c7f869ae419704b051f0f14b3b3');
  expect(sha256(Uint8Array.from(y.toArray()))).toBe('8ba4f891220f5e4c9c819638d1602d74b83618f167043c6da52a2a247841ddf0');
});

test('sums over the classes and over all rows', async () => {
  const { x, y } = await digits();
  const ink = Array(10).fill(0);
  const labels = y.tolist() as number[];
  for (const [i, row] of (x.sum(1).tolist() as number[]).entries()) ink[labels[i]!] += row * 16;
  expect(ink).toEqual([56415, 57007, 55566, 56151, 56239, 55915, 56336, 54289, 57408, 56392]);
  expect((x.sum(0).mul(16).tolist() as number[]).slice(0, 8)).toEqual([0, 546, 9353, 21269, 21291, 10390, 2448, 233]);
  expect(y.sum().item()).toBe(8070);
});

test('each call returns new tensors', async () => {
  const first = await digits();
  first.x.fill_(7);
  expect((await digits()).x.max().item()).toBe(1);
});

test('takes no options', async () => {
  await expect((digits as (options: object) => Promise<unknown>)({ limit: 5 })).rejects.toThrow(ValueError);
});
