// Copies between layouts in WebAssembly's memory. Blocks go there and back in long runs. Single elements move only
// inside it, where that is cheap.

import { turn } from '../cancellation';
import { Room } from './staging';
import { type NumberArray, Odometer, type Walk } from './strides';
import { type CopiesExports, copiesModule } from './wasm/copies';
import { Family, scratch } from './wasm/runtime';

const family = new Family<CopiesExports>(copiesModule);

/** Minimum elements for which copying to the kernels' memory pays. */
const worthwhile = 1024;
/** Elements that loops copy before the kernels are compiled. */
let patience = 50_000;
/** Elements of a block: rows fit in the first-level cache, transposed matrices in the second. */
const most = { rows: 2 ** 12, columns: 2 ** 14 };
/** Sides of a block of a larger transposed matrix: moving a run then costs less than its elements. */
const side = 256;
/** From this length on, moving each row by itself is as fast. */
const longRow = 256;
/** Runs below this length are copied faster by a loop. */
const shortestRun = 64;

type Three = readonly [number, number, number];

/** One tensor's blocks of three dimensions: matrices of rows. */
class Side {
  /** Steps in the kernels' memory, in elements. */
  readonly inside: Three;
  /** Whether a block is moved as one run, which may have gaps. */
  readonly isDense: boolean;
  readonly address: number;
  private readonly hasGaps: boolean;

  /** @param inner the dimension whose elements are adjacent */
  constructor(
    private readonly data: NumberArray,
    private readonly steps: Three,
    sizes: Three,
    private readonly inner: 1 | 2,
    room: Room,
  ) {
    const count = sizes[0] * sizes[1] * sizes[2];
    const span = spanOf(sizes, steps);
    this.isDense = span <= 2 * count;
    this.hasGaps = this.isDense && span > count;
    const run = sizes[inner];
    const packed: Three = inner === 2 ? [sizes[1] * run, run, 1] : [sizes[2] * run, 1, run];
    this.inside = this.isDense ? steps : packed;
    this.address = room.take(4 * (this.isDense ? span : count));
  }

  bring(from: number, sizes: Three): void {
    this.move(from, sizes, true);
  }

  /** Brings what lies between the elements of a target, which {@link take} writes back. */
  bringGaps(from: number, sizes: Three): void {
    if (this.hasGaps) this.move(from, sizes, true);
  }

  take(to: number, sizes: Three): void {
    this.move(to, sizes, false);
  }

  private move(position: number, sizes: Three, isIn: boolean): void {
    const { data, steps, inside, inner } = this;
    const words = data instanceof Float32Array ? scratch.f32 : scratch.i32;
    const at = this.address / 4;
    if (this.isDense) {
      const span = spanOf(sizes, steps);
      if (isIn) words.set(data.subarray(position, position + span), at);
      else data.set(words.subarray(at, at + span), position);
      return;
    }
    const run = sizes[inner];
    const other = 3 - inner;
    for (let i = 0; i < sizes[0]; i++)
      for (let j = 0; j < sizes[other]; j++) {
        const p = position + i * steps[0] + j * steps[other];
        const q = at + i * inside[0] + j * inside[other];
        if (isIn) words.set(data.subarray(p, p + run), q);
        else data.set(words.subarray(q, q + run), p);
      }
  }
}

const spanOf = (sizes: Three, steps: Three) =>
  1 + (sizes[0] - 1) * steps[0] + (sizes[1] - 1) * steps[1] + (sizes[2] - 1) * steps[2];

/**
 * Copies `from` to `to`, arrays of one kind, by a walk whose first strides are those of `to`. Returns `false`, and copies
 * nothing, if loops should do it.
 */
export function copyInBlocks(
  { shape, strides: [target, source] }: Walk,
  to: NumberArray,
  toOffset: number,
  from: NumberArray,
  fromOffset: number,
): boolean {
  const rank = shape.length;
  if (rank < 2 || !(to instanceof Float32Array || to instanceof Int32Array)) return false;
  let count = 1;
  for (let d = 0; d < rank; d++) {
    if (target[d] < 1 || source[d] < 0) return false;
    count *= shape[d];
  }
  if (count < worthwhile || target[rank - 1] !== 1) return false;
  if (patience > 0) {
    patience -= count;
    return false;
  }
  const unit = source.lastIndexOf(1);
  const isTurned = unit < rank - 1;
  if (unit < 0 || (!isTurned && shape[rank - 1] >= longRow)) return false;
  // The last three dimensions make blocks, in this order; the others come before them.
  const column = rank - 1;
  const row = isTurned ? unit : rank - 2;
  let depth = rank - 1;
  while (depth === column || depth === row) depth--;
  const order = [...shape.keys()].filter((d) => d !== column && d !== row && d !== depth).concat(depth, row, column);
  const sorted = (list: readonly number[], missing: number) => order.map((d) => list[d] ?? missing);
  const [sizes, targetSteps, sourceSteps] = [sorted(shape, 1), sorted(target, 0), sorted(source, 0)];
  const three = (list: readonly number[]) => list.slice(-3) as [number, number, number];
  const all = three(sizes);
  const full = isTurned ? turnedBlock(all) : rowsBlock(all);
  const room = new Room(scratch);
  const input = new Side(from, three(sourceSteps), full, isTurned ? 1 : 2, room);
  const output = new Side(to, three(targetSteps), full, 2, room);
  const hasShortRuns = (part: Side, run: number) => !part.isDense && run < shortestRun;
  if (isTurned ? hasShortRuns(input, full[1]) || hasShortRuns(output, full[2]) : !input.isDense || !output.isDense)
    return false;
  const { kernels } = family;
  if (kernels === null) return false;
  scratch.reserve(room.end);
  const kernel = isTurned ? kernels.columns : kernels.rows;
  const step = isTurned ? 2 : 1;
  const [t, s] = [targetSteps, sourceSteps].map(three);
  for (const walk = new Odometer(sizes, [targetSteps, sourceSteps], [toOffset, fromOffset], 3); walk.goes; walk.next())
    for (let i = 0; i < all[0]; i += full[0])
      for (let j = 0; j < all[1]; j += full[1])
        for (let k = 0; k < all[2]; k += full[2]) {
          const [high, rows, n] = [all[0] - i, all[1] - j, all[2] - k].map((left, d) => Math.min(left, full[d]));
          const part: Three = [high, rows, n];
          const at = walk.at[0] + i * t[0] + j * t[1] + k * t[2];
          input.bring(walk.at[1] + i * s[0] + j * s[1] + k * s[2], part);
          output.bringGaps(at, part);
          kernel(
            ...part,
            output.address,
            4 * output.inside[0],
            4 * output.inside[1],
            input.address,
            4 * input.inside[0],
            4 * input.inside[step],
          );
          output.take(at, part);
          turn(high * rows * n);
        }
  return true;
}

const atLeast1 = (x: number) => Math.max(1, Math.floor(x));

function rowsBlock([depth, rows, n]: Three): Three {
  const high = Math.min(rows, atLeast1(most.rows / n));
  return [high < rows ? 1 : Math.min(depth, atLeast1(most.rows / (rows * n))), high, n];
}

function turnedBlock([depth, rows, n]: Three): Three {
  const wide = Math.min(n, Math.max(side, atLeast1(most.columns / rows)));
  const high = Math.min(rows, Math.max(side, atLeast1(most.columns / wide)));
  const isWhole = wide === n && high === rows;
  return [isWhole ? Math.min(depth, atLeast1(most.columns / (rows * n))) : 1, high, wide];
}
