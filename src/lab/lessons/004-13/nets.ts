import { ValueError } from '../../../errors';
import { functional, Linear } from '../../../nn';
import { Adam } from '../../../optim';
import { Generator } from '../../../random';
import { randn } from '../../../tensor/random-creation';
import type { Tensor } from '../../../tensor/tensor';

/** What bends a layer's sums. */
export type Bend = 'sigmoid' | 'tanh' | 'relu';

/** Options of {@link passOf}. */
export interface PassOptions {
  /** Units from layer to layer, the inputs first. Default: 10, 10, 12, 1. */
  sizes?: readonly number[];
  /** How many rows go through. Default: 1. */
  rows?: number;
  /** The targets of the inputs. Default: drawn from N(0, 1). */
  target?: (x: Tensor) => Tensor;
  /** Changes the weights of a layer, counted from 0, before the rows go through. Default: as drawn. */
  change?: (weights: Tensor, layer: number) => Tensor;
  /** Where weights, inputs and targets are drawn. Default: the default one. */
  generator?: Generator;
}

/** What one pass through a net leaves at each layer's weights. */
export interface Pass {
  /** What the weights are multiplied with: rows × inputs. */
  inputs: number[][][];
  /** The gradient by the sums that they make: rows × units. */
  blames: number[][][];
  /** The gradient by the weights, over all rows: inputs × units. */
  slopes: number[][][];
}

/**
 * Sends rows from N(0, 1) through a net without biases and half the squared error back; weights come from N(0, 1 / inputs), behind
 * each layer but the last stands its bend.
 * @throws {ValueError} if there is not one bend for each layer but the last.
 */
export function passOf(bends: readonly Bend[], options: PassOptions = {}): Pass {
  const { sizes = [10, 10, 12, 1], rows = 1, target, change = (weights: Tensor) => weights, generator } = options;
  if (bends.length !== sizes.length - 2)
    throw new ValueError(`passOf: ${sizes.length - 1} layers need ${sizes.length - 2} bends, got ${bends.length}`);
  const random = { dtype: 'float64' as const, ...(generator && { generator }) };
  const weights = sizes.slice(1).map((units, l) => {
    const drawn = randn([sizes[l]!, units], random).div(Math.sqrt(sizes[l]!));
    return change(drawn, l).requiresGrad_();
  });
  const x = randn([rows, sizes[0]!], random);
  const y = target?.(x) ?? randn([rows, sizes.at(-1)!], random);
  const inputs = [x];
  const sums = weights.map((weight, l) => {
    const sum = inputs[l]!.matmul(weight);
    sum.retainGrad();
    const bend = bends[l];
    if (bend !== undefined) inputs.push(sum[bend]());
    return sum;
  });
  sums.at(-1)!.sub(y).square().sum().div(2).backward();
  return {
    inputs: inputs.map(listed),
    blames: sums.map(({ grad }) => listed(grad!)),
    slopes: weights.map(({ grad }) => listed(grad!)),
  };
}

const listed = (x: Tensor) => x.detach().tolist() as number[][];

/** The slopes of one layer for `count` rows from row `from` on, inputs × units: each row adds input times blame. */
export function batchSlopes(
  inputs: readonly (readonly number[])[],
  blames: readonly (readonly number[])[],
  from = 0,
  count: number = inputs.length - from,
): number[][] {
  const slopes = inputs[0]!.map(() => blames[0]!.map(() => 0));
  for (let row = from; row < from + count; row++) {
    const blame = blames[row]!;
    inputs[row]!.forEach((input, j) => {
      const into = slopes[j]!;
      for (let k = 0; k < blame.length; k++) into[k] = into[k]! + input * blame[k]!;
    });
  }
  return slopes;
}

/** The share of units whose incoming slopes are all positive or all negative; slopes are inputs × units. */
export function shareOfOneSign(slopes: readonly (readonly number[])[]): number {
  const units = slopes[0]!.map((_, k) => slopes.map((row) => Math.sign(row[k]!)));
  return units.filter((signs) => signs[0] !== 0 && signs.every((sign) => sign === signs[0])).length / units.length;
}

/** The share over all batches of `count` rows, one behind the other. */
export function shareInBatches({ inputs, blames }: LayerPass, count: number): number {
  const batches = Math.floor(inputs.length / count);
  const shares = Array.from({ length: batches }, (_, b) =>
    shareOfOneSign(batchSlopes(inputs, blames, b * count, count)),
  );
  return shares.reduce((sum, share) => sum + share, 0) / batches;
}

/** Inputs and blames at one layer's weights. */
export interface LayerPass {
  inputs: readonly (readonly number[])[];
  blames: readonly (readonly number[])[];
}

/** A net at one moment of its training. */
export interface Moment extends LayerPass {
  step: number;
  loss: number;
}

/** Options of {@link whileLearning}. */
export interface LearningOptions {
  /** After which steps it is looked at, rising. Default: 0, 1, 3, 10, 30, 100. */
  noted?: readonly number[];
  /** Behind the first layer and the second. Default: sigmoid. */
  bend?: Bend;
  /** The learning rate. Default: 0.01. */
  lr?: number;
  /** Whether biases learn as well, or stay at 0. Default: true. */
  biases?: boolean;
  /** Targets of the inputs. Default: a weighted sum of them, with weights drawn from N(0, 1 / 10). */
  target?: (x: Tensor, generator: Generator) => Tensor;
}

/**
 * Trains a net of 10, 10, 12 and 1 units by Adam on 256 rows at once, and notes what its second layer takes in, and
 * the blame at its sums.
 */
export function whileLearning(seed: number, options: LearningOptions = {}): Moment[] {
  const { noted = [0, 1, 3, 10, 30, 100], bend = 'sigmoid', lr = 0.01, biases = true, target = weightedSum } = options;
  const generator = new Generator().manualSeed(seed);
  const random = { dtype: 'float64' as const, generator };
  const layers = [10, 10, 12].map((inputs, l) => {
    const layer = new Linear(inputs, [10, 12, 1][l]!, { dtype: 'float64' });
    layer.weight.data.set(randn(layer.weight.shape, random).div(Math.sqrt(inputs)).data as Float64Array);
    layer.bias!.data.fill(0);
    return layer;
  });
  const [first, second, last] = layers as [Linear, Linear, Linear];
  const x = randn([256, 10], random);
  const y = target(x, generator);
  const adam = new Adam(
    layers.flatMap(({ weight, bias }) => (biases ? [weight, bias!] : [weight])),
    { lr },
  );
  const moments: Moment[] = [];
  for (let step = 0; step <= noted.at(-1)!; step++) {
    adam.zeroGrad();
    const inputs = first.forward(x)[bend]();
    const sums = second.forward(inputs);
    sums.retainGrad();
    const loss = functional.mseLoss(last.forward(sums[bend]()), y);
    loss.backward();
    if (noted.includes(step))
      moments.push({ step, loss: loss.item(), inputs: listed(inputs), blames: listed(sums.grad!) });
    adam.step();
  }
  return moments;
}

function weightedSum(x: Tensor, generator: Generator) {
  return x.matmul(randn([10, 1], { dtype: 'float64', generator }).div(Math.sqrt(10)));
}
