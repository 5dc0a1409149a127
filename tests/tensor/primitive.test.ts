// JavaScript's conversions of a tensor to a number or a string.
import { describe, expect, test } from 'vitest';
import { nn, ones, type Tensor, tensor, ValueError, zeros } from '../../src';

/** Bypasses the compiler, like a program without types. */
const untyped = (x: Tensor) => x as unknown as number;

describe('one element is a number', () => {
  test.each<[string, Tensor, number]>([
    ['a scalar', tensor(0.25), 0.25],
    ['in a matrix', tensor([[3]]), 3],
    ['with history', tensor(0.25, { requiresGrad: true }).mul(2), 0.5],
    ['a bool', tensor(true), 1],
    ['false', tensor([false]), 0],
    ['an integer', tensor(7, { dtype: 'int32' }), 7],
    ['a parameter', new nn.Parameter(tensor([2])), 2],
  ])('%s', (_, x, value) => {
    const n = untyped(x);
    expect([+n, n * 2, n + 1, Number(n), Math.abs(n)]).toEqual([value, 2 * value, value + 1, value, value]);
    expect([n < value + 1, n > value, n >= value]).toEqual([true, false, true]);
    // biome-ignore lint/suspicious/noDoubleEquals: what == gives is tried
    expect(n == value).toBe(true);
  });

  test('rows of a vector in arithmetic', () => {
    const x = tensor([3, 1, 2]);
    const rows = [...x].map(untyped);
    expect(Math.max(...rows)).toBe(3);
    expect(rows.sort((a, b) => a - b).map(Number)).toEqual([1, 2, 3]);
    expect(new Float32Array(x as unknown as Iterable<number>)).toEqual(Float32Array.of(3, 1, 2));
    expect(Float64Array.from(x as unknown as Iterable<number>)).toEqual(Float64Array.of(3, 1, 2));
    expect(Array.from(x, (row) => untyped(row) + 1)).toEqual([4, 2, 3]);
  });
});

describe('several elements, or none, do not convert to a number', () => {
  test.each<[string, (x: number) => unknown]>([
    ['<', (x) => x < 0.5],
    ['+', (x) => x + 1],
    ['Number', Number],
    ['Math.max', Math.max],
    ['an element of a typed array', (x) => new Float32Array([x])],
  ])('%s', (_, use) => {
    for (const x of [ones([2]), zeros([0]), ones([2, 1])]) {
      expect(() => use(untyped(x))).toThrow(ValueError);
      expect(() => use(untyped(x))).toThrow(`a tensor of shape [${x.shape.join(', ')}] is not a single number`);
      expect(() => use(untyped(x))).toThrow('item()');
    }
  });

  test('nor do the rows of a matrix', () => {
    expect(() => new Float32Array(ones([2, 2]) as unknown as Iterable<number>)).toThrow(ValueError);
    expect(() => new Float32Array(tensor(3) as unknown as Iterable<number>)).toThrow('cannot be iterated over');
  });
});

test('as a string it is its printed form', () => {
  const x = tensor([1, 2]);
  expect([`${x}`, String(x), [x, tensor(3)].join(' and '), x.toString()]).toEqual([
    'tensor([1., 2.])',
    'tensor([1., 2.])',
    'tensor([1., 2.]) and tensor(3.)',
    'tensor([1., 2.])',
  ]);
  expect(String(new nn.Parameter(x))).toContain('Parameter containing:');
  expect(JSON.stringify({ x })).toBe('{"x":[1,2]}');
});

test('the compiler still requires item()', () => {
  const loss = tensor(0.25);
  // @ts-expect-error a tensor is no number
  expect(loss < 0.5).toBe(true);
  // @ts-expect-error a tensor is no number
  expect(loss + 1).toBe(1.25);
});
