import { expect, test } from 'vitest';
import { repr } from '../../src/display';

test.each([
  [true, 'True'],
  [false, 'False'],
  [null, 'None'],
  [undefined, 'None'],
  [3, '3'],
  [-0.5, '-0.5'],
  [0, '0'],
  [1e-4, '0.0001'],
  [1e-5, '1e-05'],
  [-2.5e-8, '-2.5e-08'],
  [1e-10, '1e-10'],
  [1e6, '1000000'],
  [Number.NaN, 'nan'],
  [-Infinity, '-inf'],
  ['mean', "'mean'"],
  [[3, 3], '(3, 3)'],
  [[1], '(1,)'],
  [[], '()'],
  [[0.9, [true, 1e-6]], '(0.9, (True, 1e-06))'],
])('%j is formatted as in Python', (value, text) => {
  expect(repr(value)).toBe(text);
});
