// The weight gradient of a convolution in WebAssembly, on ordinary arrays. Each element is a sum over all images in
// their order, on any number of threads.

import { turn } from '../../cancellation';
import { Room } from '../staging';
import type { NumberArray } from '../strides';
import { teamFor } from '../threads';
import type { ConvolutionExports } from '../wasm/convolution';
import { tallest, tileSumsBytes, zeros } from '../wasm/matmul';
import { padded, scratch } from '../wasm/runtime';
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
import { type Measures, measure, sorted } from './layout';
import type { ConvolutionPlan, Packed } from './plan';

/** Computes the weight gradient `w`, sums of inputs times outputs. Returns `false` if there is no kernel. */
export function convolveWeightDirect(p: ConvolutionPlan, batch: number, x: Packed, y: Packed, w: NumberArray): boolean {
  if (kernelsFor(p, batch, w) === null) return false;
  const m = measure(p);
  const team = teamFor(...costs(p, batch, m));
  if (team === null || !weightsOf(team, p, m, batch, x, y, w)) weightsOf(null, p, m, batch, x, y, w);
  return true;
}

/** All images are prepared first. Then one thread sums all products of one row of the weights, image by image. */
function weightsOf(
  team: Team | null,
  p: ConvolutionPlan,
  m: Measures,
  batch: number,
  x: Packed,
  y: Packed,
  w: NumberArray,
): boolean {
  const { cin, cout, inputs, outputs } = m;
  const { groups } = p;
  const layout = sorted(m);
  const k = cin * m.places;
  // Channels of outputs are adjacent, in whole vectors.
  const row = (cout + 3) & -4;
  const memory = team?.memory ?? scratch;
  const room = new Room(memory);
  const [xSize, ySize] = [p.inChannels * inputs, p.outChannels * outputs];
  const image = padded(4 * cin * layout.size);
  const prepared = groups * (image + padded(4 * layout.span * row));
  const most = mostAtOnce / (xSize + ySize + prepared / 4);
  const some = team === null ? 1 : Math.min(batch, 2 * Math.ceil(most / 2));
  const [atTable, atSums] = [room.take(4 * k), room.take(4 * groups * k * row)];
  const atResult = room.take(4 * groups * k * cout, w.byteOffset);
  const [atX, atY] = [room.take(4 * some * xSize, addressOf(x)), room.take(4 * some * ySize, addressOf(y))];
  const atPrepared = room.take(some * prepared);
  const parts = team === null ? 1 : partsEach * team.threads;
  const heights = Math.min(Math.ceil(k / parts / tallest) * tallest, linesAtOnce(layout.span * row, tallest));
  const atTiles = room.take(Math.ceil(k / heights) * tileSumsBytes);
  if (!memory.reserve(room.end)) return false;
  const { f32 } = memory;
  writeTable(memory, atTable, cin, layout.size, layout.table);
  f32.fill(0, atSums / 4, atSums / 4 + groups * k * row);
  // Between the rows of outputs there are zeros.
  if (team === null) f32.fill(0, atPrepared / 4, (atPrepared + prepared) / 4);
  const [depth, rows, columns] = m.output;

  const prepare = (kernels: ConvolutionExports, i: number) => {
    const [to, fromX, fromY] = [atPrepared + i * prepared, atX + 4 * i * xSize, atY + 4 * i * ySize];
    if (team !== null) kernels.rows(to, 64, zeros, 0, prepared / 64, 64);
    for (let g = 0; g < groups; g++) {
      const own = to + (g * prepared) / groups;
      copyAll(kernels, layout.copies, cin, own, layout.size, fromX + 4 * g * cin * inputs, inputs);
      for (let d = 0; d < depth; d++)
        kernels.turn(
          rows,
          own + image + 4 * d * layout.stride[0] * row,
          4 * layout.stride[1] * row,
          4 * row,
          fromY + 4 * (g * cout * outputs + d * rows * columns),
          4 * columns,
          4 * outputs,
          cout,
          columns,
        );
    }
  };
  const correlate = (kernels: ConvolutionExports, i: number, first: number) => {
    for (let g = 0; g < groups; g++) {
      const own = atPrepared + i * prepared + (g * prepared) / groups;
      kernels.correlate(
        Math.min(heights, k - first),
        layout.span,
        own,
        atTable + 4 * first,
        own + image,
        atSums + 4 * (g * k + first) * row,
        4 * row,
        atTiles + (first / heights) * tileSumsBytes,
      );
    }
  };
  const firsts = Array.from({ length: Math.ceil(k / heights) }, (_, i) => i * heights);
  const preparing = team === null ? [] : stepsOf(prepare);
  const correlating =
    team === null ? [] : firsts.map((first) => stepsOf<ConvolutionExports>((f, i) => correlate(f, i, first)));
  for (let i = 0; i < batch; i += some) {
    const turns = Math.min(some, batch - i);
    for (const [source, size, at] of [[x, xSize, atX] as const, [y, ySize, atY] as const]) {
      const start = source.offset + i * size;
      f32.set(source.memory.subarray(start, start + turns * size), at / 4);
    }
    if (team === null) {
      prepare(family.kernels!, 0);
      for (const first of firsts) {
        correlate(family.kernels!, 0, first);
        turn((Math.min(heights, k - first) * layout.span * row * groups) / 8);
      }
    } else if (
      !team.run(family, partsOf(turns, partsEach * team.threads, preparing)) ||
      !team.run(
        family,
        correlating.map((steps) => ({ steps, first: 0, turns, room: 0 })),
      )
    )
      return false;
  }
  const kernels = team === null ? family.kernels! : team.kernels(family)!;
  kernels.turn(groups, atResult, 4 * k * cout, 4 * k, atSums, 4 * k * row, 4 * row, k, cout);
  (w as Float32Array).set(f32.subarray(atResult / 4, atResult / 4 + groups * k * cout));
  return true;
}
