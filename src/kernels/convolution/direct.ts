// Convolution in WebAssembly (wasm/convolution.ts), on ordinary arrays: any stride, padding, dilation and groups, in one to
// three dimensions. Images are computed one by one, or many at once on several threads.

import { turn } from '../../cancellation';
import { Room } from '../staging';
import { contiguousStride, type NumberArray } from '../strides';
import { teamFor } from '../threads';
import type { ConvolutionExports } from '../wasm/convolution';
import { tileWidth } from '../wasm/matmul';
import { type Memory, padded, scratch } from '../wasm/runtime';
import { stepsOf, type Team } from '../wasm/team';
import {
  addressOf,
  copyAll,
  costs,
  family,
  kernelsFor,
  linesAtOnce,
  mostAtOnce,
  partsEach,
  partsOf,
  writeTable,
} from './kernels';
import { backwards, blocks, measure, sorted } from './layout';
import type { ConvolutionPlan, Packed } from './plan';

/** Rows of sums are whole vectors, with space for results beyond the last. */
const rowOf = (n: number) => (n + 15) & -8;

/** Writes the start values of each channel's sums: its bias, for a whole vector pair. */
function writeStart({ f32 }: Memory, at: number, channels: number, bias: Packed | null): void {
  if (bias === null) return;
  for (let c = 0, i = at / 4; c < channels; c++, i += 8) f32.fill(bias.memory[bias.offset + c], i, i + 8);
}

/** Sums `k` products for each of `n` elements in `m` channels, in as many calls as needed for polling. */
function convolveInTurns(
  kernels: ConvolutionExports,
  m: number,
  n: number,
  k: number,
  weights: number,
  x: number,
  table: number,
  start: number,
  startRow: number,
  sums: number,
  row: number,
): void {
  const some = linesAtOnce(m * k, tileWidth / 4);
  for (let i = 0; i < n; i += some) {
    const count = Math.min(some, n - i);
    kernels.convolve(m, count, k, weights, x + 4 * i, table, start, startRow, sums + 4 * i, row);
    turn((m * count * k) / 8);
  }
}

/** How images are computed, one by one. */
interface Task {
  /** Bytes of private memory of each thread, and how many of them start as zeros. */
  readonly own: number;
  readonly zeroed: number;
  /** Writes the data that all images share. */
  write(memory: Memory): void;
  /** Computes one image, with all its groups. */
  compute(kernels: ConvolutionExports, own: number, from: number, to: number): void;
}

/** Computes all images of `to` from those of `from`, on several threads if that is faster. */
function forImages(
  cost: readonly [number, number],
  batch: number,
  from: Packed,
  fromSize: number,
  to: Float32Array,
  toSize: number,
  prepare: (room: Room) => Task,
): void {
  const images = (team: Team | null) => {
    const memory = team?.memory ?? scratch;
    const room = new Room(memory);
    const task = prepare(room);
    const some = team === null ? 1 : Math.min(batch, 2 * Math.ceil(mostAtOnce / (fromSize + toSize) / 2));
    const atFrom = room.take(4 * some * fromSize, addressOf(from));
    const atTo = room.take(4 * some * toSize, to.byteOffset);
    const atOwn = room.end;
    const rooms = team === null ? 1 : Math.min(some, partsEach * team.threads);
    if (!memory.reserve(atOwn + rooms * task.own)) return false;
    const { f32 } = memory;
    task.write(memory);
    for (let i = 0; i < rooms; i++) {
      const at = (atOwn + i * task.own) / 4;
      f32.fill(0, at, at + task.zeroed / 4);
    }
    const one = (kernels: ConvolutionExports, turn: number, own: number) =>
      task.compute(kernels, atOwn + own * task.own, atFrom + 4 * turn * fromSize, atTo + 4 * turn * toSize);
    const steps = team === null ? [] : stepsOf(one);
    for (let i = 0; i < batch; i += some) {
      const count = Math.min(some, batch - i);
      const start = from.offset + i * fromSize;
      f32.set(from.memory.subarray(start, start + count * fromSize), atFrom / 4);
      if (team === null) one(family.kernels!, 0, 0);
      else if (!team.run(family, partsOf(count, rooms, steps))) return false;
      to.set(f32.subarray(atTo / 4, atTo / 4 + count * toSize), i * toSize);
      turn(count * (fromSize + toSize));
    }
    return true;
  };
  const team = teamFor(...cost);
  if (team === null || !images(team)) images(null);
}

/**
 * Computes the convolution `y` of `x` with the weight `w`, plus a bias for each channel. Returns `false` if there is no
 * kernel.
 */
export function convolveDirect(
  p: ConvolutionPlan,
  batch: number,
  x: Packed,
  w: Packed,
  bias: Packed | null,
  y: NumberArray,
): boolean {
  if (kernelsFor(p, batch, y) === null) return false;
  const m = measure(p);
  const { cin, cout, inputs, outputs } = m;
  const layout = sorted(m);
  const k = cin * m.places;
  const row = rowOf(layout.span);
  const out = blocks(m.output, 0, contiguousStride(m.output), 0, layout.stride);
  const { inChannels, outChannels, groups } = p;
  const fromSize = inChannels * inputs;
  forImages(costs(p, batch, m), batch, x, fromSize, y as Float32Array, outChannels * outputs, (room) => {
    const [atTable, atWeights] = [room.take(4 * k), room.take(4 * k * outChannels, addressOf(w))];
    const atBias = room.take(32 * outChannels);
    const image = padded(4 * cin * layout.size);
    return {
      own: image + padded(4 * row * cout),
      zeroed: image,
      write(memory) {
        writeTable(memory, atTable, cin, layout.size, layout.table);
        memory.f32.set(w.memory.subarray(w.offset, w.offset + k * outChannels), atWeights / 4);
        writeStart(memory, atBias, outChannels, bias);
      },
      compute(kernels, own, from, to) {
        const sums = own + image;
        for (let g = 0; g < groups; g++) {
          copyAll(kernels, layout.copies, cin, own, layout.size, from + 4 * g * cin * inputs, inputs);
          const weights = atWeights + 4 * g * k * cout;
          const [start, startRow] = bias === null ? [0, 0] : [atBias + 32 * g * cout, 32];
          convolveInTurns(kernels, cout, layout.span, k, weights, own, atTable, start, startRow, sums, 4 * row);
          copyAll(kernels, out, cout, to + 4 * g * cout * outputs, outputs, sums, row);
        }
      },
    };
  });
  return true;
}

/**
 * Computes the input gradient `x`, sums of weights times outputs, plus a bias. Returns `false` if there is no kernel.
 */
export function convolveBackDirect(
  p: ConvolutionPlan,
  batch: number,
  y: Packed,
  w: Packed,
  bias: Packed | null,
  x: NumberArray,
): boolean {
  if (kernelsFor(p, batch, x) === null) return false;
  const m = measure(p);
  const { cin, cout, inputs, outputs, places } = m;
  // Tiles of so few rows are slower than a product by many patches.
  if (cout > 40 * cin * cin) return false;
  const { inChannels, outChannels, groups } = p;
  const layout = backwards(m);
  const row = rowOf(Math.max(...layout.images.map(({ span }) => span)));
  const toSize = inChannels * inputs;
  forImages(costs(p, batch, m), batch, y, outChannels * outputs, x as Float32Array, toSize, (room) => {
    const images = layout.images.map((image) => {
      const k = cout * image.places.length;
      return { ...image, k, atTable: room.take(4 * k), atWeights: room.take(4 * k * inChannels) };
    });
    const atBias = room.take(32 * inChannels);
    const output = padded(4 * cout * layout.size);
    return {
      own: output + padded(4 * row * cin),
      zeroed: output,
      write(memory) {
        const { memory: weights } = w;
        for (const image of images) {
          writeTable(memory, image.atTable, cout, layout.size, image.table);
          let to = image.atWeights / 4;
          for (let g = 0; g < groups; g++)
            for (let c = 0; c < cin; c++)
              for (let o = 0; o < cout; o++) {
                const from = w.offset + ((g * cout + o) * cin + c) * places;
                for (const place of image.places) memory.f32[to++] = weights[from + place];
              }
        }
        writeStart(memory, atBias, inChannels, bias);
      },
      compute(kernels, own, from, to) {
        const sums = own + output;
        for (let g = 0; g < groups; g++) {
          copyAll(kernels, layout.copies, cout, own, layout.size, from + 4 * g * cout * outputs, outputs);
          const [start, startRow] = bias === null ? [0, 0] : [atBias + 32 * g * cin, 32];
          for (const { k, span, atWeights, atTable, copies } of images) {
            const weights = atWeights + 4 * g * k * cin;
            convolveInTurns(kernels, cin, span, k, weights, own, atTable, start, startRow, sums, 4 * row);
            copyAll(kernels, copies, cin, to + 4 * g * cin * inputs, inputs, sums, row);
          }
        }
      },
    };
  });
  return true;
}
