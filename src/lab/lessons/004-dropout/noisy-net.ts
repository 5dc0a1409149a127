import { noGrad } from '../../../autograd';
import { Dropout, Linear, ReLU, Sequential } from '../../../nn';
import { mseLoss } from '../../../nn/functional';
import { Adam } from '../../../optim';
import { Generator, manualSeed } from '../../../random';
import { randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** Options of {@link noisyNet}. */
export interface NoisyNetOptions {
  /** The probability with which a hidden unit is dropped. */
  p: number;
  /** The seed of rows, weights and masks. Default: 0. */
  seed?: number;
  /** The spread of the noise in the targets, whose other part has a spread of about 1. Default: 1. */
  noise?: number;
  /** The number of Adam steps. Default: 150. */
  steps?: number;
  /** Called before the first step and after each one. Default: none. */
  onStep?: (step: number, net: NoisyNet) => void;
}

/** A net 20-48-1 of ReLUs with dropout on its hidden units, and its training data. */
export interface NoisyNet {
  net: Sequential;
  p: number;
  /** 40 rows of 20 numbers. */
  x: Tensor;
  y: Tensor;
  /** 500 rows that are not used for training. */
  others: { x: Tensor; y: Tensor };
}

/**
 * Trains a net with dropout on 40 rows, whose targets are a weighted sum of 20 inputs and noise: full-batch Adam on the
 * mean squared error, in float64. Reseeds the default generator, from which dropout draws.
 */
export function noisyNet(options: NoisyNetOptions): NoisyNet {
  const { p, seed = 0, noise = 1, steps = 150, onStep } = options;
  const double = { dtype: 'float64' } as const;
  const random = { ...double, generator: new Generator().manualSeed(seed) };
  const inputs = randn([540, 20], random);
  const sums = inputs.matmul(randn([20], random)).div(Math.sqrt(20));
  const targets = sums.add(randn([540], random).mul(noise));
  const part = (from: number, count: number) => ({
    x: inputs.narrow(0, from, count),
    y: targets.narrow(0, from, count),
  });
  manualSeed(seed);
  const net = new Sequential(new Linear(20, 48, double), new ReLU(), new Dropout(p), new Linear(48, 1, double));
  const learnt: NoisyNet = { net, p, ...part(0, 40), others: part(40, 500) };
  const adam = new Adam(net.parameters(), { lr: 0.01 });
  onStep?.(0, learnt);
  for (let step = 1; step <= steps; step++) {
    adam.zeroGrad();
    mseLoss(net.forward(learnt.x).flatten(), learnt.y).backward();
    adam.step();
    onStep?.(step, learnt);
  }
  return learnt;
}

/** The loss of one pass in training mode, with fresh masks; or the mean of several. */
export function lossReported({ net, x, y }: NoisyNet, passes = 1): number {
  net.train();
  let sum = 0;
  noGrad(() => {
    for (let pass = 0; pass < passes; pass++) sum += mseLoss(net.forward(x).flatten(), y).item();
  });
  return sum / passes;
}

/** The loss of the net in evaluation mode, with all units active, on its own rows or others. */
export function lossInUse({ net, x, y }: NoisyNet, rows: { x: Tensor; y: Tensor } = { x, y }): number {
  net.eval();
  const loss = noGrad(() => mseLoss(net.forward(rows.x).flatten(), rows.y).item());
  net.train();
  return loss;
}

/**
 * The variance of the outputs due to the masks, averaged over the rows: p/(1 − p) Σ w²h² with the hidden units' outputs
 * h and their weights w.
 */
export function maskVariance({ net, p, x }: NoisyNet): number {
  return noGrad(() => {
    const [hidden, bend, last] = [0, 1, 3].map((k) => net.at(k)) as [Linear, ReLU, Linear];
    const terms = bend.forward(hidden.forward(x)).mul(last.weight);
    return (terms.square().sum(1).mean().item() * p) / (1 - p);
  });
}
