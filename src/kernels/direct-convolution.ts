// Convolution with stride 1 in WebAssembly (wasm/convolution.ts), on ordinary arrays.

import type { NumberArray } from './strides';
import { type ConvolutionExports, convolutionModule } from './wasm/convolution';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';

const family = new Family<ConvolutionExports>(convolutionModule);

/** Multiplications in one image from which the copies are worth their while. */
const worthwhile = 2000;
/** Elements of an image, with its padding, that WebAssembly's memory should hold. */
const largest = 2 ** 22;

/** One image among its padding, and what the kernel meets in it. */
export interface Images {
  /** Channels of the input and of the output, in one group. */
  readonly cin: number;
  readonly cout: number;
  /** Elements of a channel, and of one of its rows, with the padding. */
  readonly plane: number;
  readonly width: number;
  /** Rows and columns of the output. */
  readonly rows: number;
  readonly columns: number;
  /** Distance of the input that each place of the kernel meets, from the one that the first place meets. */
  readonly places: readonly number[];
}

/** Whether there is a kernel for such images in this memory. */
export function isDirect(x: NumberArray, { cin, cout, plane, rows, columns, places }: Images): boolean {
  const work = cin * cout * places.length * rows * columns;
  const isSuited = x instanceof Float32Array && work >= worthwhile && plane * Math.max(cin, cout) <= largest;
  return isSuited && family.kernels !== null;
}

/** A function that adds the convolution of the image at `xo` with the weight at `wo` to the outputs at `to`. */
export function directConvolution(
  { cin, cout, plane, width, rows, columns, places }: Images,
  x: NumberArray,
  w: NumberArray,
  y: NumberArray,
): (xo: number, wo: number, to: number) => void {
  const kernels = family.kernels!;
  const k = cin * places.length;
  // Outputs from the first to the last, in rows as wide as the image.
  const n = (rows - 1) * width + columns;
  const row = 4 * ((n + 15) & -8);
  const atTable = reservedBytes;
  const atWeights = atTable + padded(4 * k);
  const atImage = atWeights + padded(4 * k * cout);
  const atSums = atImage + padded(4 * cin * plane);
  const atOutput = atSums + padded(row * cout);
  scratch.reserve(atOutput + padded(4 * cout * rows * columns));
  const { f32, i32 } = scratch;
  for (let c = 0, i = atTable / 4; c < cin; c++) for (const place of places) i32[i++] = 4 * (c * plane + place);
  const size = rows * columns;
  return (xo, wo, to) => {
    f32.set(w.subarray(wo, wo + k * cout), atWeights / 4);
    f32.set(x.subarray(xo, xo + cin * plane), atImage / 4);
    f32.set(y.subarray(to, to + cout * size), atOutput / 4);
    const each = 4 * columns;
    for (let c = 0; c < cout; c++) kernels.rows(atSums + c * row, 4 * width, atOutput + c * size * 4, each, rows, each);
    kernels.convolve(cout, n, k, atWeights, atImage, atTable, atSums, row);
    for (let c = 0; c < cout; c++) kernels.rows(atOutput + c * size * 4, each, atSums + c * row, 4 * width, rows, each);
    y.set(f32.subarray(atOutput / 4, atOutput / 4 + cout * size), to);
  };
}
