/**
 * A race of six optimizers on a loss of two weights, in plain numbers: their rules, their paths, and arrivals. The
 * library draws the static figure with it, and the page recomputes it for every start. It imports only colours and the
 * descent's part.
 */
import { descentColors } from './colors';
import { type DescentLoss, type DescentParts, type Ground, lossText, type Place } from './descent-path';

/** The optimizers of a race. */
export type RacerName = 'GD' | 'momentum' | 'Nesterov' | 'AdaGrad' | 'RMSprop' | 'Adam';

/** Moves the weights in place, given their gradient. */
export type Move = (w: number[], g: readonly number[]) => void;

const each = (w: number[], change: (i: number) => number): void => {
  for (const i of [0, 1]) w[i]! -= change(i);
};

/**
 * The rules with a learning rate, as in `races.racers()`: β = 0.9 for momentum, RMSprop and the mean of Adam, 0.999 for
 * Adam's squares. Each call starts with empty state.
 */
export const rules: Record<RacerName, (rate: number) => Move> = {
  GD: (rate) => (w, g) => each(w, (i) => rate * g[i]!),
  momentum: (rate) => {
    const v = [0, 0];
    return (w, g) =>
      each(w, (i) => {
        v[i] = 0.9 * v[i]! + g[i]!;
        return rate * v[i]!;
      });
  },
  Nesterov: (rate) => {
    const v = [0, 0];
    return (w, g) =>
      each(w, (i) => {
        v[i] = 0.9 * v[i]! + g[i]!;
        return rate * (g[i]! + 0.9 * v[i]!);
      });
  },
  AdaGrad: (rate) => {
    const sum = [0, 0];
    return (w, g) =>
      each(w, (i) => {
        sum[i]! += g[i]! ** 2;
        return (rate * g[i]!) / (Math.sqrt(sum[i]!) + 1e-10);
      });
  },
  RMSprop: (rate) => {
    const mean = [0, 0];
    return (w, g) =>
      each(w, (i) => {
        mean[i] = 0.9 * mean[i]! + 0.1 * g[i]! ** 2;
        return (rate * g[i]!) / (Math.sqrt(mean[i]!) + 1e-8);
      });
  },
  Adam: (rate) => {
    const [m, V] = [
      [0, 0],
      [0, 0],
    ];
    let t = 0;
    return (w, g) => {
      t += 1;
      each(w, (i) => {
        m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
        V[i] = 0.999 * V[i]! + 0.001 * g[i]! ** 2;
        return (rate * (m[i]! / (1 - 0.9 ** t))) / (Math.sqrt(V[i]! / (1 - 0.999 ** t)) + 1e-8);
      });
    };
  },
};

/** Colour, line and marker of each optimizer, the same in all figures. */
export const optimizerLooks: Record<RacerName | 'AdamW', { color: string; dash: string; symbol: string }> = {
  GD: { color: descentColors.plain, dash: 'solid', symbol: 'circle' },
  momentum: { color: descentColors.momentum, dash: 'dash', symbol: 'square' },
  Nesterov: { color: '#0072B2', dash: 'dot', symbol: 'diamond' },
  AdaGrad: { color: '#009E73', dash: 'solid', symbol: 'cross' },
  RMSprop: { color: '#D0312D', dash: 'dash', symbol: 'x' },
  Adam: { color: '#8E4EC6', dash: 'dashdot', symbol: 'circle-open' },
  AdamW: { color: '#C94F9B', dash: 'dot', symbol: 'diamond-open' },
};

/** One optimizer of a race with its rate and its look. */
export interface RacerParts {
  name: RacerName;
  rate: number;
  color: string;
  dash: string;
}

/** The data of a live race, in its `layout.meta.race`. */
export interface RaceParts extends Pick<DescentParts, 'start' | 'steps' | 'domain' | 'top' | 'camera'> {
  loss: DescentLoss;
  racers: readonly RacerParts[];
  /** The loss below which a racer has arrived. */
  tolerance: number;
  /** Standard deviation of normal noise on both slopes in each step, the same for all. */
  noise: number;
  /** Whether the rates decrease linearly to 0. */
  falls: boolean;
}

/** The state shown: the number of steps made. */
export interface RaceState {
  step: number;
}

/** One optimizer's run. */
export interface RacePath {
  racer: RacerParts;
  path: Place[];
  losses: number[];
  /**
   * The step from which the loss stays below the tolerance, with noise for at least a twentieth of the race; Infinity
   * if it does not.
   */
  settled: number;
  /**
   * The index of the minimum at the end of the path, from 1; undefined if there is only one, or the run has not
   * arrived.
   */
  goal: number | undefined;
}

/** Beyond this magnitude of a weight, a path does not move. */
const farthest = 1e100;

/** Reproducible standard normal numbers: mulberry32, and the Box-Muller formula. */
function normals(): () => number {
  let state = 12;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return (((z ^ (z >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** All runs from one start. */
export function runsOf(ground: Ground, parts: RaceParts, start: Place): RacePath[] {
  const { racers, steps, tolerance, noise, falls } = parts;
  return racers.map((racer) => {
    const move = rules[racer.name](racer.rate);
    const normal = normals();
    const path: Place[] = [start];
    for (let t = 0; t < steps; t++) {
      const at = path[t]!;
      let w = [...at];
      const slopes = ground.gradient(at);
      move(w, noise > 0 ? slopes.map((slope) => slope + noise * normal()) : slopes);
      // A move is proportional to the rate, so this equals scaling the rate.
      if (falls) w = w.map((to, i) => at[i]! + (1 - t / steps) * (to - at[i]!));
      path.push(w.every((weight) => Math.abs(weight) < farthest) ? [w[0]!, w[1]!] : at);
    }
    const losses = path.map((at) => ground.loss(at));
    let from = losses.length;
    while (from > 0 && losses[from - 1]! < tolerance) from--;
    const shortest = noise > 0 ? steps / 20 : 0;
    const settled = from === losses.length || steps - from < shortest ? Number.POSITIVE_INFINITY : from;
    const isOneOfMany = ground.minima.length > 1 && Number.isFinite(settled);
    return { racer, path, losses, settled, goal: isOneOfMany ? nearest(ground.minima, path.at(-1)!) + 1 : undefined };
  });
}

const nearest = (places: readonly Place[], [x, y]: Place): number => {
  const far = places.map(([u, v]) => Math.hypot(x - u, y - v));
  return far.indexOf(Math.min(...far));
};

/** Returns the description of one racer at a step. */
export function standingOf({ losses, settled, goal }: RacePath, step: number): string {
  if (settled <= step) return `through after ${settled}${goal === undefined ? '' : `, goal ${goal}`}`;
  return `loss ${lossText(losses[step]!)}`;
}

/** The progress of a racer from the first loss to the tolerance, on a logarithmic scale, from 0 to 1. */
export function progressOf({ losses, settled }: RacePath, tolerance: number, step: number): number {
  if (settled <= step) return 1;
  const share = Math.log(losses[0]! / losses[step]!) / Math.log(losses[0]! / tolerance);
  return Math.min(0.99, Math.max(0, Number.isFinite(share) ? share : 0));
}

const listed = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Returns the title of a state: the question at step 0, later the racers that have arrived. */
export function raceTitleOf(runs: readonly RacePath[], { step }: RaceState): string {
  if (step === 0) return 'Step 0: all on one spot, each at its own rate. Who is through first?';
  const steps = runs[0]!.path.length - 1;
  const through = runs.filter(({ settled }) => settled <= step).sort((a, b) => a.settled - b.settled);
  const first = through[0];
  if (first === undefined) {
    const ahead = runs.reduce((best, run) => (run.losses[step]! < best.losses[step]! ? run : best));
    return step === steps
      ? `Step ${step}: nobody is through; ${ahead.racer.name} has the lowest loss`
      : `Step ${step}: nobody is through yet; ${ahead.racer.name} has the lowest loss`;
  }
  const goals = new Set(through.flatMap(({ goal }) => goal ?? []));
  const winners = through.filter(({ settled }) => settled === first.settled).map(({ racer }) => racer.name);
  const head = `Step ${step}: ${listed(winners)} ${winners.length > 1 ? 'were' : 'was'} through first, after ${first.settled}`;
  const tied = through.length - winners.length;
  if (goals.size > 1) return `${head}; ${through.length} of ${runs.length} are through, at ${goals.size} goals`;
  if (tied === 0) return `${head}; nobody else is through yet`;
  return `${head}; ${through.length === runs.length ? `all ${runs.length}` : `${through.length} of ${runs.length}`} are through`;
}
