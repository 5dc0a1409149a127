// A convolution is the trilinear form Σ x·w·y over all matching input, kernel and output positions. It and its two
// derivatives are computed in WebAssembly (direct.ts, weight.ts), or by matrix products (patches.ts).

import type { NumberArray } from '../strides';
import { convolveBackDirect, convolveDirect } from './direct';
import { convolveBackByPatches, convolveByPatches, convolveWeightByPatches } from './patches';
import type { ConvolutionPlan, Packed } from './plan';
import { convolveWeightDirect } from './weight';

export type { ConvolutionPlan } from './plan';

/** `y` becomes the convolution of `x` with the weight `w`, plus a bias for each channel. */
export function convolve(
  p: ConvolutionPlan,
  batch: number,
  x: Packed,
  w: Packed,
  bias: Packed | null,
  y: NumberArray,
): void {
  if (!convolveDirect(p, batch, x, w, bias, y)) convolveByPatches(p, batch, x, w, bias, y);
}

/** Computes the weight gradient `w`: sums of inputs times outputs. */
export function convolveWeight(p: ConvolutionPlan, batch: number, x: Packed, y: Packed, w: NumberArray): void {
  if (!convolveWeightDirect(p, batch, x, y, w)) convolveWeightByPatches(p, batch, x, y, w);
}

/** Computes the input gradient `x`: sums of weights times outputs, plus a bias for each channel. */
export function convolveBack(
  p: ConvolutionPlan,
  batch: number,
  y: Packed,
  w: Packed,
  bias: Packed | null,
  x: NumberArray,
): void {
  if (!convolveBackDirect(p, batch, y, w, bias, x)) convolveBackByPatches(p, batch, y, w, bias, x);
}
