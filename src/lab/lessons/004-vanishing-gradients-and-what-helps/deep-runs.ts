import { noGrad } from '../../../autograd';
import { describe } from '../../../describe';
import { ValueError } from '../../../errors';
import { binaryCrossEntropyWithLogits } from '../../../nn/functional';
import { stack } from '../../../ops/functions';
import { Generator } from '../../../random';
import { tensor, zeros } from '../../../tensor/creation';
import { randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';
import type { Activation } from '../../signal-propagation';

/** Common options of all nets of one call. */
export interface Recipe {
  /** Hidden layers of 16 units each. Default: 8. */
  hidden?: number;
  /** The activation of the hidden layers. Default: the sigmoid. */
  activation?: Activation;
  /** Whether batch norm, with its trained scale and shift, precedes each activation. Default: false. */
  norm?: boolean;
  /** Whether each hidden layer but the first adds its input to its output. Default: false. */
  skip?: boolean;
  /** The initial bias of hidden units. Default: 0. */
  bias?: number;
}

/** One net of a stack. */
export interface DeepNet {
  /** The seed of its 64 points and its weights. */
  seed: number;
  /** Initial weights are from N(0, gain² / inputs). */
  gain: number;
  rate: number;
}

/** Plain gradient descent, with a momentum of 0.9, or Adam with its usual constants. */
export type Step = 'plain' | 'momentum' | 'Adam';

/** Options of {@link deepRuns}. */
export interface DeepRunsOptions {
  /** Default: momentum. */
  by?: Step;
  /** Steps on all points. Default: 300. */
  steps?: number;
  /** The steps before which layers are measured. Default: only 0. */
  looks?: readonly number[];
  /** Adam's ε. Default: 10⁻⁸. */
  eps?: number;
  /** Default: float32, whose functions are the same on every machine. */
  dtype?: 'float32' | 'float64';
}

/** The layers of a net before a step, from the first to the last; one length for each. */
export interface Look {
  step: number;
  /** The length of the gradient of the layer's weights. */
  gradients: number[];
  /** The length of its weights. */
  weights: number[];
  /**
   * The spread of the last hidden layer's outputs between points: the root mean square of the differences from their
   * mean.
   */
  signal: number;
}

/** The results of one net. */
export interface DeepRun extends DeepNet {
  /** The mean cross entropy before each step, and after the last. */
  losses: number[];
  looks: Look[];
}

const width = 16;

/** 64 normally distributed points, of class 1 where the product of their coordinates is above 0; weights are drawn by the same generator. */
export function quarterPoints(seed: number): { x: Tensor; y: Tensor; generator: Generator } {
  const generator = new Generator().manualSeed(seed);
  const x = randn([64, 2], { generator });
  return { x, y: x.prod(1).gt(0).to('float32'), generator };
}

/**
 * Trains nets of one architecture to separate the quadrants of a plane, in one stack: each with its own points, weights
 * and rate, and with the same steps as separately.
 * @throws {ValueError} if there is no net, or `hidden` is not a whole number above 0.
 */
export function deepRuns(nets: readonly DeepNet[], recipe: Recipe = {}, options: DeepRunsOptions = {}): DeepRun[] {
  const { hidden = 8, activation = (x) => x.sigmoid(), norm = false, skip = false, bias = 0 } = recipe;
  const { by = 'momentum', steps = 300, looks = [0], eps = 1e-8, dtype = 'float32' } = options;
  if (!nets.length) throw new ValueError('deepRuns: expected at least one net, got none');
  if (!Number.isInteger(hidden) || hidden < 1)
    throw new ValueError(`deepRuns: hidden must be a whole number above 0, got ${describe(hidden)}`);
  const sizes = [2, ...Array.from({ length: hidden }, () => width), 1];
  const drawn = nets.map(({ seed, gain }) => {
    const { x, y, generator } = quarterPoints(seed);
    const weights = sizes
      .slice(1)
      .map((units, l) => randn([sizes[l]!, units], { generator }).mul(gain / Math.sqrt(sizes[l]!)));
    return { x, y, weights };
  });
  const together = (pick: (one: (typeof drawn)[number]) => Tensor) => stack(drawn.map(pick)).to(dtype);
  const [x, y] = [together((one) => one.x), together((one) => one.y)];
  const full = (units: number, value: number) => zeros([nets.length, 1, units], { dtype }).add(value).requiresGrad_();
  const layers = sizes.slice(1).map((units, l) => ({
    weight: together(({ weights }) => weights[l]!).requiresGrad_(),
    bias: full(units, l < hidden ? bias : 0),
    scale: full(units, 1),
    shift: full(units, 0),
  }));
  const trained = layers.flatMap(({ weight, bias: b, scale, shift }, l) =>
    norm && l < hidden ? [weight, b, scale, shift] : [weight, b],
  );
  let top = x;
  const lossOf = () => {
    const output = layers.reduce((h, { weight, bias: b, scale, shift }, l) => {
      const z = h.matmul(weight).add(b);
      if (l === hidden) {
        top = h;
        return z;
      }
      const out = activation(norm ? standardized(z).mul(scale).add(shift) : z);
      return skip && l > 0 ? h.add(out) : out;
    }, x);
    return binaryCrossEntropyWithLogits(output.squeeze(2), y, { reduction: 'none' }).mean(1);
  };
  const rates = tensor(
    nets.map(({ rate }) => [[rate]]),
    { dtype },
  );
  const update = stepper(trained, rates, by, eps);
  const runs = nets.map((net): DeepRun => ({ ...net, losses: [], looks: [] }));
  for (let step = 0; step <= steps; step++) {
    for (const p of trained) p.grad = null;
    const losses = lossOf();
    for (const [i, loss] of (losses.tolist() as number[]).entries()) runs[i]!.losses.push(loss);
    const isSeen = looks.includes(step);
    if (step < steps || isSeen) losses.sum().backward();
    if (isSeen) noGrad(() => look(runs, layers, top, step));
    if (step < steps) noGrad(() => update(step + 1));
  }
  return runs;
}

function standardized(z: Tensor): Tensor {
  const off = z.sub(z.mean(1, { keepdim: true }));
  return off.div(off.square().mean(1, { keepdim: true }).add(1e-5).sqrt());
}

function look(runs: DeepRun[], layers: readonly { weight: Tensor }[], top: Tensor, step: number): void {
  const lengths = (all: Tensor) => all.square().sum([1, 2]).sqrt().tolist() as number[];
  const gradients = layers.map(({ weight }) => lengths(weight.grad!));
  const weights = layers.map(({ weight }) => lengths(weight));
  const signal = top
    .sub(top.mean(1, { keepdim: true }))
    .square()
    .mean([1, 2])
    .sqrt()
    .tolist() as number[];
  for (const [i, run] of runs.entries())
    run.looks.push({
      step,
      gradients: gradients.map((all) => all[i]!),
      weights: weights.map((all) => all[i]!),
      signal: signal[i]!,
    });
}

/** Makes the steps of all nets, each at its own rate. */
function stepper(trained: readonly Tensor[], rates: Tensor, by: Step, eps: number) {
  const first = trained.map((p) => p.detach().mul(0));
  const second = trained.map((p) => p.detach().mul(0));
  const beta = by === 'plain' ? 0 : 0.9;
  return (t: number) => {
    for (const [i, p] of trained.entries()) {
      const g = p.grad!;
      const own = by === 'Adam' ? g.mul(1 - beta) : g;
      first[i] = first[i]!.mul(beta).add(own);
      if (by !== 'Adam') {
        p.sub_(first[i]!.mul(rates));
        continue;
      }
      second[i] = second[i]!.mul(0.999).add(g.square().mul(0.001));
      const mean = first[i]!.div(1 - 0.9 ** t);
      const size = second[i]!.div(1 - 0.999 ** t).sqrt();
      p.sub_(mean.mul(rates).div(size.add(eps)));
    }
  };
}
