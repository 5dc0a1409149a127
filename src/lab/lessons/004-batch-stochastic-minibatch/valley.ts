import { describe } from '../../../describe';
import { ValueError } from '../../../errors';
import { Generator } from '../../../random';
import { randn, randperm } from '../../../tensor/random-creation';

/** The number of rows of the lesson's line. */
const count = 256;

/** The compared batch sizes. */
export const sizes: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Options of {@link noisyLine}. */
export interface NoisyLineOptions {
  /** The standard deviation of the noise. Default: 0.5. */
  noise?: number;
  /** Inputs from N(0, 1), a round bowl, or uniform between 0 and 4, a long one. Default: `'round'`. */
  bowl?: 'round' | 'long';
  /** The seed. Default: 1. */
  seed?: number;
}

/** Rows around a line, and their best slope and intercept. */
export interface NoisyLine {
  x: number[];
  y: number[];
  goal: readonly [slope: number, start: number];
}

/** 256 rows around y = 2x + 1. */
export function noisyLine({ noise = 0.5, bowl = 'round', seed = 1 }: NoisyLineOptions = {}): NoisyLine {
  const random = { dtype: 'float64', generator: new Generator().manualSeed(seed) } as const;
  const drawn = randn([2, count], random).tolist() as number[][];
  const x = bowl === 'round' ? drawn[0]! : drawn[0]!.map((_, i) => (4 * (i + 0.5)) / count);
  const y = x.map((value, i) => 2 * value + 1 + noise * drawn[1]![i]!);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / count;
  const [meanX, meanY] = [mean(x), mean(y)];
  const slope = mean(x.map((value, i) => (value - meanX) * y[i]!)) / mean(x.map((value) => (value - meanX) ** 2));
  return { x, y, goal: [slope, meanY - slope * meanX] };
}

/** Options of a walk. */
export interface Walk {
  /** The rows per step. */
  batch: number;
  rate: number;
  passes: number;
  /** The factor of the rate in each pass, counted from 1. Default: 1. */
  schedule?: (pass: number) => number;
  /** The source of the order of the rows: one `randperm` for each pass. */
  generator: Generator;
}

/**
 * The distance of slope and intercept from the best ones after each pass, starting from (0, 0), by gradient descent on
 * the mean squared error. In plain loops, so that a whole table of rates and noise takes a second.
 * @throws {ValueError} if `batch` is not a whole number from 1 to 256.
 */
export function distances({ x, y, goal }: NoisyLine, walk: Walk): number[] {
  const { batch, rate, passes, schedule = () => 1, generator } = walk;
  if (!Number.isInteger(batch) || batch < 1 || batch > count)
    throw new ValueError(`distances: batch must be a whole number from 1 to ${count}, got ${describe(batch)}`);
  let [slope, start] = [0, 0];
  return Array.from({ length: passes }, (_, p) => {
    const order = randperm(count, { generator }).tolist() as number[];
    const now = rate * schedule(p + 1);
    for (let first = 0; first < count; first += batch) {
      const end = Math.min(count, first + batch);
      let [alongSlope, alongStart] = [0, 0];
      for (let k = first; k < end; k++) {
        const i = order[k]!;
        const pull = 2 * (slope * x[i]! + start - y[i]!);
        alongSlope += pull * x[i]!;
        alongStart += pull;
      }
      slope -= (now * alongSlope) / (end - first);
      start -= (now * alongStart) / (end - first);
    }
    return Math.hypot(slope - goal[0], start - goal[1]);
  });
}

/** Options of {@link valley}. */
export interface ValleyOptions extends Omit<NoisyLineOptions, 'seed'> {
  /** The rate of each batch size. Default: 0.05 for all. */
  rateOf?: (batch: number) => number;
  /** Default: 100. */
  passes?: number;
  /** As in {@link Walk}. */
  schedule?: (pass: number) => number;
  /** Default: {@link sizes}. */
  batches?: readonly number[];
}

/** For each batch size and each of eight seeds, of rows and orders, the distances after each pass. */
export function valley(options: ValleyOptions = {}): number[][][] {
  const { rateOf = () => 0.05, passes = 100, schedule = () => 1, batches = sizes, ...rest } = options;
  const lines = Array.from({ length: 8 }, (_, i) => noisyLine({ ...rest, seed: i + 1 }));
  return batches.map((batch) =>
    lines.map((line, i) => {
      const generator = new Generator().manualSeed(1001 + i);
      return distances(line, { batch, rate: rateOf(batch), passes, schedule, generator });
    }),
  );
}
