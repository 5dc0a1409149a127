import { ValueError } from '../../errors';
import { type Dtype, resultType } from '../../tensor/dtype';
import type { Tensor } from '../../tensor/tensor';
import { defineComposites, defineOps } from '../table/define';
import type { Rule } from '../table/rule';
import { blending, elementwise, pairing, samplesWith, ternarySamples } from './combinators';

declare module '../../tensor/tensor' {
  interface Tensor extends Bounds, BoundForms {}
}

/** A bound: a number, a tensor that broadcasts, or none. */
export type Bound = Tensor | number | null;

/** Option of {@link Bounds.nanToNum}; `null` means the default. */
export interface NanToNumOptions {
  /** Replacement of NaN; default 0. */
  nan?: number | null;
  /** Replacement of ∞; default the largest number of the dtype. */
  posinf?: number | null;
  /** Replacement of -∞; default the smallest number of the dtype. */
  neginf?: number | null;
}

/** The larger and the smaller of two elements. */
export interface Bounds {
  /**
   * `min(max(x, min), max)`: clamps the elements. One bound may be omitted or `null`; `max` wins over a larger `min`
   * (`torch.clamp`). The gradient of a clamped element goes to the bound.
   * @throws {ShapeError} if the shapes do not broadcast; {@link ValueError} without any bound.
   */
  clamp(min?: Bound, max?: Bound): Tensor;
  clamp_(min?: Bound, max?: Bound): Tensor;
  /**
   * The larger of two elements; NaN if one of them is NaN; equals share the gradient (`torch.maximum`).
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  maximum(other: Tensor): Tensor;
  /**
   * The smaller of two elements; NaN if one of them is NaN; equals share the gradient (`torch.minimum`).
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  minimum(other: Tensor): Tensor;
  /**
   * The larger of two elements; the other one if one is NaN (`torch.fmax`).
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  fmax(other: Tensor): Tensor;
  /**
   * The smaller of two elements; the other one if one is NaN (`torch.fmin`).
   * @throws {ShapeError} if the shapes do not broadcast.
   */
  fmin(other: Tensor): Tensor;
  /** Replaces NaN and the infinities by finite numbers (`torch.nan_to_num`). */
  nanToNum(options?: NanToNumOptions): Tensor;
  nanToNum_(options?: NanToNumOptions): Tensor;
}

const clamped = blending('clamp', 'bounded(a, b, c)');
const low = (min: Bound | undefined) => min ?? Number.NEGATIVE_INFINITY;
const high = (max: Bound | undefined) => max ?? Number.POSITIVE_INFINITY;

/** Returns the rule of the larger or smaller; `worse` is the comparison that the other one satisfies. */
function extremum(
  name: 'maximum' | 'minimum',
  worse: 'lt' | 'gt',
  better: 'lt' | 'gt',
): Rule<[Tensor, Tensor], Tensor> {
  const symbol = name === 'maximum' ? '>' : '<';
  const short = name.slice(0, 3);
  return {
    torch: { name, params: ['input', 'other'] as const },
    math: `y = \\${short}(a, b)`,
    vjpMath: {
      a: `\\bar y \\odot ([a ${symbol} b] + \\tfrac12 [a = b])`,
      b: `\\bar y \\odot ([b ${symbol} a] + \\tfrac12 [a = b])`,
    },
    saves: ['a', 'b'],
    // Of equals the first is returned, so that 0 and -0 stay distinct.
    ...pairing(name, `a ${symbol}= b || a !== a ? a : b`),
    jvp: 'diagonal' as const,
    vjp: {
      a: (dy, { a, b }) => shared(dy, a, b).maskedFill(a[worse](b), 0),
      b: (dy, { a, b }) => shared(dy, a, b).maskedFill(a[better](b), 0),
    },
  };
}

/** Half of the gradient where two tensors are equal. */
const shared = (dy: Tensor, a: Tensor, b: Tensor) => dy.where(a.ne(b), dy.mul(0.5));

/** Returns the rule of an extremum that ignores NaN; the first of equals gets the gradient. */
function passingOver(name: 'fmax' | 'fmin', symbol: '>=' | '<=', wins: 'ge' | 'le'): Rule<[Tensor, Tensor], Tensor> {
  const first = (a: Tensor, b: Tensor) => a[wins](b).logicalOr(b.isnan());
  const tex = name === 'fmax' ? '\\ge' : '\\le';
  return {
    torch: { name, params: ['input', 'other'] as const },
    math: `y = \\operatorname{${name}}(a, b)`,
    vjpMath: { a: `\\bar y \\odot [a ${tex} b]`, b: `\\bar y \\odot [\\neg\\, a ${tex} b]` },
    saves: ['a', 'b'],
    ...pairing(name, `a ${symbol} b || b !== b ? a : b`),
    jvp: 'diagonal',
    vjp: {
      a: (dy, { a, b }) => dy.maskedFill(first(a, b).logicalNot(), 0),
      b: (dy, { a, b }) => dy.maskedFill(first(a, b), 0),
    },
  };
}

const finite = elementwise(
  'nanToNum',
  'x !== x ? nan : x === Infinity ? posinf : x === -Infinity ? neginf : x',
  'same',
  ['nan', 'posinf', 'neginf'],
);
const largest = (dtype: Dtype) => (dtype === 'float32' ? (2 - 2 ** -23) * 2 ** 127 : Number.MAX_VALUE);

defineOps<Bounds>({
  clamp: {
    torch: { name: 'clamp', params: ['input', 'min', 'max'] },
    math: 'y = \\min(\\max(a, b), c)',
    vjpMath: {
      a: '\\bar y \\odot [b \\le a \\le c]',
      b: '\\bar y \\odot [a < b < c]',
      c: '\\bar y \\odot [c < a \\vee c < b]',
    },
    absent: { b: '-\\infty', c: '\\infty' },
    saves: ['a', 'b', 'c'],
    shape: (a, b, c) => clamped.shape(a, b ?? [], c ?? []),
    forward: (x, min, max) => {
      const [first, second] = [min, max].filter((bound) => bound !== null && bound !== undefined);
      if (first === undefined) throw new ValueError('clamp: needs a bound, min or max or both');
      return clamped.run(resultType(x, first, second), x, low(min), high(max));
    },
    jvp: 'diagonal',
    batch: 'elementwise',
    vjp: {
      a: (dy, { a, b, c }) => dy.where(a.ge(low(b)).logicalAnd(a.le(high(c))), 0),
      b: (dy, { a, b, c }) => dy.where(a.lt(b as Tensor).logicalAnd((b as Tensor).lt(high(c))), 0),
      c: (dy, { a, b, c }) => dy.where(a.gt(c as Tensor).logicalOr((c as Tensor).lt(low(b))), 0),
    },
    inPlace: true,
    gradFn: ({ isNumber: [, b, c] }) => `ClampBackward${b || c ? 1 : 0}`,
    samples: [...ternarySamples, '2x3 #-0.5 #0.5', '2x3 #0.2', '2x3 3'],
  },
  maximum: extremum('maximum', 'lt', 'gt'),
  minimum: extremum('minimum', 'gt', 'lt'),
  fmax: passingOver('fmax', '>=', 'ge'),
  fmin: passingOver('fmin', '<=', 'le'),
  nanToNum: {
    torch: { name: 'nan_to_num', params: ['input'], options: ['nan', 'posinf', 'neginf'] },
    math: 'y = x \\text{ where finite}',
    vjpMath: { x: '\\bar y \\odot [x \\text{ finite}]' },
    saves: ['x'],
    ...finite,
    forward: (x, options) => {
      const edge = largest(x.dtype);
      return finite.forward(x, options?.nan ?? 0, options?.posinf ?? edge, options?.neginf ?? -edge);
    },
    jvp: 'diagonal',
    vjp: { x: (dy, { x }) => dy.mul(x.isfinite()) },
    inPlace: true,
    samples: [...finite.samples, ...samplesWith({ nan: 1, posinf: 2, neginf: -2 })],
  },
});

/** Bounds on one side. */
export interface BoundForms {
  /** Raises elements below `min` to it (`torch.clamp_min`). @throws {ShapeError} if the shapes do not broadcast. */
  clampMin(min: Tensor | number): Tensor;
  clampMin_(min: Tensor | number): Tensor;
  /** Lowers elements above `max` to it (`torch.clamp_max`). @throws {ShapeError} if the shapes do not broadcast. */
  clampMax(max: Tensor | number): Tensor;
  clampMax_(max: Tensor | number): Tensor;
  /** Alias of {@link Bounds.clamp} (`torch.clip`). @throws as `clamp` does. */
  clip(min?: Bound, max?: Bound): Tensor;
  clip_(min?: Bound, max?: Bound): Tensor;
}

defineComposites<BoundForms>({
  clampMin(min) {
    return this.clamp(min);
  },
  clampMin_(min) {
    return this.clamp_(min);
  },
  clampMax(max) {
    return this.clamp(null, max);
  },
  clampMax_(max) {
    return this.clamp_(null, max);
  },
  clip(min, max) {
    return this.clamp(min, max);
  },
  clip_(min, max) {
    return this.clamp_(min, max);
  },
});
