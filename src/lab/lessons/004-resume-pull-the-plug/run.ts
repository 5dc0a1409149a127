// A training that is interrupted by hand: its parts are saved separately, and restored or not.

import { noGrad } from '../../../autograd';
import { describe } from '../../../describe';
import { ValueError } from '../../../errors';
import { Linear, Sequential, Tanh } from '../../../nn';
import { mseLoss } from '../../../nn/functional';
import { Adam, lrScheduler, type Optimizer, RMSprop, SGD } from '../../../optim';
import { Generator, manualSeed } from '../../../random';
import { randn } from '../../../tensor/random-creation';
import { Tensor } from '../../../tensor/tensor';
import { type Callback, type Rows, fit as train } from '../../../training';

/** The parts of a training that must be restored. */
export type Part = 'weights' | 'optimizer' | 'schedule' | 'order of rows';

/** All of them, in order of importance. */
export const parts: readonly Part[] = ['weights', 'optimizer', 'schedule', 'order of rows'];

/** Options of {@link begin}. */
export interface RunOptions {
  /** Default: Adam. */
  optimizer?: 'Adam' | 'RMSprop' | 'momentum' | 'SGD';
  /** The initial rate. Default: 0.01, ten times as much for SGD with and without momentum. */
  lr?: number;
  /** Whether the rate decreases along half a cosine over 40 epochs; otherwise it is constant. Default: true. */
  isFalling?: boolean;
}

/** A training of 40 epochs: everything that changes during it. */
export interface Run {
  readonly net: Sequential;
  readonly optimizer: Optimizer;
  readonly scheduler: lrScheduler.LRScheduler;
  /** The source of the order of the rows. */
  readonly order: Generator;
  readonly rows: Rows;
}

/** The results of a part of a training. */
export interface Course {
  /** The initial loss of all rows, and that after each step or each epoch. */
  losses: number[];
  /** The weights after each epoch. */
  weights: number[][];
  /** The change of each weight in the first step, in units of the rate. */
  firstStep: number[];
}

/** The saved parts of a training: plain data, copied. */
export interface Saved {
  weights: Record<string, Tensor>;
  optimizer: ReturnType<Optimizer['stateDict']>;
  schedule: ReturnType<lrScheduler.LRScheduler['stateDict']>;
  'order of rows': Tensor;
}

const double = { dtype: 'float64' } as const;

/** 200 rows of two normal inputs; the target is sin(2x₁)·x₂ with noise of standard deviation 0.1. */
export function waves(seed: number): Rows {
  const generator = new Generator().manualSeed(seed);
  const x = randn([200, 2], { ...double, generator });
  const [first, second] = x.unbind(1);
  const noise = randn([200], { ...double, generator }).mul(0.1);
  return { x, y: first!.mul(2).sin().mul(second!).add(noise).unsqueeze(1) };
}

/** With this, an epoch has 13 steps. */
const batchSize = 16;

/**
 * Returns a net of 2, 32, 32 and 1 units before its first step, with everything for its training. The same seed gives
 * the same run.
 */
export function begin(seed: number, options: RunOptions = {}): Run {
  const { optimizer: kind = 'Adam', isFalling = true } = options;
  const lr = options.lr ?? (kind === 'Adam' || kind === 'RMSprop' ? 0.01 : 0.1);
  manualSeed(seed);
  const net = new Sequential(
    new Linear(2, 32, double),
    new Tanh(),
    new Linear(32, 32, double),
    new Tanh(),
    new Linear(32, 1, double),
  );
  const made = {
    Adam: () => new Adam(net.parameters(), { lr }),
    RMSprop: () => new RMSprop(net.parameters(), { lr }),
    momentum: () => new SGD(net.parameters(), { lr, momentum: 0.9 }),
    SGD: () => new SGD(net.parameters(), { lr }),
  };
  if (!Object.hasOwn(made, kind))
    throw new ValueError(`begin: optimizer must be one of ${Object.keys(made).join(', ')}, got ${describe(kind)}`);
  const optimizer = made[kind]();
  const scheduler = isFalling
    ? new lrScheduler.CosineAnnealingLR(optimizer, 40)
    : new lrScheduler.LambdaLR(optimizer, () => 1);
  return { net, optimizer, scheduler, order: new Generator().manualSeed(1000 + seed), rows: waves(50 + seed) };
}

/** All weights of a net as one list. */
const weightsOf = (net: Sequential): number[] =>
  net.parameters().flatMap((p) => p.detach().flatten().tolist() as number[]);

/** What {@link go} records. */
export interface GoOptions {
  /** Whether to record the loss of all rows after each step, not only after each epoch. Default: false. */
  isEachStep?: boolean;
  /** Called after each epoch with the number of epochs. Default: none. */
  at?: (epochs: number) => void;
}

/** Trains a run for more epochs. */
export function go(run: Run, epochs: number, options: GoOptions = {}): Course {
  const { net, optimizer, scheduler, order, rows } = run;
  const { isEachStep = false, at } = options;
  const lossOfAll = () => noGrad(() => mseLoss(net(rows.x), rows.y).item());
  const course: Course = { losses: [lossOfAll()], weights: [], firstStep: [] };
  let before: number[] | undefined = weightsOf(net);
  const watch: Callback = {
    name: 'watch',
    onTrainBatchEnd() {
      const rate = optimizer.paramGroups[0]!.lr;
      if (before) course.firstStep = weightsOf(net).map((w, i) => Math.abs(w - before![i]!) / rate);
      before = undefined;
      if (isEachStep) course.losses.push(lossOfAll());
    },
    onEpochEnd(epoch) {
      if (!isEachStep) course.losses.push(lossOfAll());
      course.weights.push(weightsOf(net));
      at?.(epoch + 1);
    },
  };
  train(net, rows, { loss: mseLoss, optimizer, scheduler, epochs, batchSize, generator: order, callbacks: [watch] });
  return course;
}

function copied<T>(value: T): T {
  if (value instanceof Tensor) return value.detach().clone() as T;
  if (Array.isArray(value)) return value.map(copied) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copied(member)])) as T;
}

/** All four parts of a run in their current state. */
export const save = ({ net, optimizer, scheduler, order }: Run): Saved =>
  copied({
    weights: net.stateDict(),
    optimizer: optimizer.stateDict(),
    schedule: scheduler.stateDict(),
    'order of rows': order.getState(),
  });

/** Loads the named parts into a run; the others keep their initial state. The rate is part of the optimizer's state. */
export function load({ net, optimizer, scheduler, order }: Run, saved: Saved, names: readonly Part[]): void {
  const { weights, optimizer: moments, schedule, 'order of rows': dice } = copied(saved);
  if (names.includes('weights')) net.loadStateDict(weights);
  if (names.includes('optimizer')) optimizer.loadStateDict(moments);
  if (names.includes('schedule')) scheduler.loadStateDict(schedule);
  if (names.includes('order of rows')) order.setState(dice);
}

/** The largest difference between two lists of weights; 0 if they are the same to the bit. */
export const apart = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, i) => (Object.is(value, b[i]) ? most : Math.max(most, Math.abs(value - b[i]!))), 0);
