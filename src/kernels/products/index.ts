// Matrix products on ordinary arrays: floats in WebAssembly (wasm/matmul.ts); other dtypes, tiny products, and all
// without WebAssembly by plain loops (loops.ts).

import { turn } from '../../cancellation';
import { Room } from '../staging';
import type { NumberArray } from '../strides';
import { leastShared, teamFor } from '../threads';
import { blockK, blockM, type MatmulExports, matmulModule, tileSums } from '../wasm/matmul';
import { fewestDots } from '../wasm/matrix-vector';
import { Family, padded, reservedBytes, scratch } from '../wasm/runtime';
import { matmulRows, tiny } from './loops';
import { multiplyOnThreads } from './on-threads';
import { type Product, packsA, packsB, roomForA, roomForB, takeResult, wholeVectors, zero } from './parts';
import { bring, copyBlock, elementsOf, from, type Matrix, rowMajor, sizeOf, turned } from './strided-matrix';

const single = new Family<MatmulExports>((fma) => matmulModule(fma, false));
const double = new Family<MatmulExports>((fma) => matmulModule(fma, true));

/** Minimum multiplications for which copying into WebAssembly and back pays. */
const worthwhile = 128;
/** Bytes of operands in WebAssembly above which a product is computed in parts. */
const most = 2 ** 24;
/** Elements per part of a matrix in a product with a vector: they fit in the first-level cache. */
const partOfMatrix = 2 ** 13;

/**
 * `y = start + a·b`, with `a` of `m × k`, `b` of `k × n`, and `y` row-major from `to` on. `start` is a matrix, which
 * may share memory with `y`; a single row has a row step of 0. Without it, sums start at zero.
 */
export function multiply(
  m: number,
  n: number,
  k: number,
  a: Matrix,
  b: Matrix,
  y: NumberArray,
  to: number,
  start: Matrix | null = null,
): void {
  if (m * n * k < worthwhile) {
    tiny(y)(m, n, k, a, b, y, to, start);
    return;
  }
  const family = y instanceof Float32Array ? single : y instanceof Float64Array ? double : null;
  const kernels = family === null ? null : family.kernels;
  if (family === null || kernels === null) plain(m, n, k, a, b, y, to, start);
  else if (n === 1 && m >= fewestDots) {
    vector(kernels, m, k, turned(b), turned(a), y, to, start && turned(start));
  } else if (m === 1 && (b.row !== 1 || n >= fewestDots)) vector(kernels, n, k, a, b, y, to, start);
  else inParts({ family, m, n, k, a, b, y, to, step: n, start, isLater: false });
}

/** By loops over row-major matrices. */
function plain(
  m: number,
  n: number,
  k: number,
  a: Matrix,
  b: Matrix,
  y: NumberArray,
  to: number,
  start: Matrix | null,
): void {
  const left = rowMajor(a, m, k);
  const right = rowMajor(b, k, n);
  if (start === null) y.fill(0, to, to + m * n);
  else copyBlock(m, n, y, to, n, start);
  matmulRows(m, n, k, left.memory, left.offset, right.memory, right.offset, y, to);
}

/** The product of one row and a matrix, a part of the matrix at a time. */
function vector(
  kernels: MatmulExports,
  n: number,
  k: number,
  a: Matrix,
  b: Matrix,
  y: NumberArray,
  to: number,
  start: Matrix | null,
): void {
  const bytes = y.BYTES_PER_ELEMENT;
  const isDots = b.col !== 1 && b.row === 1;
  // As long as possible along memory.
  const long = Math.min(isDots ? k : n, partOfMatrix / fewestDots);
  const short = Math.floor(partOfMatrix / long);
  const [rows, cols] = isDots ? [long, short] : [short, long];
  const room = new Room(scratch);
  const [atA, atB] = [room.take(rows * bytes), room.take(2 * partOfMatrix * bytes)];
  const [atC, other] = [room.take(cols * bytes), room.take(cols * bytes)];
  scratch.reserve(room.end);
  const f = elementsOf(scratch, y);
  for (let j = 0; j < n; ) {
    // Dot products need a few columns: the last part then overlaps the one before it.
    const first = isDots ? Math.min(j, n - fewestDots) : j;
    const count = Math.min(cols, n - first);
    let sums = atC;
    let next = other;
    if (start === null) f.fill(0, sums / bytes, sums / bytes + count);
    else copyBlock(1, count, f, sums / bytes, count, from(start, 0, first));
    for (let p = 0; p < k; p += rows) {
      const length = Math.min(rows, k - p);
      copyBlock(1, length, f, atA / bytes, length, from(a, 0, p));
      const { row, col } = bring(f, atB / bytes, from(b, p, first), length, count, b.col !== 1 && !isDots);
      if (col === 1) kernels.combine(count, length, atA, atB, row * bytes, sums, next);
      else kernels.dots(count, length, atA, atB, col * bytes, sums, next);
      [sums, next] = [next, sums];
      turn(count * length);
    }
    y.set(f.subarray(sums / bytes, sums / bytes + count), to + first);
    j = first + count;
  }
}

/** Splits a product until its operands are small enough. */
function inParts(product: Product): void {
  const { m, n, k, a, b, y, to, step, start } = product;
  const size = (sizeOf(a, m, k) + sizeOf(b, k, n) + m * n) * y.BYTES_PER_ELEMENT;
  if (size <= most) {
    // Most products are small: this saves a call.
    const team = m * n * k < leastShared ? null : teamFor(m * n * k, m * k + k * n + m * n);
    if (team === null || !multiplyOnThreads(team, product)) alone(product);
    turn((m * n * k) / 8);
    return;
  }
  // Splits at whole blocks, so that the same sums are added in the same order.
  const half = (length: number, block: number) => Math.ceil(length / 2 / block) * block;
  if (k >= m && k >= n) {
    const h = half(k, blockK);
    inParts({ ...product, k: h });
    inParts({ ...product, k: k - h, a: from(a, 0, h), b: from(b, h, 0), start: null, isLater: true });
  } else if (m >= n) {
    const h = half(m, blockM);
    inParts({ ...product, m: h });
    inParts({ ...product, m: m - h, a: from(a, h, 0), to: to + h * step, start: start && from(start, h, 0) });
  } else {
    const h = half(n, blockM);
    inParts({ ...product, n: h });
    inParts({ ...product, n: n - h, b: from(b, 0, h), to: to + h, start: start && from(start, 0, h) });
  }
}

/** One call of the kernel: copies its operands in and the result out. */
function alone(product: Product): void {
  const { family, m, n, k, a, b, y, to, step, start, isLater } = product;
  const kernels = family.kernels!;
  const bytes = y.BYTES_PER_ELEMENT;
  const stepC = wholeVectors(n, bytes);
  const rowsOfStart = start !== null && start.row === 0 ? 1 : m;
  const isDense = start !== null && start.col !== 1;
  const atB = reservedBytes + padded(sizeOf(a, m, k) * bytes);
  const atC = atB + padded(sizeOf(b, k, n) * bytes);
  const atStart = atC + padded(m * stepC * bytes);
  let end = atStart;
  if (start !== null) end += padded((isDense ? rowsOfStart * n : sizeOf(start, rowsOfStart, n)) * bytes);
  let [packedA, packedB] = [0, 0];
  if (packsA(a, m, n, bytes)) {
    packedA = end;
    end += roomForA(m, k, bytes);
  }
  if (packsB(b, m, bytes)) {
    packedB = end;
    end += roomForB(n, k, bytes);
  }
  scratch.reserve(end);
  const f = elementsOf(scratch, y);
  const left = bring(f, reservedBytes / bytes, a, m, k);
  const right = bring(f, atB / bytes, b, k, n);
  const first = start === null ? zero : bring(f, atStart / bytes, start, rowsOfStart, n, isDense);
  if (isLater) copyBlock(m, n, f, atC / bytes, stepC, { memory: y, offset: to, row: step, col: 1 });
  kernels.matmul(
    m,
    n,
    k,
    reservedBytes,
    left.row * bytes,
    left.col * bytes,
    atB,
    right.row * bytes,
    right.col * bytes,
    start === null ? 0 : atStart,
    rowsOfStart === 1 ? 0 : first.row * bytes,
    first.col * bytes,
    atC,
    stepC * bytes,
    isLater ? 1 : 0,
    packedA,
    packedB,
    tileSums,
  );
  takeResult(kernels, f, atC, stepC, product);
}
