import { perCall, turn } from '../../cancellation';
import { ValueError } from '../../errors';
import type { Generator } from '../../generator';
import { requireSizes } from '../../ops/table/arguments';
import { tensor } from '../../tensor/creation';
import { randn } from '../../tensor/random-creation';
import type { Pair } from '../classic';
import type { Landscape } from './landscapes';
import type { Racer } from './racers';

/** Options of {@link race}. */
export interface RaceOptions {
  /** The number of steps. Default: 100. */
  steps?: number;
  /** The common start. Default: the landscape's start. */
  start?: Readonly<Pair>;
  /** The loss below which a racer has arrived. Default: 0.01. */
  tolerance?: number;
  /** Standard deviation of the normal noise that each step adds to both slopes, the same for all racers. Default: 0. */
  noise?: number;
  /** The generator of the noise. Default: the global generator. */
  generator?: Generator;
  /** The factor of the learning rate in step t = 0, 1, …, `steps` − 1, as in `(t, steps) => 1 - t / steps`. Default: 1. */
  schedule?: (t: number, steps: number) => number;
}

/** One racer's run. */
export interface Run {
  racer: Racer;
  /** Its points, the start first; a run ends early if the loss is above 10¹² or NaN. */
  path: Pair[];
  /** The loss at each of them. */
  losses: number[];
  /** The step from which the loss stays below the tolerance until the end; `Infinity` if it does not. */
  settled: number;
}

/** The result of {@link race}. */
export interface RaceResult {
  landscape: Landscape;
  steps: number;
  tolerance: number;
  runs: Run[];
}

const lost = 1e12;

/**
 * Runs optimizers on a landscape from one start and records their paths, in float64. The gradient is the landscape's
 * own, with optional noise. A schedule multiplies the moves of step t, which for these optimizers is the same as
 * multiplying the rate.
 *
 * @example
 * const { runs } = races.race(races.landscapes.bowl(), races.racers());
 * runs[3].racer.name // 'AdaGrad'
 * runs[3].settled // 11
 * @throws {ValueError} if `steps` is not a whole number above 0, the start is not two finite numbers, the noise is
 *   negative, or a racer has neither an optimizer nor a rule, or both.
 */
export function race(landscape: Landscape, racers: readonly Racer[], options: RaceOptions = {}): RaceResult {
  const { steps = 100, start = landscape.start, tolerance = 0.01, noise = 0, generator, schedule } = options;
  requireSizes('race', { steps });
  if (start.length !== 2 || !start.every(Number.isFinite))
    throw new ValueError(`race: the start must be two finite numbers, got [${start.join(', ')}]`);
  if (!(noise >= 0 && Number.isFinite(noise)))
    throw new ValueError(`race: the noise must be a finite number from 0 on, got ${noise}`);
  for (const { name, optimizer, rule, lr } of racers) {
    if ((optimizer === undefined) === (rule === undefined))
      throw new ValueError(
        `race: ${name} needs either an optimizer or a rule, as { name, lr, rule: (lr) => (w, g) => … }`,
      );
    if (!Number.isFinite(lr))
      throw new ValueError(`race: the learning rate of ${name} must be a finite number, got ${lr}`);
  }
  const drawn = noise > 0 ? noiseOf(steps, noise, generator) : undefined;
  const runs = racers.map((racer): Run => {
    const path: Pair[] = [[start[0], start[1]]];
    const onStep = (x: number, y: number) => path.push([x, y]);
    const losses = descend(landscape, racer, start, steps, {
      onStep,
      ...(drawn && { noise: drawn }),
      ...(schedule && { schedule }),
    });
    return { racer, path, losses: [...losses], settled: settledAt(losses, tolerance, steps) };
  });
  return { landscape, steps, tolerance, runs };
}

/** Noise for both slopes of each step, one after the other. */
function noiseOf(steps: number, deviation: number, generator: Generator | undefined): ArrayLike<number> {
  const drawn = randn([2 * steps], { dtype: 'float64', ...(generator && { generator }) });
  return drawn.mul(deviation).tolist() as number[];
}

/** The arguments of {@link descend} besides racer and start. */
interface DescendOptions {
  onStep?: (x: number, y: number) => unknown;
  noise?: ArrayLike<number>;
  schedule?: (t: number, steps: number) => number;
}

/** The losses of one run, the start's first. */
export function descend(
  { height, gradient }: Landscape,
  { optimizer, rule, lr }: Racer,
  start: Readonly<Pair>,
  steps: number,
  { onStep, noise, schedule }: DescendOptions = {},
): Float64Array {
  const place = tensor([...start], { dtype: 'float64', requiresGrad: true });
  const slopes = tensor([0, 0], { dtype: 'float64' });
  place.grad = slopes;
  const [w, g] = [place.memory as Float64Array, slopes.memory as Float64Array];
  let step: () => unknown;
  if (rule) {
    const move = rule(lr);
    step = () => move(w, g);
  } else {
    const stepper = optimizer!([place], lr);
    step = () => stepper.step();
  }
  const losses = new Float64Array(steps + 1);
  losses[0] = height(w[0]!, w[1]!);
  for (let t = 1; t <= steps; t++) {
    turn(perCall);
    const [dx, dy] = gradient(w[0]!, w[1]!);
    g[0] = dx + (noise?.[2 * t - 2] ?? 0);
    g[1] = dy + (noise?.[2 * t - 1] ?? 0);
    const [x, y] = [w[0]!, w[1]!];
    step();
    if (schedule) {
      const factor = schedule(t - 1, steps);
      w[0] = x + factor * (w[0]! - x);
      w[1] = y + factor * (w[1]! - y);
    }
    const loss = height(w[0]!, w[1]!);
    losses[t] = loss;
    onStep?.(w[0]!, w[1]!);
    if (!(loss < lost)) return losses.subarray(0, t + 1);
  }
  return losses;
}

/** The step from which the losses stay below the tolerance for all of `steps`. */
export function settledAt(losses: ArrayLike<number>, tolerance: number, steps: number): number {
  if (losses.length <= steps) return Number.POSITIVE_INFINITY;
  let from = losses.length;
  while (from > 0 && losses[from - 1]! < tolerance) from--;
  return from === losses.length ? Number.POSITIVE_INFINITY : from;
}
