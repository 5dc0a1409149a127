import { describe, expect, it } from 'vitest';
import { bothWays } from '../../../../src/lab/lessons/004-initialization-both-ways';

describe('signal and gradient', () => {
  it('begin at 1, one in the first layer, the other in the last', () => {
    const { signal, blame } = bothWays([40, 30, 20], (inputs) => 2 / inputs, { rows: 400 });
    expect(signal[0]).toBeCloseTo(1, 1);
    expect(blame[2]).toBeCloseTo(1, 1);
    expect(signal).toHaveLength(3);
  });

  it('of a linear net follow the number of summed terms', () => {
    const { signal, blame } = bothWays([400, 100], () => 0.01, { bend: (x) => x, rows: 50 });
    expect(signal[1]! ** 2 / (400 * 0.01)).toBeCloseTo(1, 0);
    expect(blame[0]! ** 2 / (100 * 0.01)).toBeCloseTo(1, 0);
  });

  it('are halved, squared, by ReLU', () => {
    const linear = bothWays([200, 200, 200], () => 0.005, { bend: (x) => x });
    const halved = bothWays([200, 200, 200], () => 0.005);
    expect((halved.signal[2]! / linear.signal[2]!) ** 2).toBeGreaterThan(0.2);
    expect((halved.signal[2]! / linear.signal[2]!) ** 2).toBeLessThan(0.3);
    expect((halved.blame[0]! / linear.blame[0]!) ** 2).toBeGreaterThan(0.2);
    expect((halved.blame[0]! / linear.blame[0]!) ** 2).toBeLessThan(0.3);
  });

  it('over all nets are roots of the mean of their squares', () => {
    const { signal, blame, nets } = bothWays([30, 20, 10], (inputs) => 2 / inputs, { seeds: [3, 4, 5], rows: 20 });
    expect(nets).toHaveLength(3);
    for (const [all, kind] of [
      [signal, 'signal'],
      [blame, 'blame'],
    ] as const)
      all.forEach((size, l) => {
        const squares = nets.map((net) => net[kind][l]! ** 2);
        expect(size ** 2).toBeCloseTo((squares[0]! + squares[1]! + squares[2]!) / 3, 12);
      });
    expect(bothWays([2, 2], () => 1, { rows: 2 }).nets).toHaveLength(30);
  });

  it('reject invalid arguments', () => {
    expect(() => bothWays([3], () => 1)).toThrow('at least two layers, got 1');
    expect(() => bothWays([3, 0], () => 1)).toThrow('above 0, got 0');
  });
});
