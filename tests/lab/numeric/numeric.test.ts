import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numeric } from '../../../src/lab';

describe('bisect', () => {
  it('finds where a condition or a sign changes', () => {
    expect(numeric.bisect((x) => x * x < 2, 1, 2, { tolerance: 1e-14 })).toBeCloseTo(Math.SQRT2, 13);
    expect(numeric.bisect((x) => Math.cos(x), 0, 3)).toBeCloseTo(Math.PI / 2, 8);
    expect(numeric.bisect((x) => x > 0.3, 0, 1)).toBeCloseTo(0.3, 8);
  });

  it('ends at adjacent numbers', () => {
    const x = numeric.bisect((x) => x < 1e9 + 0.1, 1, 2e9, { tolerance: 0 });
    expect(Math.abs(x - (1e9 + 0.1))).toBeLessThan(1e-6);
  });

  it('rejects constant functions, and invalid intervals', () => {
    expect(() => numeric.bisect(() => true, 0, 1)).toThrow('f is true at 0 and true at 1');
    expect(() => numeric.bisect((x) => x > 0, 1, 0)).toThrow('low must be below high');
    expect(() => numeric.bisect((x) => x > 0, -1, 1, { tolerance: -1 })).toThrow('tolerance must be 0 or more, got -1');
  });
});

describe('argmin', () => {
  it('finds the minimum, sharp or smooth, inside or at an end', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (at) => {
        expect(numeric.argmin((x) => Math.abs(x - at), -5, 5)).toBeCloseTo(at, 8);
        expect(numeric.argmin((x) => (x - at) ** 2, -5, 5)).toBeCloseTo(at, 6);
      }),
    );
    expect(numeric.argmin((x) => Math.exp(x) - 2 * x, -3, 3, { tolerance: 0 })).toBeCloseTo(Math.LN2, 7);
    expect(numeric.argmin((x) => x, 1, 2)).toBeCloseTo(1, 8);
    expect(numeric.argmin((x) => -x, 1, 2)).toBeCloseTo(2, 8);
    expect(numeric.argmin((x) => x, 3, 3)).toBe(3);
    // The middle of the last interval: the error is at most half of the tolerance, however coarse.
    for (const at of [0.1, 2, 3.3, 9.6])
      expect(Math.abs(numeric.argmin((x) => Math.abs(x - at), 0, 10, { tolerance: 2 }) - at)).toBeLessThanOrEqual(1);
    expect(numeric.argmin((x) => x, 0, 10, { tolerance: 20 })).toBe(5);
  });

  it('returns a position of a flat part', () => {
    const flat = numeric.argmin((x) => Math.max(0, Math.abs(x - 7) - 1), 0, 10);
    expect(Math.abs(flat - 7)).toBeLessThanOrEqual(1);
  });

  it('rejects invalid intervals, and NaN', () => {
    expect(() => numeric.argmin((x) => x, 1, 0)).toThrow('low must not be above high');
    expect(() => numeric.argmin((x) => x, 0, 1, { tolerance: -1 })).toThrow('tolerance must be 0 or more, got -1');
    expect(() => numeric.argmin(() => Number.NaN, 0, 1)).toThrow('f is NaN at');
  });
});

describe('powerIteration', () => {
  it('finds the largest eigenvalue of the bowl of note 002, and its axis', () => {
    const { value, vector } = numeric.powerIteration(([a, b]) => [20 * a! + 8 * b!, 8 * a! + 4 * b!], 2);
    expect(value).toBeCloseTo(12 + 8 * Math.SQRT2, 12);
    expect(vector[1]! / vector[0]!).toBeCloseTo(Math.tan(Math.PI / 8), 7);
  });

  it('finds the eigenvalue of largest magnitude of any Q diag(λ) Qᵀ', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 6.3, noNaN: true }),
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        (t, low) => {
          const [c, s] = [Math.cos(t), Math.sin(t)];
          const apply = ([x, y]: number[]) => {
            const [a, b] = [-3 * (c * x! + s * y!), 3 * low * (c * y! - s * x!)];
            return [c * a - s * b, s * a + c * b];
          };
          expect(numeric.powerIteration(apply, 2).value).toBeCloseTo(-3, 6);
        },
      ),
    );
  });

  it('returns 0 for the zero matrix, and rejects invalid products', () => {
    expect(numeric.powerIteration((v) => v.map(() => 0), 3).value).toBe(0);
    expect(() => numeric.powerIteration(() => [1], 2)).toThrow('must return 2 finite numbers, got [1]');
    expect(() => numeric.powerIteration((v) => v, 0)).toThrow('whole number above 0');
  });
});

describe('trapezoid', () => {
  const bell = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

  it('is exact for straight lines, whatever the ends and strips', () => {
    const end = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(end, end, end, end, fc.integer({ min: 1, max: 40 }), (a, b, c, d, steps) => {
        const exact = c * (b - a) + (d * (b - a) * (b + a)) / 2;
        expect(Math.abs(numeric.trapezoid((x) => c + d * x, a, b, { steps }) - exact)).toBeLessThan(1e-9);
      }),
    );
  });

  it('has the error h²/12 (f′(b) - f′(a))', () => {
    for (const steps of [10, 100]) {
      const h = 1 / steps;
      const error = numeric.trapezoid((x) => x ** 3, 0, 1, { steps }) - 0.25;
      expect(error / ((h * h) / 12)).toBeCloseTo(3, 8);
    }
  });

  it('gives the moments of a normal distribution to the last digits', () => {
    expect(numeric.trapezoid(bell, -10, 10)).toBeCloseTo(1, 14);
    expect(numeric.trapezoid((x) => x * x * bell(x), -10, 10)).toBeCloseTo(1, 13);
    expect(numeric.trapezoid((x) => Math.max(0, x) * bell(x), 0, 10, { steps: 4000 })).toBeCloseTo(0.3989422804, 6);
  });

  it('evaluates the ends themselves, and no position beyond them', () => {
    const asked: number[] = [];
    numeric.trapezoid((x) => asked.push(x), 0.1, 0.7, { steps: 3 });
    expect([asked.length, asked[0], asked.at(-1)]).toEqual([4, 0.1, 0.7]);
  });

  it('rejects what cannot be summed', () => {
    expect(() => numeric.trapezoid((x) => 1 / x, -1, 1, { steps: 2 })).toThrow('f is Infinity at 0');
    expect(() => numeric.trapezoid((x) => x, 0, Number.POSITIVE_INFINITY)).toThrow('got 0 and Infinity');
    expect(() => numeric.trapezoid((x) => x, 0, 1, { steps: 0 })).toThrow('whole number above 0, got 0');
  });
});

describe('median and slope', () => {
  it('return the middle element, and the slope of least squares', () => {
    expect(numeric.median([3, 1, 2])).toBe(2);
    expect(numeric.median([10, 1, 2, 4])).toBe(3);
    expect(numeric.median([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.MAX_VALUE);
    expect(numeric.median([Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY])).toBe(1);
    const given = [2, 1];
    numeric.median(given);
    expect(given).toEqual([2, 1]);
    expect(numeric.slope([0, 1, 2, 3], [1, 3, 2, 6])).toBeCloseTo(1.4, 14);
    const n = [15, 30, 60];
    expect(
      numeric.slope(
        n.map(Math.log),
        n.map((v) => Math.log(7 / v ** 2)),
      ),
    ).toBeCloseTo(-2, 12);
  });

  it('reject empty and degenerate input', () => {
    expect(() => numeric.median([])).toThrow('at least one number');
    expect(() => numeric.median([1, Number.NaN])).toThrow('one of the 2 numbers is NaN');
    expect(() => numeric.slope([1, 1], [2, 3])).toThrow('needs two different x, got [1, 1]');
    expect(() => numeric.slope([1, 2], [2])).toThrow('x has 2 numbers, y has 1');
  });
});
