import { perCall, turn } from '../../cancellation';
import { ValueError } from '../../errors';
import { requireSizes } from '../../ops/table/arguments';
import { tensor } from '../../tensor/creation';
import type { Pair } from '../classic';
import type { Landscape } from './landscapes';
import type { Racer } from './racers';

/** Options of {@link race}. */
export interface RaceOptions {
  /** How many steps each makes. Default: 100. */
  steps?: number;
  /** Where all start. Default: the landscape's start. */
  start?: Readonly<Pair>;
  /** Below which loss a racer has arrived. Default: 0.01. */
  tolerance?: number;
}

/** One racer's run. */
export interface Run {
  racer: Racer;
  /** Its places, the start first; a run ends early where the loss is above 10¹² or no number. */
  path: Pair[];
  /** The loss at each of them. */
  losses: number[];
  /** From which step on the loss stays below the tolerance, to the end of the race; `Infinity` if it does not. */
  settled: number;
}

/** What {@link race} returns. */
export interface RaceResult {
  landscape: Landscape;
  steps: number;
  tolerance: number;
  runs: Run[];
}

const lost = 1e12;

/**
 * Lets optimizers run down a landscape from one start and records their ways, in float64. The gradient is the landscape's own.
 *
 * @example
 * const { runs } = races.race(races.landscapes.bowl(), races.racers());
 * runs[3].racer.name // 'AdaGrad'
 * runs[3].settled // 11
 * @throws {ValueError} if `steps` is not a whole number above 0, the start is not two finite numbers, or a racer has neither
 *   an optimizer nor a rule, or both.
 */
export function race(landscape: Landscape, racers: readonly Racer[], options: RaceOptions = {}): RaceResult {
  const { steps = 100, start = landscape.start, tolerance = 0.01 } = options;
  requireSizes('race', { steps });
  if (start.length !== 2 || !start.every(Number.isFinite))
    throw new ValueError(`race: the start must be two finite numbers, got [${start.join(', ')}]`);
  for (const { name, optimizer, rule, lr } of racers) {
    if ((optimizer === undefined) === (rule === undefined))
      throw new ValueError(
        `race: ${name} needs either an optimizer or a rule, as { name, lr, rule: (lr) => (w, g) => … }`,
      );
    if (!Number.isFinite(lr))
      throw new ValueError(`race: the learning rate of ${name} must be a finite number, got ${lr}`);
  }
  const runs = racers.map((racer): Run => {
    const path: Pair[] = [[start[0], start[1]]];
    const losses = descend(landscape, racer, start, steps, (x, y) => path.push([x, y]));
    return { racer, path, losses: [...losses], settled: settledAt(losses, tolerance, steps) };
  });
  return { landscape, steps, tolerance, runs };
}

/** The losses of one run, the start's first. */
export function descend(
  { height, gradient }: Landscape,
  { optimizer, rule, lr }: Racer,
  start: Readonly<Pair>,
  steps: number,
  onStep?: (x: number, y: number) => unknown,
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
    g[0] = dx;
    g[1] = dy;
    step();
    const loss = height(w[0]!, w[1]!);
    losses[t] = loss;
    onStep?.(w[0]!, w[1]!);
    if (!(loss < lost)) return losses.subarray(0, t + 1);
  }
  return losses;
}

/** From which step on the losses stay below the tolerance for all of `steps`. */
export function settledAt(losses: ArrayLike<number>, tolerance: number, steps: number): number {
  if (losses.length <= steps) return Number.POSITIVE_INFINITY;
  let from = losses.length;
  while (from > 0 && losses[from - 1]! < tolerance) from--;
  return from === losses.length ? Number.POSITIVE_INFINITY : from;
}
