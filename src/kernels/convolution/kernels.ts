// Common parts of the calls of the convolution kernels (wasm/convolution.ts).

import { type NumberArray, numel } from '../strides';
import { type ConvolutionExports, convolutionModule } from '../wasm/convolution';
import { Family, type Memory } from '../wasm/runtime';
import type { Part, Step } from '../wasm/team';
import type { Copy, Measures } from './layout';
import type { ConvolutionPlan, Packed } from './plan';

export const family: Family<ConvolutionExports> = new Family<ConvolutionExports>(convolutionModule);

/** Minimum multiplications, per image and in all, for which copying to WebAssembly pays. */
const worthwhile = { image: 256, all: 4096 };
/** Maximum elements of one image in WebAssembly memory. */
const largest = 2 ** 23;

/** Returns the kernels, if they support this dtype and these sizes. */
export function kernelsFor(p: ConvolutionPlan, batch: number, x: NumberArray): ConvolutionExports | null {
  if (!(x instanceof Float32Array) || p.kernel.length > 3) return null;
  const [cin, cout] = [p.inChannels / p.groups, p.outChannels / p.groups];
  const places = numel(p.output);
  const work = cin * cout * numel(p.kernel) * places;
  if (work < worthwhile.image || work * batch * p.groups < worthwhile.all) return null;
  // For long rows whose windows hardly overlap, as in a spectrogram, a matrix product of patches is faster.
  if (numel(p.stride) >= 16 && cout >= 32 && p.output[p.output.length - 1] >= 64) return null;
  const around = p.kernel.map((k, d) => (k - 1) * p.dilation[d]);
  const inputs = numel(p.input.map((n, d) => n + 2 * p.padding[d] + around[d]));
  const outputs = numel(p.output.map((n, d) => n + around[d]));
  return (inputs + outputs) * (cin + cout) <= largest ? family.kernels : null;
}

/** Returns the byte address of elements, for `Room.take`. */
export const addressOf = ({ memory: data, offset }: Packed): number => data.byteOffset + 4 * offset;

/** Copies blocks of channels with the given distances, in elements. */
export function copyAll(
  kernels: ConvolutionExports,
  copies: readonly Copy[],
  channels: number,
  to: number,
  toChannel: number,
  from: number,
  fromChannel: number,
): void {
  for (const c of copies)
    kernels.copy(
      channels,
      to + 4 * c.to,
      4 * toChannel,
      4 * c.toRow,
      4 * c.toColumn,
      from + 4 * c.from,
      4 * fromChannel,
      4 * c.fromRow,
      4 * c.fromColumn,
      c.rows,
      c.columns,
    );
}

/** Writes the distances of each channel's inputs. */
export function writeTable(
  { i32 }: Memory,
  at: number,
  channels: number,
  size: number,
  table: readonly number[],
): void {
  for (let c = 0, i = at / 4; c < channels; c++) for (const distance of table) i32[i++] = 4 * (c * size + distance);
}

/** The most multiplications in one call of a kernel, about a hundredth of a second. */
const longest = 2 ** 27;

/** Returns the number of lines in one call, each of `products` products, in whole tiles of `unit` lines. */
export const linesAtOnce = (products: number, unit: number): number => unit * Math.ceil(longest / products / unit);

/** Maximum elements of images, input and output, in the threads' memory at once. */
export const mostAtOnce: number = 2 ** 22;
/** Parts per thread: other threads take the parts of a slow one. */
export const partsEach = 4;

/** Returns the multiplications of a convolution, and the elements copied in and out. */
export function costs(p: ConvolutionPlan, batch: number, { cin, inputs, outputs, places }: Measures): [number, number] {
  const multiplications = batch * p.outChannels * outputs * cin * places;
  return [multiplications, batch * (p.inChannels * inputs + p.outChannels * outputs) + p.outChannels * cin * places];
}

/** Divides the turns into parts, each with its own memory. */
export function partsOf(turns: number, most: number, steps: readonly Step[]): Part[] {
  const length = Math.ceil(turns / most);
  return Array.from({ length: Math.ceil(turns / length) }, (_, room) => {
    const first = room * length;
    return { steps, first, turns: Math.min(length, turns - first), room };
  });
}
