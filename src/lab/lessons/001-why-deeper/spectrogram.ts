import { describe } from '../../../describe';
import { ShapeError, ValueError } from '../../../errors';
import { tensor } from '../../../tensor/creation';
import { Tensor } from '../../../tensor/tensor';

/** Options of {@link spectrogram}. */
export interface SpectrogramOptions {
  /** The samples per window. */
  window: number;
  /** The samples between the starts of windows. */
  hop: number;
}

/**
 * A picture of a sound, pitch by time: the power of each pitch in each short window, P[k, j] = |Σₜ h[t] x[j · hop + t]
 * e^(-2πi k t / window)|², with Hann's window h[t] = ½ - ½ cos(2πt / window). Row k is the pitch of k swings per
 * window, from 0 to half the window, and column j the window that begins at sample j · hop; there is no padding. It is
 * computed by two matrix products, of the windows with cosines and sines, so it is differentiable. It is the squared
 * magnitude of `torch.stft` with `hann_window` and `center=False`.
 *
 * @example
 * const { x } = chirps(6);
 * spectrogram(x, { window: 32, hop: 18 }).shape // [6, 17, 13]
 * @param wave one sound [n] or several [..., n]; a list of numbers is read as float64.
 * @returns the powers, [pitches, windows] or [..., pitches, windows].
 * @throws {ValueError} if `window` is not a whole number from 2 on or `hop` from 1 on; {@link ShapeError} if the
 *   sound is shorter than the window.
 */
export function spectrogram(wave: Tensor | ArrayLike<number>, options: SpectrogramOptions): Tensor {
  const { window, hop } = options ?? ({} as SpectrogramOptions);
  for (const [name, value, least] of [
    ['window', window, 2],
    ['hop', hop, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least)
      throw new ValueError(`spectrogram: ${name} must be a whole number from ${least} on, got ${describe(value)}`);
  }
  const x = wave instanceof Tensor ? wave : tensor(Array.from(wave ?? []), { dtype: 'float64' });
  const length = x.shape.at(-1) ?? 0;
  if (length < window)
    throw new ShapeError(`spectrogram: a window of ${window} samples needs a sound as long, got ${describe(wave)}`);
  const wheel = (turn: (angle: number) => number) =>
    tensor(
      Array.from({ length: window }, (_, t) => {
        const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * t) / window);
        // Whole turns are subtracted, so that angles stay small and exact.
        return Array.from(
          { length: Math.floor(window / 2) + 1 },
          (_, k) => hann * turn((2 * Math.PI * ((k * t) % window)) / window),
        );
      }),
      { dtype: x.dtype },
    );
  const pieces = x.unfold(-1, window, hop);
  const [real, imaginary] = [pieces.matmul(wheel(Math.cos)), pieces.matmul(wheel(Math.sin))];
  return real.square().add(imaginary.square()).transpose(-1, -2).contiguous();
}
