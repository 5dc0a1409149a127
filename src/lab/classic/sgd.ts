import { turn } from '../../cancellation';
import { describe } from '../../describe';
import { type NumberList, type NumberMatrix, toPlain } from '../../display';
import { ValueError } from '../../errors';
import type { Generator } from '../../random';
import { randint, randperm } from '../../tensor/random-creation';
import type { Descent } from './descend';

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** The number of rows per step; the last batch of a pass may have fewer. */
  batch: number;
  /** The learning rate η. */
  lr: number;
  /** The number of passes over all rows. */
  passes: number;
  /** The factor of η, given the pass and the step, both counted from 0, as in `LambdaLR`. Default: 1. */
  schedule?: (pass: number, step: number) => number;
  /**
   * The rows of a pass: all in a new random order (`'shuffled'`), all in the given order (`'fixed'`), or as many drawn
   * with replacement (`'drawn'`). Default: `'shuffled'`.
   */
  order?: 'shuffled' | 'fixed' | 'drawn';
  /** The factor μ of the velocity that is kept, as `momentum` of `optim.SGD`. Default: 0. */
  momentum?: number;
  /** The derivative of one row's loss by its score x·w. Default: 2 (x·w - y), that of the squared error. */
  slope?: (score: number, target: number) => number;
  /** The initial weights. Default: zeros. */
  start?: readonly number[];
  /** The source of the random orders. Default: the default generator. */
  generator?: Generator;
}

/** The result of {@link sgd}. */
export interface StochasticDescent extends Descent<number[]> {
  /** For each of the points, the number of single-row gradients computed so far. */
  spent: number[];
}

/**
 * Stochastic gradient descent in plain numbers, for losses of a linear score: g = 1/B Σ slope(xᵢ·w, yᵢ) xᵢ over the
 * rows of a batch, v ← μ v + g, w ← w - η v, as `optim.SGD`. With a batch of all rows it is gradient descent. Like
 * `classic.descend`, it continues when numbers overflow.
 *
 * @example
 * const { x, y } = datasets.line200();
 * classic.sgd(x, y, { batch: 1, lr: 0.02, passes: 1, order: 'fixed' }).points.at(-1)!.map((w) => w.toFixed(5)) // [ '0.94594', '-2.00960' ]
 * @throws {ValueError} if sizes differ, `batch` is not a whole number from 1 to the number of rows, `passes` not one
 *   from 0 on, `lr` or `momentum` not a finite number, or `order` none of the three.
 */
export function sgd(x: NumberMatrix, y: NumberList, options: SgdOptions): StochasticDescent {
  const rows = toPlain(x) as number[][];
  const targets = toPlain(y) as number[];
  const { batch, lr, passes, schedule = () => 1, order = 'shuffled', momentum = 0, generator } = options;
  const { slope = (score, target) => 2 * (score - target), start = rows[0]?.map(() => 0) ?? [] } = options;
  check(rows, targets, start, options);
  const n = rows.length;
  const points = [[...start]];
  const moves: number[][] = [];
  const spent = [0];
  let speed = start.map(() => 0);
  for (let pass = 0; pass < passes; pass++) {
    const next = rowsOf(order, n, generator);
    for (let first = 0; first < n; first += batch) {
      const here = points.at(-1)!;
      const end = order === 'drawn' ? first + batch : Math.min(n, first + batch);
      const sum = here.map(() => 0);
      for (let k = first; k < end; k++) {
        const i = next(k);
        const row = rows[i]!;
        turn(row.length + 8);
        let score = 0;
        for (let j = 0; j < row.length; j++) score += row[j]! * here[j]!;
        const steepness = slope(score, targets[i]!);
        for (let j = 0; j < row.length; j++) sum[j]! += steepness * row[j]!;
      }
      const size = end - first;
      const rate = lr * schedule(pass, moves.length);
      // Without momentum, an infinite velocity must not persist.
      speed = sum.map((part, j) => (momentum === 0 ? part / size : momentum * speed[j]! + part / size));
      const there = here.map((w, j) => w - rate * speed[j]!);
      points.push(there);
      moves.push(there.map((w, j) => w - here[j]!));
      spent.push(spent.at(-1)! + size);
    }
  }
  return { points, moves, spent };
}

/** The row at each position of one pass. */
function rowsOf(order: NonNullable<SgdOptions['order']>, n: number, generator?: Generator): (place: number) => number {
  if (order === 'fixed') return (place) => place;
  const from = generator === undefined ? {} : { generator };
  if (order === 'shuffled') {
    const all = randperm(n, from).memory;
    return (place) => Number(all[place]);
  }
  // The last batch may extend beyond n.
  const drawn = randint(0, n, [2 * n], from).memory;
  return (place) => Number(drawn[place]);
}

function check(
  rows: readonly number[][],
  targets: readonly number[],
  start: readonly number[],
  { batch, lr, passes, order = 'shuffled', momentum = 0 }: SgdOptions,
): void {
  const n = rows.length;
  if (n === 0 || n !== targets.length) throw new ValueError(`sgd: x has ${n} rows, y has ${targets.length}`);
  for (const [i, row] of rows.entries())
    if (row.length !== start.length) {
      throw new ValueError(`sgd: row ${i} has ${row.length} numbers, for ${start.length} weights`);
    }
  if (!Number.isInteger(batch) || batch < 1 || batch > n) {
    throw new ValueError(`sgd: batch must be a whole number from 1 to the ${n} rows, got ${batch}`);
  }
  if (!Number.isInteger(passes) || passes < 0) {
    throw new ValueError(`sgd: passes must be a whole number from 0 on, got ${passes}`);
  }
  for (const [name, value] of Object.entries({ lr, momentum }))
    if (!Number.isFinite(value)) throw new ValueError(`sgd: ${name} must be a finite number, got ${value}`);
  if (!['shuffled', 'fixed', 'drawn'].includes(order)) {
    throw new ValueError(`sgd: order must be 'shuffled', 'fixed' or 'drawn', got ${describe(order)}`);
  }
}
