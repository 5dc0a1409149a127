import { describe, expect, it } from 'vitest';
import { bothWays } from '../../../../src/lab/lessons/004-24';

describe('signal and blame', () => {
  it('begin at 1, the one in the first layer, the other in the last', () => {
    const { signal, blame } = bothWays([40, 30, 20], (inputs) => 2 / inputs, { rows: 400 });
    expect(signal[0]).toBeCloseTo(1, 1);
    expect(blame[2]).toBeCloseTo(1, 1);
    expect(signal).toHaveLength(3);
  });

  it('of a linear net follow the numbers of terms that are added', () => {
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

  it('say what cannot be', () => {
    expect(() => bothWays([3], () => 1)).toThrow('at least two layers, got 1');
    expect(() => bothWays([3, 0], () => 1)).toThrow('above 0, got 0');
  });
});
