import { expect, it } from 'vitest';
import { overMasks } from '../../../../src/lab/lessons/004-dropout';

const terms = [0.5, -1.25, 2, 0.75];

it('takes means over all masks', () => {
  const sum = terms.reduce((a, b) => a + b, 0);
  const squares = terms.reduce((a, b) => a + b * b, 0);
  for (const p of [0, 0.2, 0.5, 0.9]) {
    expect(overMasks(terms, p, () => 1)).toBeCloseTo(1, 12);
    expect(overMasks(terms, p, (s) => s)).toBeCloseTo((1 - p) * sum, 12);
    const variance = overMasks(terms, p, (s) => (s - (1 - p) * sum) ** 2);
    expect(variance).toBeCloseTo(p * (1 - p) * squares, 12);
  }
  expect(overMasks([2], 0.25, (s) => Math.max(s - 1, 0))).toBeCloseTo(0.75, 12);
  expect(() => overMasks(Array(17).fill(1), 0.5, (s) => s)).toThrow('at most 16');
});
