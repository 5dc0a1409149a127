import { turn } from '../cancellation';
import type { Dtype } from '../tensor/dtype';
import { copyInBlocks } from './copies';
import { parse } from './expression';
import { INT32_MAX, INT32_MIN, outsideInt32 } from './int32';
import { type ForEachKind, monomorphic } from './monomorphic';
import * as scalar from './scalar';
import { collapseAlong, isContiguous, type NumberArray, numel, Odometer } from './strides';
import { leastInRows, VectorMap, worthwhile } from './vector-map';
import { isExact } from './wasm/vector-map';

/** One operand of a loop: elements `data[offset + Σ index·stride]`. */
export interface Operand {
  readonly memory: NumberArray;
  readonly steps: readonly number[];
  readonly offset: number;
}

/**
 * A generated loop over `n` elements. In the order of its arguments: the number of elements, the result (for rows with
 * its position), the operands, the parameters.
 */
type Loop = (n: number, y: NumberArray, ...rest: (NumberArray | number | undefined)[]) => void;

/** The loops of one function for one combination of dtypes. */
export interface Loops {
  /** Every operand is contiguous, passed as array and position. */
  readonly flat: Loop;
  /**
   * The first operand is contiguous, passed as array and position; the others are plain numbers, rounded if all
   * operands are float32.
   */
  readonly numbers: Loop;
  /** One row: the result is passed as array and position, the operands as array, position and stride. */
  readonly row: Loop;
  /** Computes rows of many elements at once; {@link Loops.row} computes the others. */
  readonly vectors: VectorMap | null;
}

/**
 * Elementwise function given as a JavaScript expression, for example `a * b`, in the names of its operands (`x`, or `a`
 * and `b`, or these and `c`) and of at most three numeric parameters. The expression may call the functions of
 * `scalar.ts` by name, and `narrow(v)`, which rounds to the dtype of the result.
 *
 * Loops are generated, one function for each combination of dtypes: a loop that has seen several kinds of array is
 * about five times slower than one with a single kind. The text of the function contains the combination, because
 * functions with the same text share the engine's type feedback.
 *
 * With the name of an operation, an overflow of int32 is an error; without one, it wraps around, as in a cast.
 */
export class Kernel {
  private readonly known = new Map<string, Loops>();
  private float32: Loops | null = null;
  private numberFirst: Loop | null = null;
  private exact: boolean | null = null;

  constructor(
    private readonly expression: string,
    private readonly operands: readonly string[],
    readonly parameters: readonly string[] = [],
    readonly op: string | null = null,
  ) {}

  /** The loops for a result of this dtype; the key names all dtypes, or only the one if all are the same. */
  loops(key: string, dtype: Dtype): Loops {
    // float32 is the most frequent case and has its own field, without a lookup.
    if (key === 'float32') return this.float32Loops();
    let loops = this.known.get(key);
    if (loops === undefined) {
      loops = this.generate(key, dtype);
      this.known.set(key, loops);
    }
    return loops;
  }

  float32Loops(): Loops {
    this.float32 ??= this.generate('float32', 'float32');
    return this.float32;
  }

  /** Whether loops and vector kernels give the same bits. */
  isExact(): boolean {
    if (this.exact === null) {
      const expression = parse(this.expression);
      this.exact = expression !== null && isExact(expression);
    }
    return this.exact;
  }

  /**
   * Returns the float32 loop whose first operand is a plain number; the second is contiguous, passed as array and
   * position.
   */
  afterNumber(): Loop {
    this.numberFirst ??= this.generateAfterNumber();
    return this.numberFirst;
  }

  private generateAfterNumber(): Loop {
    const { expression, operands, parameters } = this;
    const vectors = VectorMap.of(expression, operands, ['number', 'float32'], parameters, 'float32');
    const args = ['a', 'bs', 'bo', ...parameters];
    return withFunctions(
      `(n, y, ${args}) => { /* number,float32 */
        if (n >= ${worthwhile.call} && vectors.takes(n) && vectors.binary(n, y, a, 0, ${args.slice(1)})) return;
        ${forEach(`const b = bs[bo + i]; y[i] = ${expression};`)}
      }`,
      { narrow: Math.fround, vectors },
    );
  }

  private generate(key: string, dtype: Dtype): Loops {
    const { operands, op } = this;
    const [first, ...others] = operands;
    // A bool result holds 0 and 1 only.
    const stored = dtype === 'bool' ? `(${this.expression}) ? 1 : 0` : this.expression;
    const store = (place: string) =>
      dtype === 'int32' && op !== null
        ? `const v = ${stored}; if (!(v >= ${INT32_MIN} && v <= ${INT32_MAX})) outside(v); ${place} = v`
        : `${place} = ${stored}`;
    const kinds = key.includes('>') ? key.split('>')[0].split(',') : operands.map(() => key);
    const inFloat32 = dtype === 'float32' || (dtype === 'bool' && kinds.includes('float32'));
    const element = (a: string, place = `${a}o + i`) => {
      const value = `${a}s[${place}]`;
      // PyTorch rounds integers to float32 before it computes with float32.
      return `${a} = ${inFloat32 && kinds[operands.indexOf(a)] === 'int32' ? `Math.fround(${value})` : value}`;
    };
    const narrow = dtype === 'float32' ? Math.fround : (v: number) => v;
    const outside = (v: number) => {
      throw outsideInt32(op ?? '', v);
    };
    const kernelFor = (of: readonly string[]) => VectorMap.of(this.expression, operands, of, this.parameters, dtype);
    // When rows are collected, a number becomes a row of equal elements.
    const vectors = kernelFor(kinds.map((kind) => (kind === 'number' ? 'float32' : kind)));
    const withNumbers = kernelFor([kinds[0], ...others.map(() => 'number')]);
    const known = { narrow, outside, vectors, withNumbers };
    const loop = (args: readonly string[], elements: readonly string[], place: string, shortcut = '') =>
      withFunctions(
        `(${[...args, ...this.parameters].join(', ')}) => { /* ${key} */
          ${shortcut}
          ${forEach(`const ${elements.join(', ')}; ${store(place)};`)}
        }`,
        known,
      );
    /** Passes enough elements to a kernel; `args` are those of its method. */
    const handOver = (kernel: 'vectors' | 'withNumbers', args: readonly string[]) => {
      if (known[kernel] === null) return '';
      const method = ['unary', 'binary', 'ternary'][operands.length - 1];
      const call = `${kernel}.${method}(n, y, ${[...args, ...this.parameters].join(', ')})`;
      return `if (n >= ${worthwhile.call} && ${kernel}.takes(n) && ${call}) return;`;
    };
    const places = operands.flatMap((a) => [`${a}s`, `${a}o`]);
    const isCopy = this.expression === 'x' && key === dtype;
    // Rounded in the loop, because each rounded number at the caller would be a new object.
    const rounding = key === 'float32' ? others.map((a) => `${a} = narrow(${a}); `).join('') : '';
    return {
      flat: loop(
        ['n', 'y', ...places],
        operands.map((a) => element(a)),
        'y[i]',
        isCopy ? 'if (n > 64) return void y.set(xs.subarray(xo, xo + n));' : handOver('vectors', places),
      ),
      numbers: loop(
        ['n', 'y', `${first}s`, `${first}o`, ...others],
        [element(first)],
        'y[i]',
        rounding + handOver('withNumbers', [`${first}s`, `${first}o`, ...others.flatMap((a) => [a, '0'])]),
      ),
      row: loop(
        ['n', 'y', 'yo', ...operands.flatMap((a) => [`${a}s`, `${a}o`, `${a}p`])],
        operands.map((a) => element(a, `${a}o + i * ${a}p`)),
        'y[yo + i]',
      ),
      vectors: isCopy ? null : vectors,
    };
  }

  /** Fills `y`, which is dense with the strides `stride`; those of the operands are already broadcast to `shape`. */
  runStrided(
    key: string,
    dtype: Dtype,
    shape: readonly number[],
    y: NumberArray,
    stride: readonly number[],
    operands: readonly Operand[],
    p?: number,
    q?: number,
    r?: number,
  ): void {
    const { row, flat, vectors } = this.loops(key, dtype);
    // Written out by the number of operands: temporary lists cost more than the loop over a small tensor.
    const [a, b, c] = operands;
    const steps = [stride, a.steps];
    if (b !== undefined) steps.push(b.steps);
    if (c !== undefined) steps.push(c.steps);
    const plan = collapseAlong(shape, steps);
    const inner = plan.shape.length - 1;
    const n = plan.shape[inner];
    const [, i, j, k] = plan.strides.map((s) => s[inner]);
    if (inner === 0 && i === 1 && b === undefined) flat(n, y, a.memory, a.offset, p, q, r);
    else if (inner === 0 && i === 1 && j === 1 && c === undefined)
      flat(n, y, a.memory, a.offset, b.memory, b.offset, p, q, r);
    else if (vectors === null || y.length < leastInRows || !vectors.strided(plan, y, operands, [p, q, r])) {
      const offsets = operands.map((x) => x.offset);
      for (const walk = new Odometer(plan.shape, plan.strides, [0, ...offsets], 1); walk.goes; walk.next()) {
        const { at } = walk;
        if (b === undefined) row(n, y, at[0], a.memory, at[1], i, p, q, r);
        else if (c === undefined) row(n, y, at[0], a.memory, at[1], i, b.memory, at[2], j, p, q, r);
        else row(n, y, at[0], a.memory, at[1], i, b.memory, at[2], j, c.memory, at[3], k, p, q, r);
        turn(8 * n);
      }
    }
  }
}

/** Elements that a loop computes between two polls: a function may take a tenth of a microsecond. */
const some = 2 ** 16;

/** Returns the text of a loop over `n` elements that polls if `n` is large. */
const forEach = (body: string) =>
  `let i = 0;
          while (n - i > ${some}) {
            for (const end = i + ${some}; i < end; i++) { ${body} }
            turn(${8 * some});
          }
          for (; i < n; i++) { ${body} }`;

/** Compiles a function from its text, with the functions of `scalar.ts` and the given ones in scope. */
function withFunctions(text: string, functions: object): Loop {
  const all = { ...scalar, turn, ...functions };
  return new Function(...Object.keys(all), `return ${text}`)(...Object.values(all)) as Loop;
}

/** Elements up to which {@link copyStrided} does not poll for a cancellation. */
export const copiedAtOnce: number = 2 ** 16;

/** Copies elements of `source` to `target`; both have strides over `shape`, and the regions do not overlap. */
export function copyStrided(shape: readonly number[], target: Operand, source: Operand): void {
  copy(shape, target, source, true);
}

/**
 * {@link copyStrided} for kernels that keep something in the memory of WebAssembly, which copies by blocks would
 * overwrite.
 */
export function copyByLoops(shape: readonly number[], target: Operand, source: Operand): void {
  copy(shape, target, source, false);
}

function copy(shape: readonly number[], target: Operand, source: Operand, isMemoryFree: boolean): void {
  const count = numel(shape);
  if (count === 0) return;
  const mayStop = count > copiedAtOnce;
  const { memory: to } = target;
  const { memory: from } = source;
  const sameKind = to.constructor === from.constructor;
  if (sameKind && isContiguous(shape, target.steps) && isContiguous(shape, source.steps)) {
    to.set(from.subarray(source.offset, source.offset + numel(shape)), target.offset);
    return;
  }
  const plan = collapseAlong(shape, [target.steps, source.steps]);
  if (isMemoryFree && sameKind && copyInBlocks(plan, to, target.offset, from, source.offset)) return;
  const inner = plan.shape.length - 1;
  const [m, n] = [plan.shape[inner - 1] ?? 1, plan.shape[inner]];
  const [[tRow, t], [sRow, s]] = plan.strides.map((stride) => [stride[inner - 1] ?? 0, stride[inner]]);
  const loops = sameKind ? copies(to) : copyMixed;
  // A short row is copied faster by a loop.
  const isLong = t === 1 && n > 32 && ((sameKind && Math.abs(s) === 1) || s === 0);
  // A transposed matrix is copied in tiles, whose elements fit in the first-level cache.
  const isTurned = inner > 0 && t === 1 && s > 1 && sRow === 1;
  const high = isLong ? 1 : isTurned ? 16 : Math.ceil(1024 / n);
  const wide = isTurned ? 64 : n;
  const offsets = [target.offset, source.offset];
  for (const walk = new Odometer(plan.shape, plan.strides, offsets, 2); walk.goes; walk.next())
    for (let i = 0; i < m; i += high) {
      const rows = Math.min(high, m - i);
      const [at, start] = [walk.at[0] + i * tRow, walk.at[1] + i * sRow];
      if (!isLong) inTiles(loops, to, at, tRow, t, from, start, sRow, s, rows, n, wide);
      else if (s === 0) to.fill(from[start], at, at + n);
      else if (s === 1) to.set(from.subarray(start, start + n), at);
      else {
        to.set(from.subarray(start - n + 1, start + 1), at);
        to.subarray(at, at + n).reverse();
      }
      if (mayStop) turn(4 * rows * n);
    }
}

/** Copies contiguous elements, shifted cyclically by `by` entries along each dimension. */
export function copyRolled(
  y: NumberArray,
  x: NumberArray,
  offset: number,
  shape: readonly number[],
  by: readonly number[],
): void {
  const steps = shape.map((_, d) => numel(shape.slice(d + 1)));
  let blocks: readonly { sizes: readonly number[]; to: number; from: number }[] = [
    { sizes: shape, to: 0, from: offset },
  ];
  for (const [d, n] of shape.entries()) {
    const k = ((by[d] % n) + n) % n;
    const along = (sizes: readonly number[], count: number) => sizes.map((size, e) => (e === d ? count : size));
    // Each block falls into two, of which the second goes to the beginning. Of no entries k is NaN.
    if (k > 0)
      blocks = blocks.flatMap(({ sizes, to, from }) => [
        { sizes: along(sizes, n - k), to: to + k * steps[d], from },
        { sizes: along(sizes, k), to, from: from + (n - k) * steps[d] },
      ]);
  }
  for (const { sizes, to, from } of blocks)
    copyStrided(sizes, { memory: y, steps, offset: to }, { memory: x, steps, offset: from });
}

/** A separate function, because the engine has fewer registers for the loop inside the caller. */
function inTiles(
  loops: typeof copyMixed,
  to: NumberArray,
  at: number,
  tRow: number,
  t: number,
  from: NumberArray,
  start: number,
  sRow: number,
  s: number,
  rows: number,
  n: number,
  wide: number,
): void {
  for (let j = 0; j < n; j += wide)
    loops(to, at + j, tRow, t, from, start + j * s, sRow, s, rows, Math.min(wide, n - j));
}

/** Copies a matrix; steps are those from row to row and from column to column. */
const copyMixed = (
  to: NumberArray,
  at: number,
  tRow: number,
  t: number,
  from: NumberArray,
  start: number,
  sRow: number,
  s: number,
  m: number,
  n: number,
): void => {
  for (let i = 0, p = at, q = start; i < m; i++, p += tRow, q += sRow)
    for (let j = 0, k = p, l = q; j < n; j++, k += t, l += s) to[k] = from[l];
};
/** {@link copyMixed} between arrays of one kind. */
export const copies: ForEachKind<typeof copyMixed> = monomorphic(copyMixed);
