// A product of matrices on several threads: each computes some rows or columns of the result, and sums as one thread alone
// would, so that the result has the same bits.

import { bring, copyBlock, elementsOf, type Matrix, sizeOf } from './matrix';
import type { NumberArray } from './strides';
import { blockK, blockM, type MatmulExports, tallest, tileSumsBytes } from './wasm/matmul';
import { type Family, padded } from './wasm/runtime';
import type { Part, Team } from './wasm/team';

// Packing pays where many panels read what strides would put into few lines of the cache, and must be where columns of B
// lie apart.

export const packsA = (a: Matrix, m: number, n: number, bytes: number) => n >= 64 && m >= 32 && a.col * bytes >= 1024;
export const packsB = (b: Matrix, m: number, bytes: number) => b.col !== 1 || (m >= 32 && b.row * bytes >= 2048);
/** Bytes for panels of A or B of one block, of which the last may be filled up. */
export const roomForA = (m: number, k: number, bytes: number) =>
  padded(Math.min(k, blockK) * (Math.min(m, blockM) + tallest) * bytes);
export const roomForB = (n: number, k: number, bytes: number) => padded(Math.min(k, blockK) * (n + 32 / bytes) * bytes);

/**
 * Parts for each thread: what one does not get done another takes. Fewer, where every part packs anew what others pack, too.
 */
const partsEach = 4;
const partsEachIfPacked = 2;

/**
 * The same as in product.ts, by a team. Gives `false`, and has changed nothing, if the memory does not suffice, or a thread
 * fails.
 */
export function multiplyOnThreads(
  team: Team,
  family: Family<MatmulExports>,
  m: number,
  n: number,
  k: number,
  a: Matrix,
  b: Matrix,
  y: NumberArray,
  to: number,
  step: number,
  start: Matrix | null,
  isLater: boolean,
): boolean {
  const { memory } = team;
  const bytes = y.BYTES_PER_ELEMENT;
  const lanes = 16 / bytes;
  const stepC = (n + lanes - 1) & -lanes;
  let end = memory.start;
  /** Room for an operand, as far from a multiple of eight bytes as where it is copied from or to: see `bring`. */
  const place = ({ data, offset }: Pick<Matrix, 'data' | 'offset'>, size: number) => {
    const at = end + ((data.byteOffset + offset * bytes) & 7);
    end += padded(8 + size * bytes);
    return at;
  };
  const rowsOfStart = start !== null && start.row === 0 ? 1 : m;
  const atA = place(a, sizeOf(a, m, k));
  const atB = place(b, sizeOf(b, k, n));
  const atC = place({ data: y, offset: to }, m * stepC);
  const isDense = start !== null && start.col !== 1;
  const atStart = start === null ? 0 : place(start, isDense ? rowsOfStart * n : sizeOf(start, rowsOfStart, n));

  const isPackedA = packsA(a, m, n, bytes);
  const isPackedB = packsB(b, m, bytes);
  const most = (isPackedA && isPackedB ? partsEachIfPacked : partsEach) * team.threads;
  const unit = 64 / bytes;
  // By rows, all parts pack all of B, by columns all of A.
  const isByColumns = ((isPackedB || !isPackedA) && n >= unit * most) || n > m;
  const [rows, columns] = isByColumns ? [m, partOf(n, most, unit)] : [partOf(m, most, tallest), n];
  const roomA = isPackedA ? roomForA(rows, k, bytes) : 0;
  const roomB = isPackedB ? roomForB(columns, k, bytes) : 0;
  const rooms = end;
  const count = Math.ceil(m / rows) * Math.ceil(n / columns);
  if (!memory.reserve(rooms + count * (roomA + roomB + tileSumsBytes))) return false;

  const f = elementsOf(memory, y);
  const left = bring(f, atA / bytes, a, m, k);
  const right = bring(f, atB / bytes, b, k, n);
  const first = start === null ? { row: 0, col: 0 } : bring(f, atStart / bytes, start, rowsOfStart, n, isDense);
  if (isLater) copyBlock(m, n, f, atC / bytes, stepC, { data: y, offset: to, row: step, col: 1 });
  const startRow = rowsOfStart === 1 ? 0 : first.row * bytes;
  const startCol = first.col * bytes;
  const parts: Part[] = [];
  for (let i = 0; i < m; i += rows)
    for (let j = 0; j < n; j += columns) {
      const room = rooms + parts.length * (roomA + roomB + tileSumsBytes);
      const args = [
        Math.min(rows, m - i),
        Math.min(columns, n - j),
        k,
        atA + i * left.row * bytes,
        left.row * bytes,
        left.col * bytes,
        atB + j * right.col * bytes,
        right.row * bytes,
        right.col * bytes,
        atStart + i * startRow + j * startCol,
        startRow,
        startCol,
        atC + (i * stepC + j) * bytes,
        stepC * bytes,
        isLater ? 1 : 0,
        isPackedA ? room : 0,
        isPackedB ? room + roomA : 0,
        room + roomA + roomB,
      ];
      parts.push({ steps: [{ name: 'matmul', args }], first: 0, turns: 1, room: 0 });
    }
  if (!team.run(family, parts)) return false;
  const atResult = atC / bytes;
  if (step === n) {
    if (stepC !== n) team.kernels(family)!.rows(atC, n * bytes, atC, stepC * bytes, m, n * bytes);
    y.set(f.subarray(atResult, atResult + m * n), to);
  } else copyBlock(m, n, y, to, step, { data: f, offset: atResult, row: stepC, col: 1 });
  return true;
}

/** The length of parts, so that there are at most so many, and each but the last is a multiple of the unit. */
const partOf = (length: number, most: number, unit: number) => Math.ceil(length / most / unit) * unit;
