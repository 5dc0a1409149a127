import { expect, it } from 'vitest';
import { wrap } from '../../../src/lab/plot/theme';

it('breaks a title at spaces if a line would be too long', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('two  spaces', 20)).toEqual(['two  spaces']);
  expect(wrap('', 5)).toEqual(['']);
});

it('keeps text between asterisks together, which would otherwise lose its colour and show them', () => {
  expect(wrap('Where does it *come to rest*?', 20)).toEqual(['Where does it', '*come to rest*?']);
  expect(wrap('*with an intercept* 226, *without an intercept* 21', 24)).toEqual([
    '*with an intercept* 226,',
    '*without an intercept*',
    '21',
  ]);
  // No names: products, and one asterisk.
  expect(wrap('2 * 3 and 4 * 5', 8)).toEqual(['2 * 3', 'and 4 *', '5']);
  expect(wrap('a *star', 5)).toEqual(['a', '*star']);
});
