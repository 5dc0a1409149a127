import { noGrad } from '../../../autograd';
import { describe } from '../../../describe';
import { type NumberList, toPlain } from '../../../display';
import { ValueError } from '../../../errors';
import { functional } from '../../../nn';
import { stack } from '../../../ops/functions';
import { Adam, type Optimizer } from '../../../optim';
import type { Generator } from '../../../random';
import { tensor } from '../../../tensor/creation';
import { rand, randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** Options of {@link gan1d}. */
export interface Gan1dOptions {
  /** The critic's steps per round, before one step of the generator. */
  criticSteps: number;
  /**
   * The generator's loss: the mean of log(1 - D) over its samples, as in the game, or that of -log D, which has the
   * same goal but another slope.
   */
  loss: 'saturating' | 'non-saturating';
  /** The number of rounds. */
  steps: number;
  /** The rounds after which a snapshot is taken, ascending. Default: `[0, steps]`. */
  snapshots?: readonly number[];
  /** The learning rate of both, by Adam with betas 0.5 and 0.999. Default: 0.005. */
  lr?: number;
  /**
   * Creates the generator's optimizer for its weights, instead of that Adam. It must treat each entry of a weight
   * separately, as SGD and Adam do, since several games are in one stack.
   */
  generatorOptimizer?: (weights: readonly Tensor[]) => Optimizer;
  /**
   * The spread of normal noise on the critic's inputs, true and generated, in a round, counted from 0. Default: none,
   * and no numbers are drawn for it.
   */
  noise?: (round: number) => number;
  /** The numbers of true and of generated samples per step. Default: 64. */
  batch?: number;
  /** The hidden units of each net. Default: 16. */
  hidden?: number;
  /** The sources of random numbers: a game for each. Default: one game, of the default generator. */
  generators?: readonly Generator[];
}

/** The true distribution of {@link gan1d}. */
export interface Gan1dTarget {
  mean: number;
  sd: number;
  /** The distance of two equally likely modes of spread `sd`, with `mean` in the middle. Default: 0, one mode. */
  apart?: number;
}

/** The game after some rounds. */
export interface Gan1dSnapshot {
  /** The number of rounds played. */
  step: number;
  /** The generator's outputs for the 100 numbers that divide a normal distribution into equal parts. */
  samples: number[];
  /** The samples' mean. */
  mean: number;
  /** The samples' standard deviation. */
  sd: number;
  /**
   * The direction and strength in which each sample is pushed: minus the slope of its own term of the generator's loss.
   */
  pushes: number[];
  /** D(x), the critic's probability that x is true. */
  critic(x: NumberList): number[];
}

/** One game of {@link gan1d}. */
export interface Gan1d {
  /** The requested snapshots. */
  history: Gan1dSnapshot[];
}

const float64 = { dtype: 'float64' } as const;

/**
 * A generative adversarial net of numbers (Goodfellow et al., 2014): a generator, which turns normal numbers into
 * others, and a critic D, which learns to tell them from draws of N(mean, sd²), or of two such modes, by ascending the
 * mean of log D(true) + log(1 - D(made)). Both are nets 1-`hidden`-1 with tanh in the middle; the critic's output goes
 * through a sigmoid. Several games give the same results as separately; they are in one stack, [games, …], which takes
 * a fraction of the time.
 *
 * @example
 * const [{ history }] = gan1d({ mean: 6, sd: 0.5 }, { criticSteps: 1, loss: 'saturating', steps: 2 });
 * history.map(({ step, samples }) => [step, samples.length]) // [ [ 0, 100 ], [ 2, 100 ] ]
 * @throws {ValueError} if the target is not finite, has no spread or lies less than 0 apart, a number of steps,
 *   samples or units is not a whole number above 0 (`steps`: from 0), snapshots do not rise or lie after the end, the
 *   rate is not above 0, `loss` is another word, or there is no generator in their list.
 */
export function gan1d(target: Gan1dTarget, options: Gan1dOptions): Gan1d[] {
  const { criticSteps, loss, steps, snapshots = steps > 0 ? [0, steps] : [0] } = options;
  const { lr = 0.005, batch = 64, hidden = 16, noise = () => 0, generators } = options;
  const adam = (weights: readonly Tensor[]) => new Adam(weights, { lr, betas: [0.5, 0.999] });
  const { generatorOptimizer = adam } = options;
  const { apart = 0 } = target;
  check(target, { criticSteps, loss, steps, snapshots, lr, batch, hidden });
  if (generators?.length === 0)
    throw new ValueError('gan1d: expected at least one generator of random numbers, got none');
  const sources = generators?.map((generator) => ({ ...float64, generator })) ?? [float64];
  const [makes, judges] = [new Nets(hidden, sources), new Nets(hidden, sources)];
  const [forMaker, forCritic] = [generatorOptimizer(makes.weights), adam(judges.weights)];
  const lossOf = loss === 'saturating' ? saturating : nonSaturating;
  const games = sources.map((): Gan1d => ({ history: [] }));
  const seeds = tensor(normalQuantiles(100), float64).unsqueeze(1);
  /** Normal numbers for each game, [games, batch, 1]. */
  const draw = () => stack(sources.map((from) => randn([batch, 1], from)));
  const drawReal = () => {
    const bell = draw().mul(target.sd).add(target.mean);
    return apart === 0
      ? bell
      : bell.add(
          draw()
            .sign()
            .mul(apart / 2),
        );
  };
  /** The sum of the games' means, so that games do not affect each other's gradients. */
  const meanOf = (each: Tensor) => each.sum().div(batch);
  for (let step = 0; step <= steps; step++) {
    const spread = noise(step);
    const seen = (x: Tensor) => (spread === 0 ? x : x.add(draw().mul(spread)));
    if (snapshots.includes(step)) snapshot(step, makes, judges, seeds, lossOf, games);
    if (step === steps) break;
    for (let k = 0; k < criticSteps; k++) {
      const real = seen(drawReal());
      const made = noGrad(() => seen(makes.forward(draw())));
      forCritic.zeroGrad();
      meanOf(nonSaturating(judges.forward(real)))
        .sub(meanOf(saturating(judges.forward(made))))
        .backward();
      forCritic.step();
    }
    forMaker.zeroGrad();
    meanOf(lossOf(judges.forward(seen(makes.forward(draw()))))).backward();
    forMaker.step();
  }
  return games;
}

/** log(1 - D) of the critic's logits. */
const saturating = (logits: Tensor) => functional.softplus(logits).neg();
/** -log D of the critic's logits. */
const nonSaturating = (logits: Tensor) => functional.softplus(logits.neg());

/** Nets 1-hidden-1 with tanh, one for each source of random numbers, with weights uniform in ±1/√inputs as PyTorch's are. */
class Nets {
  /** Each [nets, …]. */
  readonly weights: readonly Tensor[];

  constructor(hidden: number, sources: readonly { dtype: 'float64'; generator?: Generator }[]) {
    const drawn = sources.map((from) => {
      const uniform = (shape: number[], inputs: number) => rand(shape, from).mul(2).sub(1).div(Math.sqrt(inputs));
      return [uniform([1, hidden], 1), uniform([1, hidden], 1), uniform([hidden, 1], hidden), uniform([1, 1], hidden)];
    });
    this.weights = [0, 1, 2, 3].map((k) => stack(drawn.map((own) => own[k]!)).requiresGrad_());
  }

  forward(x: Tensor, weights: readonly Tensor[] = this.weights): Tensor {
    const [w1, b1, w2, b2] = weights as [Tensor, Tensor, Tensor, Tensor];
    return x.matmul(w1).add(b1).tanh().matmul(w2).add(b2);
  }
}

/** Adds a snapshot to each game. */
function snapshot(
  step: number,
  makes: Nets,
  judges: Nets,
  seeds: Tensor,
  lossOf: (logits: Tensor) => Tensor,
  games: readonly Gan1d[],
): void {
  const kept = judges.weights.map((weight) => weight.detach().clone());
  const made = noGrad(() => makes.forward(seeds)).requiresGrad_();
  lossOf(judges.forward(made, kept)).sum().backward();
  for (const [i, { history }] of games.entries()) {
    const samples = made.detach().select(0, i).flatten();
    const own = kept.map((weight) => weight.select(0, i));
    history.push({
      step,
      samples: samples.tolist() as number[],
      mean: samples.mean().item(),
      sd: samples.std(null, { unbiased: false }).item(),
      pushes: made.grad!.select(0, i).neg().flatten().tolist() as number[],
      critic(x) {
        const at = tensor(toPlain(x) as number[], float64).unsqueeze(1);
        return noGrad(() => judges.forward(at, own).sigmoid())
          .flatten()
          .tolist() as number[];
      },
    });
  }
}

/** The midpoints of n equally likely parts of a normal distribution. */
function normalQuantiles(n: number): number[] {
  const shares = Array.from({ length: n }, (_, i) => (2 * i + 1) / n - 1);
  return tensor(shares, float64).erfinv().mul(Math.SQRT2).tolist() as number[];
}

function check(
  { mean, sd, apart = 0 }: Gan1dTarget,
  options: Required<Omit<Gan1dOptions, 'generators' | 'generatorOptimizer' | 'noise'>>,
): void {
  if (!(Number.isFinite(mean) && sd > 0 && Number.isFinite(sd))) {
    throw new ValueError(`gan1d: the target needs a finite mean and an sd above 0, got ${mean} and ${sd}`);
  }
  if (!(apart >= 0 && Number.isFinite(apart))) {
    throw new ValueError(`gan1d: the two bells must lie 0 or more apart, got ${apart}`);
  }
  const { criticSteps, batch, hidden, steps, snapshots, lr, loss } = options;
  for (const [name, value] of Object.entries({ criticSteps, batch, hidden })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError(`gan1d: ${name} must be a whole number above 0, got ${value}`);
    }
  }
  if (!Number.isInteger(steps) || steps < 0) {
    throw new ValueError(`gan1d: steps must be a whole number from 0 on, got ${steps}`);
  }
  const isRising = snapshots.every((step, i) => Number.isInteger(step) && step > (snapshots[i - 1] ?? -1));
  if (!isRising || snapshots.some((step) => step > steps)) {
    throw new ValueError(`gan1d: snapshots must be rising whole numbers from 0 to ${steps}, got [${snapshots}]`);
  }
  if (!(lr > 0 && Number.isFinite(lr))) throw new ValueError(`gan1d: lr must be above 0, got ${lr}`);
  if (loss !== 'saturating' && loss !== 'non-saturating') {
    throw new ValueError(`gan1d: loss must be 'saturating' or 'non-saturating', got ${describe(loss)}`);
  }
}
