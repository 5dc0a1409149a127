import { expect } from 'vitest';
import type { Tensor } from '../../src';

/** Expects `y` to share the memory of `x`: a write to one counts as a modification of the other. */
export function expectShared(x: Tensor, y: Tensor): void {
  expect(y.data).toBe(x.data);
  const before = x.version;
  y.mul_(2);
  expect(x.version).toBe(before + 1);
}
