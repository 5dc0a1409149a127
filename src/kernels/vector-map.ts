// Elementwise functions in WebAssembly (wasm/vector-map.ts), on ordinary arrays.

import { turn } from '../cancellation';
import { parse } from './expression';
import { atATime, most } from './staging';
import { type NumberArray, Odometer, type Walk } from './strides';
import { Family, padded, reservedBytes, scratch } from './wasm/runtime';
import { isExact, isVectorizable, type MapExports, mapModule, type OperandKind } from './wasm/vector-map';

/** Minimum elements for which copying pays: if the loop calls a function, and if it does not. */
export const worthwhile = { call: 16, arithmetic: 128 };
/** Minimum elements of rows for which collecting them pays. */
export const leastInRows = 512;
/** Elements that loops compute before a kernel with the same bits is compiled. */
const patience = 50_000;

/** Bytes of a chunk of the results or of one operand. */
const room = padded(4 * most);
const place = (i: number) => reservedBytes + i * room;

/** An operand of a walk over rows: elements `data[offset + Σ index·stride]`. */
interface Source {
  readonly memory: NumberArray;
  readonly offset: number;
}

/** The kernel of one expression for one combination of dtypes, compiled on first use. */
export class VectorMap {
  private family: Family<MapExports> | null | undefined;
  private least = worthwhile.call;
  private left = 0;
  private readonly out: number;

  private constructor(
    private readonly expression: string,
    private readonly operands: readonly string[],
    private readonly kinds: readonly OperandKind[],
    private readonly parameters: readonly string[],
    private readonly result: 'float32' | 'bool',
  ) {
    this.out = this.resultPlace(() => false);
  }

  /** Returns the map for these dtypes, or `null`. The expression may still turn out to have no kernel. */
  static of(
    expression: string,
    operands: readonly string[],
    kinds: readonly string[],
    parameters: readonly string[],
    result: string,
  ): VectorMap | null {
    const isSuited = kinds.every((k) => k === 'float32' || k === 'bool' || k === 'number') && kinds.includes('float32');
    if (!isSuited || (result !== 'float32' && result !== 'bool')) return null;
    return new VectorMap(expression, operands, kinds as readonly OperandKind[], parameters, result);
  }

  /** Whether the kernel computes `n` elements. */
  takes(n: number): boolean {
    if (n < this.least || this.family === null) return false;
    if (this.family === undefined && !this.prepare()) return false;
    if (this.left > 0) {
      this.left -= n;
      return false;
    }
    return this.family!.kernels !== null;
  }

  private prepare(): boolean {
    const { parameters, result, kinds } = this;
    const expression = parse(this.expression);
    if (expression === null || !isVectorizable(expression, [...this.operands, ...parameters])) {
      this.family = null;
      return false;
    }
    const operands = this.operands.map((name, i) => ({ name, kind: kinds[i] }));
    this.family = new Family((fma) => mapModule({ expression, operands, parameters, result }, fma));
    if (isExact(expression)) {
      this.least = worthwhile.arithmetic;
      this.left = patience;
    }
    return true;
  }

  /**
   * Address of the results: over a float32 operand, to use less cache, unless that operand is kept; else separate
   * memory.
   */
  private resultPlace(isKept: (k: number) => boolean): number {
    const { kinds, result } = this;
    const over = kinds.findIndex((kind, k) => kind === 'float32' && result === 'float32' && !isKept(k));
    return place(over < 0 ? 3 : over);
  }

  /** Returns the operand's address, filled from an array, or the number itself. */
  private bring(k: number, x: NumberArray | number, from: number, n: number): number {
    if (typeof x === 'number') return x;
    const { f32, u8 } = scratch;
    const at = place(k);
    const whole = from === 0 && n === x.length;
    if (this.kinds[k] === 'bool') u8.set(whole ? x : x.subarray(from, from + n), at);
    else f32.set(whole ? x : x.subarray(from, from + n), at / 4);
    return at;
  }

  private take(y: NumberArray, to: number, n: number, at = this.out): void {
    if (this.result === 'bool') y.set(scratch.u8.subarray(at, at + n), to);
    else y.set(scratch.part(at, n), to);
  }

  /**
   * Fills `y` with the results for `n` elements from `ao` on (see {@link takes}). Returns `false` if an argument is too
   * large for a function; then `y` must be computed by a loop.
   */
  unary(n: number, y: NumberArray, a: NumberArray, ao: number, p = 0, q = 0, r = 0): boolean {
    scratch.reserve(place(4));
    const { map } = this.family!.kernels!;
    const step = atATime(n);
    for (let i = 0; i < n; i += step) {
      const count = Math.min(step, n - i);
      if (map(count, this.out, this.bring(0, a, ao + i, count), p, q, r) !== 0) return false;
      this.take(y, i, count);
      turn(count);
    }
    return true;
  }

  /** {@link unary} for two operands; the second may be a number. */
  binary(
    n: number,
    y: NumberArray,
    a: NumberArray,
    ao: number,
    b: NumberArray | number,
    bo: number,
    p = 0,
    q = 0,
    r = 0,
  ): boolean {
    scratch.reserve(place(4));
    const { map } = this.family!.kernels!;
    const isSame = a === b && ao === bo;
    const step = atATime(n);
    for (let i = 0; i < n; i += step) {
      const count = Math.min(step, n - i);
      const first = this.bring(0, a, ao + i, count);
      const second = isSame ? first : this.bring(1, b, bo + i, count);
      if (map(count, this.out, first, second, p, q, r) !== 0) return false;
      this.take(y, i, count);
      turn(count);
    }
    return true;
  }

  /** {@link unary} for three operands; the second and third may be numbers. */
  ternary(
    n: number,
    y: NumberArray,
    a: NumberArray,
    ao: number,
    b: NumberArray | number,
    bo: number,
    c: NumberArray | number,
    co: number,
    p = 0,
    q = 0,
    r = 0,
  ): boolean {
    scratch.reserve(place(4));
    const { map } = this.family!.kernels!;
    const step = atATime(n);
    for (let i = 0; i < n; i += step) {
      const count = Math.min(step, n - i);
      const first = this.bring(0, a, ao + i, count);
      const second = this.bring(1, b, bo + i, count);
      if (map(count, this.out, first, second, this.bring(2, c, co + i, count), p, q, r) !== 0) return false;
      this.take(y, i, count);
      turn(count);
    }
    return true;
  }

  /**
   * {@link unary} for operands with strides. The first strides of the walk are those of `y`, which is filled from one
   * end to the other. Too slow below {@link leastInRows}.
   */
  strided(
    { shape, strides: [, ...strides] }: Walk,
    y: NumberArray,
    operands: readonly Source[],
    parameters: readonly (number | undefined)[],
  ): boolean {
    if (!this.takes(y.length)) return false;
    scratch.reserve(place(4));
    const { map } = this.family!.kernels!;
    const last = shape.length - 1;
    const n = shape[last];
    const rows = last === 0 ? 1 : shape[last - 1];
    const piece = atATime(y.length);
    const brought = operands.map(
      (x, k) =>
        new Rows(
          x.memory,
          strides[k][last],
          last === 0 ? 0 : strides[k][last - 1],
          n,
          piece,
          this.kinds[k] === 'bool',
          k,
        ),
    );
    const out = this.resultPlace((k) => brought[k].isKept);
    const some = Math.max(1, Math.floor(piece / n));
    let to = 0;
    let outside = 0;
    // Traverses matrices of rows: the last two dimensions.
    const offsets = operands.map((x) => x.offset);
    for (const walk = new Odometer(shape, strides, offsets, 2); walk.goes; walk.next()) {
      for (let k = 0; k < brought.length; k++) brought[k].begin(walk.at[k], Math.min(some, rows));
      for (let r = 0; r < rows; r += some) {
        const count = Math.min(some, rows - r);
        // Long rows are processed chunk by chunk.
        for (let j = 0; j < n; j += piece) {
          const width = Math.min(piece, n - j);
          for (let k = 0; k < brought.length; k++) brought[k].bring(r, count, j, width);
          outside |= call(map, count * width, out, operands.length, parameters);
          this.take(y, to, count * width, out);
          to += count * width;
          turn(count * width);
        }
      }
    }
    return outside === 0;
  }
}

function call(
  map: MapExports['map'],
  n: number,
  out: number,
  operands: number,
  [p = 0, q = 0, r = 0]: readonly (number | undefined)[],
): number {
  if (operands === 1) return map(n, out, place(0), p, q, r);
  if (operands === 2) return map(n, out, place(0), place(1), p, q, r);
  return map(n, out, place(0), place(1), place(2), p, q, r);
}

/** Copies the rows of one operand to the kernels' memory. */
class Rows {
  private start = 0;
  private repeated = -1;
  /** Whether one row is broadcast to all rows, and copied only once. */
  readonly isKept: boolean;
  private readonly target: NumberArray;
  private readonly to: number;

  constructor(
    private readonly data: NumberArray,
    /** Steps to the next element and to the next row. */
    private readonly step: number,
    private readonly rowStep: number,
    private readonly n: number,
    piece: number,
    isBool: boolean,
    k: number,
  ) {
    this.isKept = rowStep === 0 && n <= piece;
    this.target = isBool ? scratch.u8 : scratch.f32;
    this.to = isBool ? place(k) : place(k) / 4;
  }

  /** Starts with the matrix at this position; blocks have up to `rows` rows. */
  begin(start: number, rows: number): void {
    this.start = start;
    if (!this.isKept || this.repeated === start) return;
    this.repeated = start;
    const { target, to, n } = this;
    this.row(start, 0, n);
    for (let have = n; have < rows * n; have *= 2)
      target.copyWithin(to + have, to, to + Math.min(have, rows * n - have));
  }

  /** Copies `width` elements from `column` on, of `count` rows from row `first` on. */
  bring(first: number, count: number, column: number, width: number): void {
    const { data, step, rowStep, n, start, target, to } = this;
    if (this.isKept) return;
    const from = start + first * rowStep + column * step;
    if (step === 1 && (rowStep === n || count === 1)) target.set(data.subarray(from, from + count * width), to);
    else if (step !== 0 && step > rowStep && count > 1) {
      // Elements along columns are closer in memory than those along rows.
      for (let j = 0, p = from; j < width; j++, p += step)
        for (let r = 0, q = p, t = to + j; r < count; r++, q += rowStep, t += width) target[t] = data[q];
    } else for (let r = 0; r < count; r++) this.row(from + r * rowStep, r * width, width);
  }

  private row(from: number, at: number, width: number): void {
    const { data, step, target } = this;
    const to = this.to + at;
    if (step === 0) target.fill(data[from], to, to + width);
    else if (step === 1 && width > 32) target.set(data.subarray(from, from + width), to);
    else for (let i = 0; i < width; i++) target[to + i] = data[from + i * step];
  }
}
