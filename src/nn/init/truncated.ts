import { noGrad } from '../../autograd';
import { ValueError } from '../../errors';
import { erf } from '../../kernels/special';
import { redraw } from '../../ops/filling/random';
import { requireFloat } from '../../ops/table/arguments';
import { fillNormal, fillUniform, type Generator } from '../../random';
import type { Tensor } from '../../tensor/tensor';
import type { InitOptions } from './fills';

/** Options of {@link truncNormal_}. */
export interface TruncNormalOptions extends InitOptions {
  /** Mean of the normal distribution; default 0. */
  mean?: number;
  /** Standard deviation of the normal distribution; default 1. */
  std?: number;
  /** Smallest value; default -2. */
  a?: number;
  /** Largest value; default 2. */
  b?: number;
}

type FloatArray = Float32Array | Float64Array;

/** An interval with a smaller part of the distribution is sampled by rejection from uniform numbers. */
const PART = 0.3;

/**
 * Fills `x` with normally distributed numbers from `a` to `b`, in place (`torch.nn.init.trunc_normal_`): those outside
 * are drawn again. Mind that `a` and `b` are values, not multiples of `std`.
 * @throws {ValueError} unless `a ≤ b` and `std` is positive, or if a bound is infinite and little of the distribution lies
 * between them; {@link DtypeError} unless `x` is a float.
 */
export function truncNormal_(x: Tensor, options: TruncNormalOptions = {}): Tensor {
  const { mean = 0, std = 1, a = -2, b = 2 } = options;
  requireFloat('truncNormal_', x);
  if (!(a <= b)) throw new ValueError(`truncNormal_: a is ${a} and b is ${b}; a must not exceed b`);
  if (!(std > 0)) throw new ValueError(`truncNormal_: the standard deviation is ${std}; it must be positive`);
  const part = share((b - mean) / std) - share((a - mean) / std);
  if (part <= PART && !Number.isFinite(b - a))
    throw new ValueError(`truncNormal_: too little of the distribution is from ${a} to ${b}; give finite bounds`);
  return noGrad(() =>
    redraw<FloatArray>('truncNormal_', x, options, (data, generator, contiguous) => {
      if (part > PART) rejectOutside(data, { mean, std, a, b }, generator, contiguous);
      else rejectUnlikely(data, { mean, std, a, b }, generator);
    }),
  );
}

/** The part of the standard normal distribution below `z`. */
function share(z: number): number {
  return (1 + erf(z * Math.SQRT1_2)) / 2;
}

type Truncated = Required<Omit<TruncNormalOptions, 'generator'>>;

/** Rounds to the dtype of the data. */
function rounding(data: FloatArray): (v: number) => number {
  return data instanceof Float32Array ? Math.fround : (v) => v;
}

/** Normal numbers; while some are outside the interval, all are drawn again, and those outside are replaced. */
function rejectOutside(data: FloatArray, range: Truncated, generator: Generator, contiguous: boolean): void {
  const { mean, std } = range;
  const [a, b] = [range.a, range.b].map(rounding(data));
  const outside = (v: number) => v < a || v > b;
  fillNormal(data, mean, std, generator, contiguous);
  for (const again = data.slice(); data.some(outside); ) {
    fillNormal(again, mean, std, generator, contiguous);
    for (let i = 0; i < data.length; i++) if (outside(data[i])) data[i] = again[i];
  }
}

/**
 * Uniform numbers, each accepted with a probability proportional to its density; while some are rejected, all are drawn
 * again, and the rejected ones are replaced.
 */
function rejectUnlikely(data: FloatArray, { mean, std, a, b }: Truncated, generator: Generator): void {
  const round = rounding(data);
  const [centre, width] = [mean, std].map(round);
  const mode = Math.min(Math.max(mean, a), b);
  const peak = round(-0.5 * ((mode - mean) / std) ** 2);
  const pending = new Uint8Array(data.length).fill(1);
  const candidates = data.slice();
  const levels = data.slice();
  for (let left = data.length; left > 0; ) {
    fillUniform(candidates, a, b, generator);
    fillUniform(levels, 0, 1, generator);
    for (let i = 0; i < data.length; i++) {
      if (pending[i] === 0) continue;
      data[i] = candidates[i];
      const z = round(round(data[i] - centre) / width);
      if (round(Math.log(levels[i])) > round(round(-0.5 * round(z * z)) - peak)) continue;
      pending[i] = 0;
      left--;
    }
  }
}
