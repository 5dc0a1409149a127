import { describe } from '../../describe';
import { ShapeError, ValueError } from '../../errors';
import { requireFloat } from '../../ops/table/arguments';
import { defaultGenerator, fillBernoulli } from '../../random';
import { batching, drawnForEach } from '../../tensor/batched';
import { arange, emptyLike as blankLike, zerosLike } from '../../tensor/creation';
import { checkDim, formatShape } from '../../tensor/shape';
import { empty, emptyLike, type Tensor } from '../../tensor/tensor';
import { requireSpatial } from '../spatial';

/** Options of the dropout functions. */
export interface DropoutOptions {
  /** Drop elements; without it the input comes back unchanged. Default `true`. */
  training?: boolean;
  /** Overwrite the input; default `false`. */
  inplace?: boolean;
}

/**
 * @throws {ValueError} if the probability is not from 0 to 1.
 * @internal
 */
export function checkDropout(op: string, p: number): void {
  if (typeof p === 'object' && p !== null)
    throw new ValueError(
      `${op}: the probability of dropping is a number before the options, as in dropout(x, 0.5, { training: false }), got ${describe(p)}`,
    );
  if (!(typeof p === 'number' && p >= 0 && p <= 1))
    throw new ValueError(`${op}: the probability of dropping is ${describe(p)}; it must be from 0 to 1`);
}

/** Where a mask has the same value: nowhere, or all over a channel of a batch `[N, C, …]`. */
type Alike = 'nowhere' | 'channel';

/** Ones and zeros, as many zeros on average as `p` says, in a shape that broadcasts to that of `x`. */
function keptMask(op: string, x: Tensor, p: number, alike: Alike): Tensor {
  requireFloat(op, x);
  if (alike === 'channel' && x.ndim < 2)
    throw new ShapeError(`${op}: needs channels, a shape [N, C, …], got ${formatShape(x.sizes)}`);
  const drawn = (mask: Tensor) => {
    fillBernoulli(mask.memory, 1 - p, defaultGenerator);
    return mask;
  };
  const ofChannels = () => [...x.sizes.slice(0, 2), ...x.sizes.slice(2).fill(1)];
  if (batching.depth !== 0)
    return drawnForEach(
      alike === 'channel' ? ofChannels() : x.sizes,
      (shape) => drawn(empty(shape, x.dtype)),
      () => defaultGenerator.bytes(),
    );
  return drawn(alike === 'channel' ? empty(ofChannels(), x.dtype) : emptyLike(x, x.dtype));
}

/** The frame of all dropouts: what to do where there is nothing to draw, and `drop` where there is. */
function dropped(
  op: string,
  x: Tensor,
  p: number,
  { training = true, inplace = false }: DropoutOptions,
  drop: (multiply: (mask: Tensor) => Tensor) => Tensor,
): Tensor {
  checkDropout(op, p);
  if (p === 0 || !training || x.numel() === 0) return x;
  const multiply = (mask: Tensor) => (inplace ? x.mul_(mask) : x.mul(mask));
  // A product, so that signs, infinities and the gradient come out as PyTorch's.
  return p === 1 ? multiply(zerosLike(x)) : drop(multiply);
}

function plain(op: string, x: Tensor, p: number, options: DropoutOptions, alike: Alike): Tensor {
  return dropped(op, x, p, options, (multiply) => multiply(keptMask(op, x, p, alike).div_(1 - p)));
}

/** The limit of SELU for large negative inputs, with the opposite sign: α' = λα. */
const SELU_LIMIT = 1.7580993408473766;

function alpha(op: string, x: Tensor, p: number, options: DropoutOptions, alike: Alike): Tensor {
  return dropped(op, x, p, { ...options, training: options.training ?? false }, (multiply) => {
    const mask = keptMask(op, x, p, alike);
    const scale = 1 / Math.sqrt((SELU_LIMIT ** 2 * p + 1) * (1 - p));
    const shift = mask
      .sub(1)
      .mul_(SELU_LIMIT * scale)
      .add_(SELU_LIMIT * scale * p);
    return multiply(mask.mul_(scale)).add_(shift);
  });
}

/** Channels of an input that may lack the dimension of the batch, if it has only `dims` dimensions. */
function channels(op: string, x: Tensor, dims: number, p: number, options: DropoutOptions): Tensor {
  if (x.ndim !== dims) return plain(op, x, p, options, 'channel');
  const y = plain(op, x.unsqueeze(0), p, options, 'channel').squeeze(0);
  return options.inplace ? x : y;
}

/**
 * Sets each element to 0 with probability `p` and divides the others by `1 - p` (`torch.nn.functional.dropout`).
 * @example
 * manualSeed(420);
 * nn.functional.dropout(ones([6]), 0.5) // tensor([2., 0., 0., 2., 2., 0.])
 * @throws {ValueError} if `p` is not from 0 to 1; {@link DtypeError} for integers.
 */
export function dropout(input: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return plain('dropout', input, p, options, 'nowhere');
}

/**
 * Like {@link dropout}, but for whole channels: `input` is `[N, C, L]`, or `[C, L]` (`torch.nn.functional.dropout1d`).
 * @throws {ShapeError} for another number of dimensions; {@link ValueError} if `p` is not from 0 to 1.
 */
export function dropout1d(input: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  requireSpatial('dropout1d', input, 1);
  return channels('dropout1d', input, 2, p, options);
}

/**
 * Like {@link dropout}, but for whole channels: `input` is `[N, C, H, W]` (`torch.nn.functional.dropout2d`); three
 * dimensions count as `[N, C, L]`.
 * @throws {ShapeError} for fewer than two dimensions; {@link ValueError} if `p` is not from 0 to 1.
 */
export function dropout2d(input: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return plain('dropout2d', input, p, options, 'channel');
}

/**
 * Like {@link dropout}, but for whole channels: `input` is `[N, C, D, H, W]`, or `[C, D, H, W]`
 * (`torch.nn.functional.dropout3d`).
 * @throws {ShapeError} for fewer than two dimensions; {@link ValueError} if `p` is not from 0 to 1.
 */
export function dropout3d(input: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return channels('dropout3d', input, 4, p, options);
}

/**
 * Dropout for networks of SELU (`torch.nn.functional.alpha_dropout`): dropped elements become the limit of SELU, and
 * mean and spread stay as they were. `training` is `false` by default here.
 * @throws {ValueError} if `p` is not from 0 to 1; {@link DtypeError} for integers.
 */
export function alphaDropout(input: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return alpha('alphaDropout', input, p, options, 'nowhere');
}

/**
 * Like {@link alphaDropout}, but for whole channels of `[N, C, …]` (`torch.nn.functional.feature_alpha_dropout`).
 * @throws {ShapeError} for fewer than two dimensions; {@link ValueError} if `p` is not from 0 to 1.
 */
export function featureAlphaDropout(input: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return alpha('featureAlphaDropout', input, p, options, 'channel');
}

/** Options of {@link gumbelSoftmax}. */
export interface GumbelSoftmaxOptions {
  /** Temperature: the lower, the closer to a choice of one; default 1. */
  tau?: number;
  /** Give exactly one 1, with the gradient of the soft result; default `false`. */
  hard?: boolean;
  /** Has no effect; here for PyTorch's sake. */
  eps?: number;
  /** The dimension whose elements sum to 1; default the last. */
  dim?: number;
}

/**
 * A random choice among the elements along a dimension that a gradient flows through
 * (`torch.nn.functional.gumbel_softmax`): `softmax((logits + g) / τ)` with `g = -ln(-ln u)` for uniform `u`.
 * @throws {IndexError} if there is no such dimension; {@link DtypeError} for integers.
 */
export function gumbelSoftmax(logits: Tensor, options: GumbelSoftmaxOptions = {}): Tensor {
  const { tau = 1, hard = false, dim = -1 } = options;
  requireFloat('gumbelSoftmax', logits);
  const d = checkDim('gumbelSoftmax', dim, logits.ndim);
  const gumbels = (batching.depth === 0 ? empty(logits.sizes, logits.dtype) : blankLike(logits))
    .exponential_()
    .log()
    .neg();
  const soft = logits.add(gumbels).div(tau).softmax(dim);
  if (!hard) return soft;
  const places = arange(logits.sizes[d]).reshape(logits.sizes.map((n, k) => (k === d ? n : 1)));
  const choice = soft.argmax(d, { keepdim: true }).eq(places).to(logits.dtype);
  return choice.sub(soft.detach()).add(soft);
}
