import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { manualSeed, tensor } from '../../src';

test('results of cells print briefly', () => {
  expect(inspect(manualSeed(420))).toBe('Generator(seed=420)');
  const x = tensor([3, 4], { requiresGrad: true });
  const y = x.pow(2).sum();
  expect(inspect(y.gradFn)).toBe('<SumBackward0>');
  expect(inspect(y.gradFn!.nextFunctions)).toBe('[ [ <PowBackward0>, 0 ] ]');
});
