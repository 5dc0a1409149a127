import type { Dtype } from '../tensor/dtype';
import * as scalar from './scalar';
import { collapse, contiguousStride, forEachRow, isContiguous, type NumberArray, numel, walkRows } from './strides';

/** One operand of a loop: elements `data[offset + Σ index·stride]`. */
export interface Operand {
  readonly data: NumberArray;
  readonly stride: readonly number[];
  readonly offset: number;
}

/**
 * A generated loop over `n` elements. In the order of its arguments: the number of elements, the result (for rows with
 * its position), the operands, the parameters.
 */
type Loop = (n: number, y: NumberArray, ...rest: (NumberArray | number | undefined)[]) => void;

/** The loops of one function for one combination of dtypes. */
export interface Loops {
  /** Every operand is contiguous and given as array, position. */
  readonly flat: Loop;
  /** The first operand is contiguous and given as array, position; the others are plain numbers. */
  readonly numbers: Loop;
  /** One row: the result is given as array, position, the operands as array, position, stride. */
  readonly row: Loop;
}

/**
 * Elementwise function given as a JavaScript expression, for example `a * b`, in the names of its operands (`x`, or `a`
 * and `b`, or these and `c`) and of at most three numeric parameters. The expression may call the functions of
 * `scalar.ts` by name, and `narrow(v)`, which rounds to the dtype of the result.
 *
 * Loops are generated, one function for each combination of dtypes: a loop that has seen several kinds of array is about
 * five times slower than one that has seen a single kind. The combination stands in the text of the function, because
 * functions of the same text share what the engine has learnt about them.
 */
export class Kernel {
  private readonly known = new Map<string, Loops>();
  private float32: Loops | null = null;

  constructor(
    private readonly expression: string,
    private readonly operands: readonly string[],
    readonly parameters: readonly string[] = [],
  ) {}

  /** The loops for a result of this dtype; the key names all dtypes, or only the one if all are the same. */
  loops(key: string, dtype: Dtype): Loops {
    // The commonest case has its own field: nothing is looked up for float32 alone.
    if (key === 'float32') {
      this.float32 ??= this.generate(key, dtype);
      return this.float32;
    }
    let loops = this.known.get(key);
    if (loops === undefined) {
      loops = this.generate(key, dtype);
      this.known.set(key, loops);
    }
    return loops;
  }

  private generate(key: string, dtype: Dtype): Loops {
    const { operands } = this;
    const [first, ...others] = operands;
    // A bool result holds 0 and 1 only.
    const stored = dtype === 'bool' ? `(${this.expression}) ? 1 : 0` : this.expression;
    const loop = (args: readonly string[], elements: readonly string[], result: string): Loop =>
      withFunctions(
        `(${[...args, ...this.parameters].join(', ')}) => { /* ${key} */
          for (let i = 0; i < n; i++) { const ${elements.join(', ')}; ${result} = ${stored}; }
        }`,
        dtype,
      );
    const element = (a: string) => `${a} = ${a}s[${a}o + i]`;
    return {
      flat: loop(['n', 'y', ...operands.flatMap((a) => [`${a}s`, `${a}o`])], operands.map(element), 'y[i]'),
      numbers: loop(['n', 'y', `${first}s`, `${first}o`, ...others], [element(first)], 'y[i]'),
      row: loop(
        ['n', 'y', 'yo', ...operands.flatMap((a) => [`${a}s`, `${a}o`, `${a}p`])],
        operands.map((a) => `${a} = ${a}s[${a}o + i * ${a}p]`),
        'y[yo + i]',
      ),
    };
  }

  /** Fills the contiguous `y`; the strides of the operands are already broadcast to `shape`. */
  runStrided(
    key: string,
    dtype: Dtype,
    shape: readonly number[],
    y: NumberArray,
    operands: readonly Operand[],
    p?: number,
    q?: number,
    r?: number,
  ): void {
    const { row } = this.loops(key, dtype);
    // Written out by the number of operands: lists made on the way cost more than a small tensor's loop.
    const [a, b, c] = operands;
    if (operands.length === 1) {
      const plan = collapse(shape, [contiguousStride(shape), a.stride]);
      const i = plan.strides[1][plan.shape.length - 1];
      forEachRow(plan.shape, plan.strides, [0, a.offset], (at, n) => row(n, y, at[0], a.data, at[1], i, p, q, r));
    } else if (operands.length === 2) {
      const plan = collapse(shape, [contiguousStride(shape), a.stride, b.stride]);
      const inner = plan.shape.length - 1;
      const i = plan.strides[1][inner];
      const j = plan.strides[2][inner];
      forEachRow(plan.shape, plan.strides, [0, a.offset, b.offset], (at, n) =>
        row(n, y, at[0], a.data, at[1], i, b.data, at[2], j, p, q, r),
      );
    } else {
      const plan = collapse(shape, [contiguousStride(shape), a.stride, b.stride, c.stride]);
      const [, i, j, k] = plan.strides.map((s) => s[plan.shape.length - 1]);
      forEachRow(plan.shape, plan.strides, [0, a.offset, b.offset, c.offset], (at, n) =>
        row(n, y, at[0], a.data, at[1], i, b.data, at[2], j, c.data, at[3], k, p, q, r),
      );
    }
  }
}

/** A function from its text, in which the functions of `scalar.ts` and `narrow` are known. */
function withFunctions(text: string, dtype: Dtype): Loop {
  const narrow = dtype === 'float32' ? Math.fround : (v: number) => v;
  return new Function(...Object.keys(scalar), 'narrow', `return ${text}`)(...Object.values(scalar), narrow) as Loop;
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
  walkRows(shape, [target.stride, source.stride], [target.offset, source.offset], ([at, start], n, [t, s]) => {
    for (let i = 0; i < n; i++) to[at + i * t] = from[start + i * s];
  });
}
