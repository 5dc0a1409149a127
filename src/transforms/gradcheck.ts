import { grad } from '../autograd/grad';
import { enableGrad, noGrad } from '../autograd/mode';
import { GradcheckError, ValueError } from '../errors';
import { isFloat } from '../tensor/dtype';
import { formatShape } from '../tensor/shape';
import { empty, type Tensor } from '../tensor/tensor';
import { asList, checkInputs, checkOutputs, requireFunction } from './functional';
import { rowsOf } from './jacobian';

/** How close analytical and numerical gradients must be. */
export interface GradcheckOptions {
  /** Step of the central difference; default 1e-6. */
  eps?: number;
  /** Absolute tolerance; default 1e-5. */
  atol?: number;
  /** Tolerance relative to the numerical gradient; default 1e-3. */
  rtol?: number;
  /** Whether to throw if gradients differ (default) or return `false`. */
  raiseException?: boolean;
}

/** A function of tensors whose result, or results, are checked. */
export type Checked = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/**
 * Compares the gradients of `f` with central differences `(f(x + ε) - f(x - ε)) / 2ε`, one element of each input at a
 * time, for every element of every float output (`torch.autograd.gradcheck`). Returns whether they agree; with
 * `raiseException` (the default) it throws if not.
 * @throws {GradcheckError} naming the output, the input and the element where they differ;
 * {@link ValueError} if no input requires a gradient, or one that does is not float64 (float32 is too coarse).
 */
export function gradcheck(f: Checked, inputs: readonly Tensor[], options: GradcheckOptions = {}): boolean {
  const { raiseException = true } = options;
  try {
    compareAll(f, inputs, options);
    return true;
  } catch (error) {
    if (raiseException || !(error instanceof GradcheckError)) throw error;
    return false;
  }
}

function compareAll(f: Checked, inputs: readonly Tensor[], options: GradcheckOptions): void {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3 } = options;
  requireFunction('gradcheck', f);
  checkInputs('gradcheck', inputs);
  const wanted = inputs.flatMap((x, i) => (x.requiresGrad ? [i] : []));
  if (wanted.length === 0)
    throw new ValueError('gradcheck: no input requires a gradient; create one with { requiresGrad: true }');
  for (const i of wanted)
    if (inputs[i].dtype !== 'float64')
      throw new ValueError(`gradcheck: input ${i} is ${inputs[i].dtype}; differences need float64`);

  const ys = checkOutputs('gradcheck', f(...inputs), false);
  ys.forEach((y, k) => {
    if (!isFloat(y.dtype)) return;
    const analytical = analyticalRows(
      y,
      wanted.map((i) => inputs[i]),
    );
    wanted.forEach((i, w) => {
      const numerical = differences((...xs) => asList(f(...xs))[k], inputs, i, eps, y.numel());
      compare(analytical[w], numerical, { output: k, input: i, shape: inputs[i].shape, atol, rtol });
    });
  });
}

/** Returns rows of the Jacobian of `y` for each wanted input, by the tape. */
function analyticalRows(y: Tensor, inputs: readonly Tensor[]): Float64Array[][] {
  const rows = rowsOf(y, inputs, false);
  return inputs.map((x, i) =>
    rows.map((row) => Float64Array.from(row[i] === null ? new Float64Array(x.numel()) : row[i].toArray())),
  );
}

/** Returns columns of the Jacobian for one input, by central differences. The input's memory is restored. */
function differences(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  index: number,
  eps: number,
  outputs: number,
): Float64Array[] {
  const x = inputs[index];
  const columns: Float64Array[] = [];
  noGrad(() => {
    for (const at of places(x)) {
      const value = x.memory[at];
      const moved = (by: number) => {
        x.memory[at] = value + by;
        try {
          return f(...inputs).toArray();
        } finally {
          x.memory[at] = value;
        }
      };
      const above = moved(eps);
      const below = moved(-eps);
      columns.push(Float64Array.from({ length: outputs }, (_, j) => (above[j] - below[j]) / (2 * eps)));
    }
  });
  return columns;
}

/** Returns the positions of the elements of `x` in its memory, in row-major order. */
function places(x: Tensor): number[] {
  let all = [x.offset];
  x.shape.forEach((n, d) => {
    all = all.flatMap((o) => Array.from({ length: n }, (_, i) => o + i * x.stride[d]));
  });
  return all;
}

interface Comparison {
  readonly output: number;
  readonly input: number;
  readonly shape: readonly number[];
  readonly atol: number;
  readonly rtol: number;
}

/** Differences are accurate to about six digits. */
const round = (v: number) => Number(v.toPrecision(6));

function compare(rows: readonly Float64Array[], columns: readonly Float64Array[], c: Comparison): void {
  rows.forEach((row, j) => {
    columns.forEach((column, i) => {
      const a = row[i];
      const n = column[j];
      if (Math.abs(a - n) <= c.atol + c.rtol * Math.abs(n)) return;
      throw new GradcheckError(
        `gradcheck: element ${j} of output ${c.output} with respect to element ${i} of input ${c.input} ` +
          `(shape ${formatShape(c.shape)}): the tape gives ${round(a)}, central differences give ${round(n)}`,
      );
    });
  });
}

/**
 * Checks second derivatives: runs {@link gradcheck} on the gradients of `f`, as functions of the inputs and of the
 * gradients of the outputs (`torch.autograd.gradgradcheck`). Returns as {@link gradcheck} does.
 * @throws {GradcheckError} if second derivatives and differences of first derivatives differ.
 */
export function gradgradcheck(f: Checked, inputs: readonly Tensor[], options: GradcheckOptions = {}): boolean {
  requireFunction('gradgradcheck', f);
  checkInputs('gradgradcheck', inputs);
  const wanted = inputs.flatMap((x, i) => (x.requiresGrad ? [i] : []));
  const tracked = (xs: readonly Tensor[]) =>
    checkOutputs('gradgradcheck', f(...xs), false).filter((y) => y.requiresGrad);
  const seeds = tracked(inputs).map((y, k) => {
    const seed = empty(y.shape, y.dtype);
    for (let j = 0; j < seed.memory.length; j++) seed.memory[j] = 0.5 + ((0.618 * (j + 1) + 0.37 * k) % 1);
    return seed.requiresGrad_();
  });
  if (seeds.length === 0) return true;
  const count = inputs.length;
  const first: Checked = (...all) => {
    const xs = all.slice(0, count);
    const ys = tracked(xs);
    if (ys.length === 0) return [];
    const gs = grad(
      ys,
      wanted.map((i) => xs[i]),
      { gradOutputs: all.slice(count), createGraph: true, allowUnused: true },
    );
    return gs.filter((g): g is Tensor => g !== null);
  };
  // Differences are taken without recording, but the function itself needs the tape.
  return gradcheck((...all) => enableGrad(() => first(...all)), [...inputs, ...seeds], options);
}
