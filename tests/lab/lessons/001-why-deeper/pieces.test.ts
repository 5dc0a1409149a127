import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linspace, nn, noGrad, tensor, ValueError } from '../../../../src';
import { countPieces, tent } from '../../../../src/lab/lessons/001-why-deeper';

describe('tent', () => {
  it('is the fold of the line, composed with itself', () => {
    const fold = (x: number) => 1 - Math.abs(1 - 2 * x);
    for (const x of [0, 0.1, 0.25, 1 / 3, 0.5, 0.7, 1]) {
      let y = x;
      for (let k = 0; k <= 8; k++) {
        expect(tent(k)(x)).toBeCloseTo(y, 12);
        y = fold(y);
      }
    }
  });

  it('is exact at its corners, and continues as a wave', () => {
    const f = tent(20);
    for (const i of [0, 1, 2, 3, 524_287, 1_048_575, 1_048_576]) expect(f(i / 2 ** 20)).toBe(i % 2);
    expect([1.25, 1.5, -0.25, -0.5].map(tent(1))).toEqual([0.5, 1, 0.5, 1]);
  });

  it('rejects an invalid number of folds', () => {
    for (const k of [-1, 1.5, Number.NaN, 1001]) expect(() => tent(k)).toThrow(ValueError);
  });
});

describe('countPieces', () => {
  it('counts the pieces of folds, on a grid with two cells for each', () => {
    for (const k of [0, 1, 5, 8]) expect(countPieces(tent(k), { grid: 2 ** (k + 1) })).toBe(2 ** k);
  });

  it('finds kinks within cells and on borders, and ignores rounding errors', () => {
    expect(countPieces((x) => Math.abs(x - 0.3), { grid: 10 })).toBe(2);
    expect(countPieces((x) => Math.abs(x - 0.31), { grid: 10 })).toBe(2);
    expect(countPieces((x) => 1e6 + x / 3, { grid: 1000 })).toBe(1);
    expect(countPieces(() => 0, { grid: 5 })).toBe(1);
    expect(countPieces((x) => Math.max(x, 3, 10 - x), { grid: 64, from: -10, to: 20 })).toBe(2);
    expect(countPieces((x) => tensor(Math.max(x, 6, 10 - x)), { grid: 64, from: -10, to: 20 })).toBe(3);
  });

  it('counts one more piece than kinks', () => {
    const kinks = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 12 });
    fc.assert(
      fc.property(kinks, fc.double({ min: -0.2, max: 0.2, noNaN: true }), (places, shift) => {
        // Four cells between neighbours, and slopes that change by at least 1.
        const f = (x: number) => places.reduce((y, p, i) => y + (i + 1) * Math.max(0, 32 * x - p - shift), x);
        expect(countPieces(f, { grid: 128 })).toBe(places.length + 1);
      }),
    );
  });

  it('accepts heights, for example of a net', () => {
    const net = new nn.Sequential(new nn.Linear(1, 2), new nn.ReLU(), new nn.Linear(2, 1)).double();
    const [w, b, v] = net.parameters();
    noGrad(() => {
      w!.fill_(1);
      b!.copy_(tensor([-0.2, -0.6]));
      v!.copy_(tensor([[1, -2]]));
      const x = linspace(0, 1, 65, { dtype: 'float64' });
      expect(countPieces(net(x.unsqueeze(1)).flatten())).toBe(3);
    });
  });

  it('rejects a grid that is too coarse, curves, and other values', () => {
    expect(() => countPieces(tent(6), { grid: 64 })).toThrow('finer grid');
    expect(() => countPieces((x) => x * x, { grid: 64 })).toThrow('finer grid');
    expect(() => countPieces((x) => Math.abs(x - 0.01) + Math.abs(x - 0.99), { grid: 16 })).toThrow('finer grid');
    expect(() => countPieces((x) => 1 / x, { grid: 16 })).toThrow('height 0 is Infinity');
    for (const grid of [1, 2.5, Number.NaN]) expect(() => countPieces(tent(1), { grid })).toThrow('grid must be');
    expect(() => countPieces(tent(1), { grid: 8, from: 1, to: 1 })).toThrow('from 1 to 1');
    expect(() => countPieces([1, 2])).toThrow('three heights');
  });
});
