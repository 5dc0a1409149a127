// A matrix product on several threads: each computes some rows or columns of the result, with sums in the same order as
// one thread, so that the result has the same bits.

import { Room } from '../staging';
import { tallest, tileSumsBytes } from '../wasm/matmul';
import type { Part, Team } from '../wasm/team';
import { type Product, packsA, packsB, roomForA, roomForB, takeResult, wholeVectors, zero } from './parts';
import { bring, copyBlock, elementsOf, type Matrix, sizeOf } from './strided-matrix';

/**
 * Parts per thread: other threads take the parts of a slow one. Fewer if every part must pack the same operand again.
 */
const partsEach = 4;
const partsEachIfPacked = 2;

/**
 * Computes the product by a team. Returns `false`, and changes nothing, if the memory is too small, or a thread fails.
 */
export function multiplyOnThreads(team: Team, product: Product): boolean {
  const { family, m, n, k, a, b, y, to, step, start, isLater } = product;
  const { memory } = team;
  const bytes = y.BYTES_PER_ELEMENT;
  const stepC = wholeVectors(n, bytes);
  const room = new Room(memory);
  const place = ({ memory: data, offset }: Pick<Matrix, 'memory' | 'offset'>, size: number) =>
    room.take(size * bytes, data.byteOffset + offset * bytes);
  const rowsOfStart = start !== null && start.row === 0 ? 1 : m;
  const atA = place(a, sizeOf(a, m, k));
  const atB = place(b, sizeOf(b, k, n));
  const atC = place({ memory: y, offset: to }, m * stepC);
  const isDense = start !== null && start.col !== 1;
  const atStart = start === null ? 0 : place(start, isDense ? rowsOfStart * n : sizeOf(start, rowsOfStart, n));

  const [isPackedA, isPackedB] = [packsA(a, m, n, bytes), packsB(b, m, bytes)];
  const most = (isPackedA && isPackedB ? partsEachIfPacked : partsEach) * team.threads;
  const unit = 64 / bytes;
  // Divided by rows, each part packs all of B; by columns, all of A.
  const isByColumns = ((isPackedB || !isPackedA) && n >= unit * most) || n > m;
  const [rows, columns] = isByColumns ? [m, partOf(n, most, unit)] : [partOf(m, most, tallest), n];
  const roomA = isPackedA ? roomForA(rows, k, bytes) : 0;
  const roomB = isPackedB ? roomForB(columns, k, bytes) : 0;
  const own = roomA + roomB + tileSumsBytes;
  const rooms = room.end;
  const count = Math.ceil(m / rows) * Math.ceil(n / columns);
  if (!memory.reserve(rooms + count * own)) return false;

  const f = elementsOf(memory, y);
  const left = bring(f, atA / bytes, a, m, k);
  const right = bring(f, atB / bytes, b, k, n);
  const first = start === null ? zero : bring(f, atStart / bytes, start, rowsOfStart, n, isDense);
  if (isLater) copyBlock(m, n, f, atC / bytes, stepC, { memory: y, offset: to, row: step, col: 1 });
  const startRow = rowsOfStart === 1 ? 0 : first.row * bytes;
  const startCol = first.col * bytes;
  const parts: Part[] = [];
  for (let i = 0; i < m; i += rows)
    for (let j = 0; j < n; j += columns) {
      const packed = rooms + parts.length * own;
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
        isPackedA ? packed : 0,
        isPackedB ? packed + roomA : 0,
        packed + roomA + roomB,
      ];
      parts.push({ steps: [{ name: 'matmul', args }], first: 0, turns: 1, room: 0 });
    }
  if (!team.run(family, parts)) return false;
  takeResult(team.kernels(family)!, f, atC, stepC, product);
  return true;
}

/** Returns the length of parts, so that there are at most `most`, and each but the last is a multiple of the unit. */
const partOf = (length: number, most: number, unit: number) => Math.ceil(length / most / unit) * unit;
