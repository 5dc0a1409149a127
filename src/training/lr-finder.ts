import { whole } from '../cancellation';
import { describe } from '../describe';
import { ValueError } from '../errors';
import { requireSizes, requireTensor } from '../ops/table/arguments';
import type { Optimizer, OptimizerStateDict } from '../optim';
import type { Generator } from '../random';
import { Tensor } from '../tensor/tensor';
import { batchesOf, type TrainingData } from './batches';
import { checkLoss, type Loss, type Net } from './net';
import { checkReach } from './reach';

/** Options of {@link lrFinder}. */
export interface LrFinderOptions {
  /** The loss of a batch, a mean over its rows. */
  loss: Loss;
  /** The optimizer, with the net's parameters. */
  optimizer: Optimizer;
  /** The first rate. Default: 1e-7. */
  from?: number;
  /** The last rate. Default: 10. */
  to?: number;
  /** Number of steps, one per rate. Default: 100. */
  steps?: number;
  /** Decay of the smoothed loss, from 0 to below 1. Default: 0.9. */
  smoothing?: number;
  /** Number of rows in a batch, for `{ x, y }`. Default: 32. */
  batchSize?: number;
  /** The generator of the order of the rows of `{ x, y }`; default: the one that `manualSeed` seeds. */
  generator?: Generator;
}

/** The result of {@link lrFinder}. */
export interface FoundRates {
  /** The tested rates, each `(to / from)^(1 / (steps - 1))` times the one before. */
  rates: number[];
  /** The loss of the batch before the step with that rate. */
  losses: number[];
  /** The losses' running mean, weighted with powers of `smoothing` and divided by the sum of the weights. */
  smoothed: number[];
  /** A tenth of the rate with the least smoothed loss: a starting rate safely below divergence. */
  suggested: number;
}

/**
 * Runs the learning-rate range test (Smith, "Cyclical learning rates for training neural networks", 2017; `lr_find` in
 * fastai): one step with each of many geometrically growing rates, until the smoothed loss is four times its minimum.
 * Network and optimizer are restored afterwards.
 *
 * @example
 * const x = randn([64, 2], { generator: new Generator().manualSeed(0) });
 * const net = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
 * const { suggested } = training.lrFinder(net, { x, y: x.sum(1, { keepdim: true }) }, { loss: nn.functional.mseLoss, optimizer });
 * suggested > 1e-3 && suggested < 1 // true
 * @throws {ValueError} if an option is missing or invalid, there is no data, the optimizer belongs to another net, or
 * the loss is NaN or infinite at the first rates.
 */
export function lrFinder(net: Net, data: TrainingData, options: LrFinderOptions): FoundRates {
  const { loss, optimizer, from = 1e-7, to = 10, steps = 100, smoothing = 0.9, batchSize, generator } = options;
  check(options);
  requireSizes('lrFinder', { steps });
  if (!(from > 0 && from < to && Number.isFinite(to)) || steps < 3)
    throw new ValueError(
      `lrFinder: at least three rates from a positive one to a larger one, got ${steps} from ${from} to ${to}`,
    );
  if (!(smoothing >= 0 && smoothing < 1))
    throw new ValueError(`lrFinder: smoothing must be from 0 to below 1, got ${smoothing}`);
  const batches = batchesOf('lrFinder', data, { batchSize, generator, shuffle: true }, 32, 2);
  const restore = remember(net, optimizer);
  const found: FoundRates = { rates: [], losses: [], smoothed: [], suggested: Number.NaN };
  let mean = 0;
  try {
    net.train();
    for (const [x, y] of endless(batches)) {
      const i = found.rates.length;
      const rate = from * (to / from) ** (i / (steps - 1));
      for (const group of optimizer.paramGroups) group.lr = rate;
      optimizer.zeroGrad();
      const value = loss(net(x), y);
      requireTensor('lrFinder', value, 'the loss');
      if (i === 0) checkReach('lrFinder', net, loss, optimizer, value);
      value.backward();
      optimizer.step();
      mean = smoothing * mean + (1 - smoothing) * value.item();
      const smoothed = mean / (1 - smoothing ** (i + 1));
      if (!Number.isFinite(smoothed)) break;
      found.rates.push(rate);
      found.losses.push(value.item());
      found.smoothed.push(smoothed);
      if (i + 1 === steps || smoothed > 4 * Math.min(...found.smoothed)) break;
    }
  } finally {
    whole(restore);
  }
  const { rates, smoothed } = found;
  if (rates.length < 3)
    throw new ValueError(`lrFinder: the loss is NaN or four times as large after ${rates.length} steps`);
  return { ...found, suggested: rates[smoothed.indexOf(Math.min(...smoothed))]! / 10 };
}

/** Repeats the batches endlessly. @throws {ValueError} if there are none. */
function* endless<B>(batches: Iterable<B>): Iterable<B> {
  for (;;) {
    let isEmpty = true;
    for (const batch of batches) {
      isEmpty = false;
      yield batch;
    }
    if (isEmpty) throw new ValueError('lrFinder: there is no data, not a single batch');
  }
}

/** Copies the state that training changes. Returns a function that restores it. */
function remember(net: Net, optimizer: Optimizer): () => void {
  const modes = net.modules().map((module): [{ training: boolean }, boolean] => [module, module.training]);
  const weights = Object.fromEntries(Object.entries(net.stateDict()).map(([name, t]) => [name, t.clone()]));
  const { state, paramGroups } = optimizer.stateDict();
  const copy = (value: unknown) => (value instanceof Tensor ? value.clone() : value);
  const copies = Object.entries(state).map(([number, remembered]) => {
    const values = Object.entries(remembered);
    return [number, Object.fromEntries(values.map(([name, v]) => [name, Array.isArray(v) ? v.map(copy) : copy(v)]))];
  });
  return () => {
    net.loadStateDict(weights);
    optimizer.loadStateDict({ state: Object.fromEntries(copies), paramGroups } as OptimizerStateDict<{ lr: number }>);
    optimizer.zeroGrad();
    for (const [module, mode] of modes) module.training = mode;
  };
}

function check({ loss, optimizer }: LrFinderOptions): void {
  checkLoss('lrFinder', loss);
  if (typeof (optimizer as Partial<Optimizer> | undefined)?.step !== 'function')
    throw new ValueError(`lrFinder: optimizer must be an optimizer, got ${describe(optimizer)}`);
}
