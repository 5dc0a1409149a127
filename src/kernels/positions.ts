import { inTurns, turn, until } from '../cancellation';
import type { Operand } from './elementwise';
import { monomorphic } from './monomorphic';
import { most, Room, Stage } from './staging';
import { type NumberArray, part, walkRows } from './strides';
import { type LookupsExports, lookupsModule } from './wasm/lookups';
import { Family, scratch } from './wasm/runtime';

/** Adds the elements of `source` to those of `target`; a position may occur repeatedly. */
export function addStrided(shape: readonly number[], target: Operand, source: Operand): void {
  const { memory: to } = target;
  const { memory: from } = source;
  walkRows(shape, [target.steps, source.steps], [target.offset, source.offset], ([at, start], n, [t, s]) => {
    for (let i = 0; i < n; ) for (const end = until(i, n); i < end; i++) to[at + i * t] += from[start + i * s];
  });
}

/**
 * Returns the positions of a result's elements in a row-major array of `shape`, if the index along each dimension `d`
 * comes from `maps[d]`.
 */
export function mappedPositions(shape: readonly number[], maps: readonly Int32Array[]): Int32Array {
  let at = Int32Array.of(0);
  maps.forEach((map, d) => {
    const next = new Int32Array(at.length * map.length);
    let k = 0;
    for (const before of at)
      for (let j = 0; j < map.length; )
        for (const end = until(j, map.length); j < end; j++) next[k++] = before * shape[d] + map[j];
    at = next;
  });
  return at;
}

/** `at[to + i] = base + i·inner + index[offset + to + i]·step` of a row of `n`. */
export function lookUp(
  at: Int32Array,
  to: number,
  index: Int32Array,
  offset: number,
  n: number,
  base: number,
  inner: number,
  step: number,
): void {
  for (let i = 0; i < n; )
    for (const end = until(i, n); i < end; i++) at[to + i] = base + i * inner + index[offset + to + i] * step;
}

/** Run lengths from which copying blocks is faster than copying elements. */
const block = 16;

const taking = monomorphic((y: NumberArray, x: NumberArray, offset: number, at: Int32Array, run: number) => {
  if (run === 1) for (let i = 0; i < at.length; i++) y[i] = x[offset + at[i]];
  else
    for (let i = 0, to = 0; i < at.length; i++)
      for (let from = offset + at[i], end = from + run; from < end; from++) y[to++] = x[from];
});

/** `y[i] = x[at[i]]`; with `run`, each position refers to `run` adjacent elements. */
export function take(y: NumberArray, x: NumberArray, offset: number, at: Int32Array, run = 1): void {
  if (run < block)
    inTurns(at.length, run, (from, to) => {
      const part = y.subarray(from * run, to * run);
      taking(y)(part, x, offset, at.subarray(from, to), run);
    });
  else
    for (let i = 0; i < at.length; )
      for (const end = until(i, at.length, run); i < end; i++)
        y.set(x.subarray(offset + at[i], offset + at[i] + run), i * run);
}

const lookups = new Family<LookupsExports>(lookupsModule, { worthwhile: 4096, longest: 2 ** 20 });

/**
 * `y[r·m + i] = x[offset + r·n + index[r·m + i]]` for rows of `n` elements. Returns `false` if no kernel fits, or a
 * position is not from 0 to `n - 1`.
 */
export function takeInRows(
  y: NumberArray,
  x: NumberArray,
  offset: number,
  n: number,
  index: Int32Array,
  m: number,
): boolean {
  const [rows, size] = [y.length / m, Math.max(n, m)];
  const kernels = lookups.suited(y, y.length, size);
  if (kernels === null) return false;
  const stage = new Stage(rows, size, most);
  const from = stage.input(part(x, offset, rows * n), n);
  const [positions, to] = [stage.input(index, m), stage.output(y, m)];
  while (stage.next())
    for (let r = 0; r < 4 * stage.count; r += 4)
      if (kernels.row(n, m, from + r * n, positions + r * m, to + r * m) !== 0) return false;
  return true;
}

/**
 * `y[r·n + index[r·m + i]] += x[offset + r·m + i]` for rows of `n` elements. Returns `false` if no kernel fits, or a
 * position is not from 0 to `n - 1`; then some elements of `y` may have been increased.
 */
export function addInRows(
  y: NumberArray,
  n: number,
  index: Int32Array,
  m: number,
  x: NumberArray,
  offset: number,
): boolean {
  const [rows, size] = [index.length / m, Math.max(n, m)];
  const kernels = lookups.suited(y, index.length, size);
  if (kernels === null) return false;
  const stage = new Stage(rows, size, most);
  const to = stage.input(y, n);
  stage.output(y, n, to);
  const [positions, from] = [stage.input(index, m), stage.input(part(x, offset, rows * m), m)];
  while (stage.next())
    for (let r = 0; r < 4 * stage.count; r += 4)
      if (kernels.addRow(n, m, to + r * n, positions + r * m, from + r * m) !== 0) return false;
  return true;
}

const putting = monomorphic((y: NumberArray, x: NumberArray, offset: number, at: Int32Array, run: number) => {
  if (run === 1) for (let i = 0; i < at.length; i++) y[at[i]] = x[offset + i];
  else
    for (let i = 0, from = offset; i < at.length; i++)
      for (let to = at[i], end = to + run; to < end; to++) y[to] = x[from++];
});

/** `y[at[i]] = x[i]`, likewise. */
export function putAt(y: NumberArray, x: NumberArray, offset: number, at: Int32Array, run = 1): void {
  inTurns(at.length, run, (from, to) => putting(y)(y, x, offset + from * run, at.subarray(from, to), run));
}

const adding = monomorphic((y: NumberArray, x: NumberArray, offset: number, at: Int32Array, run: number) => {
  if (run === 1) for (let i = 0; i < at.length; i++) y[at[i]] += x[offset + i];
  else
    for (let i = 0, from = offset; i < at.length; i++)
      for (let to = at[i], end = to + run; to < end; to++) y[to] += x[from++];
});

/** Minimum run length for which bringing each run to the kernels' memory pays. */
const longRun = 256;

function addRuns({ add }: LookupsExports, y: NumberArray, x: NumberArray, from: number, at: Int32Array, run: number) {
  const room = new Room(scratch);
  const piece = Math.min(run, most);
  const [a, b] = [room.take(4 * piece), room.take(4 * piece)];
  scratch.reserve(room.end);
  const { f32 } = scratch;
  for (let i = 0; i < at.length; i++)
    for (let j = 0; j < run; j += piece) {
      const n = Math.min(piece, run - j);
      const [to, start] = [at[i] + j, from + i * run + j];
      const target = y.subarray(to, to + n);
      f32.set(target, a / 4);
      f32.set(x.subarray(start, start + n), b / 4);
      add(n, a, b);
      target.set(scratch.part(a, n));
      turn(n);
    }
}

/** `y[at[i]] += x[i]`, likewise. */
export function addAt(y: NumberArray, x: NumberArray, offset: number, at: Int32Array, run = 1): void {
  const kernels = run >= longRun && x instanceof Float32Array ? lookups.suited(y, at.length * run) : null;
  if (kernels !== null) {
    addRuns(kernels, y, x, offset, at, run);
    return;
  }
  inTurns(at.length, run, (from, to) => adding(y)(y, x, offset + from * run, at.subarray(from, to), run));
}

/** `y[at[i]] |= x[i]` of truth values, likewise. */
export function orAt(y: NumberArray, x: NumberArray, offset: number, at: Int32Array, run = 1): void {
  for (let i = 0, from = offset; i < at.length; )
    for (const end = until(i, at.length, run); i < end; i++) for (let k = 0; k < run; k++) y[at[i] + k] |= x[from++];
}
