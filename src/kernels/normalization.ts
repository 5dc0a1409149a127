// Loops of normalization: elements in row-major order, each with a statistic (of its channel, say) and a weight, at the
// sum of index times stride. A loop computes `m` lines of `n` elements; the elements of a line share their statistic.

import { turn } from '../cancellation';
import { type Lines, loops, type Operands, type RuleName } from './normalization-rules';
import { Stage } from './staging';
import { collapse, type NumberArray, numel, Odometer, part, type Walk } from './strides';
import { type NormalizationExports, normalizationModule, type RowsKernel } from './wasm/normalization';
import { Family, scratch } from './wasm/runtime';

const family = new Family<NormalizationExports>(normalizationModule, { worthwhile: 32, longest: 2 ** 18 });

/** Elements copied at a time, if rows are shorter. */
const chunk = 4096;

type List = readonly number[];

/** Elements in a part of a matrix traversed along its columns: they fit in the cache. */
const partOfMatrix = 2 ** 13;

/** `m` rows of `n` elements that share their statistic. */
interface Rows {
  readonly m: number;
  readonly n: number;
  /** Number of consecutive rows with the same weights. */
  readonly group: number;
  /** For each row, the positions of its statistic and its first weight. */
  readonly s: Int32Array;
  readonly w: Int32Array;
  readonly wStep: number;
  /** Whether all rows have the same weights. */
  readonly isOneWeight: boolean;
}

/** Maps each element of a row-major tensor to its statistic and its weight. */
export class Groups {
  private readonly plan: Walk;
  private readonly rows: number;
  private readonly columns: number;
  /** Whether the lines that share a statistic are rows; else they are columns, processed in parts of `some` rows. */
  private readonly isAlongRows: boolean;
  private readonly some: number;
  private readonly rowSteps: readonly [s: number, w: number];
  private readonly steps: Pick<Lines, 'line' | 'step' | 'sLine' | 'wLine' | 'wStep'>;

  private asRowsOnce: Rows | null = null;

  constructor(shape: List, statistic: List, weight: List) {
    const plan = collapse(
      [1, ...shape],
      [
        [0, ...statistic],
        [0, ...weight],
      ],
    );
    const inner = plan.shape.length - 1;
    const last = (list: List, back: number, otherwise: number) => list[inner - back] ?? otherwise;
    const [s, w] = plan.strides;
    const [sRow, wRow] = [last(s, 1, 0), last(w, 1, 0)];
    this.columns = plan.shape[inner];
    this.rows = last(plan.shape, 1, 1);
    this.rowSteps = [sRow, wRow];
    this.isAlongRows = s[inner] === 0;
    if (this.isAlongRows) {
      this.some = this.rows;
      this.steps = { line: this.columns, step: 1, sLine: sRow, wLine: wRow, wStep: w[inner] };
    } else {
      // If each row has its own statistics as well, no elements share one.
      this.some = sRow === 0 ? Math.max(8, Math.floor(partOfMatrix / this.columns)) : 1;
      this.steps = { line: 1, step: this.columns, sLine: s[inner], wLine: w[inner], wStep: wRow };
    }
    this.plan = plan;
  }

  /** Returns rows with positions of statistics and weights, if the elements of a row share their statistic. */
  asRows(): Rows | null {
    if (!this.isAlongRows) return null;
    this.asRowsOnce ??= this.makeRows();
    return this.asRowsOnce;
  }

  private makeRows(): Rows {
    const { rows, columns, plan, steps } = this;
    const m = numel(plan.shape) / columns;
    const [s, w] = [new Int32Array(m), new Int32Array(m)];
    let at = 0;
    for (const walk = new Odometer(plan.shape, plan.strides, [0, 0], 2); walk.goes; walk.next())
      for (let r = 0; r < rows; r++, at++) {
        s[at] = walk.at[0] + r * steps.sLine;
        w[at] = walk.at[1] + r * steps.wLine;
      }
    const isOneWeight = steps.wLine === 0 && plan.strides[1].slice(0, -1).every((step) => step === 0);
    return { m, n: columns, group: steps.wLine === 0 ? rows : 1, s, w, wStep: steps.wStep, isOneWeight };
  }

  /** Runs over all elements. */
  each(run: (lines: Lines) => void): void {
    const { rows, columns, some, isAlongRows, plan, steps } = this;
    const [sRow, wRow] = this.rowSteps;
    const { line, step, sLine, wLine, wStep } = steps;
    let at = 0;
    for (const walk = new Odometer(plan.shape, plan.strides, [0, 0], 2); walk.goes; walk.next()) {
      const [s, w] = walk.at;
      for (let r = 0; r < rows; r += some) {
        const count = Math.min(some, rows - r);
        const [m, n] = isAlongRows ? [count, columns] : [columns, count];
        const [first, statistic, weight] = [at + r * columns, s + r * sRow, w + r * wRow];
        run({ m, n, at: first, s: statistic, w: weight, line, step, sLine, wLine, wStep });
        turn(2 * m * n);
      }
      at += rows * columns;
    }
  }
}

function run(name: RuleName, groups: Groups, operands: Operands): void {
  const rows = groups.asRows();
  const kernels = rows === null ? null : family.suited(operands.x, rows.n, rows.n);
  if (rows === null || kernels === null) {
    const loop = loops[name](operands.x);
    groups.each((lines) => loop(lines, operands));
    return;
  }
  const { m, n, group, wStep } = rows;
  const { totals = [] } = operands;
  if (name !== 'weigh') runRows(kernels[name], rows, operands, 0, m, totals.length, totals.length, addStatistics);
  // With one weight per row, its gradient is the sum of `g·d` times the scale.
  else if (wStep === 0) runRows(kernels.slopes, rows, operands, 0, m, 1, 1, addSlopes);
  else {
    // Rows with the same weights are summed first.
    const isGroup = group > 1;
    const many = isGroup ? group : m;
    for (let start = 0; start < m; start += many)
      runRows(kernels[name], rows, operands, start, start + many, n, isGroup ? 0 : n, addWeights);
  }
}

/** Adds a kernel's results for rows, from position `at` of `f64` on. */
type Take = (rows: Rows, operands: Operands, f64: Float64Array, at: number, first: number, count: number) => void;

const addStatistics: Take = ({ s }, { totals = [] }, f64, at, first, count) => {
  for (let r = 0, p = at; r < count; r++)
    for (let i = 0, k = s[first + r]; i < totals.length; i++, p++) totals[i][k] += f64[p];
};

const addSlopes: Take = ({ s, w }, { totals: [total] = [], scales = [] }, f64, at, first, count) => {
  for (let i = 0, r = first; i < count; i++, r++) total[w[r]] += f64[at + i] * scales[s[r]];
};

const addWeights: Take = ({ n, group, w, wStep }, { totals: [total] = [] }, f64, at, first, count) => {
  const end = first + count;
  if (group > 1 && end % group > 0) return;
  for (let r = group > 1 ? end - 1 : first, p = at; r < end; r++)
    for (let i = 0, q = w[r]; i < n; i++, p++, q += wStep) total[q] += f64[p];
};

/**
 * Runs a kernel for rows in groups, and after each group `take` with its first row and number. It writes `size` float64
 * numbers for each row, from `at` on and `step` apart.
 */
function runRows(
  kernel: RowsKernel,
  of: Rows,
  operands: Operands,
  from: number,
  to: number,
  size: number,
  step: number,
  take: Take,
): void {
  const { n, s, w, wStep, isOneWeight } = of;
  const { x, dy, means, scales, levels, slopes, weights, biases, y } = operands;
  const stage = new Stage(to - from, n, chunk);
  const rowsOf = (data: NumberArray) => part(data, from * n, (to - from) * n);
  const inputs = stage.input(rowsOf(x));
  const gradients = dy === undefined ? 0 : stage.input(rowsOf(dy));
  const results = y === undefined ? 0 : stage.output(rowsOf(y));
  const statistics = stage.space(8);
  const room = isOneWeight ? 4 * n : 4 * n * stage.some;
  const [weight, bias] = [stage.take(room), stage.take(room)];
  const numbers = step === 0 ? size : step * stage.some;
  const totals = stage.take(8 * numbers);
  while (stage.next()) {
    const { f32, f64 } = scratch;
    const { count } = stage;
    const first = from + stage.first;
    for (let r = first, p = statistics / 8; r < first + count; r++, p += 4) {
      const k = s[r];
      f64[p] = means[k];
      if (scales !== undefined) f64[p + 1] = scales[k];
      if (levels !== undefined) f64[p + 2] = levels[k];
      if (slopes !== undefined) f64[p + 3] = slopes[k];
    }
    if (first === from || step !== 0) f64.fill(0, totals / 8, totals / 8 + numbers);
    if (first === from || !isOneWeight)
      for (let r = 0; r < (isOneWeight ? 1 : count); r++) {
        if (weights !== undefined) bring(f32, weight / 4 + r * n, n, weights, w[first + r], wStep);
        if (biases !== undefined) bring(f32, bias / 4 + r * n, n, biases, w[first + r], wStep);
      }
    const weightStep = isOneWeight ? 0 : 4 * n;
    if (y === undefined) kernel(count, n, inputs, gradients, weight, bias, weightStep, statistics, totals, 8 * step);
    else kernel(count, n, inputs, gradients, weight, bias, weightStep, statistics, results, 4 * n);
    take(of, operands, f64, totals / 8, first, count);
  }
}

function bring(to: Float32Array, at: number, n: number, values: NumberArray, from: number, step: number): void {
  if (step === 0) to.fill(values[from], at, at + n);
  else for (let i = 0, p = from; i < n; i++, p += step) to[at + i] = values[p];
}

/** Adds `(x - mean)²` into `totals`. */
export function addSquaredDeviations(groups: Groups, x: NumberArray, means: NumberArray, totals: Float64Array): void {
  run('squares', groups, { x, means, totals: [totals] });
}

/** `y = (x - mean)·scale·weight + bias`. */
export function centerAndScale(
  groups: Groups,
  operands: Required<Pick<Operands, 'x' | 'means' | 'scales' | 'weights' | 'biases' | 'y'>>,
): void {
  run('transform', groups, operands);
}

/** The operands of a backward pass through `y = (x - mean)·scale·weight + bias`. */
export interface Gradients extends Required<Pick<Operands, 'x' | 'dy' | 'means' | 'scales' | 'weights'>> {
  readonly groups: Groups;
}

/** Adds `dy·weight` into `levels`, and `dy·weight·(x - mean)` into `slopes`, for each statistic. */
export function addGradients(
  { groups, x, dy, means, weights }: Gradients,
  levels: Float64Array,
  slopes: Float64Array,
): void {
  run('gradients', groups, { x, dy, means, weights, totals: [levels, slopes] });
}

/** `dx = dy·weight·scale - level - (x - mean)·slope`. */
export function combineGradients(
  { groups, x, dy, means, scales, weights }: Gradients,
  dx: NumberArray,
  levels: Float64Array,
  slopes: Float64Array,
): void {
  run('combine', groups, { x, dy, means, scales, weights, levels, slopes, y: dx });
}

/** Adds `dy·(x - mean)·scale` into `totals`, for each weight. */
export function addWeightGradients({ groups, x, dy, means, scales }: Gradients, totals: Float64Array): void {
  run('weigh', groups, { x, dy, means, scales, totals: [totals] });
}
