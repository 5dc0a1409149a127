import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';
import { Tensor } from '../../src';
import { entries, samplesOf } from '../support/op-samples';

describe('functions and methods are the same operations', () => {
  const exported = gradlab as unknown as Record<string, unknown>;
  const methods = Tensor.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const unary = entries.filter((op) => op.isMethod && typeof exported[op.name] === 'function');

  test('most methods of the table have their function', () => {
    expect(unary.length).toBeGreaterThan(30);
  });

  test.each(unary.map((op) => [op.name, op] as const))('%s', (name, op) => {
    const sample = samplesOf(op)[0];
    const inputs = sample.inputs.map((shape, i) =>
      typeof shape === 'number'
        ? shape
        : gradlab.full(shape, 0.5 + i, { dtype: name === 'maskedFill' && i === 1 ? 'bool' : 'float64' }),
    );
    const args = [...inputs.slice(1), ...sample.args];
    const byFunction = (exported[name] as (...a: unknown[]) => unknown)(inputs[0], ...args);
    const byMethod = methods[name].apply(inputs[0], args);
    expect(String(byFunction)).toBe(String(byMethod));
  });
});
