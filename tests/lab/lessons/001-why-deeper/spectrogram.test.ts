import { describe, expect, it } from 'vitest';
import { gradcheck, tensor } from '../../../../src';
import { ShapeError, ValueError } from '../../../../src/errors';
import { spectrogram } from '../../../../src/lab/lessons/001-why-deeper';

const wave = Array.from({ length: 20 }, (_, i) => Math.sin(3 * i) + 0.1 * i);

/** torch.stft(wave, window, hop, window=hann_window(window), center=False).abs()**2 in PyTorch 2.13. */
const torch: [window: number, hop: number, number[][]][] = [
  [
    8,
    5,
    [
      [2.5543652127259833, 12.982619785580928, 31.326303719195153],
      [0.777087468491504, 3.370180040898919, 8.026420730492541],
      [0.03441370092770824, 0.0037289346087785737, 0.0025411627106120263],
      [1.3476428350649727, 3.7118955860792675, 3.434785559774146],
      [4.417507500112486, 14.033857760777838, 12.88858253986179],
    ],
  ],
  [
    5,
    3,
    [
      [
        0.3701570811464124, 1.9254131157347223, 4.488668134781399, 8.259778050992471, 13.2001829261338,
        19.01888183809058,
      ],
      [
        0.2921909411657675, 0.35863637841374274, 1.5389575537501374, 2.161689180107397, 3.31294427318738,
        5.321952193813494,
      ],
      [
        0.5957628729586342, 2.141807036310915, 3.9926985262302717, 4.345617768141468, 3.604865534512466,
        1.6454205599613179,
      ],
    ],
  ],
];

describe('spectrogram', () => {
  it.each(torch)("has torch.stft's numbers, window %d and hop %d", (window, hop, expected) => {
    const picture = spectrogram(wave, { window, hop });
    expect(picture.shape).toEqual([expected.length, expected[0]!.length]);
    expect(
      picture
        .sub(tensor(expected, { dtype: 'float64' }))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-11);
  });

  it('accepts several sounds at once, keeps the dtype, and passes gradients', () => {
    const both = tensor([wave, wave.map((value) => -2 * value)], { dtype: 'float64', requiresGrad: true });
    const pictures = spectrogram(both, { window: 8, hop: 5 });
    expect(pictures.shape).toEqual([2, 5, 3]);
    expect(pictures.at(1).sub(pictures.at(0).mul(4)).abs().max().item()).toBeLessThan(1e-11);
    expect(spectrogram(tensor(wave), { window: 8, hop: 5 }).dtype).toBe('float32');
    expect(gradcheck((x) => spectrogram(x, { window: 8, hop: 5 }), [both])).toBe(true);
  });

  it('explains mismatched arguments', () => {
    expect(() => spectrogram(wave, { window: 1, hop: 1 })).toThrow('window must be a whole number from 2 on, got 1');
    expect(() => spectrogram(wave, { window: 4, hop: 0 })).toThrow('hop must be a whole number from 1 on, got 0');
    expect(() => spectrogram(wave, undefined as never)).toThrow(ValueError);
    expect(() => spectrogram(wave, { window: 32, hop: 1 })).toThrow(ShapeError);
    expect(() => spectrogram(wave, { window: 32, hop: 1 })).toThrow('a window of 32 samples needs a sound as long');
  });
});
