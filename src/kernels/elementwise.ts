import { collapse, contiguousStride, forEachRow, isContiguous, type NumberArray, numel } from './strides';

/** One operand of a loop: elements `data[offset + Σ index·stride]`. */
export interface Operand {
  readonly data: NumberArray;
  readonly stride: readonly number[];
  readonly offset: number;
}

type FlatUnary = (n: number, y: NumberArray, x: NumberArray, xo: number) => void;
type FlatBinary = (n: number, y: NumberArray, a: NumberArray, ao: number, b: NumberArray, bo: number) => void;
type FlatScalar = (n: number, y: NumberArray, a: NumberArray, ao: number, b: number) => void;
type StridedRow = (n: number, y: NumberArray, yo: number, ...operands: (NumberArray | number)[]) => void;

/**
 * Loops are generated from the expression of one element, one function for each combination of dtypes: a loop
 * that has seen several kinds of array is about five times slower than one that has seen a single kind.
 */
function compile<F>(params: string, body: string): F {
  return new Function(params, body) as F;
}

/** The loops of one function of one element for one pair of dtypes. */
interface UnaryLoops {
  readonly flat: FlatUnary;
  readonly row: StridedRow;
}

/** The loops of one function of two elements for one triple of dtypes. */
interface BinaryLoops {
  readonly flat: FlatBinary;
  readonly scalar: FlatScalar;
  readonly row: StridedRow;
}

/** A `bool` result holds 0 and 1 only. */
const stored = (expression: string, toBool: boolean) => (toBool ? `(${expression}) ? 1 : 0` : expression);

/** Elementwise function of `x` given as a JavaScript expression, for example `Math.exp(x)`. */
export class UnaryKernel {
  private readonly loops = new Map<string, UnaryLoops>();

  constructor(private readonly expression: string) {}

  /** The loops for a key that names the dtypes of input and output. */
  private loopsFor(key: string, toBool: boolean): UnaryLoops {
    let loops = this.loops.get(key);
    if (loops === undefined) {
      const e = stored(this.expression, toBool);
      loops = {
        flat: compile('n, y, xs, xo', `for (let i = 0; i < n; i++) { const x = xs[xo + i]; y[i] = ${e}; }`),
        row: compile(
          'n, y, yo, xs, xo, step',
          `for (let i = 0; i < n; i++) { const x = xs[xo + i * step]; y[yo + i] = ${e}; }`,
        ),
      };
      this.loops.set(key, loops);
    }
    return loops;
  }

  /** Fills the contiguous `y` (of `shape`) with the function of every element of `x`. */
  run(key: string, toBool: boolean, shape: readonly number[], y: NumberArray, x: Operand): void {
    const loops = this.loopsFor(key, toBool);
    if (isContiguous(shape, x.stride)) {
      loops.flat(numel(shape), y, x.data, x.offset);
      return;
    }
    const plan = collapse(shape, [contiguousStride(shape), x.stride]);
    const step = plan.strides[1][plan.shape.length - 1];
    forEachRow(plan.shape, plan.strides, [0, x.offset], ([yo, xo], n) => loops.row(n, y, yo, x.data, xo, step));
  }
}

/** Elementwise function of `a` and `b` given as a JavaScript expression, for example `a * b`. */
export class BinaryKernel {
  private readonly loops = new Map<string, BinaryLoops>();
  private readonly float32: BinaryLoops;

  constructor(private readonly expression: string) {
    this.float32 = this.generate(false);
  }

  private generate(toBool: boolean): BinaryLoops {
    const e = stored(this.expression, toBool);
    return {
      flat: compile(
        'n, y, as, ao, bs, bo',
        `for (let i = 0; i < n; i++) { const a = as[ao + i], b = bs[bo + i]; y[i] = ${e}; }`,
      ),
      scalar: compile('n, y, as, ao, b', `for (let i = 0; i < n; i++) { const a = as[ao + i]; y[i] = ${e}; }`),
      row: compile(
        'n, y, yo, as, ao, p, bs, bo, q',
        `for (let i = 0; i < n; i++) { const a = as[ao + i * p], b = bs[bo + i * q]; y[yo + i] = ${e}; }`,
      ),
    };
  }

  /** The commonest case has its own field: no key is built and nothing is looked up for float32 with float32. */
  private loopsFor(key: string, toBool: boolean): BinaryLoops {
    if (key === 'float32') return this.float32;
    let loops = this.loops.get(key);
    if (loops === undefined) {
      loops = this.generate(toBool);
      this.loops.set(key, loops);
    }
    return loops;
  }

  /** `y = f(a, b)` for operands of the same shape that are both contiguous. */
  runFlat(key: string, toBool: boolean, n: number, y: NumberArray, a: Operand, b: Operand): void {
    this.loopsFor(key, toBool).flat(n, y, a.data, a.offset, b.data, b.offset);
  }

  /** `y = f(a, b)` for a contiguous `a` and one number `b`. */
  runScalar(key: string, toBool: boolean, n: number, y: NumberArray, a: Operand, b: number): void {
    this.loopsFor(key, toBool).scalar(n, y, a.data, a.offset, b);
  }

  /** `y = f(a, b)` for operands whose strides are already broadcast to `shape`; `y` is contiguous. */
  runStrided(key: string, toBool: boolean, shape: readonly number[], y: NumberArray, a: Operand, b: Operand): void {
    const loops = this.loopsFor(key, toBool);
    const plan = collapse(shape, [contiguousStride(shape), a.stride, b.stride]);
    const inner = plan.shape.length - 1;
    const p = plan.strides[1][inner];
    const q = plan.strides[2][inner];
    forEachRow(plan.shape, plan.strides, [0, a.offset, b.offset], ([yo, ao, bo], n) =>
      loops.row(n, y, yo, a.data, ao, p, b.data, bo, q),
    );
  }
}

/** `y = condition ? a : b`, element by element; strides are already broadcast to `shape`, `y` is contiguous. */
export function select(shape: readonly number[], y: NumberArray, condition: Operand, a: Operand, b: Operand): void {
  const plan = collapse(shape, [contiguousStride(shape), condition.stride, a.stride, b.stride]);
  const [, cs, as, bs] = plan.strides.map((s) => s[plan.shape.length - 1]);
  forEachRow(plan.shape, plan.strides, [0, condition.offset, a.offset, b.offset], ([yo, co, ao, bo], n) => {
    for (let i = 0; i < n; i++) y[yo + i] = condition.data[co + i * cs] ? a.data[ao + i * as] : b.data[bo + i * bs];
  });
}

/** Copies elements of `source` to `target`; both have strides over `shape`, and the regions do not overlap. */
export function copyStrided(shape: readonly number[], target: Operand, source: Operand): void {
  if (numel(shape) === 0) return;
  const { data: to } = target;
  const { data: from } = source;
  if (to.constructor === from.constructor && isContiguous(shape, target.stride) && isContiguous(shape, source.stride)) {
    to.set(from.subarray(source.offset, source.offset + numel(shape)), target.offset);
    return;
  }
  const plan = collapse(shape, [target.stride, source.stride]);
  const [t, s] = plan.strides.map((stride) => stride[plan.shape.length - 1]);
  forEachRow(plan.shape, plan.strides, [target.offset, source.offset], ([at, start], n) => {
    for (let i = 0; i < n; i++) to[at + i * t] = from[start + i * s];
  });
}
