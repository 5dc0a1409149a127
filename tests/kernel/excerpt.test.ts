// Lines of source around what is at fault, as errors show them.
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { excerptAt } from '../../kernel-setup/kernel/excerpt';

const shown = (...args: Parameters<typeof excerptAt>) => excerptAt(...args).map(stripVTControlCharacters);

test('short lines are shown whole, with two before and one behind', () => {
  expect(shown(['one', 'two', 'three', 'four', 'five'], 3, 2, 3)).toEqual([
    '  1 | one',
    '  2 | two',
    '> 3 | three',
    '    |  ^^^',
    '  4 | four',
  ]);
});

test('of a long line what is around the fault is shown, and the same part of the lines beside it', () => {
  const long = `${'a'.repeat(5000)}WRONG${'b'.repeat(5000)}`;
  const [before, at, mark, behind] = shown(['short', long, 'c'.repeat(10_000)], 2, 5001, 5);
  for (const line of [before, at, mark, behind]) expect(line.length).toBeLessThan(140);
  expect(at).toMatch(/^> 2 \| …a+WRONGb+…$/);
  expect(at.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('WRONG');
  expect(before).toBe('  1 | …');
  expect(behind).toMatch(/^ {2}3 \| …c+…$/);
});

test('a fault that is long itself is marked as far as it is shown', () => {
  const [at, mark] = shown(['x'.repeat(3000)], 1, 11, 2000);
  expect(at).toMatch(/^> 1 \| x+…$/);
  expect(mark.indexOf('^')).toBe(at.indexOf('x') + 10);
  expect(mark.length).toBe(at.length - 1);
});

test('at the beginning and at the end of a long line nothing is left out there', () => {
  const line = `begin${'-'.repeat(900)}end`;
  expect(shown([line], 1, 1, 5)[0]).toMatch(/^> 1 \| begin-+…$/);
  expect(shown([line], 1, 906, 3)[0]).toMatch(/^> 1 \| …-+end$/);
});
