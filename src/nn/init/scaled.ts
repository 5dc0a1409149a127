import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { numel } from '../../kernels/strides';
import { requireOneOf } from '../../ops/table/arguments';
import { checkKind } from '../../options';
import { formatShape, type Shape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { type InitOptions, normal_, uniform_ } from './fills';

/** Names that {@link calculateGain} knows. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu';

const one = () => 1;

const gains: Record<Nonlinearity, (slope: number) => number> = {
  linear: one,
  conv1d: one,
  conv2d: one,
  conv3d: one,
  conv_transpose1d: one,
  conv_transpose2d: one,
  conv_transpose3d: one,
  sigmoid: one,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leaky_relu: (slope: number) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: () => 3 / 4,
};

/**
 * The factor by which an initialisation makes up for what an activation does to the spread of its inputs
 * (`torch.nn.init.calculate_gain`); `param` is the negative slope of `leaky_relu`, 0.01 by default.
 * @throws {ValueError} if the name is unknown.
 */
export function calculateGain(nonlinearity: Nonlinearity, param = 0.01): number {
  if (typeof nonlinearity !== 'string' || !Object.hasOwn(gains, nonlinearity))
    throw new ValueError(
      `calculateGain: no gain is known for ${describe(nonlinearity)}; use one of ${Object.keys(gains).join(', ')}`,
    );
  checkKind('calculateGain', 'param', param, 'number');
  return gains[nonlinearity](param);
}

/** The numbers of inputs and outputs of a unit, from the shape of a weight `[out, in, …kernel]`. */
function fans(op: string, shape: Shape): { in: number; out: number } {
  if (shape.length < 2)
    throw new ShapeError(`${op}: a weight has two dimensions or more, [out, in, …], got shape ${formatShape(shape)}`);
  const kernel = numel(shape.slice(2));
  return { in: shape[1] * kernel, out: shape[0] * kernel };
}

/** Options of Glorot's initialisations. */
export interface XavierOptions extends InitOptions {
  /** A factor; see {@link calculateGain}; default 1. */
  gain?: number;
}

const glorot = (op: string, x: Tensor, gain = 1) => {
  const fan = fans(op, x.shape);
  return gain * Math.sqrt(2 / (fan.in + fan.out));
};

/** Glorot's initialisation: uniform with standard deviation `gain·√(2 / (in + out))` (`torch.nn.init.xavier_uniform_`). */
export function xavierUniform_(x: Tensor, options: XavierOptions = {}): Tensor {
  const bound = Math.sqrt(3) * glorot('xavierUniform_', x, options.gain);
  return uniform_(x, -bound, bound, { generator: options.generator });
}

/** Glorot's initialisation: normal with standard deviation `gain·√(2 / (in + out))` (`torch.nn.init.xavier_normal_`). */
export function xavierNormal_(x: Tensor, options: XavierOptions = {}): Tensor {
  return normal_(x, 0, glorot('xavierNormal_', x, options.gain), { generator: options.generator });
}

/** Options of He's initialisations. */
export interface KaimingOptions extends InitOptions {
  /** Negative slope of the rectifier after the layer, for `leaky_relu`; default 0. */
  a?: number;
  /** Preserve the variance of the inputs (`fan_in`, the default) or of the gradients (`fan_out`). */
  mode?: 'fan_in' | 'fan_out';
  /** The nonlinearity after the layer; default `leaky_relu`. */
  nonlinearity?: Nonlinearity;
}

function he(op: string, x: Tensor, { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions): number {
  requireOneOf(op, { mode }, ['fan_in', 'fan_out']);
  const fan = fans(op, x.shape);
  // Nothing to fill: this avoids a division by an inner size of 0.
  return x.numel() === 0 ? 0 : calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fan.in : fan.out);
}

/** He's initialisation: uniform with standard deviation `gain / √fan` (`torch.nn.init.kaiming_uniform_`). */
export function kaimingUniform_(x: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * he('kaimingUniform_', x, options);
  return uniform_(x, -bound, bound, { generator: options.generator });
}

/**
 * He's initialisation: normal with standard deviation `gain / √fan` (`torch.nn.init.kaiming_normal_`).
 *
 * @example
 * manualSeed(1);
 * const weight = nn.init.kaimingNormal_(zeros([200, 100]), { nonlinearity: 'relu' });
 * weight.std().item().toFixed(2) // '0.14'
 */
export function kaimingNormal_(x: Tensor, options: KaimingOptions = {}): Tensor {
  return normal_(x, 0, he('kaimingNormal_', x, options), { generator: options.generator });
}
