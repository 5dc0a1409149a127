import { noGrad } from '../autograd';
import { DtypeError, ShapeError, ValueError } from '../errors';
import { numel } from '../kernels/strides';
import { checkWritable } from '../ops/inplace';
import { defaultGenerator, fillNormal, fillUniform, type Generator } from '../random';
import { isFloat } from '../tensor/dtype';
import { formatShape, type Shape } from '../tensor/shape';
import { fresh, type Tensor } from '../tensor/tensor';

/** Option of every random initialisation. */
export interface InitOptions {
  /** Where the numbers come from; default: the generator that `manualSeed` starts. */
  generator?: Generator;
}

/** Names that {@link calculateGain} knows. */
export type Nonlinearity = 'linear' | 'conv1d' | 'conv2d' | 'sigmoid' | 'tanh' | 'relu' | 'leaky_relu' | 'selu';

/**
 * The factor by which an initialisation makes up for what an activation does to the spread of its inputs
 * (`torch.nn.init.calculate_gain`); `param` is the negative slope of `leaky_relu`, 0.01 by default.
 * @throws {ValueError} if the name is unknown.
 */
export function calculateGain(nonlinearity: Nonlinearity, param = 0.01): number {
  switch (nonlinearity) {
    case 'linear':
    case 'conv1d':
    case 'conv2d':
    case 'sigmoid':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + param ** 2));
    case 'selu':
      return 3 / 4;
    default:
      throw new ValueError(
        `calculateGain: no gain is known for ${JSON.stringify(nonlinearity)}; ` +
          'use linear, conv1d, conv2d, sigmoid, tanh, relu, leaky_relu or selu',
      );
  }
}

/** Numbers of inputs and outputs that meet in one unit, from the shape of a weight `[out, in, …kernel]`. */
function fans(op: string, shape: Shape): { in: number; out: number } {
  if (shape.length < 2)
    throw new ShapeError(`${op}: a weight has two dimensions or more, [out, in, …], got shape ${formatShape(shape)}`);
  const kernel = numel(shape.slice(2));
  return { in: shape[1] * kernel, out: shape[0] * kernel };
}

type FloatArray = Float32Array | Float64Array;

/** Overwrites the elements of `x` with what `fill` draws; history is not recorded. */
function overwrite(op: string, x: Tensor, fill: (data: FloatArray, contiguous: boolean) => void): Tensor {
  if (!isFloat(x.dtype)) throw new DtypeError(`${op}: needs a float32 or float64 tensor, got ${x.dtype}`);
  return noGrad(() => {
    checkWritable(op, x);
    const values = fresh(x.toArray(), x.shape, x.dtype);
    fill(values.data as FloatArray, x.isContiguous());
    return x.copy_(values);
  });
}

/** Fills `x` with numbers uniform in `[from, to)`, in place (`torch.nn.init.uniform_`). */
export function uniform_(x: Tensor, from = 0, to = 1, options: InitOptions = {}): Tensor {
  if (!(from <= to)) throw new ValueError(`uniform_: from ${from} to ${to} is no interval; from must not exceed to`);
  return overwrite('uniform_', x, (data) => fillUniform(data, from, to, options.generator ?? defaultGenerator));
}

/** Fills `x` with normally distributed numbers, in place (`torch.nn.init.normal_`). */
export function normal_(x: Tensor, mean = 0, std = 1, options: InitOptions = {}): Tensor {
  if (!(std >= 0)) throw new ValueError(`normal_: the standard deviation is ${std}; it must be 0 or more`);
  return overwrite('normal_', x, (data, contiguous) =>
    fillNormal(data, mean, std, options.generator ?? defaultGenerator, contiguous),
  );
}

/** Fills `x` with `value`, in place (`torch.nn.init.constant_`). */
export function constant_(x: Tensor, value: number): Tensor {
  return noGrad(() => x.fill_(value));
}

/** Fills `x` with zeros, in place (`torch.nn.init.zeros_`). */
export function zeros_(x: Tensor): Tensor {
  return constant_(x, 0);
}

/** Fills `x` with ones, in place (`torch.nn.init.ones_`). */
export function ones_(x: Tensor): Tensor {
  return constant_(x, 1);
}

/** Options of the initialisations after Glorot. */
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
  return uniform_(x, -bound, bound, options);
}

/** Glorot's initialisation: normal with standard deviation `gain·√(2 / (in + out))` (`torch.nn.init.xavier_normal_`). */
export function xavierNormal_(x: Tensor, options: XavierOptions = {}): Tensor {
  return normal_(x, 0, glorot('xavierNormal_', x, options.gain), options);
}

/** Options of the initialisations after He. */
export interface KaimingOptions extends InitOptions {
  /** Negative slope of the rectifier that follows, for `leaky_relu`; default 0. */
  a?: number;
  /** Keep the spread of the inputs (`fan_in`, the default) or of the gradients (`fan_out`). */
  mode?: 'fan_in' | 'fan_out';
  /** What follows the layer; default `leaky_relu`. */
  nonlinearity?: Nonlinearity;
}

function he(op: string, x: Tensor, { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions): number {
  if (mode !== 'fan_in' && mode !== 'fan_out')
    throw new ValueError(`${op}: mode is ${JSON.stringify(mode)}; use 'fan_in' or 'fan_out'`);
  const fan = fans(op, x.shape);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fan.in : fan.out);
}

/** He's initialisation: uniform with standard deviation `gain / √fan` (`torch.nn.init.kaiming_uniform_`). */
export function kaimingUniform_(x: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * he('kaimingUniform_', x, options);
  return uniform_(x, -bound, bound, options);
}

/** He's initialisation: normal with standard deviation `gain / √fan` (`torch.nn.init.kaiming_normal_`). */
export function kaimingNormal_(x: Tensor, options: KaimingOptions = {}): Tensor {
  return normal_(x, 0, he('kaimingNormal_', x, options), options);
}
