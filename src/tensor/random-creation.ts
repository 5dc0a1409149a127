import { describe } from '../describe';
import { DtypeError, ValueError } from '../errors';
import type { NumberArray } from '../kernels/strides';
import * as names from '../option-names';
import { checkOptions } from '../options';
import { defaultGenerator, fillIntegers, fillNormal, fillPermutation, fillUniform, type Generator } from '../random';
import { batching, drawnForEach } from './batched';
import { type CreationOptions, finish } from './creation';
import { checkDtype, type Dtype, isFloat } from './dtype';
import { checkShape, refuseTensor, type Shape } from './shape';
import { empty, emptyLike, Tensor } from './tensor';

/** Options of every function that makes a tensor of random numbers. */
export interface RandomOptions extends CreationOptions {
  /** The generator to draw from; default: the one that `manualSeed` seeds. */
  generator?: Generator;
}

type FloatArray = Float32Array | Float64Array;

/** Checks everything, then lets `fill` draw the numbers. @internal */
export function drawn<A extends NumberArray>(
  op: string,
  like: Shape | number | Tensor,
  dtype: Dtype,
  options: RandomOptions,
  fill: (data: A, generator: Generator, contiguous: boolean) => void,
): Tensor {
  checkDtype(op, dtype);
  if (batching.depth !== 0) {
    const shape = like instanceof Tensor ? like.sizes : ofShape(op, like, dtype).sizes;
    return drawnForEach(
      shape,
      (all) => filledWith(empty(all, dtype)),
      () => defaultGenerator.bytes(),
    );
  }
  return filledWith(like instanceof Tensor ? emptyLike(like, dtype) : ofShape(op, like, dtype));

  function filledWith(blank: Tensor): Tensor {
    const x = finish(op, blank, options);
    fill(x.memory as A, options.generator ?? defaultGenerator, x.isContiguous());
    return x;
  }
}

function ofShape(op: string, shape: Shape | number, dtype: Dtype): Tensor {
  const sizes = typeof shape === 'number' ? [shape] : shape;
  checkShape(op, sizes);
  return empty([...sizes], dtype);
}

/** The dtype, float32 unless one is given. @throws {DtypeError} unless it is a float. @internal */
export function floatDtype(op: string, dtype: Dtype = 'float32'): Dtype {
  checkDtype(op, dtype);
  if (!isFloat(dtype))
    throw new DtypeError(`${op}: makes float32 or float64 numbers, not ${dtype}; use randint() for whole numbers`);
  return dtype;
}

const uniformNumbers = (op: string, like: Shape | number | Tensor, options: RandomOptions) =>
  drawn<FloatArray>(op, like, floatDtype(op, options.dtype), options, (data, generator) =>
    fillUniform(data, 0, 1, generator),
  );

/**
 * Normally distributed numbers of mean `mean` and standard deviation `std`.
 * @throws {ValueError} if `std` is negative; {@link DtypeError} unless the dtype is a float.
 * @internal
 */
export function normalNumbers(
  op: string,
  like: Shape | number | Tensor,
  mean: number,
  std: number,
  options: RandomOptions,
): Tensor {
  if (!(std >= 0)) throw new ValueError(`${op}: the standard deviation is ${std}; it must be 0 or more`);
  return drawn<FloatArray>(op, like, floatDtype(op, options.dtype), options, (data, generator, contiguous) =>
    fillNormal(data, mean, std, generator, contiguous),
  );
}

/**
 * Numbers uniform in `[0, 1)` (`torch.rand`), the same as PyTorch's for the same seed.
 * @example
 * manualSeed(420);
 * rand(3) // tensor([0.8054, 0.1990, 0.9759])
 * @throws {DtypeError} unless the dtype is a float; {@link ShapeError} if a size is negative or fractional.
 */
export function rand(shape: Shape | number, options: RandomOptions = {}): Tensor {
  refuseTensor('rand', shape);
  return uniformNumbers('rand', shape, options);
}

/**
 * Normally distributed numbers with mean 0 and standard deviation 1 (`torch.randn`), the same as PyTorch's for the same
 * seed (float64: within a few units in the last place).
 * @throws {DtypeError} unless the dtype is a float; {@link ShapeError} if a size is negative or fractional.
 */
export function randn(shape: Shape | number, options: RandomOptions = {}): Tensor {
  refuseTensor('randn', shape);
  return normalNumbers('randn', shape, 0, 1, options);
}

/** Like {@link rand} with the shape of `x`, and its dtype unless one is given (`torch.rand_like`). */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  if (!(x instanceof Tensor)) throw new ValueError('randLike: the input must be a tensor');
  return uniformNumbers('randLike', x, { dtype: x.dtype, ...options });
}

/** Like {@link randn} with the shape of `x`, and its dtype unless one is given (`torch.randn_like`). */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  if (!(x instanceof Tensor)) throw new ValueError('randnLike: the input must be a tensor');
  return normalNumbers('randnLike', x, 0, 1, { dtype: x.dtype, ...options });
}

/** The largest whole number up to which a dtype holds them all. @internal */
export const largest: Record<Dtype, number> = {
  bool: 1,
  uint8: 255,
  int32: 2 ** 31 - 1,
  float32: 2 ** 24,
  float64: 2 ** 53,
};
const smallest = (dtype: Dtype) => (dtype === 'bool' || dtype === 'uint8' ? 0 : -largest[dtype] - +(dtype === 'int32'));

/**
 * @throws {ValueError} if `high` is not above `low`, or the dtype does not hold the numbers from `low` to `high - 1`.
 * @internal
 */
export function checkBounds(op: string, low: number, high: number, dtype: Dtype): void {
  if (!Number.isInteger(low) || !Number.isInteger(high) || high <= low)
    throw new ValueError(
      `${op}: no whole number from ${describe(low)} up to, but not including, ${describe(high)}; high must be above low`,
    );
  if (low < smallest(dtype) || high - 1 > largest[dtype])
    throw new ValueError(
      `${op}: ${dtype} holds whole numbers from ${smallest(dtype)} to ${largest[dtype]}, asked for ${low} to ${high - 1}` +
        `${dtype === 'int32' ? '; use float64' : ''}`,
    );
}

function integers(
  op: string,
  like: Shape | Tensor,
  low: number,
  high: number,
  dtype: Dtype,
  options: RandomOptions,
): Tensor {
  checkDtype(op, dtype);
  checkBounds(op, low, high, dtype);
  return drawn(op, like, dtype, options, (data, generator) => fillIntegers(data, low, high - 1, generator));
}

/**
 * Whole numbers from `low` (default 0) to `high - 1`, all equally likely (`torch.randint`); `int32` unless a dtype is
 * given.
 * @example
 * manualSeed(420);
 * randint(0, 3, [10]) // tensor([2, 1, 2, 2, 1, 1, 1, 2, 0, 1])
 * @throws {ValueError} if `high` is not greater than `low`, or the dtype does not hold the numbers between.
 */
export function randint(high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(low: number, high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(a: number, b: number | Shape, c?: Shape | RandomOptions, d?: RandomOptions): Tensor {
  const [low, high, shape, options = {}] =
    typeof b === 'number' ? [a, b, c as Shape, d] : [0, a, b, c as RandomOptions | undefined];
  checkOptions('randint', options, names.RandomOptions);
  refuseTensor('randint', shape);
  return integers('randint', shape, low, high, options.dtype ?? 'int32', options);
}

/** Like {@link randint} with the shape of `x`, and its dtype unless one is given (`torch.randint_like`). */
export function randintLike(x: Tensor, high: number, options?: RandomOptions): Tensor;
export function randintLike(x: Tensor, low: number, high: number, options?: RandomOptions): Tensor;
export function randintLike(x: Tensor, a: number, b?: number | RandomOptions, c?: RandomOptions): Tensor {
  const [low, high, options = {}] = typeof b === 'number' ? [a, b, c] : [0, a, b];
  checkOptions('randintLike', options, names.RandomOptions);
  return integers('randintLike', x, low, high, options.dtype ?? x.dtype, options);
}

/**
 * The numbers `0 … n - 1` in random order (`torch.randperm`); `int32` unless a dtype is given.
 * @throws {ShapeError} if `n` is negative or fractional.
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  checkShape('randperm', [n]);
  return drawn('randperm', [n], options.dtype ?? 'int32', options, (data, generator) => {
    // Inside vmap one for each example.
    for (let start = 0; start < data.length; start += n) fillPermutation(data.subarray(start, start + n), generator);
  });
}
