import { expect, it } from 'vitest';
import { Generator } from '../../../src';
import { datasets } from '../../../src/lab';

it("is a sine with PyTorch's noise", () => {
  const { x, y } = datasets.wave(4, { noise: 0.5, generator: new Generator().manualSeed(5) });
  const torch = [-0.2433903753562135, -1.1679361977264406, 0.5869772883726003, 0.3337621507672449];
  for (const [i, value] of (y.tolist() as number[]).entries()) expect(value).toBeCloseTo(torch[i]!, 14);
  for (const [i, at] of (x.tolist() as number[]).entries()) expect(at).toBeCloseTo(((2 * i) / 3 - 1) * Math.PI, 14);
  expect([x.dtype, y.dtype]).toEqual(['float64', 'float64']);
});

it('draws nothing without noise', () => {
  const generator = new Generator().manualSeed(1);
  const before = generator.getState().tolist();
  const { x, y } = datasets.wave(50, { from: 1, to: 2, generator });
  expect(generator.getState().tolist()).toEqual(before);
  expect(y.tolist()).toEqual(x.sin().tolist());
  expect([x.tolist()].flat().at(-1)).toBe(2);
});

it('rejects invalid arguments', () => {
  expect(() => datasets.wave(1)).toThrow('from 2 on, got 1');
  expect(() => datasets.wave(5, { from: 2, to: 2 })).toThrow('from must be below to, and both finite; got 2 and 2');
  expect(() => datasets.wave(5, { noise: -1 })).toThrow('noise must be 0 or more, got -1');
});
