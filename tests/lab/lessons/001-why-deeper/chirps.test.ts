import { describe, expect, it } from 'vitest';
import { Generator } from '../../../../src';
import * as lesson from '../../../../src/lab/lessons/001-why-deeper';

const seeded = (seed = 7) => new Generator().manualSeed(seed);

describe('chirps', () => {
  it("have PyTorch's pitches, phases and noise: rand twice, then randn", () => {
    const { x, y } = lesson.chirps(3, { noise: 0.5, length: 10, generator: seeded() });
    const torch = [
      1.7830537824745432, -0.6037457770961687, -0.1333261218400713, 1.263598824036637, 0.20616237279896463,
      -1.0783405652558649, -1.0501230335835225, 0.1863740750389975, 0.4659401644713743, 1.0757375479745908,
    ];
    for (const [t, value] of torch.entries()) expect(x.at(0, t).item()).toBeCloseTo(value, 12);
    expect(x.at(2, 9).item()).toBeCloseTo(-1.832674161006651, 12);
    expect([x.dtype, y.dtype, y.tolist()]).toEqual(['float64', 'int32', [0, 1, 0]]);
  });

  const pitches = [1 / 16, 0.4] as const;

  it('fall as they rise, backwards', () => {
    const { x } = lesson.chirps(2, { phase: 0.3, pitches });
    expect(x.at(0).flip(0).tolist()).toEqual(x.at(1).tolist());
  });

  it('draw nothing without noise and with given pitches and phase, and are shifted by these', () => {
    const generator = seeded();
    const before = generator.getState().tolist();
    const zero = lesson.chirps(2, { phase: 0, pitches, generator }).x;
    expect(generator.getState().tolist()).toEqual(before);
    expect(zero.at(1, 0).item()).toBe(0);
    const upsideDown = lesson.chirps(2, { phase: Math.PI, pitches, generator }).x;
    expect(upsideDown.add(zero).abs().max().item()).toBeLessThan(1e-12);
    const noisy = lesson.chirps(1, { phase: 0, pitches, noise: 0.1, generator: seeded() }).x;
    expect(noisy.sub(zero.at(0)).std().item()).toBeCloseTo(0.1, 1);
    const steady = lesson.chirps(2, { phase: 0, pitches: [0.25, 0.25], length: 8 }).x;
    for (const [t, value] of [0, 1, 0, -1, 0, 1, 0, -1].entries())
      expect(steady.at(1, t).item()).toBeCloseTo(value, 12);
  });

  it('rise in pitch from end to end, if every second one rises', () => {
    const { x, y } = lesson.chirps(2, { pitches, generator: seeded() });
    const loudest = lesson.spectrogram(x, { window: 32, hop: 32 }).argmax(1).tolist() as number[][];
    const rising = loudest[(y.tolist() as number[]).indexOf(1)]!;
    expect(rising[0]).toBe(3); // 32 · (1/16 + a sixteenth of the distance)
    expect(rising[7]).toBe(12);
    expect(rising.every((pitch, j) => j === 0 || pitch >= rising[j - 1]!)).toBe(true);
  });

  it('reject invalid arguments', () => {
    expect(() => lesson.chirps(0)).toThrow('n must be a whole number from 1 on, got 0');
    expect(() => lesson.chirps(2, { length: 1 })).toThrow('length must be a whole number from 2 on, got 1');
    expect(() => lesson.chirps(2, { noise: -1 })).toThrow('noise must be 0 or more, got -1');
    expect(() => lesson.chirps(2, { phase: Number.NaN })).toThrow('phase must be finite, got NaN');
    expect(() => lesson.chirps(2, { pitches: [0.3, 0.2] })).toThrow('pitches must be [low, high] from 0 to 0.5');
    expect(() => lesson.chirps(2, { pitches: [0.3, 0.6] })).toThrow('pitches must be [low, high] from 0 to 0.5');
    expect(() => lesson.chirps(2, { loud: 1 } as never)).toThrow('there is no option loud');
  });
});
