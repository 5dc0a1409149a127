// Excerpts of source in errors.
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { excerptAt } from '../../kernel-setup/kernel/excerpt';

const shown = (...args: Parameters<typeof excerptAt>) => excerptAt(...args).map(stripVTControlCharacters);

test('shows short lines whole, with two lines before and one after', () => {
  expect(shown(['one', 'two', 'three', 'four', 'five'], 3, 2, 3)).toEqual([
    '  1 | one',
    '  2 | two',
    '> 3 | three',
    '    |  ^^^',
    '  4 | four',
  ]);
});

test('shows the part of a long line around the fault, and the same columns of the other lines', () => {
  const long = `${'a'.repeat(5000)}WRONG${'b'.repeat(5000)}`;
  const [before, at, mark, behind] = shown(['short', long, 'c'.repeat(10_000)], 2, 5001, 5);
  for (const line of [before, at, mark, behind]) expect(line.length).toBeLessThan(140);
  expect(at).toMatch(/^> 2 \| …a+WRONGb+…$/);
  expect(at.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('WRONG');
  expect(before).toBe('  1 | …');
  expect(behind).toMatch(/^ {2}3 \| …c+…$/);
});

test('marks a long fault as far as it is visible', () => {
  const [at, mark] = shown(['x'.repeat(3000)], 1, 11, 2000);
  expect(at).toMatch(/^> 1 \| x+…$/);
  expect(mark.indexOf('^')).toBe(at.indexOf('x') + 10);
  expect(mark.length).toBe(at.length - 1);
});

test('omits nothing at the beginning and end of a long line', () => {
  const line = `begin${'-'.repeat(900)}end`;
  expect(shown([line], 1, 1, 5)[0]).toMatch(/^> 1 \| begin-+…$/);
  expect(shown([line], 1, 906, 3)[0]).toMatch(/^> 1 \| …-+end$/);
});
