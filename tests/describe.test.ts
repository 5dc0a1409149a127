import { nn, ones } from 'gradlab';
import { describe, expect, it } from 'vitest';
import { describe as described, noTensor } from '../src/describe';

const cyclic: unknown[] = [1];
cyclic.push(cyclic);

describe('a value in a message', () => {
  it.each([
    ['mean', "'mean'"],
    ['two\n"lines"', `'two\\n"lines"'`],
    ['x'.repeat(100), `'${'x'.repeat(79)}…'`],
    [0.5, '0.5'],
    [Number.NaN, 'NaN'],
    [2n ** 60n, '1152921504606846976n'],
    [false, 'false'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [[1, 'a', [2]], "[1, 'a', an array]"],
    [cyclic, '[1, an array]'],
    [Array.from({ length: 10 }, (_, i) => i), '[0, 1, 2, 3, 4, 5, 6, 7, … 10 elements]'],
    [new Float32Array(3), 'a Float32Array of length 3'],
    [new Int32Array(1), 'an Int32Array of length 1'],
    [ones([2, 3]), 'a float32 tensor of shape [2, 3]'],
    [[ones([2])], '[a float32 tensor of shape [2]]'],
    [new nn.ReLU(), 'a module ReLU'],
    [nn.ReLU, 'the class ReLU'],
    [() => 1, 'a function'],
    [{ a: 1 }, 'an object'],
    [Object.create(null), 'an object'],
    [new Map(), 'an object of class Map'],
    [Promise.resolve(1), 'a promise'],
    [{ shape: [2], tolist: () => [1, 2] }, 'a tensor of shape [2]'],
  ])('%#: is described briefly', (value, text) => expect(described(value)).toBe(text));

  it('is an object if it throws when read', () => {
    const proxy = new Proxy(
      {},
      {
        getPrototypeOf: () => null,
        has: () => {
          throw new Error('no');
        },
      },
    );
    expect(described(proxy)).toBe('an object');
  });

  it('has advice for a list in place of a tensor', () =>
    expect(noTensor([1])).toBe('an array (make it a tensor with tensor(…))'));
});
