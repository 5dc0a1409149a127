import { describe, expect, it } from 'vitest';
import { classic, data, Generator } from '../../src';

const seeded = (seed = 7) => new Generator().manualSeed(seed);

describe('chirps', () => {
  it("have PyTorch's phases and noise: rand, then randn", () => {
    const { x, y } = data.chirps(3, { noise: 0.5, length: 10, generator: seeded() });
    const torch = [
      1.4518274986161614, 0.4314848805707547, 0.17714889230540476, 1.1787899429380024, 0.7407193877629248,
      -0.03260184532400523, 0.04967642475607603, 0.26824799340969485, 1.0266600577400202, 1.9651329063987677,
    ];
    for (const [t, value] of torch.entries()) expect(x.at(0, t).item()).toBeCloseTo(value, 12);
    expect(x.at(2, 9).item()).toBeCloseTo(-0.9698637624134345, 12);
    expect([x.dtype, y.dtype, y.tolist()]).toEqual(['float64', 'int32', [0, 1, 0]]);
  });

  it('fall as they rise, backwards', () => {
    const { x } = data.chirps(2, { phase: 0.3 });
    expect(x.at(0).flip(0).tolist()).toEqual(x.at(1).tolist());
  });

  it('draw nothing without noise where the phase is given, and move by it', () => {
    const generator = seeded();
    const before = generator.getState().tolist();
    const zero = data.chirps(2, { phase: 0, generator }).x;
    expect(generator.getState().tolist()).toEqual(before);
    expect(zero.at(1, 0).item()).toBe(0);
    const upsideDown = data.chirps(2, { phase: Math.PI, generator }).x;
    expect(upsideDown.add(zero).abs().max().item()).toBeLessThan(1e-12);
    expect(data.chirps(1, { phase: 0, noise: 0.1, generator: seeded() }).x.sub(zero.at(0)).std().item()).toBeCloseTo(
      0.1,
      1,
    );
  });

  it('go up in pitch from 1/16 to 0.4 swings per sample', () => {
    const { x, y } = data.chirps(2, { generator: seeded() });
    const loudest = classic.spectrogram(x, { window: 32, hop: 32 }).argmax(1).tolist() as number[][];
    const rising = loudest[(y.tolist() as number[]).indexOf(1)]!;
    expect(rising[0]).toBe(3); // 32 · (1/16 + a sixteenth of the way)
    expect(rising[7]).toBe(12);
    expect(rising.every((pitch, j) => j === 0 || pitch >= rising[j - 1]!)).toBe(true);
  });

  it('say what they cannot be', () => {
    expect(() => data.chirps(0)).toThrow('n must be a whole number from 1 on, got 0');
    expect(() => data.chirps(2, { length: 1 })).toThrow('length must be a whole number from 2 on, got 1');
    expect(() => data.chirps(2, { noise: -1 })).toThrow('noise must be 0 or more, got -1');
    expect(() => data.chirps(2, { phase: Number.NaN })).toThrow('phase must be finite, got NaN');
    expect(() => data.chirps(2, { loud: 1 } as never)).toThrow('there is no option loud');
  });
});
