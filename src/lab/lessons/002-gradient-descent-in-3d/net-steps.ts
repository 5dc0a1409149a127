import { Linear, ReLU, Sequential, Sigmoid } from '../../../nn';
import { crossEntropy } from '../../../nn/functional';
import { Adam, SGD } from '../../../optim';
import { manualSeed } from '../../../random';
import { rand } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';
import { curves, type Figure, panels } from '../../plot';
import { rules } from './looks';

/** A net of 20 inputs, 13 ReLU units, 8 sigmoid units and 3 outputs, with biases in the last layer only: 391 weights. */
export const twentyToThree = (): Sequential =>
  new Sequential(
    new Linear(20, 13, { bias: false }),
    new ReLU(),
    new Linear(13, 8, { bias: false }),
    new Sigmoid(),
    new Linear(8, 3),
  );

/**
 * 500 rows of 20 uniform numbers from 0 to 1. The class is the largest of x₁ + x₂, x₃ + x₄ and x₅ + x₆. Scaled columns
 * have mean 0 and standard deviation 1.
 */
export function ruledRows(seed: number, scaled = false): { x: Tensor; y: Tensor } {
  manualSeed(seed);
  const x = rand([500, 20]);
  const y = x.narrow(1, 0, 6).reshape([500, 3, 2]).sum(2).argmax(1);
  return { x: scaled ? x.sub(x.mean(0)).div(x.std(0)) : x, y };
}

/** Options of {@link stepsToLearn}. */
export interface StepsOptions {
  rule: 'plain' | 'momentum' | 'adam';
  /** The learning rate. Momentum is 0.9, Adam's betas are 0.9 and 0.999. */
  rate: number;
  /** Whether the inputs are scaled. Default: false. */
  scaled?: boolean;
  /** The seed of rows and weights. Default: 1. */
  seed?: number;
  /** The maximum number of steps. Default: 1500. */
  most?: number;
}

/** The number of full-batch steps until the net's cross entropy is below 0.1; NaN if it never is. */
export function stepsToLearn({ rule, rate, scaled = false, seed = 1, most = 1500 }: StepsOptions): number {
  const { x, y } = ruledRows(seed, scaled);
  manualSeed(seed + 1000);
  const net = twentyToThree();
  const weights = [...net.parameters()];
  const optimizer =
    rule === 'adam'
      ? new Adam(weights, { lr: rate })
      : new SGD(weights, { lr: rate, momentum: rule === 'momentum' ? 0.9 : 0 });
  for (let step = 0; step < most; step++) {
    optimizer.zeroGrad();
    const loss = crossEntropy(net.forward(x), y);
    if (loss.item() < 0.1) return step;
    loss.backward();
    optimizer.step();
  }
  return Number.NaN;
}

const never = Number.NaN;

/** Steps of five nets with seeds 1 to 5, for each learning rate. */
export interface RecordedSteps extends Pick<StepsOptions, 'rule'> {
  scaled: boolean;
  runs: readonly (readonly [rate: number, steps: readonly number[]])[];
}

/** Recorded results of {@link stepsToLearn} for seeds 1 to 5: all runs take two minutes. A test repeats some of them. */
export const recordedSteps: readonly RecordedSteps[] = [
  {
    rule: 'plain',
    scaled: false,
    runs: [
      [0.1, [never, never, never, never, never]],
      [0.3, [774, 584, 874, 904, 729]],
      [0.5, [545, 416, 566, 605, 628]],
      [1, [402, 312, 410, 431, 410]],
      [1.5, [403, 304, 367, 398, 330]],
      [2, [379, 275, 326, 404, 354]],
      [3, [514, 548, 439, 543, 478]],
      [5, [941, never, never, never, never]],
      [10, [never, never, never, never, never]],
    ],
  },
  {
    rule: 'momentum',
    scaled: false,
    runs: [
      [0.01, [never, never, never, never, never]],
      [0.03, [710, 612, 827, 786, 712]],
      [0.1, [229, 201, 278, 254, 227]],
      [0.2, [123, 114, 160, 141, 124]],
      [0.3, [88, 84, 120, 103, 91]],
      [0.5, [80, 59, 88, 75, 79]],
      [1, [80, 49, 138, 135, 70]],
      [2, [never, never, never, 127, never]],
    ],
  },
  {
    rule: 'adam',
    scaled: false,
    runs: [
      [0.001, [1271, 1090, 1330, 1202, 1117]],
      [0.003, [432, 366, 448, 411, 387]],
      [0.01, [138, 125, 159, 155, 132]],
      [0.03, [55, 52, 72, 76, 52]],
      [0.1, [34, 38, 86, 45, 78]],
      [0.3, [never, 143, never, never, never]],
      [1, [never, never, never, never, never]],
    ],
  },
  {
    rule: 'plain',
    scaled: true,
    runs: [
      [0.1, [759, 698, 834, 938, 981]],
      [0.3, [254, 234, 279, 314, 328]],
      [0.5, [153, 141, 168, 189, 199]],
      [1, [77, 71, 85, 95, 102]],
      [1.5, [52, 48, 57, 64, 69]],
      [2, [39, 36, 43, 49, 51]],
      [3, [27, 25, 31, 34, 32]],
      [5, [27, 20, 24, 27, 24]],
      [10, [49, 23, 29, 32, 51]],
      [20, [never, never, never, never, never]],
    ],
  },
  {
    rule: 'momentum',
    scaled: true,
    runs: [
      [0.01, [781, 720, 860, 969, 1039]],
      [0.03, [274, 254, 303, 343, 360]],
      [0.1, [95, 89, 106, 120, 125]],
      [0.2, [56, 53, 63, 70, 72]],
      [0.3, [43, 41, 48, 52, 53]],
      [0.5, [31, 29, 34, 37, 38]],
      [1, [21, 20, 23, 24, 25]],
      [2, [14, 13, 16, 17, 17]],
      [3, [13, 11, 15, 15, 14]],
      [5, [never, never, never, never, never]],
    ],
  },
  {
    rule: 'adam',
    scaled: true,
    runs: [
      [0.001, [741, 651, 835, 838, 727]],
      [0.003, [255, 218, 276, 291, 259]],
      [0.01, [81, 71, 91, 100, 87]],
      [0.03, [32, 28, 36, 42, 35]],
      [0.1, [13, 12, 14, 19, 19]],
      [0.3, [12, 45, 13, 25, 17]],
      [1, [never, never, never, never, never]],
    ],
  },
];

/** The median of five runs; NaN counts as the largest. */
const median = (steps: readonly number[]): number =>
  [...steps].sort((a, b) => (Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b))[2]!;

/**
 * Steps until the loss is below 0.1, by learning rate: medians of five nets for three rules, on raw inputs and on scaled ones. A line
 * ends where most nets never learn.
 */
export function netSteps(): Figure {
  const names = { plain: 'plain', momentum: 'momentum 0.9', adam: 'Adam' };
  const side = (scaled: boolean) =>
    curves(
      recordedSteps
        .filter((one) => one.scaled === scaled)
        .map(({ rule, runs }) => ({
          name: names[rule],
          x: runs.map(([rate]) => rate),
          y: runs.map(([, steps]) => median(steps)),
          mode: 'lines+markers',
          ...rules[rule],
        })),
      {
        title: scaled ? 'centred and scaled inputs' : 'raw inputs',
        xLabel: 'learning rate',
        yLabel: 'steps until loss 0.1',
        xLog: true,
        yLog: true,
        xRange: [0.001, 20],
        yRange: [10, 2000],
      },
    );
  return panels([side(false), side(true)], {
    title: 'A net of 391 weights: centring and scaling save most of the steps',
    height: 260,
  });
}
