import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as lesson from '../../../../src/lab/lessons/000-06';

describe('waves and their shares', () => {
  it('are sums of sines over one period', () => {
    const { x, y } = lesson.waves({ amplitudes: { 1: 1, 8: 0.5 }, n: 8 });
    expect(x.dtype).toBe('float64');
    expect((x.tolist() as number[])[2]).toBeCloseTo(-Math.PI / 2, 15);
    expect((y.tolist() as number[])[2]).toBeCloseTo(-1, 14);
  });

  it('come apart again, exactly', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.integer({ min: 1, max: 15 }), (amplitude, k) => {
        const { y } = lesson.waves({ amplitudes: { [k]: amplitude, [k === 7 ? 3 : 7]: 2 }, n: 32 });
        expect(lesson.sineShare(y, k)).toBeCloseTo(amplitude, 12);
        expect(lesson.sineShare(y, k === 7 ? 3 : 7)).toBeCloseTo(2, 12);
      }),
    );
  });

  it('say what cannot be', () => {
    expect(() => lesson.waves({ amplitudes: { 1.5: 1 }, n: 8 })).toThrow('got 1.5: 1');
    expect(() => lesson.waves({ amplitudes: {}, n: 8 })).toThrow('at least one wave');
    expect(() => lesson.waves({ amplitudes: { 1: 1 }, n: 1 })).toThrow('from 2 on, got 1');
    expect(() => lesson.sineShare([1, 2, 3, 4], 2)).toThrow('2 swings need at least 5 values, got 4');
    expect(() => lesson.sineShare([1, 2, 3], 0)).toThrow('above 0, got 0');
  });
});
