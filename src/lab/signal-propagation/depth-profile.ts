import { noGrad } from '../../autograd';
import { describe } from '../../describe';
import { ValueError } from '../../errors';
import type { Generator } from '../../random';
import { tensor } from '../../tensor/creation';
import { randn } from '../../tensor/random-creation';
import type { Tensor } from '../../tensor/tensor';
import { gaussianNodes } from '../numeric';

/** An elementwise function of a tensor, such as `relu`. */
export type Activation = (x: Tensor) => Tensor;

/** Options of {@link depthProfile}. */
export interface DepthProfileOptions {
  /** The number of layers, if one function is used for all. Default: 20. */
  depth?: number;
  /** The units of each layer. Default: 100. */
  width?: number;
  /** The number of samples. Default: 50. */
  n?: number;
  /** g: the weights are drawn from N(0, g²/width). Default: 1. */
  gain?: number;
  /** Changes the drawn weights [width, width] of each layer in place, such as `nn.init.orthogonal_`. Default: none. */
  init?: (weight: Tensor) => unknown;
  /** The source of random numbers. Default: the default generator. */
  generator?: Generator;
}

/** The effect of depth on a signal and on its gradient; one number for the input and for each layer. */
export interface DepthProfile {
  /** The root of the mean square of the layer's outputs. */
  signal: number[];
  /** Likewise for the gradient with respect to them, relative to the last layer's. */
  gradient: number[];
  /** The mean cosine of the outputs for two inputs whose cosine is 0.9. */
  cosine: number[];
}

/** Options of {@link meanField}. */
export interface MeanFieldOptions {
  /** The number of layers, if one function is used for all. Default: 20. */
  depth?: number;
  /** g of weights from N(0, g²/width). Default: 1. */
  gain?: number;
}

const atStart = 0.9;

/**
 * Sends random samples through a random net without biases, h ← f(W h), and a random gradient back. It measures how
 * their magnitudes change from layer to layer, and whether two inputs remain distinguishable. In float64. Nothing is
 * trained.
 *
 * `activation` is one function for all layers, or a list with one for each. With the same seed the weights of two gains
 * are multiples of each other.
 * @throws {ValueError} if `depth`, `width` or `n` is not a whole number above 0, or `gain` is negative or not finite.
 */
export function depthProfile(
  activation: Activation | readonly Activation[],
  options: DepthProfileOptions = {},
): DepthProfile & {
  /** The outputs of each layer, [n, width], the input first. */
  outputs: Tensor[];
} {
  const layers = listed(activation, options.depth);
  const { width = 100, n = 50, gain = 1, init, generator } = options;
  check('depthProfile', { depth: layers.length, width, n }, gain);
  const draw = (rows: number) => randn([rows, width], { dtype: 'float64', ...(generator && { generator }) });
  const input = draw(n).requiresGrad_();
  const near = noGrad(() => input.mul(atStart).add(draw(n).mul(Math.sqrt(1 - atStart * atStart))));
  const outputs: Tensor[] = [input];
  const nearby: Tensor[] = [near];
  for (const f of layers) {
    const weight = draw(width).mul(gain / Math.sqrt(width));
    noGrad(() => init?.(weight));
    const output = f(outputs.at(-1)!.matmul(weight.t()));
    output.retainGrad();
    outputs.push(output);
    nearby.push(noGrad(() => f(nearby.at(-1)!.matmul(weight.t()))));
  }
  const top = outputs.at(-1)!;
  top.backward(draw(n));
  return noGrad(() => {
    const sizes = outputs.map(({ grad }) => (grad === null ? 0 : rms(grad)));
    return {
      signal: outputs.map(rms),
      gradient: sizes.map((size) => size / sizes.at(-1)!),
      cosine: outputs.map((output, layer) => cosine(output, nearby[layer]!)),
      outputs: outputs.map((output) => output.detach()),
    };
  });
}

/**
 * The limit of {@link depthProfile} for infinitely wide layers, by two integrals for each: q ← E f(g √q z)² for the
 * signal's square, with z from N(0, 1), and a factor g √(E f′(g √q z)²) for the gradient (Poole et al. 2016, Schoenholz
 * et al. 2017); without the cosine.
 *
 * @throws {ValueError} if `depth` is not a whole number above 0, or `gain` is negative or not finite.
 */
export function meanField(
  activation: Activation | readonly Activation[],
  options: MeanFieldOptions = {},
): Omit<DepthProfile, 'cosine'> {
  const layers = listed(activation, options.depth);
  const { gain = 1 } = options;
  check('meanField', { depth: layers.length }, gain);
  const signal = [1];
  const factors: number[] = [];
  for (const f of layers) {
    const { x, weights } = gaussianNodes({ sd: gain * signal.at(-1)! });
    const at = tensor(x, { dtype: 'float64', requiresGrad: true });
    const value = f(at);
    value.sum().backward();
    const mean = (of: Tensor) =>
      noGrad(() =>
        of
          .square()
          .mul(tensor(weights, { dtype: 'float64' }))
          .sum()
          .item(),
      );
    signal.push(Math.sqrt(mean(value.detach())));
    factors.push(at.grad === null ? 0 : gain * Math.sqrt(mean(at.grad)));
  }
  const gradient = [1];
  for (const factor of factors.reverse()) gradient.unshift(gradient[0]! * factor);
  return { signal, gradient };
}

/** The function of each layer: a list unchanged, one function `depth` times. */
export function listed(activation: Activation | readonly Activation[], depth = 20): readonly Activation[] {
  if (typeof activation !== 'function') return activation;
  return Array.from({ length: Number.isInteger(depth) && depth > 0 ? depth : 0 }, () => activation);
}

function rms(x: Tensor): number {
  const largest = x.abs().max().item();
  // Squares of very small and very large numbers underflow or overflow float64.
  return largest > 0 && Number.isFinite(largest) ? largest * Math.sqrt(x.div(largest).square().mean().item()) : largest;
}

function cosine(a: Tensor, b: Tensor): number {
  const unit = (x: Tensor) => x.div(x.abs().amax(1, { keepdim: true }).clamp(Number.MIN_VALUE));
  const [u, v] = [unit(a), unit(b)];
  const lengths = u.square().sum(1).mul(v.square().sum(1)).sqrt();
  return u.mul(v).sum(1).div(lengths).nanmean().item();
}

function check(who: string, sizes: Record<string, number>, gain: number): void {
  for (const [name, value] of Object.entries(sizes))
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError(`${who}: ${name} must be a whole number above 0, got ${describe(value)}`);
    }
  if (!(Number.isFinite(gain) && gain >= 0))
    throw new ValueError(`${who}: gain must be 0 or more, got ${describe(gain)}`);
}
