import { describe, expect, test } from 'vitest';
import { full, ones, rand, tensor, zeros } from '../../src';

describe('values that a dtype cannot hold', () => {
  test.each([
    [[1e10], 'int32', 'tensor: 10000000000 does not fit into int32, which holds -2147483648 to 2147483647'],
    [[Number.NaN], 'int32', 'tensor: NaN does not fit into int32'],
    [[-256], 'uint8', 'tensor: -256 does not fit into uint8, which holds 0 to 255'],
    [[300], 'uint8', 'tensor: 300 does not fit'],
  ] as const)('%j as %s', (values, dtype, message) => {
    expect(() => tensor([...values], { dtype })).toThrow(message);
    expect(() => full([2], values[0], { dtype })).toThrow(message.slice(message.indexOf(':')));
  });

  test('the ends of the range are accepted, and fractions are truncated', () => {
    expect(tensor([2 ** 31 - 1, -(2 ** 31)], { dtype: 'int32' }).tolist()).toEqual([2147483647, -2147483648]);
    expect(tensor([1.7, -1.2, 2147483647.5], { dtype: 'int32' }).tolist()).toEqual([1, -1, 2147483647]);
    expect(tensor([0, 254.9, -1], { dtype: 'uint8' }).tolist()).toEqual([0, 254, 255]);
  });
});

test('callers without types may not pass sizes as separate arguments', () => {
  const untyped = { zeros, ones, rand } as unknown as Record<string, (...sizes: number[]) => unknown>;
  for (const name of ['zeros', 'ones', 'rand']) expect(() => untyped[name](2, 3)).toThrow(`${name}([2, 3])`);
});
