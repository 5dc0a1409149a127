import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { data } from '../../src';

test('displayed pictures start with shapes and dtypes, then their content', async () => {
  const sample = await data.fashionMnist({ split: 'sample' });
  const lines = inspect(sample).split('\n');
  expect(lines.slice(0, 3)).toEqual(['x: [200, 28, 28] float32', 'y: [200] int32', 'classes: 10']);
  expect(inspect(sample)).toContain("'Ankle boot'");
  expect(
    inspect(await data.digits())
      .split('\n')
      .slice(0, 2),
  ).toEqual(['x: [1797, 64] float32', 'y: [1797] int32']);
});

test('the text is not part of the data: keys, copies and comparisons are unchanged', async () => {
  const sample = await data.fashionMnist({ split: 'sample', limit: 2 });
  expect(Object.keys(sample)).toEqual(['x', 'y', 'classes']);
  expect(inspect({ ...sample }).startsWith('{')).toBe(true);
  expect(Object.getOwnPropertyNames(sample)).toEqual(['x', 'y', 'classes']);
});
