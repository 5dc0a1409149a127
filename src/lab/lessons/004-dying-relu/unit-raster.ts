import { noGrad } from '../../../autograd';
import { ValueError } from '../../../errors';
import { type AnyModule, functional, LeakyReLU, PReLU, ReLU, ReLU6, RReLU } from '../../../nn';
import { requireSizes, requireTensor } from '../../../ops/table/arguments';
import { SGD } from '../../../optim';
import type { Tensor } from '../../../tensor/tensor';
import type { Loss, Net } from '../../../training/net';

/** Options of {@link unitRaster}. */
export interface UnitRasterOptions {
  /** η, the rate of the descent. */
  rate: number;
  /** How many steps. Default: 200. */
  steps?: number;
  /** β of the velocity. Default: 0. */
  momentum?: number;
  /** λ, by which weights and biases are pulled to 0. Default: 0. */
  weightDecay?: number;
  /** The loss of all samples. Default: `nn.functional.mseLoss`. */
  loss?: Loss;
  /** Called before each step and after the last with its number, from 0, and the net's outputs; `false` ends the run. */
  onStep?: (step: number, output: Tensor) => unknown;
}

/** What {@link unitRaster} saw, layer by layer. */
export interface UnitRaster {
  /** The share of the samples for which a unit is on: `on[layer][unit][step]`, from before the first step on. */
  on: number[][][];
  /** How many units of each layer are on for no sample: `dead[layer][step]`. */
  dead: number[][];
  /** How often a unit that was on for some sample was on for none after the next step, for each layer. */
  deaths: number[];
  /** How often a unit that was on for none was on for some after the next step. */
  revivals: number[];
  /** The loss before the first step and after each. */
  loss: number[];
}

/** Those that are above 0 exactly where their input is. */
const rectifiers = [ReLU, ReLU6, LeakyReLU, PReLU, RReLU];

/**
 * Trains a net by gradient descent on all samples at once and watches the units of its rectifiers (`nn.ReLU`, `nn.LeakyReLU`,
 * `nn.PReLU`, …, each a layer, in the order of the net): a unit is on for a sample where its output is above 0, dead where it is on for
 * none. The net is changed. Where outputs are no numbers, because the descent diverged, shares are NaN and nothing is counted.
 *
 * @example
 * manualSeed(2);
 * const net = new nn.Sequential(new nn.Linear(1, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * const x = linspace(-2, 2, 20).unsqueeze(1);
 * const { on, loss } = unitRaster(net, x, x.mul(2).sin(), { rate: 0.1, steps: 50 });
 * [on.length, on[0].length, on[0][0].length, loss.length] // [1, 8, 51, 51]
 * @throws {ValueError} if the net has no rectifier, `rate` is missing, or a number does not fit.
 */
export function unitRaster(net: Net, x: Tensor, y: Tensor, options: UnitRasterOptions): UnitRaster {
  const { rate, steps = 200, momentum = 0, weightDecay = 0, loss = functional.mseLoss, onStep } = options;
  requireTensor('unitRaster', x, 'x');
  requireTensor('unitRaster', y, 'y');
  requireSizes('unitRaster', { steps });
  if (!(rate >= 0)) throw new ValueError(`unitRaster: rate must be a number, 0 or more, got ${String(rate)}`);
  const layers = net.modules().filter((module) => rectifiers.some((kind) => module instanceof kind));
  if (!layers.length)
    throw new ValueError('unitRaster: the net has no rectifier, such as nn.ReLU, whose units could be watched');
  const seen: number[][][] = layers.map(() => []);
  const handles = layers.map((layer: AnyModule, l) =>
    layer.registerForwardHook((_module: AnyModule, _inputs: unknown[], output: unknown) => {
      seen[l]!.push(sharesOf(output as Tensor));
    }),
  );
  const optimizer = new SGD(net.parameters(), { lr: rate, momentum, weightDecay });
  const losses: number[] = [];
  try {
    for (let step = 0; step <= steps; step++) {
      const output = net(x);
      const value = loss(output, y);
      losses.push(value.item());
      if (onStep?.(step, output.detach()) === false) break;
      if (step === steps) break;
      optimizer.zeroGrad();
      value.backward();
      optimizer.step();
    }
  } finally {
    for (const handle of handles) handle.remove();
  }
  const on = seen.map((steps) => steps[0]!.map((_, unit) => steps.map((shares) => shares[unit]!)));
  const count = (happened: (before: number, after: number) => boolean) =>
    on.map((units) => sum(units.map((shares) => sum(shares.slice(1).map((now, i) => +happened(shares[i]!, now))))));
  return {
    on,
    dead: seen.map((steps) => steps.map((shares) => sum(shares.map((share) => +(share === 0))))),
    deaths: count((before, after) => before > 0 && after === 0),
    revivals: count((before, after) => before === 0 && after > 0),
    loss: losses,
  };
}

/** For each unit, the second size, the share of outputs above 0. */
function sharesOf(output: Tensor): number[] {
  return noGrad(() => {
    const units = output.ndim > 1 ? output.transpose(0, 1).flatten(1) : output.unsqueeze(1);
    // What is no number makes its unit's share none, too.
    return units.gt(0).to(output.dtype).add(units.mul(0)).mean(1).tolist() as number[];
  });
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
