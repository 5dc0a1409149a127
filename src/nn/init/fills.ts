import { noGrad } from '../../autograd';
import { ShapeError, ValueError } from '../../errors';
import type { GeneratorOption } from '../../ops/filling/random';
import { eye, zeros } from '../../tensor/creation';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';

/** Option of every random initialisation. */
export interface InitOptions extends GeneratorOption {}

/**
 * Fills `x` with numbers uniform in `[from, to)`, in place (`torch.nn.init.uniform_`).
 * @throws {ValueError} unless `from ≤ to`; {@link DtypeError} unless `x` is a float.
 */
export function uniform_(x: Tensor, from = 0, to = 1, options: InitOptions = {}): Tensor {
  return noGrad(() => x.uniform_(from, to, options));
}

/**
 * Fills `x` with normally distributed numbers, in place (`torch.nn.init.normal_`).
 * @throws {ValueError} if the standard deviation is negative; {@link DtypeError} unless `x` is a float.
 */
export function normal_(x: Tensor, mean = 0, std = 1, options: InitOptions = {}): Tensor {
  return noGrad(() => x.normal_(mean, std, options));
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

/**
 * Fills the matrix `x` with ones on the diagonal and zeros elsewhere, in place (`torch.nn.init.eye_`): a linear layer
 * hands its inputs through.
 * @throws {ShapeError} unless there are two dimensions.
 */
export function eye_(x: Tensor): Tensor {
  const [rows, columns] = matrixShape('eye_', x);
  return noGrad(() => x.copy_(eye(rows, columns)));
}

/** @throws {ShapeError} unless there are two dimensions. @internal */
export function matrixShape(op: string, x: Tensor): [number, number] {
  if (x.ndim !== 2)
    throw new ShapeError(`${op}: needs a matrix, with two dimensions, got shape ${formatShape(x.shape)}`);
  return [x.shape[0], x.shape[1]];
}

/** Option of {@link dirac_}. */
export interface DiracOptions {
  /** Number of groups of output channels that each pass on the inputs; default 1. */
  groups?: number;
}

/**
 * Fills the weight `[out, in, …kernel]` of a convolution so that it hands its input channels through, in place
 * (`torch.nn.init.dirac_`): 1 in the middle of the kernel from each input channel to the output channel of the same
 * number in its group, else 0.
 * @throws {ShapeError} unless there are three to five dimensions; {@link ValueError} if the output channels do not divide
 * into the groups.
 */
export function dirac_(x: Tensor, options: DiracOptions = {}): Tensor {
  const { groups = 1 } = options;
  const { shape } = x;
  if (shape.length < 3 || shape.length > 5)
    throw new ShapeError(`dirac_: needs a weight [out, in, …] of three to five dimensions, got ${formatShape(shape)}`);
  if (!Number.isInteger(groups) || groups < 1 || shape[0] % groups !== 0)
    throw new ValueError(`dirac_: ${shape[0]} output channels do not divide into ${groups} groups`);
  const perGroup = shape[0] / groups;
  const weight = zeros(shape, { dtype: x.dtype });
  const { memory: to, stride } = weight;
  const middle = shape.slice(2).reduce((at, n, d) => at + Math.floor(n / 2) * stride[d + 2], 0);
  for (let group = 0; group < groups; group++)
    for (let d = 0; d < Math.min(perGroup, shape[1]); d++)
      to[(group * perGroup + d) * stride[0] + d * stride[1] + middle] = 1;
  return noGrad(() => x.copy_(weight));
}
