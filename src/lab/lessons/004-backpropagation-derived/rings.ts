import { noGrad } from '../../../autograd';
import type { Tensor } from '../../../tensor/tensor';
import { curves } from '../../plot/curves';
import type { Figure } from '../../plot/figure';
import { isolines } from '../../plot/isolines';
import { panels } from '../../plot/panels';

/** Back-propagation by three lines for each layer, and five programs with a mistake. */
export const programs = ['right', 'minus in ∇W²', 'W for Wᵀ', 'no slope in 2', 'P too late', 'no slope'] as const;

/** The name of one of {@link programs}. */
export type Program = (typeof programs)[number];

/** The result of {@link train}. */
export interface Run {
  /** The mean squared error before each step, and after the last. */
  costs: number[];
  /** The angle between each step and −∇C, in degrees. */
  angles: number[];
  /** The weights after the watched steps, by step. */
  weights: Map<number, Tensor[]>;
}

/** Options of {@link train}. */
export interface RunOptions {
  /** The learning rate. Default: 0.1. */
  rate?: number;
  /** The steps whose weights are kept, rising; training ends with the last. */
  watched: readonly number[];
}

/**
 * Trains a net of tanh layers on the mean squared error: F = P ⊙ (1 − O²), ∇W = Iᵀ F, P of the layer below = F Wᵀ. A program with a
 * mistake does in layer 2, counted from 1: ∇W = −Iᵀ F (minus), P = F W (W for Wᵀ, which must be square), F = P (no slope in 2); or it
 * does F = P in every layer (no slope), or computes each P from weights that have been updated already (P too late).
 *
 * @param x `[n, in]`, with a column of ones for biases
 * @param y `[n, out]`, between −1 and 1
 * @param start the weights, `[in, out]` of each layer; they are not changed
 */
export function train(program: Program, x: Tensor, y: Tensor, start: readonly Tensor[], options: RunOptions): Run {
  const { rate = 0.1, watched } = options;
  const W = [...start];
  const n = x.shape[0]!;
  const run: Run = { costs: [], angles: [], weights: new Map() };
  const last = watched.at(-1)!;
  noGrad(() => {
    for (let step = 0; step <= last; step++) {
      const I = [x];
      for (const w of W) I.push(I.at(-1)!.matmul(w).tanh());
      const miss = I.at(-1)!.sub(y);
      run.costs.push(miss.square().mean().item());
      if (watched.includes(step)) run.weights.set(step, [...W]);
      let P = miss.mul(2 / n);
      const made: Tensor[] = [];
      const gradient: Tensor[] = [];
      let trueP = P;
      for (let l = W.length - 1; l >= 0; l--) {
        const slopes = I[l + 1]!.square().rsub(1);
        const trueF = trueP.mul(slopes);
        gradient[l] = I[l]!.t().matmul(trueF);
        trueP = trueF.matmul(W[l]!.t());
        const has = (mistake: Program) => program === mistake && l === 1;
        const F = has('no slope in 2') || program === 'no slope' ? P : P.mul(slopes);
        const dW = I[l]!.t()
          .matmul(F)
          .mul(has('minus in ∇W²') ? -1 : 1);
        made[l] = dW;
        const old = W[l]!;
        W[l] = old.sub(dW.mul(rate));
        const used = program === 'P too late' ? W[l]! : old;
        P = F.matmul(has('W for Wᵀ') ? used : used.t());
      }
      run.angles.push(angleBetween(made, gradient));
    }
  });
  return run;
}

/** The angle in degrees between two lists of matrices, each taken as one vector. */
function angleBetween(a: readonly Tensor[], b: readonly Tensor[]): number {
  const dot = (u: readonly Tensor[], v: readonly Tensor[]) =>
    u.reduce((sum, t, i) => sum + t.mul(v[i]!).sum().item(), 0);
  return (Math.acos(Math.min(1, dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)))) * 180) / Math.PI;
}

const side = 2.8;
const ticks = Array.from({ length: 33 }, (_, i) => -side + (i * side) / 16);

/** The lines on which the net's output is 0, as x and y with gaps between them. */
function borderOf(weights: readonly Tensor[]): { x: number[]; y: number[] } {
  const layers = weights.map((w) => w.t().tolist() as number[][]);
  const tanhs = (I: readonly number[], units: readonly number[][]) =>
    units.map((unit) => Math.tanh(unit.reduce((sum, w, j) => sum + w * I[j]!, 0)));
  const at = (a: number, b: number) => layers.reduce<readonly number[]>(tanhs, [a, b, 1])[0]!;
  const z = ticks.map((b) => ticks.map((a) => at(a, b)));
  const lines = isolines({ x: ticks, y: ticks, z, at }, 0);
  const places = lines.flatMap((line) => [...line, [Number.NaN, Number.NaN] as const]);
  // An empty border still needs a trace, since other values of a slider have one.
  return places.length > 0 ? { x: places.map(([a]) => a), y: places.map(([, b]) => b) } : { x: [9, 9], y: [9, 9] };
}

/** The number of rows of `x` for which the net's output has the sign of `y`. */
export function rightRows(weights: readonly Tensor[], x: Tensor, y: Tensor): number {
  return noGrad(() =>
    weights
      .reduce((I, w) => I.matmul(w).tanh(), x)
      .mul(y)
      .gt(0)
      .sum()
      .item(),
  );
}

/**
 * Left: the points and the border where the output is 0. Right: the cost up to this step, over the range of all steps.
 *
 * @example
 * const { x, y } = datasets.rings(60);
 * const [rows, sides] = [cat([x, ones([60, 1], { dtype: 'float64' })], 1), y.unsqueeze(1).mul(2).sub(1)];
 * const start = [[3, 8], [8, 8], [8, 1]].map((shape) => randn(shape, { dtype: 'float64' }).div(2));
 * const run = train('right', rows, sides, start, { watched: [0, 50, 100] });
 * plot.slider([0, 50, 100], (step) => trainingFigure(run, step, rows, sides), { label: 'step' });
 * @param step one of those that were watched
 * @param x `[n, 3]`: two coordinates and a one
 * @param y `[n, 1]`: −1 or 1
 */
export function trainingFigure(run: Run, step: number, x: Tensor, y: Tensor): Figure {
  const weights = run.weights.get(step)!;
  const rows = x.tolist() as number[][];
  const targets = y.flatten().tolist() as number[];
  const pick = (target: number) => rows.filter((_, i) => targets[i] === target);
  const points = (target: number, name: string, color: string) => ({
    name,
    x: pick(target).map(([a]) => a!),
    y: pick(target).map(([, b]) => b!),
    mode: 'markers' as const,
    color,
  });
  const seen = run.costs.slice(0, step + 1);
  const map = curves(
    [
      points(-1, 'inside', '#0072B2'),
      points(1, 'outside', '#D55E00'),
      { name: 'border', ...borderOf(weights), color: '#6B6B6B', dash: 'solid', width: 3 },
    ],
    { xLabel: 'x₁', yLabel: 'x₂', xRange: [-side, side], yRange: [-side, side] },
  );
  const cost = curves([{ name: 'cost', y: seen, color: '#1F9E89', dash: 'solid', dot: [step, seen.at(-1)!] }], {
    xLabel: 'step',
    yLabel: 'cost',
    xRange: [0, run.costs.length - 1],
    yRange: [0, 1.6],
  });
  return panels([map, cost], {
    height: 300,
    title: `Step ${step}: cost ${seen.at(-1)!.toFixed(3)}, ${rightRows(weights, x, y)} of ${rows.length} points right; ${run.angles[step]!.toFixed(0)}° off −∇C`,
  });
}
