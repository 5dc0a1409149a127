import { DtypeError, ValueError } from '../errors';
import type { NumberArray } from '../kernels/strides';
import { defaultGenerator, fillIntegers, fillNormal, fillPermutation, fillUniform, type Generator } from '../random';
import { type CreationOptions, finish } from './creation';
import { checkDtype, type Dtype, isFloat } from './dtype';
import { checkShape, type Shape } from './shape';
import { empty, type Tensor } from './tensor';

/** Options of every function that makes a tensor of random numbers. */
export interface RandomOptions extends CreationOptions {
  /** Where the numbers come from; default: the generator that `manualSeed` starts. */
  generator?: Generator;
}

type FloatArray = Float32Array | Float64Array;

/** Checks everything, then lets `fill` draw the numbers. */
function drawn<A extends NumberArray>(
  op: string,
  shape: Shape | number,
  dtype: Dtype,
  options: RandomOptions,
  fill: (data: A, generator: Generator) => void,
): Tensor {
  const sizes = typeof shape === 'number' ? [shape] : shape.slice();
  checkShape(op, sizes);
  checkDtype(op, dtype);
  const x = finish(op, empty(sizes, dtype), options);
  fill(x.data as A, options.generator ?? defaultGenerator);
  return x;
}

function floatDtype(op: string, dtype: Dtype = 'float32'): Dtype {
  checkDtype(op, dtype);
  if (!isFloat(dtype))
    throw new DtypeError(`${op}: makes float32 or float64 numbers, not ${dtype}; use randint() for whole numbers`);
  return dtype;
}

/**
 * Numbers uniform in `[0, 1)` (`torch.rand`), the same as PyTorch's for the same seed.
 * @example
 * manualSeed(420);
 * rand(3) // tensor([0.8054, 0.1990, 0.9759])
 * @throws {DtypeError} unless the dtype is a float; {@link ShapeError} if a size is negative or fractional.
 */
export function rand(shape: Shape | number, options: RandomOptions = {}): Tensor {
  return drawn<FloatArray>('rand', shape, floatDtype('rand', options.dtype), options, (data, generator) =>
    fillUniform(data, 0, 1, generator),
  );
}

/**
 * Normally distributed numbers with mean 0 and standard deviation 1 (`torch.randn`), the same as PyTorch's for the same
 * seed (float64: within a few units in the last place).
 * @throws {DtypeError} unless the dtype is a float; {@link ShapeError} if a size is negative or fractional.
 */
export function randn(shape: Shape | number, options: RandomOptions = {}): Tensor {
  return drawn<FloatArray>('randn', shape, floatDtype('randn', options.dtype), options, (data, generator) =>
    fillNormal(data, 0, 1, generator),
  );
}

/** Like {@link rand} with the shape of `x`, and its dtype unless one is given (`torch.rand_like`). */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return rand(x.shape, { dtype: x.dtype, ...options });
}

/** Like {@link randn} with the shape of `x`, and its dtype unless one is given (`torch.randn_like`). */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return randn(x.shape, { dtype: x.dtype, ...options });
}

/** The largest whole number up to which a dtype holds them all. */
const largest: Record<Dtype, number> = {
  bool: 1,
  uint8: 255,
  int32: 2 ** 31 - 1,
  float32: 2 ** 24,
  float64: 2 ** 53,
};
const smallest = (dtype: Dtype) => (dtype === 'bool' || dtype === 'uint8' ? 0 : -largest[dtype] - +(dtype === 'int32'));

/**
 * Whole numbers from `low` (default 0) to `high - 1`, all equally likely (`torch.randint`); `int32` unless a dtype is
 * given.
 * @example
 * randint(0, 3, [500]) // classes 0, 1, 2
 * @throws {ValueError} if `high` is not greater than `low`, or the dtype does not hold the numbers between.
 */
export function randint(high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(low: number, high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(a: number, b: number | Shape, c?: Shape | RandomOptions, d?: RandomOptions): Tensor {
  const [low, high, shape, options = {}] =
    typeof b === 'number' ? [a, b, c as Shape, d] : [0, a, b, c as RandomOptions | undefined];
  const dtype = options.dtype ?? 'int32';
  checkDtype('randint', dtype);
  if (!Number.isInteger(low) || !Number.isInteger(high) || high <= low)
    throw new ValueError(
      `randint: no whole number from ${low} up to, but not including, ${high}; high must be above low`,
    );
  if (low < smallest(dtype) || high - 1 > largest[dtype])
    throw new ValueError(
      `randint: ${dtype} holds whole numbers from ${smallest(dtype)} to ${largest[dtype]}, asked for ${low} to ${high - 1}`,
    );
  return drawn('randint', shape, dtype, options, (data, generator) => fillIntegers(data, low, high, generator));
}

/**
 * The numbers `0 … n - 1` in random order (`torch.randperm`); `int32` unless a dtype is given.
 * @throws {ShapeError} if `n` is negative or fractional.
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  return drawn('randperm', n, options.dtype ?? 'int32', options, fillPermutation);
}
