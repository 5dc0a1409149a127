import { describe, expect, it } from 'vitest';
import { Generator, type Tensor } from '../../../../src';
import { gauges, steps, straight } from '../../../../src/lab/lessons/001-random-forests-and-boosting';

const seeded = (seed: number) => new Generator().manualSeed(seed);
const rowsOf = (t: Tensor) => t.tolist() as number[][];
const listOf = (t: Tensor) => t.tolist() as number[];

describe('tables of the chapter on trees', () => {
  it('have the documented columns and targets, without noise', () => {
    const sums = straight(50, { noise: 0, generator: seeded(1) });
    const expected = rowsOf(sums.x).map((row) => 5 * row.reduce((a, b) => a + b, 0));
    for (const [i, value] of listOf(sums.y).entries()) expect(value).toBeCloseTo(expected[i]!, 10);

    const asked = steps(200, { noise: 0, generator: seeded(2) });
    const byHand = rowsOf(asked.x).map(
      ([a, b, c, d]) => (a! > 0.4 ? 6 : 0) + (b! > 0.6 && c! > 0.3 ? 4 : 0) + (d! > 0.5 ? 3 : 0),
    );
    expect(listOf(asked.y)).toEqual(byHand);
    expect(new Set(byHand).size).toBe(8);
  });

  it('have 20 gauges of one quantity', () => {
    const { x, y } = gauges(2000, { noise: 0, generator: seeded(3) });
    expect(x.shape).toEqual([2000, 20]);
    const means = rowsOf(x).map((row) => row.reduce((a, b) => a + b, 0) / 20);
    const off = listOf(y).map((value, i) => value - 5 * Math.sin(2 * Math.PI * means[i]!));
    // The mean of 20 gauges has an error of 0.3 / √20, and the wave is at most 10π steep.
    expect(Math.sqrt(off.reduce((sum, v) => sum + v * v, 0) / off.length)).toBeLessThan(
      (10 * Math.PI * 0.3) / Math.sqrt(20),
    );
  });

  it('add noise, the same for the same seed', () => {
    for (const table of [gauges, steps, straight]) {
      const [with1, again, without] = [{}, {}, { noise: 0 }].map((more) =>
        table(500, { ...more, generator: seeded(4) }),
      );
      expect(listOf(with1!.y)).toEqual(listOf(again!.y));
      const noise = with1!.y.sub(without!.y);
      expect(noise.std().item()).toBeGreaterThan(0.9);
      expect(noise.std().item()).toBeLessThan(1.1);
    }
  });
});
