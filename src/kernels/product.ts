// Products of matrices on ordinary arrays: of floats in WebAssembly (wasm/matmul.ts), else, and where a product is tiny or
// WebAssembly is not to be had, by plain loops.

import { turn } from '../turn';
import { matmulRows } from './matmul';
import { bring, copyBlock, elementsOf, from, type Matrix, rowMajor, sizeOf, turned } from './matrix';
import { monomorphic } from './monomorphic';
import { multiplyOnThreads, packsA, packsB, roomForA, roomForB } from './shared-product';
import type { NumberArray } from './strides';
import { leastShared, teamFor } from './threads';
import { blockK, blockM, type MatmulExports, matmulModule, tileSums } from './wasm/matmul';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';
import { fewestDots } from './wasm/vector';

const single = new Family<MatmulExports>((fma) => matmulModule(fma, false));
const double = new Family<MatmulExports>((fma) => matmulModule(fma, true));

/** Multiplications from which the copies into WebAssembly and back are worth their while. */
const worthwhile = 128;
/** Bytes of operands in WebAssembly above which a product is made in parts. */
const most = 2 ** 24;
/** Elements of a matrix that is multiplied with a vector, of one part: it stays in the first-level cache. */
const partOfMatrix = 2 ** 13;

/**
 * `y = start + a·b`, with `a` of `m × k`, `b` of `k × n`, and `y` row-major from `to` on. `start` is a matrix, of
 * which `y` may be the memory; one row for all rows has a step of 0; left out it is zero.
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
    tiny(y)(m, n, k, a.data, a.offset, a.row, a.col, b.data, b.offset, b.row, b.col, y, to, start);
    return;
  }
  const family = y instanceof Float32Array ? single : y instanceof Float64Array ? double : null;
  const kernels = family === null ? null : family.kernels;
  if (family === null || kernels === null) plain(m, n, k, a, b, y, to, start);
  else if (n === 1 && m >= fewestDots) {
    vector(kernels, m, k, turned(b), turned(a), y, to, start && turned(start));
  } else if (m === 1 && (b.row !== 1 || n >= fewestDots)) vector(kernels, n, k, a, b, y, to, start);
  else inParts(family, m, n, k, a, b, y, to, n, start, false);
}

/** By a loop for each element, which needs no copies. */
const tiny = monomorphic(
  (
    m: number,
    n: number,
    k: number,
    a: NumberArray,
    ao: number,
    ar: number,
    ac: number,
    b: NumberArray,
    bo: number,
    br: number,
    bc: number,
    y: NumberArray,
    to: number,
    start: Matrix | null,
  ) => {
    for (let i = 0, q = to; i < m; i++)
      for (let j = 0; j < n; j++, q++) {
        let sum = start === null ? 0 : start.data[start.offset + i * start.row + j * start.col];
        for (let p = 0, u = ao + i * ar, v = bo + j * bc; p < k; p++, u += ac, v += br) sum += a[u] * b[v];
        y[q] = sum;
      }
  },
);

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
  matmulRows(m, n, k, left.data, left.offset, right.data, right.offset, y, to);
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
  // As long along memory as possible.
  const long = Math.min(isDots ? k : n, partOfMatrix / fewestDots);
  const short = Math.floor(partOfMatrix / long);
  const [rows, cols] = isDots ? [long, short] : [short, long];
  const atB = reservedBytes + padded(rows * bytes);
  const atC = atB + padded(2 * partOfMatrix * bytes);
  const sizeC = padded(cols * bytes);
  scratch.reserve(atC + 2 * sizeC);
  const f = elementsOf(scratch, y);
  for (let j = 0; j < n; ) {
    // Dot products need a few columns: the last part then overlaps the one before it.
    const first = isDots ? Math.min(j, n - fewestDots) : j;
    const count = Math.min(cols, n - first);
    let sums = atC;
    let next = atC + sizeC;
    if (start === null) f.fill(0, sums / bytes, sums / bytes + count);
    else copyBlock(1, count, f, sums / bytes, count, from(start, 0, first));
    for (let p = 0; p < k; p += rows) {
      const length = Math.min(rows, k - p);
      copyBlock(1, length, f, reservedBytes / bytes, length, from(a, 0, p));
      const { row, col } = bring(f, atB / bytes, from(b, p, first), length, count, b.col !== 1 && !isDots);
      if (col === 1) kernels.combine(count, length, reservedBytes, atB, row * bytes, sums, next);
      else kernels.dots(count, length, reservedBytes, atB, col * bytes, sums, next);
      [sums, next] = [next, sums];
      turn(count * length);
    }
    y.set(f.subarray(sums / bytes, sums / bytes + count), to + first);
    j = first + count;
  }
}

/**
 * A product that is cut until its operands are not too large. Rows of `y` are `step` apart; with `isLater` the product is
 * added to what is there.
 */
function inParts(
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
): void {
  const size = (sizeOf(a, m, k) + sizeOf(b, k, n) + m * n) * y.BYTES_PER_ELEMENT;
  if (size <= most) {
    whole(family, m, n, k, a, b, y, to, step, start, isLater);
    turn((m * n * k) / 8);
  } else if (k >= m && k >= n) {
    // At whole blocks, so that the same sums are added in the same order.
    const h = Math.ceil(k / 2 / blockK) * blockK;
    inParts(family, m, n, h, a, b, y, to, step, start, isLater);
    inParts(family, m, n, k - h, from(a, 0, h), from(b, h, 0), y, to, step, null, true);
  } else if (m >= n) {
    const h = Math.ceil(m / 2 / blockM) * blockM;
    inParts(family, h, n, k, a, b, y, to, step, start, isLater);
    inParts(family, m - h, n, k, from(a, h, 0), b, y, to + h * step, step, start && from(start, h, 0), isLater);
  } else {
    const h = Math.ceil(n / 2 / blockM) * blockM;
    inParts(family, m, h, k, a, b, y, to, step, start, isLater);
    inParts(family, m, n - h, k, a, from(b, 0, h), y, to + h, step, start && from(start, 0, h), isLater);
  }
}

/** One call of the kernel, with its operands copied in and the result out; or several on as many threads. */
function whole(
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
): void {
  // Most products are small: a call less.
  const team = m * n * k < leastShared ? null : teamFor(m * n * k, m * k + k * n + m * n);
  if (team !== null && multiplyOnThreads(team, family, m, n, k, a, b, y, to, step, start, isLater)) return;
  const kernels = family.kernels!;
  const bytes = y.BYTES_PER_ELEMENT;
  const lanes = 16 / bytes;
  // Rows of C are whole vectors.
  const stepC = (n + lanes - 1) & -lanes;
  const atB = reservedBytes + padded(sizeOf(a, m, k) * bytes);
  const atC = atB + padded(sizeOf(b, k, n) * bytes);
  const atStart = atC + padded(m * stepC * bytes);
  let end = atStart;
  // One row for all stands by itself; other sums start from what stands in C.
  const isRow = start !== null && start.row === 0;
  if (isRow) end += padded(n * bytes);
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
  if (start !== null) copyBlock(isRow ? 1 : m, n, f, (isRow ? atStart : atC) / bytes, stepC, start);
  if (isLater) copyBlock(m, n, f, atC / bytes, stepC, { data: y, offset: to, row: step, col: 1 });
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
    start === null ? 0 : isRow ? atStart : atC,
    start === null || isRow ? 0 : stepC * bytes,
    start === null ? 0 : bytes,
    atC,
    stepC * bytes,
    isLater ? 1 : 0,
    packedA,
    packedB,
    tileSums,
  );
  const atResult = atC / bytes;
  if (step === n) {
    if (stepC !== n) kernels.rows(atC, n * bytes, atC, stepC * bytes, m, n * bytes);
    y.set(f.subarray(atResult, atResult + m * n), to);
  } else copyBlock(m, n, y, to, step, { data: f, offset: atResult, row: stepC, col: 1 });
}
